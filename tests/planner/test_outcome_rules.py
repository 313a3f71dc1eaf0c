"""Rules about outcomes and milestones, from the YAML to the comment."""

from datetime import date

from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from syncd.documents import parse_document
from syncd.model.findings import FindingState
from syncd.model.items import StatusCategory
from syncd.model.outcomes import OutcomeStatus
from syncd.planner.reconcile import Memory, reconcile
from tests.builders import NOW, container_id, make_container, make_item, make_outcome, make_place, make_world
from tests.planner.small_world import make_policy, words_of

TEXT = """
rules:
  - id: dropped
    title: Dropped, with work left
    about: outcome
    when: {outcome.status: dropped, outcome.open_items: {empty: false}}
    message: "Decide by {outcome.decide_by} what becomes of {outcome.open_items | keys}."
    fix: {any: [Close it.], jira: [Resolve it.], github: [Close it as not planned.]}
  - id: unready
    title: Planned, not ready
    about: container
    when: {container.unready_items: {count: {gte: 2}}}
    message: "{container.title} holds {container.unready_items | keys}."
  - {id: idle-team, title: Nothing in play, about: team, when: {team.in_play_count: 0}, message: "{team.id} waits."}
  - {id: begun, title: Begun, told_on: tracked_in, when: {item.status_category: in_progress}, message: It has begun.}
"""
RULES = load_rules([parse_document(TEXT, "rules.yaml")], all_facts())
DROPPED = make_outcome(
    "fast",
    title="Fast checkout",
    items=("PAY-1",),
    milestones=(("jira:PAY", "Next"),),
    status=OutcomeStatus.DROPPED,
    decide_by=date(2026, 12, 1),
)


def judged(*outcomes, memory=None):
    """Return what comes of a pass over an epic with two stories, one of them begun and both in a milestone."""
    held = (container_id("Next"),)
    items = [
        make_item("PAY-1", type="Epic"),
        make_item("PAY-2", parent="PAY-1", milestones=held, status_category=StatusCategory.IN_PROGRESS),
        make_item("PAY-3", parent="PAY-1", milestones=held),
    ]
    world = make_world(
        items,
        outcomes,
        containers=[make_container("Next")],
        places=[make_place("jira:PAY", tracker_kind="jira"), make_place("jira:OPS", team="ops")],
    )
    return reconcile(RULES.evaluate(world, NOW), world, memory or Memory(), make_policy(), NOW)


def remembered(found):
    return Memory(findings={(each.rule_id, each.subject): each for each in found.findings})


def test_a_dropped_outcome_is_one_comment_with_all_that_is_wrong_below_it():
    found = judged(DROPPED)
    (comment,) = (each.comment for each in found.plan.changes if each.comment is not None)
    lines = words_of(comment).replace("<https://jira.example/browse/", "<").splitlines()
    assert {each.key for each in found.plan.changes} == {"PAY-1"}
    assert [line.split("<")[0] for line in lines[:9]] == [
        "Begun",
        "PAY-2",
        "Dropped, with work left",
        "Outcome Fast checkout: Decide by 2026-12-01 what becomes of PAY-2",
        "What to do:",
        "Close it.",
        "Resolve it.",
        "Planned, not ready",
        "Next holds PAY-2",
    ]


def test_a_team_and_what_no_outcome_tracks_stand_in_the_report():
    found = judged()
    told = {each.rule_id: (each.state, each.told) for each in found.findings}
    assert told == dict.fromkeys(("begun", "idle-team", "unready"), (FindingState.OPEN, ()))
    assert found.plan.changes == ()


def test_what_is_found_of_an_outcome_closes_when_it_leaves_the_roadmap():
    found = judged(memory=remembered(judged(DROPPED)))
    assert [each.state for each in found.findings if each.rule_id == "dropped"] == [FindingState.CLOSED]
