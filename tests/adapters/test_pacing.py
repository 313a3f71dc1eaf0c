from datetime import UTC, datetime, timedelta

import pytest

from adapters.pacing import Allowance, Budget, Pace
from syncd.clock import ManualClock
from syncd.model.errors import UnsentError

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COMMENT = "/repos/a/b/issues/1/comments"
LABEL = "/repos/a/b/issues/1/labels"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


def test_without_a_pace_nothing_waits(clock):
    budget = Budget(clock)

    for _ in range(1000):
        budget.admit("github", "POST", COMMENT)

    assert clock.waited == []


def test_writes_are_spaced_and_reads_are_not(clock):
    budget = Budget(clock, Pace(writes=(Allowance(1, 1.0),), reading_paths=("/graphql",)))

    for _ in range(3):
        budget.admit("github", "GET", LABEL)
        budget.admit("github", "POST", "/graphql")
    assert clock.waited == []
    for method in ("POST", "DELETE", "PATCH"):
        budget.admit("github", method, LABEL)
    assert clock.waited == [1.0, 1.0]


def test_a_short_wait_for_the_window_is_waited(clock):
    budget = Budget(clock, Pace(creations=(Allowance(2, 8.0),), creation_paths=("/comments",)))

    for _ in range(3):
        budget.admit("github", "POST", COMMENT)

    assert clock.waited == [8.0]


def test_a_wall_is_raised_with_its_end_and_nothing_is_sent(clock):
    budget = Budget(clock, Pace(creations=(Allowance(2, 3600.0),), creation_paths=("/comments",)))
    for _ in range(2):
        budget.admit("github", "POST", COMMENT)
    clock.set(NOW + timedelta(minutes=10))

    with pytest.raises(UnsentError, match=r"github: .*budget") as caught:
        budget.admit("github", "POST", COMMENT)

    assert caught.value.retry_after == timedelta(minutes=50)
    budget.admit("github", "POST", LABEL)
    budget.admit("github", "GET", COMMENT)
    clock.set(NOW + timedelta(hours=1))
    budget.admit("github", "POST", COMMENT)


def test_after_the_service_named_a_wall_nothing_is_sent_until_its_end(clock):
    budget = Budget(clock)
    budget.note_wall({}, timedelta(minutes=2))

    with pytest.raises(UnsentError) as caught:
        budget.admit("github", "GET", LABEL)

    assert caught.value.retry_after == timedelta(minutes=2)
    clock.set(NOW + timedelta(minutes=2))
    budget.admit("github", "GET", LABEL)


@pytest.mark.parametrize("reason", ["jira-burst-based", "jira-per-issue-on-write"])
def test_a_wall_of_one_issue_or_endpoint_stops_nobody_else(clock, reason):
    budget = Budget(clock)

    budget.note_wall({"RateLimit-Reason": reason}, timedelta(minutes=2))

    budget.admit("jira", "GET", "/x")


def test_a_stop_ends_the_wait():
    class StoppedClock(ManualClock):
        def wait(self, seconds: float) -> bool:
            return True

    budget = Budget(StoppedClock(NOW), Pace(writes=(Allowance(1, 1.0),)))
    budget.admit("github", "POST", LABEL)

    with pytest.raises(UnsentError, match="a stop was asked for"):
        budget.admit("github", "POST", LABEL)
