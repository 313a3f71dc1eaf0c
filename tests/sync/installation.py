"""syncd over trackers that can be driven step by step: it may be killed at any of them, and begins anew."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from adapters.contract import Tracker
from syncd.daemon.apply import Applied
from syncd.daemon.census import retry_problems, survey
from syncd.daemon.passes import Workspace, apply_pass, plan_pass, poll_tracker
from syncd.daemon.poll import Polled
from syncd.daemon.readback import read_back
from syncd.daemon.reconcile import Charter, Judged
from syncd.model.changes import Action, Batch, Change, Plan, Result
from syncd.model.errors import TrackerError
from syncd.model.findings import FindingState
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import PlaceState, Stage
from syncd.store import Store, WorkspaceStore, open_store
from tests.builders import NOW
from tests.stores import new_store_file
from tests.sync.charters import Settings, charter_of
from tests.sync.clocks import OurClock, WorldClock
from tests.sync.seams import KilledError, SeamedStore, Seams, TroubledTracker
from tests.sync.shadow import Knew, Shadow, state_of
from tests.sync.sides import Side

BETWEEN = timedelta(seconds=3)
"""People and syncd are never so quick that one clock tick holds both."""


class Installation:
    """One workspace over the trackers of ``sides``, a store on a file, and what the shadow knows of both."""

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
        self._knew: dict[ItemId, Knew] = {}
        self._busy: list[str] = []
        self._is_carrying = False

    def _open(self) -> Store:
        return open_store(self._url)

    def _troubled(self, side: Side) -> TroubledTracker:
        return TroubledTracker(
            side.tracker(self.clock),
            self.seams,
            (self.world, self.clock),
            lambda batch, do: self._carrier(side, batch, do),
        )

    def close(self) -> None:
        self._store.close()
        for side in self.sides.values():
            side.leave()

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

    # what syncd does

    def run(self, job: str, act: Callable[[], object]) -> None:
        """Let syncd do a job, unless it is at it. Who is killed begins anew with what is stored."""
        if job in self._busy:
            return
        self._busy.append(job)
        try:
            act()
        except KilledError:
            if len(self._busy) > 1:
                raise
            self.restart()
        finally:
            self._busy.pop()
            if not self._busy:
                self.clock.waits_until_stop = None

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
        self.run(f"poll {name}", lambda: polled.append(poll_tracker(self.workspace, name, self.clock)))
        self.world.forward(timedelta(seconds=1))
        return polled[0] if polled else None

    def poll_all(self) -> list[Polled]:
        return [polled for name in sorted(self.trackers) if (polled := self.poll(name)) is not None]

    def survey(self, tracker: int) -> None:
        """Read again what was set aside, and count what exists."""
        names = sorted(self.trackers)
        name = names[tracker % len(names)]
        each = self.workspace.trackers[name]

        def count() -> None:
            with suppress(TrackerError):
                retry_problems(each, self.workspace.store, self.clock)
                survey(each, self.workspace.store, self.clock)

        self.run(f"survey {name}", count)

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

        self.run("write", make)
        self.world.forward(timedelta(seconds=1))
        return applied[0] if applied else None

    def plan(self) -> Judged:
        self._planned = self.charter
        now = self.clock.now()
        self._knew = {item_id: Knew(now, item.updated_at) for item_id, item in self.store.items().items()}
        states = self.store.place_states()
        judged = plan_pass(self.workspace, self.clock)
        self._take_note(is_whole=False)
        self._check_plan(judged, states)
        return judged

    def apply(self, judged: Judged) -> Applied:
        return apply_pass(self.workspace, judged, self.clock)

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

    def _check_plan(self, judged: Judged, states: Mapping[PlaceId, PlaceState]) -> None:
        """Assert what holds of every plan, whatever was read before it; ``states``: of places, before it was made."""
        now = self.store.place_states()
        in_flight = {i.change.target for name in self.trackers for i in self.store.open_intents(name)}
        for change in judged.reconciled.plan.changes:
            is_read = any(change.place in known and not known[change.place].error for known in (states, now))
            assert is_read, f"a place that can't be read is written to: {change}"
            assert change.target not in in_flight, f"a lost write is not waited for: {change}"
        self._check_limits(judged.reconciled.plan)

    def _check_limits(self, plan: Plan) -> None:
        """Assert that a plan and the writes of the day before it are within the limits, if those writes were."""
        limits, since = self.settings.limits, self.clock.now() - timedelta(hours=24)
        before = Counter((write.rule_id, write.action) for write in self.store.recent_writes(since))
        planned = Counter((rule_id, change.action) for change in plan.changes for rule_id in change.rule_ids)
        for (rule_id, action), count in planned.items():
            limit = {Action.CREATE_COMMENT: limits.new_comments, Action.REMOVE_LABEL: limits.removals}.get(action)
            assert limit is None or count + before[rule_id, action] <= limit, f"too many for {rule_id}: {plan}"

    def _carrier(self, side: Side, batch: Batch, do: Callable[[], list[Result]]) -> Callable[[], list[Result]]:
        """Return what carries a request out and takes note of what it did; perhaps that is later."""
        assert self._planned is not None
        knew = self._knew
        for change in batch.changes:
            _check_stage(change, self._planned)

        def carry() -> list[Result]:
            if self._is_carrying:
                # Another request is on its way just now: which of the two did what could not be told.
                self.world.later(timedelta(seconds=1), carry)
                return []
            self._is_carrying = True
            try:
                return done()
            finally:
                self._is_carrying = False

        def done() -> list[Result]:
            there = {item.id: item for item in side.items()}
            targets = {change.target: there[change.target] for change in batch.changes if change.target in there}
            before = {target: state_of(side, item) for target, item in targets.items()}
            results = do()
            for target, item in targets.items():
                mine = [change for change in batch.changes if change.target == target]
                self.shadow.we_did(side, item, mine, before[target], knew[target])
            for item in side.items():
                self.shadow.is_untouched(side, item)
            return results

        return carry


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
