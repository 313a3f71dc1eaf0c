"""Opens the database and gives out transactions; every failure becomes a StoreError of one line."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from syncd.model.errors import StoreError
from syncd.store import migrations

BUSY_SECONDS = 30
"""How long to wait for another process that writes."""
_EXAMPLE = "sqlite:///var/syncd.db"
_WAL_TRIES = 20


class Database:
    """An open database: any number of readers, one writer at a time in this process."""

    def __init__(self, engine: Engine, path: Path | None) -> None:
        self.path = path
        self._name = str(path or "in memory")
        self._engine = engine
        self._writer = engine.execution_options(is_writing=True)
        self._lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database."""
        if self.path is None:  # in memory there is one connection: a reader must not meet a writer's transaction
            with self._lock, failing_as_one_line(self._name), self._engine.begin() as connection:
                yield connection
        else:
            with failing_as_one_line(self._name), self._engine.begin() as connection:
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a transaction that is committed at the end and rolled back by an exception."""
        with self._lock, failing_as_one_line(self._name), self._writer.begin() as connection:
            yield connection

    def write_ahead(self) -> None:
        """Switch the file to a write-ahead log, so that readers and a writer don't wait for each other."""
        for _ in range(_WAL_TRIES):
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                pass
            finally:
                raw.close()
            # SQLite refuses to switch while another process does the same to a new file: wait for its turn to end.
            with self.write():
                pass

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_database(text: str) -> Database:
    """Open the database of a URL, make what is missing, and bring its tables up to date.

    Raises:
        StoreError: the URL is not one of ours, the file can't be used, or a newer syncd wrote it.
    """
    path = _path(text)
    if path is not None:
        _make_file(path)
    database = Database(_engine(path), path)
    try:
        if path is not None:
            with failing_as_one_line(str(path)):
                database.write_ahead()
        with database.read() as connection:
            is_current = migrations.is_current(connection)
        if not is_current:
            with database.write() as connection:
                migrations.upgrade(connection)
    except StoreError:
        database.close()
        raise
    return database


@contextmanager
def failing_as_one_line(name: str) -> Iterator[None]:
    """Turn what a database or a stored row can do wrong into a StoreError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
        if "locked" in reason:
            reason = f"another process has been writing to it for {BUSY_SECONDS} seconds"
        raise StoreError(f"store {name}: {reason}") from error
    except msgspec.DecodeError as error:
        raise StoreError(f"store {name}: a row was written by another version of syncd: {error}") from error


def _path(text: str) -> Path | None:
    """Return the file of a URL, None for one in memory."""
    try:
        url = make_url(text)
        kind = url.get_backend_name()
    except ArgumentError:
        raise StoreError(f"store: '{text}' is not a database URL; write {_EXAMPLE}") from None
    if kind == "postgresql":
        raise StoreError(f"store: PostgreSQL comes later; for now write {_EXAMPLE}")
    if kind != "sqlite" or url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise StoreError(f"store: no databases of kind '{url.drivername}'; write {_EXAMPLE}")
    if url.host or url.query or url.username:
        shown = url.render_as_string(hide_password=True)
        raise StoreError(f"store: '{shown}' is more than a path after three slashes; write {_EXAMPLE}")
    return None if url.database in (None, "", ":memory:") else Path(str(url.database)).absolute()


def _make_file(path: Path) -> None:
    """Make folder and file, for our eyes only: the store holds the text of issues."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        with path.open("r+b"):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"store {path}: can't be opened for writing: {reason}") from error


def _engine(path: Path | None) -> Engine:
    url = URL.create("sqlite", database=None if path is None else str(path))
    options = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    if path is None:
        engine = create_engine(url, connect_args=options, poolclass=StaticPool)
    else:
        engine = create_engine(url, connect_args=options, max_overflow=-1)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # Python's sqlite3 would begin transactions late, and not for DDL
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA page_size = 8192")  # items are of some kilobytes; only a new file listens
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: one that began as a reader could be refused whatever the timeout.
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
