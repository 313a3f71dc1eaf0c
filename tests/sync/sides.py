"""A tracker from the side of the people who use it: what they do there, and what stands there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from adapters.board import Board
from adapters.contract import Tracker
from adapters.memory import US, MemoryTracker
from syncd.clock import Clock
from syncd.model.comments import Mark
from syncd.model.identity import Handle, ItemId, PlaceId, Ref
from syncd.model.items import Direction, LinkRef, StatusCategory
from tests.sync.charters import OWNER, PREFIX
from tests.sync.clocks import WorldClock


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A comment as it stands on a tracker; ``mark`` whoever wrote it."""

    id: str
    is_by_us: bool
    text: str
    mark: Mark | None
    created_at: datetime
    updated_at: datetime

    @property
    def is_ours(self) -> bool:
        return self.is_by_us and self.mark is not None and self.mark.owner == OWNER


class Side(Protocol):
    """What people can do on one tracker; the first of ``places`` is configured, the last one may not be."""

    name: str
    places: Sequence[PlaceId]
    elsewhere: PlaceId | None
    """A place that is there and not configured."""
    slowest_reading: timedelta
    """So long it may take until a change is read that the tracker does not date."""

    def tracker(self, clock: Clock) -> Tracker:
        """Return an adapter that starts from nothing."""

    def items(self) -> list[Handle]:
        """Return what is there, oldest first."""

    def place(self, item: Handle) -> PlaceId:
        """Return where an item is now."""

    def words(self, item: Handle) -> Any:
        """Return all of an item that only people may change: no labels, no comments, no times."""

    def labels(self, item: Handle) -> frozenset[str]: ...

    def notes(self, item: Handle) -> Sequence[Note]: ...

    def add(self, title: str, place: PlaceId, labels: Sequence[str] = ()) -> Handle: ...

    def retitle(self, item: Handle, title: str) -> None: ...

    def close(self, item: Handle) -> None: ...

    def reopen(self, item: Handle) -> None: ...

    def put_below(self, item: Handle, parent: Handle | None) -> None: ...

    def block(self, item: Handle, by: Handle | None) -> None:
        """Let an item be blocked by one other, or by none."""

    def move(self, item: Handle, place: PlaceId) -> None: ...

    def delete(self, item: Handle) -> None: ...

    def label(self, item: Handle, label: str) -> None: ...

    def unlabel(self, item: Handle, label: str) -> None: ...

    def write(self, item: Handle, text: str, *, mark: Mark | None = None) -> None:
        """Let a person write a comment, with a forged mark if one is given."""

    def rewrite(self, item: Handle, note: Note, text: str, *, is_unmarked: bool = False) -> None: ...

    def erase(self, item: Handle, note: Note) -> None: ...

    def fail(self, place: PlaceId) -> None:
        """Make a place unreadable."""

    def spoil(self, item: Handle) -> None:
        """Make one item unreadable, where the tracker can do that."""

    def break_next(self, number: int) -> None:
        """Let one of the next requests go wrong, where the tracker is asked over a network."""

    def heal(self) -> None:
        """Let everything be readable again."""

    def leave(self) -> None:
        """Go away."""


class MemorySide:
    """People at a memory tracker with two places that are configured, and one that is not."""

    slowest_reading = timedelta(0)

    def __init__(self, world: WorldClock, name: str) -> None:
        self.name = name
        self.board = Board(world, name, places=("PAY", "LEG"))
        self.places: Sequence[PlaceId] = self.board.places
        self.elsewhere: PlaceId | None = PlaceId(name, "ELSE")

    def tracker(self, clock: Clock) -> Tracker:
        return MemoryTracker(self.board, owner=OWNER, prefix=PREFIX, page_size=3)

    def items(self) -> list[Handle]:
        return [Handle(item.id, item.key) for item in self.board.items.values()]

    def place(self, item: Handle) -> PlaceId:
        return self._item(item).place

    def words(self, item: Handle) -> Any:
        return msgspec.structs.replace(self._item(item), labels=(), updated_at=self._item(item).created_at)

    def labels(self, item: Handle) -> frozenset[str]:
        return frozenset(self._item(item).labels)

    def notes(self, item: Handle) -> Sequence[Note]:
        return [
            Note(
                id=remark.id,
                is_by_us=remark.author == US.account,
                text=remark.text,
                mark=remark.mark,
                created_at=remark.created_at,
                updated_at=remark.updated_at,
            )
            for remark in self.board.remarks(item.id)
        ]

    def add(self, title: str, place: PlaceId, labels: Sequence[str] = ()) -> Handle:
        return self.board.add(title, place=place.key, labels=tuple(labels))

    def retitle(self, item: Handle, title: str) -> None:
        self.board.edit(item.id, title=title)

    def close(self, item: Handle) -> None:
        self.board.edit(item.id, status="Done", status_category=StatusCategory.DONE)

    def reopen(self, item: Handle) -> None:
        self.board.edit(item.id, status="Open", status_category=StatusCategory.TODO)

    def put_below(self, item: Handle, parent: Handle | None) -> None:
        self.board.edit(item.id, parent=_ref(parent.id) if parent else None)

    def block(self, item: Handle, by: Handle | None) -> None:
        links = (LinkRef(name="Blocks", direction=Direction.IN, target=_ref(by.id)),) if by else ()
        self.board.edit(item.id, links=links)

    def move(self, item: Handle, place: PlaceId) -> None:
        number = item.id.native_id
        self.board.edit(item.id, place=place, key=f"{place.key}-{number}")

    def delete(self, item: Handle) -> None:
        self.board.delete(item.id)

    def label(self, item: Handle, label: str) -> None:
        self.board.edit(item.id, labels=tuple(dict.fromkeys((*self._item(item).labels, label))))

    def unlabel(self, item: Handle, label: str) -> None:
        self.board.edit(item.id, labels=tuple(each for each in self._item(item).labels if each != label))

    def write(self, item: Handle, text: str, *, mark: Mark | None = None) -> None:
        self.board.remark(item.id, text, mark=mark)

    def rewrite(self, item: Handle, note: Note, text: str, *, is_unmarked: bool = False) -> None:
        """Edit a comment; marks are out of people's reach here."""
        self.board.edit_remark(item.id, note.id, text)

    def erase(self, item: Handle, note: Note) -> None:
        self.board.delete_remark(item.id, note.id)

    def fail(self, place: PlaceId) -> None:
        self.board.failing[place] = "403"

    def spoil(self, item: Handle) -> None:
        self.board.unreadable[item.id.native_id] = "no title"

    def break_next(self, number: int) -> None:
        """There is no network."""

    def heal(self) -> None:
        self.board.failing.clear()
        self.board.unreadable.clear()

    def leave(self) -> None:
        """There is nothing to stop."""

    def _item(self, item: Handle) -> Any:
        return self.board.items[item.id.native_id]


def _ref(item_id: ItemId) -> Ref:
    return Ref(tracker=item_id.tracker, native_id=item_id.native_id)
