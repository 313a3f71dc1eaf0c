"""What happened to items, as far as it is known: changes as records, and since when something has been so."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal

import msgspec

from rules.facts.fact import FactContext
from rules.world import World
from syncd.model.events import link_parts
from syncd.model.identity import ContainerId, PlaceId
from syncd.model.items import BEGINNING, ContainerKind, Event, History, Item
from syncd.model.truth import Unknown, UnknownBefore

ChangedField = Literal[
    "status",
    "resolution",
    "title",
    "body",
    "type",
    "priority",
    "parent",
    "estimate",
    "due_on",
    "key",
    "labels",
    "components",
    "assignees",
    "milestones",
    "sprints",
    "links",
]
"""EVENT_FIELDS, as a type."""

NOT_READ = Unknown("its history is not read yet")


class ChangeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one field; of a sprint or milestone before and after are its title, where that is known.

    Of a field that holds several, each that came (``before`` empty) or went (``after`` empty) is a change of its own.
    """

    field: ChangedField
    at: datetime
    before: str
    after: str
    actor: str
    title: str
    """The change in words: "status: To Do → Done"."""
    place: PlaceId
    restricted: bool


class Past:
    """What is known of what happened to the items of a World."""

    def __init__(self, world: World) -> None:
        self._world = world

    def changes(self, position: int) -> tuple[ChangeRecord | Unknown, ...]:
        """Return all changes, oldest first; what may have been before stands at the end as unknown."""
        item = self._world.rows[position]
        history = self._world.histories.get(item.id)
        if history is None:
            return (NOT_READ,)
        found = tuple(self._record(item, event) for event in history.events)
        return found if is_whole(history, item) else (*found, _before(history))

    def _record(self, item: Item, event: Event) -> ChangeRecord:
        before, after = self._words(event.field, event.before), self._words(event.field, event.after)
        return ChangeRecord(
            field=event.field,  # type: ignore[arg-type]
            at=event.at,
            before=before,
            after=after,
            actor=event.actor,
            title=f"{event.field.replace('_', ' ')}: {before or 'nothing'} → {after or 'nothing'}",
            place=item.place,
            restricted=item.restricted,
        )

    def _words(self, field: str, value: str) -> str:
        if field in ("sprints", "milestones"):
            container = self._world.containers.get(container_named(value))
            return container.title if container is not None else value
        parts = link_parts(value) if field == "links" else None
        return f"{parts[0]} {parts[2]}" if parts else value

    def status_since(self, position: int) -> datetime | UnknownBefore | Unknown:
        """Return since when an item has had its status."""
        item = self._world.rows[position]
        history = self._world.histories.get(item.id)
        if history is None:
            return NOT_READ
        at = next((event.at for event in reversed(history.events) if event.field == "status"), None)
        if at is not None:
            return at
        return item.created_at if is_whole(history, item) else _before(history)

    def put_in_at(self, position: int, container: ContainerId) -> datetime | UnknownBefore | Unknown:
        """Return when an item that is in a container was put there."""
        item = self._world.rows[position]
        history = self._world.histories.get(item.id)
        if history is None:
            return NOT_READ
        name, field = str(container), _field_of(container)
        at = next(
            (event.at for event in reversed(history.events) if event.field == field and event.after == name), None
        )
        if at is not None:
            return at
        return item.created_at if is_whole(history, item) else _before(history)

    def is_put_in_after(self, context: FactContext, position: int, container: ContainerId, day: date) -> bool | Unknown:
        """Return whether an item was put into a container after a day, or created after it."""
        item, calendar = self._world.rows[position], context.calendar
        if calendar.day(item.created_at) > day:
            return True
        at = self.put_in_at(position, container)
        if isinstance(at, UnknownBefore):
            return False if calendar.day(at.at) <= day else at
        return at if isinstance(at, Unknown) else calendar.day(at) > day

    def due_dates(self, position: int) -> tuple[Sequence[date], Unknown | None]:
        """Return the due dates that an item had, oldest first, the present one last; why some may be missing."""
        item = self._world.rows[position]
        history = self._world.histories.get(item.id)
        moves = [event for event in history.events if event.field == "due_on"] if history is not None else []
        words = [*(event.before for event in moves[:1]), *(event.after for event in moves)]
        days = [day for word in words if (day := _day(word)) is not None]
        if not moves and item.due_on is not None:
            days = [item.due_on]
        if history is None:
            return days, NOT_READ
        return days, None if is_whole(history, item) else _before(history)

    def left(self, position: int) -> Iterator[tuple[ContainerId, datetime]]:
        """Yield the sprints that an item was taken out of, and when."""
        history = self._world.histories.get(self._world.rows[position].id)
        for event in history.events if history is not None else ():
            if event.field == "sprints" and event.before and not event.after:
                yield container_named(event.before), event.at


def is_whole(history: History, item: Item) -> bool:
    """Return whether all that ever happened to an item is known."""
    return history.known_since <= max(item.created_at, BEGINNING)


def container_named(text: str) -> ContainerId:
    """Return the container that an event names."""
    tracker, _, rest = text.partition(":")
    kind, _, native_id = rest.partition(":")
    return ContainerId(tracker, kind, native_id)


def _field_of(container: ContainerId) -> str:
    return "sprints" if container.kind == ContainerKind.SPRINT.value else "milestones"


def _before(history: History) -> UnknownBefore:
    day = history.known_since.date().isoformat()
    return UnknownBefore(f"its history is known since {day} only", history.known_since)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def past_of(world: World) -> Past:
    """Return what is known of what happened to a World's items."""
    return world.once("past", lambda: Past(world))
