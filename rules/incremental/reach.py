"""How far a change of items reaches: which items' facts can be other ones than before, and which can't."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from rules.facts.daily import forecasts_of
from rules.facts.table import context_at
from rules.facts.trace.levels import levels_of
from rules.incremental.learnt import lessons_of
from rules.incremental.ways import WIDEST, Ways
from rules.language.calendar import Calendar
from rules.past.asof import PastHistories
from rules.world import NOWHERE, World
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item, LinkKind, PlaceState, StatusCategory

Key = TypeVar("Key")
Value = TypeVar("Value")
_Near = dict[int, list[int]]


def touched(
    old: World,
    new: World,
    since: datetime,
    now: datetime,
    calendar: Calendar,
    ways: Ways = WIDEST,
    heard: Iterable[ItemId] = (),
) -> set[ItemId] | None:
    """Return the items whose facts can differ between the World at ``since`` and that of ``now``; None: all of them.

    ``heard``: of these something that happened was told since, which histories that are read when asked do not show.

    Answers that time alone turns are not among them, but facts are: an assignee who was active for too long ago.
    """
    if _is_another_frame(old, new) or _ends_an_exemption(new, since, now, calendar):
        return None
    if ways.learnt and lessons_of(old).keys() != lessons_of(new).keys():
        return None
    moved = {*_moved(old, new), *heard}
    changed = moved | set(_differing(old.items, new.items)) | set(_turned(new, since, now))
    changed |= _ranked(old, changed) | _ranked(new, changed) | _forecast(old, new, since, now, calendar)
    if ways.dated and calendar.day(since) != calendar.day(now):
        changed |= {new.rows[position].id for position in _dated(new)}
    return _reach(old, changed, moved, ways) | _reach(new, changed, moved, ways) | changed


def _is_another_frame(old: World, new: World) -> bool:
    """Return whether something changed that any item may depend on."""
    before, after = old.given, new.given
    return (
        before.places != after.places
        or before.aliases != after.aliases
        or before.revisions != after.revisions
        or old.roadmap != new.roadmap
        or before.snapshot is not after.snapshot
        or (before.baselines is not after.baselines and before.baselines != after.baselines)
        or readings(before.states) != readings(after.states)
    )


def readings(states: Mapping[PlaceId, PlaceState]) -> dict[PlaceId, tuple[object, ...]]:
    """Return what of the readings of places anything may depend on."""
    return {
        place: (state.error, state.imported_at is None, state.census_at is None, state.audience)
        for place, state in states.items()
    }


def _ends_an_exemption(world: World, since: datetime, now: datetime, calendar: Calendar) -> bool:
    first, last = calendar.day(since), calendar.day(now)
    return any(each.until is not None and first <= each.until < last for each in world.roadmap.exempt)


_OWN = frozenset(
    ("status", "status_category", "resolution", "priority", "rank", "own_labels", "components", "assignees")
) | {"estimate", "due_on", "closed_at", "updated_at", "activity_at", "comment_count"}
"""Fields that say nothing of the items below one: they are no evidence, nor on the way to an outcome."""
_EVIDENT = tuple(name for name in Item.__struct_fields__ if name not in _OWN)


def _moved(old: World, new: World) -> Iterator[ItemId]:
    """Yield the items that may trace otherwise than before, and with them all that is below."""
    for item_id in _differing(old.items, new.items):
        before, after = old.items.get(item_id), new.items.get(item_id)
        if before is None or after is None or any(getattr(before, each) != getattr(after, each) for each in _EVIDENT):
            yield item_id
    yield from _differing(old.given.veiled, new.given.veiled)
    yield from _differing_histories(old, new)
    if old.link_sightings is not new.link_sightings:
        yield from _differing(old.link_sightings, new.link_sightings)
    yield from _differing_links(old, new)
    containers = set(_differing(old.containers, new.containers))
    if containers:
        for item in new.rows:
            if not containers.isdisjoint((*item.sprints, *item.milestones)):
                yield item.id


def _differing(before: Mapping[Key, Value], after: Mapping[Key, Value]) -> Iterator[Key]:
    if before is after:
        return
    for key, value in after.items():
        other = before.get(key)
        if other is not value and other != value:
            yield key
    yield from before.keys() - after.keys()


def _differing_histories(old: World, new: World) -> Iterator[ItemId]:
    before, after = old.histories, new.histories
    if isinstance(before, PastHistories) and isinstance(after, PastHistories) and before.whole is after.whole:
        # What came into sight since changed its item, too.
        return iter(())
    return _differing(before, after)


def _differing_links(old: World, new: World) -> Iterator[ItemId]:
    """Yield both ends of every edge that one of the Worlds lacks, and the items whose loose ends or names differ."""
    places = _Places(old, new)
    for kind in LinkKind:
        before, after = places.edges(old.graph.edges[kind]), new.graph.edges[kind]
        if before != after:
            yield from places.ids(end for edge, _ in before.items() ^ after.items() for end in edge)
    told = places.edges(old.graph.told)
    yield from places.ids(end for edge in _differing(told, new.graph.told) for end in edge)
    yield from places.ids(_differing(places.keys(old.graph.loose), new.graph.loose))
    yield from places.ids(_differing(places.keys(old.graph.outcomes), new.graph.outcomes))
    hung = levels_of(old).names.tracked, levels_of(new).names.tracked
    yield from places.ids(_differing(places.keys(hung[0]), hung[1]))


class _Places:
    """Positions of the old World in terms of the new one; what is there no more has a number that nothing has."""

    def __init__(self, old: World, new: World) -> None:
        self._rows = new.rows
        self._gone: list[ItemId] = []
        self._moved: list[int] | None = None
        if [item.id for item in old.rows] != [item.id for item in new.rows]:
            self._moved = [self._position(item.id, new.positions) for item in old.rows]

    def _position(self, item_id: ItemId, positions: Mapping[ItemId, int]) -> int:
        found = positions.get(item_id)
        if found is None:
            self._gone.append(item_id)
            return -len(self._gone)
        return found

    def edges(self, told: Mapping[tuple[int, int], Value]) -> Mapping[tuple[int, int], Value]:
        """Return what is told of edges."""
        moved = self._moved
        return told if moved is None else {(moved[one], moved[other]): each for (one, other), each in told.items()}

    def keys(self, told: Mapping[int, Value]) -> Mapping[int, Value]:
        """Return what is told of items."""
        moved = self._moved
        return told if moved is None else {moved[position]: each for position, each in told.items()}

    def ids(self, positions: Iterable[int]) -> Iterator[ItemId]:
        """Yield the items at positions."""
        for position in positions:
            yield self._rows[position].id if position >= 0 else self._gone[-position - 1]


def _turned(world: World, since: datetime, now: datetime) -> Iterator[ItemId]:
    """Yield the items whose assignee was active lately at ``since``, and is not any more."""
    for position, item in enumerate(world.rows):
        span = world.lexicons[position].assigned_span if item.assignees else None
        if span is None or item.status_category is StatusCategory.DONE:
            continue
        if since <= (item.activity_at or item.updated_at) + span < now:
            yield item.id


def _dated(world: World) -> Iterator[int]:
    """Yield what is open, and what waits for something open: how late that is, every day tells anew."""
    for position in range(len(world.rows)):
        if world.is_open(position) or any(world.is_open(each) for each in world.blockers.get(position, NOWHERE)):
            yield position


def _forecast(old: World, new: World, since: datetime, now: datetime, calendar: Calendar) -> set[ItemId]:
    """Return the items that reach an outcome of which something else is forecast, where anybody asked for that."""
    if ("forecasts", since, calendar) not in old.made or old.given.snapshot is not None:
        return set()
    before, after = (forecasts_of(context_at(*each, calendar)) for each in ((old, since), (new, now)))
    differing = set(_differing(before, after))
    numbers = {number for number, outcome in enumerate(new.roadmap.outcomes) if outcome.id in differing}
    if not numbers:
        return set()
    reached = levels_of(new).reached
    return {item.id for position, item in enumerate(new.rows) if not numbers.isdisjoint(reached[position])}


def _ranked(world: World, changed: set[ItemId]) -> set[ItemId]:
    """Return what shares a ranked backlog, whose first items are in play, with what changed."""
    rows, positions = world.rows, world.positions
    there = [positions[each] for each in changed if each in positions]
    places = {rows[each].place for each in there if world.lexicons[each].in_play_top}
    return {item.id for item in rows if item.rank and item.place in places} if places else set()


def _reach(world: World, changed: set[ItemId], moved: set[ItemId], ways: Ways) -> set[ItemId]:
    """Return what reads what changed, where what is below ``moved`` may trace otherwise, and who is linked to that."""
    near = near_of(world)
    traced = onward(_positions(world, moved), world.children_of)
    traced |= {other for each in traced for other in near.linked.get(each, NOWHERE)}
    return {world.rows[each].id for each in spread(world, _positions(world, changed), traced, ways).judged}


class Spread(msgspec.Struct, frozen=True):
    """How far a change goes: the items that say something else of themselves, and those that read such items."""

    told: set[int]
    judged: set[int]


def spread(world: World, changed: set[int], traced: set[int], ways: Ways) -> Spread:
    """Return how far it goes when some items are others, and some trace otherwise."""
    near = near_of(world)
    found = changed | traced
    if ways.wide:
        found |= {other for each in found for other in near.linked.get(each, NOWHERE)}
    found |= {other for each in found for other in near.closes.get(each, NOWHERE)}
    # What waits says so of itself.
    found |= {other for each in found for other in near.blocks.get(each, NOWHERE)}
    if ways.web:
        found = _web(world, near, found)
    judged = set(found)
    if ways.parents or ways.wide:
        judged.update(other for each in found for other in world.children_of.get(each, NOWHERE))
    if ways.above or ways.wide:
        judged |= onward(found, world.parents)
    elif ways.children:
        judged.update(other for each in found for other in world.parents.get(each, NOWHERE))
    if ways.rings:
        judged.update(other for each in found if (knot := world.knot_of.get(each)) for other in knot.members)
    return Spread(found, judged)


def _web(world: World, near: "_Nearby", starts: set[int]) -> set[int]:
    """Return all that is connected with some items by way of blockers and twins; what is done connects nothing."""
    found = set(starts)
    waiting = list(starts)
    for each in waiting:
        if each in starts or world.is_open(each) or each in near.twins:
            for way in (world.blockers, near.blocks, near.twins):
                for other in way.get(each, NOWHERE):
                    if other not in found:
                        found.add(other)
                        waiting.append(other)
    return found


def _positions(world: World, items: set[ItemId]) -> set[int]:
    return {world.positions[each] for each in items if each in world.positions}


def onward(found: set[int], way: Mapping[int, Sequence[int]]) -> set[int]:
    """Return all that a way leads to, step after step, and where it began."""
    reached, waiting = set(found), list(found)
    for each in waiting:
        others = [other for other in way.get(each, NOWHERE) if other not in reached]
        reached.update(others)
        waiting += dict.fromkeys(others)
    return reached


class _Nearby(msgspec.Struct, frozen=True):
    """What is next to each item: by links of any other kind, what it finishes as a change, what it blocks, twins."""

    linked: _Near
    closes: _Near
    blocks: _Near
    twins: _Near


_OF_THEIR_OWN = (LinkKind.PARENT, LinkKind.BLOCKS, LinkKind.CLOSES)


def near_of(world: World) -> _Nearby:
    """Return what is next to each item of a World, found once."""
    return world.once("near", lambda: _near(world))


def _near(world: World) -> _Nearby:
    linked: _Near = {}
    twins: _Near = {}
    for kind in LinkKind:
        for source, target in world.graph.edges[kind] if kind not in _OF_THEIR_OWN else ():
            for near in (linked, twins) if kind is LinkKind.MIRRORS else (linked,):
                near.setdefault(source, []).append(target)
                near.setdefault(target, []).append(source)
    targets: Callable[[LinkKind], _Near] = world.graph.targets
    return _Nearby(linked, targets(LinkKind.CLOSES), targets(LinkKind.BLOCKS), twins)
