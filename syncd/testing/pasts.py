"""What happened to an item before its case begins, as its ``history`` says."""

from collections.abc import Callable
from datetime import date, datetime

from rules.language.calendar import Calendar
from syncd.documents import Loc
from syncd.model.items import ContainerKind, Event, Item
from syncd.testing.ground import Named
from syncd.testing.layers import Layered
from syncd.testing.moments import EXPECTED, moment_of
from syncd.testing.notes import Notes
from syncd.testing.shelf import Shelf
from syncd.testing.texts import ChangeText, ItemText


class PastReader:
    """Reads what changed; ``find`` says which item a key means, and notes it where there is none."""

    def __init__(
        self, shelf: Shelf, notes: Notes, calendar: Calendar, find: Callable[[str, Loc], Named | None]
    ) -> None:
        self._shelf = shelf
        self._notes = notes
        self._calendar = calendar
        self._find = find

    def events(self, item: Item, said: Layered[ItemText]) -> list[Event] | None:
        """Return the events that the case tells of an item, or None where nobody knows them."""
        written = said.value("history")
        now, loc = said.layer_of("history").now, said.loc("history")
        if isinstance(written, str):
            if written != "unknown":
                self._notes.refuse(loc, f"read '{written}'; expected a list of changes, or unknown")
            return None
        found = (self._event(item, change, (*loc, index), now) for index, change in enumerate(written))
        return [event for event in found if event is not None]

    def _event(self, item: Item, change: ChangeText, loc: Loc, now: datetime) -> Event | None:
        at = self._moment(change.at, (*loc, "at"), now)
        before = self._value(item, change.field, change.before, (*loc, "from"), now)
        after = self._value(item, change.field, change.after, (*loc, "to"), now)
        if at is None:
            return None
        return Event(item=item.id, at=at, field=change.field, before=before, after=after, actor=change.by)

    def _value(self, item: Item, field: str, text: str, loc: Loc, now: datetime) -> str:
        """Return a value as events say it: containers and items by their ids, days in ISO 8601."""
        if not text:
            return ""
        if field == "sprints":
            return str(self._shelf.sprint(text, item.id.tracker, loc, now))
        if field == "milestones":
            found = self._shelf.find(text)
            return str(found or self._shelf.of_place(ContainerKind.MILESTONE, text, item.place, loc))
        if field == "parent":
            named = self._find(text, loc)
            return str(named.id) if named else ""
        if field == "due_on":
            at = self._moment(text, loc, now)
            return (self._calendar.day(at) if at else date.min).isoformat()
        return text

    def _moment(self, text: str, loc: Loc, now: datetime) -> datetime | None:
        found = moment_of(text, now, self._calendar)
        if found is None:
            self._notes.refuse(loc, f"read '{text}'; expected {EXPECTED}")
        return found
