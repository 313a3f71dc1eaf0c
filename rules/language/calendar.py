"""Working days: when a span that began at an instant is over."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property

import msgspec

from syncd.calendar_text import WEEKDAYS, CalendarText
from syncd.model.findings import Span

LAST = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than any span ends; what would overflow is this."""
FIRST = datetime(2, 1, 1, tzinfo=UTC)
"""Earlier than any span begins."""

_MONDAY = date(2, 1, 7)
_WEEK = 7
_DAY = timedelta(days=1)
_MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)


class Calendar(msgspec.Struct, frozen=True, dict=True, cache_hash=True):
    """The working days of a zone: some days of the week, Monday being 0, but no holidays. A working day ends at the
    midnight after it; spans count such ends.
    """

    zone: tzinfo = UTC
    workdays: tuple[int, ...] = _MONDAY_TO_FRIDAY
    """At least one, in order."""
    holidays: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Return whether a day is worked."""
        return day.weekday() in self.workdays and day not in self.holidays

    def day(self, at: datetime) -> date:
        """Return the day of the zone on which ``at`` (aware) is."""
        return at.astimezone(self.zone).date()

    def begin(self, day: date) -> datetime:
        """Return the first instant of a day, in UTC."""
        return _clamped(datetime.combine(day, time(), tzinfo=self.zone))

    def end(self, day: date) -> datetime:
        """Return the instant at which a day is over, in UTC."""
        return LAST if day >= LAST.date() else self.begin(day + _DAY)

    def after(self, at: datetime, span: Span) -> datetime:
        """Return when a span that begins at ``at`` is over: exact time first, then ends of working days."""
        moved = _shifted(at, span.exact)
        if not span.working_days:
            return moved
        return self._end_of(self._index(self.day(moved)) + span.working_days - 1)

    def before(self, at: datetime, span: Span) -> datetime:
        """Return the earliest instant whose span is over at or after ``at``: the mirror of ``after``."""
        if not span.working_days:
            return _shifted(at, -span.exact)
        day = self.day(at)
        if self.begin(day) == at:
            day -= _DAY
        start = self._end_of(self._index(day) - span.working_days)
        return _shifted(start, -span.exact)

    def open_from(self, now: datetime, span: Span) -> datetime:
        """Return the first instant whose span is not over at ``now``: ``after`` of all before it is not after now."""
        if not span.working_days:
            return _shifted(now, timedelta.resolution - span.exact)
        first = self._end_of(self._index(self.day(now)) - span.working_days)
        return _shifted(first, -span.exact)

    def moved(self, day: date, by: Span, *, back: bool = False) -> date:
        """Return the day that is so many days, or so many working days, after (before) ``day``."""
        if not by.working_days:
            try:
                return day - by.exact if back else day + by.exact
            except OverflowError:
                return date.min if back else date.max
        if back:
            return self._day_of(self._index(day) - by.working_days)
        return self._day_of(self._index(min(day, LAST.date()) + _DAY) + by.working_days - 1)

    def worked_between(self, after: date, until: date) -> int:
        """Return how many days are worked after one day until another, that one included; none where it is not
        later."""
        last = LAST.date()
        return max(0, self._index(min(until, last) + _DAY) - self._index(min(after, last) + _DAY))

    def _index(self, day: date) -> int:
        """Return the position, counted from a Monday long ago, of the first working day at (or after) ``day``."""
        at = self._index_in_weeks(day)
        return at - bisect_left(self._free, at) if self._free else at

    def _index_in_weeks(self, day: date) -> int:
        """Return the position as if there were no holidays."""
        weeks, weekday = divmod((day - _MONDAY).days, _WEEK)
        return weeks * len(self.workdays) + bisect_left(self.workdays, weekday)

    def _end_of(self, index: int) -> datetime:
        day = self._day_of(index)
        return FIRST if day < _MONDAY else self.end(day)

    def _day_of(self, index: int) -> date:
        """Return the working day at a position; what is out of reach is the first day or the last."""
        weeks, rest = divmod(index + bisect_right(self._worked_before, index), len(self.workdays))
        if not 0 <= weeks * _WEEK < (LAST.date() - _MONDAY).days:
            return LAST.date() if weeks > 0 else FIRST.date()
        return _MONDAY + timedelta(days=weeks * _WEEK + self.workdays[rest])

    @cached_property
    def _free(self) -> list[int]:
        """Return the positions, holidays not left out, of holidays that would be worked."""
        return [self._index_in_weeks(day) for day in sorted(self.holidays) if day.weekday() in self.workdays]

    @cached_property
    def _worked_before(self) -> list[int]:
        """Return, for each such holiday, how many days before it are worked."""
        return [position - earlier for earlier, position in enumerate(self._free)]


def _shifted(at: datetime, by: timedelta) -> datetime:
    try:
        return _clamped(at + by)
    except OverflowError:
        return LAST if by > timedelta(0) else FIRST


def _clamped(at: datetime) -> datetime:
    try:
        return min(max(at.astimezone(UTC), FIRST), LAST)
    except OverflowError:
        return LAST if at.year > FIRST.year else FIRST


def calendar_of(text: CalendarText) -> Calendar:
    """Return the calendar that an admin wrote."""
    workdays = sorted(WEEKDAYS.index(day) for day in text.workdays)
    return Calendar(zone=text.zone, workdays=tuple(workdays), holidays=frozenset(text.holidays))
