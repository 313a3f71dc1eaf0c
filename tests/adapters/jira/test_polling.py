import json
from datetime import timedelta

import msgspec
import pytest

from adapters.jira.adapter import JiraAdapter
from adapters.jira.settings import WORDS
from syncd.clock import ManualClock
from syncd.model.errors import AccessError, TransientError
from syncd.model.reading import Cursor, Page
from syncd.simulator.faults import Fault
from syncd.simulator.jira import JiraState
from tests.adapters.contract import LABEL, add_label, send
from tests.adapters.jira.company import adapter_for, handle_of
from tests.adapters.steps import items_of

SEARCH = "/rest/api/3/search/jql"


def asked(server, path=SEARCH):
    """Return how often a path was asked since the journal was cleared."""
    return sum(entry.path == path for entry in server.journal.entries())


def cursor_after(tracker, clock, cursor=None, wait=timedelta(hours=1)):
    """Poll to the end, a while after anything happened and a while before anything else does."""
    clock.set(clock.now() + timedelta(hours=1))
    cursor = list(tracker.poll(cursor))[-1].cursor
    clock.set(clock.now() + wait)
    return cursor


def titles(pages):
    return [item.title for item in items_of(pages)]


def test_an_idle_poll_of_many_projects_is_one_request(server, state, clock, transport):
    keys = [f"P{number}" for number in range(60)]
    for key in keys:
        state.catalogue.add_project(key)
        state.add_issue(key, "one")
    tracker = adapter_for(server.jira_url, clock, transport, keys=keys)
    cursor = cursor_after(tracker, clock)
    server.journal.clear()

    pages = list(tracker.poll(cursor))

    assert len(server.journal.entries()) == 1
    assert len(pages[-1].read_places) == 60
    assert items_of(pages) == []


@pytest.mark.parametrize(("count", "requests"), [(1, 1), (100, 1), (101, 2), (250, 3)])
def test_changed_items_cost_a_request_per_hundred(tracker, server, state, clock, count, requests):
    issues = [state.add_issue("PAY", f"item {number}") for number in range(count)]
    cursor = cursor_after(tracker, clock)
    for issue in issues:
        state.edit_issue(issue.key, summary="changed")
    server.journal.clear()

    pages = list(tracker.poll(cursor))

    assert len(server.journal.entries()) == requests
    assert titles(pages) == ["changed"] * count
    assert [page.cursor is not None for page in pages] == [False] * (requests - 1) + [True]


def test_an_item_that_the_index_shows_late_is_found_by_the_next_overlap(state, clock, server, transport):
    tracker = adapter_for(server.jira_url, clock, transport)
    issue = state.add_issue("PAY", "before")
    state.reindex()
    state.index.lag = timedelta(seconds=90)
    cursor = cursor_after(tracker, clock)
    state.edit_issue(issue.key, summary="after")
    clock.set(clock.now() + timedelta(seconds=80))

    blind = list(tracker.poll(cursor))
    clock.set(clock.now() + timedelta(seconds=60))

    assert titles(blind) == []
    assert titles(tracker.poll(blind[-1].cursor)) == ["after"]


def test_a_window_reaches_back_to_the_last_poll_however_long_ago_that_was(tracker, state, clock):
    issue = state.add_issue("PAY", "before")
    cursor = cursor_after(tracker, clock)
    state.edit_issue(issue.key, summary="after")
    clock.set(clock.now() + timedelta(hours=20))

    assert titles(tracker.poll(cursor)) == ["after"]


@pytest.mark.parametrize("drift", [timedelta(hours=-2), timedelta(hours=2)], ids=["behind", "ahead"])
def test_a_clock_of_ours_that_was_moved_loses_nothing(tracker, state, clock, server, transport, drift):
    issue = state.add_issue("PAY", "before")
    cursor = cursor_after(tracker, clock, wait=timedelta(minutes=90))
    state.edit_issue(issue.key, summary="after")
    clock.set(clock.now() + timedelta(minutes=5))
    moved = adapter_for(server.jira_url, ManualClock(clock.now() + drift), transport)

    pages = list(moved.poll(cursor))

    assert titles(pages) == ["after"]
    server.journal.clear()
    list(moved.poll(pages[-1].cursor))
    assert len(server.journal.entries()) == 1, "the drift is known now"


def test_an_import_is_resumed_after_its_token_went_stale(tracker, state, clock):
    for number in range(250):
        state.add_issue("PAY", f"item {number}")
        clock.set(clock.now() + timedelta(minutes=1))
    first = next(tracker.poll(None))
    clock.set(clock.now() + timedelta(days=8))

    rest = list(tracker.poll(first.cursor))

    assert set(titles([first, *rest])) == {f"item {number}" for number in range(250)}
    assert "item 0" not in titles(rest), "it began anew instead of going on"
    assert {place.key for page in rest for place in page.imported_places} == {"PAY", "FRAUD"}


