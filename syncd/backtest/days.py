"""The moments at which history is looked at: the end of each working day, and the end of the time asked for."""

from datetime import datetime, timedelta

from rules.language.calendar import Calendar

_JUST_BEFORE = timedelta(seconds=1)
"""Midnight belongs to the next day."""


def working_days(since: datetime, until: datetime, calendar: Calendar) -> tuple[datetime, ...]:
    """Return the last second of each working day from ``since`` on that is over at ``until``, and ``until`` itself."""
    found = []
    day = calendar.day(since)
    while (end := calendar.end(day) - _JUST_BEFORE) < until:
        if calendar.is_workday(day) and end >= since:
            found.append(end)
        day += timedelta(days=1)
    return (*found, until)
