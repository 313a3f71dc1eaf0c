"""The service: polls each tracker on its own, reconciles after what it read, applies, until it is told to stop."""

import logging
import threading
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta

import structlog
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from syncd.clock import Clock
from syncd.daemon.apply import Applied
from syncd.daemon.background import read_histories, take_census
from syncd.daemon.due import next_due
from syncd.daemon.health import Configured, Readiness
from syncd.daemon.passes import Workspace, apply_pass, plan_pass, poll_tracker
from syncd.daemon.readback import read_back
from syncd.daemon.resident import Resident
from syncd.model.changes import Fate
from syncd.model.errors import TrackerError
from syncd.model.reading import PlaceFailure

CENSUS_CHECKS = 24
"""So often within the time between two censuses is looked whether one is due: restarts must not put it off."""
STALE_AFTER_POLLS = 5
"""A tracker that was not read for so many intervals is not ready."""
BACKFILL_EVERY = timedelta(minutes=1)
"""A run asks in so many requests as a tracker's quota allows a minute."""
SPARE = 8
"""Threads for trackers that an edited configuration adds: a poll never waits for a history that is being read."""

# A poll that takes longer than its interval is no news: its next run is left out.
_scheduler_log = logging.getLogger("syncd.scheduler")
_scheduler_log.addHandler(logging.NullHandler())
_scheduler_log.propagate = False


