from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rules.past.asof import as_of, container_on, replay
from rules.roadmap.loader import Roadmap
from rules.world import WorldInput, build_world
from syncd.model.events import events_between, members_of, text_of
from syncd.model.findings import Subject
from syncd.model.items import (
    BEGINNING,
    EVENT_FIELDS,
    SET_FIELDS,
    ContainerKind,
    ContainerState,
    Event,
    History,
    Item,
    Person,
    StatusCategory,
)
from syncd.model.outcomes import OutcomeRevision
from tests.builders import (
    NOW,
    blocked_by,
    blocks,
    container_id,
    item_id,
    make_container,
    make_item,
    make_outcome,
    make_place,
    make_state,
    place_id,
)

DAY = timedelta(days=1)
CATEGORIES = {"To Do": StatusCategory.TODO, "Doing": StatusCategory.IN_PROGRESS, "Done": StatusCategory.DONE}
WITNESSES = [
    make_item(
        f"PAY-9{n}", status=status, status_category=category, updated_at=NOW - 300 * DAY, created_at=NOW - 300 * DAY
    )
    for n, (status, category) in enumerate(CATEGORIES.items())
]
"""What today's items teach of statuses."""


def event(key: str, field: str, before: str, after: str, days_ago: float, actor: str = "ann") -> Event:
    return Event(item=item_id(key), at=NOW - days_ago * DAY, field=field, before=before, after=after, actor=actor)


def told(*events: Event) -> History:
    return History(known_since=BEGINNING, events=tuple(sorted(events, key=lambda each: each.at)))


def given_of(*items: Item, histories: Any = None, **more: Any) -> WorldInput:
    defaults: dict[str, Any] = {
        "places": {place_id("jira:PAY"): make_place()},
        "states": {place_id("jira:PAY"): make_state()},
    }
    every = (*items, *WITNESSES)
    return WorldInput(items={each.id: each for each in every}, histories=histories or {}, **{**defaults, **more})


def then(given: WorldInput, key: str, days_ago: float, **more: Any) -> Item:
    return as_of(given, NOW - days_ago * DAY, **more)[0].items[item_id(key)]


TEXTS = st.sampled_from(["", "a", "b", "Third thing"])
MEMBERS = st.lists(st.sampled_from(["x", "y", "z"]), max_size=3, unique=True).map(tuple)


@st.composite
def versions(draw: Any) -> Item:
    """An item as somebody may have left it."""
    status = draw(st.sampled_from(list(CATEGORIES)))
    people = draw(st.lists(st.sampled_from(["ann", "bob"]), max_size=2, unique=True))
    return make_item(
        "PAY-1",
        status=status,
        status_category=CATEGORIES[status],
        title=draw(TEXTS),
        resolution=draw(TEXTS),
        type=draw(TEXTS),
        priority=draw(TEXTS),
        labels=draw(MEMBERS),
        components=draw(MEMBERS),
        assignees=tuple(Person(name, account=name) for name in people),
        estimate=draw(st.sampled_from([None, 0.5, 3.0])),
        due_on=draw(st.sampled_from([None, date(2026, 12, 1)])),
        parent=draw(st.sampled_from([None, "PAY-90", "PAY-91"])),
        links=tuple(draw(st.lists(st.sampled_from([blocks("PAY-90"), blocked_by("PAY-91")]), max_size=2, unique=True))),
        sprints=tuple(draw(st.lists(st.sampled_from([container_id("S1", ContainerKind.SPRINT)]), max_size=1))),
        milestones=tuple(draw(st.lists(st.sampled_from([container_id("M1"), container_id("M2")]), unique=True))),
    )


def said(item: Item) -> dict[str, object]:
    texts = {field: text_of(item, field) for field in EVENT_FIELDS if field not in SET_FIELDS}
    members = {field: sorted(members_of(item, field)) for field in SET_FIELDS}
    return {**texts, **members, "category": item.status_category}


