"""Asks trackers what happened to items before we looked: a little at a time, those that changed last first.

What was told is stored with each answer, so that a kill loses one request; what changes later is asked for again.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import msgspec

from adapters.contract import Tracker
from syncd.clock import Clock
from syncd.model.errors import TrackerError, TransientError
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.store import WorkspaceStore

REQUESTS = 20
"""So many requests a run: one a minute leaves a tracker that allows 5,000 an hour three quarters of them."""
BATCH = 1_000
_PACE_OF = timedelta(hours=1)


class Backfilled(msgspec.Struct, frozen=True, kw_only=True):
    """What one run brought; ``done`` of ``total`` items have a history that is known up to their last change."""

    tracker: str
    request_count: int = 0
    told_count: int = 0
    failed_count: int = 0
    done: int = 0
    total: int = 0
    error: str = ""
    is_waiting: bool = False
    """The error is that the tracker, or the pace it allows, asks to come back later."""


def backfill(
    tracker: Tracker,
    store: WorkspaceStore,
    clock: Clock,
    *,
    requests: int = REQUESTS,
    places: Collection[PlaceId] | None = None,
) -> Backfilled:
    """Ask for histories that are due, in about so many requests; a stop ends it after the one that is under way.

    ``places``: those that are configured now; nobody is asked about others.
    """
    request_count = told_count = failed_count = 0
    error, is_waiting = "", False
    try:
        for handles in _due(tracker.name, store, clock, places):
            for page in tracker.history(handles):
                store.save_histories(tracker.name, page)
                request_count += 1
                told_count += len(page.histories)
                failed_count += len(page.failures)
                # Never in the middle of something: it would begin anew the next time, and end there again.
                is_whole = bool(page.histories or page.failures)
                if clock.wait(0) or (is_whole and request_count >= requests):
                    requests = 0
                    break
            if request_count >= requests:
                break
    except TrackerError as failure:
        error = str(failure)
        is_waiting = isinstance(failure, TransientError) and failure.retry_after is not None
    done, total = store.backfill_progress(tracker.name, places)
    return Backfilled(
        tracker=tracker.name,
        request_count=request_count,
        told_count=told_count,
        failed_count=failed_count,
        done=done,
        total=total,
        error=error,
        is_waiting=is_waiting,
    )


def time_left(
    store: WorkspaceStore, tracker: str, now: datetime, places: Collection[PlaceId] | None = None
) -> timedelta | None:
    """Return how long the rest takes at the pace of the last hour; None where nothing was read in it."""
    done, total = store.backfill_progress(tracker, places)
    count, took = store.backfill_pace(tracker, now - _PACE_OF)
    return (total - done) * took / count if count > 1 and took else None


def _due(
    tracker: str, store: WorkspaceStore, clock: Clock, places: Collection[PlaceId] | None
) -> Iterator[list[Handle]]:
    """Yield what to ask for; what is still due after it was asked for, where clocks differ, waits for the next run."""
    asked: set[ItemId] = set()
    while True:
        due = store.history_backlog(tracker, clock.now(), BATCH + len(asked), places)
        handles = [handle for handle in due if handle.id not in asked][:BATCH]
        if not handles:
            return
        yield handles
        asked.update(handle.id for handle in handles)
