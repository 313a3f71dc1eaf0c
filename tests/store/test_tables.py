"""The tables, what the revisions build, and that both would do on PostgreSQL."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from syncd.store import findings, history, items, migrations, ownership, reading, readings, writes
from syncd.store.engine import open_database
from syncd.store.tables import metadata
from syncd.store.upsert import Upsert

TABLES = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]
UPSERTS = [
    pytest.param(upsert, id=upsert.table.name)
    for module in (findings, history, items, ownership, reading, readings, writes)
    for upsert in vars(module).values()
    if isinstance(upsert, Upsert)
]


def definitions(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: sql for name, sql in rows if name != "alembic_version"}


@pytest.mark.parametrize("table", TABLES)
def test_every_key_begins_with_the_workspace(table: Table):
    assert next(column.name for column in table.primary_key) == "workspace_id"
    for index in table.indexes:
        assert next(column.name for column in index.columns) == "workspace_id"


def test_there_are_tables_to_look_at():
    assert len(TABLES) > 15
    assert len(UPSERTS) > 8


def test_the_revisions_build_what_the_tables_say():
    database, engine = open_database("sqlite://"), create_engine("sqlite://")
    metadata.create_all(engine)
    with database.read() as migrated, engine.connect() as created:
        assert compare_metadata(MigrationContext.configure(migrated), metadata) == []
        assert definitions(migrated) == definitions(created)


def test_every_revision_is_listed():
    config = Config()
    config.set_main_option("script_location", str(migrations.__path__[0]))
    scripts = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(scripts)) == migrations.REVISIONS


def test_an_upgrade_that_is_cut_off_leaves_nothing_behind():
    database = open_database("sqlite://")
    with database.write() as connection:
        for name in [*(table.name for table in metadata.sorted_tables), "alembic_version"]:
            connection.exec_driver_sql(f"DROP TABLE {name}")

    def fail() -> None:
        with database.write() as connection:
            migrations.upgrade(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as connection:
        assert definitions(connection) == {}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_compiles_for_postgresql(table: Table):
    dialect = postgresql.dialect()
    sql = str(CreateTable(table).compile(dialect=dialect))
    assert f"CONSTRAINT pk_{table.name} PRIMARY KEY (workspace_id" in sql
    assert "SERIAL" not in sql  # numbers are given out by the sequences table
    for index in table.indexes:
        assert "CREATE INDEX" in str(CreateIndex(index).compile(dialect=dialect))


@pytest.mark.parametrize("upsert", UPSERTS)
def test_the_upsert_compiles_for_postgresql(upsert: Upsert):
    sql = str(upsert.statement("postgresql").compile(dialect=postgresql.dialect()))
    assert "ON CONFLICT (workspace_id" in sql


def test_the_upsert_of_items_has_both_guards():
    sql = " ".join(str(items.ITEMS.statement("postgresql").compile(dialect=postgresql.dialect())).split())
    assert "items.hash != excluded.hash" in sql
    newer = "(excluded.updated_at, excluded.observed_at, excluded.hash) > (items.updated_at, items.observed_at, "
    assert newer in sql
    assert "items.written_at IS NULL" in sql
