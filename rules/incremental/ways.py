"""Which other items a set of rules reads facts of: by what its conditions and messages name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from rules.engine import RuleSet
from rules.facts.fields import FIELD_FACTS
from rules.facts.item_past import PAST_FACTS
from rules.facts.parent import PARENT_FACTS
from rules.language import conditions
from rules.language.templates import Slot
from rules.rule import Rule
from syncd.model.findings import About
from syncd.model.items import Stage


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """How far from an item the facts that are read of others can be: what is False here is read of none.

    ``paths``: every step of the way to an outcome. ``web``: all that is connected by way of blockers and twins.
    ``rings``: those in the same ring. ``above``: all ancestors. ``wide``: anything that items have to do with.
    ``dated``: of what waits for others, how late it is today. ``learnt``: what statuses mean, as all items tell it.
    """

    paths: bool = False
    parents: bool = False
    children: bool = False
    web: bool = False
    rings: bool = False
    above: bool = False
    wide: bool = False
    dated: bool = False
    learnt: bool = False


WIDEST = Ways(
    paths=True, parents=True, children=True, web=True, rings=True, above=True, wide=True, dated=True, learnt=True
)

_OF_ITSELF = (
    *("item.age", "item.idle_for", "item.is_parent", "item.body_length", "item.has_problem_statement"),
    *("item.has_acceptance_criteria", "trace.suggestions", "trace.suggestion_terms"),
    *(fact.name for fact in (*FIELD_FACTS, *PAST_FACTS)),
)
_OF_TRACES = (
    *("item.in_play", "item.in_play_because", "item.planned_for"),
    *(f"trace.{name}" for name in ("state", "level", "outcomes", "named", "inherited", "standing", "standing_title")),
    *("trace.exempt_reason", "trace.exempt_until"),
)
_GROUPS: Mapping[str, Ways] = {
    **dict.fromkeys((*_OF_ITSELF, *_OF_TRACES), Ways()),
    **dict.fromkeys(("trace.path", "trace.broken", "trace.unreadable"), Ways(paths=True)),
    **dict.fromkeys((fact.name for fact in PARENT_FACTS), Ways(parents=True, web=True)),
    **dict.fromkeys(("item.children", "item.open_children"), Ways(children=True, web=True)),
}
_FAMILIES: Sequence[tuple[str, Ways]] = (
    ("trace.outcome.", Ways()),
    ("period.", Ways()),
    ("rule.", Ways()),
    ("deps.in_cycle", Ways(web=True, rings=True)),
    ("deps.", Ways(web=True, rings=True, dated=True)),
    ("item.needed_by", Ways(web=True)),
    ("item.expected_", Ways(web=True)),
    ("scope.", Ways(above=True, learnt=True)),
    ("flow.", Ways(learnt=True)),
)


def ways_of(rules: RuleSet) -> Ways:
    """Return how far the rules about items look; a fact that nobody put in a group here is taken to look anywhere."""
    names = {name for rule in rules.rules for name in _facts_of(rule, rules) if _is_about_items(rule)}
    ways = [_way(name) for name in sorted(names)]
    if any(not _is_about_items(rule) and rule.terms.stage is not Stage.OFF for rule in rules.rules):
        ways.append(Ways(web=True))  # they list items, with the days on which these are needed
    return Ways(**{each: any(getattr(way, each) for way in ways) for each in Ways.__struct_fields__})


def reads_daily(rules: RuleSet) -> bool:
    """Return whether a rule about items reads what is worked out once a day."""
    names = {name for rule in rules.rules if _is_about_items(rule) for name in _facts_of(rule, rules)}
    return any(name in rules.vocabulary and rules.vocabulary[name].daily for name in names)


def _way(name: str) -> Ways:
    found = _GROUPS.get(name)
    return found or next((ways for family, ways in _FAMILIES if name.startswith(family)), WIDEST)


def _is_about_items(rule: Rule) -> bool:
    return rule.terms.stage is not Stage.OFF and rule.about in (About.ITEM, About.DEPENDENCY)


def _facts_of(rule: Rule, rules: RuleSet) -> Iterator[str]:
    asked = (rule.applies_to, rule.when, *(each.when for each in rule.escalations))
    for condition in asked:
        if condition is not None:
            yield from conditions.facts_read(condition, rules.sets)
            yield from (name for atom in conditions.atoms(condition, rules.sets) for name in atom.others)
    templates = (rule.message, rule.why, *rule.fix, *(each for _, fix in rule.fix_by_tracker for each in fix))
    named = {part.name for template in templates for part in template if isinstance(part, Slot)}
    yield from named
    yield from _said_in(named, rules)


def _said_in(names: Iterable[str], rules: RuleSet) -> Iterator[str]:
    facts = (rules.vocabulary.get(name) for name in names)
    return (fact.said_in for fact in facts if fact is not None and fact.said_in)
