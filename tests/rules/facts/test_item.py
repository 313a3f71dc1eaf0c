from datetime import date, timedelta

import pytest

from syncd.model.identity import Ref
from syncd.model.items import ContainerKind, ContainerState, StatusCategory
from syncd.model.outcomes import Horizon, Launch, OutcomeStatus
from syncd.model.truth import Unknown
from syncd.model.words import InProgress, Words
from tests.builders import (
    A_WEEK_AGO,
    NOW,
    make_container,
    make_item,
    make_link,
    make_outcome,
    make_place,
    make_state,
    make_world,
)
from tests.rules.facts.asking import FACTS, fact

SPRINT, VERSION = ContainerKind.SPRINT, ContainerKind.VERSION
FUTURE, ACTIVE, CLOSED = ContainerState.FUTURE, ContainerState.ACTIVE, ContainerState.CLOSED
DAY = date(2026, 12, 10)


def in_play(item, *others, outcomes=(), containers=(), words=None, states=()):
    places = [make_place(words=words)] if words else []
    world = make_world([item, *others], outcomes, containers=containers, places=places, states=states)
    found, reasons = fact(world, "item.in_play"), fact(world, "item.in_play_because")
    assert any(isinstance(each, str) for each in reasons) is (found is True)
    assert any(isinstance(each, Unknown) for each in reasons) or not isinstance(found, Unknown)
    return found


def test_an_item_that_nobody_touched_is_not_in_play():
    assert in_play(make_item()) is False


@pytest.mark.parametrize(
    ("given", "words", "expected"),
    [
        pytest.param({"status_category": StatusCategory.IN_PROGRESS}, None, True, id="status-category"),
        pytest.param(
            {"status": "In Review"}, Words(in_progress=InProgress(statuses=("In Review",))), True, id="status"
        ),
        pytest.param({"assignees": ("Ann",)}, None, True, id="assigned-and-active"),
        pytest.param(
            {"assignees": ("Ann",), "activity_at": NOW - timedelta(days=31)}, None, False, id="assigned-and-idle"
        ),
        pytest.param(
            {"assignees": ("Ann",)}, Words(in_progress=InProgress(assigned_days=0)), False, id="assigned-says-nothing"
        ),
        pytest.param({"assignees": ("Ann",), "status_category": StatusCategory.DONE}, None, False, id="done"),
    ],
)
def test_in_progress_is_in_play(given, words, expected):
    assert in_play(make_item(**given), words=words) is expected


@pytest.mark.parametrize(
    ("change", "words", "expected"),
    [
        pytest.param({}, None, True, id="open"),
        pytest.param({"status_category": StatusCategory.DONE}, None, False, id="merged"),
        pytest.param({"body": "See #1"}, None, False, id="a-mention"),
        pytest.param({}, Words(in_progress=InProgress(pull_request=False)), False, id="not-configured"),
    ],
)
def test_an_open_pull_request_that_closes_it_is_work_on_it(change, words, expected):
    request = make_item("acme/sdk#2", is_change=True, **{"body": "Fixes PAY-1", **change})
    assert in_play(make_item(), request, words=words) is expected


def test_a_pull_request_that_can_not_be_read_now_is_unknown():
    request = make_item("acme/sdk#2", is_change=True, body="Fixes PAY-1")
    assert isinstance(in_play(make_item(), request, states=[make_state("acme/sdk", error="down")]), Unknown)


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        pytest.param(make_container("S", SPRINT, state=ACTIVE), True, id="active-sprint"),
        pytest.param(make_container("S", SPRINT, state=FUTURE), True, id="future-sprint"),
        pytest.param(make_container("S", SPRINT, state=CLOSED), False, id="past-sprint"),
        pytest.param(make_container("M", ends_on=DAY), True, id="open-dated-milestone"),
        pytest.param(make_container("M"), False, id="milestone-without-a-date"),
        pytest.param(make_container("M", ends_on=DAY, state=CLOSED), False, id="closed-milestone"),
        pytest.param(make_container("V", VERSION, ends_on=DAY), True, id="unreleased-dated-version"),
        pytest.param(make_container("V", VERSION, ends_on=DAY, state=CLOSED), False, id="released-version"),
        pytest.param(make_container("V", VERSION), False, id="version-without-a-date"),
    ],
)
def test_what_is_in_something_to_come_is_in_play(container, expected):
    is_sprint = container.id.kind == SPRINT.value
    item = make_item(sprints=(container.id,)) if is_sprint else make_item(milestones=(container.id,))
    assert in_play(item, containers=[container]) is expected


