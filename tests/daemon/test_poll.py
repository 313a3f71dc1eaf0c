from syncd.daemon.poll import poll
from syncd.model.errors import TransientError
from syncd.model.findings import FindingState


def states(ground):
    return {finding.state for finding in ground.store.findings().values()}


def test_a_poll_stores_what_is_there_and_where_to_go_on(ground):
    item = ground.board.add("one")

    polled = ground.poll()

    assert (polled.row_count, polled.changed, polled.error) == (1, (item.id,), "")
    assert ground.store.item(item.id).title == "one"
    assert ground.poll().row_count == 0, "the second poll went on from the cursor"


def test_progress_is_told_page_by_page(make_ground):
    ground = make_ground("memory", page_size=2)
    for number in range(5):
        ground.board.add(f"item {number}")
    told = []

    poll(
        ground.trackers["memory"],
        ground.store,
        [],
        ground.clock,
        progress=lambda name, count: told.append((name, count)),
    )

    assert told == [("memory", 2), ("memory", 4), ("memory", 5)]


class TestATrackerThatIsDown:
    def test_loses_nothing_and_says_why(self, ground):
        item = ground.board.add("one")
        ground.poll()
        cursor = ground.store.cursor("memory")
        ground.board.is_down = True

        polled = ground.poll()

        assert polled.error == "memory: can't be reached"
        assert [failure.place for failure in polled.failures] == [ground.place()]
        assert ground.store.item(item.id) is not None
        assert ground.store.cursor("memory") == cursor
        assert ground.store.place_states()[ground.place()].error == "can't be reached"

    def test_resolves_nothing_and_lets_no_removal_be_planned(self, ground):
        item = ground.board.add("one")
        ground.settle()
        ground.board.edit(item.id, status_category=None, labels=("outcome:x", "syncd:no-outcome"))
        ground.board.is_down = True

        ground.poll()

        assert ground.actions() == []
        assert states(ground) == {FindingState.OPEN}

    def test_lets_nothing_new_be_planned_from_what_was_read_before(self, ground):
        ground.board.add("one")
        ground.poll()
        ground.board.is_down = True
        ground.poll()

        assert ground.actions() == []

    def test_goes_on_where_it_was_once_it_is_back(self, ground):
        ground.board.add("one")
        ground.poll()
        ground.board.is_down = True
        ground.poll()
        late = ground.board.add("late")
        ground.board.is_down = False

        polled = ground.poll()

        assert polled.changed == (late.id,)
        assert ground.store.place_states()[ground.place()].error == ""
        assert len(ground.actions()) == 4

    def test_in_the_middle_of_an_import_keeps_the_pages_that_came_whole(self, make_ground):
        ground = make_ground("memory", page_size=2)
        for number in range(5):
            ground.board.add(f"item {number}")
        request, asked = ground.board.request, iter([None, TransientError("half a page", tracker="memory")])

        def fail_at_second():
            request()
            if error := next(asked, None):
                raise error

        ground.board.request = fail_at_second

        broken = ground.poll()
        assert (broken.row_count, broken.error) == (2, "memory: half a page")
        assert ground.actions() == [], "a place that was not imported is not judged"

        assert ground.poll().row_count == 3
        assert len(ground.store.items()) == 5
        assert len(ground.actions()) == 10


class TestObserving:
    """Looking at our comments costs requests: it is done where something may have happened to them."""

    def looks(self, ground):
        """Return how many requests a poll takes beyond its own."""
        before = ground.board.request_count
        ground.poll()
        return ground.board.request_count - before - 1

    def test_the_echo_of_our_own_write_is_not_looked_at(self, ground):
        ground.board.add("one")
        ground.settle()

        assert self.looks(ground) == 0
        assert ground.store.observations() == {}

    def test_what_changed_since_is_looked_at_once(self, ground):
        item = ground.board.add("one")
        ground.settle()
        ground.board.edit(item.id, title="other")

        assert self.looks(ground) == 1
        assert self.looks(ground) == 0
        assert len(ground.store.observations()[item.id].comments) == 1

    def test_what_carries_no_comment_of_ours_is_not_looked_at(self, ground):
        item = ground.board.add("one")
        ground.poll()
        ground.board.edit(item.id, title="other")

        assert self.looks(ground) == 0

    def test_a_look_that_failed_is_made_up_for_though_nothing_changes_again(self, ground):
        item = ground.board.add("one")
        ground.settle()
        (comment,) = ground.ours(item)
        ground.board.delete_remark(item.id, comment.id)
        request, asked = ground.board.request, iter([None, TransientError("500", tracker="memory")])

        def fail_at_the_look():
            request()
            if error := next(asked, None):
                raise error

        ground.board.request = fail_at_the_look
        assert ground.poll().error == "memory: 500"
        ground.board.request = request
        ground.restart()

        ground.poll()

        assert ground.actions() == []
        assert {(removed.what, removed.rule_id) for removed in ground.owned(item).removed} == {
            ("comment", "no-outcome")
        }


class TestWhoReadsAPlace:
    """Nothing is told anywhere before it is known who reads it there."""

    def test_is_asked_with_the_first_poll_and_not_again(self, ground):
        ground.board.add("one")
        ground.poll()
        before = ground.board.request_count

        ground.poll()

        assert ground.store.place_states()[ground.place()].audience is not None
        assert ground.board.request_count - before == 1

    def test_keeps_a_place_dark_where_it_can_not_be_told(self, ground):
        ground.board.add("one")

        def refuse():
            raise TransientError("500", tracker="memory")

        ground.trackers["memory"].probe, probe = refuse, ground.trackers["memory"].probe

        polled = ground.poll()

        assert polled.error == "memory: 500"
        assert ground.store.place_states()[ground.place()].error == "who reads it is not known yet: 500"
        assert ground.actions() == []
        ground.trackers["memory"].probe = probe
        ground.poll()
        assert len(ground.actions()) == 2

    def test_is_asked_for_a_place_that_was_configured_later(self, ground):
        ground.board.add("one")
        ground.poll()
        late = type(ground.place())("memory", "FRAUD")
        ground.board.places = (*ground.board.places, late)
        ground.board.add("two", place="FRAUD")

        ground.poll()

        assert ground.store.place_states()[late].audience is not None


def test_a_stop_ends_a_poll_between_two_pages_and_keeps_what_was_read(make_ground):
    ground = make_ground("memory", page_size=2)
    for number in range(5):
        ground.board.add(f"item {number}")
    ground.clock.wait = lambda seconds: True

    polled = ground.poll()

    assert (polled.row_count, polled.error) == (2, "")
    assert len(ground.store.items()) == 2
    del ground.clock.wait
    assert ground.poll().row_count == 3


def test_an_item_that_can_not_be_read_is_set_aside_and_blocks_nobody(ground):
    bad, good = ground.board.add("bad"), ground.board.add("good")
    ground.board.unreadable[bad.id.native_id] = "its title is no text"

    polled = ground.poll()

    assert polled.problem_count == 1
    assert [(each.handle, each.error) for each in ground.store.problems()] == [(bad, "its title is no text")]
    assert {change.target for change in ground.plan().reconciled.plan.changes} == {good.id}


def test_what_could_not_be_asked_is_handed_on_once_and_makes_no_place_dark(make_ground):
    ground = make_ground("memory")
    ground.board.add("one")
    ground.board.warnings = ("the query is refused", "the query is refused")

    polled = ground.poll()

    assert polled.warnings == ("the query is refused",)
    assert (polled.error, polled.failures) == ("", ())
    assert ground.store.place_states()[ground.place()].error == ""
