"""The service: polls each tracker on its own, reconciles after what it read, applies, until it is told to stop."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from syncd.clock import Clock
from syncd.daemon.census import is_census_due, retry_problems, survey
from syncd.daemon.health import Readiness
from syncd.daemon.passes import Workspace, apply_pass, plan_pass, poll_tracker
from syncd.daemon.readback import read_back
from syncd.model.changes import Fate
from syncd.model.errors import TrackerError

CENSUS_CHECKS = 24
"""So often within the time between two censuses is looked whether one is due: restarts must not put it off."""
STALE_AFTER_POLLS = 5
"""A tracker that was not read for so many intervals is not ready."""


class Service:
    """Runs the passes of all workspaces on threads of one scheduler: no pass overlaps itself, none piles up."""

    def __init__(
        self, workspaces: Sequence[Workspace], clock: Clock, *, poll_every: timedelta, census_every: timedelta
    ) -> None:
        self._workspaces = workspaces
        self._clock = clock
        self._poll_every = poll_every
        self._census_every = census_every
        self._log = structlog.get_logger("syncd")
        self._read_at: dict[tuple[str, str], datetime] = {}
        self._errors: dict[tuple[str, str], str] = {}
        self._reconcile_locks = {workspace.name: threading.Lock() for workspace in workspaces}
        self._waiting_counts: dict[str, int] = {}
        self._due_at: dict[str, datetime] = {}
        tracker_count = sum(len(workspace.trackers) for workspace in workspaces)
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": {"type": "threadpool", "max_workers": 2 * tracker_count + len(workspaces)}},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin at once and go on by intervals."""
        now = self._clock.now()
        for workspace in self._workspaces:
            for name in workspace.trackers:
                label = f"{workspace.name}/{name}"
                self._scheduler.add_job(
                    self._poll,
                    "interval",
                    args=(workspace, name),
                    id=f"poll {label}",
                    next_run_time=now,
                    seconds=self._poll_every.total_seconds(),
                )
                self._scheduler.add_job(
                    self._census,
                    "interval",
                    args=(workspace, name),
                    id=f"census {label}",
                    next_run_time=now + self._poll_every,
                    seconds=max(self._poll_every, self._census_every / CENSUS_CHECKS).total_seconds(),
                )
        self._scheduler.start()

    def stop(self, grace: timedelta) -> bool:
        """Start no new pass and wait for what runs; False when something still ran at the end of ``grace``."""
        done = threading.Event()

        def finish() -> None:
            self._scheduler.shutdown(wait=True)
            done.set()

        threading.Thread(target=finish, name="stop", daemon=True).start()
        return done.wait(grace.total_seconds())

    def readiness(self) -> Readiness:
        """Tell each tracker's last good poll and what waits for review."""
        now = self._clock.now()
        limit = self._poll_every * STALE_AFTER_POLLS
        details: dict[str, object] = {}
        is_ready = True
        for workspace in self._workspaces:
            trackers: dict[str, object] = {}
            for name in sorted(workspace.trackers):
                read_at = self._read_at.get((workspace.name, name))
                is_ready &= read_at is not None and now - read_at <= limit
                trackers[name] = {
                    "read_at": read_at.isoformat() if read_at else None,
                    "error": self._errors.get((workspace.name, name)) or None,
                }
            details[workspace.name] = {
                "trackers": trackers,
                "waiting_for_review": self._waiting_counts.get(workspace.name, 0),
            }
        return Readiness(is_ready=is_ready, details={"workspaces": details})

    def _poll(self, workspace: Workspace, name: str) -> None:
        log = self._log.bind(workspace=workspace.name, tracker=name)
        try:
            polled = poll_tracker(workspace, name, self._clock)
        except Exception as error:  # the next interval tries again; one tracker's trouble is not another's
            self._errors[workspace.name, name] = f"{type(error).__name__}: {error}"
            log.exception("poll failed")
            return
        self._errors[workspace.name, name] = polled.error
        if polled.error:
            log.warning("tracker could not be read", error=polled.error)
        else:
            self._read_at[workspace.name, name] = self._clock.now()
        if polled.changed or polled.failures:
            log.info("tracker polled", rows=polled.row_count, changed=len(polled.changed), failed=len(polled.failures))
        if polled.changed or polled.failures or self._is_due(workspace):
            self._reconcile(workspace)

    def _is_due(self, workspace: Workspace) -> bool:
        """Say whether time alone, or a write whose fate is open, asks for a judgment; the first one is always due."""
        due_at = self._due_at.get(workspace.name)
        return due_at is None or due_at <= self._clock.now()

    def _reconcile(self, workspace: Workspace) -> None:
        if self._clock.wait(0):
            return
        log = self._log.bind(workspace=workspace.name)
        with self._reconcile_locks[workspace.name]:
            try:
                waits = self._read_back(workspace)
                judged = plan_pass(workspace, self._clock)
                self._due_at[workspace.name] = self._next_due(judged.reconciled.next_due, waits)
                self._waiting_counts[workspace.name] = len(judged.reconciled.waiting)
                if judged.reconciled.plan.changes:
                    counts = apply_pass(workspace, judged, self._clock).counts
                    log.info(
                        "plan applied",
                        plan=judged.reconciled.plan.id,
                        **{f.value: counts[f] for f in Fate if counts[f]},
                    )
            except TrackerError as error:
                log.warning("pass ended early", error=str(error))
            except Exception:  # the next poll reconciles again, from what is there then
                log.exception("pass failed")

    def _read_back(self, workspace: Workspace) -> list[timedelta]:
        """Settle lost writes as far as can be known; return when to look again."""
        waits = []
        for tracker in workspace.trackers.values():
            try:
                wait = read_back(tracker, workspace.store, self._clock)
            except TrackerError as error:
                self._log.warning("lost writes could not be looked for", tracker=tracker.name, error=str(error))
                wait = self._poll_every
            if wait is not None:
                waits.append(wait)
        return waits

    def _next_due(self, due_at: datetime | None, waits: Sequence[timedelta]) -> datetime:
        """Return when to judge again though nothing changed: at the latest after an hour, so that limits free up."""
        now = self._clock.now()
        return min([now + timedelta(hours=1), *([due_at] if due_at else []), *(now + wait for wait in waits)])

    def _census(self, workspace: Workspace, name: str) -> None:
        log = self._log.bind(workspace=workspace.name, tracker=name)
        tracker = workspace.trackers[name]
        try:
            retry_problems(tracker, workspace.store, self._clock)
            if not is_census_due(workspace.store, workspace.places_of(name), self._clock.now(), self._census_every):
                return
            log.info("census taken", gone=survey(tracker, workspace.store, self._clock))
        except TrackerError as error:
            log.warning("census not finished", error=str(error))
        except Exception:  # an unfinished census means nothing; the next one counts again
            log.exception("census failed")