def test_what_changed_during_an_import_is_read_at_its_end(tracker, state, clock):
    issues = [state.add_issue("PAY", f"item {number}") for number in range(150)]
    pages: list[Page] = []
    for page in tracker.poll(None):
        if not pages:
            clock.set(clock.now() + timedelta(minutes=1))
            state.edit_issue(issues[0].key, summary="changed meanwhile")
            clock.set(clock.now() + timedelta(minutes=30))
        pages.append(page)

    assert "changed meanwhile" in titles(pages)


def test_a_cursor_of_another_form_means_to_begin_anew(tracker, state):
    state.add_issue("PAY", "one")

    for text in ("", "{}", "[]", '{"version": 99}', '{"since": 5}'):
        assert titles(tracker.poll(Cursor("jira", text))) == ["one"]


def test_a_project_that_is_added_later_is_imported_whole_and_the_others_are_not(server, state, clock, transport):
    state.add_issue("PAY", "old")
    state.add_issue("FRAUD", "old, too")
    cursor = cursor_after(adapter_for(server.jira_url, clock, transport, keys=["PAY"]), clock)

    pages = list(adapter_for(server.jira_url, clock, transport).poll(cursor))

    assert titles(pages) == ["old, too"]
    assert {place.key for page in pages for place in page.imported_places} == {"PAY", "FRAUD"}


def test_a_project_that_is_taken_out_is_no_longer_read(server, state, clock, transport):
    cursor = cursor_after(adapter_for(server.jira_url, clock, transport), clock)
    state.add_issue("FRAUD", "new")

    pages = list(adapter_for(server.jira_url, clock, transport, keys=["PAY"]).poll(cursor))

    assert titles(pages) == []
    assert [place.key for place in pages[-1].read_places] == ["PAY"]


def test_a_field_that_the_map_names_newly_is_read_on_every_item(server, state, clock, transport):
    state.catalogue.add_field("Squad", "option")
    state.add_issue("PAY", "one", custom={"Squad": {"value": "checkout"}})
    few = msgspec.structs.replace(WORDS, fields=())
    cursor = cursor_after(adapter_for(server.jira_url, clock, transport, words=few), clock)

    pages = list(adapter_for(server.jira_url, clock, transport).poll(cursor))

    assert [item.fields for item in items_of(pages)] == [{"Squad": "checkout"}]


def test_once_a_day_everything_is_read_because_a_sprint_that_starts_changes_no_issue(tracker, state, clock):
    sprint = state.catalogue.add_sprint("Sprint 4")
    state.add_issue("PAY", "one", sprints=[sprint.id])
    cursor = cursor_after(tracker, clock)
    state.catalogue.change_sprint(sprint.id, state="active")

    assert not any(page.containers for page in tracker.poll(cursor))
    clock.set(clock.now() + timedelta(days=1))
    pages = list(tracker.poll(cursor))

    assert [each.state.value for page in pages for each in page.containers] == ["active"]


class TestMissingProject:
    """A search that names a project which is not there is refused as a whole."""

    def test_it_is_named_and_the_others_are_read(self, server, state, clock, transport):
        state.add_issue("PAY", "one")
        tracker = adapter_for(server.jira_url, clock, transport, keys=["PAY", "NOPE"])

        pages = list(tracker.poll(None))

        assert titles(pages) == ["one"]
        ((failure,),) = [page.failures for page in pages if page.failures]
        assert (failure.place.key, failure.error) == (
            "NOPE",
            "no project NOPE, or the account may not see it: check the key and its permission Browse Projects",
        )

    def test_it_costs_an_idle_poll_nothing_and_is_told_again(self, server, state, clock, transport):
        tracker = adapter_for(server.jira_url, clock, transport, keys=["PAY", "NOPE"])
        cursor = cursor_after(tracker, clock, wait=timedelta(minutes=1))
        server.journal.clear()

        pages = list(tracker.poll(cursor))

        assert len(server.journal.entries()) == 1
        assert [failure.place.key for failure in pages[-1].failures] == ["NOPE"]

    def test_one_that_was_hidden_is_read_from_its_beginning_when_it_is_back(self, tracker, state, clock):
        state.add_issue("PAY", "pay")
        issue = state.add_issue("FRAUD", "fraud")
        cursor = cursor_after(tracker, clock)
        state.people.permit("712020:syncd-bot", "FRAUD", ())
        hidden = list(tracker.poll(cursor))
        state.edit_issue(issue.key, summary="changed while hidden")
        clock.set(clock.now() + timedelta(hours=1))
        still = list(tracker.poll(hidden[-1].cursor))
        state.people.permit("712020:syncd-bot", "FRAUD", {"BROWSE_PROJECTS"})
        clock.set(clock.now() + timedelta(hours=1))

        back = list(tracker.poll(still[-1].cursor))

        assert [[place.key for place in pages[-1].read_places] for pages in (hidden, still)] == [["PAY"]] * 2
        assert [[failure.place.key for failure in pages[-1].failures] for pages in (hidden, still)] == [["FRAUD"]] * 2
        assert titles(back) == ["changed while hidden"]
        assert not back[-1].failures

    def test_where_none_is_there_that_is_told_and_nothing_breaks(self, server, clock, transport):
        tracker = adapter_for(server.jira_url, clock, transport, keys=["NOPE"])

        (page,) = tracker.poll(None)

        assert [failure.place.key for failure in page.failures] == ["NOPE"]
        assert page.read_places == ()


