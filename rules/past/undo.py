"""An item as it was: what events say happened since, taken back, newest first."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from rules.refs import place_key
from syncd.model.events import link_parts, members_of, ref_of
from syncd.model.identity import ContainerId, PlaceId
from syncd.model.items import SET_FIELDS, Direction, Event, History, Item, LinkRef, Person, StatusCategory
from syncd.model.truth import Unknown


class Learnt:
    """What today's items teach of names that events say: which category a status has, which person an account is."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._of_place: dict[tuple[PlaceId, str], set[StatusCategory | None]] = {}
        self._of_tracker: dict[tuple[str, str], set[StatusCategory | None]] = {}
        self._people: dict[tuple[str, str], Person] = {}
        for item in items:
            self._of_place.setdefault((item.place, item.status), set()).add(item.status_category)
            self._of_tracker.setdefault((item.id.tracker, item.status), set()).add(item.status_category)
            for person in item.assignees:
                self._people.setdefault((item.id.tracker, person.account or person.name), person)

    def category(self, item: Item, status: str) -> StatusCategory | Unknown | None:
        """Return what a status of an item meant: as in its place today, else as everywhere in its tracker."""
        for found in (self._of_place.get((item.place, status)), self._of_tracker.get((item.id.tracker, status))):
            if found is not None and len(found) == 1:
                return next(iter(found))
        return Unknown(f"nothing has the status '{status}' today, so nobody knows what it meant")

    def person(self, item: Item, name: str) -> Person:
        """Return who an account is."""
        return self._people.get((item.id.tracker, name)) or Person(name=name, account=name)


class Then(msgspec.Struct, frozen=True, kw_only=True):
    """An item at a past moment. ``unknown``: why it is not known, and ``item`` but a guess.

    ``is_text_new``: its text was edited since; what it said then is not known, and ``item`` has today's.
    """

    item: Item
    unknown: Unknown | None = None
    is_text_new: bool = False


def states_at(
    item: Item, history: History | None, moments: Sequence[datetime], learnt: Learnt
) -> list[tuple[int, Then | None]]:
    """Return what an item was at the moments, which ascend: where it changed, as (index of the moment, state).

    None: it was not there yet. Equal neighbours are told once, at the first of them.
    """
    walk = _Walk(item, history, learnt)
    found: list[tuple[int, Then | None]] = []
    for index in range(len(moments) - 1, -1, -1):
        state = walk.at(moments[index])
        if found and found[-1][1] is state:
            found[-1] = (index, state)
        else:
            found.append((index, state))
    return found[::-1]


