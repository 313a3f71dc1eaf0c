"""The tables. Every key begins with the workspace; times are microseconds (see times.py), bodies are JSON of a noun.

A change here needs a revision in migrations/; a test compares the two.
"""

from sqlalchemy import Boolean, Column, Double, Index, LargeBinary, MetaData, Table

from syncd.store.columns import blob, flag, item_key, key, maybe_time, number, number_key, text, time

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What was read

items = Table(
    "items",
    metadata,
    *item_key(),
    text("key"),
    text("place"),
    time("updated_at"),
    time("observed_at"),
    time("first_seen_at"),
    maybe_time("gone_at"),
    maybe_time("written_at"),  # the tracker's stamp of our last write there
    blob("hash"),
    blob("body"),  # last: what stands before it is read without it
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
    "aliases", metadata, key("workspace_id"), key("tracker"), key("key"), text("native_id"), time("seen_at")
)

links = Table(
    "links",
    metadata,
    *item_key(),
    key("name"),
    key("direction"),
    key("target"),
    time("first_seen_at"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    *item_key(),
    number_key("at"),
    key("field"),
    key("member"),  # of a field that holds several; empty for others
    text("before"),
    text("after"),
    sqlite_with_rowid=False,
)
"""What successive polls saw; what trackers tell is in ``histories``."""

histories = Table("histories", metadata, *item_key(), time("known_since"), time("read_at"), blob("body"))

history_due = Table(
    "history_due",
    metadata,
    *item_key(),
    time("seen_at"),  # a history that was read later holds it
    time("not_before"),
    text("error"),
    sqlite_with_rowid=False,
)
"""Items whose tracker was not asked for their history since they changed, or never."""

containers = Table(
    "containers",
    metadata,
    key("workspace_id"),
    key("tracker"),
    key("kind"),
    key("native_id"),
    time("observed_at"),
    blob("hash"),
    blob("body"),
)

problems = Table(
    "problems", metadata, key("workspace_id"), key("tracker"), key("native_id"), time("seen_at"), blob("body")
)

places = Table(
    "places",
    metadata,
    key("workspace_id"),
    key("tracker"),
    key("key"),
    maybe_time("imported_at"),
    maybe_time("read_at"),
    maybe_time("census_at"),
    Column("audience", LargeBinary, nullable=True),
    text("error"),
)

cursors = Table("cursors", metadata, key("workspace_id"), key("tracker"), text("state"))

# What exists

censuses = Table(
    "censuses",
    metadata,
    key("workspace_id"),
    number_key("id"),
    text("tracker"),
    time("begun_at"),
    maybe_time("finished_at"),
    text("resume"),
)

census_places = Table(
    "census_places",
    metadata,
    key("workspace_id"),
    number_key("census_id"),
    key("place"),
    number("handle_count"),
    flag("complete"),
    text("error"),
)

census_handles = Table(
    "census_handles",
    metadata,
    key("workspace_id"),
    number_key("census_id"),
    key("native_id"),
    sqlite_with_rowid=False,
)

census_misses = Table(
    "census_misses", metadata, key("workspace_id"), key("tracker"), key("native_id"), time("census_id")
)

# What is ours, and what we write

ownership = Table(
    "ownership",
    metadata,
    *item_key(),
    maybe_time("written_at"),
    blob("body"),
)

observations = Table(
    "observations", metadata, key("workspace_id"), key("tracker"), key("native_id"), time("stamp"), blob("body")
)

passes = Table(
    "passes",
    metadata,
    key("workspace_id"),
    number_key("id"),
    text("kind"),
    time("begun_at"),
    maybe_time("finished_at"),
)

intents = Table(
    "intents",
    metadata,
    key("workspace_id"),
    number_key("id"),
    text("tracker"),
    time("pass_id"),
    text("batch_id"),
    time("created_at"),
    number("readback_count"),
    maybe_time("unknown_at"),
    blob("rule_versions"),
    blob("change"),
)

ledger = Table(
    "ledger",
    metadata,
    key("workspace_id"),
    number_key("intent_id"),
    key("fate"),
    text("tracker"),
    text("native_id"),
    time("at"),
    blob("body"),
)
Index("ix_ledger_at", ledger.c.workspace_id, ledger.c.at)
Index("ix_ledger_item", ledger.c.workspace_id, ledger.c.tracker, ledger.c.native_id, ledger.c.at)

# What is remembered of judging

findings = Table(
    "findings",
    metadata,
    key("workspace_id"),
    key("rule_id"),
    key("subject"),
    text("rule_version"),
    text("state"),
    time("saved_at"),
    blob("body"),
)

outcomes = Table(
    "outcomes",
    metadata,
    key("workspace_id"),
    key("outcome_id"),
    number_key("seen_at"),
    flag("gone"),
    blob("body"),
)

readings = Table(
    "readings",
    metadata,
    key("workspace_id"),
    key("outcome_id"),
    key("measure_id"),
    key("day"),  # as 2026-12-31
    Column("value", Double, nullable=False),
    time("saved_at"),
)

baselines = Table("baselines", metadata, key("workspace_id"), key("subject"), number_key("at"), blob("body"))

texts = Table(
    "texts",
    metadata,
    *item_key(),
    time("at"),
    Column("is_lost", Boolean, nullable=False),
    text("words"),
)
"""What items said when their work began; a row is written once."""

snapshots = Table(
    "snapshots",
    metadata,
    key("workspace_id"),
    key("day"),  # as 2026-12-31
    blob("body"),
    Column("similar", LargeBinary, nullable=True),
)

changes = Table("changes", metadata, key("workspace_id"), number_key("number"), text("tracker"), text("native_id"))

waiting = Table(
    "waiting", metadata, key("workspace_id"), number_key("position"), text("reason"), time("at"), blob("change")
)

sequences = Table("sequences", metadata, key("workspace_id"), key("name"), time("last"))
"""The last number given out, per workspace and kind: a pruned row's number never comes back."""
