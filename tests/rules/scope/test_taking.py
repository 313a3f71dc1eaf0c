"""When baselines are due, and what they hold: what was there, as far as histories tell."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rules.language.calendar import Calendar
from rules.scope.taking import due_baselines
from rules.subjects import container_subject, item_subject, outcome_subject
from syncd.model.baselines import Confidence
from syncd.model.items import ContainerKind, ContainerState, StatusCategory
from syncd.model.outcomes import Horizon, OutcomeRevision, Period
from tests.builders import (
    NOW,
    container_id,
    item_id,
    make_baseline,
    make_container,
    make_event,
    make_history,
    make_item,
    make_outcome,
    make_state,
    make_world,
)

BEGUN, DONE = StatusCategory.IN_PROGRESS, StatusCategory.DONE
OLD = datetime(2026, 9, 1, tzinfo=UTC)
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
"""A Monday: five working days end with the Friday of its week."""
SETTLED = datetime(2026, 11, 7, tzinfo=UTC)
EPIC = item_subject(item_id("PAY-1"))
LATER = datetime(2026, 11, 12, tzinfo=UTC)
PERIOD = Period(id="2026-Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))


def at(moment, key, field, before="", after="", actor="ada"):
    return make_event(field, before, after, at=moment, item=item_id(key), actor=actor)


def moved(key, before, after, moment=START):
    return at(moment, key, "status", before, after)


def child(key, **given):
    return make_item(key, **{"parent": "PAY-1", "created_at": OLD, "updated_at": OLD, **given})


def begun(key="PAY-2", **given):
    return child(key, **{"status": "Doing", "status_category": BEGUN, "updated_at": START, **given})


def epic_world(*children, histories=None, **given):
    epic = make_item("PAY-1", created_at=OLD, updated_at=OLD)
    told = {each.key: make_history() for each in (epic, *children)}
    told["PAY-2"] = make_history(moved("PAY-2", "To Do", "Doing"))
    return make_world([epic, *children], histories={**told, **(histories or {})}, **given)


def due(world, now=NOW):
    return {each.of: each for each in due_baselines(world, now, Calendar())}


def held(baseline):
    return [each.key for each in baseline.members]


def test_an_epic_is_agreed_five_working_days_after_its_first_child_began():
    world = epic_world(begun(), child("PAY-3"))
    assert due(world, SETTLED - timedelta(seconds=1)) == {}
    baseline = due(world, SETTLED)[EPIC]
    assert (held(baseline), baseline.at, baseline.began_at) == (["PAY-2", "PAY-3"], SETTLED, START)
    assert baseline.confidence is Confidence.OBSERVED


def test_an_epic_without_begun_work_has_nothing_agreed():
    assert due(epic_world(child("PAY-2"), child("PAY-3"))) == {}


def test_what_came_later_is_not_in_a_baseline_that_is_reconstructed():
    world = epic_world(begun(), child("PAY-3", created_at=LATER, updated_at=LATER))
    baseline = due(world)[EPIC]
    at = SETTLED - timedelta.resolution
    assert (held(baseline), baseline.at, baseline.confidence) == (["PAY-2"], at, Confidence.RECONSTRUCTED)


def test_what_was_put_below_it_later_was_not_agreed():
    adopted = make_history(at(LATER, "PAY-3", "parent", "jira:nPAY-9", "jira:nPAY-1"))
    world = epic_world(begun(), child("PAY-3", updated_at=LATER), histories={"PAY-3": adopted})
    assert held(due(world)[EPIC]) == ["PAY-2"]


def test_what_was_taken_from_below_it_later_was_agreed():
    left = make_item("PAY-3", created_at=OLD, updated_at=LATER)
    told = make_history(at(LATER, "PAY-3", "parent", "jira:nPAY-1", ""))
    assert held(due(epic_world(begun(), left, histories={"PAY-3": told}))[EPIC]) == ["PAY-2", "PAY-3"]


def test_a_member_has_the_estimate_of_then():
    resized = make_history(at(LATER, "PAY-3", "estimate", "3", "8"))
    world = epic_world(begun(), child("PAY-3", estimate=8.0, updated_at=LATER), histories={"PAY-3": resized})
    assert [each.estimate for each in due(world)[EPIC].members] == [None, 3.0]


def test_an_epic_that_is_done_is_left_alone():
    done = make_item("PAY-1", created_at=OLD, updated_at=OLD, status_category=DONE)
    world = make_world([done, begun()], histories={"PAY-2": make_history(moved("PAY-2", "To Do", "Doing"))})
    assert due(world) == {}


def test_a_subject_that_has_a_baseline_gets_no_other():
    assert due(epic_world(begun(), baselines=[make_baseline("PAY-2", of=EPIC, at=SETTLED)])) == {}


def test_nothing_is_agreed_while_a_child_can_not_be_read():
    hidden = child("OPS-1")
    world = epic_world(begun(), hidden, states=[make_state("jira:OPS", error="forbidden")])
    assert EPIC not in due(world)


def test_a_history_that_may_yet_be_read_is_waited_for():
    lately = [make_state("jira:PAY", imported_at=NOW - timedelta(days=1))]
    unread = make_history(known_since=NOW)
    changed = child("PAY-3", updated_at=LATER)
    assert due(epic_world(begun(), changed, histories={"PAY-3": unread}, states=lately)) == {}
    found = due(epic_world(begun(), changed, histories={"PAY-3": unread}))[EPIC]
    assert (held(found), found.confidence) == (["PAY-2", "PAY-3"], Confidence.DATED)


SPRINT = make_container("Run", ContainerKind.SPRINT, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 27))
RUN = container_subject(SPRINT.id)


def test_a_sprint_holds_what_was_in_it_when_it_had_settled():
    inside: dict[str, Any] = {"sprints": (SPRINT.id,), "created_at": OLD}
    name = str(SPRINT.id)
    items = [
        make_item("PAY-1", **inside, updated_at=OLD),
        make_item("PAY-2", **inside, updated_at=LATER),
        make_item("PAY-3", created_at=OLD, updated_at=LATER),
    ]
    histories = {
        "PAY-1": make_history(),
        "PAY-2": make_history(at(LATER, "PAY-2", "sprints", "", name)),
        "PAY-3": make_history(at(LATER, "PAY-3", "sprints", name, "")),
    }
    baseline = due(make_world(items, containers=[SPRINT], histories=histories))[RUN]
    assert (held(baseline), baseline.confidence) == (["PAY-1", "PAY-3"], Confidence.RECONSTRUCTED)


@pytest.mark.parametrize(
    ("given", "is_due"),
    [
        pytest.param({}, True, id="runs"),
        pytest.param({"state": ContainerState.FUTURE}, False, id="is to come"),
        pytest.param({"starts_on": date(2026, 11, 19)}, False, id="began this week"),
        pytest.param({"state": ContainerState.CLOSED, "ends_on": date(2026, 11, 20)}, True, id="closed lately"),
        pytest.param(
            {"state": ContainerState.CLOSED, "ends_on": date(2026, 11, 5)}, False, id="closed before settling"
        ),
        pytest.param({"state": ContainerState.CLOSED, "ends_on": None}, False, id="closed, nobody knows when"),
        pytest.param({"starts_on": None}, False, id="no first day, nothing begun"),
    ],
)
def test_which_sprints_are_agreed(given, is_due):
    sprint = make_container(
        "Run", ContainerKind.SPRINT, **{"starts_on": date(2026, 11, 2), "ends_on": date(2026, 11, 27), **given}
    )
    items = [make_item("PAY-1", sprints=(sprint.id,), created_at=OLD, updated_at=OLD)]
    assert (RUN in due(make_world(items, containers=[sprint], histories={"PAY-1": make_history()}))) is is_due


def test_a_milestone_without_a_first_day_begins_with_its_first_item():
    milestone = make_container("M")
    one = make_item("PAY-2", milestones=(milestone.id,), status="Doing", status_category=BEGUN, created_at=OLD)
    world = make_world(
        [one], containers=[milestone], histories={"PAY-2": make_history(moved("PAY-2", "To Do", "Doing"))}
    )
    assert due(world)[container_subject(container_id("M"))].began_at == START


OUTCOME = outcome_subject("checkout-latency")


def seen(moment, **given):
    return OutcomeRevision(outcome=make_outcome(items=["PAY-1"], **given), seen_at=moment)


def outcome_world(*items, **given):
    return make_world(items, [make_outcome(items=["PAY-1"])], period=PERIOD, **given)


def test_an_outcome_that_was_there_before_anybody_watched_began_with_the_period():
    items = [
        make_item("PAY-1", created_at=OLD, updated_at=OLD),
        child("PAY-2"),
        child("PAY-3", created_at=LATER, updated_at=LATER),
    ]
    histories = {each.key: make_history() for each in items}
    baseline = due(outcome_world(*items, histories=histories))[OUTCOME]
    assert baseline.began_at == datetime(2026, 10, 1, tzinfo=UTC)
    assert baseline.at == datetime(2026, 10, 8, tzinfo=UTC) - timedelta.resolution
    assert [(each.key, each.is_counted) for each in baseline.members] == [("PAY-1", False), ("PAY-2", True)]
    assert baseline.confidence is Confidence.RECONSTRUCTED


def test_an_outcome_that_became_now_is_agreed_five_working_days_later():
    items = [make_item("PAY-1", created_at=OLD, updated_at=OLD)]
    told = (seen(OLD, horizon=Horizon.NEXT), seen(START))
    world = outcome_world(*items, revisions={"checkout-latency": told}, histories={"PAY-1": make_history()})
    assert due(world, SETTLED - timedelta(seconds=1)) == {}
    assert due(world, SETTLED)[OUTCOME].began_at == START


def test_a_new_name_begins_nothing_anew():
    items = [make_item("PAY-1", created_at=OLD, updated_at=OLD), child("PAY-2")]
    histories = {each.key: make_history() for each in items}
    old_name = make_outcome("slow", items=["PAY-1"])
    told = {
        "slow": (
            OutcomeRevision(outcome=old_name, seen_at=OLD),
            OutcomeRevision(outcome=old_name, seen_at=LATER, gone=True),
        ),
        "checkout-latency": (seen(LATER, was=("slow",)),),
    }
    renamed = make_outcome(items=["PAY-1"], was=("slow",))
    world = make_world(items, [renamed], period=PERIOD, revisions=told, histories=histories)
    baseline = due(world)[OUTCOME]
    assert baseline.began_at == OLD
    assert [each.key for each in baseline.members] == ["PAY-1", "PAY-2"]


@pytest.mark.parametrize("given", [{"horizon": Horizon.NEXT}, {"horizon": Horizon.NOT_NOW}])
def test_nothing_is_agreed_of_an_outcome_that_is_not_now(given):
    world = make_world([make_item("PAY-1", created_at=OLD)], [make_outcome(items=["PAY-1"], **given)], period=PERIOD)
    assert due(world) == {}


def test_an_outcome_of_nothing_has_a_baseline_of_nothing():
    assert due(make_world([], [make_outcome()], period=PERIOD))[OUTCOME].members == ()


def test_an_outcome_is_left_for_later_while_a_place_is_dark():
    world = outcome_world(make_item("PAY-1"), states=[make_state("jira:PAY", imported_at=None)])
    assert due(world) == {}


def test_what_no_history_tells_is_taken_to_have_served_it():
    items = [make_item("PAY-1", created_at=OLD, updated_at=LATER)]
    baseline = due(outcome_world(*items, histories={"PAY-1": make_history(known_since=LATER)}))[OUTCOME]
    assert (held(baseline), baseline.confidence) == (["PAY-1"], Confidence.DATED)
