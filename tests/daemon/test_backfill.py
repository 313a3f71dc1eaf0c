"""Histories are read a little at a time, survive a kill, and stop when they are told to."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import msgspec
import pytest
from structlog.testing import capture_logs

from adapters.memory import MemoryTracker
from syncd.clock import ManualClock
from syncd.daemon.backfill import backfill, time_left
from syncd.daemon.background import read_histories
from syncd.model.errors import TransientError
from syncd.model.identity import Handle
from syncd.model.reading import HistoryPage
from tests.daemon.ground import Ground


class OneByOne(MemoryTracker):
    """A tracker that tells one history a request; it breaks off when ``left`` requests were answered."""

    left = 1_000

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        for handle in handles:
            if not self.left:
                raise TransientError("can't be reached", tracker=self.name)
            self.left -= 1
            yield from super().history([handle])


class Behind(MemoryTracker):
    """A tracker that tells histories as of the day before: another server of it does."""

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        for page in super().history(handles):
            yield msgspec.structs.replace(page, observed_at=page.observed_at - timedelta(days=1))


class StoppingClock(ManualClock):
    """A clock on which a stop was asked for."""

    def wait(self, seconds: float) -> bool:
        return True


def furnish(ground: Ground, count: int = 3) -> list[Handle]:
    """Add items that were changed before we looked."""
    handles = [ground.board.add(f"item {number}") for number in range(count)]
    for handle in handles:
        ground.board.edit(handle.id, status="In Progress")
    ground.poll()
    return handles


@pytest.fixture
def tracker(ground: Ground) -> OneByOne:
    return OneByOne(ground.board)


def test_all_that_is_due_is_read_and_stored(ground: Ground):
    handles = furnish(ground)

    read = backfill(ground.trackers["memory"], ground.store, ground.clock)

    assert (read.request_count, read.told_count, read.done, read.total) == (1, 3, 3, 3)
    histories = ground.store.histories()
    assert [histories[each.id].events[0].after for each in handles] == ["In Progress"] * 3


def test_nothing_is_asked_where_nothing_is_due(ground: Ground):
    furnish(ground)
    backfill(ground.trackers["memory"], ground.store, ground.clock)
    ground.poll()
    before = ground.board.request_count

    read = backfill(ground.trackers["memory"], ground.store, ground.clock)

    assert (read.request_count, ground.board.request_count) == (0, before)
    assert (read.done, read.total) == (3, 3)


def test_what_changed_since_is_read_again_and_nothing_else(ground: Ground, tracker: OneByOne):
    first, *_ = furnish(ground)
    backfill(tracker, ground.store, ground.clock)
    ground.board.edit(first.id, status="Done")
    ground.poll()

    assert backfill(tracker, ground.store, ground.clock).request_count == 1
    assert [each.after for each in ground.store.histories()[first.id].events] == ["In Progress", "Done"]


def test_a_run_ends_with_its_requests_and_the_next_one_goes_on(ground: Ground, tracker: OneByOne):
    furnish(ground)

    done = [backfill(tracker, ground.store, ground.clock, requests=2).done for _ in range(3)]

    assert done == [2, 3, 3]
    assert tracker.left == 1_000 - 3


def test_a_kill_loses_nothing_that_was_told(ground: Ground, tracker: OneByOne):
    furnish(ground)
    tracker.left = 2
    read = backfill(tracker, ground.store, ground.clock)
    assert (read.done, read.error) == (2, "memory: can't be reached")

    ground.restart()
    tracker.left = 1_000

    assert backfill(tracker, ground.store, ground.clock).request_count == 1
    assert len([each for each in ground.store.histories().values() if each.events]) == 3


def test_a_stop_ends_it_after_the_request_that_is_under_way(ground: Ground, tracker: OneByOne):
    furnish(ground)

    read = backfill(tracker, ground.store, StoppingClock(ground.clock.now()))

    assert (read.request_count, read.done) == (1, 1)


def test_what_can_not_be_told_does_not_keep_the_others_waiting(ground: Ground):
    first, *_ = furnish(ground)
    ground.board.unreadable[first.id.native_id] = "no permission"

    read = backfill(ground.trackers["memory"], ground.store, ground.clock)

    assert (read.told_count, read.failed_count, read.done) == (2, 1, 2)
    assert ground.store.untold_histories("memory") == [(first, "no permission")]
    assert backfill(ground.trackers["memory"], ground.store, ground.clock).request_count == 0


def test_what_stays_due_though_it_was_told_is_asked_for_once_a_run(ground: Ground):
    furnish(ground)

    assert backfill(Behind(ground.board), ground.store, ground.clock).request_count == 1
    assert ground.store.backfill_progress("memory") == (0, 3)


def test_the_time_left_is_told_at_the_pace_of_the_last_hour(ground: Ground, tracker: OneByOne):
    furnish(ground, count=10)
    assert time_left(ground.store, "memory", ground.clock.now()) is None
    for _ in range(5):
        ground.pass_time(minutes=1)
        backfill(tracker, ground.store, ground.clock, requests=1)

    left = time_left(ground.store, "memory", ground.clock.now())

    assert left is not None
    assert timedelta(minutes=3) < left < timedelta(minutes=6)
    assert time_left(ground.store, "memory", ground.clock.now() + timedelta(hours=2)) is None


class TestInTheBackground:
    def test_it_is_judged_anew_after_the_last_history(self, ground: Ground):
        furnish(ground)
        assert read_histories(ground.workspace, "memory", ground.clock)
        assert not read_histories(ground.workspace, "memory", ground.clock)

    def test_what_can_not_be_told_does_not_put_that_off(self, ground: Ground):
        first, *_ = furnish(ground)
        ground.board.unreadable[first.id.native_id] = "no permission"
        assert read_histories(ground.workspace, "memory", ground.clock)

    def test_a_tracker_that_asks_for_patience_is_no_trouble(self, ground: Ground):
        furnish(ground)

        class Busy(MemoryTracker):
            def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
                raise TransientError("slow down", tracker=self.name, retry_after=timedelta(minutes=5))

        busy = msgspec.structs.replace(ground.workspace, trackers={"memory": Busy(ground.board)})
        with capture_logs() as logs:
            assert not read_histories(busy, "memory", ground.clock)
        assert [(line["event"], line["log_level"]) for line in logs] == [("histories wait", "info")]

    def test_nobody_is_asked_about_places_that_are_not_configured_any_more(self, ground: Ground):
        furnish(ground)
        charter = msgspec.structs.replace(ground.workspace.charter, places={})
        before = ground.board.request_count

        assert not read_histories(msgspec.structs.replace(ground.workspace, charter=charter), "memory", ground.clock)

        assert ground.board.request_count == before
        assert ground.store.backfill_progress("memory", ()) == (0, 0)
        assert ground.store.backfill_progress("memory") == (0, 3)
