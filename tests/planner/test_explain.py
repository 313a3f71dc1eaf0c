from datetime import timedelta

import pytest

from rules.engine import Answer, RuleSet
from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.roadmap.loader import Roadmap, load_roadmap
from rules.world import WorldInput, build_world
from syncd.cli.text import line_text
from syncd.documents import parse_document
from syncd.model.changes import Ownership, Removed
from syncd.model.findings import FindingState
from syncd.model.items import Audience, AudienceKind, ContainerKind, Stage, StatusCategory
from syncd.planner.explain import explain
from syncd.planner.limits import Limits
from syncd.planner.reconcile import Memory, reconcile
from syncd.planner.silence import Records, Silence
from tests.builders import (
    NOW,
    blocks,
    by_id,
    item_id,
    make_container,
    make_item,
    make_link,
    make_outcome,
    make_place,
    make_ref,
    make_state,
    place_id,
)
from tests.planner.small_world import make_policy, words_of_line

RULES = """
rules:
  - id: no-outcome
    title: Not linked
    told_on: topmost
    message: It is not linked.
    when: {trace.state: unlinked}
    for: 2d
  - {id: low, title: Low, message: It is low., when: {item.priority: Low}, told_on: tracked_in}
  - id: undated
    title: No date
    about: outcome
    message: It has no date.
    when: {outcome.target_date: {exists: false}}
  - {id: urgent, title: Urgent, message: It is urgent., when: {item.priority: High}}
  - id: cycle
    title: In a ring
    about: dependency
    message: It is in a ring.
    when: {deps.in_cycle: true}
"""


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules([parse_document(RULES, "rules.yaml")], all_facts())


def explained(rules, *items, place=None, policy=None, memory=None, removed=(), limits=None, containers=(), exempt=()):
    """Return the explanation of the first item, after a pass."""
    where = place_id(items[0].key)
    world = build_world(
        WorldInput(
            items=by_id(items),
            containers={each.id: each for each in containers},
            places={where: place or make_place(str(where))},
            states={where: make_state(str(where))},
            roadmap=Roadmap(outcomes=(make_outcome("fast", title="Fast checkout", items=["PAY-100"]),), exempt=exempt),
        )
    )
    policy = policy or make_policy(**({"limits": limits} if limits else {}))
    ownership = {items[0].id: Ownership(item=items[0].id, removed=removed)} if removed else {}
    found = reconcile(rules.evaluate(world, NOW), world, memory or Memory(ownership=ownership), policy, NOW)
    records = Records(
        findings={(finding.rule_id, finding.subject): finding for finding in found.findings},
        ownership={**ownership, **{own.item: own for own in found.ownership}},
        waiting=found.waiting,
    )
    return explain(items[0], world, rules, records, policy, NOW)


def fact(explanation, name):
    (found,) = [each.value for each in explanation.facts if each.fact == name]
    return line_text(found)


def rule(explanation, rule_id):
    return next(each for each in explanation.rules if each.rule.id == rule_id)


def test_every_rule_says_whether_it_holds_with_the_facts_it_read(rules):
    found = explained(rules, make_item("PAY-1"))
    assert {each.rule.id: each.answer for each in found.rules} == {
        "no-outcome": Answer.HOLDS,
        "low": Answer.NOT,
        "urgent": Answer.NOT,
    }
    assert "trace.state" in [evidence.fact for evidence in rule(found, "no-outcome").evidence]
    assert {"item.in_play", "trace.state"} <= {evidence.fact for evidence in found.facts}


def test_what_puts_it_into_play_is_said(rules):
    sprint = make_container("S", ContainerKind.SPRINT)
    item = make_item("PAY-1", status_category=StatusCategory.IN_PROGRESS, sprints=(sprint.id,))
    assert fact(explained(rules, item, containers=[sprint]), "item.in_play_because") == "status and sprint"
    assert fact(explained(rules, make_item("PAY-1")), "item.in_play_because") == "none"


def test_what_is_not_known_is_said_with_its_reason(rules):
    found = explained(rules, make_item("PAY-1", parent=make_ref("PAY-404")))
    for name in ("item.in_play", "item.in_play_because", "trace.state", "trace.outcomes"):
        assert fact(found, name).startswith("unknown: "), name


def test_why_work_needs_no_outcome_is_said_where_that_is_so(rules):
    exempt = parse_document("exempt: [{match: {item.priority: High}, reason: On call.}]", "roadmap.yaml")
    entries = load_roadmap([exempt]).exempt
    assert (
        fact(explained(rules, make_item("PAY-1", priority="High"), exempt=entries), "trace.exempt_reason") == "On call."
    )
    said = [each.fact for each in explained(rules, make_item("PAY-1"), exempt=entries).facts]
    assert "trace.exempt_reason" not in said


def test_a_subject_says_where_it_is_told_and_the_place_says_for_whom(rules):
    items = make_item("PAY-2", parent="PAY-1"), make_item("PAY-1")
    story = explained(rules, *items)
    assert [reference.key for reference in rule(story, "no-outcome").told] == ["PAY-1"]
    assert [reference.key for reference in story.ancestors] == ["PAY-1"]
    epic = explained(rules, *reversed(items))
    assert [(each.rule_id, [ref.key for ref in each.subjects]) for each in epic.told_here] == [
        ("no-outcome", ["PAY-2"])
    ]


