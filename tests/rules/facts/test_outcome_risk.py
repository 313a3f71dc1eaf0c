"""Facts about an outcome's date at risk, the work for what is not being worked on, and measures that moved."""

from datetime import date, timedelta

import pytest

from rules.facts.outcomes.risk import risk_of
from syncd.model.findings import Subject
from syncd.model.identity import ItemId
from syncd.model.items import StatusCategory
from syncd.model.outcomes import Horizon, Launch, Measure, OutcomeStatus, Reading
from syncd.model.snapshots import Forecast, Snapshot
from syncd.model.truth import Unknown
from syncd.planner.tracked import Tracked
from tests.builders import NOW, item_id, make_item, make_outcome, make_state, make_world
from tests.rules.facts.asking import keys, of

TODAY = NOW.date()
TARGET = TODAY + timedelta(days=30)
BEFORE, AFTER = TARGET - timedelta(days=3), TARGET + timedelta(days=3)
DOING = StatusCategory.IN_PROGRESS


def world(forecast=None, *items, target=TARGET, states=(), **given):
    found = make_world(
        [make_item(labels=("outcome:checkout-latency",)), *items],
        [make_outcome(target_date=target, **given)],
        states=states,
    )
    forecasts = {} if forecast is None else {"checkout-latency": forecast}
    found.keep(Snapshot(day=TODAY, taken_at=NOW, forecasts=forecasts))
    return found


@pytest.mark.parametrize(
    ("forecast", "reason"),
    [
        pytest.param(Forecast(p50=BEFORE, p85=BEFORE, late_probability=0.1, target_date=TARGET), None, id="in-time"),
        pytest.param(Forecast(p50=TARGET, p85=TARGET, target_date=TARGET), None, id="on-the-day"),
        pytest.param(Forecast(p50=BEFORE, p85=AFTER, late_probability=0.3, target_date=TARGET), "possibly_late"),
        pytest.param(Forecast(p50=BEFORE, p85=AFTER, late_probability=0.5, target_date=TARGET), "probably_late"),
        pytest.param(Forecast(p50=AFTER, p85=AFTER), "probably_late", id="no-probability"),
        pytest.param(
            Forecast(p50=BEFORE, p85=BEFORE, late_probability=0.9, target_date=BEFORE), None, id="the-date-moved-since"
        ),
        pytest.param(Forecast(is_endless=True, unknown="more is added", target_date=TARGET), "no_end", id="endless"),
        pytest.param(Forecast(p50=BEFORE, unknown="15 of 100 do not end"), "possibly_late", id="some-do-not-end"),
        pytest.param(Forecast(), None, id="nothing-remains"),
    ],
)
def test_a_date_to_come_is_at_risk_by_the_forecast(forecast, reason):
    assert risk_of(forecast, TARGET) == reason
    assert of(world(forecast), "outcome.risk_reason") == reason
    assert of(world(forecast), "outcome.target_at_risk") is (reason is not None)


@pytest.mark.parametrize(
    ("forecast", "said"),
    [
        pytest.param(Forecast(unknown="too little was finished"), "too little was finished", id="too-little"),
        pytest.param(None, "this is measured once a day, and was not yet since it is there", id="new-today"),
    ],
)
def test_what_can_not_be_forecast_is_unknown_with_its_reason(forecast, said):
    for name in ("risk_reason", "target_at_risk"):
        assert of(world(forecast), f"outcome.{name}") == Unknown(said)


