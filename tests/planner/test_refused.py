"""What a tracker refuses is asked again ever more seldom, and holds up nothing else."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from syncd.model.changes import Action, Refusal
from tests.builders import make_item
from tests.planner.small_world import Desk, SmallWorld, actions_of, make_judgment, make_judgments, make_rule, one_item

RULE = make_rule()
HOLDS = make_judgments(make_judgment(rule=RULE))
LABEL, COMMENT = ("PAY-1", "add_label syncd:no-outcome"), ("PAY-1", "create_comment")


class LockedDesk(Desk):
    """A tracker that refuses some verbs."""

    def __init__(self, *verbs: Action, world: SmallWorld | None = None) -> None:
        super().__init__(world or one_item())
        self.refuses = verbs

    def apply(self, plan):
        refused = [change for change in plan.changes if change.action in self.refuses]
        super().apply(replace(plan, changes=tuple(change for change in plan.changes if change not in refused)))
        refusals = [Refusal(change=change, at=self.now, reason="the conversation is locked") for change in refused]
        self.memory = replace(self.memory, refusals=(*self.memory.refusals, *refusals))


def test_it_is_not_asked_again_at_once():
    desk = LockedDesk(Action.CREATE_COMMENT)
    assert actions_of(desk.sync(HOLDS)) == [LABEL, COMMENT]
    found = desk.reconcile(HOLDS)
    assert actions_of(found.plan) == []
    assert [(each.change.action, each.reason) for each in found.waiting] == [
        (Action.CREATE_COMMENT, "refused, and tried again later: the conversation is locked")
    ]
    assert found.next_due == desk.memory.refusals[0].at + timedelta(hours=1)


def test_it_is_asked_ever_more_seldom():
    desk, asked = LockedDesk(Action.CREATE_COMMENT), []
    for minute in range(0, 24 * 60, 10):
        if desk.sync(HOLDS).changes:
            asked.append(minute // 60)
        desk.later(minutes=10)
    assert asked == [0, 1, 3, 7, 15]


def test_what_goes_with_it_is_not_held_up():
    desk = LockedDesk(Action.ADD_LABEL)
    assert actions_of(desk.sync(HOLDS)) == [LABEL, COMMENT]
    assert actions_of(desk.sync(HOLDS)) == []
    both = make_judgments(make_judgment(rule=RULE), make_judgment(rule="idle"))
    assert actions_of(desk.sync(both)) == [("PAY-1", "add_label syncd:idle"), ("PAY-1", "edit_comment")]


def test_another_comment_is_another_question():
    desk = LockedDesk(Action.CREATE_COMMENT)
    desk.sync(HOLDS)
    assert actions_of(desk.sync(make_judgments(make_judgment(rule=RULE, message=())))) == [COMMENT]


def test_other_items_are_asked():
    desk = LockedDesk(Action.CREATE_COMMENT, world=SmallWorld([make_item("PAY-1"), make_item("PAY-2")]))
    desk.sync(HOLDS)
    desk.refuses = ()
    both = make_judgments(make_judgment(rule=RULE), make_judgment("PAY-2", RULE))
    assert {key for key, _ in actions_of(desk.sync(both))} == {"PAY-2"}


@pytest.mark.parametrize("hours", [0, 2])
def test_what_is_no_longer_wanted_is_forgotten(hours):
    desk = LockedDesk(Action.CREATE_COMMENT)
    desk.sync(HOLDS)
    clear = make_judgments(rules=[RULE])
    assert actions_of(desk.later(hours=hours).sync(clear)) == [("PAY-1", "remove_label syncd:no-outcome")]
    assert desk.reconcile(clear).waiting == ()
