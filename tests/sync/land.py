"""A whole installation that can be driven by hand: trackers with people, an admin, and syncd, which may die any time.

Each method is one step of a history; ``tests/sync/machine.py`` makes such histories up, ``test_histories.py`` keeps
those that once failed.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from adapters.contract import Tracker
from syncd.daemon.apply import Applied
from syncd.daemon.census import retry_problems, survey
from syncd.daemon.passes import Workspace, apply_pass, plan_pass, poll_tracker
from syncd.daemon.poll import Polled
from syncd.daemon.readback import read_back
from syncd.daemon.reconcile import Charter, Judged
from syncd.model.changes import Action, Batch, Change, Result
from syncd.model.errors import TrackerError
from syncd.model.findings import FindingState
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import Stage
from syncd.model.outcomes import OutcomeStatus
from syncd.planner.limits import Limits
from syncd.store import Store, WorkspaceStore, open_store
from tests.builders import NOW
from tests.stores import new_store_file
from tests.sync.charters import PREFIX, Settings, charter_of
from tests.sync.clocks import OurClock, WorldClock
from tests.sync.seams import KilledError, SeamedStore, Seams, Trouble, TroubledTracker
from tests.sync.shadow import Shadow, State, state_of
from tests.sync.sides import Note, Side

BETWEEN = timedelta(seconds=3)
"""People and syncd are never so quick that one clock tick holds both."""


class Land:
    """Everything; items are named by a number, the same item for the same number while it is there."""

    def __init__(self, folder: Path, sides: Callable[[WorldClock], Sequence[Side]]) -> None:
        self.world = WorldClock(NOW)
        self.clock = OurClock(self.world)
        self.sides = {side.name: side for side in sides(self.world)}
        self.shadow = Shadow()
        self.settings = Settings()
        self.seams = Seams()
        self.trackers = {name: self._troubled(side) for name, side in self.sides.items()}
        self.intended: set[int] = set()
        self._url = f"sqlite:///{new_store_file(folder)}"
        self._store = self._open()
        self._planned: Charter | None = None
        self._knew: dict[ItemId, datetime] = {}
        self._anchors: set[ItemId] = set()
        for side in self.sides.values():
            for place in side.places:
                self._anchors.add(self.add(side.name, place, f"anchor of {place.key}").id)

    def _open(self) -> Store:
        return open_store(self._url)

    def _troubled(self, side: Side) -> TroubledTracker:
        return TroubledTracker(
            side.tracker(), self.seams, (self.world, self.clock), lambda batch, do: self._carrier(side, batch, do)
        )

    def close(self) -> None:
        self._store.close()

    # what is there

    @property
    def store(self) -> WorkspaceStore:
        """The store, past the seams."""
        return self._store.workspace("default")

    @property
    def places(self) -> list[PlaceId]:
        """The places that are configured."""
        return [place for side in self.sides.values() for place in side.places]

    @property
    def charter(self) -> Charter:
        return charter_of(self.settings, self.places)

    @property
    def workspace(self) -> Workspace:
        trackers: dict[str, Tracker] = dict(self.trackers)
        store: WorkspaceStore = SeamedStore(self.store, self.seams, self.intended)  # type: ignore[assignment]
        return Workspace(name="default", charter=self.charter, trackers=trackers, store=store)

    def items(self) -> list[tuple[Side, Handle]]:
        return [(side, item) for side in self.sides.values() for item in side.items()]

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

    def rewrite_ours(self, number: int, text: str) -> None:
        side, item, note = self._ours(number)
        if note is not None:
            self.person(side, item, lambda: side.rewrite(item, note, text))

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

    def kill_soon(self, moment: int) -> None:
        self.seams.kill(moment)

    def stop_soon(self, waits: int) -> None:
        self.clock.waits_until_stop = waits

    # what syncd does

    def run(self, act: Callable[[], object]) -> bool:
        """Let syncd do something; say whether it lived through it. Who is killed begins anew with what is stored."""
        try:
            act()
        except KilledError:
            self.restart()
            return False
        finally:
            self.clock.waits_until_stop = None
        return True

    def restart(self) -> None:
        """Begin with a new process over the same file."""
        self.seams.calm()
        self._store.close()
        self._store = self._open()
        for name, side in self.sides.items():
            old, self.trackers[name] = self.trackers[name], self._troubled(side)
            self.trackers[name].troubles = old.troubles
        self._take_note(is_whole=False)

    def poll(self, tracker: int | str) -> Polled | None:
        names = sorted(self.trackers)
        name = tracker if isinstance(tracker, str) else names[tracker % len(names)]
        polled: list[Polled] = []
        self.run(lambda: polled.append(poll_tracker(self.workspace, name, self.clock)))
        self.world.forward(timedelta(seconds=1))
        return polled[0] if polled else None

    def poll_all(self) -> list[Polled]:
        return [polled for name in sorted(self.trackers) if (polled := self.poll(name)) is not None]

    def survey(self, tracker: int) -> None:
        """Read again what was set aside, and count what exists."""
        names = sorted(self.trackers)
        each = self.workspace.trackers[names[tracker % len(names)]]

        def count() -> None:
            with suppress(TrackerError):
                retry_problems(each, self.workspace.store, self.clock)
                survey(each, self.workspace.store, self.clock)

        self.run(count)

    def write_down(self) -> Applied | None:
        """Judge and write, as the service does: lost writes are looked for once, and nobody waits."""
        applied: list[Applied] = []

        def make() -> None:
            workspace = self.workspace
            for name in sorted(self.trackers):
                with suppress(TrackerError):
                    read_back(workspace.trackers[name], workspace.store, self.clock)
            judged = self.plan()
            self.world.forward(timedelta(seconds=1))
            applied.append(self.apply(judged))

        self.run(make)
        self.world.forward(timedelta(seconds=1))
        return applied[0] if applied else None

    def plan(self) -> Judged:
        self._planned = self.charter
        self._knew = {item_id: item.updated_at for item_id, item in self.store.items().items()}
        judged = plan_pass(self.workspace, self.clock)
        self._take_note(is_whole=False)
        self._check_plan(judged)
        return judged

    def apply(self, judged: Judged) -> Applied:
        return apply_pass(self.workspace, judged, self.clock)

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

    def _take_note(self, *, is_whole: bool) -> None:
        """Let the shadow forget what people took away where its finding is over."""
        lasting: dict[ItemId, set[str]] = {}
        for finding in self.store.findings().values():
            if finding.state is not FindingState.CLOSED:
                for item_id in (*finding.told, finding.subject.id):
                    lasting.setdefault(item_id, set()).add(finding.rule_id)
        self.shadow.judged(lambda item_id: lasting.get(item_id, ()), is_whole=is_whole)

    def took_note_of_everything(self) -> None:
        """Say that a pass judged and looked at every item."""
        self._take_note(is_whole=True)

    def _check_plan(self, judged: Judged) -> None:
        """Assert what holds of every plan, whatever was read before it."""
        states = self.store.place_states()
        in_flight = {i.change.target for name in self.trackers for i in self.store.open_intents(name)}
        for change in judged.reconciled.plan.changes:
            state = states.get(change.place)
            assert state is not None, f"a place that was never read is written to: {change}"
            assert not state.error, f"a place that can't be read is written to: {change}"
            assert change.target not in in_flight, f"a lost write is not waited for: {change}"

    def _carrier(self, side: Side, batch: Batch, do: Callable[[], list[Result]]) -> Callable[[], list[Result]]:
        """Return what carries a request out and takes note of what it did; perhaps that is later."""
        assert self._planned is not None
        knew = self._knew
        for change in batch.changes:
            _check_stage(change, self._planned)

        def carry() -> list[Result]:
            there = {item.id: item for item in side.items()}
            targets = {change.target: there[change.target] for change in batch.changes if change.target in there}
            before = {target: state_of(side, item) for target, item in targets.items()}
            results = do()
            for target, item in targets.items():
                mine = [change for change in batch.changes if change.target == target]
                self.shadow.we_did(side, item, mine, before[target], knew[target])
            return results

        return carry


def _taken_back(judged: Judged) -> set[tuple[ItemId, Action, str]]:
    """Return what a plan takes away, and the comments that it says are resolved."""
    return {
        (change.target, change.action, change.label)
        for change in judged.reconciled.plan.changes
        if change.action in (Action.REMOVE_LABEL, Action.DELETE_COMMENT)
        or (change.comment is not None and change.comment.resolved)
    }


def _check_stage(change: Change, charter: Charter) -> None:
    """Assert that a write is one that the stages allowed when it was planned."""
    stage = min(charter.places[change.place].stage, charter.stage)
    assert stage >= Stage.LABELS, f"written at stage {stage.name}: {change}"
    rules = {rule.terms.id: rule.terms.stage for rule in charter.rules.rules}
    if change.action is Action.ADD_LABEL:
        assert all(rules[rule_id] >= Stage.LABELS for rule_id in change.rule_ids), f"stage of its rule: {change}"
    if change.comment is not None and not change.comment.resolved:
        assert stage is Stage.COMMENT, f"written at stage {stage.name}: {change}"
        assert all(rules[rule_id] is Stage.COMMENT for rule_id in change.rule_ids), f"stage of its rule: {change}"
