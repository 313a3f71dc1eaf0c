"""A World that is brought up to date in place, where some of its items became others and the graph stays as it was."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from rules.facts.table import context_at
from rules.facts.trace.again import decide_again, judge_again
from rules.facts.trace.facts import Mains, mains_again, view_of
from rules.facts.trace.levels import levels_of
from rules.facts.trace.names import Outcomes
from rules.facts.trace.state import Traces
from rules.incremental.learnt import is_taught_otherwise, learn
from rules.incremental.reach import near_of, onward
from rules.language import conditions
from rules.language.calendar import Calendar
from rules.rings import open_knots
from rules.roadmap.told import is_outcome, unsaid
from rules.twins import twins_of
from rules.world import NOWHERE, World
from syncd.model.identity import ItemId
from syncd.model.items import Item

Made = TypeVar("Made")

_LEVELS = "levels of evidence"
_TRACES = "traces"
_MAINS = "main outcomes"
_KEPT = frozenset(
    (
        *(_LEVELS, "heirs of outcomes", "numbers of outcomes", "outcomes by id", "dependants of outcomes", "teams"),
        *("past", "near", "twins", "blocked by position", "tracing", "parents that can't be read"),
        *("items with a typed link to others", "named by outcomes", "agreed of", "split from"),
        "rings of parents",
        *("lessons", "learnt", "names of people", "categories of statuses"),
    )
)
"""What was made of the roadmap, of the graph, or is brought up to date here; all else is made anew when asked for."""
_FRAME = ("id", "key", "place", "url", "is_change")
_TELLING = ("parent", "links", "body", "fields")


class Patch(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a World, by position: what its changed items were, what may trace otherwise and what it reached
    before, whose ring is another one, and whose history is. ``made``: what was made once of the World as it was.
    """

    before: Mapping[int, Item]
    traced: Mapping[int, Outcomes]
    rings: frozenset[int]
    heard: frozenset[int]
    made: Mapping[Hashable, object]


def patch(
    world: World, items: Iterable[Item], read: Collection[ItemId], now: datetime, calendar: Calendar
) -> Patch | None:
    """Bring a World up to date with items that became others and histories that were read; None: it is as it was, and
    must be built anew.

    That is so where an item is new, has another key or place, tells of other links, states an outcome, or teaches what
    a status means that none had; and where a place is dark.
    """
    changed = _changed(world, items)
    if changed is None or not _is_plain(world) or is_taught_otherwise(world, changed):
        return None
    before = {position: world.rows[position] for position in changed}
    learn(world, before.values(), changed.values())
    world.take_in(changed)
    world.__dict__.pop("subjects", None)
    kept = _KEPT if near_of(world).twins.keys().isdisjoint(before) else _KEPT - {"twins"}
    made, world.made = world.made, {}
    for key, value in made.items():
        if key in kept or (isinstance(key, tuple) and key[0] == "outcome change"):
            world.made[key] = value
    if any(_is_of_another_team(world, position, item) for position, item in before.items()):
        world.made.pop("teams", None)
    rings = _knots_again(world, before)
    heard = {*before, *(world.positions[each] for each in read if each in world.positions)}
    traced = _trace_again(world, made, before, heard, now, calendar)
    return Patch(before=before, traced=traced, rings=frozenset(rings), heard=frozenset(heard), made=made)


def _changed(world: World, items: Iterable[Item]) -> dict[int, Item] | None:
    """Return what became another item, by position; None where the graph or the roadmap is another one by that."""
    found: dict[int, Item] = {}
    for item in items:
        position = world.positions.get(item.id)
        if position is None:
            return None
        old = world.rows[position]
        if old != item:
            if not _is_alike(world, position, old, item):
                return None
            found[position] = item
    return found


def _is_alike(world: World, position: int, old: Item, new: Item) -> bool:
    if any(getattr(old, each) != getattr(new, each) for each in _FRAME):
        return False
    if any(is_outcome(world, each) or unsaid(world, each) is not None for each in (old, new)):
        return False
    if all(getattr(old, each) == getattr(new, each) for each in _TELLING):
        return True
    return world.reading.told_by(position, old) == world.reading.told_by(position, new)


