"""Windows of a poll: which requests they take, what they yield, and what they never lose."""

import json
from datetime import timedelta

import msgspec
import pytest

from syncd.model.errors import AccessError, TransientError
from syncd.model.reading import Cursor, Page
from syncd.simulator.github.records import PullRequest
from tests.adapters.github.simulated import CHECKOUT, NOW, SDK, TOKEN
from tests.adapters.steps import items_of, settled

MINUTE = timedelta(minutes=1)


def titles(pages):
    return sorted(item.title for item in items_of(pages))


def polled(tracker, cursor):
    """Poll, and return the titles with the next cursor."""
    pages = list(tracker.poll(cursor))
    return titles(pages), pages[-1].cursor


def imported(tracker, hands):
    """Import everything, and return the cursor with a journal that is empty."""
    cursor = polled(tracker, None)[1]
    hands.requests()
    return cursor


def test_the_first_poll_after_an_import_is_idle_already(tracker, hands):
    hands.add_item("one")
    cursor = imported(tracker, hands)

    assert polled(tracker, cursor)[0] == []
    assert hands.requests() == [f"GET /repos/{CHECKOUT}/issues 304", f"GET /repos/{SDK}/issues 304"]


def test_idle_polls_ask_once_per_repository_whatever_time_passes(tracker, hands):
    for number in range(150):
        hands.add_item(f"item {number}")
    cursor = imported(tracker, hands)

    for _ in range(3):
        hands.pass_time(timedelta(days=1))
        _, cursor = polled(tracker, cursor)

    assert hands.requests() == [f"GET /repos/{CHECKOUT}/issues 304", f"GET /repos/{SDK}/issues 304"] * 3


def test_an_import_of_many_pages_reads_each_issue(tracker, hands):
    for number in range(250):
        hands.add_item(f"item {number:03}")
        hands.pass_time(MINUTE)

    pages = list(tracker.poll(None))

    assert titles(pages) == [f"item {number:03}" for number in range(250)]
    # Three ascending pages and the look at what is newest; the other repository is empty: one each.
    assert len(hands.requests()) == 4 + 2


def test_an_import_gets_over_more_changes_in_one_second_than_a_page_holds(tracker, hands):
    for number in range(230):
        hands.add_item(f"item {number:03}")

    assert polled(tracker, None)[0] == [f"item {number:03}" for number in range(230)]


def test_an_import_loses_nothing_where_a_page_ends_within_a_second(tracker, hands):
    for number in range(250):
        hands.add_item(f"item {number:03}")
        if number % 7 == 6:
            hands.pass_time(MINUTE)

    assert polled(tracker, None)[0] == [f"item {number:03}" for number in range(250)]


def test_an_import_loses_nothing_where_rows_move_while_it_pages(tracker, hands):
    handles = []
    for number in range(250):
        handles.append(hands.add_item(f"item {number:03}"))
        hands.pass_time(MINUTE)
    pages: list[Page] = []
    for page in tracker.poll(None):
        if not pages:
            for handle in handles[:40]:
                hands.edit_title(handle, "moved")
        pages.append(page)

    found = {item.id: item.title for page in pages for item in page.items}

    assert len(found) == 250
    assert list(found.values()).count("moved") == 40


def test_changed_rows_cost_a_request_per_hundred_in_changed_repositories(tracker, hands):
    handles = [hands.add_item(f"item {number}") for number in range(250)]
    hands.pass_time(timedelta(hours=1))
    cursor = imported(tracker, hands)
    for handle in handles[:150]:
        hands.edit_title(handle, "changed")

    assert polled(tracker, cursor)[0] == ["changed"] * 150
    assert hands.requests() == [f"GET /repos/{CHECKOUT}/issues 200"] * 2 + [f"GET /repos/{SDK}/issues 304"]


def test_blockers_cost_a_request_per_changed_item_that_has_them(tracker, hands):
    blocked, blocker = hands.add_item("blocked"), hands.add_item("blocker")
    hands.state.set_blocked_by(blocked.key, blocker.key)
    cursor = settled(tracker, hands)
    hands.requests()
    hands.edit_title(blocked, "still blocked")

    (item,) = items_of(tracker.poll(cursor))

    assert [link.target.key for link in item.links] == [blocker.key]
    number = blocked.key.partition("#")[2]
    assert hands.requests() == [
        f"GET /repos/{CHECKOUT}/issues 200",
        f"GET /repos/{CHECKOUT}/issues/{number}/dependencies/blocked_by 200",
        f"GET /repos/{SDK}/issues 304",
    ]


