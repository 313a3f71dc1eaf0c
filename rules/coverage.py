"""What the map of a tracker's words covers, what nobody mapped, and which rule is blind there; pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec

from rules.engine import RuleSet
from rules.facts.fact import FactValue
from rules.facts.table import FactTable
from rules.language.calendar import Calendar
from rules.language.conditions import AllOf, atoms
from rules.normalise import OTHER
from rules.rule import Rule
from rules.world import World
from syncd.model.findings import About, Subject
from syncd.model.items import LinkKind, Stage, StatusCategory
from syncd.model.truth import Unknown


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """Of ``total`` open items, ``known_count`` have a value for what is mapped under ``name``."""

    name: str
    known_count: int
    total: int


class Blind(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that can't hold on a tracker, because ``fact`` has no value on any open item there."""

    rule_id: str
    fact: str
    reason: str


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """One tracker's map against its open items; words that nobody mapped come with how many items use them."""

    tracker: str
    item_count: int
    shares: tuple[Share, ...]
    unmapped_types: tuple[tuple[str, int], ...]
    unmapped_labels: tuple[tuple[str, int], ...]
    unmapped_statuses: tuple[tuple[str, int], ...]
    unmapped_links: tuple[tuple[str, int], ...]
    blind: tuple[Blind, ...]


def coverage_of(tracker: str, world: World, rules: RuleSet, now: datetime, calendar: Calendar) -> Coverage:
    """Return what a tracker's map covers, over its open items that are no changes."""
    positions = [
        position for position, item in enumerate(world.rows) if item.id.tracker == tracker and world.is_open(position)
    ]
    subjects = [Subject(About.ITEM.value, world.rows[position].id) for position in positions]
    table = FactTable(rules.vocabulary, world=world, subjects=subjects, now=now, calendar=calendar)
    items = [world.rows[position] for position in positions]
    others = [world.rows[p] for p in positions if world.lexicons[p].kind(world.rows[p]) == OTHER]
    links = [link.name for p in positions for link in world.rows[p].links if world.lexicons[p].link(link.name) is None]
    return Coverage(
        tracker=tracker,
        item_count=len(positions),
        shares=tuple(_shares(world, positions)),
        unmapped_types=_counted(item.type for item in others if item.type),
        unmapped_labels=_counted(label for item in others if not item.type for label in item.labels),
        unmapped_statuses=_counted(item.status for item in items if item.status_category is None),
        unmapped_links=_counted(links),
        blind=tuple(_blind(rules, table)) if subjects else (),
    )


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(words).items(), key=lambda each: (-each[1], each[0])))


def _shares(world: World, positions: Sequence[int]) -> Iterable[Share]:
    rows, words = world.rows, world.lexicons
    linked = {end for edges in (world.graph.edges[kind] for kind in LinkKind) for pair in edges for end in pair}
    tests: tuple[tuple[str, Callable[[int], bool]], ...] = (
        ("kind", lambda p: words[p].kind(rows[p]) != OTHER),
        ("status", lambda p: rows[p].status_category is not None),
        ("team", lambda p: bool(words[p].team(rows[p]))),
        ("estimate", lambda p: words[p].estimate(rows[p]) is not None),
        ("needed_by", lambda p: rows[p].due_on is not None or words[p].needed_by(rows[p]) is not None),
        ("parent", lambda p: p in world.parents),
        ("milestone or version", lambda p: bool(rows[p].milestones)),
        ("sprint", lambda p: bool(rows[p].sprints)),
        ("link", lambda p: p in linked),
        (
            "in progress",
            lambda p: rows[p].status_category is StatusCategory.IN_PROGRESS or words[p].is_in_progress(rows[p]),
        ),
    )
    for name, test in tests:
        yield Share(name=name, known_count=sum(map(test, positions)), total=len(positions))


def _blind(rules: RuleSet, table: FactTable) -> Iterable[Blind]:
    for rule in rules.rules:
        if rule.about is not About.ITEM or rule.terms.stage is Stage.OFF:
            continue
        for name in _facts_of(rule, rules):
            reason = _why_empty(table.column(name))
            if reason:
                yield Blind(rule_id=rule.terms.id, fact=name, reason=reason)


def _facts_of(rule: Rule, rules: RuleSet) -> list[str]:
    asked = AllOf((rule.applies_to, rule.when)) if rule.applies_to is not None else rule.when
    return list(dict.fromkeys(name for atom in atoms(asked, rules.sets) for name in (atom.name, *atom.others)))


def _why_empty(column: Sequence[FactValue]) -> str:
    """Return why no item has a value, or nothing where one has."""
    unknown = [value for value in column if isinstance(value, Unknown)]
    if len(unknown) == len(column):
        return f"unknown everywhere: {unknown[0].reason}"
    if all(value is None or value in ((), "") or isinstance(value, Unknown) for value in column):
        return "no open item has one"
    return ""
