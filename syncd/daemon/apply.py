"""The last step of a pass: send a Plan to the trackers, each change with its intent stored before it leaves."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec

from adapters.contract import Tracker
from syncd.clock import Clock
from syncd.daemon.poll import Progress, observe
from syncd.model.changes import Batch, Change, Fate, Plan, Result
from syncd.model.errors import TrackerError
from syncd.store import WorkspaceStore

TROUBLE_COUNT = 3
"""A tracker that fails so many batches in a row is left alone until the next pass."""
_TROUBLES = (Fate.DEFERRED, Fate.UNKNOWN)


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a plan; ``stopped``: a stop was asked for between two batches."""

    results: tuple[Result, ...]
    stopped: bool = False

    @property
    def counts(self) -> Counter[Fate]:
        """Count the results by what became of them."""
        return Counter(result.fate for result in self.results)


def apply(
    plan: Plan,
    trackers: Mapping[str, Tracker],
    store: WorkspaceStore,
    clock: Clock,
    pass_id: int,
    progress: Progress | None = None,
) -> Applied:
    """Send every change of the plan once; a batch that has begun is finished even when a stop is asked for."""
    results: list[Result] = []
    for name, changes in _by_tracker(plan).items():
        tracker = trackers.get(name)
        if tracker is None:
            continue
        trouble_count, sent_count = 0, 0
        for batch in tracker.batches(changes):
            if clock.wait(0):
                return Applied(results=tuple(results), stopped=True)
            sent = send(batch, tracker, store, clock, pass_id)
            results.extend(sent)
            sent_count += len(sent)
            if progress is not None:
                progress(name, sent_count)
            trouble_count = trouble_count + 1 if any(result.fate in _TROUBLES for result in sent) else 0
            if trouble_count == TROUBLE_COUNT or any(map(_is_wall, sent)):
                break  # this tracker rests, the others go on
    return Applied(results=tuple(results))


def _is_wall(result: Result) -> bool:
    return result.fate is Fate.DEFERRED and result.until is not None


def send(batch: Batch, tracker: Tracker, store: WorkspaceStore, clock: Clock, pass_id: int) -> list[Result]:
    """Store the batch's intents, send it, and settle each intent as its result comes in."""
    intents = store.add_intents(pass_id, uuid.uuid4().hex, batch.changes, clock.now())
    results = []
    for intent, result in zip(intents, tracker.send(batch), strict=True):
        store.settle(intent, result, clock.now())
        results.append(result)
    _look_at_stale(results, tracker, store)
    return results


def _look_at_stale(results: Sequence[Result], tracker: Tracker, store: WorkspaceStore) -> None:
    """Look at what is not as we left it: not every tracker dates an item anew when a comment goes."""
    with suppress(TrackerError):
        stale = [result.change.target for result in results if result.fate is Fate.STALE]
        observe(tracker, store, stale, always=True)


def _by_tracker(plan: Plan) -> dict[str, list[Change]]:
    changes: dict[str, list[Change]] = {}
    for change in plan.changes:
        changes.setdefault(change.target.tracker, []).append(change)
    return changes
