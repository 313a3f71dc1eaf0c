from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.model.changes import Fate
from syncd.model.identity import ItemId, Ref
from syncd.model.items import Direction, Item, LinkRef
from syncd.store import Store, WorkspaceStore, open_store
from syncd.store.engine import Database
from tests.builders import NOW, blocked_by, blocks, item_id, make_item
from tests.store.samples import make_change, make_page, minutes, write

PAY_1 = item_id("PAY-1")


@pytest.fixture(scope="module")
def shared() -> Store:
    return open_store("sqlite://")


def seen(store: WorkspaceStore, updated: int, observed: int, key: str = "PAY-1", **given: Any) -> tuple[ItemId, ...]:
    """Save PAY-1 as it was at one minute and seen at another."""
    item = make_item("PAY-1", **given)
    item = msgspec.structs.replace(item, key=key, updated_at=minutes(updated))
    return store.save_page("jira", make_page(item, at=minutes(observed))).changed


def test_an_item_comes_back_as_it_was_saved(store: WorkspaceStore):
    item = make_item(
        fields={"Story Points": 3.0, "Team": ("a", "b"), "Flagged": True, "Sprint": None, "Target end": "2026-12-01"},
        links=(blocks("PAY-2"),),
        assignees=("ann",),
        parent="PAY-9",
        estimate=2.5,
        body="é ✓ \0 🙂",
    )
    store.save_page("jira", make_page(item))
    assert store.items() == {item.id: item}
    assert store.item(item.id) == item


def test_equal_values_of_many_items_are_one_value(store: WorkspaceStore):
    store.save_page("jira", make_page(make_item("PAY-1", labels=("a",)), make_item("PAY-2", labels=("a",))))
    one, other = store.items().values()
    assert one.place is other.place
    assert one.labels is other.labels
    assert one.id.tracker is other.id.tracker


def test_what_is_new_or_differs_has_changed(store: WorkspaceStore):
    pages = [make_page(make_item("PAY-1"), make_item("PAY-2")), make_page(make_item("PAY-1"), at=minutes(1))]
    pages.append(make_page(make_item("PAY-1"), make_item("PAY-2", title="Other"), at=minutes(2)))
    changed = [store.save_page("jira", page).changed for page in pages]
    assert changed == [(PAY_1, item_id("PAY-2")), (), (item_id("PAY-2"),)]


def test_an_unchanged_item_is_not_rewritten(store: WorkspaceStore):
    seen(store, 0, 0)
    with database_of(store).write() as connection:
        connection.exec_driver_sql("UPDATE items SET body = CAST(body || ' ' AS BLOB)")
    seen(store, 0, 1)
    with database_of(store).read() as connection:
        body = connection.exec_driver_sql("SELECT body FROM items").scalar_one()
    assert bytes(body).endswith(b" ")


def database_of(store: WorkspaceStore) -> Database:
    return store._database


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        pytest.param((5, 5), (6, 6), "then", id="newer"),
        pytest.param((5, 5), (4, 6), "first", id="older-state-seen-later"),
        pytest.param((5, 5), (5, 6), "then", id="same-stamp-seen-later"),
        pytest.param((5, 5), (5, 4), "first", id="same-stamp-seen-before"),
        pytest.param((5, 5), (6, 4), "then", id="newer-state-seen-before"),
    ],
)
def test_an_older_observation_is_ignored(store: WorkspaceStore, first: tuple, then: tuple, kept: str):
    seen(store, *first, title="first")
    changed = seen(store, *then, title="then")
    assert store.items()[PAY_1].title == kept
    assert changed == ((PAY_1,) if kept == "then" else ())


def test_seeing_the_same_again_makes_what_was_seen_between_old(store: WorkspaceStore):
    seen(store, 5, 5, title="now")
    seen(store, 5, 9, title="now")
    seen(store, 5, 7, title="between")
    assert store.items()[PAY_1].title == "now"


