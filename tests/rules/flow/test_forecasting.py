from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rules.facts.table import context_at
from rules.flow.forecasting import forecasts
from rules.flow.measuring import outcome_flows
from rules.flow.montecarlo import draw, seed_of
from rules.language.calendar import Calendar
from syncd.model.items import StatusCategory
from tests.builders import NOW, make_item, make_outcome, make_world

TODAY = NOW.date()
FAST = make_outcome("fast", items=["PAY-900"], target_date=TODAY + timedelta(days=60))
EPIC = make_item("PAY-900", created_at=NOW - timedelta(weeks=40))


def days(count):
    return timedelta(days=count)


def done(number, ago, *, is_dated=True, created=300):
    at = NOW - days(ago)
    return make_item(
        f"PAY-{number}",
        parent="PAY-900",
        status_category=StatusCategory.DONE,
        created_at=NOW - days(created),
        closed_at=at if is_dated else None,
        updated_at=at,
    )


def left(count, **given):
    given.setdefault("created_at", NOW - days(200))
    return [make_item(f"PAY-{700 + number}", parent="PAY-900", **given) for number in range(count)]


def context(*items, outcome=FAST):
    return context_at(make_world([EPIC, *items], [outcome]), NOW, Calendar())


def forecast(*items, outcome=FAST):
    return forecasts(context(*items, outcome=outcome))["fast"]


def flow(*items):
    return outcome_flows(context(*items))["fast"]


def steady(count=24):
    """Return items of which two were finished in each of the last weeks."""
    return [done(number, 1 + 7 * (number // 2) + number % 2) for number in range(count)]


def test_the_weeks_end_yesterday_and_the_oldest_stands_first():
    found = flow(done(1, 1), done(2, 1), done(3, 8), done(4, 83), done(5, 90))
    assert found.weekly == (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2)
    assert found.finished_count == 4


def test_what_is_closed_before_it_was_created_or_tomorrow_does_no_harm():
    found = flow(done(1, 3, created=1), done(2, -5))
    assert found.finished_count == 1
    assert found.cycle_p50 is None


def test_twelve_items_at_two_a_week_end_in_about_six_weeks():
    found = forecast(*steady(), *left(12))
    assert (found.remaining_count, found.per_week, found.unknown) == (12, 2.0, "")
    assert TODAY + days(28) <= found.p50 <= TODAY + days(63) <= TODAY + days(400)
    assert found.p50 <= found.p85


def test_the_same_day_draws_the_same_and_another_day_something_else():
    assert forecast(*steady(), *left(12)) == forecast(*steady(), *left(12))
    assert seed_of("fast", TODAY) != seed_of("fast", TODAY + days(1)) != seed_of("slow", TODAY + days(1))


def test_with_too_few_finished_items_it_says_how_many_are_missing():
    found = forecast(*[done(number, 10 + number) for number in range(3)], *left(5))
    assert (found.p50, found.late_probability, found.needed_count) == (None, None, 5)
    assert "3 items" in found.unknown


def test_where_as_much_is_added_as_is_finished_there_is_no_date():
    added = left(24, created_at=NOW - days(20))
    found = forecast(*steady(), *added)
    assert (found.p50, found.p85, found.is_endless) == (None, None, True)
    assert "24 items were added" in found.unknown


def test_where_nothing_is_left_there_is_neither_a_date_nor_a_doubt():
    world = make_world([replace(EPIC, status_category=StatusCategory.DONE, closed_at=NOW), *steady()], [FAST])
    found = forecasts(context_at(world, NOW, Calendar()))["fast"]
    assert (found.remaining_count, found.p50, found.unknown) == (0, None, "")


def test_done_items_that_nobody_can_date_are_no_growth_and_leave_the_forecast_unknown():
    undated = [done(100 + number, 5, is_dated=False, created=30) for number in range(40)]
    assert flow(*steady(), *undated).arrived == flow(*steady()).arrived
    found = forecast(*steady(), *undated, *left(5))
    assert (found.p50, found.is_endless, found.needed_count) == (None, False, 0)
    assert "40 items" in found.unknown


def test_what_was_finished_before_the_weeks_began_says_that_work_had_begun():
    lately = [done(number, 10 + number) for number in range(10)]
    before = [done(50 + number, 140 + number, is_dated=False) for number in range(10)]
    assert flow(*lately).week_count < 4
    assert flow(*lately, *before).week_count == 12


def test_a_target_after_the_last_week_drawn_has_no_probability():
    far = make_outcome("fast", items=["PAY-900"], target_date=TODAY + timedelta(days=365 * 15))
    assert forecast(*steady(), *left(12), outcome=far).late_probability is None


def test_a_target_that_is_over_is_missed():
    past = make_outcome("fast", items=["PAY-900"], target_date=TODAY - days(1))
    assert forecast(*steady(), *left(12), outcome=past).late_probability == 1.0


WEEKS = st.lists(st.integers(0, 6), min_size=4, max_size=12).filter(lambda weeks: sum(weeks) > 0)


@given(WEEKS, st.integers(1, 40), st.integers(0, 2**40))
def test_more_work_takes_no_less_time(weeks, remaining, seed):
    nothing = [0] * len(weeks)
    fewer = draw(remaining, weeks, nothing, seed, trials=200)
    more = draw(remaining + 5, weeks, nothing, seed, trials=200)
    assert (more.days >= fewer.days)[:180].all(), "no more than 90 % are drawn to their end"
    p50, p85 = fewer.day_of(0.5, TODAY), fewer.day_of(0.85, TODAY)
    assert p85 is None or (p50 is not None and TODAY <= p50 <= p85)


@pytest.mark.parametrize(("weekly", "remaining", "ends"), [(2, 12, 42), (5, 12, 17), (1, 3, 21)])
def test_weeks_that_never_differ_and_a_pace_that_never_drifts_are_a_division(weekly, remaining, ends):
    drawn = draw(remaining, [weekly] * 8, [0] * 8, 1, trials=50, drift=0.0)
    assert drawn.days.tolist() == [ends] * 50
    assert drawn.day_of(0.5, date(2026, 1, 1)) == date(2026, 1, 1) + days(ends - 1)
