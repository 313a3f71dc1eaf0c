"""Findings about outcomes, milestones and teams: where they are told, how they read, when they close."""

import pytest
from msgspec.structs import replace

from rules.subjects import container_subject, outcome_subject, team_subject
from syncd.model.comments import Quote, Text
from syncd.model.findings import FindingState, ToldOn
from syncd.model.items import Audience, AudienceKind, ContainerKind, Stage, StatusCategory
from syncd.model.outcomes import OutcomeStatus
from syncd.model.truth import Unknown
from tests.builders import item_id, make_container, make_item, make_outcome, make_place
from tests.planner.small_world import Desk, SmallWorld, make_judgment, make_judgments, make_policy, make_rule, words_of

RULE = make_rule("no-owner", title="An outcome without an owner", told_on=ToldOn.TRACKED_IN)
FAST = make_outcome("fast", title="Fast checkout", items=("PAY-1", "acme/open#1"), milestones=(("jira:PAY", "26.12"),))
VERSION = make_container("26.12", ContainerKind.VERSION)
DONE = StatusCategory.DONE


NOBODY = (Text("Nobody answers for it."),)


def about(subject, rule=RULE, message=NOBODY, **given):
    return replace(make_judgment(rule=rule, **given), subject=subject, message=message)


def company(*outcomes, first=None, **given):
    items = [make_item("PAY-1", **(first or {})), make_item("acme/open#1"), make_item("PAY-2")]
    places = [make_place("jira:PAY", tracker_kind="jira"), make_place("acme/open", tracker_kind="github")]
    given = {"places": places, "containers": [VERSION], **given}
    return SmallWorld(items, outcomes=outcomes or (FAST,), **given)


def told(world, *judgments, **policy):
    """Return where each finding is told, by the end of its subject's id."""
    found = Desk(world, make_policy(**policy)).reconcile(make_judgments(*judgments))
    return {each.subject.id.native_id: [world.items[target].key for target in each.told] for each in found.findings}


def comment_on(world, key, *judgments, **policy):
    desk = Desk(world, make_policy(**policy))
    (comment,) = (
        each.comment
        for each in desk.reconcile(make_judgments(*judgments)).plan.changes
        if each.comment is not None and each.key == key
    )
    return words_of(comment)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        pytest.param({}, ["PAY-1"], id="the-first"),
        pytest.param({"status_category": DONE}, ["acme/open#1"], id="what-is-done-is-passed-over"),
        pytest.param({"is_change": True}, ["acme/open#1"], id="a-pull-request"),
    ],
)
def test_an_outcome_is_told_on_the_first_open_item_that_tracks_it(first, expected):
    assert told(company(first=first), about(outcome_subject("fast"))) == {"fast": expected}


def test_a_place_or_a_team_that_is_off_is_passed_over():
    off = [make_place("jira:PAY", stage=Stage.OFF), make_place("acme/open")]
    assert told(company(places=off), about(outcome_subject("fast"))) == {"fast": ["acme/open#1"]}
    world = company(teams={"PAY-1": "payments"})
    assert told(world, about(outcome_subject("fast")), team_stages={"payments": Stage.OFF}) == {"fast": ["acme/open#1"]}


def test_what_nothing_tracks_stands_in_the_report_alone():
    untracked = make_outcome("fast", labels=("speed",))
    desk = Desk(company(untracked))
    found = desk.reconcile(make_judgments(about(outcome_subject("fast"))))
    assert [(each.state, each.told) for each in found.findings] == [(FindingState.OPEN, ())]
    assert found.plan.changes == ()


def test_a_milestone_is_told_where_its_outcome_is_tracked_and_a_sprint_nowhere():
    sprint = make_container("Sprint 7", ContainerKind.SPRINT)
    world = company(containers=[VERSION, sprint])
    judgments = [about(container_subject(each.id)) for each in (VERSION, sprint)]
    assert sorted(told(world, *judgments).values()) == [[], ["PAY-1"]]


def test_a_team_is_told_nowhere():
    world = company(teams={"PAY-1": "payments"})
    assert told(world, about(team_subject("payments"), make_rule("budget"))) == {"payments": []}


def test_an_item_can_be_told_where_its_outcome_is_tracked():
    world = company(serves={"PAY-2": ("fast",)})
    assert told(world, make_judgment("PAY-2", RULE), make_judgment("acme/open#1", RULE)) == {
        item_id("PAY-2").native_id: ["PAY-1"],
        item_id("acme/open#1").native_id: [],
    }


def test_a_dropped_outcome_is_one_comment_that_lists_its_open_work():
    dropped = replace(FAST, status=OutcomeStatus.DROPPED)
    rule = make_rule("dropped", title="Dropped, with work left", told_on=ToldOn.TRACKED_IN)
    message = (Text("Decide by 2026-12-01 what becomes of PAY-2 and PAY-3."),)
    world = company(dropped)
    assert comment_on(world, "PAY-1", about(outcome_subject("fast"), rule, message)).splitlines()[:2] == [
        "Dropped, with work left",
        "Outcome Fast checkout: Decide by 2026-12-01 what becomes of PAY-2 and PAY-3.",
    ]


def test_a_message_that_names_its_outcome_is_not_opened_by_it():
    message = (Text("Nobody answers for "), Quote("Fast checkout"), Text("."))
    told_there = comment_on(company(), "PAY-1", about(outcome_subject("fast"), message=message))
    assert "\nNobody answers for Fast checkout.\n" in told_there


