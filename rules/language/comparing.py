"""Matchers that compare: with a written value, with another fact beside their own, or as the subject's team has it."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rules.facts.fact import FactType, FactValue, Member
from rules.language import matchers, times
from rules.language.matchers import FITS, Matcher, MemberTest, Moment, truth
from rules.language.other import Other, Value
from rules.language.values import ValueKind
from syncd.model.findings import Span
from syncd.model.truth import Truth, Unknown

_UNREAD = Unknown("it was not read")


def compared(kind: ValueKind, test: Callable[[Any, Any], bool], wanted: Value) -> Matcher:
    """Return the matcher of a test of a value and what it is compared with; instants are compared by their day."""
    if isinstance(wanted, Other):
        return _compared_with(kind, test, wanted)
    if kind.type is FactType.INSTANT:
        return matchers.scalar(kind, lambda value, moment: test(moment.calendar.day(value), wanted))
    return matchers.scalar(kind, lambda value, _: test(value, wanted))


def ordered(name: str, kind: ValueKind, limit: Value) -> Matcher:
    """Return the matcher of ``lt``, ``lte``, ``gt`` or ``gte``."""
    if not isinstance(limit, Span):
        return compared(kind, _ORDERS[name], limit)
    reached = times.at_least(kind, limit, more=name in ("gt", "lte"))
    return reached if name in ("gt", "gte") else matchers.known_not(reached)


def one_of_values(kind: ValueKind, values: Sequence[Value]) -> Matcher:
    """Return the matcher of being one of several."""
    written = frozenset(each for each in values if not isinstance(each, Other))
    found = [compared(kind, operator.eq, each) for each in values if isinstance(each, Other)]
    if written:
        found.append(compared(kind, lambda value, _: value in written, ""))
    return found[0] if len(found) == 1 else matchers.any_of(found)


def is_above(low: Value, high: Value) -> bool:
    """Return whether the lower of two limits is above the other, as far as that can be told beforehand."""
    if isinstance(low, Other) or isinstance(high, Other):
        return False
    if isinstance(low, Span) and isinstance(high, Span):
        # Days and working days can't be compared without a date.
        mixed = (low.exact and high.working_days) or (low.working_days and high.exact)
        return not mixed and (low.exact, low.working_days) > (high.exact, high.working_days)
    return bool(low > high)  # type: ignore[operator]


def text_test(of: Matcher) -> MemberTest:
    """Return the test of a member of a list of texts."""

    def judge(member: Member, moment: Moment) -> Truth:
        return of.judge(member, moment) if isinstance(member, str) else Truth.UNKNOWN

    return MemberTest(judge=judge)


TEXT_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "contains": lambda value, wanted: wanted in value,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}
_ORDERS = {"lt": operator.lt, "lte": operator.le, "gt": operator.gt, "gte": operator.ge}


def _compared_with(kind: ValueKind, test: Callable[[Any, Any], bool], other: Other) -> Matcher:
    """Return the matcher of a test of two values: null on either side is no, anything odd is unknown."""
    fits = FITS[kind.type]
    other_fits = FITS[FactType.DATE if other.by_day else other.type]
    by_day = other.by_day and kind.type is FactType.INSTANT
    is_text = other.fold_case

    def judge(value: FactValue, moment: Moment) -> Truth:
        wanted = other.value(moment)
        if value is None or wanted is None:
            return Truth.NO
        if not fits(value) or not other_fits(wanted):
            return Truth.UNKNOWN
        if by_day:
            return truth(test(moment.calendar.day(value), wanted))  # type: ignore[arg-type]
        return truth(test(value.casefold() if is_text and isinstance(value, str) else value, wanted))

    return Matcher(judge=judge)


def by_team(team_fact: str, default: Matcher, teams: Mapping[str, Matcher]) -> Matcher:
    """Return the matcher that is another one for some teams; where the team is not known, what all of them say."""
    everybody = (default, *teams.values())

    def chosen(moment: Moment) -> Matcher | None:
        team = moment.others.get(team_fact, _UNREAD)
        if isinstance(team, Unknown):
            return None
        return teams.get(team, default) if isinstance(team, str) else default

    def judge(value: FactValue, moment: Moment) -> Truth:
        found = chosen(moment)
        if found is not None:
            return found.judge(value, moment)
        answers = {each.judge(value, moment) for each in everybody}
        return answers.pop() if len(answers) == 1 else Truth.UNKNOWN

    def due(value: FactValue, moment: Moment) -> datetime | None:
        found = chosen(moment)
        asked = everybody if found is None else (found,)
        return matchers.earliest([each.due(value, moment) for each in asked if each.due])

    def matched(value: FactValue, moment: Moment) -> tuple[Member, ...]:
        found = chosen(moment) or default
        return found.matched(value, moment) if found.matched else ()

    return Matcher(
        judge=judge,
        due=due if any(each.due for each in everybody) else None,
        matched=matched if any(each.matched for each in everybody) else None,
    )
