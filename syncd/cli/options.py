"""Options that many commands share, and the session that they open."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

if TYPE_CHECKING:
    from syncd.clock import Clock
    from syncd.configuration import Configuration, WorkspaceFiles
    from syncd.daemon.passes import Workspace
    from syncd.model.items import Stage
    from syncd.store import Store

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Folder of the configuration; else SYNCD_CONFIG, else config/.", show_default=False),
]
WorkspaceOption = Annotated[
    str | None, typer.Option("--workspace", help="Which workspace, where there are several.", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StageOption = Annotated[
    str | None,
    typer.Option("--stage", help="Try another stage: off, report, labels or comment.", show_default=False),
]


class Session(msgspec.Struct, frozen=True):
    """A configuration that was read, and one workspace of it that is ready to run."""

    configuration: "Configuration"
    files: "WorkspaceFiles"
    workspace: "Workspace"
    store: "Store"
    clock: "Clock"


def read_configuration(config: Path | None, env: Mapping[str, str] | None = None) -> "Configuration":
    """Read and check the configuration that was asked for; raises ConfigErrors. ``env``: else the process's."""
    import os

    from syncd.configuration import config_folder, load_configuration

    env = os.environ if env is None else env
    return load_configuration(config_folder(config, env), env)


@contextmanager
def open_session(
    config: Path | None,
    workspace: str | None,
    clock: "Clock | None" = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[Session]:
    """Open the store and connect one workspace to its trackers; nothing is sent yet. ``env``: else the process's."""
    from adapters.transport import Transport
    from syncd.bootstrap import ready_workspaces
    from syncd.clock import SystemClock
    from syncd.store import open_store

    configuration = read_configuration(config, env)
    files = configuration.workspace(workspace)
    clock = clock or SystemClock()
    store = open_store(configuration.settings.store)
    try:
        (ready,) = ready_workspaces(configuration, [files], store, clock, Transport(clock), env)
        yield Session(configuration, files, ready, store, clock)
    finally:
        store.close()


@contextmanager
def open_offline(config: Path | None, workspace: str | None) -> Iterator[Session]:
    """Open the store alone: for what needs no tracker, and so no token."""
    from syncd.bootstrap import charter_of
    from syncd.clock import SystemClock
    from syncd.daemon.passes import Workspace
    from syncd.store import open_store

    configuration = read_configuration(config)
    files = configuration.workspace(workspace)
    store = open_store(configuration.settings.store)
    try:
        charter = charter_of(files, configuration.settings)
        rows = store.workspace(files.name)
        ready = Workspace(name=files.name, charter=charter, trackers={}, store=rows)
        yield Session(configuration, files, ready, store, SystemClock())
    finally:
        store.close()


def stage_of(text: str | None) -> "Stage | None":
    """Return the stage that was asked for; raises BadParameter with what is allowed."""
    from syncd.model.items import Stage

    if text is None:
        return None
    try:
        return Stage[text.upper()]
    except KeyError:
        allowed = ", ".join(stage.name.lower() for stage in Stage)
        raise typer.BadParameter(f"read '{text}'; expected one of {allowed}", param_hint="--stage") from None
