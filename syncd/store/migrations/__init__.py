"""The history of the tables: which revisions there are, and how to bring a database to the newest.

A new revision is a file in versions/ and its name at the end of REVISIONS; a test compares what the revisions build
with tables.py.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from syncd.model.errors import StoreError

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every revision of ours, oldest first."""


def is_current(connection: Connection) -> bool:
    """Say whether nothing is left to do.

    Raises:
        StoreError: the database is of a revision that we don't know, or somebody else's.
    """
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            raise StoreError("the store's file is a database of another program; name another file in syncd.yaml")
        return False
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is not None and revision not in REVISIONS:
        raise StoreError(f"the store was written by a newer syncd (its tables are '{revision}'); install that version")
    return bool(revision == REVISIONS[-1])


def upgrade(connection: Connection) -> None:
    """Bring the tables up to date inside the caller's transaction: a crash leaves the old ones whole."""
    if is_current(connection):
        return
    # Imported here: a store that is up to date opens without it.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    command.upgrade(config, "head")
