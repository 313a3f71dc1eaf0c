from datetime import timedelta

import pytest

from syncd.model.findings import FindingState, ToldOn
from syncd.model.items import Stage, StatusCategory
from syncd.planner.telling import tell_once
from tests.builders import A_WEEK_AGO, NOW, item_id, make_item, make_place, place_id
from tests.planner.small_world import BROKEN, SmallWorld, make_finding, make_judgments, make_rule

TOPMOST = make_rule(told_on=ToldOn.TOPMOST)
BLOCKER = make_rule("blocked", told_on=ToldOn.BLOCKER)
EDGE = make_rule("cycle", told_on=ToldOn.EDGE)
OFF = make_place("jira:OFF", stage=Stage.OFF)


def a_family(**epic):
    """PAY-1 over PAY-2 over PAY-3."""
    return SmallWorld(
        [make_item("PAY-1", **epic), make_item("PAY-2", parent="PAY-1"), make_item("PAY-3", parent="PAY-2")]
    )


def told(findings, world, **judgments):
    """Return where each finding is told, by the key of its subject."""
    found = tell_once(findings, make_judgments(**judgments), world)
    keys = {item.id: item.key for item in world.items.values()}
    return {keys[finding.subject.id]: [keys[target] for target in finding.told] for finding in found}


def test_a_finding_is_told_on_its_subject():
    assert told([make_finding("PAY-3")], a_family()) == {"PAY-3": ["PAY-3"]}


def test_an_epic_and_its_stories_are_told_on_the_epic():
    findings = [make_finding(key, TOPMOST) for key in ("PAY-3", "PAY-2", "PAY-1")]
    assert told(findings, a_family()) == {"PAY-1": ["PAY-1"], "PAY-2": ["PAY-1"], "PAY-3": ["PAY-1"]}


def test_the_topmost_is_the_farthest_not_the_one_with_the_smallest_key():
    world = SmallWorld([make_item("PAY-9"), make_item("PAY-2", parent="PAY-9"), make_item("PAY-3", parent="PAY-2")])
    assert told([make_finding(key, TOPMOST) for key in ("PAY-9", "PAY-2", "PAY-3")], world)["PAY-3"] == ["PAY-9"]


def test_the_rule_need_not_apply_to_the_epic():
    found = told([make_finding("PAY-3", TOPMOST)], a_family(), also_when=[("no-outcome", "PAY-1")])
    assert found == {"PAY-3": ["PAY-1"]}


def test_an_ancestor_between_for_which_it_does_not_hold_is_no_obstacle():
    found = told([make_finding("PAY-3", TOPMOST), make_finding("PAY-1", TOPMOST)], a_family())
    assert found["PAY-3"] == ["PAY-1"]


def test_another_rule_that_holds_for_the_epic_does_not_count():
    found = told([make_finding("PAY-3", TOPMOST)], a_family(), also_when=[("idle", "PAY-1")])
    assert found == {"PAY-3": ["PAY-3"]}


@pytest.mark.parametrize(
    ("epic", "places"),
    [
        pytest.param({"status_category": StatusCategory.DONE}, [], id="closed"),
        pytest.param({"place": place_id("OFF-1")}, [OFF], id="place-off"),
        pytest.param({"is_change": True}, [], id="pull-request"),
    ],
)
def test_an_ancestor_that_can_not_be_told_is_passed_over(epic, places):
    world = a_family(**epic)
    world.places |= {place.id: place for place in places}
    findings = [make_finding(key, TOPMOST) for key in ("PAY-3", "PAY-2")]
    also = {"also_when": [("no-outcome", "PAY-1")]}
    assert told(findings, world, **also) == {"PAY-2": ["PAY-2"], "PAY-3": ["PAY-2"]}


def test_the_stage_of_the_workspace_does_not_move_where_it_is_told():
    world = a_family()
    world.places[place_id("PAY-1")] = make_place("jira:PAY", stage=Stage.LABELS)
    assert told([make_finding("PAY-3", TOPMOST), make_finding("PAY-1", TOPMOST)], world)["PAY-3"] == ["PAY-1"]


def test_what_is_unknown_stays_where_it_was_told():
    finding = make_finding("PAY-3", TOPMOST, known=False, told=["PAY-1"])
    assert told([finding], a_family()) == {"PAY-3": ["PAY-1"]}


def test_an_epic_that_can_not_be_read_now_still_speaks_for_its_stories():
    findings = [make_finding("PAY-3", TOPMOST), make_finding("PAY-1", TOPMOST, known=False, told=["PAY-1"])]
    assert told(findings, a_family())["PAY-3"] == ["PAY-1"]


