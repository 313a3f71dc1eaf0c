"""The first step of a pass: read what changed in a tracker, store it, and look at our comments there."""

from collections.abc import Callable, Iterable

import msgspec

from adapters.contract import Tracker
from syncd.clock import Clock
from syncd.model.errors import TrackerError
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.reading import Page, PlaceFailure
from syncd.store import WorkspaceStore

Progress = Callable[[str, int], None]
"""Told the tracker's name and how many items were read so far."""


class Polled(msgspec.Struct, frozen=True, kw_only=True):
    """What one poll brought: rows read, items that are new or differ, places and items that could not be read, and what
    could not be asked.
    """

    tracker: str
    row_count: int
    changed: tuple[ItemId, ...]
    failures: tuple[PlaceFailure, ...]
    problem_count: int
    error: str = ""
    warnings: tuple[str, ...] = ()


def poll(
    tracker: Tracker,
    store: WorkspaceStore,
    places: Iterable[PlaceId],
    clock: Clock,
    progress: Progress | None = None,
) -> Polled:
    """Read everything that changed since the last poll, page by page, and observe our comments on what changed.

    A tracker that can't be read makes its places dark and loses nothing: the cursor stays where the last whole page
    left it. A stop ends it between two pages.
    """
    row_count, set_aside = 0, set[ItemId]()
    changed: dict[ItemId, None] = {}
    failures: list[PlaceFailure] = []
    warnings: dict[str, None] = {}
    try:
        for page in tracker.poll(store.cursor(tracker.name)):
            saved = store.save_page(tracker.name, page)
            changed.update(dict.fromkeys(saved.changed))
            row_count += len(page.items)
            set_aside.update(problem.handle.id for problem in page.problems)  # a poll may meet an item twice
            failures.extend(page.failures)
            warnings.update(dict.fromkeys(page.warnings))
            if progress is not None:
                progress(tracker.name, row_count)
            if clock.wait(0):
                break
        else:
            # Also what an earlier poll stored and then could not look at.
            observe(tracker, store, {**changed, **dict.fromkeys(store.unobserved(tracker.name))})
    except TrackerError as error:
        failures = [PlaceFailure(place, error.message) for place in places]
        store.save_page(tracker.name, Page(observed_at=clock.now(), failures=tuple(failures)))
        return _polled(tracker.name, row_count, changed, failures, len(set_aside), str(error))
    polled = _polled(tracker.name, row_count, changed, failures, len(set_aside), "")
    return msgspec.structs.replace(polled, warnings=tuple(warnings))


def _polled(
    tracker: str,
    row_count: int,
    changed: Iterable[ItemId],
    failures: Iterable[PlaceFailure],
    problem_count: int,
    error: str,
) -> Polled:
    return Polled(
        tracker=tracker,
        row_count=row_count,
        changed=tuple(changed),
        failures=tuple(failures),
        problem_count=problem_count,
        error=error,
    )


def observe(tracker: Tracker, store: WorkspaceStore, ids: Iterable[ItemId], *, always: bool = False) -> None:
    """Read our comments on those of the items that carry one and changed after our own last write; ``always``: on
    all.
    """
    ids = tuple(ids)
    if not ids:
        return
    ownership = store.ownership()
    handles, known = [], {}
    for item_id in ids:
        owned = ownership.get(item_id)
        item = store.item(item_id) if always or (owned is not None and owned.comment is not None) else None
        if item is None:
            continue
        # Our own write bumps `updated` too: a row no newer than our stamp has nothing new to show.
        is_echo = owned is not None and owned.written_at is not None and item.updated_at <= owned.written_at
        if is_echo and not always:
            continue
        handles.append(Handle(item_id, item.key))
        if owned is not None and owned.comment is not None:
            known[item_id] = owned.comment.comment_id
    if handles:
        store.save_observations(tracker.observe(handles, known).values())
