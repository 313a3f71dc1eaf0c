"""`syncd history`: reads what happened to items before syncd looked, to the end, for `backtest` and rules over time."""

from typing import TYPE_CHECKING

import typer

from syncd.cli.options import ConfigOption, Session, WorkspaceOption, open_session
from syncd.cli.text import counted, plain

if TYPE_CHECKING:
    from syncd.daemon.backfill import Backfilled

TOLD = 5
"""So many items whose history was not told are named; `syncd status` has the rest."""


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(history)


def history(config: ConfigOption = None, workspace: WorkspaceOption = None) -> None:
    """Read the trackers and what happened to their items in the past; goes on where it was interrupted."""
    from syncd.cli.passes import read_trackers

    with open_session(config, workspace) as session, session.store.sole_writer():
        all_read = read_trackers(session)
        if not (read_histories(session) and all_read):
            raise typer.Exit(3)


def read_histories(session: Session) -> bool:
    """Read what is not known of the past and say how far that came; False where something could not be told."""
    all_read = True
    for name in sorted(session.workspace.trackers):
        read = _read(session, name)
        untold = session.workspace.store.untold_histories(name, session.workspace.places_of(name))
        typer.echo(f"{name}: history of {read.done:,} of {counted(read.total, 'item')} known.")
        for handle, error in untold[:TOLD]:
            typer.echo(f"{handle.key}: {plain(error, 200)}", err=True)
            all_read = False
        if read.error:
            typer.echo(f"{read.error}; what was read is kept, and the next `syncd history` goes on", err=True)
            all_read = False
    return all_read


def _read(session: Session, name: str) -> "Backfilled":
    """Read one tracker's histories until nothing is due, a run gets no further, or it fails."""
    from syncd.cli.progress import progress_of
    from syncd.daemon.backfill import backfill

    workspace = session.workspace
    tracker, store, places = workspace.trackers[name], workspace.store, workspace.places_of(name)
    with progress_of("reading", "histories") as progress:
        done = -1
        while True:
            read = backfill(tracker, store, session.clock, places=places)
            progress(name, read.done)
            if read.error or not (read.failed_count or read.done > done):
                return read
            done = read.done