@given(st.lists(versions(), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_an_item_is_at_any_moment_what_it_was_then(lives: list[Item]) -> None:
    """One version a day, the newest is today's."""
    count = len(lives)
    stamps = [NOW - (count - index) * DAY for index in range(count)]
    lives = [
        replace(life, created_at=stamps[0], updated_at=at, activity_at=at)
        for life, at in zip(lives, stamps, strict=True)
    ]
    steps = zip(lives, lives[1:], stamps[1:], strict=False)
    events = [replace(each, actor="ann") for before, after, at in steps for each in events_between(before, after, at)]
    given = given_of(lives[-1], histories={item_id("PAY-1"): told(*events)})
    moments = [at + DAY / 2 for at in stamps]
    for life, day in zip(lives, replay(given, moments), strict=True):
        assert said(day.given.items[item_id("PAY-1")]) == said(life)
        assert day.share.unknown_count == 0


def test_what_was_created_later_is_not_there() -> None:
    given = given_of(make_item("PAY-1", created_at=NOW - DAY, updated_at=NOW - DAY))
    assert item_id("PAY-1") not in as_of(given, NOW - 2 * DAY)[0].items


def test_a_status_has_the_category_that_it_has_elsewhere() -> None:
    item = make_item("PAY-1", status="Done", status_category=StatusCategory.DONE, updated_at=NOW - DAY)
    given = given_of(item, histories={item.id: told(event("PAY-1", "status", "Doing", "Done", 1))})
    assert then(given, "PAY-1", 2).status_category is StatusCategory.IN_PROGRESS


def test_an_item_whose_status_means_nothing_today_is_not_known() -> None:
    item = make_item("PAY-1", status="Done", status_category=StatusCategory.DONE, updated_at=NOW - DAY)
    given = given_of(item, histories={item.id: told(event("PAY-1", "status", "Limbo", "Done", 1))})
    past, share = as_of(given, NOW - 2 * DAY)
    assert "'Limbo'" in past.veiled[item.id].reason
    assert share.unknown_count == 1


def test_an_item_without_history_that_changed_since_is_not_known() -> None:
    changed, quiet = make_item("PAY-1", updated_at=NOW - DAY), make_item("PAY-2")
    past, share = as_of(given_of(changed, quiet), NOW - 2 * DAY)
    assert list(past.veiled) == [changed.id]
    assert (share.unknown_count, share.item_count) == (1, 5)
    assert share.unknown == pytest.approx(0.2)


def test_an_item_is_known_since_polls_saw_it() -> None:
    item = make_item("PAY-1", status="Done", status_category=StatusCategory.DONE, updated_at=NOW - DAY)
    events = (event("PAY-1", "status", "Doing", "Done", 1, actor=""),)
    given = given_of(item, histories={item.id: History(known_since=NOW - 3 * DAY, events=events)})
    assert then(given, "PAY-1", 2).status == "Doing"
    assert item.id in as_of(given, NOW - 4 * DAY)[0].veiled


def test_rules_find_an_unknown_item_dark_and_not_missing() -> None:
    parent, child = make_item("PAY-1", updated_at=NOW - DAY), make_item("PAY-2", parent="PAY-1")
    world = build_world(as_of(given_of(parent, child), NOW - 2 * DAY)[0])
    assert world.is_dark_subject(Subject("item", parent.id)) is not None
    assert world.is_dark_subject(Subject("item", child.id)) is None
    assert world.ancestors(child.id) == (parent.id,)


def test_edits_of_a_text_are_counted() -> None:
    item = make_item("PAY-1", body="now", updated_at=NOW - DAY)
    given = given_of(item, histories={item.id: told(event("PAY-1", "body", "", "changed", 1))})
    assert as_of(given, NOW - 2 * DAY)[1].new_text_count == 1
    assert as_of(given, NOW)[1].new_text_count == 0


def test_dates_are_those_of_what_had_happened_by_then() -> None:
    item = make_item(
        "PAY-1",
        status="Done",
        status_category=StatusCategory.DONE,
        created_at=NOW - 9 * DAY,
        updated_at=NOW - DAY,
        activity_at=NOW - DAY,
        closed_at=NOW - DAY,
        comment_count=4,
    )
    moves = (event("PAY-1", "status", "To Do", "Doing", 5), event("PAY-1", "status", "Doing", "Done", 1))
    earlier = then(given_of(item, histories={item.id: told(*moves)}), "PAY-1", 3)
    assert (earlier.updated_at, earlier.activity_at) == (NOW - 5 * DAY, NOW - 5 * DAY)
    assert (earlier.closed_at, earlier.comment_count) == (None, None)
    assert then(given_of(item, histories={item.id: told(*moves)}), "PAY-1", 0) == item


def test_an_item_that_was_elsewhere_is_of_that_place() -> None:
    item = make_item("PAY-1", updated_at=NOW - DAY)
    given = given_of(item, histories={item.id: told(event("PAY-1", "key", "OPS-7", "PAY-1", 1))})
    earlier = then(given, "PAY-1", 2)
    assert (earlier.key, earlier.place) == ("OPS-7", place_id("jira:OPS"))


def test_what_is_gone_now_was_there_before() -> None:
    lost = make_item("PAY-1")
    given = given_of(gone={lost.id: lost})
    gone_at = {lost.id: NOW - 2 * DAY}
    days = list(replay(given, [NOW - 3 * DAY, NOW - DAY], gone_at=gone_at))
    assert [lost.id in day.given.items for day in days] == [True, False]
    assert [lost.id in day.given.gone for day in days] == [False, True]


def test_what_stays_as_it_was_is_the_same_object_from_day_to_day() -> None:
    moved, quiet = make_item("PAY-1", title="now", updated_at=NOW - 2 * DAY), make_item("PAY-2")
    histories = {moved.id: told(event("PAY-1", "title", "then", "now", 2))}
    given = given_of(moved, quiet, histories=histories, containers={container_id("M"): make_container("M")})
    first, second, third = replay(given, [NOW - 3 * DAY, NOW - DAY, NOW])
    assert first.given.items[quiet.id] is second.given.items[quiet.id]
    assert first.given.items[moved.id] is not second.given.items[moved.id]
    assert second.given.items[moved.id] is third.given.items[moved.id]
    assert second.given.containers is third.given.containers


def test_one_day_alone_is_as_it_is_in_a_row() -> None:
    item = make_item("PAY-1", title="c", updated_at=NOW - DAY)
    moves = (event("PAY-1", "title", "a", "b", 5), event("PAY-1", "title", "b", "c", 1))
    given = given_of(item, histories={item.id: told(*moves)})
    moments = [NOW - 6 * DAY, NOW - 3 * DAY, NOW]
    for day in replay(given, moments):
        alone, share = as_of(given, day.at)
        assert (alone.items, alone.veiled, share) == (day.given.items, day.given.veiled, day.share)
        assert alone.histories[item.id] == day.given.histories[item.id]


@pytest.mark.parametrize(
    ("state", "starts", "ends", "expected"),
    [
        pytest.param("closed", -20, -5, "active", id="open until its last day"),
        pytest.param("closed", -30, -12, "closed", id="over by then"),
        pytest.param("closed", None, None, None, id="nobody knows when it closed"),
        pytest.param("active", -5, 5, "future", id="it had not begun"),
        pytest.param("active", None, 5, "active", id="open all along"),
        pytest.param("future", 5, 9, "future", id="still to come"),
    ],
)
def test_a_container_is_as_its_dates_say(
    state: str, starts: int | None, ends: int | None, expected: str | None
) -> None:
    def day(offset: int | None) -> date | None:
        return None if offset is None else (NOW + offset * DAY).date()

    sprint = make_container("S", state=ContainerState(state), starts_on=day(starts), ends_on=day(ends))
    found = container_on(sprint, (NOW - 10 * DAY).date())
    assert (found.state.value if found else None) == expected


def revision(days_ago: float, title: str, *, gone: bool = False) -> OutcomeRevision:
    return OutcomeRevision(outcome=make_outcome("fast", title=title), seen_at=NOW - days_ago * DAY, gone=gone)


def titles(given: WorldInput, at: datetime) -> tuple[list[str], bool]:
    past, share = as_of(given, at)
    return [outcome.title for outcome in past.roadmap.outcomes], share.is_roadmap_todays


def test_the_roadmap_is_that_of_then_where_it_is_known() -> None:
    roadmap = Roadmap(outcomes=(make_outcome("fast", title="today"), make_outcome("new")))
    revisions = {"fast": (revision(9, "first"), revision(5, "second"), revision(2, "second", gone=True))}
    given = given_of(roadmap=roadmap, revisions=revisions)
    assert titles(given, NOW - 10 * DAY)[1] is True
    assert titles(given, NOW - 7 * DAY) == (["first"], False)
    assert titles(given, NOW - 3 * DAY) == (["second"], False)
    assert titles(given, NOW - DAY) == ([], False)
