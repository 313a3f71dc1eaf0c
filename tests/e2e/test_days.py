"""The payments company over days of the virtual clock: what is agreed is taken, and quiet days write nothing."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from adapters.transport import Transport
from syncd.bootstrap import ready_workspaces
from syncd.clock import ManualClock
from syncd.configuration import load_configuration
from syncd.daemon.backfill import backfill
from syncd.daemon.passes import Workspace, apply_pass, plan_pass, poll_all
from syncd.model.baselines import Confidence
from syncd.model.changes import Change
from syncd.simulator.scenario import TOKENS, company, write_config
from syncd.simulator.server import SimulatorServer
from syncd.store import open_store
from tests.stores import new_store_file

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
DAYS = 30
TIMES_OWN = {
    *("late-blocker", "undated-blocker", "waited-for", "after-parent"),
    *("no-problem", "unready", "no-outcome", "broken"),  # assigned, and nobody touched it for a month: not in progress
    *("open-gates", "not-measured", "past-its-date", "dropped-with-work", "grew", "late-forecast"),
}
"""What days that come and go make true, or no longer true, while nobody does anything."""


class Firm:
    """The company, its trackers, and a workspace over them."""

    def __init__(self, workspace: Workspace, clock: ManualClock, server: SimulatorServer) -> None:
        self.workspace = workspace
        self.clock = clock
        self.server = server

    def run(self):
        """Run one pass: read what changed and what happened, judge, write."""
        self.clock.set(self.clock.now() + timedelta(minutes=10))
        assert [read.error for read in poll_all(self.workspace, self.clock, census_every=timedelta(days=1))] == ["", ""]
        for tracker in self.workspace.trackers.values():
            assert not backfill(tracker, self.workspace.store, self.clock, requests=1000).error
        judged = plan_pass(self.workspace, self.clock)
        apply_pass(self.workspace, judged, self.clock)
        return judged

    def agreed(self, outcome: str):
        """Return the baselines of an outcome."""
        found = self.workspace.store.baselines()
        return [each for subject, all_of in found.items() for each in all_of if subject.id.native_id == outcome]


@contextmanager
def firm(folder) -> Iterator[Firm]:
    clock = ManualClock(NOW)
    jira, github = company(clock)
    with SimulatorServer(jira, github, clock=clock) as server:
        write_config(folder / "config", jira_url=server.jira_url, github_url=server.github_url, now=NOW)
        configuration = load_configuration(folder / "config", {})
        store = open_store(f"sqlite:///{new_store_file(folder)}")
        (workspace,) = ready_workspaces(configuration, configuration.workspaces, store, clock, Transport(clock), TOKENS)
        yield Firm(workspace, clock, server)
        store.close()


@pytest.fixture
def started(tmp_path) -> Iterator[Firm]:
    with firm(tmp_path) as found:
        found.run()
        yield found


def test_what_was_agreed_before_we_came_is_found_in_the_histories(started):
    (baseline,) = started.agreed("checkout-latency")
    keys = {member.key for member in baseline.counted}

    assert baseline.confidence is Confidence.RECONSTRUCTED
    assert baseline.at.date() < NOW.date() - timedelta(weeks=6)
    assert {"PAY-13", "PAY-76", "acme/checkout#14"} <= keys, "also what has left it since"
    assert not keys & {"PAY-71", "PAY-73", "PAY-74", "PAY-75", "acme/checkout#18"}, "they came later, or from elsewhere"


def test_the_pass_after_the_first_writes_nothing_and_takes_no_baseline_again(started):
    before = started.workspace.store.baselines()
    assert started.workspace.store.snapshot() is not None

    judged = started.run()

    assert judged.reconciled.plan.changes == ()
    assert judged.taken == ()
    assert started.workspace.store.baselines() == before


def test_a_baseline_is_taken_once_a_sprint_has_settled(started):
    def taken():
        kept = started.workspace.store.baselines()
        titles = {
            f"{each.kind}:{each.native_id}": found.title for each, found in started.workspace.store.containers().items()
        }
        return {titles.get(subject.id.native_id) for subject in kept}

    assert "Payments 24" not in taken()

    for _ in range(2):
        started.clock.set(started.clock.now() + timedelta(days=1))
        started.run()

    assert "Payments 24" in taken()
    found = started.workspace.store.baselines()
    assert all(len(each) == 1 for each in found.values()), "and never twice"


def test_in_thirty_days_without_an_edit_only_what_time_makes_due_is_written_and_nothing_flaps(started):
    started.run()
    told: list[tuple[int, Change]] = []
    for day in range(1, DAYS + 1):
        started.clock.set(NOW + timedelta(days=day))
        told += [(day, change) for change in started.run().reconciled.plan.changes]

    assert {rule for _, change in told for rule in change.rule_ids} <= TIMES_OWN
    assert len({day for day, _ in told}) <= DAYS // 3, "most days write nothing"
    labels = Counter((change.key, change.label) for _, change in told if change.label)
    assert [each for each, count in labels.items() if count > 1] == []
    comments = Counter(change.key for _, change in told if not change.label)
    assert max(comments.values()) <= 2, "a comment changes with its meaning, not with the days"


def test_our_own_label_is_no_activity_that_keeps_work_in_progress(started):
    """acme/checkout#1 is assigned: for thirty days without activity that means in progress, and no longer."""
    item_id = next(each for each, item in started.workspace.store.items().items() if item.key == "acme/checkout#1")
    before = started.workspace.store.item(item_id)
    for day in (20, 21, 22):
        started.clock.set(NOW + timedelta(days=day))
        started.run()

    after = started.workspace.store.item(item_id)
    assert started.server.github.issue("acme/checkout#1").labels == ("syncd:no-problem", "syncd:unready")
    assert after.updated_at > before.updated_at == after.activity_at
