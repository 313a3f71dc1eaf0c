"""The store as the rest of the program opens it."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syncd.model.errors import StoreError
from syncd.store.engine import Database, open_database
from syncd.store.workspace import WorkspaceStore


class Store:
    """One database with the rows of every workspace; threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sole = threading.Lock()

    def workspace(self, name: str) -> WorkspaceStore:
        """Return what belongs to one workspace."""
        return WorkspaceStore(self._database, name)

    @contextmanager
    def sole_writer(self) -> Iterator[None]:
        """Be the only one that writes to trackers from this store, as long as it lasts; a killed process holds nothing.

        Raises:
            StoreError: another process, or another thread of this one, is.
        """
        if not self._sole.acquire(blocking=False):
            raise StoreError("this process is already writing to the trackers from this store")
        try:
            with _locked(self._database.path):
                yield
        finally:
            self._sole.release()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()


@contextmanager
def _locked(path: Path | None) -> Iterator[None]:
    if path is None:  # nobody else can open it
        yield
        return
    lock = path.with_name(f"{path.name}.lock")
    try:
        file = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"store {path}: can't be locked: {(error.strerror or str(error)).lower()}") from error
    try:
        _take(file, path)
        yield
    finally:
        os.close(file)


def _take(file: int, path: Path) -> None:
    """Take the lock, which the system drops with the process."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(file, 20).decode(errors="replace").strip() or "of somebody"
        raise StoreError(
            f"store {path}: process {holder} is writing to the trackers from it; stop it or wait"
        ) from None
    os.ftruncate(file, 0)
    os.write(file, f"{os.getpid()}\n".encode())


def open_store(url: str) -> Store:
    """Open the store of a URL such as ``sqlite:///var/syncd.db``; makes the folder, brings the tables up to date.

    Raises:
        StoreError: in one line, what is wrong with the URL, the file, or its version.
    """
    return Store(open_database(url))
