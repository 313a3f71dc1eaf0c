from datetime import timedelta

import pytest

from syncd.daemon.passes import poll_all
from syncd.model.errors import StoreError, TransientError
from syncd.model.items import Stage

DAY = timedelta(days=1)


def test_a_second_pass_writes_nothing(ground):
    ground.board.add("one")
    assert len(ground.settle().results) == 2

    assert ground.settle().results == ()
    assert ground.settle().results == ()


def test_all_trackers_are_polled_and_one_that_is_down_stops_no_other(make_ground):
    ground = make_ground("here", "there")
    ground.boards["here"].is_down = True
    item = ground.boards["there"].add("one")

    polled = {each.tracker: each for each in poll_all(ground.workspace, ground.clock)}

    assert polled["here"].error == "here: can't be reached"
    assert polled["there"].changed == (item.id,)
    assert {change.target for change in ground.plan().reconciled.plan.changes} == {item.id}


def test_what_exists_is_counted_where_it_is_due_and_what_was_set_aside_is_read_again(ground):
    item = ground.board.add("one")
    ground.board.unreadable[item.id.native_id] = "no title"
    poll_all(ground.workspace, ground.clock, census_every=DAY)
    counted_at = ground.store.place_states()[ground.place()].census_at
    assert counted_at is not None
    del ground.board.unreadable[item.id.native_id]

    ground.pass_time(hours=1)
    poll_all(ground.workspace, ground.clock, census_every=DAY)
    assert ground.store.place_states()[ground.place()].census_at == counted_at
    assert len(ground.store.problems()) == 1

    ground.pass_time(days=1)
    poll_all(ground.workspace, ground.clock, census_every=DAY)
    assert ground.store.place_states()[ground.place()].census_at > counted_at
    assert ground.store.problems() == ()


def test_a_count_that_fails_is_told_and_the_poll_stands(ground):
    item = ground.board.add("one")

    def refuse(resume):
        raise TransientError("500", tracker="memory")

    ground.trackers["memory"].census = refuse

    (polled,) = poll_all(ground.workspace, ground.clock, census_every=DAY)

    assert polled.error == "memory: 500 (while counting what exists)"
    assert item.id in ground.store.items()
    assert len(ground.actions()) == 2


def test_a_store_that_fails_is_not_taken_for_a_tracker_that_does(ground):
    def break_down(cursor):
        raise StoreError("disk full")

    ground.trackers["memory"].poll = break_down
    with pytest.raises(StoreError):
        poll_all(ground.workspace, ground.clock)


class TestALostStore:
    """The trackers carry annotations of ours that a new, empty store knows nothing of."""

    @pytest.fixture
    def ground(self, make_ground):
        ground = make_ground("memory", "other")
        for board in ground.boards.values():
            board.add("one")
        ground.settle()
        ground.lose_store()
        ground.pass_time(hours=1)
        return ground

    def test_is_looked_at_before_anything_is_written(self, ground):
        ground.settle()

        assert [len(board.remarks(first(board))) for board in ground.boards.values()] == [1, 1]
        assert ground.actions() == []

    def test_of_which_one_tracker_can_not_be_looked_at_leaves_that_one_alone(self, ground):
        new = ground.boards["other"].add("new")

        def refuse(handles, known):
            raise TransientError("500", tracker="memory")

        ground.trackers["memory"].observe, observe = refuse, ground.trackers["memory"].observe
        assert {result.change.target for result in ground.settle().results} == {new.id}
        assert first(ground.boards["memory"]) not in ground.store.ownership()

        ground.trackers["memory"].observe = observe
        assert ground.settle().results == ()
        assert first(ground.boards["memory"]) in ground.store.ownership()


def first(board):
    return next(iter(board.items.values())).id


def test_a_stage_can_be_tried(ground):
    assert ground.workspace.stage() is Stage.COMMENT
    assert ground.workspace.stage(Stage.OFF) is Stage.OFF
