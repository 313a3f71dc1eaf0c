import pytest

from syncd.model.identity import Handle, PlaceId
from syncd.model.reading import CensusPage
from syncd.store import WorkspaceStore
from syncd.store.times import micros
from tests.builders import item_id, make_item
from tests.store.samples import make_page, minutes

PAY, FRAUD = PlaceId("jira", "PAY"), PlaceId("jira", "FRAUD")


def handle(key: str) -> Handle:
    return Handle(item_id(key), key)


def page(place: PlaceId, *keys: str, complete: bool = True, error: str = "") -> CensusPage:
    return CensusPage(place=place, handles=tuple(handle(key) for key in keys), complete=complete, error=error)


def count(store: WorkspaceStore, at: int, *pages: CensusPage) -> list[str]:
    """Take a census at a minute and return the keys to look up."""
    census_id = store.begin_census("jira", minutes(at))
    for each in pages:
        store.record_census(census_id, each)
    return [found.key for found in store.finish_census(census_id, minutes(at))]


@pytest.fixture
def known(store: WorkspaceStore) -> WorkspaceStore:
    items = [make_item(key) for key in ("PAY-1", "PAY-2", "FRAUD-1")]
    store.save_page("jira", make_page(*items))
    return store


def test_what_two_counts_in_a_row_miss_is_to_be_looked_up(known: WorkspaceStore):
    assert count(known, 1, page(PAY, "PAY-1")) == []
    assert count(known, 2, page(PAY, "PAY-1")) == ["PAY-2"]
    assert item_id("PAY-2") in known.items()


def test_what_is_not_confirmed_is_looked_up_again(known: WorkspaceStore):
    for at in (1, 2):
        count(known, at, page(PAY, "PAY-1"))
    assert count(known, 3, page(PAY, "PAY-1")) == ["PAY-2"]


def test_what_is_gone_is_not_looked_up_again(known: WorkspaceStore):
    for at in (1, 2):
        count(known, at, page(PAY, "PAY-1"))
    known.mark_gone([item_id("PAY-2")], minutes(2))
    assert count(known, 3, page(PAY, "PAY-1")) == []


def test_what_was_counted_in_between_is_not_missed(known: WorkspaceStore):
    count(known, 1, page(PAY, "PAY-1"))
    count(known, 2, page(PAY, "PAY-1", "PAY-2"))
    assert count(known, 3, page(PAY, "PAY-1")) == []


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([page(PAY)], id="empty"),
        pytest.param([page(PAY, "PAY-1", complete=False)], id="partial"),
        pytest.param([page(PAY, "PAY-1", complete=False), page(PAY, complete=False, error="403")], id="failed"),
        pytest.param([page(PAY, "PAY-1"), page(PAY, error="half a page")], id="failed-at-its-end"),
        pytest.param([page(FRAUD, "FRAUD-1")], id="not-counted"),
        pytest.param([], id="nothing-at-all"),
    ],
)
def test_a_count_that_is_not_whole_means_nothing(known: WorkspaceStore, pages: list[CensusPage]):
    for at in (1, 2, 3):
        assert count(known, at, *pages) == []
    states = known.place_states()
    assert PAY not in states or states[PAY].census_at is None


def test_a_count_that_is_not_whole_forgets_no_miss(known: WorkspaceStore):
    count(known, 1, page(PAY, "PAY-1"))
    count(known, 2, page(PAY, error="502"))
    assert count(known, 3, page(PAY, "PAY-1")) == ["PAY-2"]


def test_an_item_first_seen_after_a_count_began_is_not_missed_by_it(known: WorkspaceStore):
    census_id = known.begin_census("jira", minutes(1))
    known.save_page("jira", make_page(make_item("PAY-3"), at=minutes(2)))
    known.record_census(census_id, page(PAY, "PAY-1", "PAY-2"))
    known.finish_census(census_id, minutes(3))
    assert count(known, 4, page(PAY, "PAY-1", "PAY-2")) == []
    assert count(known, 5, page(PAY, "PAY-1", "PAY-2")) == ["PAY-3"]


def test_an_item_counted_in_another_place_has_moved(known: WorkspaceStore):
    for at in (1, 2):
        assert count(known, at, page(PAY, "PAY-1"), page(FRAUD, "FRAUD-1", "PAY-2")) == []


def test_an_item_that_is_counted_again_after_it_was_gone_is_looked_up(known: WorkspaceStore):
    known.mark_gone([item_id("PAY-2")], minutes(1))
    assert count(known, 2, page(PAY, "PAY-1", "PAY-2")) == ["PAY-2"]


def test_what_is_counted_and_unknown_is_no_concern_of_the_count(known: WorkspaceStore):
    assert count(known, 1, page(PAY, "PAY-1", "PAY-2", "PAY-77")) == []


def test_pages_of_a_place_add_up(known: WorkspaceStore):
    for at in (1, 2):
        assert count(known, at, page(PAY, "PAY-1", complete=False), page(PAY, "PAY-2")) == []
        assert count(known, at, page(PAY, "PAY-1", "PAY-2", complete=False), page(PAY)) == []


def test_a_place_knows_when_it_was_last_counted_whole(known: WorkspaceStore):
    empty = PlaceId("jira", "LEG")
    count(known, 1, page(PAY, "PAY-1"), page(FRAUD, error="403"), page(empty))
    states = known.place_states()
    assert states[PAY].census_at == minutes(1)
    assert states[empty].census_at == minutes(1)
    assert FRAUD not in states


def test_a_count_that_was_never_finished_means_nothing(known: WorkspaceStore):
    lost = known.begin_census("jira", minutes(1))
    known.record_census(lost, page(PAY, "PAY-1"))
    assert count(known, 2, page(PAY, "PAY-1")) == []
    known.record_census(lost, page(PAY, "PAY-1"))
    assert known.finish_census(lost, minutes(3)) == []
    with known._database.read() as connection:
        for table in ("census_handles", "census_places"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0
    assert count(known, 4, page(PAY, "PAY-1")) == ["PAY-2"]


def test_a_count_of_one_tracker_says_nothing_of_another(known: WorkspaceStore):
    other = make_item("github:PAY-2")
    known.save_page("github", make_page(other))
    running = known.begin_census("github", minutes(1))
    for at in (1, 2):
        count(known, at, page(PAY, "PAY-1", "PAY-2"))
    known.record_census(running, CensusPage(place=other.place, handles=(Handle(other.id, other.key),), complete=True))
    assert known.finish_census(running, minutes(3)) == []
    assert known.place_states()[other.place].census_at == minutes(3)


def test_the_first_instant_at_which_an_item_was_gone_stays(known: WorkspaceStore):
    known.mark_gone([item_id("PAY-2")], minutes(1))
    known.mark_gone([item_id("PAY-2"), item_id("PAY-404")], minutes(9))
    with known._database.read() as connection:
        stamps = connection.exec_driver_sql("SELECT gone_at FROM items WHERE gone_at IS NOT NULL").fetchall()
    assert stamps == [(micros(minutes(1)),)]
