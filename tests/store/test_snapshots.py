from datetime import timedelta

from msgspec.structs import replace

from syncd.model.snapshots import Counts, Snapshot, SuggestionIndex
from syncd.store import WorkspaceStore
from tests.builders import NOW

INDEX = SuggestionIndex(terms={"speed": {"checkout": 0.5}})
TODAY = Snapshot(day=NOW.date(), taken_at=NOW, counts={"speed": Counts(item_count=3, done_count=1)}, index=INDEX)
TOMORROW = replace(TODAY, day=NOW.date() + timedelta(days=1), counts={})


def test_a_day_keeps_the_snapshot_that_was_taken_first(store: WorkspaceStore):
    store.save_snapshot(TODAY)
    store.save_snapshot(replace(TODAY, counts={}))
    assert store.snapshot() == TODAY


def test_only_the_newest_keeps_what_unlinked_work_is_compared_with(store: WorkspaceStore):
    assert store.snapshot() is None
    store.save_snapshot(TODAY)
    store.save_snapshot(TOMORROW)
    assert store.snapshot() == TOMORROW
    assert store.snapshots(TODAY.day) == (replace(TODAY, index=None), replace(TOMORROW, index=None))
    assert store.snapshots(TOMORROW.day) == (replace(TOMORROW, index=None),)
