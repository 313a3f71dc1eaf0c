"""A person's hand wins: passes over one item, with people between them."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from syncd.model.changes import Action
from syncd.model.findings import Severity, Span
from syncd.model.identity import ItemId
from syncd.model.items import Stage
from tests.builders import NOW, item_id, make_item
from tests.planner.small_world import (
    Desk,
    SmallWorld,
    actions_of,
    make_judgment,
    make_judgments,
    make_policy,
    make_rule,
    one_item,
    words_of,
)

PAY_1 = item_id("PAY-1")
RULE = make_rule()
HOLDS = make_judgments(make_judgment(rule=RULE))
CLEAR = make_judgments(rules=[RULE])
BOTH = make_judgments(make_judgment(rule=RULE), make_judgment(rule="idle"))


@pytest.fixture
def desk():
    return Desk(one_item())


def own(desk, key="PAY-1"):
    return desk.memory.ownership[item_id(key)]


def test_a_finding_is_a_label_and_a_comment_and_then_nothing_more(desk):
    assert actions_of(desk.sync(HOLDS)) == [("PAY-1", "add_label syncd:no-outcome"), ("PAY-1", "create_comment")]
    assert actions_of(desk.sync(HOLDS)) == []
    assert actions_of(desk.later(days=30).sync(HOLDS)) == []


def test_what_is_resolved_loses_its_label_and_its_comment_says_so(desk):
    desk.sync(HOLDS)
    plan = desk.sync(CLEAR)
    assert actions_of(plan) == [("PAY-1", "remove_label syncd:no-outcome"), ("PAY-1", "edit_comment")]
    assert plan.changes[1].comment.resolved
    assert actions_of(desk.later(days=2).sync(CLEAR)) == []


def test_what_returns_is_said_again_in_the_same_comment(desk):
    desk.sync(HOLDS)
    desk.sync(CLEAR)
    assert actions_of(desk.sync(HOLDS)) == [("PAY-1", "add_label syncd:no-outcome"), ("PAY-1", "edit_comment")]


class TestALabelThatAPersonRemoved:
    def test_stays_away(self, desk):
        desk.sync(HOLDS)
        desk.person_removes_label("PAY-1", "syncd:no-outcome")
        assert actions_of(desk.sync(HOLDS)) == []
        assert [each.what for each in own(desk).removed] == ["syncd:no-outcome"]
        assert actions_of(desk.later(days=30).sync(HOLDS)) == []

    def test_comes_back_once_the_finding_has_gone_and_returned(self, desk):
        desk.sync(HOLDS)
        desk.person_removes_label("PAY-1", "syncd:no-outcome")
        desk.sync(HOLDS)
        desk.sync(CLEAR)
        assert own(desk).removed == ()
        assert ("PAY-1", "add_label syncd:no-outcome") in actions_of(desk.sync(HOLDS))

    def test_stays_away_while_the_finding_is_only_clearing(self):
        rule = make_rule(clear_after=Span(exact=timedelta(days=1)))
        desk = Desk(one_item())
        holds = make_judgments(make_judgment(rule=rule))
        desk.sync(holds)
        desk.person_removes_label("PAY-1", "syncd:no-outcome")
        desk.sync(holds)
        assert actions_of(desk.sync(make_judgments(rules=[rule]))) == []
        assert actions_of(desk.sync(holds)) == []

    def test_stays_away_while_nobody_knows(self, desk):
        desk.sync(HOLDS)
        desk.person_removes_label("PAY-1", "syncd:no-outcome")
        desk.sync(HOLDS)
        desk.sync(make_judgments(rules=[RULE], unknown=[("no-outcome", "PAY-1")]))
        assert actions_of(desk.sync(HOLDS)) == []

    def test_wants_no_new_comment_either(self):
        desk = Desk(one_item(), make_policy(stage=Stage.LABELS))
        desk.sync(HOLDS)
        desk.person_removes_label("PAY-1", "syncd:no-outcome")
        desk.sync(HOLDS)
        desk.policy = make_policy()
        assert actions_of(desk.sync(HOLDS)) == []

    def test_leaves_other_rules_free_to_speak(self, desk):
        desk.sync(HOLDS)
        desk.person_removes_label("PAY-1", "syncd:no-outcome")
        desk.sync(HOLDS)
        assert ("PAY-1", "add_label syncd:idle") in actions_of(desk.sync(BOTH))

    def test_that_they_put_back_is_theirs(self, desk):
        desk.sync(HOLDS)
        desk.person_removes_label("PAY-1", "syncd:no-outcome")
        desk.sync(HOLDS)
        desk.person_adds_label("PAY-1", "syncd:no-outcome")
        desk.sync(HOLDS)
        assert own(desk).foreign_labels == ("syncd:no-outcome",)
        assert ("PAY-1", "remove_label syncd:no-outcome") not in actions_of(desk.sync(CLEAR))


class TestAReadingThatIsNoNewerThanOurWrite:
    @pytest.mark.parametrize("back", [timedelta(0), timedelta(seconds=1)], ids=["same-instant", "older"])
    def test_proves_no_removal(self, desk, back):
        desk.sync(HOLDS)
        written_at = own(desk).labels[0].written_at
        row = desk.world.items[PAY_1]
        desk.world.items[PAY_1] = replace(row, own_labels=(), updated_at=written_at - back)
        assert actions_of(desk.reconcile(HOLDS).plan) == []
        assert own(desk).removed == ()

    def test_does_not_make_a_label_theirs_that_we_took_away(self, desk):
        desk.sync(HOLDS)
        before = desk.world.items[PAY_1]
        desk.sync(CLEAR)
        desk.world.items[PAY_1] = replace(before, own_labels=("syncd:no-outcome",))
        desk.reconcile(CLEAR)
        assert own(desk).foreign_labels == ()

    def test_proves_no_deletion(self, desk):
        desk.sync(HOLDS)
        seen = desk.memory.observations[PAY_1]
        old = replace(seen, comments=(), stamp=own(desk).comment.written_at)
        desk.memory = replace(desk.memory, observations={PAY_1: old})
        assert actions_of(desk.reconcile(HOLDS).plan) == []
        assert own(desk).removed == ()


class TestALabelOfTheSameNameThatAPersonPut:
    def a_desk(self):
        desk = Desk(one_item(own_labels=("Syncd:No-Outcome",)))
        assert desk.reconcile(HOLDS).to_observe == (PAY_1,)
        desk.touch(PAY_1)
        return desk

    def test_is_looked_at_before_anything_is_written(self):
        desk = Desk(one_item(own_labels=("syncd:no-outcome",)))
        found = desk.reconcile(HOLDS)
        assert (found.to_observe, found.plan.changes) == ((PAY_1,), ())

    def test_counts_as_theirs_and_is_not_added_again(self):
        desk = self.a_desk()
        assert actions_of(desk.sync(HOLDS)) == [("PAY-1", "create_comment")]
        assert own(desk).foreign_labels == ("Syncd:No-Outcome",)

    def test_is_never_removed(self):
        desk = self.a_desk()
        desk.sync(HOLDS)
        assert actions_of(desk.sync(CLEAR)) == [("PAY-1", "edit_comment")]
        assert desk.labels[PAY_1] == {"Syncd:No-Outcome"}


class TestACommentThatAPersonDeleted:
    def test_stays_away_while_its_findings_last(self, desk):
        desk.sync(HOLDS)
        desk.person_deletes_comments("PAY-1")
        assert actions_of(desk.sync(HOLDS)) == []
        assert [(each.what, each.rule_id) for each in own(desk).removed] == [("comment", "no-outcome")]
        assert actions_of(desk.later(days=30).sync(HOLDS)) == []

    def test_comes_back_once_the_finding_has_gone_and_returned(self, desk):
        desk.sync(HOLDS)
        desk.person_deletes_comments("PAY-1")
        desk.sync(HOLDS)
        desk.sync(CLEAR)
        assert ("PAY-1", "create_comment") in actions_of(desk.sync(HOLDS))

    def test_does_not_silence_what_it_did_not_tell(self, desk):
        desk.sync(HOLDS)
        desk.person_deletes_comments("PAY-1")
        desk.sync(HOLDS)
        plan = desk.sync(BOTH)
        assert actions_of(plan) == [("PAY-1", "add_label syncd:idle"), ("PAY-1", "create_comment")]
        assert "no-outcome" not in words_of(plan.changes[1].comment)

    def test_that_only_said_all_is_resolved_leaves_nothing_behind(self, desk):
        desk.sync(HOLDS)
        desk.sync(CLEAR)
        desk.person_deletes_comments("PAY-1")
        desk.sync(CLEAR)
        assert (own(desk).comment, own(desk).removed) == (None, ())


class TestACommentThatAPersonEdited:
    def test_is_kept_while_our_findings_are_the_same(self, desk):
        desk.sync(HOLDS)
        desk.person_edits_comments("PAY-1")
        assert actions_of(desk.sync(HOLDS)) == []
        assert own(desk).comment.edited
        reworded = make_judgments(make_judgment(rule=RULE, message=()))
        assert actions_of(desk.later(days=3).sync(reworded)) == []

    def test_is_ours_again_when_our_findings_change(self, desk):
        desk.sync(HOLDS)
        desk.person_edits_comments("PAY-1")
        desk.sync(HOLDS)
        assert ("PAY-1", "edit_comment") in actions_of(desk.sync(BOTH))
        assert not own(desk).comment.edited

    def test_is_replaced_only_as_it_was_last_seen(self, desk):
        desk.sync(HOLDS)
        desk.person_edits_comments("PAY-1")
        (change,) = [each for each in desk.reconcile(BOTH).plan.changes if each.action is Action.EDIT_COMMENT]
        assert change.before_hash == desk.comments[PAY_1][change.comment_id].body_hash

    def test_is_looked_at_again_where_only_a_refused_write_told_of_the_edit(self, desk):
        desk.sync(HOLDS)
        comment = replace(own(desk).comment, edited=True)
        before = replace(own(desk), comment=comment)
        desk.memory = replace(desk.memory, ownership={PAY_1: before}, observations={})
        found = desk.reconcile(BOTH)
        assert (found.to_observe, found.plan.changes) == ((PAY_1,), ())
        desk.person_edits_comments("PAY-1")
        assert ("PAY-1", "edit_comment") in actions_of(desk.sync(BOTH))


class TestMarks:
    def test_of_two_comments_of_ours_the_oldest_stays(self, desk):
        desk.sync(HOLDS)
        desk.second_comment("PAY-1")
        plan = desk.sync(HOLDS)
        assert [(each.action, each.comment_id, each.before_hash) for each in plan.changes] == [
            (Action.DELETE_COMMENT, "c2", "another")
        ]
        assert actions_of(desk.sync(HOLDS)) == []

    def test_a_comment_of_ours_that_the_store_forgot_is_adopted(self, desk):
        desk.second_comment("PAY-1")
        plan = desk.sync(HOLDS)
        assert [(each.action.value, each.comment_id) for each in plan.changes][1:] == []
        assert own(desk).comment.comment_id == "c1"
        assert ("PAY-1", "edit_comment") in actions_of(desk.later(days=2).sync(HOLDS))
        assert len(desk.comments[PAY_1]) == 1

    def test_a_lost_store_makes_no_second_comment(self, desk):
        desk.sync(HOLDS)
        lost = Desk(desk.world)
        lost.comments, lost.labels, lost.now = desk.comments, desk.labels, desk.now
        assert lost.reconcile(HOLDS).to_observe == (PAY_1,)
        lost.touch(PAY_1)
        assert actions_of(lost.sync(HOLDS)) == []

    def test_a_lost_store_leaves_what_it_may_be_about_to_tell_again(self, desk):
        rule = make_rule(holds_for=Span(working_days=2))
        waits = make_judgments(make_judgment(rule=rule, changed_at=NOW))
        desk.sync(HOLDS)
        lost = Desk(desk.world)
        lost.comments, lost.labels, lost.now = desk.comments, desk.labels, desk.now
        lost.reconcile(waits)
        lost.touch(PAY_1)
        assert actions_of(lost.sync(waits)) == []
        assert actions_of(lost.later(days=5).sync(waits)) in ([], [("PAY-1", "edit_comment")])
        comment = lost.memory.ownership[PAY_1].comment
        assert comment is not None
        assert not comment.resolved
        assert ("PAY-1", "edit_comment") in actions_of(lost.sync(make_judgments(rules=[rule])))

    def test_another_owners_mark_lets_nothing_be_written(self, desk):
        desk.second_comment("PAY-1", owner="other/default")
        found = desk.reconcile(HOLDS)
        assert found.plan.changes == ()
        assert [each.change.action for each in found.waiting] == [Action.ADD_LABEL, Action.CREATE_COMMENT]
        assert {each.reason for each in found.waiting} == {
            "'other/default' writes here under the same prefix; one prefix has one owner"
        }


class TestPacing:
    def test_a_change_of_words_waits_a_day(self, desk):
        desk.sync(HOLDS)
        written_at = own(desk).comment.written_at
        reworded = make_judgments(make_judgment(rule=RULE, message=()))
        found = desk.reconcile(reworded)
        assert (found.plan.changes, found.next_due) == ((), written_at + timedelta(days=1))
        assert actions_of(desk.later(days=1).sync(reworded)) == [("PAY-1", "edit_comment")]

    def test_something_critical_does_not_wait(self, desk):
        desk.sync(make_judgments(make_judgment(rule=RULE, severity=Severity.CRITICAL)))
        reworded = make_judgments(make_judgment(rule=RULE, severity=Severity.CRITICAL, message=()))
        assert actions_of(desk.sync(reworded)) == [("PAY-1", "edit_comment")]

    def test_news_does_not_wait(self, desk):
        desk.sync(HOLDS)
        assert actions_of(desk.sync(BOTH)) == [("PAY-1", "add_label syncd:idle"), ("PAY-1", "edit_comment")]


class TestStages:
    @pytest.mark.parametrize("stage", [Stage.OFF, Stage.REPORT])
    def test_below_labels_nothing_is_written_but_findings_are_remembered(self, desk, stage):
        desk.policy = make_policy(stage=stage)
        found = desk.reconcile(HOLDS)
        assert (found.plan.changes, len(found.findings)) == ((), 1)

    def test_labels_only(self, desk):
        desk.policy = make_policy(stage=Stage.LABELS)
        assert actions_of(desk.sync(HOLDS)) == [("PAY-1", "add_label syncd:no-outcome")]

    def test_going_back_to_report_leaves_everything_as_it_is(self, desk):
        desk.sync(HOLDS)
        desk.policy = make_policy(stage=Stage.REPORT)
        assert actions_of(desk.sync(HOLDS)) == []
        assert actions_of(desk.sync(CLEAR)) == []
        desk.policy = make_policy()
        assert actions_of(desk.sync(CLEAR)) == [("PAY-1", "remove_label syncd:no-outcome"), ("PAY-1", "edit_comment")]

    def test_going_back_to_labels_leaves_the_comment_until_it_is_resolved(self, desk):
        desk.sync(HOLDS)
        desk.policy = make_policy(stage=Stage.LABELS)
        reworded = make_judgments(make_judgment(rule=RULE, message=()), make_judgment(rule="idle"))
        assert actions_of(desk.later(days=2).sync(reworded)) == [("PAY-1", "add_label syncd:idle")]
        plan = desk.sync(make_judgments(make_judgment(rule="idle"), rules=[RULE]))
        assert actions_of(plan) == [("PAY-1", "remove_label syncd:no-outcome"), ("PAY-1", "edit_comment")]
        assert plan.changes[1].comment.resolved

    @pytest.mark.parametrize("stage", [Stage.REPORT, Stage.LABELS])
    def test_a_rule_that_goes_back_adds_nothing_and_takes_back_only_what_is_resolved(self, desk, stage):
        desk.sync(HOLDS)
        rule = make_rule(stage=stage)
        assert actions_of(desk.later(days=2).sync(make_judgments(make_judgment(rule=rule)))) == []
        resolved = desk.sync(make_judgments(rules=[rule]))
        assert actions_of(resolved) == [("PAY-1", "remove_label syncd:no-outcome"), ("PAY-1", "edit_comment")]
        assert resolved.changes[1].comment.resolved

    def test_a_rule_that_is_off_is_taken_back(self, desk):
        desk.sync(HOLDS)
        plan = desk.sync(make_judgments(rules=[make_rule(stage=Stage.OFF)]))
        assert ("PAY-1", "remove_label syncd:no-outcome") in actions_of(plan)


class TestWhatIsNotTouched:
    def test_an_item_with_a_write_on_its_way(self, desk):
        desk.memory = replace(desk.memory, in_flight=frozenset([PAY_1]))
        assert actions_of(desk.reconcile(HOLDS).plan) == []

    def test_an_item_in_a_place_that_can_not_be_read(self, desk):
        desk.sync(HOLDS)
        desk.world.dark.add(desk.world.items[PAY_1].place)
        desk.person_removes_label("PAY-1", "syncd:no-outcome")
        assert actions_of(desk.sync(make_judgments(rules=[RULE], unknown=[("no-outcome", "PAY-1")]))) == []
        assert len(own(desk).labels) == 1

    def test_an_item_that_is_gone(self, desk):
        desk.sync(HOLDS)
        desk.world = desk.world.without("PAY-1")
        assert actions_of(desk.reconcile(CLEAR).plan) == []

    def test_a_comment_of_what_is_unknown(self, desk):
        desk.sync(HOLDS)
        unknown = make_judgments(rules=[RULE], unknown=[("no-outcome", "PAY-1")])
        assert actions_of(desk.later(days=9).sync(unknown)) == []

    def test_a_pull_request_or_an_item_nobody_has_anything_to_say_of(self):
        desk = Desk(SmallWorld([make_item("PAY-1"), make_item("PAY-2")]))
        assert {target for target, _ in actions_of(desk.sync(HOLDS))} == {"PAY-1"}
        assert ItemId("jira", "nPAY-2") not in desk.memory.ownership


def test_the_plan_is_in_the_order_of_keys_with_labels_before_comments():
    desk = Desk(SmallWorld(make_item(f"PAY-{number}") for number in (10, 9)), now=NOW)
    holds = make_judgments(*(make_judgment(f"PAY-{number}", RULE) for number in (10, 9)))
    assert actions_of(desk.reconcile(holds).plan) == [
        ("PAY-9", "add_label syncd:no-outcome"),
        ("PAY-9", "create_comment"),
        ("PAY-10", "add_label syncd:no-outcome"),
        ("PAY-10", "create_comment"),
    ]
