"""What syncd remembers, on SQLAlchemy Core: a Store is a database, a WorkspaceStore the rows of one workspace."""

from syncd.store.reading import Saved
from syncd.store.store import Store, open_store
from syncd.store.workspace import WorkspaceStore
from syncd.store.writes import LedgerEntry

__all__ = ["LedgerEntry", "Saved", "Store", "WorkspaceStore", "open_store"]
