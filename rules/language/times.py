"""Matchers that look at the clock: how long ago, how soon; each turns at an instant that can be told beforehand.

What is compared with is worked out once per moment: a column of instants has a value for every item.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from rules.facts.fact import FactType, FactValue
from rules.language.calendar import Calendar
from rules.language.matchers import FITS, Due, Matcher, Moment, earliest, scalar
from rules.language.values import ValueKind
from syncd.model.findings import Span

_TICK = timedelta.resolution
_LONGEST = timedelta(days=timedelta.max.days)
"""What still has a negative."""

_Limit = TypeVar("_Limit")


def older_than(kind: ValueKind, span: Span) -> Matcher:
    """Return the matcher of what was over at least ``span`` ago; a day is over at its end."""

    def limit(moment: Moment) -> Any:
        open_from = moment.calendar.open_from(moment.now, span)
        return moment.calendar.day(open_from - _TICK) if kind.type is FactType.DATE else open_from

    def due(value: FactValue, moment: Moment) -> datetime:
        return moment.calendar.after(_over_at(value, moment), span)

    def turning(values: Sequence[Any], moment: Moment) -> list[FactValue]:
        least = first_open(moment)
        return [min((value for value in values if value >= least), default=None)]

    first_open = _once(limit)
    return _timed(kind, lambda value, moment: value < first_open(moment), due, turning)


def within(kind: ValueKind, span: Span) -> Matcher:
    """Return the matcher of what is not over yet and begins at the latest ``span`` from now."""

    def limits(moment: Moment) -> Any:
        last = moment.calendar.after(moment.now, span)
        if kind.type is FactType.DATE:
            return moment.calendar.day(moment.now), moment.calendar.day(last)
        return moment.now + _TICK, last

    def test(value: Any, moment: Moment) -> bool:
        low, high = window(moment)
        return bool(low <= value <= high)

    def due(value: FactValue, moment: Moment) -> datetime:
        if test(value, moment):
            return _over_at(value, moment)
        begins = moment.calendar.begin(value) if kind.type is FactType.DATE else _over_at(value, moment)  # type: ignore[arg-type]
        return moment.calendar.before(begins, span)

    def turning(values: Sequence[Any], moment: Moment) -> list[FactValue]:
        low, high = window(moment)
        inside = min((value for value in values if low <= value <= high), default=None)
        return [inside, min((value for value in values if value > high), default=None)]

    window = _once(limits)
    return _timed(kind, test, due, turning)


def at_least(kind: ValueKind, span: Span, *, more: bool) -> Matcher:
    """Return the matcher of a time counted back from now that is ``span`` or longer (``more``: longer)."""
    wanted = Span(working_days=span.working_days + 1) if more and span.working_days else span
    just_after = _TICK if more and not span.working_days else timedelta(0)

    def limit(moment: Moment) -> timedelta:
        return moment.now - moment.calendar.open_from(moment.now - just_after, wanted)

    def due(value: FactValue, moment: Moment) -> datetime:
        assert isinstance(value, timedelta)
        began = moment.calendar.after(moment.now, Span(exact=-min(value, _LONGEST)))
        return moment.calendar.after(moment.calendar.after(began, wanted), Span(exact=just_after))

    def turning(values: Sequence[Any], moment: Moment) -> list[FactValue]:
        longest = longest_short(moment)
        return [max((value for value in values if value <= longest), default=None)]

    longest_short = _once(limit)
    return _timed(kind, lambda value, moment: value > longest_short(moment), due, turning)


def _timed(
    kind: ValueKind,
    test: Callable[[Any, Moment], bool],
    due: Due,
    turning: Callable[[Sequence[Any], Moment], list[FactValue]],
) -> Matcher:
    """Return the matcher of a test that time alone can turn; ``turning`` picks the values that turn the soonest."""
    fits = FITS[kind.type]

    def due_of(value: FactValue, moment: Moment) -> datetime | None:
        found = due(value, moment) if value is not None and fits(value) else None
        return found if found is not None and found > moment.now else None

    def soonest(values: Sequence[FactValue], moment: Moment) -> datetime | None:
        known = [value for value in values if value is not None and fits(value)]
        return earliest([due_of(value, moment) for value in turning(known, moment)])

    return Matcher(judge=scalar(kind, test).judge, due=due_of, soonest=soonest)


def _over_at(value: FactValue, moment: Moment) -> datetime:
    """Return when a date or instant is over."""
    if isinstance(value, datetime):
        return moment.calendar.after(value, Span())
    assert isinstance(value, date)
    return moment.calendar.end(value)


def _once(compute: Callable[[Moment], _Limit]) -> Callable[[Moment], _Limit]:
    """Return the function that remembers its answer for the last moment; threads may share it.

    What is compared with beside makes another moment of each value, but no other time.
    """
    last: tuple[datetime, Calendar, _Limit] | None = None

    def remembered(moment: Moment) -> _Limit:
        nonlocal last
        kept = last
        if kept is None or kept[0] is not moment.now or kept[1] is not moment.calendar:
            kept = last = (moment.now, moment.calendar, compute(moment))
        return kept[2]

    return remembered
