"""The weeks that flow is measured over: the last twelve times seven days, up to the end of yesterday."""

from bisect import bisect_right
from datetime import datetime, timedelta

from rules.language.calendar import Calendar

WEEK_COUNT = 12
_WEEK = timedelta(days=7)


class Weeks:
    """Whole weeks, oldest first, that begin on the weekday of ``now``: each has every weekday once, and today, which is
    not over, is in none.
    """

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self.today = calendar.day(now)
        first = self.today - WEEK_COUNT * _WEEK
        self._bounds = [calendar.begin(first + number * _WEEK) for number in range(WEEK_COUNT + 1)]
        self.starts_at = self._bounds[0]
        self.ends_at = self._bounds[-1]

    def of(self, at: datetime) -> int:
        """Return the number of the week that an instant is in; -1 before the first, WEEK_COUNT after the last."""
        return bisect_right(self._bounds, at) - 1

    def since(self, at: datetime | None) -> int:
        """Return how many of the weeks are at or after the one that an instant is in; none where there is none."""
        return 0 if at is None else WEEK_COUNT - max(self.of(at), 0)
