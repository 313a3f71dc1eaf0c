"""What is known of an outcome, a milestone, a team: the rules about it, where it is told, and why it is silent."""

from datetime import timedelta

import pytest

from rules.engine import Answer
from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.subjects import named, names_of
from syncd.cli.text import line_text
from syncd.documents import parse_document
from syncd.model.findings import FindingState
from syncd.model.items import ContainerKind, Stage, StatusCategory
from syncd.model.truth import Truth
from syncd.planner.explain import explain_subject
from syncd.planner.reconcile import Memory, reconcile
from syncd.planner.silence import Records, Silence
from syncd.planner.why import why
from tests.builders import NOW, make_container, make_item, make_outcome, make_place, make_state, make_world
from tests.planner.small_world import make_policy

TEXT = """
rules:
  - id: no-owner
    title: No owner
    about: outcome
    when: {outcome.owner: {exists: false}}
    escalate: {critical: {outcome.horizon: now}}
    message: M.
  - {id: no-date, title: No date, about: outcome, when: {outcome.target_date: {exists: false}}, message: M., for: 2d}
  - {id: off, title: Off, about: outcome, when: {outcome.id: fast}, message: M., enabled: false}
  - {id: full, title: Full, about: container, when: {container.item_count: {gte: 1}}, message: M.}
  - {id: busy, title: Busy, about: team, when: {team.in_play_count: {gte: 1}}, message: M.}
  - {id: bugs, title: Bugs, when: {item.kind: bug}, message: M.}
"""
RULES = load_rules([parse_document(TEXT, "rules.yaml")], all_facts())
FAST = make_outcome("fast", title="Fast checkout", items=("PAY-1", "PAY-2"), owner=None, was=("quick",))


def world_of(*items, stage=Stage.COMMENT, **given):
    given = {"containers": [make_container("26.12"), make_container("26.12", ContainerKind.SPRINT)], **given}
    return make_world(items or [make_item("PAY-1")], [FAST], places=[make_place("jira:PAY", stage=stage)], **given)


def explained(kind, name, world=None, policy=None):
    """Return what is known of a subject after a first pass."""
    world, policy = world or world_of(), policy or make_policy()
    found = reconcile(RULES.evaluate(world, NOW), world, Memory(), policy, NOW)
    records = Records(findings={(each.rule_id, each.subject): each for each in found.findings}, waiting=found.waiting)
    (subject, *_) = named(kind, name, world)
    return explain_subject(subject, world, RULES, records, policy, NOW)


def rule(explanation, rule_id):
    return next(each for each in explanation.rules if each.rule.id == rule_id)


def quiet(explanation, rule_id):
    return [(each.why, each.detail) for each in rule(explanation, rule_id).quiet]


def test_an_outcome_says_its_facts_every_rule_about_it_and_where_it_is_told():
    found = explained("outcome", "FAST")
    facts = {each.fact: line_text(each.value) for each in found.facts}
    assert line_text(found.name) == "Outcome Fast checkout"
    assert (facts["outcome.owner"], facts["outcome.tracked_items"]) == ("none", "PAY-1 (Title of PAY-1)")
    assert {each.rule.id: each.answer for each in found.rules} == {
        "no-owner": Answer.HOLDS,
        "no-date": Answer.HOLDS,
        "off": Answer.OFF,
    }
    assert [each.key for each in rule(found, "no-owner").told] == ["PAY-1"]
    assert [rule(found, each).severity for each in ("no-owner", "no-date", "off")] == ["critical", "warning", ""]
    assert (found.told_on.key, quiet(found, "no-owner")) == ("PAY-1", [])


def test_what_does_not_hold_for_long_enough_says_from_when_it_is_told():
    found = explained("outcome", "fast")
    assert rule(found, "no-date").state is FindingState.PENDING
    assert [why for why, _ in quiet(found, "no-date")] == [Silence.WITHIN_FOR]
    assert f"{NOW + timedelta(days=2):%Y-%m-%d}" in quiet(found, "no-date")[0][1]


@pytest.mark.parametrize(
    ("world", "policy", "silence"),
    [
        pytest.param(
            world_of(make_item("PAY-1", status_category=StatusCategory.DONE)), None, Silence.NOWHERE, id="done"
        ),
        pytest.param(world_of(stage=Stage.OFF), None, Silence.NOWHERE, id="the-place-is-off"),
        pytest.param(world_of(stage=Stage.LABELS), None, Silence.STAGE, id="labels-only"),
        pytest.param(world_of(), make_policy(stage=Stage.REPORT), Silence.STAGE, id="a-dry-run"),
    ],
)
def test_why_an_outcome_is_silent_is_said(world, policy, silence):
    assert [why for why, _ in quiet(explained("outcome", "fast", world, policy), "no-owner")] == [silence]


def test_a_team_and_a_milestone_say_that_there_is_nothing_to_tell_them_on():
    team, milestone = explained("team", "payments"), explained("milestone", "26.12")
    assert (team.told_on, milestone.told_on) == (None, None)
    assert quiet(team, "busy")[0][1] == "a team has no item to be told on: it stands in `syncd plan`"
    assert line_text(team.name) == "Team payments"
    assert [each.fact for each in milestone.facts][:2] == ["container.kind", "container.state"]
    assert rule(milestone, "full").answer is Answer.NOT


def test_an_outcome_is_found_by_an_id_it_had_and_all_containers_by_a_title():
    world = world_of()
    assert named("outcome", "Quick", world) == named("outcome", "fast", world)
    assert len(named("container", "26.12", world)) == 2
    assert len(named("sprint", "26.12", world)) == 1
    assert named("team", "nobody", world) == ()
    assert names_of("team", world) == ["payments"]


def test_one_rule_alone_is_shown_of_an_outcome_too_and_where_all_is_dark_it_is_not_known():
    rule_of_owner = next(each for each in RULES.rules if each.terms.id == "no-owner")
    for world, answer, dark in (
        (world_of(), Truth.YES, ""),
        (world_of(states=[make_state("PAY", error="down")]), Truth.UNKNOWN, "down"),
    ):
        (subject,) = named("outcome", "fast", world)
        found = why(rule_of_owner, subject, world, RULES, make_policy(), NOW)
        assert (found.answer, dark in found.dark) == (answer, True)
        assert line_text(found.when[0].value) == "none"


def test_what_a_fact_is_compared_with_is_shown_beside_it():
    text = "rules: [{id: x, title: T, when: {item.due_on: {gt: {fact: item.needed_by}}}, message: M.}]\n"
    rules = load_rules([parse_document(text, "rules.yaml")], all_facts())
    item = make_item("PAY-1", due_on=NOW.date())
    world = make_world([item])
    found = why(rules.rules[0], world.subjects[0], world, rules, make_policy(), NOW)
    assert line_text(found.when[0].value) == f"{NOW.date()}; item.needed_by {NOW.date()}"