def test_a_blocker_that_moved_no_time_is_seen(tracker, hands):
    blocked, blocker = hands.add_item("blocked"), hands.add_item("blocker")
    cursor = settled(tracker, hands)
    hands.state.set_blocked_by(blocked.key, blocker.key)

    (item,) = items_of(tracker.poll(cursor))

    assert (item.title, [link.target.key for link in item.links]) == ("blocked", [blocker.key])


def test_blockers_that_can_not_be_read_now_hold_the_window_and_nothing_is_lost(tracker, hands):
    blocked, blocker = hands.add_item("blocked"), hands.add_item("blocker")
    cursor = settled(tracker, hands)
    hands.state.set_blocked_by(blocked.key, blocker.key)
    hands.fault(path="blocked_by", status=502, count=4)

    pages = list(tracker.poll(cursor))

    assert [failure.place.key for page in pages for failure in page.failures] == [CHECKOUT]
    assert [place.key for page in pages for place in page.read_places] == [SDK]
    assert polled(tracker, pages[-1].cursor)[0] == ["blocked"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_server_that_counts_dependencies_and_does_not_list_them_is_asked_once(tracker, hands, status):
    blocker = hands.add_item("blocker")
    for number in range(3):
        hands.state.set_blocked_by(hands.add_item(f"blocked {number}").key, blocker.key)
    hands.fault(path="blocked_by", status=status, body='{"message": "Not Found"}', count=None)

    assert polled(tracker, None)[0] == ["blocked 0", "blocked 1", "blocked 2", "blocker"]
    assert sum("blocked_by" in request for request in hands.requests()) == 1


def test_a_row_that_is_shown_late_is_not_lost(tracker, hands):
    hands.add_item("one")
    cursor = settled(tracker, hands)
    hands.add_item("two")
    _, cursor = polled(tracker, cursor)
    hands.state.add_issue(CHECKOUT, "late", created_at=hands.clock.now() - 3 * MINUTE)

    assert polled(tracker, cursor)[0] == ["late"]


def test_a_row_that_is_shown_late_behind_a_full_page_is_not_lost(tracker, hands):
    hands.add_item("one")
    cursor = settled(tracker, hands)
    _, cursor = polled(tracker, cursor)
    hands.state.add_issue(CHECKOUT, "late", created_at=hands.clock.now() - 3 * MINUTE)
    for number in range(110):
        hands.add_item(f"item {number}")

    assert "late" in polled(tracker, cursor)[0]


def test_a_repository_that_fails_keeps_its_cursor_and_the_others_go_on(tracker, hands):
    hands.add_item("one")
    cursor = imported(tracker, hands)
    hands.add_item("two")
    hands.add_item("far", place=SDK)
    hands.fault(path=f"/repos/{CHECKOUT}/issues", status=500, count=8)

    found, cursor = polled(tracker, cursor)

    assert found == ["far"], "asked four times with the ETag, and four times without"
    assert polled(tracker, cursor)[0] == ["two"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param({"status": 404, "body": '{"message": "Not Found"}'}, "this token can't see it", id="404"),
        pytest.param({"status": 403, "body": '{"message": "Resource not accessible"}'}, "may not read", id="403"),
        pytest.param({"status": 410, "body": '{"message": "Issues disabled"}'}, "switched off", id="410"),
        pytest.param({"status": 451, "body": "{}"}, "legal reasons", id="451"),
    ],
)
def test_a_place_that_can_not_be_read_says_why_and_what_to_do(tracker, hands, fault, said):
    hands.add_item("far", place=SDK)
    hands.fault(path=f"/repos/{CHECKOUT}/issues", count=None, **fault)

    pages = list(tracker.poll(None))

    (failure,) = (failure for page in pages for failure in page.failures)
    assert failure.place.key == CHECKOUT
    assert said in failure.error
    assert titles(pages) == ["far"]


