"""The one retry layer: both client libraries are told not to retry, and the transport doesn't either."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from syncd.clock import Clock
from syncd.model.errors import TransientError, UnknownResultError, UnsentError

Result = TypeVar("Result")

ATTEMPTS = 4
LONGEST_WAIT = timedelta(seconds=10)
"""A longer wall is not slept through: the error is raised and the daemon comes back later."""

_exponential = wait_exponential(multiplier=0.5, max=LONGEST_WAIT.total_seconds())


class _StopAskedError(Exception):
    """A stop was asked for during a wait."""


def retrying(call: Callable[[], Result], *, clock: Clock, is_repeatable: bool) -> Result:
    """Return what ``call`` returns, trying a few times where that is safe; raises its last error.

    A repeatable call (a read, a label verb) is made again after any trouble that may pass; another one only where it
    is certain that the tracker never saw it.
    """
    worth_again = (TransientError, UnknownResultError) if is_repeatable else (UnsentError,)
    failures: list[BaseException] = []

    def wait(seconds: float) -> None:
        if clock.wait(seconds):
            raise _StopAskedError

    def remember(state: RetryCallState) -> None:
        failures.append(_error(state))

    policy = Retrying(
        retry=retry_if_exception_type(worth_again),
        stop=lambda state: stop_after_attempt(ATTEMPTS)(state) or _is_wall(_error(state)),
        wait=lambda state: max(_exponential(state), _asked(_error(state)).total_seconds()),
        sleep=wait,
        before_sleep=remember,
        reraise=True,
    )
    try:
        return policy(call)
    except _StopAskedError:
        raise failures[-1] from None


def _error(state: RetryCallState) -> BaseException:
    error = state.outcome.exception() if state.outcome is not None else None
    assert error is not None
    return error


def _asked(error: BaseException) -> timedelta:
    return (isinstance(error, TransientError) and error.retry_after) or timedelta(0)


def _is_wall(error: BaseException) -> bool:
    return _asked(error) > LONGEST_WAIT
