from syncd.store import WorkspaceStore
from tests.builders import make_baseline
from tests.store.samples import minutes

FIRST, SECOND = make_baseline("PAY-1", at=minutes(0)), make_baseline("PAY-1", "PAY-2", at=minutes(5), reason="agreed")


def test_baselines_come_back_by_subject_oldest_first(store: WorkspaceStore):
    store.add_baselines([SECOND])
    store.add_baselines([FIRST])
    assert store.baselines() == {FIRST.of: (FIRST, SECOND)}


def test_a_baseline_is_never_rewritten(store: WorkspaceStore):
    store.add_baselines([FIRST])
    store.add_baselines([make_baseline("PAY-9", at=FIRST.at)])
    assert store.baselines() == {FIRST.of: (FIRST,)}
