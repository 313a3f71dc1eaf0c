"""Writes whose answers were lost: looked for on the tracker before anything is sent again."""

from datetime import timedelta

import pytest

from syncd.daemon.passes import settle_lost_writes
from syncd.daemon.readback import SERVER_TIMEOUT, read_back, read_back_all
from syncd.model.changes import Action, Fate
from tests.daemon.ground import LABEL, comment_change

HALF = timedelta(seconds=15)


def look(ground, name="memory"):
    """Look for lost writes once; returns how long to wait until the next look."""
    return read_back(ground.trackers[name], ground.store, ground.clock)


def lose(ground, count=1):
    """Apply the next plan and lose the answers of its first writes."""
    ground.board.lost_count = count
    return [(result.change.action, result.fate) for result in ground.apply().results]


def never_sent(ground, change):
    """Leave a change as a process that was killed leaves it: written down, never sent."""
    ground.store.add_intents(ground.store.begin_pass("apply", ground.clock.now()), "b", [change], ground.clock.now())


def change_of(ground, action):
    return next(change for change in ground.plan().reconciled.plan.changes if change.action is action)


def done_once(ground, item):
    return ground.labels(item).count(LABEL), len(ground.ours(item))


class TestWhatWasDone:
    """The answer was lost, the work was done: found, taken over, never sent again."""

    def test_a_label_that_was_put_there(self, ground):
        item = ground.board.add("one")
        ground.poll()
        assert lose(ground) == [(Action.ADD_LABEL, Fate.UNKNOWN), (Action.CREATE_COMMENT, Fate.APPLIED)]
        assert ground.actions() == [], "an item with a lost write is left alone"
        ground.restart()

        assert look(ground) is None

        assert [label.name for label in ground.owned(item).labels] == [LABEL]
        ground.poll()
        assert ground.actions() == []
        assert done_once(ground, item) == (1, 1)

    def test_a_label_that_was_taken_away(self, ground):
        item = ground.board.add("one")
        ground.settle()
        ground.board.edit(item.id, status_category=None, labels=(LABEL, "outcome:nothing"))
        ground.poll()
        assert lose(ground)[0] == (Action.REMOVE_LABEL, Fate.UNKNOWN)

        assert look(ground) is None

        assert ground.owned(item).labels == ()
        assert LABEL not in ground.labels(item)
        assert ground.owned(item).removed == (), "we took it away, no person did"

    def test_a_comment_that_was_created(self, ground):
        item = ground.board.add("one")
        ground.poll()
        assert lose(ground, 2)[1] == (Action.CREATE_COMMENT, Fate.UNKNOWN)
        ground.restart()

        assert look(ground) is None

        assert ground.owned(item).comment.comment_id == ground.ours(item)[0].id
        ground.poll()
        assert ground.actions() == []
        assert done_once(ground, item) == (1, 1)

    def test_a_comment_that_was_edited(self, ground):
        item = ground.board.add("one")
        ground.settle()
        ground.board.edit(item.id, labels=(LABEL, "outcome:nothing"))
        ground.poll()
        assert lose(ground, 2) == [(Action.REMOVE_LABEL, Fate.UNKNOWN), (Action.EDIT_COMMENT, Fate.UNKNOWN)]

        assert look(ground) is None

        assert ground.owned(item).comment.resolved
        ground.poll()
        assert ground.actions() == []

    def test_a_comment_that_was_deleted(self, ground):
        item = ground.board.add("one")
        ground.settle()
        first = ground.ours(item)[0]
        second = ground.board.remark(item.id, first.text, author=first.author, mark=first.mark)
        ground.poll()
        assert lose(ground) == [(Action.DELETE_COMMENT, Fate.UNKNOWN)]

        assert look(ground) is None

        assert [remark.id for remark in ground.ours(item)] == [first.id]
        assert second.id != first.id
        assert ground.owned(item).comment.comment_id == first.id
        ground.poll()
        assert ground.actions() == []

    def test_a_comment_that_a_person_edited_before_it_was_found_is_theirs_to_keep(self, ground):
        item = ground.board.add("one")
        ground.poll()
        lose(ground, 2)
        ground.board.edit_remark(item.id, ground.ours(item)[0].id, "We know; next sprint.")

        look(ground)
        ground.poll()

        assert ground.actions() == []
        assert ground.owned(item).comment.edited
        assert ground.ours(item)[0].text == "We know; next sprint."


def wait_for_the_server(ground):
    """Look before and after the time in which what was sent could still be done."""
    assert look(ground) == SERVER_TIMEOUT
    assert ground.actions() == []
    ground.pass_time(seconds=30)
    assert look(ground) is None


