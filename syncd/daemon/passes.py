"""One pass over one workspace: poll every tracker, reconcile, apply; the commands and the service both call this."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec

from adapters.contract import Tracker
from syncd.clock import Clock
from syncd.daemon.apply import Applied, apply
from syncd.daemon.census import has_audiences, is_census_due, survey
from syncd.daemon.poll import Polled, Progress, observe, poll
from syncd.daemon.readback import read_back_all
from syncd.daemon.reconcile import Charter, Judged, judge, remember
from syncd.model.errors import TrackerError
from syncd.model.identity import PlaceId
from syncd.model.items import Stage
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
    """Poll one tracker of a workspace; the first time, ask who reads its places before anything is told there."""
    tracker, places = workspace.trackers[name], workspace.places_of(name)
    polled = poll(tracker, workspace.store, places, clock, progress)
    if polled.error or has_audiences(workspace.store, places):
        return polled
    try:
        workspace.store.save_probe(name, tracker.probe())
    except TrackerError as error:
        return msgspec.structs.replace(polled, error=str(error))
    return polled


def poll_all(
    workspace: Workspace, clock: Clock, progress: Progress | None = None, census_every: timedelta | None = None
) -> list[Polled]:
    """Poll all trackers at the same time, so that one that is slow keeps no other waiting.

    With ``census_every``, count what exists where that was not done for so long.
    """

    def read(name: str) -> Polled:
        polled = poll_tracker(workspace, name, clock, progress)
        if census_every is None or polled.error:
            return polled
        if is_census_due(workspace.store, workspace.places_of(name), clock.now(), census_every):
            try:
                survey(workspace.trackers[name], workspace.store, clock)
            except TrackerError as error:
                return msgspec.structs.replace(polled, error=f"{error} (while counting what exists)")
        return polled

    with ThreadPoolExecutor(max_workers=max(1, len(workspace.trackers)), thread_name_prefix="poll") as pool:
        return list(pool.map(read, sorted(workspace.trackers)))


def plan_pass(workspace: Workspace, clock: Clock, stage: Stage | None = None) -> Judged:
    """Judge what is in the store and remember it.

    Items that look annotated by us though the store knows nothing of it (a lost store) are looked at first.
    """
    judged = judge(workspace.charter, workspace.store, clock.now(), stage)
    if judged.reconciled.to_observe:
        for name, tracker in workspace.trackers.items():
            ids = [item_id for item_id in judged.reconciled.to_observe if item_id.tracker == name]
            observe(tracker, workspace.store, ids, always=True)
        judged = judge(workspace.charter, workspace.store, clock.now(), stage)
    remember(judged, workspace.store, clock.now())
    return judged


def apply_pass(workspace: Workspace, judged: Judged, clock: Clock) -> Applied:
    """Send the judged plan and write down when the pass began and ended."""
    pass_id = workspace.store.begin_pass("apply", clock.now())
    applied = apply(judged.reconciled.plan, workspace.trackers, workspace.store, clock, pass_id)
    workspace.store.finish_pass(pass_id, clock.now())
    return applied


def settle_lost_writes(workspace: Workspace, clock: Clock) -> None:
    """Wait for and settle the writes whose answers were lost, on every tracker."""
    read_back_all([workspace.trackers[name] for name in sorted(workspace.trackers)], workspace.store, clock)
