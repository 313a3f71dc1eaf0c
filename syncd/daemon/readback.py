"""Settles writes whose answer was lost: looks on the tracker whether they were done, before anything is sent again."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from adapters.contract import Tracker
from syncd.clock import Clock
from syncd.model.changes import Action, Change, Fate, Intent, Observation, Result
from syncd.model.errors import TrackerError
from syncd.model.identity import Handle, ItemId
from syncd.model.reading import Sighting
from syncd.store import WorkspaceStore

SERVER_TIMEOUT = timedelta(seconds=30)
"""After this long a request that is still unanswered is no longer being worked on."""
READBACK_COUNT = 2
_LABEL_ACTIONS = (Action.ADD_LABEL, Action.REMOVE_LABEL)


def read_back(tracker: Tracker, store: WorkspaceStore, clock: Clock) -> timedelta | None:
    """Settle the tracker's open intents as far as can be known now.

    Returns how long to wait until what is left can be looked for again, None when nothing is left.

    Raises:
        TrackerError: the tracker can't be read; the intents stay open.
    """
    intents = store.open_intents(tracker.name)
    if not intents:
        return None
    sightings = _sightings(tracker, [i.change for i in intents if i.change.action in _LABEL_ACTIONS])
    comments = [i for i in intents if i.change.action not in _LABEL_ACTIONS]
    known = {i.change.target: i.change.comment_id for i in comments if i.change.comment_id}
    handles = {i.change.target: Handle(i.change.target, i.change.key) for i in comments}
    observations = tracker.observe(list(handles.values()), known) if handles else {}
    store.save_observations(observations.values())
    now = clock.now()
    waits = [
        wait
        for intent in intents
        if (wait := _settle(intent, sightings, observations.get(intent.change.target), store, now)) is not None
    ]
    return min(waits, default=None)


def _sightings(tracker: Tracker, changes: Sequence[Change]) -> dict[ItemId, Sighting]:
    handles = list({change.target: Handle(change.target, change.key) for change in changes}.values())
    return {sighting.handle.id: sighting for sighting in tracker.read(handles)} if handles else {}


def _settle(
    intent: Intent,
    sightings: dict[ItemId, Sighting],
    observation: Observation | None,
    store: WorkspaceStore,
    now: datetime,
) -> timedelta | None:
    """Settle one intent; return how long to wait if it can't be settled yet."""
    change = intent.change
    result = (
        _label_result(change, sightings.get(change.target))
        if change.action in _LABEL_ACTIONS
        else _comment_result(change, observation)
    )
    if result is None:
        return SERVER_TIMEOUT
    if result.fate is Fate.DEFERRED:
        # A label that comes late, when nobody wants it any more, would be taken for a person's.
        due_at = intent.created_at + SERVER_TIMEOUT * (intent.readbacks + 1)
        if now < due_at:
            return due_at - now
        store.count_readback(intent, now)
        if change.action is Action.CREATE_COMMENT and intent.readbacks + 1 < READBACK_COUNT:
            return SERVER_TIMEOUT
    store.settle(intent, result, now)
    return None


def _label_result(change: Change, sighting: Sighting | None) -> Result | None:
    """Say what became of a label verb; None where the item can't be read now."""
    if sighting is None or sighting.error:
        return None
    if sighting.item is None:
        return Result(change=change, fate=Fate.GONE)
    there = change.label.casefold() in {label.casefold() for label in sighting.item.own_labels}
    done = there is (change.action is Action.ADD_LABEL)
    fate = Fate.APPLIED if done else Fate.DEFERRED
    return Result(change=change, fate=fate, stamp=sighting.item.updated_at, detail="read back")


def _comment_result(change: Change, observation: Observation | None) -> Result | None:
    """Say what became of a comment verb: DEFERRED means it was not done and the next plan decides anew."""
    if observation is None:
        return None
    if observation.gone:
        return Result(change=change, fate=Fate.GONE)
    if change.action is Action.DELETE_COMMENT:
        there = any(comment.comment_id == change.comment_id for comment in observation.comments)
        fate = Fate.DEFERRED if there else Fate.APPLIED
        return Result(change=change, fate=fate, stamp=observation.stamp, detail="read back")
    wanted = change.mark.hash if change.mark is not None else ""
    is_new = change.action is Action.CREATE_COMMENT
    for comment in observation.comments:
        if is_new or comment.mark.hash == wanted:
            # What was edited meanwhile is not the body that we wrote: the next look must see a person's hand.
            is_edited = is_new and comment.updated_at > comment.created_at
            return Result(
                change=change,
                fate=Fate.APPLIED,
                stamp=comment.created_at if is_new else comment.updated_at,
                comment_id=comment.comment_id,
                body_hash="" if is_edited else comment.body_hash,
                detail="read back",
            )
    return Result(change=change, fate=Fate.DEFERRED, detail="read back: it was not done")


def read_back_all(trackers: Sequence[Tracker], store: WorkspaceStore, clock: Clock) -> None:
    """Read back every tracker's open intents and wait for those that time will settle.

    Ends early when a stop is asked for. What can't be read stays open, and its items are left alone.
    """
    for _ in range(READBACK_COUNT + 1):
        waits = []
        for tracker in trackers:
            with suppress(TrackerError):
                waits.append(read_back(tracker, store, clock))
        longest = max((wait for wait in waits if wait is not None), default=None)
        if longest is None or clock.wait(longest.total_seconds()):
            return