def _is_plain(world: World) -> bool:
    """Return whether nothing is dark, and no time alone makes work standing or exempt."""
    if levels_of(world).closed or world.roadmap.unread is not None:
        return False
    matches = [*(each.match for each in world.roadmap.standing), *(each.match for each in world.roadmap.exempt)]
    return not any(atom.matcher.due for match in matches for atom in conditions.atoms(match))


def _is_of_another_team(world: World, position: int, old: Item) -> bool:
    """Return whether the open items that name a team may be others."""
    new = world.rows[position]
    if old.fields == new.fields and old.status_category is new.status_category:
        return False
    return bool(old.fields or new.fields)


def _trace_again(
    world: World,
    made: Mapping[Hashable, object],
    changed: Collection[int],
    heard: Collection[int],
    now: datetime,
    calendar: Calendar,
) -> dict[int, Outcomes]:
    """Trace again what became another item and what is decided by it; return what that reached before."""
    levels = levels_of(world)
    decided = decide_again(levels, changed)
    traces = newest(made, _TRACES, Traces, calendar)
    if traces is None:
        return decided
    again = set(decided)
    if traces.asks_when_linked:
        again |= onward(set(heard), world.children_of)
    traced = judge_again(traces, changed, again)
    world.made[_TRACES, now, calendar] = traces
    mains = newest(made, _MAINS, Mains, calendar)
    if mains is not None:
        world.made[_MAINS, now, calendar] = mains
        mains_again(mains, view_of(context_at(world, now, calendar)), traced)
    return {position: decided.get(position, levels.reached[position]) for position in traced - set(changed)} | decided


def newest(made: Mapping[Hashable, object], name: str, of: type[Made], calendar: Calendar) -> Made | None:
    """Return what was made by a name for the newest moment."""
    keys = [key for key in made if isinstance(key, tuple) and key[0] == name and key[2] == calendar]
    found = made[max(keys, key=lambda key: key[1])] if keys else None
    return found if isinstance(found, of) else None


def _knots_again(world: World, before: Mapping[int, Item]) -> set[int]:
    """Find the rings again that an item which became another one is in, or was; return who is, or was, in those.

    A ring is one of homes: of twins each speaks for the one where the work is.
    """
    if not near_of(world).twins.keys().isdisjoint(before):
        was = set(world.knot_of)
        for name in ("knots", "knot_of"):
            world.__dict__.pop(name)
        return was | world.knot_of.keys()
    knots = {id(knot): knot for each in before if (knot := world.knot_of.get(each)) is not None}
    region = {member for knot in knots.values() for member in knot.members}
    for each in before:
        if each not in region and world.is_open(each) and each in world.blockers:
            above = _open_beyond(world, each, world.blockers)
            region |= above & _open_beyond(world, each, near_of(world).blocks) if above else above
    if not region:
        return region
    knots |= {id(knot): knot for each in region if (knot := world.knot_of.get(each)) is not None}
    region.update(member for knot in knots.values() for member in knot.members)
    kept = [knot for knot in world.knots if id(knot) not in knots]
    found = open_knots(_edges_within(world, region), world.is_open, twins_of(world).home)
    world.__dict__["knots"] = sorted([*kept, *found], key=lambda knot: min(knot.members))
    world.__dict__.pop("knot_of")
    return region


def _edges_within(world: World, region: Collection[int]) -> Iterator[tuple[int, int]]:
    twins, blocked = twins_of(world), near_of(world).blocks
    for each in region:
        for face in twins.members(each):
            yield from ((face, other) for other in blocked.get(face, NOWHERE) if twins.home(other) in region)


def _open_beyond(world: World, start: int, way: Mapping[int, Sequence[int]]) -> set[int]:
    """Return the open items that a way leads to, of twins the one where the work is."""
    twins = twins_of(world)
    found: set[int] = set()
    waiting = [start]
    for each in waiting:
        for other in {twins.home(other) for face in twins.members(each) for other in way.get(face, NOWHERE)}:
            if other not in found and world.is_open(other):
                found.add(other)
                waiting.append(other)
    return found
