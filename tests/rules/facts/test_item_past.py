"""What happened to an item, and its sprints; what is not known of it is unknown."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest

from rules.facts.history import ChangedField
from syncd.model.items import EVENT_FIELDS, ContainerKind, ContainerState, StatusCategory
from syncd.model.truth import Unknown, UnknownBefore
from tests.builders import (
    A_WEEK_AGO,
    NOW,
    container_id,
    make_container,
    make_event,
    make_history,
    make_item,
    make_world,
)
from tests.rules.facts.asking import fact

SPRINT = ContainerKind.SPRINT
YESTERDAY = NOW - timedelta(days=1)
MONDAY = date(2026, 11, 16)
HALF_KNOWN = {"known_since": NOW - timedelta(days=3)}


def sprint(title, state=ContainerState.ACTIVE, starts=MONDAY, **given):
    return make_container(title, SPRINT, state=state, starts_on=starts, **given)


def closed(title, ends=date(2026, 11, 13)):
    return sprint(title, ContainerState.CLOSED, ends - timedelta(days=11), ends_on=ends)


def in_sprints(*titles, **given):
    return make_item(sprints=tuple(container_id(title, SPRINT) for title in titles), **given)


def asked(name, item=None, *events, containers=(), history=True, **known):
    histories = {"PAY-1": make_history(*events, **known)} if history else {}
    return fact(make_world([item or make_item()], containers=containers, histories=histories), name)


def test_the_fields_of_changes_are_those_that_are_remembered():
    assert get_args(ChangedField) == EVENT_FIELDS


def test_changes_are_told_in_words_and_in_order():
    put = make_event("sprints", after=str(container_id("Sprint 7", SPRINT)), actor="Ann")
    moved = make_event("status", "To Do", "Doing", at=YESTERDAY)
    found = asked("item.history", in_sprints("Sprint 7"), put, moved, containers=[sprint("Sprint 7")])
    assert [(each.field, each.before, each.after, each.actor) for each in found] == [
        ("sprints", "", "Sprint 7", "Ann"),
        ("status", "To Do", "Doing", ""),
    ]
    assert found[1].title == "status: To Do → Done".replace("Done", "Doing")
    assert found[1].place == make_item().place


def test_links_and_unread_containers_are_told_as_well_as_they_are_known():
    link = make_event("links", after="blocks out jira:10042")
    gone = make_event("milestones", before="jira:version:9")
    assert [each.after or each.before for each in asked("item.history", None, link, gone)] == [
        "blocks jira:10042",
        "jira:version:9",
    ]


def test_a_history_that_is_not_read_is_unknown():
    (found,) = asked("item.history", history=False)
    assert isinstance(found, Unknown)
    for name in ("item.in_status_since", "item.in_status_for", "item.first_due_on", "item.date_moved_count"):
        assert isinstance(asked(name, history=False), Unknown)


def test_a_history_that_is_not_read_so_far_back_says_from_when_it_is_whole():
    event = make_event("status", "To Do", "Doing", at=YESTERDAY)
    first, last = asked("item.history", None, event, **HALF_KNOWN)
    assert first.after == "Doing"
    assert isinstance(last, UnknownBefore)
    assert last.at == HALF_KNOWN["known_since"]


@pytest.mark.parametrize(
    ("events", "known", "expected"),
    [
        pytest.param([make_event("status", "a", "b", at=YESTERDAY)], {}, YESTERDAY, id="changed"),
        pytest.param([make_event("title", "a", "b", at=YESTERDAY)], {}, A_WEEK_AGO, id="never-changed"),
        pytest.param([make_event("status", "a", "b", at=YESTERDAY)], HALF_KNOWN, YESTERDAY, id="changed-of-late"),
        pytest.param([], {"known_since": A_WEEK_AGO}, A_WEEK_AGO, id="known-since-its-creation"),
        pytest.param([], HALF_KNOWN, None, id="not-known-so-far-back"),
    ],
)
def test_since_when_an_item_has_its_status(events, known, expected):
    since, span = (asked(f"item.{name}", None, *events, **known) for name in ("in_status_since", "in_status_for"))
    if expected is None:
        assert isinstance(since, Unknown)
        assert isinstance(span, Unknown)
    else:
        assert (since, span) == (expected, NOW - expected)


@pytest.mark.parametrize(
    ("due_on", "moves", "first", "count"),
    [
        pytest.param(None, [], None, 0, id="never-had-one"),
        pytest.param("2026-12-01", [], "2026-12-01", 0, id="never-moved"),
        pytest.param("2026-12-09", [("", "2026-12-01"), ("2026-12-01", "2026-12-09")], "2026-12-01", 1, id="later"),
        pytest.param("2026-12-01", [("2026-12-09", "2026-12-01")], "2026-12-09", 0, id="earlier-is-no-slip"),
        pytest.param(
            "2026-12-20",
            [("2026-12-01", "2026-12-09"), ("2026-12-09", ""), ("", "2026-12-20")],
            "2026-12-01",
            2,
            id="taken-away-and-set-later",
        ),
        pytest.param("2026-12-20", [("nonsense", "2026-12-20")], "2026-12-20", 0, id="no-date"),
    ],
)
def test_how_often_a_due_date_was_put_later(due_on, moves, first, count):
    item = make_item(due_on=date.fromisoformat(due_on) if due_on else None)
    events = [make_event("due_on", before, after) for before, after in moves]
    assert asked("item.first_due_on", item, *events) == (date.fromisoformat(first) if first else None)
    assert asked("item.date_moved_count", item, *events) == count
    assert isinstance(asked("item.date_moved_count", item, *events, **HALF_KNOWN), Unknown)


RUNNING, NEXT, LATER = sprint("Run"), sprint("Next", ContainerState.FUTURE), sprint("Z", ContainerState.FUTURE, None)


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        ((), None),
        (("Old",), None),
        (("Old", "Run"), "Run"),
        (("Next", "Run"), "Run"),
        (("Z", "Next"), "Next"),
        (("Run", "Unread"), "Run"),
        (("Next", "Unread"), Unknown),
        (("Unread",), Unknown),
    ],
)
def test_the_sprint_of_an_item_is_the_running_one_else_the_next(titles, expected):
    found = asked("item.sprint", in_sprints(*titles), containers=[closed("Old"), RUNNING, NEXT, LATER])
    assert isinstance(found, Unknown) if expected is Unknown else found == expected


def test_a_sprint_tells_its_state_and_days():
    run = sprint("Run", ends_on=date(2026, 11, 27))
    found = [asked(f"item.sprint_{name}", in_sprints("Run"), containers=[run]) for name in ("state", "ends_on")]
    assert found == ["active", date(2026, 11, 27)]
    assert asked("item.sprint_starts_on", in_sprints("Run"), containers=[run]) == MONDAY


def put_in(at):
    return make_event("sprints", after=str(container_id("Run", SPRINT)), at=at)


EARLY, LATE = datetime(2026, 11, 16, 9, tzinfo=UTC), datetime(2026, 11, 17, 9, tzinfo=UTC)
OLD_ITEM = in_sprints("Run", created_at=NOW - timedelta(days=90))


@pytest.mark.parametrize(
    ("item", "events", "known", "expected"),
    [
        pytest.param(OLD_ITEM, [put_in(LATE)], {}, True, id="put-in-late"),
        pytest.param(OLD_ITEM, [put_in(EARLY)], {}, False, id="on-its-first-day"),
        pytest.param(OLD_ITEM, [], {}, False, id="in-it-since-it-was-created"),
        pytest.param(OLD_ITEM, [], {"known_since": EARLY}, False, id="in-it-before-history-is-known"),
        pytest.param(OLD_ITEM, [], {"known_since": LATE}, None, id="history-begins-later"),
        pytest.param(OLD_ITEM, [], {"history": False}, None, id="no-history"),
        pytest.param(in_sprints("Run", created_at=LATE), [], {"history": False}, True, id="created-later"),
    ],
)
def test_what_was_put_into_a_sprint_after_its_first_day(item, events, known, expected):
    found = asked("item.added_after_sprint_start", item, *events, containers=[RUNNING], **known)
    assert type(found) is Unknown if expected is None else found is expected
    at = asked("item.added_to_sprint_at", item, *events, containers=[RUNNING], **known)
    assert events == [] or at == events[0].at


def test_an_item_in_no_sprint_was_put_in_none():
    assert asked("item.added_to_sprint_at") is None
    assert asked("item.added_after_sprint_start") is None
    no_day = sprint("Run", starts=None)
    assert asked("item.added_after_sprint_start", in_sprints("Run"), containers=[no_day]) is None


DONE = {"status_category": StatusCategory.DONE}


@pytest.mark.parametrize(
    ("item", "left", "expected"),
    [
        pytest.param(in_sprints("A", "B", "Run"), [], ["A", "B"], id="not-done"),
        pytest.param(in_sprints("Run"), [], [], id="first-sprint"),
        pytest.param(in_sprints("A", **DONE, closed_at=datetime(2026, 10, 30, tzinfo=UTC)), [], [], id="done-in-it"),
        pytest.param(in_sprints("A", "B", **DONE, closed_at=EARLY), [], ["A", "B"], id="done-after-both"),
        pytest.param(in_sprints("A", **DONE), [], [], id="done-nobody-knows-when"),
        pytest.param(in_sprints("Run"), [("A", EARLY)], ["A"], id="moved-on-after-its-end"),
        pytest.param(in_sprints("Run"), [("B", datetime(2026, 11, 13, 18, tzinfo=UTC))], ["B"], id="on-its-last-day"),
        pytest.param(in_sprints("Run"), [("B", datetime(2026, 11, 9, tzinfo=UTC))], [], id="taken-out-before-its-end"),
    ],
)
def test_what_was_carried_over(item, left, expected):
    events = [make_event("sprints", before=str(container_id(title, SPRINT)), at=at) for title, at in left]
    containers = [closed("A", date(2026, 10, 30)), closed("B"), RUNNING]
    assert list(asked("item.carried_over_from", item, *events, containers=containers)) == expected
    assert asked("item.carried_over_count", item, *events, containers=containers) == len(expected)


def test_what_was_carried_over_is_unknown_where_a_sprint_was_not_read():
    assert isinstance(asked("item.carried_over_count", in_sprints("A")), Unknown)
    assert isinstance(asked("item.carried_over_from", in_sprints("A"))[-1], Unknown)
