"""Which other items a set of rules reads facts of: by what its conditions and messages name."""

from collections.abc import Iterable, Iterator

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

    ``paths``: every step of the way to an outcome. ``blockers`` and ``rings``: one step, and those in the same ring.
    ``wide``: anything that items have to do with, however many steps away.
    """

    paths: bool = False
    parents: bool = False
    children: bool = False
    blockers: bool = False
    rings: bool = False
    wide: bool = False


WIDEST = Ways(paths=True, parents=True, children=True, blockers=True, rings=True, wide=True)

_OF_ITSELF = (
    frozenset(("item.age", "item.idle_for", "item.is_parent", "item.body_length"))
    | {"item.has_problem_statement", "item.has_acceptance_criteria"}
    | {fact.name for fact in (*FIELD_FACTS, *PAST_FACTS)}
)
_OF_TRACES = frozenset(
    ("item.in_play", "item.in_play_because", "item.needed_by", "item.needed_by_source", "item.planned_for")
) | {f"trace.{name}" for name in ("state", "level", "outcomes", "named", "inherited", "standing", "standing_title")}
_OF_PARENTS = frozenset(fact.name for fact in PARENT_FACTS)
_OF_CHILDREN = frozenset(("item.children", "item.open_children"))
_OF_BLOCKERS = frozenset(
    f"deps.{name}"
    for name in (
        *("open_blockers", "unreadable_blockers", "parked_blockers", "unlinked_blockers", "other_team_blockers"),
        *("unassigned_blockers", "other_teams", "blocks", "blocks_count"),
    )
)
_OF_RINGS = frozenset(("deps.in_cycle", "deps.cycle"))
_OF_PATHS = frozenset(("trace.path", "trace.broken", "trace.unreadable"))
_NEAR = _OF_ITSELF | _OF_TRACES | _OF_PARENTS | _OF_CHILDREN | _OF_BLOCKERS | _OF_RINGS | _OF_PATHS
_OF_NO_ITEM = ("trace.outcome.", "trace.exempt", "period.", "rule.")


def ways_of(rules: RuleSet) -> Ways:
    """Return how far the rules about items look; a fact that nobody put in a group here is taken to look anywhere."""
    names = {name for rule in rules.rules for name in _facts_of(rule, rules) if _is_about_items(rule)}
    return Ways(
        paths=not _OF_PATHS.isdisjoint(names),
        parents=not _OF_PARENTS.isdisjoint(names),
        children=not _OF_CHILDREN.isdisjoint(names),
        blockers=not _OF_BLOCKERS.isdisjoint(names),
        rings=not _OF_RINGS.isdisjoint(names),
        wide=any(name not in _NEAR and not name.startswith(_OF_NO_ITEM) for name in names),
    )


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
