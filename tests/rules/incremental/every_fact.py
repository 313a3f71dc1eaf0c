"""A rule for every declared fact: who declares one need not think of a test for it."""

from rules.engine import RuleSet
from rules.facts.fact import Fact, FactType
from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from syncd.documents import parse_document

_LISTS = (FactType.TEXTS, FactType.RECORDS)


def every_fact() -> RuleSet:
    """Return the rules; each holds where its fact is there, and says what it is."""
    lines = ["rules:"]
    for fact in all_facts():
        for about in fact.about:
            name = f"{fact.name}-of-{about.value}".replace(".", "-").replace("_", "-")
            when = f"when: {{{fact.name}: {_asks(fact)}}}"
            lines.append(f"  - {{id: {name}, title: A fact, about: {about.value}, message: Told, {when}}}")
    return load_rules([parse_document("\n".join(lines), "every.yaml")], all_facts())


def _asks(fact: Fact) -> str:
    return "{empty: false}" if fact.type in _LISTS else "{exists: true}"