def test_a_sprint_that_was_not_read_is_unknown():
    assert isinstance(in_play(make_item(sprints=(make_container("S", SPRINT).id,))), Unknown)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        pytest.param({}, True, id="active-and-now"),
        pytest.param({"horizon": Horizon.NEXT}, False, id="next"),
        pytest.param({"status": OutcomeStatus.PAUSED}, False, id="paused"),
    ],
)
def test_what_serves_an_active_outcome_of_now_is_in_play(outcome, expected):
    epic = make_item("PAY-2", labels=("outcome:x",))
    assert in_play(make_item(parent="PAY-2"), epic, outcomes=[make_outcome("x", **outcome)]) is expected


def test_only_the_level_that_decides_counts():
    milestone = make_container("M")
    outcomes = [make_outcome("x", milestones=[("jira:PAY", "M")]), make_outcome("later", horizon=Horizon.LATER)]
    item = make_item(labels=("outcome:later",), milestones=(milestone.id,))
    assert in_play(item, outcomes=outcomes, containers=[milestone]) is False


def test_an_unreadable_parent_leaves_it_open_unless_something_else_tells():
    parent = Ref(tracker="jira", native_id="7", key="PAY-7")
    assert isinstance(in_play(make_item(parent=parent)), Unknown)
    assert in_play(make_item(parent=parent, status_category=StatusCategory.IN_PROGRESS)) is True


def test_everything_that_puts_an_item_into_play_is_told():
    held = [make_container("S", SPRINT), make_container("M", ends_on=DAY), make_container("V", VERSION, ends_on=DAY)]
    item = make_item(
        rank="0|a",
        status_category=StatusCategory.IN_PROGRESS,
        assignees=("Ann",),
        sprints=(held[0].id,),
        milestones=(held[1].id, held[2].id),
    )
    request = make_item("acme/sdk#3", is_change=True, body="Closes PAY-1")
    world = make_world(
        [item, request],
        [make_outcome("x", items=["PAY-1"])],
        containers=held,
        places=[make_place(words=Words(in_play_top=1))],
    )
    assert set(fact(world, "item.in_play_because")) == set(FACTS["item.in_play_because"].values)
    assert fact(make_world([make_item()]), "item.in_play_because") == ()


def test_the_top_of_a_backlog_is_in_play_by_rank():
    words = Words(in_play_top=2)
    others = [
        make_item("PAY-2", rank="0|a", status_category=StatusCategory.DONE),
        make_item("PAY-3", rank="0|b"),
        make_item("PAY-4", rank="0|d"),
        make_item("FRAUD-1", rank="0|a"),
        make_item("PAY-5"),
    ]
    world = make_world([make_item("PAY-1", rank="0|c"), *others], places=[make_place(words=words)])
    found = {key: fact(world, "item.in_play", key) for key in ("PAY-1", "PAY-3", "PAY-4", "PAY-5", "FRAUD-1")}
    assert found == {"PAY-1": True, "PAY-3": True, "PAY-4": False, "PAY-5": False, "FRAUD-1": False}


OUTCOME = make_outcome("x", target_date=date(2026, 12, 20))
PARKED = make_outcome("x", target_date=date(2026, 12, 20), status=OutcomeStatus.PAUSED)
LAUNCHED = make_outcome("x", target_date=date(2026, 12, 20), launch=Launch(on=date(2026, 12, 9)))
SOON, LATER, PAST = (
    make_container("soon", SPRINT, ends_on=date(2026, 12, 1)),
    make_container("later", SPRINT, ends_on=date(2026, 12, 15), state=FUTURE),
    make_container("past", SPRINT, ends_on=date(2026, 11, 1), state=CLOSED),
)
RELEASE = make_container("26.12", VERSION, ends_on=date(2026, 12, 11))
DATED = make_container("M", ends_on=date(2026, 12, 12))


