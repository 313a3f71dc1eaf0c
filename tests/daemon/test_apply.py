from datetime import timedelta

import pytest

from syncd.daemon.apply import apply
from syncd.daemon.passes import apply_pass
from syncd.model.changes import Action, Fate, Result
from tests.daemon.ground import LABEL


class Watching:
    """A tracker that looks into the store while it sends, and answers as a test says."""

    def __init__(self, tracker, store, fates=()):
        self._tracker = tracker
        self._store = store
        self._fates = list(fates)
        self.seen = []

    def __getattr__(self, name):
        return getattr(self._tracker, name)

    def send(self, batch):
        intents = self._store.open_intents(batch.tracker)
        self.seen.append([intent.change for intent in intents])
        answer = self._fates.pop(0) if self._fates else None
        if answer is None:
            yield from self._tracker.send(batch)
            return
        fate, until = answer if isinstance(answer, tuple) else (answer, None)
        for change in batch.changes:
            yield Result(change=change, fate=fate, until=until, detail="as the test says")


def watched(ground, name="memory", fates=()):
    ground.trackers[name] = watching = Watching(ground.trackers[name], ground.store, fates)
    return watching


def fates(applied):
    return [result.fate for result in applied.results]


def add_items(ground, count, name="memory"):
    items = [ground.boards[name].add(f"item {number}") for number in range(count)]
    ground.poll(name)
    return items


def test_every_change_is_in_the_store_before_it_is_sent_and_settled_after(ground):
    add_items(ground, 2)
    tracker = watched(ground)

    applied = ground.apply()

    assert applied.counts == {Fate.APPLIED: 4}
    assert [[change.action for change in changes] for changes in tracker.seen] == [
        [Action.ADD_LABEL],
        [Action.CREATE_COMMENT],
    ] * 2
    assert ground.store.open_intents("memory") == []
    assert len(ground.store.ledger()) == 4


def test_a_tracker_that_dies_while_sending_leaves_the_change_open(ground):
    (item,) = add_items(ground, 1)

    class Dying(Watching):
        def send(self, batch):
            yield from list(self._tracker.send(batch))[:0]
            raise KeyboardInterrupt

    ground.trackers["memory"] = Dying(ground.trackers["memory"], ground.store)
    with pytest.raises(KeyboardInterrupt):
        ground.apply()

    ground.restart()
    assert [intent.change.label for intent in ground.store.open_intents("memory")] == [LABEL]
    assert ground.actions() == []
    assert ground.labels(item) == (LABEL,)


def test_progress_counts_the_changes_of_each_tracker_that_were_sent(ground):
    add_items(ground, 2)
    told = []

    apply_pass(ground.workspace, ground.plan(), ground.clock, lambda tracker, count: told.append((tracker, count)))

    assert told == [("memory", count) for count in (1, 2, 3, 4)]


def test_a_stop_ends_it_between_two_batches(ground):
    first, second = add_items(ground, 2)
    answers = iter([False, False])
    ground.clock.wait = lambda seconds: next(answers, True)

    applied = ground.apply()

    assert applied.stopped
    assert fates(applied) == [Fate.APPLIED, Fate.APPLIED]
    assert (len(ground.ours(first)), len(ground.ours(second))) == (1, 0)
    assert ground.store.open_intents("memory") == []


def test_a_quota_wall_lets_a_tracker_rest_and_the_others_go_on(make_ground):
    ground = make_ground("walled", "free")
    add_items(ground, 2, "walled")
    (free,) = add_items(ground, 1, "free")
    until = ground.clock.now() + timedelta(hours=1)
    walled = watched(ground, "walled", [(Fate.DEFERRED, until)])

    applied = ground.apply()

    assert len(walled.seen) == 1
    assert applied.counts == {Fate.DEFERRED: 1, Fate.APPLIED: 2}
    assert (len(ground.ours(free)), ground.labels(free)) == (1, (LABEL,))
    assert ground.store.open_intents("walled") == [], "what was not sent is planned anew"


@pytest.mark.parametrize("trouble", [Fate.DEFERRED, Fate.UNKNOWN])
def test_a_tracker_in_trouble_is_left_alone_after_three_failures_in_a_row(ground, trouble):
    add_items(ground, 3)
    tracker = watched(ground, fates=[trouble, None, trouble, trouble, trouble])

    ground.apply()

    assert len(tracker.seen) == 5


@pytest.mark.parametrize("answer", [Fate.REFUSED, Fate.STALE, Fate.GONE])
def test_what_one_item_refuses_holds_up_no_other(ground, answer):
    add_items(ground, 3)
    watched(ground, fates=[answer] * 5)

    assert fates(ground.apply()) == [answer] * 5 + [Fate.APPLIED]


def test_a_comment_that_is_not_as_we_left_it_is_looked_at_at_once(ground):
    (item,) = add_items(ground, 1)
    ground.apply()
    ground.poll()
    ground.board.edit(item.id, labels=(LABEL, "outcome:nothing"))
    ground.poll()
    (comment,) = ground.ours(item)
    # A tracker that does not date an item anew when its comment goes.
    updated_at = ground.board.items[item.id.native_id].updated_at
    ground.board.delete_remark(item.id, comment.id)
    ground.board.edit(item.id, updated_at=updated_at)

    assert Fate.STALE in fates(ground.apply())

    assert ground.actions() == [], "nothing is sent to a comment that a person took away"
    assert ground.ours(item) == ()


def test_changes_for_a_tracker_that_is_not_configured_any_more_are_left(ground):
    add_items(ground, 1)
    plan = ground.plan().reconciled.plan

    assert apply(plan, {}, ground.store, ground.clock, 1).results == ()


def test_a_pass_is_written_down_with_its_begin_and_its_end(ground):
    add_items(ground, 1)
    ground.apply()

    assert {entry.pass_id for entry in ground.store.ledger()} == {1}
    add_items(ground, 1)
    ground.apply()
    assert {entry.pass_id for entry in ground.store.ledger()} == {1, 2}
