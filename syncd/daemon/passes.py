"""One pass over one workspace: poll every tracker, reconcile, apply; the commands and the service both call this."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from adapters.contract import Tracker
from syncd.clock import Clock
from syncd.daemon.apply import Applied, apply
from syncd.daemon.census import is_census_due, retry_problems, survey
from syncd.daemon.poll import Polled, Progress, observe, poll
from syncd.daemon.readback import read_back_all
from syncd.daemon.reconcile import Charter, Judged, judge, remember
from syncd.daemon.resident import Resident
from syncd.model.errors import StoreError, TrackerError
from syncd.model.identity import PlaceId
from syncd.model.items import Stage
from syncd.model.reading import Page, PlaceFailure
from syncd.store import WorkspaceStore


class Workspace(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace that is ready to run: its configuration, its trackers by name, and its rows of the store."""

    name: str
    charter: Charter
    trackers: Mapping[str, Tracker]
    store: WorkspaceStore

    def places_of(self, tracker: str) -> tuple[PlaceId, ...]:
        """Return the configured places of a tracker."""
        return tuple(place for place in self.charter.places if place.tracker == tracker)

    def stage(self, tried: Stage | None = None) -> Stage:
        """Return the stage that a pass runs at: the one that is tried, else the configured one."""
        return self.charter.stage if tried is None else tried

    def open_intent_count(self) -> int:
        """Count the writes whose fate is not known."""
        return sum(len(self.store.open_intents(name)) for name in self.trackers)


def poll_tracker(workspace: Workspace, name: str, clock: Clock, progress: Progress | None = None) -> Polled:
    """Poll one tracker of a workspace, and ask who reads a place before anything is told there."""
    tracker, store = workspace.trackers[name], workspace.store
    polled = poll(tracker, store, workspace.places_of(name), clock, progress)
    unknown = () if polled.error else _unknown_readers(workspace, name)
    if not unknown:
        return polled
    try:
        store.save_probe(name, tracker.probe())
    except TrackerError as error:
        # What is told to nobody knows whom may be told to everybody.
        failures = tuple(PlaceFailure(each, f"who reads it is not known yet: {error.message}") for each in unknown)
        store.save_page(name, Page(observed_at=clock.now(), failures=failures))
        return msgspec.structs.replace(polled, failures=failures, error=str(error))
    return polled


def _unknown_readers(workspace: Workspace, tracker: str) -> tuple[PlaceId, ...]:
    """Return the places that were read well and of which nobody has said who reads them."""
    states = workspace.store.place_states()
    read = [states[place] for place in workspace.places_of(tracker) if place in states and states[place].read_at]
    return tuple(
        state.id
        for state in read
        if not state.error and state.audience is None and workspace.charter.places[state.id].audience is None
    )


def poll_all(
    workspace: Workspace, clock: Clock, progress: Progress | None = None, census_every: timedelta | None = None
) -> list[Polled]:
    """Poll all trackers at the same time, so that one that is slow keeps no other waiting.

    With ``census_every``, count what exists where that was not done for so long, and retry what was set aside.
    """

    def read(name: str) -> Polled:
        polled = poll_tracker(workspace, name, clock, progress)
        if census_every is None or polled.error:
            return polled
        if is_census_due(workspace.store, workspace.places_of(name), clock.now(), census_every):
            try:
                retry_problems(workspace.trackers[name], workspace.store, clock)
                survey(workspace.trackers[name], workspace.store, clock)
            except TrackerError as error:
                return msgspec.structs.replace(polled, error=f"{error} (while counting what exists)")
        return polled

    with ThreadPoolExecutor(max_workers=max(1, len(workspace.trackers)), thread_name_prefix="poll") as pool:
        return list(pool.map(read, sorted(workspace.trackers)))


def plan_pass(
    workspace: Workspace, clock: Clock, stage: Stage | None = None, resident: Resident | None = None
) -> Judged:
    """Judge what is in the store and remember it; ``resident`` knows what was judged before.

    Items that look annotated by us though the store knows nothing of it (a lost store) are looked at first; where that
    fails they stay unwritten until the next pass.
    """
    judge_now = judge if resident is None else resident.judge
    judged = judge_now(workspace.charter, workspace.store, clock.now(), stage)
    if judged.reconciled.to_observe:
        for name, tracker in workspace.trackers.items():
            ids = [item_id for item_id in judged.reconciled.to_observe if item_id.tracker == name]
            with suppress(TrackerError):
                observe(tracker, workspace.store, ids, always=True)
        before = judged
        judged = judge_now(workspace.charter, workspace.store, clock.now(), stage)
        # What the first look took is no news for the second.
        judged = replace(judged, taken=before.taken + judged.taken, texts=before.texts + judged.texts)
    try:
        remember(judged, workspace.store, clock.now())
    except StoreError:
        if resident is not None:
            resident.forget()
        raise
    return judged


def apply_pass(workspace: Workspace, judged: Judged, clock: Clock, progress: Progress | None = None) -> Applied:
    """Send the judged plan and write down when the pass began and ended."""
    pass_id = workspace.store.begin_pass("apply", clock.now())
    applied = apply(judged.reconciled.plan, workspace.trackers, workspace.store, clock, pass_id, progress)
    workspace.store.finish_pass(pass_id, clock.now())
    return applied


def settle_lost_writes(workspace: Workspace, clock: Clock) -> None:
    """Wait for and settle the writes whose answers were lost, on every tracker."""
    read_back_all([workspace.trackers[name] for name in sorted(workspace.trackers)], workspace.store, clock)
