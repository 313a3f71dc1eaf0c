"""What histories may cost, counted by the simulated services."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from benchmarks.requests_cases import GITHUB, JIRA, NOW, small
from benchmarks.requests_companies import DATA
from benchmarks.service import Ground, ground
from syncd.clock import ManualClock
from syncd.daemon.backfill import backfill
from syncd.model.events import members_of, text_of
from syncd.model.identity import Handle, ItemId
from syncd.model.reading import HistoryPage
from syncd.simulator.jira.changelog import Detail
from syncd.simulator.loading import load_github, load_jira
from syncd.simulator.server import empty_states


@pytest.fixture
def on() -> Iterator[Ground]:
    with small(1, 1, 4) as found:
        found.run_pass()
        found.later()
        yield found


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


def test_what_we_write_costs_nothing(on: Ground):
    on.run_pass()
    on.later()
    on.run_pass()

    assert on.workspace.store.ownership(), "something is annotated"
    assert asked(on) == {JIRA: 0, GITHUB: 0}


def test_whatever_moves_an_item_is_a_reason_to_ask(on: Ground):
    """A label that came and went between two polls shows in nothing else."""
    on.jira.add_comment("P0-2", "hello", None)
    on.github.add_comment("acme/r0#2", "hello", "ann")
    on.run_pass()

    assert asked(on) == {JIRA: 1, GITHUB: 1}


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


def test_the_past_of_real_projects_leads_to_what_stands_there():
    files = DATA / "jira-devlake-changelog.jsonl.gz", DATA / "github-bitcoin-core-gui.jsonl.gz"
    if not all(file.exists() for file in files):
        pytest.skip(f"no exported issues in {DATA}: set SYNCD_DATA to a folder that has them")
    clock = ManualClock(NOW)
    jira, github = empty_states(clock)
    load_jira(jira, files[0])
    load_github(github, files[1])
    with ground(jira, github, clock) as on:
        on.poll()
        on.later()
        taken = asked(on, requests=1_000)
        items, histories = on.workspace.store.items(), dict(on.workspace.store.histories())

    assert taken[JIRA] == 1
    assert taken[GITHUB] <= len(github.issues("bitcoin-core/gui")) + 1
    told = [event for history in histories.values() for event in history.events]
    assert len(told) > 2_500
    last = {(event.item, event.field): event.after for event in told if event.field in ("status", "title")}
    assert last == {(item, field): text_of(items[item], field) for item, field in last}
    people = {
        (event.item, event.after or event.before): bool(event.after) for event in told if event.field == "assignees"
    }
    assert people == {(item, who): who in members_of(items[item], "assignees") for item, who in people}