def test_what_is_not_yet_clear_stays_where_it_was_told():
    finding = make_finding("PAY-3", TOPMOST, state=FindingState.CLEARING, told=["PAY-1"])
    assert told([finding], a_family()) == {"PAY-3": ["PAY-1"]}


@pytest.mark.parametrize("state", [FindingState.PENDING, FindingState.CLOSED])
def test_what_is_not_open_is_told_nowhere(state):
    assert told([make_finding("PAY-1", state=state, told=["PAY-1"])], a_family()) == {"PAY-1": []}


def test_a_blocked_item_is_told_on_each_blocker():
    world = SmallWorld([make_item(f"PAY-{number}") for number in (1, 2, 3)])
    finding = make_finding("PAY-1", BLOCKER, causes=(item_id("PAY-3"), item_id("PAY-2"), item_id("PAY-3")))
    assert told([finding], world) == {"PAY-1": ["PAY-2", "PAY-3"]}


def test_blockers_that_can_not_be_told_leave_it_to_the_subject():
    world = SmallWorld([make_item("PAY-1"), make_item("OFF-1")], places=[OFF])
    finding = make_finding("PAY-1", BLOCKER, causes=(item_id("OFF-1"), item_id("PAY-404")))
    assert told([finding], world) == {"PAY-1": ["PAY-1"]}


@pytest.mark.parametrize(
    ("ring", "targets"),
    [
        pytest.param(("PAY-2", "PAY-10", "PAY-9"), ["PAY-10", "PAY-2"], id="both-ends-of-the-link-to-cut"),
        pytest.param(("PAY-2", "OFF-1", "PAY-9"), ["PAY-2"], id="one-end-where-the-other-is-off"),
        pytest.param(("OFF-1", "OFF-2", "PAY-10", "PAY-9"), ["PAY-9"], id="the-smallest-where-both-are-off"),
        pytest.param(("OFF-1", "OFF-2"), ["OFF-1"], id="the-ring-itself-where-all-are-off"),
    ],
)
def test_a_ring_is_told_on_the_link_to_cut(ring, targets):
    world = SmallWorld(map(make_item, ring), places=[OFF], rings=[ring])
    assert told([make_finding(ring[0], EDGE)], world)[ring[0]] == targets


def test_a_missing_thing_that_many_name_is_told_on_the_eldest():
    long_ago = A_WEEK_AGO - timedelta(days=1)
    world = SmallWorld(
        [
            make_item("PAY-1"),
            make_item("PAY-10", created_at=long_ago),
            make_item("PAY-9", created_at=long_ago),
            make_item("PAY-4"),
        ],
        missing={**dict.fromkeys(("PAY-1", "PAY-10", "PAY-9"), ("fast-pay",)), "PAY-4": ("gone",)},
    )
    found = told(
        [make_finding(key, "broken", evidence=(BROKEN,)) for key in ("PAY-1", "PAY-10", "PAY-9", "PAY-4")], world
    )
    assert found == {"PAY-1": ["PAY-9"], "PAY-10": ["PAY-9"], "PAY-9": ["PAY-9"], "PAY-4": ["PAY-4"]}


def test_a_missing_thing_is_told_on_the_eldest_of_those_that_speak_for_what_is_below_them():
    items = [make_item("PAY-1"), make_item("PAY-2", parent="PAY-1", created_at=A_WEEK_AGO - timedelta(days=1))]
    world = SmallWorld(items, missing={"PAY-1": ("gone",), "PAY-2": ("gone",)})
    rule = make_rule("broken", told_on=ToldOn.TOPMOST)
    findings = [make_finding(key, rule, evidence=(BROKEN,)) for key in ("PAY-1", "PAY-2")]
    assert told(findings, world) == {"PAY-1": ["PAY-1"], "PAY-2": ["PAY-1"]}


def test_an_item_that_names_two_missing_things_is_told_with_the_eldest_of_each():
    created = (NOW - timedelta(days=days) for days in (1, 2, 3))
    world = SmallWorld(
        [make_item(f"PAY-{n}", created_at=at) for n, at in enumerate(created, start=1)],
        missing={"PAY-1": ("a", "b"), "PAY-2": ("a",), "PAY-3": ("b",)},
    )
    findings = [make_finding(f"PAY-{n}", "broken", evidence=(BROKEN,)) for n in (1, 2, 3)]
    assert told(findings, world)["PAY-1"] == ["PAY-2", "PAY-3"]


def test_only_what_is_broken_is_told_by_what_it_names():
    world = SmallWorld([make_item("PAY-1"), make_item("PAY-2")], missing={"PAY-1": ("a",), "PAY-2": ("a",)})
    assert told([make_finding("PAY-1"), make_finding("PAY-2")], world)["PAY-2"] == ["PAY-2"]
