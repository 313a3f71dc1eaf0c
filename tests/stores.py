"""Stores for tests: a file that is migrated once per process and copied for each test."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from syncd.store import open_store


def new_store_file(folder: Path) -> Path:
    """Return an empty store's file in ``folder``: a copy costs a hundredth of a migration."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(_empty(), folder / "syncd.db"))


@cache
def _empty() -> Path:
    folder = tempfile.mkdtemp(prefix="syncd-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "empty.db"
    open_store(f"sqlite:///{path}").close()
    return path
