"""Records of other items that a fact is about: blockers, members of a ring."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

import msgspec

from rules.facts.fact import FactContext
from rules.facts.play import Need, play_of
from rules.facts.trace.state import State, traces_of
from rules.graph import LooseEnd
from rules.refs import Absence, place_key
from rules.world import NOWHERE, World
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item, LinkKind, StatusCategory
from syncd.model.truth import Unknown

UNREAD = Unknown("it can't be read")
Category = Literal["todo", "in_progress", "done"]


class WorkRecord(msgspec.Struct, frozen=True, kw_only=True, cache_hash=True):
    """Another item, as well as it is known; ``item`` is None where it can't be read."""

    key: str
    title: str | Unknown = UNREAD
    url: str = ""
    item: ItemId | None = None
    place: PlaceId | None = None
    restricted: bool = True
    kind: str | Unknown = UNREAD
    team: str | Unknown | None = UNREAD
    type: str | Unknown = UNREAD
    status: str | Unknown = UNREAD
    status_category: Category | Unknown | None = UNREAD
    begun: bool | Unknown = UNREAD
    """Its status says so, a change that closes it is open, or its assignee was active: whatever its place calls it."""
    waits: bool | Unknown = UNREAD
    """An open item blocks it."""
    assignees: tuple[str, ...] | Unknown = UNREAD
    trace_state: State | Unknown | None = UNREAD
    """None of a change, which is evidence and traces to nothing itself."""
    in_play: bool | Unknown = UNREAD
    needed_by: date | Unknown | None = UNREAD
    """Whatever waits for it: else a blocker would always be needed in time for what it blocks."""
    planned_for: date | Unknown | None = UNREAD
    """Its own day, or that of its sprint, milestone or version; not that of its outcome."""
    updated_at: datetime | Unknown = UNREAD
    activity_at: datetime | Unknown = UNREAD
    """When somebody other than syncd last did something on it."""
    created_at: datetime | Unknown = UNREAD
    priority: str | Unknown | None = UNREAD
    estimate: float | Unknown | None = UNREAD
    due_on: date | Unknown | None = UNREAD


class Records:
    """Records of a World's items at a moment; each is made once, whatever names it."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._made: dict[int, WorkRecord] = {}

    def read_again(self, context: FactContext, positions: Iterable[int]) -> None:
        """Take in, in place, that something of some items is another one now, and go on with a later moment."""
        self._context = context
        for position in positions:
            self._made.pop(position, None)

    def at(self, position: int) -> WorkRecord:
        """Return the record of an item; of one that can't be read its key alone."""
        found = self._made.get(position)
        if found is None:
            world = self._context.world
            is_dark = world.darks[position] is not None
            made = record_of_dark(world.rows[position], None) if is_dark else record_of(self._context, position)
            found = self._made[position] = made
        return found

    def open(self, positions: Iterable[int]) -> tuple[WorkRecord | Unknown, ...]:
        """Return the records of those that are open; what can't be read may be, and stands at the end as unknown."""
        world, found = self._context.world, list[WorkRecord]()
        unknown: Unknown | None = None
        for position in positions:
            dark = world.darks[position]
            if dark is not None:
                unknown = unknown or dark
            elif world.is_open(position):
                found.append(self.at(position))
        return (*found, unknown) if unknown else tuple(found)


def records_of(context: FactContext) -> Records:
    """Return the records of a context's World at its moment."""
    key = ("work records", context.now, context.calendar)
    return context.world.once(key, lambda: Records(context))


def record_of(context: FactContext, position: int) -> WorkRecord:
    """Return the record of an item that can be read."""
    world, item = context.world, context.world.rows[position]
    need = play_of(context).own_need(position)
    lexicon = world.lexicons[position]
    return WorkRecord(
        key=item.key,
        title=item.title,
        url=item.url,
        item=item.id,
        place=item.place,
        restricted=item.restricted,
        kind=lexicon.kind(item),
        team=lexicon.team(item) or None,
        type=item.type,
        status=item.status,
        status_category=_category(item.status_category),
        begun=play_of(context).is_begun(position),
        waits=_waits(world, position),
        assignees=tuple(person.name for person in item.assignees),
        trace_state=None if item.is_change else traces_of(context).states[position],
        in_play=play_of(context).is_in_play(position),
        needed_by=need.on if isinstance(need, Need) else need,
        planned_for=play_of(context).planned_for(position),
        updated_at=item.updated_at,
        activity_at=item.activity_at or item.updated_at,
        created_at=item.created_at,
        priority=item.priority or None,
        estimate=lexicon.estimate(item),
        due_on=item.due_on,
    )


def record_of_dark(item: Item, told: StatusCategory | None) -> WorkRecord:
    """Return the record of an item whose place can't be read; ``told`` is what the link says of its status."""
    return WorkRecord(
        key=item.key,
        url=item.url,
        place=item.place,
        restricted=item.restricted,
        status_category=_category(told) or UNREAD,
        begun=_begun(told),
    )


def record_of_loose(context: FactContext, end: LooseEnd, near: Item) -> WorkRecord:
    """Return the record of something that is known by its name in a link of ``near`` alone."""
    place = context.world.place_named(end.ref, near)
    return WorkRecord(
        key=end.key,
        url=end.ref.url,
        place=place or PlaceId(end.ref.tracker or near.id.tracker, place_key(end.key)),
        status_category=_category(end.status) or UNREAD,
        begun=_begun(end.status),
    )


def _waits(world: World, position: int) -> bool | Unknown:
    done, graph = StatusCategory.DONE, world.graph
    blockers = world.blockers.get(position, NOWHERE)
    if any(world.darks[each] is None and world.is_open(each) for each in blockers):
        return True
    told = [graph.told.get((each, position)) for each in blockers if world.darks[each] is not None]
    loose = (end for end in graph.loose.get(position, ()) if end.kind is LinkKind.BLOCKS and end.is_source)
    told += [end.status for end in loose if end.absence is Absence.UNREADABLE]
    if any(each is not None and each is not done for each in told):
        return True
    return UNREAD if None in told else False


def _begun(told: StatusCategory | None) -> bool | Unknown:
    return told is not StatusCategory.TODO if told is not None else UNREAD


def _category(of: StatusCategory | None) -> Category | None:
    return _CATEGORIES[of] if of is not None else None


_CATEGORIES: dict[StatusCategory, Category] = {
    StatusCategory.TODO: "todo",
    StatusCategory.IN_PROGRESS: "in_progress",
    StatusCategory.DONE: "done",
}
