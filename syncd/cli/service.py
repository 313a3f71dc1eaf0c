"""`syncd run`: the service, until it is told to stop."""

import signal
import sys
import threading
from datetime import timedelta

import typer

from syncd.cli.options import ConfigOption, WorkspaceOption, read_configuration

GRACE = timedelta(seconds=8)
"""How long a stop waits for the batch in flight: an orchestrator kills after ten seconds, and the rest takes some."""


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(run)


def run(config: ConfigOption = None, workspace: WorkspaceOption = None) -> None:
    """Poll, reconcile and apply again and again; serve /healthz and /readyz. SIGTERM ends it within ten seconds."""
    import structlog

    from adapters.transport import Transport
    from syncd.bootstrap import ready_workspaces
    from syncd.clock import SystemClock
    from syncd.daemon.health import HealthServer, health_app
    from syncd.daemon.service import Service
    from syncd.logs import configure_logs
    from syncd.store import open_store

    configuration = read_configuration(config)
    settings = configuration.settings
    configure_logs(settings.logs.level, settings.logs.format)
    log = structlog.get_logger("syncd")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # In a thread of its own: this one may be holding the event's lock when the signal comes.
        signal.signal(number, lambda *_: threading.Thread(target=stop.set).start())
    chosen = [configuration.workspace(workspace)] if workspace else list(configuration.workspaces)
    clock = SystemClock(stop)
    store = open_store(settings.store)
    try:
        with store.sole_writer():
            workspaces = ready_workspaces(configuration, chosen, store, clock, Transport(clock))
            service = Service(workspaces, clock, poll_every=settings.poll.interval, census_every=settings.poll.census)
            health = HealthServer(health_app(service.readiness), settings.http.host, settings.http.port)
            health.start()
            service.start()
            log.info("service started", listen=health.address, workspaces=[each.name for each in workspaces])
            while not stop.wait(1):
                pass  # a signal that comes just before an endless wait would never be seen
            finished = service.stop(GRACE)
            health.stop()
            log.info("service stopped", finished=finished)
    finally:
        store.close()
    if not finished:
        # A thread that hangs in a request must not keep the process: what it did is read back at the next start.
        sys.stdout.flush()
        sys.stderr.flush()
        import os

        os._exit(0)
