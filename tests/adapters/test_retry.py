from datetime import UTC, datetime, timedelta

import pytest

from adapters.retry import ATTEMPTS, retrying
from syncd.clock import ManualClock
from syncd.model.errors import (
    AbsentError,
    AccessError,
    RefusedError,
    TrackerError,
    TransientError,
    UnknownResultError,
    UnsentError,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Call:
    """Fails with the given errors in order, then returns ``done``."""

    def __init__(self, *errors: TrackerError) -> None:
        self.errors = list(errors)
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


class StoppedClock(ManualClock):
    """Asks for a stop in the first wait."""

    def wait(self, seconds: float) -> bool:
        super().wait(seconds)
        return True


def lasting(seconds: float) -> TransientError:
    return TransientError("slow down", retry_after=timedelta(seconds=seconds))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.mark.parametrize("error", [TransientError("x"), UnsentError("x"), UnknownResultError("x")])
def test_a_repeatable_call_is_made_again(clock, error):
    call = Call(error, error)

    assert retrying(call, clock=clock, is_repeatable=True) == "done"
    assert call.count == 3
    assert clock.waited == [0.5, 1.0]


@pytest.mark.parametrize("error", [TransientError("x"), UnknownResultError("x"), lasting(1)])
def test_a_write_that_the_tracker_may_have_seen_is_sent_once(clock, error):
    call = Call(error)

    with pytest.raises(type(error)):
        retrying(call, clock=clock, is_repeatable=False)
    assert call.count == 1
    assert clock.waited == []


def test_a_write_that_never_left_is_sent_again(clock):
    call = Call(UnsentError("no connection"))

    assert retrying(call, clock=clock, is_repeatable=False) == "done"
    assert call.count == 2


@pytest.mark.parametrize("error", [AccessError("x"), AbsentError("x"), RefusedError("x")])
@pytest.mark.parametrize("is_repeatable", [True, False])
def test_what_would_fail_again_is_not_tried_again(clock, error, is_repeatable):
    call = Call(error)

    with pytest.raises(type(error)):
        retrying(call, clock=clock, is_repeatable=is_repeatable)
    assert call.count == 1


def test_it_gives_up_after_a_few_attempts_and_raises_the_last_error(clock):
    call = Call(*(TransientError(f"attempt {number}") for number in range(10)))

    with pytest.raises(TransientError, match="attempt 3"):
        retrying(call, clock=clock, is_repeatable=True)
    assert call.count == ATTEMPTS == 4


def test_it_waits_as_long_as_the_tracker_asked_where_that_is_short(clock):
    retrying(Call(lasting(9)), clock=clock, is_repeatable=True)

    assert clock.waited == [9.0]


def test_a_long_wall_is_raised_at_once(clock):
    call = Call(lasting(11))

    with pytest.raises(TransientError):
        retrying(call, clock=clock, is_repeatable=True)
    assert (call.count, clock.waited) == (1, [])


def test_a_stop_ends_the_wait_with_the_error_that_led_to_it():
    call = Call(TransientError("first"), TransientError("second"))

    with pytest.raises(TransientError, match="first"):
        retrying(call, clock=StoppedClock(NOW), is_repeatable=True)
    assert call.count == 1
