from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from syncd.model.identity import ContainerId, Handle, Ref
from syncd.model.items import BEGINNING, Event, History, Item
from syncd.model.reading import HistoryPage
from syncd.store import Store, WorkspaceStore, migrations
from syncd.store.histories import merge
from syncd.store.history import RETRY_AFTER
from tests.builders import NOW, blocked_by, item_id, make_container, make_item
from tests.store.samples import make_change, make_page, minutes, write

LATER = NOW + timedelta(days=30)


def make_event(field: str, before: str, after: str, at: float, actor: str = "ann", key: str = "PAY-1") -> Event:
    return Event(
        item=item_id(key), at=minutes(0) + timedelta(minutes=at), field=field, before=before, after=after, actor=actor
    )


def make_changed_item(key: str = "PAY-1", **given: Any) -> Item:
    """Return an item that was changed after it was created: its history is worth asking for."""
    return make_item(key, **{"updated_at": NOW, **given})


def told(*events: Event, key: str = "PAY-1", at: int = 10) -> HistoryPage:
    return HistoryPage(observed_at=minutes(at), histories={item_id(key): History(known_since=BEGINNING, events=events)})


def steps(events: Iterable[Event]) -> list[tuple[str, str, str, str]]:
    return [(event.field, event.before, event.after, event.actor) for event in events]


def backlog(store: WorkspaceStore, limit: int = 10) -> list[str]:
    return [handle.key for handle in store.history_backlog("jira", LATER, limit)]


class TestBacklog:
    def test_what_changed_last_comes_first(self, store: WorkspaceStore):
        store.save_page(
            "jira", make_page(make_changed_item("PAY-1"), make_changed_item("PAY-2", updated_at=minutes(1)))
        )
        assert store.history_backlog("jira", NOW, 1) == [Handle(item_id("PAY-2"), "PAY-2")]

    def test_an_item_that_never_changed_has_no_history_to_ask_for(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_item("PAY-1")))
        assert backlog(store) == []
        assert store.backfill_progress("jira") == (1, 1)
        assert store.histories() == {item_id("PAY-1"): History(known_since=BEGINNING)}

    def test_what_was_told_is_done(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item("PAY-1"), make_changed_item("PAY-2")))
        store.save_histories("jira", told())
        assert backlog(store) == ["PAY-2"]
        assert store.backfill_progress("jira") == (1, 2)

    def test_what_changes_after_it_was_told_is_asked_for_again(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item()))
        store.save_histories("jira", told())
        changed = make_changed_item(title="Other", updated_at=minutes(20))
        store.save_page("jira", make_page(changed, at=minutes(20)))
        assert backlog(store) == ["PAY-1"]

    def test_what_shows_in_nothing_but_the_time_is_asked_for_too(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item(labels=("a",))))
        store.save_histories("jira", told())
        flipped = make_changed_item(labels=("a",), updated_at=minutes(20))
        store.save_page("jira", make_page(flipped, at=minutes(20)))
        assert backlog(store) == ["PAY-1"]

    def test_what_we_write_is_no_reason_to_ask_unless_people_changed_something_too(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item()))
        store.save_histories("jira", told())
        write(store, make_change(), stamp=minutes(20))
        ours = make_changed_item(own_labels=("syncd:no-outcome",), updated_at=minutes(20))
        store.save_page("jira", make_page(ours, at=minutes(21)))
        assert backlog(store) == []
        theirs = msgspec.structs.replace(ours, status="Done")
        store.save_page("jira", make_page(theirs, at=minutes(22)))
        assert backlog(store) == ["PAY-1"]

    def test_an_answer_from_before_the_change_leaves_it_due(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item(), at=minutes(20)))
        store.save_histories("jira", told(at=10))
        assert backlog(store) == ["PAY-1"]

    def test_what_is_gone_is_not_asked_for(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item()))
        store.mark_gone([item_id("PAY-1")], NOW)
        assert backlog(store) == []
        assert store.backfill_progress("jira") == (0, 0)

    def test_what_could_not_be_told_waits_for_a_day_or_a_change(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item()))
        store.save_histories("jira", HistoryPage(observed_at=NOW, failures={item_id("PAY-1"): "not found"}))
        assert store.history_backlog("jira", NOW, 1) == []
        assert store.history_backlog("jira", NOW + RETRY_AFTER, 1) != []
        store.save_page("jira", make_page(make_changed_item(title="Other", updated_at=minutes(1)), at=minutes(1)))
        assert store.history_backlog("jira", NOW, 1) != []

    def test_another_tracker_and_another_workspace_are_not_concerned(self, filed: Store):
        store, other = filed.workspace("default"), filed.workspace("other")
        store.save_page("jira", make_page(make_changed_item()))
        assert store.history_backlog("github", LATER, 1) == []
        assert other.history_backlog("jira", LATER, 1) == []
        assert other.histories() == {}


