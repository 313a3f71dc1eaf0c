"""Everything syncd knows of one item, outcome, milestone or team: every rule, where it is told, and why some are
silent."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from rules.engine import RuleSet
from syncd.model.changes import Ownership
from syncd.model.comments import Line, Reference
from syncd.model.findings import About, Evidence, Subject
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item, PlaceState
from syncd.planner.findings import is_live
from syncd.planner.shown import facts_shown
from syncd.planner.silence import Explained, Explaining, Records
from syncd.planner.telling import may_tell
from syncd.planner.terms import Policy
from syncd.planner.topics import Topic, name_of, topic_of
from syncd.planner.tracked import Tracked
from syncd.planner.waits import Waits, waits_for

if TYPE_CHECKING:
    from rules.world import World


class ToldHere(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that is told on the item for others: for items, and for outcomes and milestones that it tracks."""

    rule_id: str
    subjects: tuple[Reference, ...]
    others: tuple[Line, ...] = ()


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A place that the facts of an item were read from; ``read_at`` None: never. ``problem``: why not since."""

    place: PlaceId
    read_at: datetime | None
    problem: str = ""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one item. ``dark``: why its place can't be judged now, empty where it can."""

    item: Item
    dark: str
    sources: tuple[Source, ...]
    facts: tuple[Evidence, ...]
    ancestors: tuple[Reference, ...]
    waits_for: tuple[Waits, ...]
    rules: tuple[Explained, ...]
    told_here: tuple[ToldHere, ...]
    ownership: Ownership


class SubjectExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an outcome, a milestone or its like, or a team; ``dark``: why it can't be judged now.

    ``told_on`` is the item on which findings about it are told as things are; None: there is none.
    """

    subject: Subject
    name: Line
    dark: str
    facts: tuple[Evidence, ...]
    told_on: Reference | None
    rules: tuple[Explained, ...]


def explain(item: Item, world: "World", rules: RuleSet, records: Records, policy: Policy, now: datetime) -> Explanation:
    """Return everything that is known of an item of the World."""
    explaining = Explaining(world, records, policy)
    dark = world.is_dark(item.place)
    waits = waits_for(item.id, world)
    subjects = tuple(subjects_of(item.id, world))
    return Explanation(
        item=item,
        dark=dark.reason if dark is not None else "",
        sources=tuple(_sources(item, world, waits, records.states)),
        facts=facts_shown(subjects[0], world, rules, policy, now),
        ancestors=tuple(explaining.references(world.ancestors(item.id))),
        waits_for=waits,
        rules=tuple(each for subject in subjects for each in explaining.rules(subject, rules, now)),
        told_here=_told_here(item.id, world, records, explaining),
        ownership=records.ownership.get(item.id) or Ownership(item=item.id),
    )


def explain_subject(
    subject: Subject, world: "World", rules: RuleSet, records: Records, policy: Policy, now: datetime
) -> SubjectExplanation:
    """Return everything that is known of a subject of the World that is no item."""
    explaining = Explaining(world, records, policy)
    dark = world.is_dark_subject(subject)
    target = Tracked(world, lambda each: may_tell(each, world, policy.team_stages)).target(subject)
    return SubjectExplanation(
        subject=subject,
        name=name_of(subject, world),
        dark=dark.reason if dark is not None else "",
        facts=facts_shown(subject, world, rules, policy, now),
        told_on=next(explaining.references(() if target is None else (target,)), None),
        rules=tuple(explaining.rules(subject, rules, now)),
    )


def _sources(
    item: Item, world: "World", waits: Iterable[Waits], states: Mapping[PlaceId, PlaceState]
) -> Iterator[Source]:
    """Yield the places of the item, of what it is below, and of what it waits for."""
    above = (world.items[each].place for each in world.ancestors(item.id))
    awaited = (each.item.source for each in waits if each.item.source is not None)
    for place in dict.fromkeys((item.place, *above, *awaited)):
        state = states.get(place)
        yield Source(place=place, read_at=state.read_at if state else None, problem=state.error if state else "")


def subjects_of(item_id: ItemId, world: "World") -> Iterator[Subject]:
    """Yield what is judged of an item: itself, and the rings it is in."""
    yield Subject(About.ITEM.value, item_id)
    for subject in world.subjects:
        if subject.about == About.DEPENDENCY.value and item_id in world.ring(subject):
            yield subject


def _told_here(target: ItemId, world: "World", records: Records, explaining: Explaining) -> tuple[ToldHere, ...]:
    """Return what is told on an item for others."""
    by_rule: dict[str, list[Topic]] = {}
    for finding in filter(is_live, records.findings.values()):
        topic = topic_of(finding.subject, world) if target in finding.told else None
        if topic is not None and topic.item != target:
            by_rule.setdefault(finding.rule_id, []).append(topic)
    return tuple(
        ToldHere(
            rule_id=rule_id,
            subjects=tuple(explaining.references(each.item for each in topics if each.item is not None)),
            others=tuple(each.name for each in topics if each.item is None),
        )
        for rule_id in sorted(by_rule)
        for topics in (sorted(by_rule[rule_id], key=lambda each: each.order),)
    )
