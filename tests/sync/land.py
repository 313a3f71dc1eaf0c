"""A whole installation that can be driven by hand: people, an admin, bad days, and syncd, which may die any time.

Each method is one step of a history; ``machine.py`` makes such histories up, ``test_histories.py`` keeps some that once
failed.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from syncd.daemon.reconcile import Judged
from syncd.model.changes import Action
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import Stage
from syncd.model.outcomes import OutcomeStatus
from syncd.planner.limits import Limits
from tests.sync.charters import PREFIX
from tests.sync.clocks import WorldClock
from tests.sync.installation import Installation
from tests.sync.seams import Trouble
from tests.sync.shadow import State, state_of
from tests.sync.sides import Note, Side

BETWEEN = timedelta(seconds=3)
"""People and syncd are never so quick that one clock tick holds both."""


class Land(Installation):
    """Everything; items are named by a number, the same item for the same number while it is there."""

    def __init__(self, folder: Path, sides: Callable[[WorldClock], Sequence[Side]]) -> None:
        super().__init__(folder, sides)
        self._anchors: set[ItemId] = set()
        for side in self.sides.values():
            for place in side.places:
                self._anchors.add(self.add(side.name, place, f"anchor of {place.key}").id)

    def item(self, number: int) -> tuple[Side, Handle]:
        items = self.items()
        return items[number % len(items)]

    # what people do

    def person(self, side: Side, item: Handle, act: Callable[[], object]) -> None:
        """Let a person do something to an item."""
        self.world.forward(BETWEEN)
        before = state_of(side, item)
        act()
        owned = self.store.ownership().get(item.id)
        mine = {label.name for label in owned.labels} if owned else set()
        if owned and owned.comment:
            mine.add(owned.comment.comment_id)
        in_flight = any(intent.change.target == item.id for intent in self.store.open_intents(side.name))
        self.shadow.person_did(side, item, before, self.world.now(), owns=mine.__contains__, is_in_flight=in_flight)
        self._remember_theirs(side)

    def _remember_theirs(self, side: Side) -> None:
        """Take note of what a person's doing changed on other items."""
        for item in side.items():
            self.shadow.remember_theirs(side, item)

    def add(self, tracker: str, place: PlaceId, title: str, labels: Sequence[str] = ()) -> Handle:
        self.world.forward(BETWEEN)
        side = self.sides[tracker]
        item = side.add(title, place, labels)
        nothing = State(frozenset(), ())
        self.shadow.person_did(side, item, nothing, self.world.now(), owns=lambda _: False, is_in_flight=False)
        return item

    def add_item(self, place: int, title: str, label: str = "") -> None:
        where = self.places[place % len(self.places)]
        self.add(where.tracker, where, title, (label,) if label else ())

    def retitle(self, number: int, title: str) -> None:
        side, item = self.item(number)
        self.person(side, item, lambda: side.retitle(item, title))

    def close_item(self, number: int) -> None:
        side, item = self.item(number)
        self.person(side, item, lambda: side.close(item))

    def reopen(self, number: int) -> None:
        side, item = self.item(number)
        self.person(side, item, lambda: side.reopen(item))

    def put_below(self, number: int, parent: int | None) -> None:
        side, item = self.item(number)
        over = self._other(side, item, parent)
        self.person(side, item, lambda: side.put_below(item, over))

    def block(self, number: int, by: int | None) -> None:
        side, item = self.item(number)
        blocker = self._other(side, item, by)
        self.person(side, item, lambda: side.block(item, blocker))

    def _other(self, side: Side, item: Handle, number: int | None) -> Handle | None:
        others = [other for other in side.items() if other.id != item.id]
        return others[number % len(others)] if number is not None and others else None

    def label(self, number: int, label: str) -> None:
        side, item = self.item(number)
        self.person(side, item, lambda: side.label(item, label))

    def unlabel(self, number: int, which: int = 0) -> None:
        """Take one of an item's labels off; those of our prefix come first."""
        side, item = self.item(number)
        labels = sorted(side.labels(item), key=lambda label: (not label.startswith(PREFIX), label))
        if labels:
            self.person(side, item, lambda: side.unlabel(item, labels[which % len(labels)]))

    def write(self, number: int, text: str, is_forged: bool = False) -> None:
        """Write a comment, or one that carries the very mark of ours."""
        side, item = self.item(number)
        marks = [note.mark for _, other in self.items() for note in side.notes(item) if note.is_ours]
        mark = marks[0] if is_forged and marks else None
        self.person(side, item, lambda: side.write(item, text, mark=mark))

    def rewrite_ours(self, number: int, text: str, is_unmarked: bool = False) -> None:
        """Edit our comment; its mark may go with the rest."""
        side, item, note = self._ours(number)
        if note is not None:
            self.person(side, item, lambda: side.rewrite(item, note, text, is_unmarked=is_unmarked))

    def erase_ours(self, number: int) -> None:
        side, item, note = self._ours(number)
        if note is not None:
            self.person(side, item, lambda: side.erase(item, note))

    def _ours(self, number: int) -> tuple[Side, Handle, Note | None]:
        """Return the item of that number among those that carry our comment."""
        marked = [(side, item, note) for side, item in self.items() for note in side.notes(item) if note.is_ours]
        return marked[number % len(marked)] if marked else (*self.item(number), None)

    def move(self, number: int, where: int) -> None:
        """Move an item to another place of its tracker, or to one that nobody configured."""
        side, item = self.item(number)
        there = [*side.places, *([side.elsewhere] if side.elsewhere else [])]
        place = there[where % len(there)]
        if item.id not in self._anchors and place != side.place(item):
            self.person(side, item, lambda: side.move(item, place))

    def delete(self, number: int) -> None:
        side, item = self.item(number)
        if item.id not in self._anchors:
            self.world.forward(BETWEEN)
            side.delete(item)
            self.shadow.forget(item.id)
            self._remember_theirs(side)

    # what admins do, and the world

    def set_rule(self, rule_id: str, stage: Stage | None) -> None:
        self.settings = self.settings.with_rule(rule_id, stage)

    def set_place(self, place: int, stage: Stage) -> None:
        self.settings = self.settings.with_place(self.places[place % len(self.places)], stage)

    def set_stage(self, stage: Stage) -> None:
        self.settings = msgspec.structs.replace(self.settings, stage=stage)

    def set_outcome(self, outcome_id: str, status: OutcomeStatus | None) -> None:
        self.settings = self.settings.with_outcome(outcome_id, status)

    def set_limits(self, limits: Limits) -> None:
        self.settings = msgspec.structs.replace(self.settings, limits=limits)

    def pass_time(self, span: timedelta) -> None:
        self.world.forward(span)

    def set_clock_wrong(self, error: timedelta) -> None:
        """Let our clock jump; what is on its way has arrived by then."""
        self.world.forward(timedelta(minutes=1))
        self.clock.error = error

    def fail(self, place: int) -> None:
        where = self.places[place % len(self.places)]
        self.sides[where.tracker].fail(where)

    def spoil(self, number: int) -> None:
        side, item = self.item(number)
        side.spoil(item)

    def heal(self) -> None:
        for side in self.sides.values():
            side.heal()

    def trouble(self, tracker: int, *troubles: Trouble) -> None:
        list(self.trackers.values())[tracker % len(self.trackers)].troubles.extend(troubles)

    def fail_reading(self, tracker: int, reads: int) -> None:
        """Let a tracker fail once, after so many more readings."""
        list(self.trackers.values())[tracker % len(self.trackers)].reads_until_failure = reads

    def break_next(self, tracker: int, number: int) -> None:
        """Let one of the next requests of a tracker go wrong."""
        list(self.sides.values())[tracker % len(self.sides)].break_next(number)

    def kill_soon(self, moment: int) -> None:
        self.seams.kill(moment)

    def stop_soon(self, waits: int) -> None:
        self.clock.waits_until_stop = waits

    # what is always so

    def check_darkness(self, place: int) -> None:
        """Assert that a place which can't be read any more makes nothing be taken back."""
        for tracker in self.trackers.values():
            tracker.calm()
        self.seams.calm()
        self.poll_all()
        was = _taken_back(self.plan())
        self.fail(place)
        self.poll(self.places[place % len(self.places)].tracker)
        now = _taken_back(self.plan())
        assert now <= was, f"taken back because a place can't be read: {now - was}"


def _taken_back(judged: Judged) -> set[tuple[ItemId, Action, str]]:
    """Return what a plan takes away, and the comments that it says are resolved."""
    return {
        (change.target, change.action, change.label)
        for change in judged.reconciled.plan.changes
        if change.action in (Action.REMOVE_LABEL, Action.DELETE_COMMENT)
        or (change.comment is not None and change.comment.resolved)
    }
