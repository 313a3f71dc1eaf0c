"""When a workspace is judged again though nothing changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from syncd.daemon.apply import Applied
from syncd.daemon.readback import SERVER_TIMEOUT
from syncd.daemon.reconcile import Judged
from syncd.model.changes import Fate, Result

LONGEST_QUIET = timedelta(hours=1)
"""So often is judged though nothing changed: limits free up."""
_UNFINISHED = (Fate.UNKNOWN, Fate.DEFERRED, Fate.STALE)


def _due_after(result: Result, now: datetime) -> datetime:
    """Return when to come back to a change that was not made, or whose answer was lost."""
    return now + SERVER_TIMEOUT if result.fate is Fate.UNKNOWN else result.until or now


def next_due(began_at: datetime, judged: Judged, applied: Applied, waits: Iterable[timedelta]) -> datetime:
    """Return when to judge again though nothing changed."""
    dues = [began_at + LONGEST_QUIET, *(began_at + wait for wait in waits)]
    dues += [_due_after(result, began_at) for result in applied.results if result.fate in _UNFINISHED]
    if judged.reconciled.next_due is not None:
        dues.append(judged.reconciled.next_due)
    if applied.stopped or judged.reconciled.to_observe:
        dues.append(began_at)
    return min(dues)
