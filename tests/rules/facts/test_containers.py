"""Facts about milestones, versions and sprints; what was put in late, what is not ready, what waits."""

from datetime import UTC, date, datetime, timedelta

import pytest

from syncd.model.identity import PlaceId
from syncd.model.items import ContainerKind, ContainerState, StatusCategory
from syncd.model.truth import Unknown
from tests.builders import (
    NOW,
    blocked_by,
    container_id,
    make_container,
    make_event,
    make_history,
    make_item,
    make_outcome,
    make_state,
    make_world,
)
from tests.rules.facts.asking import FACTS, ids, keys, of

DONE = StatusCategory.DONE
SPRINT = make_container("Run", ContainerKind.SPRINT, starts_on=date(2026, 11, 16), ends_on=date(2026, 11, 27))
RUN = "jira:sprint:nRun"
OLD = NOW - timedelta(days=90)
LATE = datetime(2026, 11, 18, tzinfo=UTC)
NAMES = sorted(name for name in FACTS if name.startswith("container."))
READY = {"estimate": 3.0, "body": "## Acceptance criteria\n- it is fast"}


def inside(key, **given):
    return make_item(key, **{"sprints": (SPRINT.id,), "created_at": OLD, **given})


def world_of(*items, containers=(SPRINT,), outcomes=(), histories=None, states=()):
    whole = {item.key: make_history() for item in items} if histories is None else histories
    return make_world(items, outcomes, containers=containers, histories=whole, states=states)


def test_the_facts_of_a_container_are_its_own():
    world = world_of(inside("PAY-1"))
    told = ("title", "kind", "state", "starts_on", "ends_on", "place")
    assert [of(world, f"container.{name}", RUN) for name in told] == [
        "Run",
        "sprint",
        "active",
        date(2026, 11, 16),
        date(2026, 11, 27),
        "jira:PAY",
    ]


def test_every_fact_of_a_container_that_is_not_there_is_unknown():
    assert all(isinstance(of(world_of(containers=()), name, RUN), Unknown) for name in NAMES)


def test_a_sprint_of_several_places_is_shown_to_nobody():
    (record,) = of(world_of(inside("PAY-1"), inside("FRAUD-1")), "container.itself", RUN)
    assert (record.place, record.restricted) == (None, True)
    (record,) = of(world_of(inside("PAY-1")), "container.itself", RUN)
    assert (record.place, record.restricted) == (PlaceId("jira", "PAY"), False)


def test_what_a_container_holds():
    world = world_of(
        inside("PAY-1"),
        inside("PAY-2", parent="PAY-1"),
        inside("PAY-3", parent="PAY-1", status_category=DONE),
        make_item("PAY-4"),
        inside("acme/sdk#1", is_change=True),
    )
    assert of(world, "container.item_count", RUN) == 2
    assert keys(of(world, "container.open_items", RUN)) == ["PAY-2"]
    assert of(world, "container.done_share", RUN) == 0.5
    assert of(world, "container.teams", RUN) == ("payments",)


def test_an_empty_container_has_no_share():
    assert of(world_of(), "container.done_share", RUN) is None
    assert of(world_of(), "container.added_share", RUN) is None


def test_a_dark_place_of_its_tracker_may_hold_more():
    world = world_of(inside("PAY-1"), inside("FRAUD-1"), states=[make_state("FRAUD", error="down")])
    assert keys(of(world, "container.open_items", RUN)) == ["PAY-1", "?"]
    assert isinstance(of(world, "container.item_count", RUN), Unknown)
    milestone = make_container("M")
    held = make_item("PAY-1", milestones=(milestone.id,))
    world = world_of(held, make_item("FRAUD-1"), containers=[milestone], states=[make_state("FRAUD", error="down")])
    assert of(world, "container.item_count", "jira:milestone:nM") == 1


def put_in(at, container=SPRINT, field="sprints"):
    return make_event(field, after=str(container.id), at=at)


def test_what_was_put_in_after_its_first_day():
    items = [inside("PAY-1"), inside("PAY-2"), inside("PAY-3", created_at=LATE), inside("PAY-4")]
    early = datetime(2026, 11, 16, 20, tzinfo=UTC)
    histories = {"PAY-1": make_history(put_in(early)), "PAY-2": make_history(put_in(LATE)), "PAY-4": make_history()}
    world = world_of(*items, histories=histories)
    assert keys(of(world, "container.added_after_start", RUN)) == ["PAY-2", "PAY-3"]
    assert of(world, "container.added_share", RUN) == 1.0


def test_where_a_history_is_not_read_there_may_be_more():
    world = world_of(inside("PAY-1"), inside("PAY-3", created_at=LATE), histories={})
    assert keys(of(world, "container.added_after_start", RUN)) == ["PAY-3", "?"]
    assert isinstance(of(world, "container.added_share", RUN), Unknown)


def test_a_version_knows_what_was_put_in_too():
    version = make_container("26.12", ContainerKind.VERSION, starts_on=date(2026, 11, 16))
    item = make_item("PAY-1", milestones=(version.id,), created_at=OLD)
    world = world_of(item, containers=[version], histories={"PAY-1": make_history(put_in(LATE, version, "milestones"))})
    assert keys(of(world, "container.added_after_start", "jira:version:n26.12")) == ["PAY-1"]


def test_without_a_first_day_nothing_was_put_in_late():
    milestone = make_container("M")
    world = world_of(make_item("PAY-1", milestones=(milestone.id,)), containers=[milestone])
    assert of(world, "container.added_after_start", "jira:milestone:nM") == ()
    assert of(world, "container.added_share", "jira:milestone:nM") is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (READY, []),
        ({**READY, "estimate": None}, ["PAY-1"]),
        ({**READY, "body": "do it"}, ["PAY-1"]),
        ({"status_category": DONE}, []),
    ],
)
def test_what_is_not_ready(given, expected):
    assert keys(of(world_of(inside("PAY-1", **given)), "container.unready_items", RUN)) == expected


@pytest.mark.parametrize(
    ("blocker", "expected"),
    [
        pytest.param(make_item("PAY-9"), ["PAY-1"], id="open"),
        pytest.param(make_item("PAY-9", status_category=DONE), [], id="done"),
        pytest.param(make_item("PAY-8"), ["?"], id="unreadable"),
    ],
)
def test_what_waits(blocker, expected):
    world = world_of(inside("PAY-1", links=(blocked_by("PAY-9"),)), blocker)
    assert keys(of(world, "container.blocked_items", RUN)) == expected


def test_the_outcomes_that_are_tracked_in_it():
    milestone = make_container("M")
    world = make_world([], [make_outcome(milestones=[("jira:PAY", "M")])], containers=[milestone])
    assert ids(of(world, "container.outcomes", "jira:milestone:nM")) == ["checkout-latency"]


def test_a_closed_sprint_still_tells_what_it_held():
    closed = make_container("Old", ContainerKind.SPRINT, state=ContainerState.CLOSED)
    world = world_of(make_item(sprints=(container_id("Old", ContainerKind.SPRINT),)), containers=[closed])
    assert of(world, "container.state", "jira:sprint:nOld") == "closed"
    assert of(world, "container.item_count", "jira:sprint:nOld") == 1
