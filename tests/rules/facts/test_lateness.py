"""When a blocker can be expected, when it is late for what waits for it, and what says so."""

from datetime import date, timedelta

import pytest

from syncd.model.items import ContainerKind, ContainerState, StatusCategory
from syncd.model.snapshots import Forecast, Snapshot
from syncd.model.truth import Unknown
from syncd.model.words import Words
from tests.builders import (
    NOW,
    blocked_by,
    container_id,
    make_container,
    make_event,
    make_history,
    make_item,
    make_outcome,
    make_place,
    make_state,
    make_world,
)
from tests.rules.facts.asking import fact, keys

TODAY = NOW.date()  # a Tuesday
FRIDAY = date(2026, 11, 27)
DOING = StatusCategory.IN_PROGRESS
SPRINT = make_container("S", ContainerKind.SPRINT, ends_on=date(2026, 12, 4))
VERSION = make_container("V", ContainerKind.VERSION, ends_on=date(2026, 12, 8))
MILESTONE = make_container("M", ends_on=date(2026, 12, 2))
IN_SPRINT, IN_VERSION = ({"sprints": (SPRINT.id,)}, {"milestones": (VERSION.id,)})


def a_pair(blocker, waiting=None, *, outcomes=(), forecasts=None, **world):
    """PAY-1, needed by Friday unless said otherwise, waits for PAY-2."""
    items = [
        make_item("PAY-1", links=(blocked_by("PAY-2"),), **({"due_on": FRIDAY} if waiting is None else waiting)),
        make_item("PAY-2", **blocker),
    ]
    built = make_world(items, outcomes, containers=(SPRINT, VERSION, MILESTONE), **world)
    built.keep(Snapshot(day=TODAY, taken_at=NOW, forecasts=forecasts or {}))
    return built


@pytest.mark.parametrize(
    ("blocker", "expected", "late"),
    [
        pytest.param({"due_on": date(2026, 12, 1)}, (date(2026, 12, 1), "due_date"), (2, "due_date"), id="due-date"),
        pytest.param(IN_SPRINT, (date(2026, 12, 4), "sprint"), (5, "sprint"), id="sprint"),
        pytest.param(
            {"milestones": (MILESTONE.id,)}, (date(2026, 12, 2), "milestone"), (3, "milestone"), id="milestone"
        ),
        pytest.param(IN_VERSION, (date(2026, 12, 8), "version"), (7, "version"), id="version"),
        pytest.param(
            {"fields": {"Target end": "2026-12-03"}, "due_on": FRIDAY},
            (date(2026, 12, 3), "field"),
            (4, "field"),
            id="field",
        ),
        pytest.param({"due_on": FRIDAY}, (FRIDAY, "due_date"), (None, None), id="in-time"),
        pytest.param(
            {"due_on": date(2026, 11, 29)}, (date(2026, 11, 29), "due_date"), (None, None), id="only-a-weekend"
        ),
        pytest.param({"due_on": date(2026, 11, 20)}, (date(2026, 11, 20), "due_date"), (2, "overdue"), id="overdue"),
        pytest.param({"due_on": TODAY}, (TODAY, "due_date"), (None, None), id="today-is-not-over"),
        pytest.param({}, (None, None), (None, None), id="nobody-says"),
    ],
)
def test_what_says_when_a_blocker_comes_and_how_late_that_is(blocker, expected, late):
    place = make_place(words=Words(fields=(("needed_by", ("Target end",)),)))
    world = a_pair(blocker, places=[place])
    assert (fact(world, "item.expected_at", "PAY-2"), fact(world, "item.expected_source", "PAY-2")) == expected
    (record,) = fact(world, "deps.open_blockers")
    assert (record.expected_at, record.expected_source) == expected
    assert (record.late_by, record.late_because) == late
    assert keys(fact(world, "deps.late_blockers")) == (["PAY-2"] if late[1] else [])


def test_an_overdue_blocker_is_late_for_what_has_no_day():
    (record,) = fact(a_pair({"due_on": date(2026, 11, 18)}, {}), "deps.late_blockers")
    assert (record.late_by, record.late_because) == (4, "overdue")


def test_what_is_done_is_expected_no_more_and_nothing_is_late_for_it():
    done = {"status_category": StatusCategory.DONE, "due_on": FRIDAY}
    assert fact(a_pair(done), "item.expected_at", "PAY-2") is None
    assert fact(a_pair({"due_on": date(2026, 11, 18)}, done), "deps.late_blockers") == ()