class Service:
    """Runs the passes of all workspaces on threads of one scheduler: no pass overlaps itself, none piles up."""

    def __init__(
        self,
        workspaces: Sequence[Workspace],
        clock: Clock,
        *,
        poll_every: timedelta,
        census_every: timedelta,
        backfills: bool = False,
    ) -> None:
        self._workspaces = {workspace.name: workspace for workspace in workspaces}
        self._clock = clock
        self._poll_every = poll_every
        self._census_every = census_every
        self._backfills = backfills
        self._log = structlog.get_logger("syncd")
        self._read_at: dict[tuple[str, str], datetime] = {}
        self._errors: dict[tuple[str, str], str] = {}
        self._failures: dict[tuple[str, str], tuple[PlaceFailure, ...]] = {}
        self._warnings: dict[tuple[str, str], tuple[str, ...]] = {}
        self._residents: dict[str, Resident] = defaultdict(Resident)
        self._reconcile_locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._configured: Configured | None = None
        self._waiting_counts: dict[str, int] = {}
        self._pass_errors: dict[str, str] = {}
        self._due_at: dict[str, datetime] = {}
        self._asked: set[tuple[str, str]] = set()
        job_count = sum(len(self._kinds) * len(workspace.trackers) for workspace in workspaces)
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            logger=_scheduler_log,
            executors={"default": {"type": "threadpool", "max_workers": job_count + SPARE}},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin at once and go on by intervals."""
        for workspace in self._workspaces.values():
            for name in workspace.trackers:
                self._schedule(workspace.name, name)
        self._scheduler.start()

    def _schedule(self, workspace: str, tracker: str) -> None:
        now, later = self._clock.now(), self._clock.now() + self._poll_every
        checks = max(self._poll_every, self._census_every / CENSUS_CHECKS)
        jobs = [("poll", self._poll, now, self._poll_every), ("census", self._census, later, checks)]
        if self._backfills:
            jobs.append(("history", self._backfill, later, max(self._poll_every, BACKFILL_EVERY)))
        for kind, job, first, every in jobs:
            self._scheduler.add_job(
                job,
                "interval",
                args=(workspace, tracker),
                id=f"{kind} {workspace}/{tracker}",
                next_run_time=first,
                seconds=every.total_seconds(),
            )

    @property
    def _kinds(self) -> tuple[str, ...]:
        return ("poll", "census", "history") if self._backfills else ("poll", "census")

    @property
    def workspace_names(self) -> list[str]:
        """Return the names of the workspaces as they are configured now."""
        return sorted(self._workspaces)

    def replace(self, workspaces: Sequence[Workspace]) -> None:
        """Go on with the workspaces as they are configured now, from the next poll on."""
        named = {workspace.name: workspace for workspace in workspaces}
        before = {(name, tracker) for name, workspace in self._workspaces.items() for tracker in workspace.trackers}
        after = {(name, tracker) for name, workspace in named.items() for tracker in workspace.trackers}
        for workspace, tracker in sorted(before - after):
            for kind in self._kinds:
                with suppress(JobLookupError):  # a stop came first
                    self._scheduler.remove_job(f"{kind} {workspace}/{tracker}")
        with ExitStack() as locks:  # a pass that runs ends with what it began with
            for name in sorted(self._workspaces.keys() | named.keys()):
                locks.enter_context(self._reconcile_locks[name])
            for name in self._residents.keys() - named.keys():
                del self._residents[name]
            self._workspaces = named
            self._due_at.clear()
        for workspace, tracker in sorted(after - before):
            self._schedule(workspace, tracker)

    def tell_configured(self, configured: Configured) -> None:
        """Take in what came of reading the configuration, for /readyz."""
        self._configured = configured

    def stop(self, grace: timedelta) -> bool:
        """Start no new pass and wait for what runs; False when something still ran at the end of ``grace``."""
        if not self._scheduler.running:
            return True
        done = threading.Event()

        def finish() -> None:
            self._scheduler.shutdown(wait=True)
            done.set()

        threading.Thread(target=finish, name="stop", daemon=True).start()
        return done.wait(grace.total_seconds())

    def readiness(self) -> Readiness:
        """Tell each tracker's last good poll, what waits for review, and what keeps a workspace from being judged."""
        now = self._clock.now()
        limit = self._poll_every * STALE_AFTER_POLLS
        details: dict[str, object] = {}
        is_ready = True
        for workspace in self._workspaces.values():
            trackers: dict[str, object] = {}
            for name in sorted(workspace.trackers):
                read_at = self._read_at.get((workspace.name, name))
                is_ready &= read_at is not None and now - read_at <= limit
                trackers[name] = {
                    "read_at": read_at.isoformat() if read_at else None,
                    "error": self._errors.get((workspace.name, name)) or None,
                }
            failed = {"pass_error": error} if (error := self._pass_errors.get(workspace.name)) else {}
            is_ready &= not failed
            details[workspace.name] = {
                **failed,
                "trackers": trackers,
                "waiting_for_review": self._waiting_counts.get(workspace.name, 0),
            }
        told: dict[str, object] = {"workspaces": details}
        if self._configured is not None:
            told["configuration"] = self._configured.details
        return Readiness(is_ready=is_ready, details=told)

    def _poll(self, workspace_name: str, name: str) -> None:
        workspace = self._found(workspace_name, name)
        if workspace is None:
            return
        log = self._log.bind(workspace=workspace.name, tracker=name)
        key = (workspace.name, name)
        try:
            polled = poll_tracker(workspace, name, self._clock)
        except Exception as error:  # the next interval tries again; one tracker's trouble is not another's
            self._errors[key] = f"{type(error).__name__}: {error}"
            log.exception("poll failed")
            return
        finally:
            self._asked.add(key)
        self._errors[key] = polled.error
        if polled.error:
            log.warning("tracker could not be read", error=polled.error)
        else:
            self._read_at[key] = self._clock.now()
        if polled.warnings != self._warnings.get(key, ()):
            for warning in polled.warnings:
                log.warning("tracker could not be asked everything", warning=warning)
        self._warnings[key] = polled.warnings
        # A place that fails again and again is no news, one that can be read again is.
        known, self._failures[key] = self._failures.get(key, ()), polled.failures
        is_news = bool(polled.changed) or polled.failures != known
        for failure in [] if polled.error else [each for each in polled.failures if each not in known]:
            log.warning("place could not be read", place=failure.place.key, error=failure.error)
        if is_news:
            log.info("tracker polled", rows=polled.row_count, changed=len(polled.changed), failed=len(polled.failures))
        if is_news or self._is_due(workspace):
            self._reconcile(workspace_name)

    def _found(self, workspace: str, tracker: str) -> Workspace | None:
        """Return a workspace with a tracker; None where an edit took one of them away since the job was begun."""
        found = self._workspaces.get(workspace)
        return found if found is not None and tracker in found.trackers else None

    def _is_due(self, workspace: Workspace) -> bool:
        """Say whether time alone, or a write whose fate is open, asks for a judgment; the first one is always due."""
        due_at = self._due_at.get(workspace.name)
        return due_at is None or due_at <= self._clock.now()

    def _is_up_to_date(self, workspace: Workspace) -> bool:
        """Say whether every tracker was asked since the start: what was read before it may be long out of date.

        A tracker that was never read is not waited for: nothing is known of its places, and nothing is judged there.
        """
        missing = {name for name in workspace.trackers if (workspace.name, name) not in self._asked}
        states = workspace.store.place_states() if missing else {}
        return not any(state.read_at and place.tracker in missing for place, state in states.items())

    def _reconcile(self, workspace_name: str) -> None:
        if self._clock.wait(0):
            return
        log = self._log.bind(workspace=workspace_name)
        with self._reconcile_locks[workspace_name]:
            workspace = self._workspaces.get(workspace_name)
            if workspace is None:
                return
            try:
                if self._is_up_to_date(workspace):
                    self._due_at.pop(workspace.name, None)  # until it has gone well it is due
                    self._pass(workspace, log)
                    self._pass_errors.pop(workspace.name, None)
            except TrackerError as error:
                log.warning("pass ended early", error=str(error))
            except Exception as error:  # the next poll reconciles again, from what is there then
                self._pass_errors[workspace.name] = f"{type(error).__name__}: {error}"
                log.exception("pass failed")

    def _pass(self, workspace: Workspace, log: structlog.typing.FilteringBoundLogger) -> None:
        began_at = self._clock.now()  # a pass that took long does not put off what it found
        waits = self._read_back(workspace)
        judged = plan_pass(workspace, self._clock, resident=self._residents[workspace.name])
        plan = judged.reconciled.plan
        self._waiting_counts[workspace.name] = len(judged.reconciled.waiting)
        applied = Applied(results=())
        if plan.changes:
            applied = apply_pass(workspace, judged, self._clock)
            log.info("plan applied", plan=plan.id, **{f.value: applied.counts[f] for f in Fate if applied.counts[f]})
            failed = next((each for each in applied.results if each.fate is not Fate.APPLIED), None)
            if failed is not None:
                log.warning("some changes were not made", item=failed.change.key, reason=failed.detail)
        self._due_at[workspace.name] = next_due(began_at, judged, applied, waits)

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

    def _census(self, workspace_name: str, name: str) -> None:
        workspace = self._found(workspace_name, name)
        if workspace is not None and take_census(workspace, name, self._clock, self._census_every):
            self._reconcile(workspace_name)

    def _backfill(self, workspace_name: str, name: str) -> None:
        workspace = self._found(workspace_name, name)
        if workspace is not None and read_histories(workspace, name, self._clock):
            self._reconcile(workspace_name)
