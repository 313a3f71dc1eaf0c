"""A workspace in memory, and one in a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.store import Store, WorkspaceStore, open_store


@pytest.fixture
def store() -> Iterator[WorkspaceStore]:
    opened = open_store("sqlite://")
    yield opened.workspace("default")
    opened.close()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/var/syncd.db"


@pytest.fixture
def filed(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()