def test_what_tracks_an_outcome_says_what_is_told_of_it_there(rules):
    (here,) = explained(rules, make_item("PAY-100")).told_here
    assert (here.rule_id, here.subjects, [words_of_line(each) for each in here.others]) == (
        "undated",
        (),
        ["Outcome Fast checkout"],
    )


def test_what_no_item_tracks_is_silent_and_says_so(rules):
    quiet = rule(explained(rules, make_item("PAY-1", priority="Low")), "low").quiet
    assert [(each.why, each.detail) for each in quiet] == [
        (Silence.NOWHERE, "no open item that may be annotated tracks its outcome")
    ]


def test_an_item_in_a_ring_is_explained_with_its_ring(rules):
    one, other = make_item("PAY-1", links=(blocks("PAY-2"),)), make_item("PAY-2", links=(blocks("PAY-1"),))
    assert rule(explained(rules, other, one), "cycle").answer is Answer.HOLDS
    assert "cycle" not in [each.rule.id for each in explained(rules, make_item("PAY-1")).rules]


REMOVED = (Removed("syncd:no-outcome", "no-outcome", NOW - timedelta(days=1)),)
YOUNG = {"updated_at": NOW - timedelta(hours=1)}


@pytest.mark.parametrize(
    ("given", "item", "silence", "detail"),
    [
        pytest.param(
            {"place": make_place("jira:PAY", stage=Stage.OFF), "removed": REMOVED},
            YOUNG,
            Silence.PLACE_OFF,
            "jira:PAY is off",
            id="place-off-before-all",
        ),
        pytest.param(
            {"policy": make_policy(team_stages={"payments": Stage.OFF}), "removed": REMOVED},
            YOUNG,
            Silence.PLACE_OFF,
            "the team payments is off",
            id="team-off-before-all",
        ),
        pytest.param(
            {"policy": make_policy(team_stages={"payments": Stage.LABELS})},
            {},
            Silence.STAGE,
            "the stage of workspace, place, team or rule is labels",
            id="stage-of-the-team",
        ),
        pytest.param(
            {"removed": REMOVED, "policy": make_policy(stage=Stage.REPORT)},
            YOUNG,
            Silence.REMOVED,
            "a person removed syncd:no-outcome on 2026-11-23",
            id="removed-before-for-and-stage",
        ),
        pytest.param(
            {"policy": make_policy(stage=Stage.REPORT)},
            YOUNG,
            Silence.WITHIN_FOR,
            "holds since 2026-11-24, is told from 2026-11-26 11:00 UTC",
            id="within-for-before-stage",
        ),
        pytest.param(
            {"policy": make_policy(stage=Stage.REPORT)},
            {},
            Silence.STAGE,
            "the stage of workspace, place, team or rule is report",
            id="stage",
        ),
        pytest.param(
            {"place": make_place("jira:PAY", audience=Audience(AudienceKind.PUBLIC))},
            {},
            Silence.STAGE,
            "people from outside read jira:PAY: labels only, until trackers.yaml says `comments: allowed`",
            id="read-outside",
        ),
        pytest.param(
            {"place": make_place("jira:PAY", audience=None)},
            {},
            Silence.STAGE,
            "nobody knows who reads jira:PAY: labels only, until trackers.yaml says its `audience`",
            id="readers-not-known",
        ),
        pytest.param(
            {
                "place": make_place("jira:PAY", audience=Audience(AudienceKind.PUBLIC)),
                "policy": make_policy(stage=Stage.LABELS),
            },
            {},
            Silence.STAGE,
            "the stage of workspace, place, team or rule is labels",
            id="the-stage-before-the-readers",
        ),
        pytest.param(
            {"limits": Limits(changes=0, share=1.0, removals=1, new_comments=1)},
            {},
            Silence.WAITING,
            "over the limit of 0 changes in 24 hours for the rule no-outcome",
            id="waits-for-review",
        ),
    ],
)
def test_why_it_is_silent_has_one_order(rules, given, item, silence, detail):
    found = rule(explained(rules, make_item("PAY-1", **item), **given), "no-outcome")
    assert [(quiet.why, quiet.detail, quiet.item) for quiet in found.quiet] == [(silence, detail, item_id("PAY-1"))]


def test_what_is_told_is_not_silent(rules):
    found = rule(explained(rules, make_item("PAY-1")), "no-outcome")
    assert (found.quiet, found.state) == ((), FindingState.OPEN)


def test_the_way_to_an_outcome_says_how_each_step_is_made(rules):
    items = make_item("PAY-1", parent="PAY-2"), make_item("PAY-2", parent="PAY-100"), make_item("PAY-100")
    assert fact(explained(rules, *items), "trace.path") == "parent PAY-2, parent PAY-100, tracked item PAY-100"


def test_why_a_rule_is_not_known_is_said_where_a_list_may_have_more():
    waits = load_rules(
        [
            parse_document(
                "rules: [{id: w, title: W, message: M., when: {deps.open_blockers: {empty: false}}}]", "r.yaml"
            )
        ],
        all_facts(),
    )
    item = make_item("PAY-1", links=(make_link("blocks", "PAY-404", reads_in=True),))
    found = rule(explained(waits, item), "w")
    assert (found.answer, found.reason) == (Answer.UNKNOWN, "PAY-404 can't be read")
