"""Thirty rules that read every declared fact: most of the shipped ones, and four that read what those leave out."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from rules.engine import RuleSet
from rules.facts.fact import Fact
from rules.facts.vocabulary import all_facts
from rules.language.conditions import facts_read
from rules.loader import load_rules
from rules.rule import Rule
from syncd.configuration import packaged_config
from syncd.documents import Document, parse_document, read_document
from syncd.model.findings import About

COUNT = 30
_REST = """
  - id: rest-of-{about}
    title: Reads the facts that no other rule reads
    about: {about}
    applies_to: {scope}
    message: Never told.
    when: {{{when}}}"""
_SCOPES = {About.ITEM: "work_in_play", About.OUTCOME: "worked_on", About.CONTAINER: "{not: {container.state: closed}}"}
_ANY = "{any: [{period.id: {exists: true}}, {period.id: {exists: false}}]}"
_NEVER = {
    About.ITEM: "item.key",
    About.OUTCOME: "outcome.id",
    About.CONTAINER: "container.title",
    About.TEAM: "team.id",
}


def thirty_rules() -> RuleSet:
    """Return the rules; each of the last reads its facts of what it is about in the scope of the shipped rules."""
    shipped = [
        read_document(path, path.name) for path in sorted((packaged_config() / "default" / "rules").glob("*.yaml"))
    ]
    facts = all_facts()
    first = load_rules(shipped, facts)
    kept = _spread(first.rules, COUNT - len(_NEVER))
    read = read_by(replace(first, rules=kept))
    both = load_rules([*shipped, _rest([fact for fact in facts if fact.name not in read])], facts)
    names = {rule.terms.id for rule in kept} | {f"rest-of-{about.value}" for about in _NEVER}
    return both.with_rules(names)


def _spread(rules: Sequence[Rule], count: int) -> tuple[Rule, ...]:
    """Return so many of the rules, from all files alike."""
    return tuple(rules[len(rules) * number // count] for number in range(count)) if len(rules) > count else tuple(rules)


def shipped_ids(rules: RuleSet) -> set[str]:
    """Return the ids of the rules that ship."""
    return {rule.terms.id for rule in rules.rules if not rule.terms.id.startswith("rest-of-")}


def read_by(rules: RuleSet) -> set[str]:
    """Return the names of the facts that the conditions of rules read."""
    asked = [condition for rule in rules.rules for condition in (rule.applies_to, rule.when) if condition is not None]
    return {name for condition in asked for name in facts_read(condition, rules.sets)}


def _rest(facts: Iterable[Fact]) -> Document:
    """Return a rule of each kind that asks for all the facts, and then for what is never so."""
    rules = []
    for about, key in _NEVER.items():
        own = [fact.name for fact in facts if about in fact.about and not fact.name.startswith("period.")]
        when = ", ".join([*(f"{name}: {{exists: true}}" for name in own if name != key), f"{key}: nobody"])
        rules.append(_REST.format(about=about.value, scope=_SCOPES.get(about, _ANY), when=when))
    return parse_document(f"rules:{''.join(rules)}", "rest.yaml")
