"""How far the histories of a tracker's items are read: lines of `syncd status`, and the same for machines."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from syncd.cli.text import counted, plain

if TYPE_CHECKING:
    from syncd.model.identity import PlaceId
    from syncd.store import WorkspaceStore


def history_lines(
    store: "WorkspaceStore", tracker: str, now: datetime, places: "Collection[PlaceId] | None" = None
) -> Iterator[str]:
    """Yield what is left to read of a tracker's histories, in its places; nothing where all are known."""
    from syncd.daemon.backfill import time_left

    done, total = store.backfill_progress(tracker, places)
    untold = store.untold_histories(tracker, places)
    if done + len(untold) < total:
        left = time_left(store, tracker, now, places)
        rest = f"about {_span(left)} left" if left else "`syncd run` or `syncd history` reads the rest"
        yield f"history of {done:,} of {counted(total, 'item')} read; {rest}"
    if untold:
        handle, error = untold[0]
        yield f"{counted(len(untold), 'history', 'histories')} not told, such as {handle.key}: {plain(error, 80)}"


def history_document(
    store: "WorkspaceStore", tracker: str, now: datetime, places: "Collection[PlaceId] | None" = None
) -> dict[str, object]:
    """Return the same as numbers, and why which histories were not told."""
    from syncd.daemon.backfill import time_left

    done, total = store.backfill_progress(tracker, places)
    left = time_left(store, tracker, now, places) if done < total else None
    return {
        "items": total,
        "known": done,
        "seconds_left": round(left.total_seconds()) if left else None,
        "not_told": {handle.key: error for handle, error in store.untold_histories(tracker, places)},
    }


def _span(left: timedelta) -> str:
    minutes = max(1, round(left / timedelta(minutes=1)))
    return counted(minutes, "minute") if minutes < 120 else counted(round(minutes / 60), "hour")