class TestHistories:
    def test_before_anybody_is_asked_they_hold_what_polls_saw(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item(title="Old")))
        store.save_page("jira", make_page(make_changed_item(title="New", updated_at=minutes(1)), at=minutes(2)))
        (history,) = store.histories().values()
        assert history.known_since == NOW
        assert steps(history.events) == [("title", "Old", "New", "")]

    def test_the_tracker_s_own_account_wins_over_what_a_poll_saw_of_it(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item(status="To Do", labels=("a",))))
        later = make_changed_item(status="Done", labels=("a", "b"), body="x", updated_at=minutes(1))
        store.save_page("jira", make_page(later, at=minutes(5)))
        events = (
            make_event("status", "To Do", "In Progress", 1),
            make_event("labels", "", "b", 2),
            make_event("status", "In Progress", "Done", 3),
        )
        store.save_histories("jira", told(*events))
        (history,) = store.histories().values()
        assert history.known_since == BEGINNING
        assert steps(history.events) == [*steps(events), ("body", "", "changed", "")]

    def test_a_later_answer_replaces_an_earlier_one_and_never_the_other_way(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item()))
        new = told(make_event("status", "A", "B", 1), make_event("status", "B", "C", 2), at=11)
        for page in (told(make_event("status", "A", "B", 1), at=10), new, new, told(at=9)):
            store.save_histories("jira", page)
        (history,) = store.histories().values()
        assert steps(history.events) == steps(new.histories[item_id("PAY-1")].events)

    def test_items_that_are_named_by_key_are_told_by_id(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_changed_item(), make_item("PAY-9")))
        store.save_page(
            "jira", make_page(make_item("FRAUD-1", id=item_id("PAY-9"), updated_at=minutes(1)), at=minutes(1))
        )
        parent, link = (
            make_event("parent", "jira:PAY-7", "jira:PAY-9", 1),
            make_event("links", "", "Blocks in jira:FRAUD-1", 2),
        )
        store.save_histories("jira", told(parent, link))
        assert steps(store.histories()[item_id("PAY-1")].events) == [
            ("parent", "jira:PAY-7", "jira:nPAY-9", "ann"),
            ("links", "", "Blocks in jira:nPAY-9", "ann"),
        ]

    def test_milestones_that_are_named_by_title_are_told_by_id_where_it_is_known(self, store: WorkspaceStore):
        container = make_container("Beta: 2", place="github:acme/checkout")
        item = make_changed_item("acme/checkout#1")
        store.save_page("github", make_page(item, containers=(container,)))
        names = [str(ContainerId("github", "milestone", f"acme/checkout: {title}")) for title in ("Beta: 2", "Old")]
        events = [Event(item=item.id, at=NOW, field="milestones", before="", after=name) for name in names]
        page = HistoryPage(
            observed_at=minutes(1), histories={item.id: History(known_since=BEGINNING, events=tuple(events))}
        )
        store.save_histories("github", page)
        assert [event.after for event in store.histories()[item.id].events] == [str(container.id), names[1]]

    def test_what_came_and_went_at_one_instant_did_not_happen(self, store: WorkspaceStore):
        for minute, labels in enumerate([(), ("a",), ()]):
            store.save_page("jira", make_page(make_changed_item(labels=labels, updated_at=minutes(minute))))
        assert store.histories()[item_id("PAY-1")].events == ()
        assert store.events(item_id("PAY-1")) == ()

    def test_what_is_gone_has_none(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_item()))
        store.mark_gone([item_id("PAY-1")], NOW)
        assert store.histories() == {}

    def test_sightings_of_links_are_given_for_all_items(self, store: WorkspaceStore):
        store.save_page("jira", make_page(make_item(links=(blocked_by("PAY-2"),), parent=Ref("jira", key="PAY-3"))))
        assert store.link_sightings() == {
            item_id("PAY-1"): {("blocks", "in", "jira:nPAY-2"): NOW, ("parent", "in", "jira:PAY-3"): NOW}
        }


class TestMerge:
    def test_a_poll_saw_the_sum_of_the_steps_between(self):
        told = [make_event("status", "A", "B", 1), make_event("status", "B", "C", 2)]
        assert merge(told, [make_event("status", "A", "C", 5, actor="")]) == tuple(told)

    def test_what_the_tracker_did_not_tell_stays(self):
        seen = make_event("parent", "", "jira:1", 5, actor="")
        assert steps(merge([make_event("status", "A", "B", 6)], [seen])) == [
            ("parent", "", "jira:1", ""),
            ("status", "A", "B", "ann"),
        ]

    def test_the_same_step_again_after_the_last_answer_stays(self):
        told = [make_event("labels", "", "a", 1)]
        seen = [make_event("labels", "", "a", 2), make_event("labels", "a", "", 4), make_event("labels", "", "a", 6)]
        assert [event.at for event in merge(told, seen)] == [told[0].at, seen[1].at, seen[2].at]

    def test_a_poll_tells_its_time_in_whole_seconds(self):
        told = [make_event("status", "A", "B", 1.005)]
        assert merge(told, [make_event("status", "A", "B", 1, actor="")]) == tuple(told)

    @pytest.mark.parametrize("at", [pytest.param(0.5, id="before-the-step"), pytest.param(-3, id="long-before")])
    def test_what_was_seen_before_it_was_told_to_happen_is_something_else(self, at: float):
        told = [make_event("status", "A", "B", 1)]
        assert len(merge(told, [make_event("status", "A", "B", at, actor="")])) == 2


def test_an_old_store_keeps_what_polls_saw_member_by_member(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(migrations.__path__[0]))
        command.upgrade(config, "0001")
        rows = [
            ("w", "jira", "1", 5, "labels", "a, b, c", "b, d", ""),
            ("w", "jira", "1", 5, "status", "To Do", "Done", ""),
            ("w", "jira", "1", 6, "links", "", "blocks out jira:2", ""),
        ]
        connection.exec_driver_sql("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.exec_driver_sql(
            "INSERT INTO items VALUES ('w', 'jira', '1', 'PAY-1', 'PAY', 1, 7, 1, NULL, NULL, x'00', x'00')"
        )
        migrations.upgrade(connection)
        found = connection.exec_driver_sql("SELECT at, field, before, after FROM events").fetchall()
        due = connection.exec_driver_sql("SELECT native_id, seen_at FROM history_due").fetchall()
    assert set(found) == {
        (5, "labels", "a", ""),
        (5, "labels", "c", ""),
        (5, "labels", "", "d"),
        (5, "status", "To Do", "Done"),
        (6, "links", "", "blocks out jira:2"),
    }
    assert due == [("1", 7)]