@pytest.mark.parametrize(
    ("item", "outcomes", "expected"),
    [
        pytest.param({}, [], (None, None), id="nobody-says"),
        pytest.param({"due_on": DAY}, [OUTCOME], (DAY, "due_date"), id="due-date"),
        pytest.param(
            {"due_on": DAY, "fields": {"Target end": "2026-12-02"}}, [], (date(2026, 12, 2), "field"), id="field"
        ),
        pytest.param(
            {"sprints": (PAST.id, LATER.id, SOON.id), "milestones": (RELEASE.id,)},
            [],
            (SOON.ends_on, "sprint"),
            id="sprint",
        ),
        pytest.param({"milestones": (RELEASE.id, DATED.id)}, [], (DATED.ends_on, "milestone"), id="milestone"),
        pytest.param({"milestones": (RELEASE.id,)}, [], (RELEASE.ends_on, "version"), id="version"),
        pytest.param({"labels": ("outcome:x",)}, [LAUNCHED], (date(2026, 12, 9), "launch"), id="launch"),
        pytest.param({"labels": ("outcome:x",)}, [OUTCOME], (date(2026, 12, 20), "outcome"), id="outcome"),
        pytest.param({"labels": ("outcome:x",)}, [PARKED], (None, None), id="paused-outcome"),
        pytest.param({"sprints": (PAST.id,)}, [], (None, None), id="past-sprint"),
    ],
)
def test_needed_by_and_what_says_so(item, outcomes, expected):
    place = make_place(words=Words(fields=(("needed_by", ("Target end",)),)))
    world = make_world([make_item(**item)], outcomes, containers=[SOON, LATER, PAST, RELEASE, DATED], places=[place])
    assert (fact(world, "item.needed_by"), fact(world, "item.needed_by_source")) == expected
    on, source = expected
    assert fact(world, "item.planned_for") == (None if source in ("launch", "outcome") else on)


def test_needed_by_is_unknown_where_the_outcome_is():
    world = make_world([make_item(parent=Ref(tracker="jira", native_id="7", key="PAY-7"))])
    assert isinstance(fact(world, "item.needed_by"), Unknown)
    assert fact(world, "item.planned_for") is None, "it has no day of its own, whatever it serves"


def test_what_a_sprint_that_was_not_read_would_say_is_unknown():
    world = make_world([make_item(sprints=(SOON.id,), labels=("outcome:x",))], [OUTCOME])
    assert isinstance(fact(world, "item.planned_for"), Unknown)
    assert isinstance(fact(world, "item.needed_by"), Unknown)


def test_fields_are_told_as_they_are():
    item = make_item(
        labels=("Fast",), assignees=("Ann", "Bob"), priority="High", resolution="", activity_at=NOW, estimate=3.0
    )
    world = make_world([item])
    assert fact(world, "item.key") == "PAY-1"
    assert fact(world, "item.labels") == ("Fast",)
    assert fact(world, "item.assignees") == ("Ann", "Bob")
    assert fact(world, "item.status_category") == "todo"
    assert fact(world, "item.resolution") is None
    assert fact(world, "item.estimate") == 3.0
    assert fact(world, "item.place") == "jira:PAY"
    assert fact(world, "item.age") == timedelta(days=7)
    assert fact(world, "item.idle_for") == timedelta(0)
    assert fact(world, "item.created_at") == A_WEEK_AGO


def test_containers_are_told_by_title():
    item = make_item(milestones=(DATED.id, RELEASE.id), sprints=(PAST.id,))
    world = make_world([item], containers=[DATED, RELEASE, PAST])
    titles = [fact(world, name) for name in ("item.milestones", "item.versions", "item.sprints")]
    assert titles == [("M",), ("26.12",), ("past",)]


def test_an_item_with_children_in_another_tracker_is_a_parent():
    world = make_world(
        [make_item("PAY-1"), make_item("acme/sdk#1", links=(make_link("relates_to", "PAY-1"),), body="Part of: PAY-1")]
    )
    assert [fact(world, "item.is_parent", key) for key in ("PAY-1", "acme/sdk#1")] == [True, False]


def test_every_fact_has_one_name_and_a_meaning_and_is_total():
    world = make_world([make_item(title="", body="", url="", type="")])
    for name, each in FACTS.items():
        assert each.name == name
        assert each.meaning.endswith("."), name
        fact(world, name)
        of_anything = name.startswith(("period.", "team."))
        assert isinstance(fact(world, name, "PAY-404"), Unknown) or of_anything, name


def test_what_its_text_holds():
    item = make_item(body=" ## Problem\nThey wait.\n- [ ] one\n- [ ] two\n")
    found = [fact(make_world([item]), f"item.{name}") for name in ("has_problem_statement", "has_acceptance_criteria")]
    assert found == [True, True]
    assert fact(make_world([item]), "item.body_length") == len(item.body) - 2
    assert fact(make_world([make_item()]), "item.has_problem_statement") is False