def test_a_renamed_repository_says_its_new_name_and_is_not_followed(tracker, hands):
    hands.add_item("one")
    cursor = imported(tracker, hands)
    hands.state.rename_repository(CHECKOUT, "acme/checkout-2")

    pages = list(tracker.poll(cursor))

    assert [failure.error for page in pages for failure in page.failures] == [
        "acme/checkout was renamed or transferred to acme/checkout-2: write that name in trackers.yaml"
    ]
    assert items_of(pages) == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param({"status": 401, "body": '{"message": "Bad credentials"}'}, AccessError, id="bad-token"),
        pytest.param({"status": 503}, TransientError, id="down"),
        pytest.param({"drop": True}, TransientError, id="connection-broke"),
        pytest.param({"html": True}, TransientError, id="html"),
        pytest.param({"half": True}, TransientError, id="half-a-page"),
        pytest.param(
            {"status": 403, "headers": {"retry-after": "600"}, "body": '{"message": "secondary rate limit"}'},
            TransientError,
            id="rate-limit",
        ),
    ],
)
def test_a_tracker_that_fails_as_a_whole_says_so(tracker, hands, fault, error):
    hands.add_item("one")
    hands.add_item("far", place=SDK)
    hands.fault(count=None, **fault)

    with pytest.raises(error) as raised:
        list(tracker.poll(None))

    assert TOKEN not in str(raised.value)


def test_a_wall_is_not_slept_through(tracker, hands):
    hands.fault(status=429, headers={"retry-after": "3600"}, count=None)

    with pytest.raises(TransientError) as raised:
        list(tracker.poll(None))

    assert raised.value.retry_after == timedelta(hours=1)
    assert sum(hands.clock.waited) < 60


def test_a_new_token_drops_the_etags_and_nothing_else(tracker, hands):
    hands.add_item("one")
    cursor = imported(tracker, hands)
    hands.state.people.add_token("syncd-bot", "ghp_new")

    assert polled(hands.adapter(token="ghp_new"), cursor)[0] == []
    assert hands.requests() == [f"GET /repos/{CHECKOUT}/issues 200", f"GET /repos/{SDK}/issues 200"]


def test_the_token_is_not_in_the_cursor(tracker, hands):
    cursor = imported(tracker, hands)

    assert TOKEN not in cursor.state
    assert json.loads(cursor.state)["version"] == 1


def test_a_repository_that_is_added_is_imported_alone(hands):
    hands.add_item("one")
    hands.add_item("far", place=SDK)
    cursor = imported(hands.adapter(places=[CHECKOUT]), hands)

    pages = list(hands.adapter().poll(cursor))

    assert titles(pages) == ["far"]
    assert [place.key for page in pages for place in page.imported_places] == [SDK]
    assert hands.requests()[0] == f"GET /repos/{CHECKOUT}/issues 304"


def test_a_repository_that_comes_back_is_read_anew(hands):
    hands.add_item("one")
    _, cursor = polled(hands.adapter(), None)
    _, without_it = polled(hands.adapter(places=[SDK]), cursor)

    assert polled(hands.adapter(), without_it)[0] == ["one"]


@pytest.mark.parametrize(
    "state",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="half"),
        pytest.param("[]", id="list"),
        pytest.param('{"version": 99, "credential": "", "repositories": {}}', id="of-another-version"),
        pytest.param('{"version": 1, "credential": "", "repositories": {"acme/checkout": {"read_to": 5}}}', id="types"),
        pytest.param(
            '{"version": 1, "credential": "", "repositories": {"acme/checkout": {"read_to": "2026-01-01T00:00:00"}}}',
            id="no-zone",
        ),
    ],
)
def test_a_corrupt_cursor_starts_anew(tracker, hands, state):
    hands.add_item("one")

    assert polled(tracker, Cursor("github", state))[0] == ["one"]


def test_a_row_from_the_future_does_not_hide_later_ones(tracker, hands):
    hands.state.add_issue(CHECKOUT, "future", created_at=NOW, updated_at=NOW + timedelta(days=30))
    cursor = settled(tracker, hands)
    hands.add_item("now")

    assert "now" in polled(tracker, cursor)[0]


def test_time_is_the_servers(tracker, hands):
    hands.add_item("one")
    before = hands.clock.now()

    pages = list(tracker.poll(None))

    assert {page.observed_at for page in pages} == {before.replace(microsecond=0)}


def test_a_label_that_we_put_there_comes_back_as_ours_and_a_pull_request_as_a_change(tracker, hands):
    handle = hands.add_item("one")
    cursor = settled(tracker, hands)
    hands.add_label(handle, "syncd:blocked")
    change = hands.state.add_issue(CHECKOUT, "Fixes it", body="Fixes #1", author="ada")
    hands.state.put_issue(msgspec.structs.replace(change, pull_request=PullRequest(draft=True)))

    found = {item.title: item for item in items_of(tracker.poll(cursor))}

    assert found["one"].own_labels == ("syncd:blocked",)
    assert found["Fixes it"].is_change
    assert found["Fixes it"].fields == {"draft": True}