LATER, SOONER = Forecast(p85=date(2026, 12, 7)), Forecast(p85=date(2026, 11, 26))
SERVING = {"labels": ("outcome:other",)}
OUTCOMES = (make_outcome("other"), make_outcome("more"))


def test_a_blocker_that_nobody_dated_comes_with_the_outcome_it_serves():
    world = a_pair(SERVING, outcomes=OUTCOMES, forecasts={"other": LATER})
    (record,) = fact(world, "deps.late_blockers")
    assert (record.expected_source, record.late_because, record.late_by) == ("forecast", "forecast", 6)


def test_of_two_outcomes_the_first_forecast_counts():
    both = {"labels": ("outcome:other", "outcome:more")}
    world = a_pair(both, outcomes=OUTCOMES, forecasts={"other": LATER, "more": SOONER})
    assert fact(world, "item.expected_at", "PAY-2") == SOONER.p85


def test_a_forecast_of_an_outcome_says_nothing_of_one_part_that_another_waits_for():
    shared = {**SERVING, "due_on": FRIDAY}
    world = a_pair(SERVING, shared, outcomes=OUTCOMES, forecasts={"other": LATER})
    assert fact(world, "deps.late_blockers") == ()


def test_too_little_history_is_unknown_and_no_date():
    world = a_pair(SERVING, outcomes=OUTCOMES, forecasts={"other": Forecast(unknown="4 items too few")})
    assert fact(world, "item.expected_at", "PAY-2") == Unknown("4 items too few")
    assert keys(fact(world, "deps.late_blockers")) == ["?"]


def test_a_sprint_that_was_not_read_makes_it_unknown():
    world = a_pair({"sprints": (container_id("Z", ContainerKind.SPRINT),)})
    assert isinstance(fact(world, "item.expected_at", "PAY-2"), Unknown)
    assert keys(fact(world, "deps.late_blockers")) == ["?"]


def test_a_sprint_without_dates_and_one_that_is_closed_say_nothing():
    for given in ({"ends_on": None}, {"ends_on": FRIDAY, "state": ContainerState.CLOSED}):
        sprint = make_container("S", ContainerKind.SPRINT, **given)
        world = make_world([make_item(sprints=(sprint.id,))], containers=[sprint])
        assert fact(world, "item.expected_at") is None


def test_a_record_says_how_often_the_date_was_moved_and_how_long_nobody_did_anything():
    moves = [
        make_event("due_on", "2026-11-01", "2026-11-08"),
        make_event("due_on", "2026-11-08", "2026-11-27"),
    ]
    world = a_pair({"due_on": FRIDAY}, histories={"PAY-2": make_history(*moves)})
    (record,) = fact(world, "deps.open_blockers")
    assert (record.date_moved_count, record.idle_for) == (2, timedelta(days=7))


@pytest.mark.parametrize(
    ("blocker", "idle"),
    [
        pytest.param({"status_category": DOING, "activity_at": NOW - timedelta(days=7)}, ["PAY-2"], id="five-days"),
        pytest.param({"status_category": DOING, "activity_at": NOW - timedelta(days=6)}, [], id="four-days"),
        pytest.param({"activity_at": NOW - timedelta(days=60)}, [], id="not-begun"),
    ],
)
def test_an_idle_blocker_was_begun_and_left(blocker, idle):
    blocker = {"updated_at": NOW, **blocker}
    place = make_place(words=Words())
    found = keys(fact(a_pair(blocker, places=[place]), "deps.idle_blockers"))
    assert found == idle


def test_an_item_is_needed_by_the_day_of_what_waits_for_it_and_by_its_own_where_that_is_earlier():
    world = a_pair({"due_on": date(2026, 12, 9)})
    assert (fact(world, "item.needed_by", "PAY-2"), fact(world, "item.needed_by_source", "PAY-2")) == (
        FRIDAY,
        "dependent",
    )
    assert keys(fact(world, "item.needed_by_item", "PAY-2")) == ["PAY-1"]
    earlier = a_pair({"due_on": TODAY})
    assert (fact(earlier, "item.needed_by", "PAY-2"), fact(earlier, "item.needed_by_source", "PAY-2")) == (
        TODAY,
        "due_date",
    )
    assert keys(fact(earlier, "item.needed_by_item", "PAY-2")) == ["PAY-2"]


def test_a_need_of_what_cannot_be_read_now_is_unknown():
    items = [make_item("PAY-2", due_on=FRIDAY), make_item("SDK-1", links=(blocked_by("PAY-2"),))]
    world = make_world(items, states=[make_state("jira:SDK", error="down")])
    assert isinstance(fact(world, "item.needed_by", "PAY-2"), Unknown)
