import pytest

from syncd.model.baselines import KeptText
from syncd.store import Store, WorkspaceStore
from tests.builders import item_id
from tests.store.samples import minutes

PAY = KeptText(item=item_id("PAY-1"), at=minutes(0), words="it is fast")
LOST = KeptText(item=item_id("PAY-2"), at=minutes(1), is_lost=True)


def test_texts_come_back_as_they_were_kept(store: WorkspaceStore):
    store.keep_texts([PAY, LOST])
    assert dict(store.texts()) == {PAY.item: PAY, LOST.item: LOST}


def test_a_text_is_kept_once(store: WorkspaceStore):
    store.keep_texts([PAY])
    store.keep_texts([KeptText(item=PAY.item, at=minutes(9), words="it is slow")])
    assert store.texts()[PAY.item] == PAY


def test_what_was_not_kept_is_not_there(store: WorkspaceStore):
    kept = store.texts()
    assert (len(kept), PAY.item in kept, kept.get(PAY.item)) == (0, False, None)
    with pytest.raises(KeyError):
        kept[PAY.item]


def test_texts_are_of_one_workspace(filed: Store):
    filed.workspace("default").keep_texts([PAY])
    assert PAY.item not in filed.workspace("other").texts()
