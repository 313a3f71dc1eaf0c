"""What a matcher does with one value, in closures made at load: total, three-valued, and aware of when time alone
would change the answer."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

import msgspec

from rules.facts.fact import FactType, FactValue, Member
from rules.language.calendar import Calendar
from rules.language.values import ValueKind
from syncd.model.findings import Span
from syncd.model.truth import Truth, Unknown


class Moment(msgspec.Struct, frozen=True):
    """When is judged, and how working days are counted then."""

    now: datetime
    calendar: Calendar = Calendar()


Judge: TypeAlias = Callable[[FactValue, Moment], Truth]
Due: TypeAlias = Callable[[FactValue, Moment], datetime | None]
Matched: TypeAlias = Callable[[FactValue, Moment], tuple[Member, ...]]


class Matcher(msgspec.Struct, frozen=True, kw_only=True):
    """Judges one value. ``due``: when time alone would change the answer. ``matched``: the members of a list that made
    it so.
    """

    judge: Judge
    due: Due | None = None
    matched: Matched | None = None


class MemberTest(msgspec.Struct, frozen=True, kw_only=True):
    """A test of one member of a list."""

    judge: Callable[[Member, Moment], Truth]
    due: Callable[[Member, Moment], datetime | None] | None = None


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
    lists = [each.matched for each in matchers if each.matched]
    return Matcher(
        judge=lambda value, moment: min(judge(value, moment) for judge in judges),
        due=(lambda value, moment: earliest([due(value, moment) for due in dues])) if dues else None,
        matched=(lambda value, moment: tuple(each for matched in lists for each in matched(value, moment)))
        if lists
        else None,
    )


def negation(of: Matcher) -> Matcher:
    """Return the matcher that holds where ``of`` doesn't; what is null is not anything."""
    return Matcher(judge=lambda value, moment: negated(of.judge(value, moment)), due=of.due)


def exists(wanted: bool) -> Matcher:
    """Return the matcher of what is known and not null."""

    def judge(value: FactValue, _: Moment) -> Truth:
        return Truth.UNKNOWN if isinstance(value, Unknown) else truth((value is not None) is wanted)

    return Matcher(judge=judge)


def scalar(kind: ValueKind, test: Callable[[FactValue, Moment], bool], due: Due | None = None) -> Matcher:
    """Return the matcher of a test that sees only values of the kind's type: null is no, anything odd is unknown."""
    fits = _FITS[kind.type]
    fold = kind.fold_case

    def judge(value: FactValue, moment: Moment) -> Truth:
        if value is None:
            return Truth.NO
        if not fits(value):
            return Truth.UNKNOWN
        return truth(test(value.casefold() if fold and isinstance(value, str) else value, moment))

    def due_of(value: FactValue, moment: Moment) -> datetime | None:
        found = due(value, moment) if due and value is not None and fits(value) else None
        return found if found is not None and found > moment.now else None

    return Matcher(judge=judge, due=due_of if due else None)


_LONGEST = timedelta(days=timedelta.max.days)
"""What still has a negative."""

_FITS: dict[FactType, Callable[[FactValue], bool]] = {
    FactType.TEXT: lambda value: isinstance(value, str),
    FactType.NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    FactType.BOOL: lambda value: isinstance(value, bool),
    FactType.DATE: lambda value: isinstance(value, date) and not isinstance(value, datetime),
    FactType.INSTANT: lambda value: isinstance(value, datetime) and value.tzinfo is not None,
    FactType.SPAN: lambda value: isinstance(value, timedelta),
}


def older_than(kind: ValueKind, span: Span) -> Matcher:
    """Return the matcher of what was over at least ``span`` ago; a day is over at its end."""

    def due(value: FactValue, moment: Moment) -> datetime:
        return moment.calendar.after(over_at(value, moment), span)

    return scalar(kind, lambda value, moment: due(value, moment) <= moment.now, due)


def within(kind: ValueKind, span: Span) -> Matcher:
    """Return the matcher of what is not over yet and begins at the latest ``span`` from now."""

    def begins(value: FactValue, moment: Moment) -> datetime:
        return moment.calendar.begin(value) if kind.type is FactType.DATE else over_at(value, moment)  # type: ignore[arg-type]

    def test(value: FactValue, moment: Moment) -> bool:
        last = moment.calendar.after(moment.now, span)
        return over_at(value, moment) > moment.now and begins(value, moment) <= last

    def due(value: FactValue, moment: Moment) -> datetime:
        if test(value, moment):
            return over_at(value, moment)
        return moment.calendar.before(begins(value, moment), span)

    return scalar(kind, test, due)


def over_at(value: FactValue, moment: Moment) -> datetime:
    """Return when a date or instant is over."""
    if isinstance(value, datetime):
        return moment.calendar.after(value, Span())
    assert isinstance(value, date)
    return moment.calendar.end(value)


def at_least(kind: ValueKind, span: Span, *, more: bool) -> Matcher:
    """Return the matcher of a time counted back from now that is ``span`` or longer (``more``: longer)."""
    limit = Span(working_days=span.working_days + 1) if more and span.working_days else span
    just_after = Span(exact=timedelta.resolution if more and not span.working_days else timedelta(0))

    def due(value: FactValue, moment: Moment) -> datetime:
        assert isinstance(value, timedelta)
        began = moment.calendar.after(moment.now, Span(exact=-min(value, _LONGEST)))
        return moment.calendar.after(moment.calendar.after(began, limit), just_after)

    return scalar(kind, lambda value, moment: due(value, moment) <= moment.now, due)


def known_not(of: Matcher) -> Matcher:
    """Return the negation in which null still is no: ``lt`` as the opposite of ``gte``."""

    def judge(value: FactValue, moment: Moment) -> Truth:
        return Truth.NO if value is None else negated(of.judge(value, moment))

    return Matcher(judge=judge, due=of.due)
