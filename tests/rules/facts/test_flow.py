from datetime import UTC, datetime, timedelta
from typing import Any

from syncd.model.items import BEGINNING, History, StatusCategory
from syncd.model.truth import Unknown
from tests.builders import NOW, make_item, make_place, make_world
from tests.rules.facts.asking import fact

LONG_AGO = NOW - timedelta(days=60)
WHOLE = History(known_since=BEGINNING)


def asked(name, item, *others, histories=True):
    found = {item.key: WHOLE} if histories else {}
    return fact(make_world([item, *others], histories=found), name, item.key)


def test_an_item_in_progress_since_it_was_created_has_been_so_since_then():
    item = make_item("PAY-1", status_category=StatusCategory.IN_PROGRESS, created_at=LONG_AGO)
    assert asked("flow.in_progress_for", item) == timedelta(days=60)
    assert asked("flow.begun_at", item) == LONG_AGO


def test_without_its_history_nobody_knows():
    item = make_item("PAY-1", status_category=StatusCategory.IN_PROGRESS, created_at=LONG_AGO)
    assert isinstance(asked("flow.begun_at", item, histories=False), Unknown)


def test_what_was_created_tomorrow_has_not_begun():
    item = make_item("PAY-1", status_category=StatusCategory.IN_PROGRESS, created_at=datetime(9999, 12, 30, tzinfo=UTC))
    assert asked("flow.in_progress_for", item) is None
    assert asked("flow.usually_done_by", item) is None


def test_a_change_that_was_closed_without_finishing_its_item_keeps_it_in_progress_no_more():
    item = make_item("acme/sdk#1", created_at=LONG_AGO)
    change: dict[str, Any] = {"is_change": True, "created_at": LONG_AGO, "body": "Fixes #1"}
    open_one = make_item("acme/sdk#2", status_category=StatusCategory.IN_PROGRESS, **change)
    closed = make_item("acme/sdk#2", status_category=StatusCategory.DONE, **change)
    assert asked("flow.in_progress_for", item, open_one) == timedelta(days=60)
    assert asked("flow.in_progress_for", item, closed) is None
    assert asked("flow.begun_at", item, closed) == LONG_AGO


def test_an_item_of_no_team_is_compared_with_nobody():
    item = make_item("acme/sdk#1", status_category=StatusCategory.IN_PROGRESS, created_at=LONG_AGO)
    world = make_world([item], places=[make_place("acme/sdk", team="")], histories={item.key: WHOLE})
    assert fact(world, "flow.usually_done_by", item.key) == Unknown("it has no team")
