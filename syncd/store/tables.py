"""The tables. Every key begins with the workspace; times are microseconds (see times.py), bodies are JSON of a noun.

A change here needs a revision in migrations/; a test compares the two.
"""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _item_key() -> tuple[Column[str], ...]:
    return _key("workspace_id"), _key("tracker"), _key("native_id")


def _number_key(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _time(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _maybe_time(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=True)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


# What was read

items = Table(
    "items",
    metadata,
    *_item_key(),
    _text("key"),
    _text("place"),
    _time("updated_at"),
    _time("observed_at"),
    _time("first_seen_at"),
    _maybe_time("gone_at"),
    _maybe_time("written_at"),  # the tracker's stamp of our last write there
    _bytes("hash"),
    _bytes("body"),  # last: what stands before it is read without it
)
Index(
    "ix_items_gone",
    items.c.workspace_id,
    items.c.tracker,
    sqlite_where=items.c.gone_at.is_not(None),
    postgresql_where=items.c.gone_at.is_not(None),
)
Index("ix_items_key", items.c.workspace_id, items.c.tracker, items.c.key)

aliases = Table(
    "aliases", metadata, _key("workspace_id"), _key("tracker"), _key("key"), _text("native_id"), _time("seen_at")
)

links = Table(
    "links",
    metadata,
    *_item_key(),
    _key("name"),
    _key("direction"),
    _key("target"),
    _time("first_seen_at"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    *_item_key(),
    _number_key("at"),
    _key("field"),
    _key("member"),  # of a field that holds several; empty for others
    _text("before"),
    _text("after"),
    sqlite_with_rowid=False,
)
"""What successive polls saw; what trackers tell is in ``histories``."""

histories = Table(
    "histories",
    metadata,
    *_item_key(),
    _time("known_since"),
    _time("read_at"),
    _bytes("body"),
)

history_due = Table(
    "history_due",
    metadata,
    *_item_key(),
    _time("seen_at"),  # a history that was read later holds it
    _time("not_before"),
    _text("error"),
    sqlite_with_rowid=False,
)
"""Items whose tracker was not asked for their history since they changed, or never."""

containers = Table(
    "containers",
    metadata,
    _key("workspace_id"),
    _key("tracker"),
    _key("kind"),
    _key("native_id"),
    _time("observed_at"),
    _bytes("hash"),
    _bytes("body"),
)

problems = Table(
    "problems", metadata, _key("workspace_id"), _key("tracker"), _key("native_id"), _time("seen_at"), _bytes("body")
)

places = Table(
    "places",
    metadata,
    _key("workspace_id"),
    _key("tracker"),
    _key("key"),
    _maybe_time("imported_at"),
    _maybe_time("read_at"),
    _maybe_time("census_at"),
    Column("audience", LargeBinary, nullable=True),
    _text("error"),
)

cursors = Table("cursors", metadata, _key("workspace_id"), _key("tracker"), _text("state"))

# What exists

censuses = Table(
    "censuses",
    metadata,
    _key("workspace_id"),
    _number_key("id"),
    _text("tracker"),
    _time("begun_at"),
    _maybe_time("finished_at"),
    _text("resume"),
)

census_places = Table(
    "census_places",
    metadata,
    _key("workspace_id"),
    _number_key("census_id"),
    _key("place"),
    _number("handle_count"),
    Column("complete", Boolean, nullable=False),
    _text("error"),
)

census_handles = Table(
    "census_handles",
    metadata,
    _key("workspace_id"),
    _number_key("census_id"),
    _key("native_id"),
    sqlite_with_rowid=False,
)

census_misses = Table(
    "census_misses", metadata, _key("workspace_id"), _key("tracker"), _key("native_id"), _time("census_id")
)

# What is ours, and what we write

ownership = Table(
    "ownership",
    metadata,
    *_item_key(),
    _maybe_time("written_at"),
    _bytes("body"),
)

observations = Table(
    "observations", metadata, _key("workspace_id"), _key("tracker"), _key("native_id"), _time("stamp"), _bytes("body")
)

passes = Table(
    "passes",
    metadata,
    _key("workspace_id"),
    _number_key("id"),
    _text("kind"),
    _time("begun_at"),
    _maybe_time("finished_at"),
)

intents = Table(
    "intents",
    metadata,
    _key("workspace_id"),
    _number_key("id"),
    _text("tracker"),
    _time("pass_id"),
    _text("batch_id"),
    _time("created_at"),
    _number("readback_count"),
    _maybe_time("unknown_at"),
    _bytes("rule_versions"),
    _bytes("change"),
)

ledger = Table(
    "ledger",
    metadata,
    _key("workspace_id"),
    _number_key("intent_id"),
    _key("fate"),
    _text("tracker"),
    _text("native_id"),
    _time("at"),
    _bytes("body"),
)
Index("ix_ledger_at", ledger.c.workspace_id, ledger.c.at)
Index("ix_ledger_item", ledger.c.workspace_id, ledger.c.tracker, ledger.c.native_id, ledger.c.at)

# What is remembered of judging

findings = Table(
    "findings",
    metadata,
    _key("workspace_id"),
    _key("rule_id"),
    _key("subject"),
    _text("rule_version"),
    _text("state"),
    _time("saved_at"),
    _bytes("body"),
)

outcomes = Table(
    "outcomes",
    metadata,
    _key("workspace_id"),
    _key("outcome_id"),
    _number_key("seen_at"),
    Column("gone", Boolean, nullable=False),
    _bytes("body"),
)

readings = Table(
    "readings",
    metadata,
    _key("workspace_id"),
    _key("outcome_id"),
    _key("measure_id"),
    _key("day"),  # as 2026-12-31
    Column("value", Double, nullable=False),
    _time("saved_at"),
)

baselines = Table("baselines", metadata, _key("workspace_id"), _key("subject"), _number_key("at"), _bytes("body"))

texts = Table(
    "texts",
    metadata,
    *_item_key(),
    _time("at"),
    Column("is_lost", Boolean, nullable=False),
    _text("words"),
)
"""What items said when their work began; a row is written once."""

snapshots = Table(
    "snapshots",
    metadata,
    _key("workspace_id"),
    _key("day"),  # as 2026-12-31
    _bytes("body"),
    Column("similar", LargeBinary, nullable=True),
)

changes = Table("changes", metadata, _key("workspace_id"), _number_key("number"), _text("tracker"), _text("native_id"))

waiting = Table(
    "waiting", metadata, _key("workspace_id"), _number_key("position"), _text("reason"), _time("at"), _bytes("change")
)

sequences = Table("sequences", metadata, _key("workspace_id"), _key("name"), _time("last"))
"""The last number given out, per workspace and kind: a pruned row's number never comes back."""