def test_the_newest_of_an_item_that_a_page_shows_twice_counts(store: WorkspaceStore):
    new = make_item(title="new", updated_at=minutes(2))
    old = make_item(title="old", updated_at=minutes(1))
    assert store.save_page("jira", make_page(new, old, at=minutes(3))).changed == (PAY_1,)
    assert store.items()[PAY_1].title == "new"


@pytest.mark.parametrize(
    ("updated", "observed", "title"),
    [
        pytest.param(3, 4, "before our write", id="read-before-the-write"),
        pytest.param(3, 11, "after", id="read-after-it"),
        pytest.param(10, 10, "after", id="the-write-itself"),
        pytest.param(12, 9, "after", id="changed-after-it"),
    ],
)
def test_a_page_read_before_our_write_can_not_undo_it(store: WorkspaceStore, updated: int, observed: int, title: str):
    seen(store, 0, 0, title="before our write")
    write(store, make_change(), at=9, stamp=minutes(10))
    write(store, make_change(), at=9, stamp=minutes(1))
    changed = seen(store, updated, observed, title="after")
    assert store.items()[PAY_1].title == title
    assert changed == ((PAY_1,) if title == "after" else ())
    assert len(store.events(PAY_1)) == len(changed)


def test_the_order_within_a_page_does_not_matter(shared: Store):
    rows = [make_item(title=title, updated_at=minutes(1)) for title in "ab"]
    for name, items in (("there", rows), ("back", rows[::-1])):
        shared.workspace(name).save_page("jira", make_page(*items))
    assert shared.workspace("there").items() == shared.workspace("back").items()


def test_a_write_that_was_not_applied_makes_no_page_old(store: WorkspaceStore):
    seen(store, 0, 0)
    write(store, make_change(), Fate.REFUSED, at=9, stamp=minutes(10))
    seen(store, 3, 4, title="new")
    assert store.items()[PAY_1].title == "new"


def test_an_item_that_is_gone_is_kept_apart(store: WorkspaceStore):
    seen(store, 0, 0)
    store.mark_gone([PAY_1], minutes(1))
    assert store.items() == {}
    assert store.item(PAY_1) is None
    assert list(store.gone()) == [PAY_1]


@pytest.mark.parametrize("title", [pytest.param("Title of PAY-1", id="unchanged"), pytest.param("Other", id="changed")])
def test_an_item_that_comes_back_is_alive_and_has_changed(store: WorkspaceStore, title: str):
    seen(store, 0, 0)
    store.mark_gone([PAY_1], minutes(1))
    assert seen(store, 0, 2, title=title) == (PAY_1,)
    assert list(store.items()) == [PAY_1]
    assert store.gone() == {}


def test_a_page_from_before_does_not_bring_a_gone_item_back(store: WorkspaceStore):
    seen(store, 5, 5)
    store.mark_gone([PAY_1], minutes(6))
    assert seen(store, 5, 5) == ()
    assert seen(store, 4, 4, title="older") == ()
    assert store.items() == {}


def test_an_old_key_leads_to_its_item(store: WorkspaceStore):
    seen(store, 0, 0, "PAY-1")
    seen(store, 1, 1, "FRAUD-7")
    assert store.aliases() == {("jira", "PAY-1"): PAY_1}
    assert store.items()[PAY_1].key == "FRAUD-7"


def test_a_key_that_came_back_is_no_old_key(store: WorkspaceStore):
    for minute, key in enumerate(["PAY-1", "FRAUD-7", "PAY-1"]):
        seen(store, minute, minute, key)
    assert store.aliases() == {("jira", "FRAUD-7"): PAY_1}


def test_an_older_page_still_tells_an_old_key(store: WorkspaceStore):
    seen(store, 1, 1, "FRAUD-7")
    seen(store, 0, 0, "PAY-1")
    assert store.aliases() == {("jira", "PAY-1"): PAY_1}


def test_there_are_no_events_at_first_sight(store: WorkspaceStore):
    seen(store, 0, 0)
    assert store.events(PAY_1) == ()


def test_what_polls_see_change_is_history(store: WorkspaceStore):
    for minute, status in enumerate(["To Do", "In Progress", "In Progress", "Done"]):
        seen(store, minute, minute + 1, status=status)
    told = [(event.at, event.before, event.after) for event in store.events(PAY_1)]
    assert told == [(minutes(2), "To Do", "In Progress"), (minutes(4), "In Progress", "Done")]


