"""What is worked out once per moment equals what each value says alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.facts.fact import FactType
from rules.language import times
from rules.language.calendar import Calendar
from rules.language.matchers import Moment, known_not, soonest
from rules.language.values import ValueKind
from syncd.model.findings import Span
from syncd.model.truth import Truth, Unknown

CALENDAR = Calendar()
NOWS = st.integers(0, 10**10).map(lambda second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second / 256))
SPANS = st.one_of(
    st.sampled_from([timedelta(0), timedelta(hours=12), timedelta(days=3)]).map(lambda exact: Span(exact=exact)),
    st.integers(1, 12).map(lambda days: Span(working_days=days)),
)
OFFSETS = st.lists(st.integers(-40 * 96, 40 * 96), min_size=1, max_size=8)
INSTANT, DATE, SPAN = (ValueKind(type=each) for each in (FactType.INSTANT, FactType.DATE, FactType.SPAN))


def around(kind: ValueKind, now: datetime, offsets: list[int]) -> list:
    """Return values near now, to the quarter of an hour, some on the edge of a day, and some that are no values."""
    instants = [now + timedelta(minutes=15 * offset) for offset in offsets]
    midnights = [each.replace(hour=0, minute=0, second=0, microsecond=0) for each in instants]
    values: dict[FactType, list[Any]] = {
        FactType.INSTANT: [*instants, *midnights, *(each - timedelta(microseconds=1) for each in midnights)],
        FactType.DATE: [each.date() for each in instants],
        FactType.SPAN: [now - each for each in [*instants, *midnights]],
    }
    return [None, Unknown("dark"), *values[kind.type]]


@given(now=NOWS, span=SPANS, offsets=OFFSETS)
def test_older_than_says_what_the_calendar_says(now, span, offsets):
    for kind in (INSTANT, DATE):
        matcher = times.older_than(kind, span)
        for value in around(kind, now, offsets)[2:]:
            over = CALENDAR.end(value) if type(value) is date else value
            expected = CALENDAR.after(over, span) <= now
            assert (matcher.judge(value, Moment(now)) is Truth.YES) is expected


@given(now=NOWS, span=SPANS, offsets=OFFSETS)
def test_within_says_what_the_calendar_says(now, span, offsets):
    for kind in (INSTANT, DATE):
        matcher = times.within(kind, span)
        for value in around(kind, now, offsets)[2:]:
            begins = CALENDAR.begin(value) if type(value) is date else value
            over = CALENDAR.end(value) if type(value) is date else value
            expected = over > now and begins <= CALENDAR.after(now, span)
            assert (matcher.judge(value, Moment(now)) is Truth.YES) is expected


@given(now=NOWS, span=SPANS, offsets=OFFSETS, more=st.booleans())
def test_a_length_of_time_says_what_the_calendar_says(now, span, offsets, more):
    matcher = times.at_least(SPAN, span, more=more)
    for value in around(SPAN, now, offsets)[2:]:
        if span.working_days:
            expected = CALENDAR.after(now - value, Span(working_days=span.working_days + more)) <= now
        else:
            expected = value > span.exact if more else value >= span.exact
        assert (matcher.judge(value, Moment(now)) is Truth.YES) is expected


@given(now=NOWS, span=SPANS, offsets=OFFSETS)
def test_the_soonest_turn_of_many_is_the_soonest_of_each(now, span, offsets):
    for kind, matchers in (
        (INSTANT, [times.older_than(INSTANT, span), times.within(INSTANT, span)]),
        (DATE, [times.older_than(DATE, span), times.within(DATE, span), known_not(times.older_than(DATE, span))]),
        (SPAN, [times.at_least(SPAN, span, more=more) for more in (False, True)]),
    ):
        values, moment = around(kind, now, offsets), Moment(now)
        for matcher in matchers:
            assert matcher.due
            dues = [matcher.due(value, moment) for value in values]
            assert soonest(matcher, values, moment) == min((due for due in dues if due), default=None)


@given(now=NOWS, span=SPANS, offsets=OFFSETS)
def test_an_answer_stays_until_it_is_due_and_turns_then(now, span, offsets):
    for kind in (INSTANT, DATE):
        # An instant is never within no time at all.
        soon = times.within(kind, span if span != Span() else Span(working_days=1))
        for matcher in (times.older_than(kind, span), soon):
            for value in around(kind, now, offsets):
                due = matcher.due(value, Moment(now)) if matcher.due else None
                if due:
                    answers = [matcher.judge(value, Moment(at)) for at in (now, due - timedelta(microseconds=1), due)]
                    assert answers[0] is answers[1] is not answers[2]


def test_a_matcher_remembers_nothing_of_another_moment():
    matcher = times.older_than(DATE, Span())
    earlier, later = (Moment(datetime(2026, 11, day, tzinfo=UTC)) for day in (25, 26))

    answers = [matcher.judge(date(2026, 11, 25), moment) for moment in (earlier, later, earlier)]

    assert answers == [Truth.NO, Truth.YES, Truth.NO]