class TestWhatWasNotDone:
    """Never sent, or sent and lost: planned anew when the server must have given up, a comment after two looks."""

    def test_a_label_is_planned_anew_after_the_servers_timeout(self, ground):
        item = ground.board.add("one")
        ground.poll()
        never_sent(ground, change_of(ground, Action.ADD_LABEL))

        wait_for_the_server(ground)

        assert ground.actions() == [Action.ADD_LABEL, Action.CREATE_COMMENT]
        ground.apply()
        assert done_once(ground, item) == (1, 1)

    def test_a_label_that_was_to_go_is_planned_anew_after_the_servers_timeout(self, ground):
        item = ground.board.add("one")
        ground.settle()
        ground.board.edit(item.id, labels=(LABEL, "outcome:nothing"))
        ground.poll()
        never_sent(ground, change_of(ground, Action.REMOVE_LABEL))

        wait_for_the_server(ground)
        assert Action.REMOVE_LABEL in ground.actions()

    def test_an_edit_of_a_comment_is_planned_anew_after_the_servers_timeout(self, ground):
        item = ground.board.add("one")
        ground.settle()
        ground.board.edit(item.id, labels=(LABEL, "outcome:nothing"))
        ground.poll()
        never_sent(ground, change_of(ground, Action.EDIT_COMMENT))

        wait_for_the_server(ground)
        assert Action.EDIT_COMMENT in ground.actions()

    def test_a_deletion_is_planned_anew_after_the_servers_timeout(self, ground):
        item = ground.board.add("one")
        ground.settle()
        first = ground.ours(item)[0]
        ground.board.remark(item.id, first.text, author=first.author, mark=first.mark)
        ground.poll()
        never_sent(ground, change_of(ground, Action.DELETE_COMMENT))

        wait_for_the_server(ground)
        assert ground.actions() == [Action.DELETE_COMMENT]

    def test_a_comment_is_looked_for_twice_each_time_after_the_servers_timeout(self, ground):
        item = ground.board.add("one")
        ground.poll()
        never_sent(ground, comment_change(ground, item))

        assert look(ground) == SERVER_TIMEOUT
        ground.pass_time(seconds=15)
        assert look(ground) == HALF, "a look before the time is up does not count"
        ground.restart()
        ground.pass_time(seconds=15)
        assert look(ground) == SERVER_TIMEOUT
        assert ground.actions() == []
        ground.restart()
        ground.pass_time(seconds=30)
        assert look(ground) is None

        assert Action.CREATE_COMMENT in ground.actions()
        ground.apply()
        assert done_once(ground, item) == (1, 1)

    def test_a_comment_that_shows_up_at_the_second_look_is_taken_over(self, ground):
        item = ground.board.add("one")
        ground.poll()
        change = comment_change(ground, item)
        never_sent(ground, change)
        ground.pass_time(seconds=30)
        assert look(ground) == SERVER_TIMEOUT
        (batch,) = ground.trackers["memory"].batches([change])
        list(ground.trackers["memory"].send(batch))
        ground.pass_time(seconds=30)

        assert look(ground) is None

        ground.poll()
        assert ground.apply().counts[Fate.APPLIED] == 1, "the label, which was not sent either"
        assert done_once(ground, item) == (1, 1)


@pytest.mark.parametrize("action", [Action.ADD_LABEL, Action.CREATE_COMMENT])
def test_what_was_to_be_written_on_an_item_that_is_gone_is_given_up(ground, action):
    item = ground.board.add("one")
    ground.poll()
    never_sent(ground, change_of(ground, action))
    ground.board.delete(item.id)

    assert look(ground) is None
    assert ground.store.open_intents("memory") == []


class TestLookingForAll:
    def test_waits_in_the_clocks_time_until_all_is_settled(self, ground):
        item = ground.board.add("one")
        ground.poll()
        never_sent(ground, comment_change(ground, item))

        settle_lost_writes(ground.workspace, ground.clock)

        assert ground.clock.waited[-2:] == [30.0, 30.0]
        assert ground.store.open_intents("memory") == []

    def test_waits_for_all_trackers_at_the_same_time(self, make_ground):
        ground = make_ground("here", "there")
        items = [board.add("one") for board in ground.boards.values()]
        for item in items:
            ground.poll(item.id.tracker)
        for change in [comment_change(ground, item) for item in items]:
            never_sent(ground, change)
        ground.clock.waited.clear()

        settle_lost_writes(ground.workspace, ground.clock)

        assert [waited for waited in ground.clock.waited if waited] == [30.0, 30.0]
        assert ground.workspace.open_intent_count() == 0

    def test_a_tracker_that_is_down_keeps_its_writes_open_and_no_other_waiting(self, make_ground):
        ground = make_ground("down", "up")
        items = [board.add("one") for board in ground.boards.values()]
        for item in items:
            ground.poll(item.id.tracker)
        for change in [comment_change(ground, item) for item in items]:
            never_sent(ground, change)
        ground.boards["down"].is_down = True

        settle_lost_writes(ground.workspace, ground.clock)

        assert len(ground.store.open_intents("down")) == 1
        assert ground.store.open_intents("up") == []

    def test_what_can_not_be_read_is_not_waited_for_without_end(self, ground):
        item = ground.board.add("one")
        ground.poll()
        lose(ground)
        ground.board.unreadable[item.id.native_id] = "forbidden"
        ground.clock.waited.clear()

        settle_lost_writes(ground.workspace, ground.clock)

        assert sum(ground.clock.waited) <= 90
        assert len(ground.store.open_intents("memory")) == 1
        del ground.board.unreadable[item.id.native_id]
        assert look(ground) is None

    def test_a_stop_ends_the_waiting(self, ground):
        item = ground.board.add("one")
        ground.poll()
        never_sent(ground, comment_change(ground, item))
        asked = []

        def stop(seconds):
            asked.append(seconds)
            return True

        ground.clock.wait = stop
        read_back_all(list(ground.trackers.values()), ground.store, ground.clock)

        assert asked == [30.0]


@pytest.mark.parametrize("lost_count", [1, 2])
def test_whatever_answers_are_lost_the_end_is_the_same(ground, lost_count):
    item = ground.board.add("one")
    ground.poll()
    lose(ground, lost_count)
    settle_lost_writes(ground.workspace, ground.clock)
    ground.settle()

    ground.poll()
    assert ground.actions() == []
    assert done_once(ground, item) == (1, 1)
