"""Moments and days as a case writes them: ``2026-11-24T12:00``, ``2026-11-24``, ``3wd ago``, ``in 2w``, ``now``."""

import re
from datetime import date, datetime, time, timedelta

from rules.language import spans
from rules.language.calendar import FIRST, LAST, Calendar
from syncd.model.findings import Span

PATTERN = (
    r"^(now|today|[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
    r"|[0-9]{1,5}(m|h|d|w|wd) ago|in [0-9]{1,5}(m|h|d|w|wd))$"
)
EXPECTED = "a moment: 2026-11-24T12:00, 2026-11-24, 3wd ago, in 2w, or now"

_RELATIVE = re.compile(r"(?:in (\S+)|(\S+) ago)\Z")
_PATTERN = re.compile(PATTERN.replace("$", r"\Z"))
_TICK = timedelta.resolution


def moment_of(text: str, now: datetime, calendar: Calendar) -> datetime | None:
    """Return the moment that is written, or None where it is none; what names no zone is in the calendar's.

    So many working days ago is the day of which just so many were over since, at the same time of day. A day alone
    is its beginning.
    """
    if not _PATTERN.match(text):
        return None
    if text in ("now", "today"):
        return now
    relative = _RELATIVE.match(text)
    if relative:
        span = spans.span_of(relative[1] or relative[2]) or Span()
        return _later(now, span, calendar) if relative[1] else _earlier(now, span, calendar)
    return absolute(text, calendar)


def absolute(text: str, calendar: Calendar) -> datetime | None:
    """Return the moment that is written out, or None where it is none."""
    if not _PATTERN.match(text) or not text[:1].isdigit() or text.endswith("ago"):
        return None
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return None
    return min(max(written if written.tzinfo else written.replace(tzinfo=calendar.zone), FIRST), LAST)


def day_of(text: str, now: datetime, calendar: Calendar) -> date | None:
    """Return the day that is written, or None where it is none."""
    found = moment_of(text, now, calendar)
    return None if found is None else calendar.day(found)


def _earlier(now: datetime, span: Span, calendar: Calendar) -> datetime:
    if not span.working_days:
        return max(now - span.exact, FIRST)
    return _at_time_of(now, calendar.day(calendar.open_from(now, span) - _TICK), calendar)


def _later(now: datetime, span: Span, calendar: Calendar) -> datetime:
    if not span.working_days:
        return min(now + span.exact, LAST)
    over = calendar.after(calendar.end(calendar.day(now)), span)
    return _at_time_of(now, calendar.day(over - _TICK), calendar)


def _at_time_of(now: datetime, day: date, calendar: Calendar) -> datetime:
    local: time = now.astimezone(calendar.zone).time()
    return datetime.combine(day, local, tzinfo=calendar.zone)
