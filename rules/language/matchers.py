"""What a matcher does with one value, in closures made at load: total, three-valued, and aware of when time alone
would change the answer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import msgspec

from rules.facts.fact import FactType, FactValue, Member
from rules.language.calendar import Calendar
from rules.language.values import ValueKind
from syncd.model.truth import Truth, Unknown


class Moment(msgspec.Struct, frozen=True):
    """When is judged, how working days are counted then, and the values of other facts that are compared with."""

    now: datetime
    calendar: Calendar = Calendar()
    others: Mapping[str, FactValue] = {}

    def beside(self, others: Mapping[str, FactValue]) -> "Moment":
        """Return the moment with more values to compare with."""
        return Moment(self.now, self.calendar, {**self.others, **others} if self.others else others)


Judge: TypeAlias = Callable[[FactValue, Moment], Truth]
Due: TypeAlias = Callable[[FactValue, Moment], datetime | None]
Soonest: TypeAlias = Callable[[Sequence[FactValue], Moment], datetime | None]
Matched: TypeAlias = Callable[[FactValue, Moment], tuple[Member, ...]]


class Matcher(msgspec.Struct, frozen=True, kw_only=True):
    """Judges one value. ``due``: when time alone would change the answer. ``soonest``: the earliest ``due`` of many
    values, where that is quicker than asking each. ``matched``: the members of a list that made it so.
    """

    judge: Judge
    due: Due | None = None
    soonest: Soonest | None = None
    matched: Matched | None = None


class MemberTest(msgspec.Struct, frozen=True, kw_only=True):
    """A test of one member of a list."""

    judge: Callable[[Member, Moment], Truth]
    due: Callable[[Member, Moment], datetime | None] | None = None


def soonest(of: Matcher, values: Sequence[FactValue], moment: Moment) -> datetime | None:
    """Return when time alone would change the answer for one of the values, at the earliest."""
    if of.soonest:
        return of.soonest(values, moment)
    due = of.due
    return earliest([due(value, moment) for value in values]) if due else None


def truth(holds: bool) -> Truth:
    """Return yes or no."""
    return Truth.YES if holds else Truth.NO


def negated(of: Truth) -> Truth:
    """Return Kleene's not."""
    return Truth(Truth.YES - of)


def earliest(instants: Sequence[datetime | None]) -> datetime | None:
    """Return the earliest of those that are there."""
    return min((each for each in instants if each is not None), default=None)


def all_of(matchers: Sequence[Matcher]) -> Matcher:
    """Return the matcher that requires them all."""
    if len(matchers) == 1:
        return matchers[0]
    judges = [each.judge for each in matchers]
    dues = [each.due for each in matchers if each.due]
    timed = [each for each in matchers if each.due]
    lists = [each.matched for each in matchers if each.matched]
    return Matcher(
        judge=lambda value, moment: min(judge(value, moment) for judge in judges),
        due=(lambda value, moment: earliest([due(value, moment) for due in dues])) if dues else None,
        soonest=(lambda values, moment: earliest([soonest(each, values, moment) for each in timed])) if timed else None,
        matched=(lambda value, moment: tuple(each for matched in lists for each in matched(value, moment)))
        if lists
        else None,
    )


def any_of(matchers: Sequence[Matcher]) -> Matcher:
    """Return the matcher that requires one of them."""
    judges = [each.judge for each in matchers]
    return Matcher(judge=lambda value, moment: max(judge(value, moment) for judge in judges))


def negation(of: Matcher) -> Matcher:
    """Return the matcher that holds where ``of`` doesn't; what is null is not anything."""
    return Matcher(judge=lambda value, moment: negated(of.judge(value, moment)), due=of.due, soonest=of.soonest)


def exists(wanted: bool) -> Matcher:
    """Return the matcher of what is known and not null."""

    def judge(value: FactValue, _: Moment) -> Truth:
        return Truth.UNKNOWN if isinstance(value, Unknown) else truth((value is not None) is wanted)

    return Matcher(judge=judge)


def scalar(kind: ValueKind, test: Callable[[Any, Moment], bool]) -> Matcher:
    """Return the matcher of a test that sees only values of the kind's type: null is no, anything odd is unknown."""
    fits = FITS[kind.type]

    def judge(value: FactValue, moment: Moment) -> Truth:
        if value is None:
            return Truth.NO
        if not fits(value):
            return Truth.UNKNOWN
        return Truth.YES if test(value, moment) else Truth.NO

    def judge_folded(value: FactValue, moment: Moment) -> Truth:
        return judge(value.casefold() if isinstance(value, str) else value, moment)

    return Matcher(judge=judge_folded if kind.fold_case else judge)


FITS: dict[FactType, Callable[[FactValue], bool]] = {
    FactType.TEXT: lambda value: isinstance(value, str),
    FactType.NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    FactType.BOOL: lambda value: isinstance(value, bool),
    FactType.DATE: lambda value: isinstance(value, date) and not isinstance(value, datetime),
    FactType.INSTANT: lambda value: isinstance(value, datetime) and value.tzinfo is not None,
    FactType.SPAN: lambda value: isinstance(value, timedelta),
}


def known_not(of: Matcher) -> Matcher:
    """Return the negation in which null still is no: ``lt`` as the opposite of ``gte``."""

    def judge(value: FactValue, moment: Moment) -> Truth:
        return Truth.NO if value is None else negated(of.judge(value, moment))

    return Matcher(judge=judge, due=of.due, soonest=of.soonest)
