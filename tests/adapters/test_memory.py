import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from adapters.board import Board
from adapters.memory import US, MemoryTracker
from syncd.clock import ManualClock
from syncd.model.comments import Mark
from syncd.model.errors import TransientError
from syncd.model.identity import Handle, Ref
from syncd.model.items import Direction, LinkRef
from tests.adapters.contract import OWNER, PREFIX, AdapterContract, add_label, fates, send

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class MemoryHands:
    """People on a Board."""

    def __init__(self, board: Board, clock: ManualClock) -> None:
        self.board = board
        self.clock = clock
        self.places = tuple(place.key for place in board.places)

    def add_item(
        self,
        title: str,
        *,
        body: str = "",
        labels: Sequence[str] = (),
        parent: Handle | None = None,
        blocks: Handle | None = None,
        place: str = "",
    ) -> Handle:
        links = [LinkRef(name="Blocks", direction=Direction.OUT, target=Ref(key=blocks.key))] if blocks else []
        above = Ref(native_id=parent.id.native_id) if parent else None
        return self.board.add(title, place=place, body=body, labels=tuple(labels), parent=above, links=tuple(links))

    def edit_title(self, item: Handle, title: str) -> None:
        self.board.edit(item.id, title=title)

    def delete_item(self, item: Handle) -> None:
        self.board.delete(item.id)

    def labels(self, item: Handle) -> set[str]:
        return set(self.board.items[item.id.native_id].labels)

    def add_label(self, item: Handle, label: str) -> None:
        self.board.edit(item.id, labels=(*self.board.items[item.id.native_id].labels, label))

    def remove_label(self, item: Handle, label: str) -> None:
        self.board.edit(item.id, labels=tuple(self.labels(item) - {label}))

    def comment_ids(self, item: Handle) -> list[str]:
        return [remark.id for remark in self.board.remarks(item.id)]

    def edit_comment(self, item: Handle, comment_id: str, text: str) -> None:
        self.board.edit_remark(item.id, comment_id, text)

    def delete_comment(self, item: Handle, comment_id: str) -> None:
        self.board.delete_remark(item.id, comment_id)

    def add_foreign_comment(self, item: Handle, owner: str) -> None:
        self.board.remark(item.id, "theirs", author=US.account, mark=Mark(owner=owner, hash="1"))

    def forge_comment(self, item: Handle, mark: Mark) -> None:
        self.board.remark(item.id, "forged", author="mallory", mark=mark)

    def harm(self, item: Handle, comment_id: str) -> list[str]:
        (text,) = [remark.text for remark in self.board.remarks(item.id) if remark.id == comment_id]
        return re.findall(r"@\w+|#\d+|https?://\S+", text)

    def break_item(self, item: Handle) -> None:
        self.board.unreadable[item.id.native_id] = "its title is no text"
        self.board.edit(item.id)

    def break_place(self, place: str) -> None:
        (found,) = [each for each in self.board.places if each.key == place]
        self.board.failing[found] = "the token sees no such place"

    def lose_next_write(self) -> None:
        self.board.lost_count = 1

    def pass_time(self, span: timedelta) -> None:
        self.clock.set(self.clock.now() + span)

    def request_count(self) -> int:
        return self.board.request_count


class TestMemoryTracker(AdapterContract):
    idle_requests = 2

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock(NOW)

    @pytest.fixture
    def board(self, clock: ManualClock) -> Board:
        return Board(clock, places=("PAY", "FRAUD"))

    @pytest.fixture
    def tracker(self, board: Board) -> MemoryTracker:
        return MemoryTracker(board, owner=OWNER, prefix=PREFIX)

    @pytest.fixture
    def hands(self, board: Board, clock: ManualClock) -> MemoryHands:
        return MemoryHands(board, clock)

    def test_while_it_is_down_reads_fail_and_writes_are_deferred(self, tracker, hands, board):
        item = hands.add_item("one")
        board.is_down = True

        with pytest.raises(TransientError, match="memory: can't be reached"):
            list(tracker.poll(None))
        assert [fate.value for fate in fates(send(tracker, [add_label(item)]))] == ["deferred"]
        assert hands.labels(item) == set()
