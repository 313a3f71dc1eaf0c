"""What a service finds that keeps its World is what a command finds that reads everything."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rules.engine import Judgments
from syncd.daemon.reconcile import Charter, Judged, judged_of, remember, world_of
from syncd.daemon.resident import Resident
from syncd.model.identity import ItemId
from syncd.model.items import Item, Stage, StatusCategory
from syncd.model.reading import HistoryPage, Page
from syncd.planner.limits import Limits
from syncd.store import WorkspaceStore, open_store
from tests.builders import NOW, make_item
from tests.rules.incremental.test_judging import RULES
from tests.rules.random_worlds import Story

EXAMPLES = int(os.environ.get("SYNCD_WORLDS", "15"))
MANY = 40


class Told:
    """A story that a store is told of, as polls and censuses do."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._database = open_store("sqlite://")
        self.store: WorkspaceStore = self._database.workspace("default")
        self._items: dict[ItemId, Item] = {}
        given = story.given()
        self.charter = Charter(
            places=dict(given.places),
            roadmap=given.roadmap,
            rules=RULES,
            owner="syncd/default",
            prefix="syncd:",
            stage=Stage.COMMENT,
            limits=Limits(changes=1000, share=1.0, removals=1000, new_comments=1000),
        )

    def tell(self, heard: Any = ()) -> None:
        given, now = self.story.given(), self.story.now
        places = tuple(given.places)
        for tracker in sorted({place.tracker for place in places}):
            own = tuple(place for place in places if place.tracker == tracker)
            items = tuple(
                replace(item, updated_at=now)
                for item in given.items.values()
                if item.id.tracker == tracker and item != self._items.get(item.id)
            )
            containers = tuple(each for each in given.containers.values() if each.id.tracker == tracker)
            page = Page(observed_at=now, items=items, containers=containers, read_places=own, imported_places=own)
            self.store.save_page(tracker, page)
            told = {each: given.histories[each] for each in heard if each.tracker == tracker}
            self.store.save_histories(tracker, HistoryPage(observed_at=now, histories=told))
        self.store.mark_gone([each for each in self._items if each not in given.items], now)
        self._items = dict(given.items)

    def close(self) -> None:
        self._database.close()


def found(judged: Judged) -> Any:
    judgments: Judgments = judged.judgments
    return {
        "holding": sorted(judgments.holding, key=lambda each: (each.rule.id, each.subject)),
        "unknown": sorted(judgments.unknown),
        "also": sorted(judgments.also_when),
        "findings": judged.reconciled.findings,
        "changes": judged.reconciled.plan.changes,
    }


def whole(told: Told, kept: Judged) -> Judged:
    """Return what a command would find, given the same baselines and the same snapshot."""
    world, now = world_of(told.charter, told.store), told.story.now
    world.agree(kept.taken)
    assert kept.world.given.snapshot is not None
    world.keep(kept.world.given.snapshot)
    judgments = told.charter.rules.evaluate(world, now, calendar=told.charter.calendar)
    return judged_of(told.charter, told.store, world, judgments, now, taken=kept.taken)


@given(st.randoms(use_true_random=False), st.integers(min_value=1, max_value=5))
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_service_finds_what_a_command_finds(chance: Any, steps: int) -> None:
    told, resident = Told(Story(chance, has_past=True)), Resident()
    heard: Any = ()
    for _ in range(steps):
        told.tell(heard)
        now = told.story.now
        kept = resident.judge(told.charter, told.store, now)
        assert found(kept) == found(whole(told, kept))
        remember(kept, told.store, now)
        heard = told.story.edit()
        if chance.random() < 0.3:
            told.story.go_on()
    told.close()


@pytest.fixture
def store() -> Iterator[WorkspaceStore]:
    opened = open_store("sqlite://")
    yield opened.workspace("default")
    opened.close()


def save(store: WorkspaceStore, *items: Item, minutes: int = 0) -> None:
    place = items[0].place
    at = NOW + timedelta(minutes=minutes)
    store.save_page(place.tracker, Page(observed_at=at, items=items, read_places=(place,), imported_places=(place,)))


@pytest.fixture
def charter() -> Charter:
    class Nobody:
        random = staticmethod(lambda: 1.0)
        choice = staticmethod(lambda values: values[0])

    return Told(Story(Nobody())).charter  # type: ignore[arg-type]


def test_only_what_changed_is_judged(store: WorkspaceStore, charter: Charter) -> None:
    items = [make_item(f"PAY-{number}") for number in range(MANY)]
    save(store, *items)
    resident = Resident()
    remember(resident.judge(charter, store, NOW), store, NOW)
    assert resident.judged_count >= MANY
    # The first pass states the outcomes, which is news for the second one.
    resident.judge(charter, store, NOW + timedelta(minutes=1))
    done = replace(items[3], status_category=StatusCategory.DONE, updated_at=NOW + timedelta(minutes=2))
    save(store, done, minutes=2)
    judged = resident.judge(charter, store, NOW + timedelta(minutes=3))
    assert 1 <= resident.judged_count < MANY / 2
    assert judged.world.items[done.id] == done


def test_a_new_item_is_judged_and_little_else(store: WorkspaceStore, charter: Charter) -> None:
    save(store, *[make_item(f"PAY-{number}") for number in range(MANY)])
    resident = Resident()
    for minutes in (0, 1):
        remember(resident.judge(charter, store, NOW + timedelta(minutes=minutes)), store, NOW)
    new = make_item(f"PAY-{MANY}")
    save(store, new, minutes=2)
    judged = resident.judge(charter, store, NOW + timedelta(minutes=3))
    assert resident.judged_count < MANY / 2
    assert new.id in judged.world.items


def test_another_charter_or_another_day_has_everything_judged(store: WorkspaceStore, charter: Charter) -> None:
    save(store, *[make_item(f"PAY-{number}") for number in range(MANY)])
    resident = Resident()
    for minutes in (0, 1):
        remember(resident.judge(charter, store, NOW + timedelta(minutes=minutes)), store, NOW)
    resident.judge(charter, store, NOW + timedelta(minutes=2))
    assert resident.judged_count < MANY
    resident.judge(replace(charter), store, NOW + timedelta(minutes=3))
    assert resident.judged_count >= MANY
    resident.judge(charter, store, NOW + timedelta(days=1))
    assert resident.judged_count >= MANY


def test_after_a_pass_that_failed_everything_is_judged(store: WorkspaceStore, charter: Charter) -> None:
    save(store, *[make_item(f"PAY-{number}") for number in range(MANY)])
    resident = Resident()
    for minutes in (0, 1):
        remember(resident.judge(charter, store, NOW + timedelta(minutes=minutes)), store, NOW)
    with pytest.raises(AttributeError):
        resident.judge(charter, None, NOW)  # type: ignore[arg-type]
    resident.judge(charter, store, NOW + timedelta(minutes=2))
    assert resident.judged_count >= MANY
