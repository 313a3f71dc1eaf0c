"""What happened to an item before its case begins, as its ``history`` says."""

from collections.abc import Callable
from datetime import date

from rules.language.calendar import Calendar
from syncd.documents import Loc
from syncd.model.items import ContainerKind, Event, Item
from syncd.testing.ground import Named
from syncd.testing.layers import Layered
from syncd.testing.moments import EXPECTED, moment_of
from syncd.testing.notes import Notes
from syncd.testing.shelf import Shelf
from syncd.testing.texts import ChangeText, ItemText


def past_of(
    item: Item,
    said: Layered[ItemText],
    shelf: Shelf,
    notes: Notes,
    calendar: Calendar,
    find: Callable[[str, Loc], Named | None],
) -> list[Event] | None:
    """Return the events that the case tells of an item, or None where nobody knows them."""
    written = said.value("history")
    layer, loc = said.layer_of("history"), said.loc("history")
    if isinstance(written, str):
        if written != "unknown":
            notes.refuse(loc, f"read '{written}'; expected a list of changes, or unknown")
        return None

    def value(text: str, change: ChangeText, place: Loc) -> str:
        if not text:
            return ""
        if change.field == "sprints":
            return str(shelf.sprint(text, item.id.tracker, place, layer.now))
        if change.field == "milestones":
            return str(shelf.find(text) or shelf.of_place(ContainerKind.MILESTONE, text, item.place, place))
        if change.field == "parent":
            named = find(text, place)
            return str(named.id) if named else ""
        if change.field == "due_on":
            return _day(text, place)
        return text

    def _day(text: str, place: Loc) -> str:
        found = moment_of(text, layer.now, calendar)
        if found is None:
            notes.refuse(place, f"read '{text}'; expected {EXPECTED}")
        return (calendar.day(found) if found else date.min).isoformat()

    events = []
    for index, change in enumerate(written):
        place = (*loc, index)
        at = moment_of(change.at, layer.now, calendar)
        if at is None:
            notes.refuse((*place, "at"), f"read '{change.at}'; expected {EXPECTED}")
            continue
        events.append(
            Event(
                item=item.id,
                at=at,
                field=change.field,
                before=value(change.before, change, (*place, "from")),
                after=value(change.after, change, (*place, "to")),
                actor=change.by,
            )
        )
    return events
