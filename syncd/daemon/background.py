"""What the service does between polls: counts what exists, and reads what happened before it looked."""

from datetime import timedelta

import structlog

from syncd.clock import Clock
from syncd.daemon.backfill import backfill
from syncd.daemon.census import is_census_due, retry_problems, survey
from syncd.daemon.passes import Workspace
from syncd.model.errors import TrackerError


def take_census(workspace: Workspace, name: str, clock: Clock, every: timedelta) -> bool:
    """Count what exists where that is due; True where it was counted, so that it is judged anew."""
    log = _log(workspace, name)
    tracker = workspace.trackers[name]
    try:
        retry_problems(tracker, workspace.store, clock)
        if not is_census_due(workspace.store, workspace.places_of(name), clock.now(), every):
            return False
        log.info("census taken", gone=survey(tracker, workspace.store, clock))
    except TrackerError as error:
        log.warning("census not finished", error=str(error))
        return False
    except Exception:  # an unfinished census means nothing; the next one counts again
        log.exception("census failed")
        return False
    # A place that others read now may have a comment that is none of their business.
    return True


def read_histories(workspace: Workspace, name: str, clock: Clock) -> bool:
    """Read some of what trackers tell of the past; True where nothing is due any more, so that it is judged anew."""
    log = _log(workspace, name)
    store, places = workspace.store, workspace.places_of(name)
    try:
        if not store.history_backlog(name, clock.now(), 1, places):
            return False
        read = backfill(workspace.trackers[name], store, clock, places=places)
        is_last = not store.history_backlog(name, clock.now(), 1, places)
    except Exception:  # what was read is stored; the next run goes on from there
        log.exception("histories could not be read")
        return False
    if read.is_waiting:
        log.info("histories wait", reason=read.error)
    elif read.error:
        log.warning("histories could not be read", error=read.error)
    if read.told_count:
        log.info("histories read", told=read.told_count, done=read.done, total=read.total)
    return is_last and bool(read.told_count)  # what can't be told is due again in a day and keeps nobody waiting


def _log(workspace: Workspace, name: str) -> structlog.typing.FilteringBoundLogger:
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger("syncd")
    return log.bind(workspace=workspace.name, tracker=name)
