"""Takes an edited configuration over while the service runs: a bad one is refused, a good one says what it changes."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import structlog
import watchfiles

from syncd.clock import Clock
from syncd.daemon.edits import edit_of, told_of
from syncd.daemon.health import Configured
from syncd.daemon.passes import Workspace
from syncd.daemon.service import Service
from syncd.model.errors import ConfigError, ConfigErrors

LOOK_EVERY = timedelta(seconds=10)
"""So often is looked without being told: some file systems tell nothing, and a folder may be a link elsewhere."""
SETTLE = timedelta(milliseconds=300)
"""Editors and deployments write several files one after the other: only when they have been still for so long …"""
RESTLESS = timedelta(seconds=5)
"""… or have gone on for so long is read what they wrote."""
LOOKS_UNWATCHED = 60
"""So often is looked before it is tried again to be told."""
TOLD_ERRORS = 20
_READ = (".yaml", ".yml", ".csv")
_DEEPEST = 5

Load = Callable[[], Sequence[Workspace]]
"""Reads the configuration anew; raises ConfigErrors."""


class Reloader:
    """Watches a configuration folder for as long as the service runs.

    Files are compared by what is in them, so that it does not matter how they came: written in place, renamed over by
    an editor, or swapped behind a symbolic link as a ConfigMap is. ``seen``: the contents that the workspaces were read
    from, taken before they were.
    """

    def __init__(
        self,
        folder: Path,
        load: Load,
        service: Service,
        workspaces: Sequence[Workspace],
        clock: Clock,
        seen: str = "",
    ) -> None:
        self._folder = folder
        self._load = load
        self._service = service
        self._workspaces = {workspace.name: workspace for workspace in workspaces}
        self._clock = clock
        self._seen = seen or contents(folder)
        self._log = structlog.get_logger("syncd")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="reload", daemon=True)
        self._read_at = clock.now()
        service.tell_configured(Configured(read_at=self._read_at))

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; returns at once, an edit that is being read takes no effect any more."""
        self._stop.set()

    def ended(self, patience: timedelta) -> bool:
        """Return whether nothing of it runs any more, within so long after a stop."""
        self._thread.join(patience.total_seconds())
        return not self._thread.is_alive()

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                for _ in self._changes():
                    self._look()
            except (OSError, RuntimeError) as error:  # the system gives out no more watches, say
                self._log.warning("the configuration could not be watched", error=f"{type(error).__name__}: {error}")
                self._look_by_the_clock()

    def _look_by_the_clock(self) -> None:
        for _ in range(LOOKS_UNWATCHED):
            if self._stop.wait(LOOK_EVERY.total_seconds()):
                return
            self._look()

    def _look(self) -> None:
        log = self._log
        try:
            self.look()
        except Exception:  # what is wrong with the files must not end what goes on with the last good ones
            log.exception("the configuration could not be taken over")

    def _changes(self) -> Iterator[object]:
        """Yield whenever something may have changed."""
        return watchfiles.watch(
            self._folder,
            watch_filter=None,
            debounce=int(RESTLESS.total_seconds() * 1000),
            step=int(SETTLE.total_seconds() * 1000),
            rust_timeout=int(LOOK_EVERY.total_seconds() * 1000),
            yield_on_timeout=True,
            stop_event=self._stop,
            raise_interrupt=False,
        )

    def look(self) -> None:
        """Take over what is in the files, if that is not what was read last, and if it is right."""
        log, found = self._log, contents(self._folder)
        if found == self._seen:
            return
        self._seen = found
        try:
            workspaces = self._load()
        except (ConfigError, ConfigErrors) as error:
            self._refuse(str(error).splitlines())
            return
        except Exception as error:  # the files are at fault all the same: what is wrong with them must be seen
            log.exception("configuration could not be read")
            self._refuse([f"{type(error).__name__}: {error}"])
            return
        for workspace in workspaces:
            self._tell(workspace)
        for name in sorted(self._workspaces.keys() - {workspace.name for workspace in workspaces}):
            log.info("workspace removed", workspace=name)
        if self._stop.is_set():
            return
        self._service.replace(workspaces)
        self._workspaces = {workspace.name: workspace for workspace in workspaces}
        self._read_at = self._clock.now()
        self._service.tell_configured(Configured(read_at=self._read_at))

    def _refuse(self, errors: Sequence[str]) -> None:
        told = tuple(errors[:TOLD_ERRORS])
        self._log.error("configuration refused, the last good one stays", errors=told, count=len(errors))
        self._service.tell_configured(Configured(read_at=self._read_at, errors=told))

    def _tell(self, workspace: Workspace) -> None:
        """Say what an edit changes before it takes effect."""
        log = self._log.bind(workspace=workspace.name)
        before = self._workspaces.get(workspace.name)
        if before is None:
            log.info("workspace added")
            return
        try:
            edit = edit_of(before.charter, workspace.charter, workspace.store, self._clock.now())
        except Exception:  # it takes effect all the same: the next pass judges by it
            log.exception("what the edit changes could not be worked out")
            return
        log.info("configuration edited", **told_of(edit))


def contents(folder: Path) -> str:
    """Return a digest of all files that a configuration is read from."""
    digest = hashlib.sha256()
    for path in sorted(_files(folder)):
        try:
            content = path.read_bytes()
        except OSError:
            content = b"\0"  # gone or not readable: that is a state like another
        digest.update(f"{path}\0{len(content)}\0".encode(errors="replace") + content)
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files that are read, those behind symbolic links too; a link that leads back is not followed."""
    for name, folders, names in os.walk(folder, followlinks=True):
        where = Path(name)
        depth = len(where.relative_to(folder).parts)
        if any(_is_same(where, above) for above in where.parents[:depth]):
            folders.clear()
            continue
        folders[:] = sorted(each for each in folders if depth < _DEEPEST and not each.startswith("."))
        yield from (where / each for each in names if each.endswith(_READ) and not each.startswith("."))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
