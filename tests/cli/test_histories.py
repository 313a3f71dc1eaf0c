"""What `syncd status` tells of histories."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from syncd.cli.histories import history_document, history_lines
from syncd.model.items import BEGINNING, History
from syncd.model.reading import HistoryPage, Page
from syncd.store import WorkspaceStore, open_store
from tests.builders import NOW, item_id, make_item


@pytest.fixture
def store() -> Iterator[WorkspaceStore]:
    opened = open_store("sqlite://")
    workspace = opened.workspace("default")
    items = tuple(make_item(f"PAY-{number}", updated_at=NOW) for number in range(1, 6))
    workspace.save_page("jira", Page(observed_at=NOW, items=items))
    yield workspace
    opened.close()


def tell(store: WorkspaceStore, number: int, *, minutes: int) -> None:
    at = NOW + timedelta(minutes=minutes)
    page = HistoryPage(observed_at=at, histories={item_id(f"PAY-{number}"): History(known_since=BEGINNING)})
    store.save_histories("jira", page)


def lines(store: WorkspaceStore, *, minutes: int = 0) -> list[str]:
    return list(history_lines(store, "jira", NOW + timedelta(minutes=minutes)))


def test_where_nobody_reads_it_says_who_would(store: WorkspaceStore):
    assert lines(store) == ["history of 0 of 5 items read; `syncd run` or `syncd history` reads the rest"]


def test_while_it_is_read_it_says_how_long_it_takes(store: WorkspaceStore):
    tell(store, 1, minutes=0)
    tell(store, 2, minutes=10)
    assert lines(store, minutes=10) == ["history of 2 of 5 items read; about 15 minutes left"]
    tell(store, 3, minutes=1)
    tell(store, 4, minutes=55)
    assert lines(store, minutes=55) == ["history of 4 of 5 items read; about 14 minutes left"]


def test_when_all_is_read_it_says_nothing(store: WorkspaceStore):
    for number in range(1, 6):
        tell(store, number, minutes=number)
    assert lines(store) == []
    assert history_document(store, "jira", NOW) == {"items": 5, "known": 5, "seconds_left": None, "not_told": {}}


def test_what_is_not_told_is_named_with_the_reason(store: WorkspaceStore):
    for number in range(1, 5):
        tell(store, number, minutes=number)
    store.save_histories("jira", HistoryPage(observed_at=NOW, failures={item_id("PAY-5"): "Not\x1b found"}))
    assert lines(store) == ["1 history not told, such as PAY-5: Not found"]
    document = history_document(store, "jira", NOW)
    assert document["not_told"] == {"PAY-5": "Not\x1b found"}