def test_two_changes_of_a_field_in_one_instant_are_told_as_one(store: WorkspaceStore):
    for updated, title in enumerate(["a", "b", "c"]):
        seen(store, updated, 5, title=title)
    (event,) = store.events(PAY_1)
    assert (event.before, event.after) == ("a", "c")


def test_an_older_page_adds_no_history(store: WorkspaceStore):
    seen(store, 5, 5, status="Done")
    seen(store, 4, 4, status="To Do")
    assert store.events(PAY_1) == ()


def test_the_first_sight_of_an_item_and_of_its_links_is_kept(store: WorkspaceStore):
    seen(store, 0, 1, links=(blocks("PAY-2"),))
    seen(store, 1, 2, links=(blocks("PAY-2"), blocked_by("PAY-3")), parent="PAY-9")
    assert store.first_seen_at(PAY_1) == minutes(1)
    assert store.link_first_seen(PAY_1) == {
        ("blocks", "out", "jira:nPAY-2"): minutes(1),
        ("blocks", "in", "jira:nPAY-3"): minutes(2),
        ("parent", "in", "jira:nPAY-9"): minutes(2),
    }


SIGHTS = st.builds(
    lambda number, updated, observed, title, key, link: (
        msgspec.structs.replace(
            make_item(f"PAY-{number}", title=title, links=(blocks("PAY-9"),) if link else ()),
            key=key,
            updated_at=minutes(updated),
        ),
        minutes(observed),
    ),
    st.integers(1, 2),
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from("ab"),
    st.sampled_from(["PAY-1", "FRAUD-1"]),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(sights=st.lists(SIGHTS, max_size=8), data=st.data())
def test_order_and_repetition_of_pages_never_change_what_is_stored(
    shared: Store, sights: list[tuple[Item, datetime]], data: st.DataObject
):
    repeated = data.draw(st.lists(st.sampled_from(sights))) if sights else []
    shuffled = data.draw(st.permutations(sights + repeated))
    results = []
    for name, pages in (("a", sights), ("b", shuffled)):
        workspace = shared.workspace(name)
        with database_of(workspace).write() as connection:
            for table in ("items", "links", "aliases", "events"):
                connection.exec_driver_sql(f"DELETE FROM {table}")
        for item, at in pages:
            workspace.save_page("jira", make_page(item, at=at))
        with database_of(workspace).read() as connection:
            rows = connection.exec_driver_sql("SELECT * FROM items ORDER BY native_id").fetchall()
            links = connection.exec_driver_sql("SELECT * FROM links ORDER BY native_id").fetchall()
        results.append(([row[1:] for row in rows], [row[1:] for row in links], workspace.items()))
    assert results[0] == results[1]


def test_time_is_kept_to_the_microsecond_and_in_every_zone(store: WorkspaceStore):
    at = datetime.fromisoformat("2026-11-24T13:00:00.123457+05:30")
    store.save_page("jira", make_page(make_item(), at=at))
    assert store.first_seen_at(PAY_1) == at
    store.save_page("jira", make_page(make_item(), at=datetime.fromisoformat("1969-12-31T23:59:59.999999+00:00")))
    assert store.first_seen_at(PAY_1) == datetime.fromisoformat("1969-12-31T23:59:59.999999+00:00")
    assert at - NOW < timedelta(0)


class TestWhatStatesAnOutcome:
    def saved(self, store: WorkspaceStore, said: bool | None, observed: int = 5, updated: int = 1, **given: Any):
        changed = seen(store, updated, observed, states_outcome=said, **given)
        item = store.item(PAY_1)
        assert item is not None
        return item.states_outcome, changed

    def test_is_kept_as_it_was_said_where_nobody_can_say_it_now(self, store: WorkspaceStore):
        assert self.saved(store, True) == (True, (PAY_1,))
        assert self.saved(store, None, 6) == (True, ())
        assert self.saved(store, None, 7, 7, title="Changed") == (True, (PAY_1,))
        assert self.saved(store, False, 8, 7, title="Changed") == (False, (PAY_1,))
        assert self.saved(store, None, 9, 7, title="Changed") == (False, ())

    def test_is_not_known_of_an_item_that_is_new_then(self, store: WorkspaceStore):
        assert self.saved(store, None) == (None, (PAY_1,))
        assert self.saved(store, None, 6) == (None, ())
        assert self.saved(store, True, 7) == (True, (PAY_1,))

    def test_is_no_event_and_asks_for_no_history(self, store: WorkspaceStore):
        for minute, said in enumerate([False, True]):
            store.save_page("jira", make_page(make_item("PAY-1", states_outcome=said), at=minutes(minute)))
        assert [event for history in store.histories().values() for event in history.events] == []
        assert store.history_backlog("jira", minutes(9), 10) == []

    def test_says_the_same_whatever_order_two_sightings_of_one_state_come_in(self, store: WorkspaceStore):
        self.saved(store, True, 8)
        assert self.saved(store, False, 6) == (True, ())


class TestLinksThatAreAskedForApart:
    twin = LinkRef(
        name="Mirrors", direction=Direction.OUT, target=Ref(url="https://github.com/acme/checkout/issues/12")
    )

    def saved(self, store: WorkspaceStore, minute: int, updated: int = 1, **given: Any):
        changed = seen(store, updated, minute, **given)
        item = store.item(PAY_1)
        assert item is not None
        return item.links, changed

    def test_stay_as_they_were_said_before_where_they_were_not_asked_for(self, store: WorkspaceStore):
        inside, twin = blocks("PAY-2"), self.twin
        assert self.saved(store, 1, links=(inside,), has_all_links=False) == ((inside,), (PAY_1,))
        assert self.saved(store, 2, 2, links=(inside, twin)) == ((inside, twin), (PAY_1,))
        assert self.saved(store, 3, 3, has_all_links=False) == ((twin,), (PAY_1,)), (
            "what a row shows is whole but for these"
        )
        assert self.saved(store, 4, 4, links=(inside,)) == ((inside,), (PAY_1,))

    def test_are_no_news_where_they_were_not_asked_for(self, store: WorkspaceStore):
        self.saved(store, 1, links=(self.twin,))
        assert self.saved(store, 2, has_all_links=False) == ((self.twin,), ())

    def test_came_and_went_as_events(self, store: WorkspaceStore):
        self.saved(store, 1)
        self.saved(store, 2, 2, links=(self.twin,))
        self.saved(store, 3, 3)
        told = [(each.field, each.before, each.after) for each in store.histories()[PAY_1].events]
        said = f"Mirrors out {self.twin.target.url}"
        assert told == [("links", "", said), ("links", said, "")]


class TestActivity:
    """When somebody else was last active: our own write moves an item's time, too, and is no activity."""

    def active(self, store: WorkspaceStore, updated: int, observed: int, **given: Any):
        changed = seen(store, updated, observed, **given)
        item = store.item(PAY_1)
        assert item is not None
        return item.activity_at, changed

    def test_is_as_it_was_before_we_wrote(self, store: WorkspaceStore):
        assert self.active(store, 1, 2) == (None, (PAY_1,))
        write(store, make_change(), at=5, stamp=minutes(5))
        assert self.active(store, 5, 6) == (minutes(1), (PAY_1,))
        assert self.active(store, 5, 7) == (minutes(1), ())

    def test_is_that_of_the_first_of_our_writes(self, store: WorkspaceStore):
        self.active(store, 1, 2)
        for minute in (5, 8):
            write(store, make_change(), at=minute, stamp=minutes(minute))
            assert self.active(store, minute, minute + 1)[0] == minutes(1)

    def test_is_new_again_where_somebody_else_came(self, store: WorkspaceStore):
        self.active(store, 1, 2)
        write(store, make_change(), at=5, stamp=minutes(5))
        self.active(store, 5, 6)
        assert self.active(store, 7, 8, title="Changed")[0] is None
