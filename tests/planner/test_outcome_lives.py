"""What is told of an outcome while its tracked item closes or moves, its id changes, and time goes by."""

import pytest
from msgspec.structs import replace

from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from syncd.documents import parse_document
from syncd.model.changes import Action
from syncd.model.findings import FindingState
from syncd.model.identity import Ref
from syncd.model.items import StatusCategory
from syncd.model.outcomes import TrackedIn
from tests.builders import item_id, make_event, make_history, make_item, make_outcome, make_place, make_world
from tests.planner.small_world import Desk, words_of

TEXT = """
rules:
  - id: no-owner
    title: Nobody answers for it
    about: outcome
    when: {outcome.owner: {exists: false}}
    for: 2d
    message: "{outcome.title} has no owner."
  - id: moved
    title: Its date moves
    when: {item.history: {changed: {field: due_on, count: {gte: 2}}}}
    message: The date of {item.key} was put off again.
"""
RULES = load_rules([parse_document(TEXT, "rules.yaml")], all_facts())
FAST = make_outcome("fast", title="Fast checkout", items=("PAY-1", "PAY-2"), owner=None)


def seen(*outcomes, closed=(), **given):
    items = [
        make_item(key, status_category=StatusCategory.DONE if key in closed else StatusCategory.TODO)
        for key in ("PAY-1", "PAY-2")
    ]
    return make_world(items, outcomes, places=[make_place("jira:PAY", tracker_kind="jira")], **given)


def passed(desk, world):
    """Let a pass see a world and write; return what it wrote, by item."""
    desk.world = world
    plan = desk.sync(RULES.evaluate(world, desk.now))
    return sorted((change.key, change.action.value) for change in plan.changes)


@pytest.fixture
def desk():
    """A desk on which the outcome is told on PAY-1."""
    desk = Desk(seen(FAST))
    passed(desk, desk.world)
    desk.later(days=3)
    assert passed(desk, desk.world) == [("PAY-1", "add_label"), ("PAY-1", "create_comment")]
    return desk


def labels(desk):
    return {str(each.native_id): sorted(names) for each, names in desk.labels.items() if names}


def test_a_second_pass_writes_nothing(desk):
    assert passed(desk, desk.world) == []
    assert passed(desk.later(days=30), desk.world) == []


def test_where_its_tracked_item_closes_label_and_comment_move_to_the_next(desk):
    passed(desk.later(days=2), seen(FAST, closed=["PAY-1"]))
    (old,), (new,) = desk.told_on("PAY-1"), desk.told_on("PAY-2")
    assert old.resolved
    assert "Fast checkout" in words_of(new)
    assert list(labels(desk)) == [item_id("PAY-2").native_id]
    assert passed(desk.later(days=2), seen(FAST, closed=["PAY-1"])) == []


def test_where_the_roadmap_names_another_item_label_and_comment_move_there(desk):
    moved = replace(FAST, tracked_in=TrackedIn(items=(Ref(tracker="jira", key="PAY-2"),)))
    passed(desk.later(days=2), seen(moved))
    assert [each.resolved for each in desk.told_on("PAY-1")] == [True]
    assert [each.resolved for each in desk.told_on("PAY-2")] == [False]


def test_where_nothing_tracks_it_any_more_it_stands_in_the_report(desk):
    passed(desk.later(days=2), seen(FAST, closed=["PAY-1", "PAY-2"]))
    assert [each.resolved for each in desk.told_on("PAY-1")] == [True]
    assert labels(desk) == {}
    told = [(each.state, each.told) for each in desk.memory.findings.values() if each.rule_id == "no-owner"]
    assert told == [(FindingState.OPEN, ())]


def test_an_outcome_with_a_new_id_is_the_same_news(desk):
    renamed = replace(FAST, id="faster", was=("Fast",))
    assert passed(desk.later(days=2), seen(renamed)) == []
    assert passed(desk.later(days=2), seen(renamed)) == []
    states = {str(each.subject.id.native_id): each.state for each in desk.memory.findings.values()}
    assert states == {"fast": FindingState.CLOSED, "faster": FindingState.OPEN}


def test_an_outcome_that_leaves_the_roadmap_takes_what_was_told_with_it(desk):
    passed(desk.later(days=2), seen())
    assert [each.resolved for each in desk.told_on("PAY-1")] == [True]
    assert labels(desk) == {}


def test_a_history_that_grows_is_no_news():
    def moves(count):
        made = [("due_on", "2026-12-01", "2026-12-02"), ("title", "Slow", "Fast")] * count
        events = (make_event(field, before, after) for field, before, after in made)
        return seen(histories={"PAY-1": make_history(*events)})

    desk = Desk(seen())
    assert ("PAY-1", Action.CREATE_COMMENT.value) in passed(desk, moves(2))
    assert passed(desk.later(days=2), moves(3)) == []
