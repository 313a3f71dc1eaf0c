"""The one bulk upsert: unchanged rows are not rewritten, older observations ignored, many rows are one statement."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Dialect, Table, and_, case, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgreSQLInsert
from sqlalchemy.dialects.sqlite import Insert as SQLiteInsert
from sqlalchemy.sql.base import ReadOnlyColumnCollection

Columns = ReadOnlyColumnCollection[str, Any]
Guard = Callable[[Columns, Columns], ColumnElement[bool]]
Insert = SQLiteInsert | PostgreSQLInsert


class Upsert(msgspec.Struct, frozen=True, kw_only=True):
    """How rows of a table meet the rows that are there.

    ``differs``: the column whose equality means that there is nothing to write. ``newer``: columns that, compared in
    order, must be greater than what is there. ``guard``: a further condition over (what is there, what comes).
    ``kept`` columns stay as they were first written, ``earliest`` ones take the smaller value.
    """

    table: Table
    differs: str = ""
    newer: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    earliest: tuple[str, ...] = ()
    guard: Guard | None = None

    def statement(self, dialect: str) -> Insert:
        """Return the statement for a dialect by its name; its parameters are all columns in order."""
        insert: Insert = postgresql.insert(self.table) if dialect == "postgresql" else sqlite.insert(self.table)
        there, coming = self.table.c, insert.excluded
        keys = [column.name for column in self.table.primary_key]
        names = [column.name for column in self.table.columns if column.name not in (*keys, *self.kept)]
        taken: dict[str, ColumnElement[object]] = {name: coming[name] for name in names}
        for name in self.earliest:
            taken[name] = case((coming[name] < there[name], coming[name]), else_=there[name])
        if not taken:
            return insert.on_conflict_do_nothing(index_elements=keys)
        guards = [there[self.differs] != coming[self.differs]] if self.differs else []
        if self.newer:
            is_newer = tuple_(*(coming[n] for n in self.newer)) > tuple_(*(there[n] for n in self.newer))
            guards.append(is_newer)
        if self.guard is not None:
            guards.append(self.guard(there, coming))
        return insert.on_conflict_do_update(index_elements=keys, set_=taken, where=and_(*guards) if guards else None)

    def sql(self, dialect: Dialect) -> str:
        """Return the statement as the driver takes it, compiled once."""
        key = (self, dialect.name)
        if key not in _compiled:
            _compiled[key] = str(self.statement(dialect.name).compile(dialect=dialect))
        return _compiled[key]


_compiled: dict[tuple[Upsert, str], str] = {}


def bulk_upsert(connection: Connection, upsert: Upsert, rows: Sequence[tuple[object, ...]]) -> None:
    """Write rows, each a tuple of all columns in the table's order."""
    if rows:
        # Past SQLAlchemy's handling of parameters, which costs more than the insert itself.
        connection.exec_driver_sql(upsert.sql(connection.dialect), list(rows))
