from datetime import date, timedelta

import pytest

from syncd.model.comments import Day, Quote, Text
from syncd.model.findings import Evidence, FindingState
from syncd.planner.steady import steady, steady_evidence, steady_lines
from tests.builders import NOW
from tests.planner.small_world import make_finding, make_judgment, make_judgments
from tests.planner.test_findings import only, settled

SOON = date(2026, 12, 18)


def forecast(days=0, words="it ends on "):
    return (Text(words), Day(SOON + timedelta(days=days), wobbles=True))


@pytest.mark.parametrize("days", [-7, -1, 1, 7])
def test_a_forecast_that_moves_by_a_week_at_most_is_no_news(days: int):
    assert steady(forecast(days), forecast()) == forecast()


@pytest.mark.parametrize("days", [-8, 8])
def test_a_forecast_that_moves_by_more_is_told(days: int):
    assert steady(forecast(days), forecast()) == forecast(days)


def test_other_words_are_told_with_the_days_number():
    assert steady(forecast(1, "planned for "), forecast()) == forecast(1, "planned for ")


def test_a_day_of_a_tracker_is_always_told():
    assert steady((Day(SOON + timedelta(days=1)),), (Day(SOON),)) == (Day(SOON + timedelta(days=1)),)


def test_suggestions_that_change_places_are_no_news():
    def similar(*titles):
        return (Text("similar work serves "), *(Quote(title, wobbles=True) for title in titles))

    assert steady_lines([similar("b"), (Text("x"),)], [similar("a", "b")]) == (similar("a", "b"), (Text("x"),))


def test_a_number_worked_out_daily_stays_beside_its_fact():
    before = [Evidence("flow.late_probability", (Text("0.62", wobbles=True),))]
    now = [Evidence("flow.late_probability", (Text("0.64", wobbles=True),)), Evidence("item.kind", (Text("bug"),))]
    assert steady_evidence(now, before) == (before[0], now[1])


def test_an_open_finding_keeps_its_words_while_its_forecast_wobbles():
    before = make_finding(message=forecast(), state=FindingState.OPEN, opened_at=NOW)
    assert only(settled(make_judgments(make_judgment(message=forecast(3))), [before])).message == forecast()
    assert only(settled(make_judgments(make_judgment(message=forecast(9))), [before])).message == forecast(9)