def test_a_date_that_has_passed_is_missed_while_work_is_open():
    gone = TODAY - timedelta(days=1)
    assert of(world(None, target=gone), "outcome.risk_reason") == "date_passed"
    assert of(world(Forecast(unknown="too little"), target=TODAY), "outcome.risk_reason") == Unknown("too little")
    done = make_world(
        [make_item(labels=("outcome:checkout-latency",), status_category=StatusCategory.DONE)],
        [make_outcome(target_date=gone)],
    )
    assert of(done, "outcome.target_at_risk") is False
    dark = make_world([make_item()], [make_outcome(target_date=gone)], states=[make_state(error="down")])
    assert isinstance(of(dark, "outcome.target_at_risk"), Unknown)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"target": None}, id="no-date"),
        pytest.param({"status": OutcomeStatus.PAUSED}, id="paused"),
        pytest.param({"horizon": Horizon.NOT_NOW}, id="not-now"),
    ],
)
def test_without_a_date_or_where_nobody_works_on_it_there_is_no_risk_to_tell(given):
    late = Forecast(p50=AFTER, p85=AFTER, late_probability=1, target_date=TARGET)
    assert of(world(late, **given), "outcome.target_at_risk") is None
    assert of(world(late, **given), "outcome.risk_reason") is None
    assert isinstance(of(world(late), "outcome.target_at_risk", "nowhere"), Unknown)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"horizon": Horizon.NOT_NOW}, id="not-now"),
        pytest.param({"status": OutcomeStatus.PAUSED}, id="paused"),
        pytest.param({"status": OutcomeStatus.DROPPED}, id="dropped"),
    ],
)
def test_work_in_progress_for_what_is_not_being_worked_on(given):
    items = [
        make_item("PAY-1", labels=("outcome:checkout-latency",), status_category=DOING),
        make_item("PAY-2", labels=("outcome:checkout-latency", "outcome:speed"), status_category=DOING),
        make_item("PAY-3", labels=("outcome:checkout-latency",)),
    ]
    found = make_world(items, [make_outcome(**given), make_outcome("speed")])
    assert keys(of(found, "outcome.in_progress_items")) == ["PAY-1"]
    assert of(found, "outcome.in_progress_count") == 1
    assert keys(of(found, "outcome.in_progress_items", "speed")) == ["PAY-2"]
    dark = make_world(items, [make_outcome(**given)], states=[make_state(error="down")])
    assert isinstance(of(dark, "outcome.in_progress_items")[-1], Unknown)
    assert isinstance(of(dark, "outcome.in_progress_count"), Unknown)


@pytest.mark.parametrize(
    ("items", "target"),
    [
        pytest.param(("PAY-1",), "PAY-1", id="tracked"),
        pytest.param(("PAY-404", "PAY-1"), "PAY-1", id="the-first-that-is-there"),
        pytest.param((), None, id="in-the-report"),
    ],
)
def test_it_is_told_on_what_tracks_the_outcome_else_in_the_report(items, target):
    for given in ({"target_date": TARGET}, {"horizon": Horizon.NOT_NOW}, {"status": OutcomeStatus.DROPPED}):
        found = make_world([make_item()], [make_outcome(items=items, **given)])
        told = Tracked(found, lambda _: True).target(Subject("outcome", ItemId("", "checkout-latency")))
        assert told == (item_id(target) if target else None)


LAUNCHED = Launch(on=date(2026, 11, 1))


def measured(*values, baseline: float | None = 2.4, target: float | None = 1.2, launch=LAUNCHED):
    """Return a World whose outcome was read in October, twice, then in November."""
    days = (date(2026, 10, 1), date(2026, 10, 20), date(2026, 11, 20))
    readings = tuple(Reading(on, value) for on, value in zip(days, values, strict=False) if value is not None)
    measure = Measure(id="p95", baseline=baseline, target=target, readings=readings)
    return make_world([], [make_outcome(measures=(measure,), launch=launch)])


@pytest.mark.parametrize(
    ("world", "since_previous", "since_launch"),
    [
        pytest.param(measured(2.4, 2.2, 1.8), True, True, id="nearer"),
        pytest.param(measured(2.4, 1.8, 1.9), False, False, id="farther"),
        pytest.param(measured(2.4, 1.8, 1.8), False, False, id="the-same"),
        pytest.param(measured(2.4, 1.1, 1.0), True, True, id="beyond-the-target-and-on"),
        pytest.param(measured(2.4, 2.2), True, None, id="not-measured-since"),
        pytest.param(measured(None, None, 1.8), None, True, id="since-its-baseline"),
        pytest.param(measured(None, None, 1.8, baseline=None), None, None, id="nothing-to-compare-with"),
        pytest.param(measured(2.4, 2.2, 1.8, baseline=None), True, True, id="without-baseline"),
        pytest.param(measured(2.4, 2.2, 1.8, target=None), None, None, id="without-target"),
        pytest.param(measured(2.4, 2.2, 1.8, launch=Launch()), True, None, id="never-launched"),
        pytest.param(measured(2.4, 2.2, 1.8, launch=Launch(on=date(2027, 1, 1))), True, None, id="not-launched-yet"),
        pytest.param(measured(), None, None, id="not-measured"),
    ],
)
def test_whether_a_measure_moved(world, since_previous, since_launch):
    assert of(world, "outcome.moved_since_previous") is since_previous
    assert of(world, "outcome.moved_since_launch") is since_launch


def test_the_day_of_the_newest_reading():
    assert of(measured(2.4, 2.2, 1.8), "outcome.last_reading") == date(2026, 11, 20)
    assert of(measured(), "outcome.last_reading") is None
