"""The SQL itself keeps the guards: on PostgreSQL two replicas may save one page at once."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from syncd.store.engine import open_database
from syncd.store.items import ITEMS
from syncd.store.upsert import bulk_upsert


@pytest.fixture
def connection() -> Iterator[Connection]:
    database = open_database("sqlite://")
    with database.write() as opened:
        yield opened
    database.close()


def row(title: str, *, updated: int = 5, observed: int = 5, first: int = 5, native_id: str = "1") -> tuple:
    body = title.encode()
    return ("default", "jira", native_id, "PAY-1", "PAY", updated, observed, first, None, None, body, body)


def stored(connection: Connection) -> list[tuple]:
    query = "SELECT body, updated_at, observed_at, first_seen_at, gone_at, written_at FROM items ORDER BY native_id"
    return [(row[0].decode(), *row[1:]) for row in connection.exec_driver_sql(query)]


def test_many_rows_are_written_at_once(connection: Connection):
    bulk_upsert(connection, ITEMS, [row("a", native_id="1"), row("b", native_id="2")])
    assert [each[0] for each in stored(connection)] == ["a", "b"]


def test_no_rows_are_no_statement(connection: Connection):
    bulk_upsert(connection, ITEMS, [])
    assert stored(connection) == []


@pytest.mark.parametrize(
    ("coming", "is_taken"),
    [
        pytest.param(row("new", updated=6, observed=6), True, id="newer"),
        pytest.param(row("new", updated=4, observed=9), False, id="older-state"),
        pytest.param(row("new", updated=5, observed=6), True, id="same-stamp-seen-later"),
        pytest.param(row("new", updated=5, observed=4), False, id="same-stamp-seen-before"),
        pytest.param(row("new", updated=5, observed=5), False, id="same-second-smaller-hash"),
        pytest.param(row("zzz", updated=5, observed=5), True, id="same-second-greater-hash"),
        pytest.param(row("old", updated=9, observed=9), False, id="unchanged"),
    ],
)
def test_only_a_newer_row_that_differs_is_taken(connection: Connection, coming: tuple, is_taken: bool):
    bulk_upsert(connection, ITEMS, [row("old")])
    bulk_upsert(connection, ITEMS, [coming])
    assert (stored(connection) != [("old", 5, 5, 5, None, None)]) is is_taken


def test_the_earliest_first_sight_stays(connection: Connection):
    bulk_upsert(
        connection, ITEMS, [row("old", first=5), row("new", updated=6, first=7), row("newer", updated=7, first=3)]
    )
    assert stored(connection) == [("newer", 7, 5, 3, None, None)]


def test_the_stamp_of_our_write_stays_and_guards(connection: Connection):
    bulk_upsert(connection, ITEMS, [row("old")])
    connection.exec_driver_sql("UPDATE items SET written_at = 10")
    bulk_upsert(connection, ITEMS, [row("before", updated=9, observed=9)])
    assert stored(connection) == [("old", 5, 5, 5, None, 10)]
    bulk_upsert(connection, ITEMS, [row("after", updated=9, observed=10)])
    assert stored(connection) == [("after", 9, 10, 5, None, 10)]


def test_a_row_that_is_taken_is_no_longer_gone(connection: Connection):
    bulk_upsert(connection, ITEMS, [row("old")])
    connection.exec_driver_sql("UPDATE items SET gone_at = 6")
    bulk_upsert(connection, ITEMS, [row("new", updated=7)])
    assert stored(connection)[0][4] is None
