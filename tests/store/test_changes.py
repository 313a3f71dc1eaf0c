from msgspec.structs import replace

from syncd.model.baselines import KeptText
from syncd.model.items import BEGINNING, History
from syncd.model.reading import HistoryPage
from syncd.store import WorkspaceStore, changes
from tests.builders import NOW, item_id, make_baseline, make_item
from tests.store.samples import make_page, minutes


def test_nothing_is_told_of_an_empty_store(store: WorkspaceStore) -> None:
    assert store.changed_since(0) == changes.Changes(0, frozenset())


def test_what_changed_since_a_look_is_told(store: WorkspaceStore) -> None:
    one, other = make_item("PAY-1"), make_item("PAY-2")
    store.save_page("jira", make_page(one, other))
    seen = store.changed_since(0)
    assert seen.ids == frozenset({one.id, other.id})
    later = replace(other, title="Another", updated_at=minutes(5))
    store.save_page("jira", make_page(one, later, at=minutes(6)))
    assert store.changed_since(seen.number).ids == frozenset({other.id})
    assert store.items_of([one.id, other.id, item_id("PAY-9")]) == {one.id: one, other.id: later}


def test_what_is_gone_or_has_a_past_now_is_told(store: WorkspaceStore) -> None:
    items = [make_item(f"PAY-{number}") for number in range(4)]
    store.save_page("jira", make_page(*items))
    number = store.changed_since(0).number
    store.mark_gone([items[0].id], minutes(1))
    history = History(known_since=BEGINNING)
    store.save_histories("jira", HistoryPage(observed_at=NOW, histories={items[1].id: history}))
    store.keep_texts([KeptText(item=items[2].id, at=NOW, words="It is slow")])
    assert store.changed_since(number).ids == frozenset({each.id for each in items[:3]})
    assert store.items_of([items[0].id]) == {}


def test_baselines_that_were_taken_are_told(store: WorkspaceStore) -> None:
    store.add_baselines([])
    assert store.changed_since(0).ids == frozenset()
    store.add_baselines([make_baseline()])
    assert store.changed_since(0).ids == frozenset({changes.BASELINES})


def test_who_looks_too_seldom_is_told_that_it_is_too_much(store: WorkspaceStore) -> None:
    store.save_page("jira", make_page(make_item("PAY-1")))
    many = [make_item(f"PAY-{number}") for number in range(2, changes.KEPT // 10)]
    for begin in range(0, changes.KEPT, len(many)):
        at = minutes(1 + begin)
        page = [replace(each, title=f"{begin}", updated_at=at) for each in many]
        store.save_page("jira", make_page(*page, at=at))
    assert store.changed_since(0).ids is None
    assert store.changed_since(10**9).ids is None  # a number that another store gave out
