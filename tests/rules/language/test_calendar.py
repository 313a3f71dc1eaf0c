"""Working days: spans count their ends."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language.calendar import LAST, Calendar, calendar_of
from syncd.calendar_text import CalendarText
from syncd.model.findings import Span

CALENDAR = Calendar()
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 10**11).map(lambda second: FIRST + timedelta(seconds=second / 32))
SPANS = st.one_of(
    st.builds(Span, exact=st.timedeltas(timedelta(0), timedelta(days=400))),
    st.builds(Span, working_days=st.integers(0, 400)),
)
ZONES = st.sampled_from([UTC, *map(ZoneInfo, ("Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"))])
HOLIDAYS = st.frozensets(st.dates(date(1999, 12, 1), date(2012, 1, 1)), max_size=60)
CALENDARS = st.builds(
    Calendar,
    zone=ZONES,
    workdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    holidays=HOLIDAYS,
)
NEAR = st.integers(0, 4 * 10**8).map(lambda second: FIRST + timedelta(seconds=second))


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


def test_a_weekend_is_what_the_calendar_says_and_nobody_works_on_a_holiday():
    text = CalendarText(workdays=["thu", "sun", "mon"], holidays=[date(2026, 12, 24), date(2026, 12, 25)])
    calendar = calendar_of(text)

    assert [calendar.is_workday(date(2026, 12, day)) for day in (20, 21, 22, 24, 25)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    # Monday noon; then come Sunday, Monday and (the holiday left out) Thursday a week later.
    assert calendar.after(utc(2026, 12, 21, 12), Span(working_days=1)) == utc(2026, 12, 22, 0)
    assert calendar.after(utc(2026, 12, 21, 12), Span(working_days=2)) == utc(2026, 12, 28, 0)
    assert calendar.after(utc(2026, 12, 21, 12), Span(working_days=4)) == utc(2027, 1, 1, 0)


def test_a_calendar_says_nothing_but_monday_to_friday_until_somebody_does():
    assert calendar_of(CalendarText()) == Calendar()


@given(calendar=CALENDARS, at=NEAR, days=st.integers(1, 40))
def test_a_span_is_over_with_as_many_ends_of_working_days_as_one_counts_by_hand(calendar, at, days):
    day, left = calendar.day(at), days
    while True:
        left -= calendar.is_workday(day)
        if not left:
            break
        day += timedelta(days=1)

    assert calendar.after(at, Span(working_days=days)) == calendar.end(day)


@given(calendar=CALENDARS, at=st.one_of(NEAR, INSTANTS), span=SPANS)
def test_before_is_the_mirror_of_after(calendar, at, span):
    began = calendar.before(at, span)

    assert calendar.after(began, span) >= at
    assert calendar.after(began - timedelta(microseconds=1), span) <= at


@given(
    calendar=CALENDARS,
    at=st.datetimes(timezones=st.just(UTC)),
    days=st.integers(0, 99_999),
    exact=st.timedeltas(timedelta(0)),
)
def test_no_span_overflows(calendar, at, days, exact):
    for span in (Span(working_days=days), Span(exact=exact)):
        assert calendar.after(at, span) <= LAST
        assert calendar.before(at, span) <= LAST
    assert calendar.begin(at.date()) <= calendar.end(at.date())


@given(
    calendar=CALENDARS,
    now=st.one_of(NEAR, INSTANTS),
    span=SPANS,
    offset=st.timedeltas(timedelta(days=-30), timedelta(days=30)),
)
def test_what_began_before_open_from_is_over_and_nothing_else(calendar, now, span, offset):
    first = calendar.open_from(now, span)

    for began in (first, first - timedelta(microseconds=1), first + offset):
        assert (calendar.after(began, span) <= now) is (began < first)


@given(st.dates(date(2026, 10, 1), date(2026, 12, 31)), st.integers(-20, 40), st.sets(st.integers(0, 90)))
def test_days_worked_between_are_as_one_counts_them_by_hand(after, length, free):
    calendar = Calendar(holidays=frozenset(date(2026, 10, 1) + timedelta(days=each) for each in free))
    days = (after + timedelta(days=each) for each in range(1, length + 1))
    assert calendar.worked_between(after, after + timedelta(days=length)) == sum(map(calendar.is_workday, days))


def test_days_worked_until_the_last_day_there_is_can_be_counted():
    assert Calendar().worked_between(date.max, date.max) == 0
    assert Calendar().worked_between(date(2026, 1, 1), date.max) > 0
    assert Calendar().worked_between(date.min, date(1, 1, 1)) == 0
