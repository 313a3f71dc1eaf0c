"""What stands on the memory tracker, what people do to it, and its bad days; tests move it by hand."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from syncd.clock import Clock
from syncd.model.comments import Mark
from syncd.model.errors import TransientError
from syncd.model.events import events_between
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import Event, Item, StatusCategory

_TICK = timedelta(milliseconds=1)


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """A comment on the tracker, by whomever."""

    id: str
    author: str
    text: str
    created_at: datetime
    updated_at: datetime
    mark: Mark | None = None


class Board:
    """Items by native id with all their labels, and what is written under them."""

    def __init__(self, clock: Clock, name: str = "memory", places: tuple[str, ...] = ("PAY",)) -> None:
        self.name = name
        self.places = tuple(PlaceId(name, key) for key in places)
        self.items: dict[str, Item] = {}
        self.unreadable: dict[str, str] = {}
        self.failing: dict[PlaceId, str] = {}
        self.warnings: tuple[str, ...] = ()
        self.is_down = False
        self.lost_count = 0
        self.request_count = 0
        self._clock = clock
        self._events: dict[str, list[Event]] = {}
        self._remarks: dict[str, list[Remark]] = {}
        self._last_id = 0
        self._last_at: datetime | None = None

    def add(self, title: str, *, place: str = "", **fields: Any) -> Handle:
        """Add an item; ``fields`` are any of Item's."""
        number = self._next_id()
        home = PlaceId(self.name, place or self.places[0].key)
        key, now = f"{home.key}-{number}", self.tick()
        given: dict[str, Any] = {
            "id": ItemId(self.name, str(10000 + number)),
            "key": key,
            "place": home,
            "url": f"https://tracker.example/{key}",
            "title": title,
            "status": "Open",
            "status_category": StatusCategory.TODO,
            "created_at": now,
            "updated_at": now,
        }
        item = Item(**{**given, **fields})
        self.items[item.id.native_id] = item
        return Handle(item.id, item.key)

    def edit(self, item_id: ItemId, **fields: Any) -> datetime:
        """Change any fields of an item, its labels among them, and return its new ``updated_at``."""
        now = self.tick()
        item = self.items[item_id.native_id]
        edited = msgspec.structs.replace(item, **{"updated_at": now, **fields})
        self.items[item_id.native_id] = edited
        self._events.setdefault(item_id.native_id, []).extend(events_between(item, edited, now))
        return now

    def events(self, item_id: ItemId) -> tuple[Event, ...]:
        """Return what happened to an item, oldest first; changes of any label are in it."""
        return tuple(self._events.get(item_id.native_id, ()))

    def delete(self, item_id: ItemId) -> None:
        """Delete an item for good."""
        del self.items[item_id.native_id]

    def remarks(self, item_id: ItemId) -> tuple[Remark, ...]:
        """Return what is written under an item, oldest first."""
        return tuple(self._remarks.get(item_id.native_id, ()))

    def remark(self, item_id: ItemId, text: str, *, author: str = "ann", mark: Mark | None = None) -> Remark:
        """Write under an item; a ``mark`` by somebody who is not syncd is a forgery."""
        now = self.edit(item_id)
        remark = Remark(id=str(self._next_id()), author=author, text=text, created_at=now, updated_at=now, mark=mark)
        self._remarks.setdefault(item_id.native_id, []).append(remark)
        return remark

    def edit_remark(self, item_id: ItemId, remark_id: str, text: str, *, mark: Mark | None = None) -> Remark:
        """Change a text; the mark stays unless there is a new one."""
        remarks = self._remarks[item_id.native_id]
        index = next(index for index, remark in enumerate(remarks) if remark.id == remark_id)
        old = remarks[index]
        now = self.edit(item_id)
        remarks[index] = msgspec.structs.replace(old, text=text, mark=mark or old.mark, updated_at=now)
        return remarks[index]

    def delete_remark(self, item_id: ItemId, remark_id: str) -> datetime:
        """Delete a text."""
        remarks = self._remarks.get(item_id.native_id, [])
        self._remarks[item_id.native_id] = [remark for remark in remarks if remark.id != remark_id]
        return self.edit(item_id)

    def request(self) -> None:
        """Count a request; raises TransientError while the tracker is down."""
        self.request_count += 1
        if self.is_down:
            raise TransientError("can't be reached", tracker=self.name)

    def tick(self) -> datetime:
        """Return the tracker's time: never the same instant twice, though the clock may stand still."""
        now = self._clock.now()
        if self._last_at is not None and now <= self._last_at:
            now = self._last_at + _TICK
        self._last_at = now
        return now

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id
