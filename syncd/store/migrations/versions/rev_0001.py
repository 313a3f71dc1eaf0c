"""The first tables."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, PrimaryKeyConstraint, Text, text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    _read()
    _history()
    _census()
    _written()
    _judged()


def _table(name: str, key: str, *columns: Column[object], with_rowid: bool = True) -> None:
    """Make a table whose key is the workspace and the columns named in ``key``."""
    constraint = PrimaryKeyConstraint("workspace_id", *key.split(), name=f"pk_{name}")
    workspace = Column("workspace_id", Text(), nullable=False)
    op.create_table(name, workspace, *columns, constraint, sqlite_with_rowid=with_rowid)


def _text(name: str) -> Column[object]:
    return Column(name, Text(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, BigInteger(), nullable=nullable)


def _bytes(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, LargeBinary(), nullable=nullable)


def _count(name: str) -> Column[object]:
    return Column(name, Integer(), nullable=False)


def _flag(name: str) -> Column[object]:
    return Column(name, Boolean(), nullable=False)


def _id() -> tuple[Column[object], Column[object]]:
    return _text("tracker"), _text("native_id")


def _read() -> None:
    _table(
        "items",
        "tracker native_id",
        *_id(),
        *(_text("key"), _text("place"), _time("updated_at"), _time("observed_at"), _time("first_seen_at")),
        *(_time("gone_at", nullable=True), _time("written_at", nullable=True), _bytes("hash"), _bytes("body")),
    )
    gone = text("gone_at IS NOT NULL")
    op.create_index("ix_items_gone", "items", ["workspace_id", "tracker"], sqlite_where=gone, postgresql_where=gone)
    _table(
        "containers",
        "tracker kind native_id",
        *(_text("tracker"), _text("kind"), _text("native_id"), _time("observed_at"), _bytes("hash"), _bytes("body")),
    )
    _table("problems", "tracker native_id", *_id(), _time("seen_at"), _bytes("body"))
    _table(
        "places",
        "tracker key",
        *(_text("tracker"), _text("key"), _time("imported_at", nullable=True), _time("read_at", nullable=True)),
        *(_time("census_at", nullable=True), _bytes("audience", nullable=True), _text("error")),
    )
    _table("cursors", "tracker", _text("tracker"), _text("state"))


def _history() -> None:
    _table("aliases", "tracker key", _text("tracker"), _text("key"), _text("native_id"), _time("seen_at"))
    _table(
        "links",
        "tracker native_id name direction target",
        *_id(),
        *(_text("name"), _text("direction"), _text("target"), _time("first_seen_at")),
        with_rowid=False,
    )
    _table(
        "events",
        "tracker native_id at field",
        *_id(),
        *(_time("at"), _text("field"), _text("before"), _text("after"), _text("actor")),
        with_rowid=False,
    )


def _census() -> None:
    _table(
        "censuses",
        "id",
        *(_time("id"), _text("tracker"), _time("begun_at"), _time("finished_at", nullable=True), _text("resume")),
    )
    _table(
        "census_places",
        "census_id place",
        *(_time("census_id"), _text("place"), _count("handle_count")),
        *(_flag("complete"), _text("error")),
    )
    _table("census_handles", "census_id native_id", _time("census_id"), _text("native_id"), with_rowid=False)
    _table("census_misses", "tracker native_id", *_id(), _time("census_id"))


def _written() -> None:
    _table("ownership", "tracker native_id", *_id(), _time("written_at", nullable=True), _bytes("body"))
    _table("observations", "tracker native_id", *_id(), _time("stamp"), _bytes("body"))
    _table("passes", "id", _time("id"), _text("kind"), _time("begun_at"), _time("finished_at", nullable=True))
    _table(
        "intents",
        "id",
        *(_time("id"), _text("tracker"), _time("pass_id"), _text("batch_id"), _time("created_at")),
        *(_count("readback_count"), _time("unknown_at", nullable=True)),
        *(_bytes("rule_versions"), _bytes("change")),
    )
    _table("ledger", "intent_id fate", _time("intent_id"), _text("fate"), *_id(), _time("at"), _bytes("body"))
    op.create_index("ix_ledger_at", "ledger", ["workspace_id", "at"])
    op.create_index("ix_ledger_item", "ledger", ["workspace_id", "tracker", "native_id", "at"])


def _judged() -> None:
    _table(
        "findings",
        "rule_id subject",
        *(_text("rule_id"), _text("subject"), _text("rule_version"), _text("state"), _time("saved_at"), _bytes("body")),
    )
    _table(
        "outcomes",
        "outcome_id seen_at",
        *(_text("outcome_id"), _time("seen_at"), _flag("gone"), _bytes("body")),
    )
    _table("waiting", "position", _time("position"), _text("reason"), _time("at"), _bytes("change"))
    _table("sequences", "name", _text("name"), _time("last"))
