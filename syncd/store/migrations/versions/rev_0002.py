"""Histories: what trackers tell of the past, and an event for each member of a list that came or went."""

from collections.abc import Iterator

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, PrimaryKeyConstraint, Text

revision = "0002"
down_revision = "0001"

_LISTS = ("labels", "milestones", "sprints", "assignees", "links")
_SCOPE = ("workspace_id", "tracker", "native_id")

Row = tuple[object, ...]


def upgrade() -> None:
    """Make the tables, split the lists that events held as one text, and let every item's history be asked for."""
    connection = op.get_bind()
    old = connection.exec_driver_sql(
        "SELECT workspace_id, tracker, native_id, at, field, before, after FROM events"
    ).fetchall()
    op.drop_table("events")
    _table("events", "at field member", _time("at"), *map(_text, ("field", "member", "before", "after")))
    rows = [row for each in old for row in _events(*each)]
    if rows:
        connection.exec_driver_sql("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
    body = Column[object]("body", LargeBinary(), nullable=False)
    _table("histories", "", _time("known_since"), _time("read_at"), body, with_rowid=True)
    _table("history_due", "", _time("seen_at"), _time("not_before"), _text("error"))
    connection.exec_driver_sql(
        "INSERT INTO history_due SELECT workspace_id, tracker, native_id, observed_at, 0, '' FROM items"
    )


def _events(
    workspace_id: str, tracker: str, native_id: str, at: int, field: str, before: str, after: str
) -> Iterator[Row]:
    scope = (workspace_id, tracker, native_id, at, field)
    if field not in _LISTS:
        yield (*scope, "", before, after)
        return
    # A label with a comma in its name is split, too, as far as it came or went: a text does not tell them apart.
    earlier, later = (set(filter(None, text.split(", "))) for text in (before, after))
    for member in sorted(earlier - later):
        yield (*scope, member, member, "")
    for member in sorted(later - earlier):
        yield (*scope, member, "", member)


def _table(name: str, key: str, *columns: Column[object], with_rowid: bool = False) -> None:
    constraint = PrimaryKeyConstraint(*_SCOPE, *key.split(), name=f"pk_{name}")
    op.create_table(name, *map(_text, _SCOPE), *columns, constraint, sqlite_with_rowid=with_rowid)


def _text(name: str) -> Column[object]:
    return Column(name, Text(), nullable=False)


def _time(name: str) -> Column[object]:
    return Column(name, BigInteger(), nullable=False)
