"""What histories may cost, counted by the simulated services."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from benchmarks.requests_cases import GITHUB, JIRA, small
from benchmarks.service import Ground
from syncd.daemon.backfill import backfill
from syncd.model.identity import Handle, ItemId
from syncd.model.reading import HistoryPage
from syncd.simulator.jira.changelog import Detail


@pytest.fixture
def on() -> Iterator[Ground]:
    with small(1, 1, 4) as ground:
        ground.run_pass()
        ground.later()
        yield ground


def asked(on: Ground, *, requests: int = 20) -> dict[str, int]:
    """Return how many requests reading histories takes, by tracker."""
    trackers, store = on.workspace.trackers.values(), on.workspace.store
    entries = on.asked(lambda: [backfill(each, store, on.clock, requests=requests) for each in trackers])
    return {name: sum(entry.tracker == name for entry in entries) for name in (JIRA, GITHUB)}


def test_items_that_were_never_changed_cost_nothing(on: Ground):
    assert asked(on) == {JIRA: 0, GITHUB: 0}


def test_what_changed_costs_one_request_of_a_site_and_one_an_item_on_github(on: Ground):
    for number in (1, 2, 3):
        on.jira.edit_issue(f"P0-{number}", summary="Other")
        on.github.edit_issue(f"acme/r0#{number}", title="Other")
    on.run_pass()

    assert asked(on) == {JIRA: 1, GITHUB: 3}
    assert asked(on) == {JIRA: 0, GITHUB: 0}
    on.later()
    on.run_pass()
    assert asked(on) == {JIRA: 0, GITHUB: 0}


def test_a_comment_and_what_we_write_cost_nothing(on: Ground):
    on.jira.add_comment("P0-2", "hello", None)
    on.github.add_comment("acme/r0#2", "hello", "ann")
    on.run_pass()
    on.later()
    on.run_pass()

    assert on.workspace.store.ownership(), "something is annotated"
    assert asked(on) == {JIRA: 0, GITHUB: 0}


def test_an_idle_pass_costs_what_it_did_before(on: Ground):
    on.run_pass()
    on.later()
    entries = on.asked(on.run_pass)
    assert [entry.tracker for entry in entries].count(JIRA) == 1
    assert [(entry.tracker, entry.status) for entry in entries].count((GITHUB, 304)) == 1
    assert len(entries) == 2


def test_a_run_on_github_ends_with_its_requests(on: Ground):
    for number in (1, 2, 3, 4):
        on.github.edit_issue(f"acme/r0#{number}", title="Other")
    on.run_pass()

    assert [asked(on, requests=3)[GITHUB] for _ in range(3)] == [3, 1, 0]


@pytest.mark.parametrize(
    ("count", "requests"),
    [
        pytest.param(1, 1, id="one"),
        pytest.param(1_000, 1, id="a-thousand"),
        pytest.param(1_001, 2, id="one-more"),
        pytest.param(2_500, 3, id="many"),
    ],
)
def test_a_site_tells_a_thousand_histories_a_request(on: Ground, count: int, requests: int):
    handles = [Handle(ItemId(JIRA, str(20_000 + number)), f"P0-{20_000 + number}") for number in range(count)]
    tracker = on.workspace.trackers[JIRA]

    assert len(on.asked(lambda: list(tracker.history(handles)))) == requests


def test_much_that_happened_takes_a_request_for_each_ten_thousand_changes(on: Ground):
    handles = [Handle(ItemId(JIRA, issue.id), issue.key) for issue in on.jira.issues()]
    for handle in handles:
        for number in range(3_000):
            detail = Detail(
                field="summary", field_id="summary", before=(None, f"{number}"), after=(None, f"{number + 1}")
            )
            at = on.clock.now() + timedelta(seconds=number)
            on.jira.changelog.put(handle.id.native_id, at, None, (detail,))
    tracker = on.workspace.trackers[JIRA]

    pages: list[HistoryPage] = []
    entries = on.asked(lambda: pages.extend(tracker.history(handles)))

    assert len(entries) == 2
    assert [len(page.histories) for page in pages] == [0, len(handles)]
    assert sum(len(history.events) for history in pages[-1].histories.values()) == 3_000 * len(handles)
