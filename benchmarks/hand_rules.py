"""The questions of the rules by hand: three-valued functions of one item."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from benchmarks.evaluate_facts import NOW, Row
from syncd.model.truth import Truth, Unknown

NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES
TODAY = NOW.date()
SOON = date(2026, 12, 9)  # ten working days on
OVER = date(2026, 11, 23)  # the last day that is over for a working day
QUIET = datetime(2026, 10, 29, tzinfo=NOW.tzinfo)  # twenty working days back
LAUNCH = date(2026, 12, 20)


def truth(holds: bool) -> Truth:
    """Return yes or no."""
    return YES if holds else NO


def is_one(value: Any, *wanted: object) -> Truth:
    """Return whether a value is one of those."""
    if value.__class__ is Unknown:
        return UNKNOWN
    return YES if value in wanted else NO


def is_not(value: Any, wanted: object) -> Truth:
    """Return whether a value is not that."""
    if value.__class__ is Unknown:
        return UNKNOWN
    return NO if value == wanted else YES


def some(members: Any, test: Callable[[Any], Truth]) -> Truth:
    """Return whether a member passes."""
    if members.__class__ is Unknown:
        return UNKNOWN
    found = NO
    for member in members:
        answer = test(member)
        if answer is YES:
            return YES
        found = max(found, answer)
    return found


def many(members: Any, least: int, test: Callable[[Any], bool]) -> Truth:
    """Return whether so many members pass."""
    if members.__class__ is Unknown:
        return UNKNOWN
    return YES if sum(map(test, members)) >= least else NO


def compared(value: Any, test: Callable[[Any], bool]) -> Truth:
    """Return what a test says of a value that may be null or unknown."""
    if value is None:
        return NO
    if value.__class__ is Unknown:
        return UNKNOWN
    return YES if test(value) else NO


def missing(value: Any) -> Truth:
    """Return whether there is no value."""
    if value.__class__ is Unknown:
        return UNKNOWN
    return YES if value is None else NO


def open_work(row: Row) -> Truth:
    """Return whether the item is in play."""
    if row.status_category == "done":
        return NO
    return is_one(row.in_play, True)


def near(row: Row) -> Truth:
    """Return whether the item is needed soon."""
    return compared(row.needed_by, lambda day: TODAY <= day <= SOON)


def waits_for_others(row: Row) -> Truth:
    """Return whether another team's unlinked item blocks."""
    return some(row.blockers, lambda each: truth(each.team != "payments" and each.state == "unlinked"))


def late_blocker(row: Row) -> Truth:
    """Return whether a blocker is expected after the launch."""
    return some(row.blockers, lambda each: truth(each.expected_at is not None and each.expected_at > LAUNCH))


def parked(row: Row) -> Truth:
    """Return whether a parked or dated blocker holds up something small that nobody parked."""
    if "parked" in row.labels:
        return NO
    small = compared(row.estimate, lambda points: 1 <= points <= 5)
    if small is NO:
        return NO
    return min(small, some(row.blockers, lambda each: truth(each.state == "inactive" or is_ahead(each.expected_at))))


def is_ahead(day: date | None) -> bool:
    """Return whether a day is not over."""
    return day is not None and day >= TODAY


def quiet(row: Row) -> Truth:
    """Return whether nothing happened for long."""
    return is_not(row.kind, "epic") if row.activity_at < QUIET else NO


def too_large(row: Row) -> Truth:
    """Return whether something smaller than an epic is large."""
    answer = compared(row.estimate, lambda points: points > 13)
    return answer if answer is NO else min(answer, is_not(row.kind, "epic"))


def no_owner(row: Row) -> Truth:
    """Return whether nobody has an incident."""
    return NO if row.assignees else is_one(row.kind, "incident")


def debt_in_launch(row: Row) -> Truth:
    """Return whether debt is in a launch."""
    answer = is_one(row.kind, "debt")
    if answer is NO:
        return NO
    return min(answer, truth(any(label.startswith("launch") for label in row.labels)))


def no_estimate(row: Row) -> Truth:
    """Return whether traced work has no estimate."""
    answer = missing(row.estimate)
    if answer is NO:
        return NO
    answer = min(answer, is_one(row.kind, "feature", "bug"))
    return answer if answer is NO else min(answer, is_one(row.state, "traced"))


def stale_next(row: Row) -> Truth:
    """Return whether what matters has no date."""
    return missing(row.needed_by) if "launch" in row.labels or row.priority == "Highest" else NO


def closed_soon(row: Row) -> Truth:
    """Return whether an epic was closed though it names what is not there."""
    answer = min(is_one(row.kind, "epic"), is_one(row.state, "broken"))
    if answer is NO:
        return NO
    return min(answer, Truth(2 - some(row.blockers, lambda each: truth(each.team == "payments"))))
