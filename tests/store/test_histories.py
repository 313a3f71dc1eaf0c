import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event

from syncd.model.identity import ItemId
from syncd.model.items import BEGINNING, Event, History
from syncd.model.reading import HistoryPage
from syncd.store import WorkspaceStore
from syncd.store.histories import Histories
from tests.builders import NOW, item_id, make_item
from tests.store.samples import make_page, minutes

COUNT = 600


def make_history(item: ItemId, steps: int) -> History:
    happened = (
        Event(item=item, at=NOW - timedelta(hours=step), field="status", before="A", after=f"B{step}", actor="ann")
        for step in range(steps, 0, -1)
    )
    return History(known_since=BEGINNING, events=tuple(happened))


@pytest.fixture
def expected(store: WorkspaceStore) -> dict[ItemId, History]:
    """Fill the store with items of two trackers, of which some have a history, and return what it holds."""
    found: dict[ItemId, History] = {}
    keys = [f"PAY-{number}" for number in range(1, COUNT)] + [f"acme/x#{number}" for number in range(1, COUNT // 2)]
    items = [make_item(key, updated_at=NOW) for key in keys]
    for tracker in ("jira", "github"):
        own = [item for item in items if item.id.tracker == tracker]
        store.save_page(tracker, make_page(*own))
        told = {item.id: make_history(item.id, number % 4) for number, item in enumerate(own) if number % 3}
        store.save_histories(tracker, HistoryPage(observed_at=minutes(1), histories=told))
        found.update({item.id: told.get(item.id, History(known_since=NOW)) for item in own})
    return found


class _Queries:
    """Counts what is asked of the database."""

    def __init__(self, histories: Histories) -> None:
        self.count = 0
        event.listen(histories._database._engine, "before_cursor_execute", self._counted)

    def _counted(self, *_: object) -> None:
        self.count += 1


def test_asked_in_any_order_they_are_the_same(store: WorkspaceStore, expected: dict[ItemId, History]):
    shuffled = random.Random(3).sample(sorted(expected), len(expected))
    for ids in (list(expected), sorted(expected, reverse=True), shuffled):
        histories = store.histories()
        assert [histories[each] for each in ids] == [expected[each] for each in ids]
    assert store.histories().of(shuffled) == expected
    assert store.histories() == expected
    assert len(store.histories()) == len(expected)


def test_who_asks_in_the_order_of_keys_is_served_many_at_a_time(store: WorkspaceStore, expected: dict[ItemId, History]):
    histories = store.histories()
    in_order = list(histories)
    queries = _Queries(histories)
    for each in in_order:
        assert each in histories
    assert queries.count < 80
    queries.count = 0
    assert [histories[each] for each in in_order] == [expected[each] for each in in_order]
    assert queries.count == 0


def test_who_asks_for_few_is_not_served_many(store: WorkspaceStore, expected: dict[ItemId, History]):
    histories = store.histories()
    for number in range(1, COUNT, 50):
        assert histories[item_id(f"PAY-{number}")] == expected[item_id(f"PAY-{number}")]
    assert len(histories._kept) + len(histories._ahead) < 100


def test_what_is_not_there_has_none(store: WorkspaceStore, expected: dict[ItemId, History]):
    histories = store.histories()
    nobody = item_id("PAY-9999")
    assert nobody not in histories
    assert histories.get(nobody) is None
    with pytest.raises(KeyError):
        histories[nobody]
    assert histories.of([nobody, *list(expected)[:1]]).keys() == {next(iter(expected))}


def test_what_was_saved_since_shows_once_the_old_is_forgotten(store: WorkspaceStore, expected: dict[ItemId, History]):
    histories, item = store.histories(), item_id("PAY-1")
    before = histories[item]
    later = make_history(item, 7)
    store.save_histories("jira", HistoryPage(observed_at=minutes(9), histories={item: later}))
    assert histories[item] == before
    histories.forget([item])
    assert histories[item] == later


def test_threads_share_them(store: WorkspaceStore, expected: dict[ItemId, History]):
    histories = store.histories()

    def ask(number: int) -> bool:
        ids = random.Random(number).sample(sorted(expected), len(expected))
        return all(histories[each] == expected[each] for each in ids)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(4)))
