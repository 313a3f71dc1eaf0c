"""Asks who reads where, and finds what is gone: what two counts in a row have missed is confirmed by id."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from adapters.contract import Tracker
from syncd.clock import Clock
from syncd.model.identity import Handle, PlaceId
from syncd.model.reading import Page, Sighting
from syncd.store import WorkspaceStore


def survey(tracker: Tracker, store: WorkspaceStore, clock: Clock) -> int:
    """Ask again who reads each place, count what exists, and return how many items were found gone.

    A stop ends it between two pages, and nothing follows from it.

    Raises:
        TrackerError: it could not be finished; nothing follows from it then.
    """
    store.save_probe(tracker.name, tracker.probe())
    return census(tracker, store, clock)


def census(tracker: Tracker, store: WorkspaceStore, clock: Clock) -> int:
    """Count every place of a tracker once and return how many items were found gone; a stop ends it.

    Raises:
        TrackerError: the count could not be finished; it means nothing then.
    """
    census_id = store.begin_census(tracker.name, clock.now())
    for page in tracker.census(""):
        store.record_census(census_id, page)
        if page.items:
            store.save_page(tracker.name, Page(observed_at=page.observed_at or clock.now(), items=page.items))
        if clock.wait(0):
            return 0
    candidates = store.finish_census(census_id, clock.now())
    found = list(tracker.read(candidates)) if candidates else []
    gone = [sighting.handle.id for sighting in found if sighting.gone]
    store.mark_gone(gone, clock.now())
    _save_found(tracker, store, found, clock)
    return len(gone)


def is_census_due(store: WorkspaceStore, places: Iterable[PlaceId], now: datetime, every: timedelta) -> bool:
    """Say whether a place that was read whole has not been counted for ``every``."""
    states = store.place_states()
    known = [states[place] for place in places if place in states]
    return any(state.imported_at and (state.census_at is None or now - state.census_at >= every) for state in known)


def retry_problems(tracker: Tracker, store: WorkspaceStore, clock: Clock) -> None:
    """Read again, by id, the items that were set aside; one that is not there and never was read is forgotten.

    Raises:
        TrackerError: the tracker can't be read; they stay set aside.
    """
    handles: list[Handle] = [
        problem.handle for problem in store.problems() if problem.handle.id.tracker == tracker.name
    ]
    if handles:
        found = list(tracker.read(handles))
        ids = [sighting.handle.id for sighting in found if sighting.gone]
        store.mark_gone([each for each in ids if store.item(each) is None], clock.now())
        _save_found(tracker, store, found, clock)


def _save_found(tracker: Tracker, store: WorkspaceStore, sightings: Iterable[Sighting], clock: Clock) -> None:
    items = tuple(sighting.item for sighting in sightings if sighting.item is not None)
    if items:
        store.save_page(tracker.name, Page(observed_at=clock.now(), items=items))