def test_of_several_outcomes_each_says_what_is_wrong():
    slow = make_outcome("slow", title="Slow food", items=("PAY-1",))
    judgments = [about(outcome_subject(each), message=(Text(f"Message {each}."),)) for each in ("slow", "fast")]
    assert comment_on(company(FAST, slow), "PAY-1", *judgments).splitlines()[1:4] == [
        "Told here for all of these:",
        "Outcome Fast checkout: Message fast.",
        "Outcome Slow food: Message slow.",
    ]


def test_the_findings_of_the_item_itself_come_first():
    judgments = [make_judgment("PAY-1", RULE, message=(Text("Own."),)), about(outcome_subject("fast"))]
    world = company(serves={"PAY-1": ("fast",)})
    assert comment_on(world, "PAY-1", *judgments).splitlines()[1:5] == [
        "An outcome without an owner",
        "Own.",
        "The same holds for:",
        "Outcome Fast checkout: Nobody answers for it.",
    ]


PUBLIC = Audience(AudienceKind.PUBLIC)


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [
        pytest.param("internal", "Told here for an outcome that is not public.", id="internal"),
        pytest.param("public", "Outcome Fast checkout: Nobody answers for it.", id="public"),
    ],
)
def test_where_outsiders_read_only_a_public_outcome_is_named(visibility, expected):
    outcome = replace(FAST, visibility=visibility)
    places = [make_place("jira:PAY", audience=PUBLIC, comments_allowed=True), make_place("acme/open")]
    world = company(outcome, places=places)
    told_there = comment_on(world, "PAY-1", about(outcome_subject("fast"))).splitlines()
    assert told_there[1] == expected
    assert (visibility == "public") == ("Fast checkout" in "".join(told_there))


def test_a_milestone_of_a_place_that_readers_do_not_see_is_not_named():
    secret = make_container("Merger", place="jira:SEC")
    outcome = replace(FAST, tracked_in=make_outcome(items=("PAY-1",), milestones=(("jira:SEC", "Merger"),)).tracked_in)
    places = [make_place("jira:SEC", audience=Audience(AudienceKind.GROUP, "board")), make_place("jira:PAY")]
    rule = make_rule("crowded", title="Too much", told_on=ToldOn.TRACKED_IN)
    world = company(outcome, places=places, containers=[secret])
    words = comment_on(world, "PAY-1", about(container_subject(secret.id), rule))
    assert words.splitlines()[1] == "Told here for a milestone of another place."
    assert "Merger" not in words


@pytest.mark.parametrize(
    ("first", "key", "expected"),
    [
        pytest.param({}, "PAY-1", ["Name an owner.", "Set the field."], id="jira"),
        pytest.param({"status_category": DONE}, "acme/open#1", ["Name an owner.", "Add a line."], id="github"),
    ],
)
def test_what_to_do_is_that_of_the_tracker_it_is_told_on(first, key, expected):
    by_tracker = (("jira", ((Text("Set the field."),),)), ("github", ((Text("Add a line."),),)))
    judgment = about(outcome_subject("fast"), fix=((Text("Name an owner."),),), fix_by_tracker=by_tracker)
    lines = comment_on(company(first=first), key, judgment).splitlines()
    start = lines.index("What to do:") + 1
    assert lines[start : start + 2] == expected


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        pytest.param(Stage.COMMENT, ["add_label", "create_comment"], id="comment"),
        pytest.param(Stage.LABELS, ["add_label"], id="labels"),
        pytest.param(Stage.REPORT, [], id="report"),
        pytest.param(Stage.OFF, [], id="off"),
    ],
)
def test_the_stage_of_a_team_holds_for_its_items_wherever_they_are(stage, expected):
    desk = Desk(company(teams={"PAY-2": "risk"}), make_policy(team_stages={"risk": stage}))
    found = desk.reconcile(make_judgments(make_judgment("PAY-2"), make_judgment("acme/open#1")))
    assert [each.action.value for each in found.plan.changes if each.key == "PAY-2"] == expected
    assert [each.action.value for each in found.plan.changes if each.key == "acme/open#1"] == [
        "add_label",
        "create_comment",
    ]
    assert len(found.findings) == 2, "what is off is judged and counted"


def test_what_left_the_roadmap_or_is_gone_closes():
    world = company(teams={"PAY-1": "payments"})
    subjects = [outcome_subject("fast"), container_subject(VERSION.id), team_subject("payments")]
    desk = Desk(world)
    desk.sync(make_judgments(*map(about, subjects)))
    assert desk.labels[item_id("PAY-1")]
    emptied = world.without_outcome("fast")
    emptied.containers, emptied.teams = {}, {}
    desk.world = emptied
    unknown = frozenset((RULE.id, each) for each in subjects)
    found = desk.sync(replace(make_judgments(rules=[RULE]), unknown=unknown))
    assert {each.state for each in desk.memory.findings.values()} == {FindingState.CLOSED}
    assert [each.action.value for each in found.changes] == ["remove_label", "edit_comment"]


def test_an_outcome_of_a_tracker_that_can_not_be_read_keeps_what_is_told_of_it():
    world = company()
    desk = Desk(world)
    desk.sync(make_judgments(about(outcome_subject("fast"))))
    world.roadmap.outcomes, world.roadmap.unread = (), Unknown("not read")
    desk.world.has = lambda subject: True  # type: ignore[method-assign]
    judgments = replace(make_judgments(rules=[RULE]), unknown=frozenset([(RULE.id, outcome_subject("fast"))]))
    assert desk.sync(judgments).changes == ()
    assert [each.told for each in desk.memory.findings.values()] == [(item_id("PAY-1"),)]
