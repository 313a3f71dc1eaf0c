"""Small things every part of the store does with rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, select

from syncd.store.tables import sequences
from syncd.store.upsert import Upsert, bulk_upsert


def all_of(table: Table, *key: object) -> list[ColumnElement[bool]]:
    """Return the conditions that a table's key begins with these values."""
    return [column == value for column, value in zip(table.primary_key.columns, key, strict=False)]


def bodies(connection: Connection, table: Table, *key: object, where: ColumnElement[bool] | None = None) -> list[bytes]:
    """Return the bodies of the rows whose key begins with these values, in the key's order."""
    statement = select(table.c.body).where(*all_of(table, *key)).order_by(*table.primary_key.columns)
    return list(connection.scalars(statement if where is None else statement.where(where)))


def driver_rows(
    connection: Connection, statement: Select[Any], given: Mapping[str, object] | None = None
) -> Iterator[tuple[Any, ...]]:
    """Run a query and yield the driver's own rows: for a hundred thousand, SQLAlchemy's cost more than the reading."""
    cursor = connection.execute(statement, given).cursor
    while rows := cursor.fetchmany(_ROW_COUNT) if cursor is not None else ():
        yield from rows


_ROW_COUNT = 1000
SEQUENCES = Upsert(table=sequences)


def next_numbers(connection: Connection, workspace_id: str, name: str, count: int = 1) -> range:
    """Give out the next numbers of a kind; none is ever given twice."""
    last = connection.scalar(select(sequences.c.last).where(*all_of(sequences, workspace_id, name)).with_for_update())
    begin = (last or 0) + 1
    bulk_upsert(connection, SEQUENCES, [(workspace_id, name, begin + count - 1)])
    return range(begin, begin + count)
