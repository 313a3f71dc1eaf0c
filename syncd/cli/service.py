"""`syncd run`: the service, until it is told to stop."""

import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from syncd.cli.options import ConfigOption, WorkspaceOption, read_configuration

if TYPE_CHECKING:
    from syncd.bootstrap import Workshop
    from syncd.clock import Clock
    from syncd.configuration import Configuration, WorkspaceFiles
    from syncd.daemon.passes import Workspace
    from syncd.daemon.reload import Reloader
    from syncd.daemon.service import Service
    from syncd.store import Store

FIXED = ("installation", "store", "prefix", "http", "poll", "history", "logs")
"""Settings that a running process keeps."""
GRACE = timedelta(seconds=7)
"""How long a stop waits for the batch in flight: an orchestrator kills after ten seconds, and the rest takes some."""
RELOAD_GRACE = timedelta(seconds=1)
"""And how long after that for an edit that is being read."""


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(run)


def run(config: ConfigOption = None, workspace: WorkspaceOption = None) -> None:
    """Poll, reconcile and apply again and again; serve /healthz and /readyz. SIGTERM ends it within ten seconds."""
    import os

    import structlog

    from syncd.clock import SystemClock
    from syncd.configuration import config_folder
    from syncd.daemon.health import HealthServer, health_app
    from syncd.daemon.reload import contents
    from syncd.logs import configure_logs
    from syncd.store import open_store

    seen = contents(config_folder(config, os.environ))  # before it is read: what is edited in between is an edit
    configuration = read_configuration(config)
    settings = configuration.settings
    configure_logs(settings.logs.level, settings.logs.format)
    log = structlog.get_logger("syncd")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # In a thread of its own: this one may be holding the event's lock when the signal comes.
        signal.signal(number, lambda *_: threading.Thread(target=stop.set).start())
    clock = SystemClock(stop)
    store = open_store(settings.store)
    try:
        with store.sole_writer():
            service, reloader = _service(configuration, workspace, store, clock, seen)
            health = HealthServer(health_app(service.readiness), settings.http.host, settings.http.port)
            health.start()
            service.start()
            reloader.start()
            log.info("service started", listen=health.address, workspaces=service.workspace_names)
            while not stop.wait(1):
                pass  # a signal that comes just before an endless wait would never be seen
            reloader.stop()
            finished = service.stop(GRACE) and reloader.ended(RELOAD_GRACE)
            health.stop()
            log.info("service stopped", finished=finished)
    finally:
        store.close()
    if not finished:
        # A thread that hangs in a request must not keep the process: what it did is read back at the next start.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _service(
    configuration: "Configuration", workspace: str | None, store: "Store", clock: "Clock", seen: str
) -> "tuple[Service, Reloader]":
    """Return the service over the chosen workspaces, and what keeps its configuration as the files are."""
    import os

    from adapters.transport import Transport
    from syncd.bootstrap import Workshop
    from syncd.daemon.reload import Reloader
    from syncd.daemon.service import Service

    settings = configuration.settings
    workshop = Workshop(store, clock, Transport(clock), os.environ)
    workspaces = workshop.ready(configuration, _chosen(configuration, workspace))
    service = Service(
        workspaces,
        clock,
        poll_every=settings.poll.interval,
        census_every=settings.poll.census,
        backfills=settings.history.backfill,
    )
    load = _loading(configuration, workspace, workshop)
    return service, Reloader(configuration.folder, load, service, workspaces, clock, seen)


def _chosen(configuration: "Configuration", workspace: str | None) -> "list[WorkspaceFiles]":
    return [configuration.workspace(workspace)] if workspace else list(configuration.workspaces)


def _loading(first: "Configuration", workspace: str | None, workshop: "Workshop") -> "Callable[[], list[Workspace]]":
    """Return what reads the configuration again; what holds for the life of the process stays as it was first."""
    import structlog
    from msgspec.structs import replace

    from syncd.configuration import load_configuration

    def load() -> "list[Workspace]":
        found = load_configuration(first.folder)
        kept = {name: getattr(first.settings, name) for name in FIXED}
        if edited := [name for name in FIXED if getattr(found.settings, name) != kept[name]]:
            structlog.get_logger("syncd").warning("these settings take effect at the next start", settings=edited)
        found = replace(found, settings=found.settings.model_copy(update=kept))
        return workshop.ready(found, _chosen(found, workspace))

    return load
