"""Working days: spans count their ends."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language.calendar import LAST, Calendar
from syncd.model.findings import Span

CALENDAR = Calendar()
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 10**11).map(lambda second: FIRST + timedelta(seconds=second / 32))
SPANS = st.one_of(
    st.builds(Span, exact=st.timedeltas(timedelta(0), timedelta(days=400))),
    st.builds(Span, working_days=st.integers(0, 400)),
)


def utc(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("began", "days", "over"),
    [
        (utc(2026, 11, 25, 12), 1, date(2026, 11, 26)),  # Wednesday
        (utc(2026, 11, 25, 12), 2, date(2026, 11, 27)),
        (utc(2026, 11, 25, 12), 3, date(2026, 11, 28)),
        (utc(2026, 11, 25, 12), 4, date(2026, 12, 1)),
        (utc(2026, 11, 27, 12), 1, date(2026, 11, 28)),  # Friday
        (utc(2026, 11, 28, 12), 1, date(2026, 12, 1)),  # Saturday
        (utc(2026, 11, 28, 12), 2, date(2026, 12, 2)),
        (utc(2026, 11, 30, 0), 1, date(2026, 12, 1)),  # Monday's first instant
    ],
)
def test_a_span_of_working_days_is_over_at_the_midnight_after_the_last(began, days, over):
    assert CALENDAR.after(began, Span(working_days=days)) == CALENDAR.begin(over)


def test_days_begin_where_the_zone_says():
    berlin = Calendar(zone=ZoneInfo("Europe/Berlin"))

    assert berlin.begin(date(2026, 12, 1)) == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert berlin.day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == date(2026, 12, 1)


@given(at=INSTANTS, span=SPANS)
def test_before_is_the_mirror_of_after(at, span):
    began = CALENDAR.before(at, span)

    assert CALENDAR.after(began, span) >= at
    assert CALENDAR.after(began - timedelta(microseconds=1), span) <= at


@given(at=st.datetimes(timezones=st.just(UTC)), days=st.integers(0, 99_999), exact=st.timedeltas(timedelta(0)))
def test_no_span_overflows(at, days, exact):
    for span in (Span(working_days=days), Span(exact=exact)):
        assert CALENDAR.after(at, span) <= LAST
        assert CALENDAR.before(at, span) <= LAST
    assert CALENDAR.begin(at.date()) <= CALENDAR.end(at.date())


@given(now=INSTANTS, span=SPANS, offset=st.timedeltas(timedelta(days=-30), timedelta(days=30)))
def test_what_began_before_open_from_is_over_and_nothing_else(now, span, offset):
    first = CALENDAR.open_from(now, span)

    for began in (first, first - timedelta(microseconds=1), first + offset):
        assert (CALENDAR.after(began, span) <= now) is (began < first)