class _Walk:
    """One item, followed back in time."""

    def __init__(self, item: Item, history: History | None, learnt: Learnt) -> None:
        self._item = item
        self._learnt = learnt
        self._history = history
        # Ties stay in the order told, so that the last one told is taken back first.
        self._events = sorted(history.events, key=lambda each: each.at) if history else []
        self._undone = item
        self._left = len(self._events)
        self._is_text_new = False
        self._unknown: Unknown | None = None
        self._made: tuple[tuple[int, bool, bool], Then] | None = None

    def at(self, moment: datetime) -> Then | None:
        """Return the item at a moment, which is not after the last one asked for."""
        item = self._item
        if item.created_at > moment:
            return None
        while self._left and self._is_after(self._events[self._left - 1], moment):
            self._left -= 1
            self._undo(self._events[self._left])
        is_unknown = item.updated_at > moment and not self._is_known_at(moment)
        key = (self._left, is_unknown, item.updated_at <= moment)
        if self._made is None or self._made[0] != key:
            self._made = (key, self._then(moment, is_unknown))
        return self._made[1]

    def _is_after(self, event: Event, moment: datetime) -> bool:
        # What a poll saw is older than its event; an item that was not touched since was so already.
        return event.at > moment and (bool(event.actor) or self._item.updated_at > moment)

    def _is_known_at(self, moment: datetime) -> bool:
        return self._history is not None and self._history.known_since <= moment

    def _undo(self, event: Event) -> None:
        self._is_text_new = self._is_text_new or event.field == "body"
        undone = undo(self._undone, event, self._learnt)
        if isinstance(undone, Unknown):
            self._unknown = undone
            self._undone = replace(self._undone, status=event.before, status_category=None)
            return
        if event.field == "status":
            self._unknown = None
        self._undone = undone

    def _then(self, moment: datetime, is_unknown: bool) -> Then:
        if is_unknown:
            return Then(item=self._item, unknown=self._why_unknown())
        if self._undone is self._item and self._item.updated_at <= moment:
            return Then(item=self._item)
        return Then(item=self._dated(moment), unknown=self._unknown, is_text_new=self._is_text_new)

    def _why_unknown(self) -> Unknown:
        if self._history is None:
            return Unknown(f"the history of {self._item.key} was not read")
        return Unknown(f"nothing is known of {self._item.key} before {self._history.known_since:%Y-%m-%d}")

    def _dated(self, moment: datetime) -> Item:
        """Return the item with its dates: those of later changes are taken from what is known to have come before."""
        item, earlier = self._undone, self._events[: self._left]
        known_since = self._history.known_since if self._history else item.created_at
        last_at = max([item.created_at, min(known_since, moment), *(event.at for event in earlier[-1:])])
        updated_at = item.updated_at if item.updated_at <= moment else last_at
        is_done = item.status_category is StatusCategory.DONE
        closed_at = item.closed_at
        if not is_done or (closed_at is not None and closed_at > moment):
            moves = (event.at for event in reversed(earlier) if event.field == "status")
            closed_at = next(moves, None) if is_done else None
        is_active_since = item.activity_at is not None and item.activity_at > moment
        return replace(
            item,
            updated_at=updated_at,
            activity_at=last_at if is_active_since else item.activity_at,
            closed_at=closed_at,
            comment_count=item.comment_count if item.updated_at <= moment else None,
        )


def undo(item: Item, event: Event, learnt: Learnt) -> Item | Unknown:
    """Return the item before an event; why that is not known where its status then means nothing today."""
    before = event.before
    if event.field in SET_FIELDS:
        return _undo_member(item, event, learnt)
    match event.field:
        case "status":
            category = learnt.category(item, before)
            return category if isinstance(category, Unknown) else replace(item, status=before, status_category=category)
        case "key":
            return replace(item, key=before, place=PlaceId(item.place.tracker, place_key(before))) if before else item
        case "parent":
            return replace(item, parent=ref_of(before) if before else None)
        case "estimate":
            return replace(item, estimate=_number(before))
        case "due_on":
            return replace(item, due_on=_day(before))
        case "resolution" | "title" | "type" | "priority":
            return replace(item, **{event.field: before})
        case _:
            return item


def _undo_member(item: Item, event: Event, learnt: Learnt) -> Item:
    said = members_of(item, event.field)
    members = getattr(item, event.field)
    if event.after and event.after in said:
        at = said.index(event.after)
        return replace(item, **{event.field: (*members[:at], *members[at + 1 :])})
    if event.before and event.before not in said:
        member = _member(item, event.field, event.before, learnt)
        return item if member is None else replace(item, **{event.field: (*members, member)})
    return item


def _member(item: Item, field: str, said: str, learnt: Learnt) -> str | Person | ContainerId | LinkRef | None:
    if field == "assignees":
        return learnt.person(item, said)
    if field in ("milestones", "sprints"):
        tracker, _, rest = said.partition(":")
        kind, _, native_id = rest.partition(":")
        return ContainerId(tracker, kind, native_id) if native_id else None
    if field == "links":
        parts = link_parts(said)
        return LinkRef(name=parts[0], direction=Direction(parts[1]), target=ref_of(parts[2])) if parts else None
    return said


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
