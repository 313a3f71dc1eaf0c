from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language.calendar import Calendar
from syncd.model.findings import Span
from syncd.testing.moments import absolute, day_of, moment_of

WEDNESDAY = datetime(2026, 11, 25, 12, tzinfo=UTC)
PLAIN = Calendar()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", WEDNESDAY),
        ("2026-11-20T09:30", datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
        ("2026-11-20T09:30:15Z", datetime(2026, 11, 20, 9, 30, 15, tzinfo=UTC)),
        ("2026-11-20T09:30+02:00", datetime(2026, 11, 20, 7, 30, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("90m ago", datetime(2026, 11, 25, 10, 30, tzinfo=UTC)),
        ("2w ago", datetime(2026, 11, 11, 12, tzinfo=UTC)),
        ("in 3d", datetime(2026, 11, 28, 12, tzinfo=UTC)),
        ("2wd ago", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("3wd ago", datetime(2026, 11, 20, 12, tzinfo=UTC)),
        ("in 1wd", datetime(2026, 11, 26, 12, tzinfo=UTC)),
        ("in 3wd", datetime(2026, 11, 30, 12, tzinfo=UTC)),
    ],
)
def test_what_is_written_is_a_moment(text, expected):
    assert moment_of(text, WEDNESDAY, PLAIN) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "3 days ago", "ago", "in", "-1d ago", "3wd", "2026-13-01", "2026-11-31", "12:00", "in 3d ago"]
)
def test_what_is_none_is_none(text):
    assert moment_of(text, WEDNESDAY, PLAIN) is None


def test_a_day_and_a_time_without_a_zone_are_in_the_calendars():
    berlin = Calendar(zone=ZoneInfo("Europe/Berlin"))

    assert moment_of("2026-11-20", WEDNESDAY, berlin) == datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert absolute("2026-11-20T00:30", berlin) == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert day_of("2026-11-19T23:30Z", WEDNESDAY, berlin) == date(2026, 11, 20)


def test_holidays_are_passed_over():
    calendar = Calendar(holidays=frozenset({date(2026, 11, 24), date(2026, 11, 26)}))

    assert moment_of("1wd ago", WEDNESDAY, calendar) == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert moment_of("in 1wd", WEDNESDAY, calendar) == datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["99999w ago", "in 99999w", "99999wd ago", "in 99999wd", "0001-01-01", "9999-12-31"])
def test_what_is_far_away_is_a_moment_all_the_same(text):
    assert moment_of(text, WEDNESDAY, PLAIN) is not None


NOWS = st.integers(0, 365 * 24 * 60).map(lambda minutes: WEDNESDAY + timedelta(minutes=minutes))


@given(NOWS, st.integers(1, 40))
def test_so_many_working_days_ago_they_began_and_one_more_is_not_over(now, count):
    at = moment_of(f"{count}wd ago", now, PLAIN)
    assert at is not None

    assert PLAIN.after(at, Span(working_days=count)) <= now
    assert PLAIN.after(at, Span(working_days=count + 1)) > now
    assert at.time() == now.time()


@given(NOWS, st.integers(1, 40))
def test_in_so_many_working_days_is_a_working_day_at_the_same_time(now, count):
    at = moment_of(f"in {count}wd", now, PLAIN)
    assert at is not None

    assert at.weekday() < 5
    assert at - now >= timedelta(days=count)
    assert at.time() == now.time()