class TestTrouble:
    def test_a_wrong_token_is_an_access_error(self, server, clock, transport):
        tracker = adapter_for(server.jira_url, clock, transport, token="wrong")

        with pytest.raises(AccessError, match=r"jira: the token is wrong or expired \(401\)"):
            list(tracker.poll(None))

    def test_a_wrong_token_is_told_though_jira_takes_its_holder_for_anybody(self, server, clock, transport):
        tracker = adapter_for(server.jira_url, clock, transport, keys=["NOPE"])
        server.faults.add(Fault(path="/myself", status=401))

        with pytest.raises(AccessError):
            list(tracker.poll(None))

    def test_a_token_that_expires_is_an_access_error(self, tracker, state, clock):
        cursor = cursor_after(tracker, clock)
        state.people.expire_token("712020:syncd-bot")

        with pytest.raises(AccessError):
            list(tracker.poll(cursor))

    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param({"html": True}, id="a-login-page"),
            pytest.param({"half": True}, id="half-a-page"),
            pytest.param({"status": 503}, id="down"),
            pytest.param({"status": 200, "body": "[1, 2]"}, id="another-shape"),
            pytest.param({"status": 200, "body": '{"issues": null}'}, id="no-list"),
            pytest.param({"drop": True}, id="dropped"),
        ],
    )
    def test_an_answer_that_is_none_is_tried_again_and_then_said(self, tracker, state, server, clock, fault):
        state.add_issue("PAY", "one")
        cursor = cursor_after(tracker, clock)
        server.faults.add(Fault(path=SEARCH, count=None, **fault))

        with pytest.raises(TransientError):
            list(tracker.poll(cursor))
        server.faults.clear()
        assert list(tracker.poll(cursor))[-1].read_places

    def test_trouble_that_passes_is_not_noticed(self, tracker, state, server, clock):
        state.add_issue("PAY", "one")
        server.faults.add(Fault(path=SEARCH, status=502, count=2))

        assert titles(tracker.poll(None)) == ["one"]

    def test_a_wall_is_not_slept_through(self, tracker, server, clock):
        cursor = cursor_after(tracker, clock)
        server.faults.add(Fault(path=SEARCH, status=429, headers={"Retry-After": "600"}))
        began_at = clock.now()

        with pytest.raises(TransientError) as error:
            list(tracker.poll(cursor))
        assert error.value.retry_after == timedelta(minutes=10)
        assert clock.now() == began_at

    def test_a_page_that_fails_leaves_the_cursor_of_the_page_before(self, tracker, state, server):
        for number in range(250):
            state.add_issue("PAY", f"item {number}")
        server.faults.add(Fault(path=SEARCH, status=500, skip=2, count=None))
        pages = []

        with pytest.raises(TransientError):
            pages.extend(tracker.poll(None))
        polled = iter(tracker.poll(None))
        server.faults.clear()
        server.faults.add(Fault(path=SEARCH, status=500, skip=2, count=None))
        first, second = next(polled), next(polled)
        server.faults.clear()

        assert len(set(titles([first, second, *tracker.poll(second.cursor)]))) == 250


def test_no_request_names_a_time_or_depends_on_a_time_zone(tracker, state, clock, server):
    issue = state.add_issue("PAY", "one")
    cursor = cursor_after(tracker, clock)
    state.people.add(
        "712020:syncd-bot", "bot", email="bot@example.com", token="simulator", time_zone="America/Los_Angeles"
    )
    state.edit_issue(issue.key, summary="changed")

    assert titles(tracker.poll(cursor)) == ["changed"]


def test_a_site_below_a_path_and_with_a_slash_is_the_same(server, state, clock, transport):
    state.add_issue("PAY", "one")
    tracker = adapter_for(f"{server.jira_url}/", clock, transport)

    (item,) = items_of(tracker.poll(None))

    assert item.url == f"{server.jira_url}/browse/PAY-1"


def test_what_we_wrote_comes_back_once_with_a_stamp_that_tells_it_is_ours(tracker, state, clock):
    issue = state.add_issue("PAY", "one")
    cursor = cursor_after(tracker, clock)
    clock.set(clock.now() + timedelta(milliseconds=1234))
    (result,) = send(tracker, [add_label(handle_of(issue))])

    (item,) = items_of(tracker.poll(cursor))

    assert item.own_labels == (LABEL,)
    assert item.updated_at == result.stamp


def test_an_adapter_is_shared_by_threads(tracker: JiraAdapter, state: JiraState, server):
    from concurrent.futures import ThreadPoolExecutor

    handles = [handle_of(state.add_issue("PAY", f"item {number}")) for number in range(40)]

    def read(handle):
        (sighting,) = tracker.read([handle])
        return sighting.item.title if sighting.item else ""

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, handles)) == [f"item {number}" for number in range(40)]
    assert json.dumps([entry.path for entry in server.journal.entries()]).count("/field") == 1
