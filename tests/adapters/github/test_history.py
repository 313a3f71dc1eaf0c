"""What GitHub's timelines are read as: on real HTTP to the simulated GitHub, and row by row."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.github.mapping import MalformedError, Terms
from adapters.github.timeline import events_of, known_since
from syncd.model.errors import TransientError
from syncd.model.events import events_between
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import BEGINNING, Item
from tests.adapters.github.simulated import CHECKOUT, SDK, SimulatedGitHub

ITEM = ItemId("github", "1")
PLACE = PlaceId("github", CHECKOUT)
TERMS = Terms(tracker="github", prefix="syncd:", spelling={CHECKOUT: CHECKOUT})


def row(event: str, at: str = "2026-11-24T10:00:00Z", **given: Any) -> dict[str, Any]:
    return {"id": 1, "event": event, "created_at": at, "actor": {"login": "ada"}, **given}


def steps(*rows: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(event.field, event.before, event.after) for event in events_of(rows, ITEM, PLACE, TERMS)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([row("labeled", label={"name": "bug"})], [("labels", "", "bug")], id="labeled"),
        pytest.param([row("unlabeled", label={"name": "bug"})], [("labels", "bug", "")], id="unlabeled"),
        pytest.param([row("labeled", label={"name": "Syncd:cycle"})], [], id="a-label-of-ours"),
        pytest.param(
            [row("milestoned", milestone={"title": "22.0"})],
            [("milestones", "", "github:milestone:acme/checkout: 22.0")],
            id="milestone",
        ),
        pytest.param([row("renamed", rename={"from": "a", "to": "b\r"})], [("title", "a", "b\n")], id="renamed"),
        pytest.param(
            [row("closed", state_reason="not_planned"), row("reopened"), row("closed", state_reason="completed")],
            [
                ("status", "open", "closed"),
                ("resolution", "", "not_planned"),
                ("status", "closed", "open"),
                ("resolution", "not_planned", ""),
                ("status", "open", "closed"),
                ("resolution", "", "completed"),
            ],
            id="closed-and-reopened",
        ),
        pytest.param(
            [row("closed", state_reason="completed"), row("closed", state_reason="not_planned")],
            [("status", "open", "closed"), ("resolution", "", "completed"), ("resolution", "completed", "not_planned")],
            id="closed-for-another-reason",
        ),
        pytest.param(
            [row("closed")], [("status", "open", "closed"), ("resolution", "", "completed")], id="before-reasons"
        ),
        pytest.param(
            [row("merged"), row("closed")], [("resolution", "", "merged"), ("status", "open", "closed")], id="merged"
        ),
        pytest.param([row("head_ref_deleted"), row("closed")], [("status", "open", "closed")], id="not-merged"),
        pytest.param([row("assigned", assignee={"login": "bob"})], [("assignees", "", "bob")], id="assigned"),
        pytest.param([row("assigned", assignee={"login": "ghost"})], [], id="assigned-to-nobody-any-more"),
        pytest.param(
            [row("issue_type_changed", issue_type={"name": "Bug"}, prev_issue_type={"name": "Task"})],
            [("type", "Task", "Bug")],
            id="type",
        ),
        pytest.param([row("issue_type_removed", issue_type={"name": "Bug"})], [("type", "Bug", "")], id="no-type"),
        pytest.param([row("issue_type_added")], [], id="a-type-that-is-not-told"),
        pytest.param(
            [row("parent_issue_added", parent_issue={"id": 7}), row("parent_issue_removed", parent_issue={"id": 7})],
            [("parent", "", "github:7"), ("parent", "github:7", "")],
            id="parent",
        ),
        pytest.param(
            [row("blocked_by_added", blocking_issue={"id": 7})], [("links", "", "blocks in github:7")], id="blocker"
        ),
        pytest.param([row("blocked_by_added")], [], id="a-blocker-that-is-not-told"),
        pytest.param(
            [row("sub_issue_added"), row("locked"), {"event": "committed"}, row("commented")], [], id="others"
        ),
    ],
)
def test_an_entry_is_read_as_steps_of_our_fields(rows, told):
    assert steps(*rows) == told


def test_entries_are_told_oldest_first_and_with_who_did_it():
    rows = [
        row("renamed", "2026-11-24T10:00:00Z", rename={"from": "b", "to": "c"}),
        row("renamed", "2026-11-24T09:00:00Z", rename={"from": "a", "to": "b"}, actor=None),
    ]
    found = list(events_of(rows, ITEM, PLACE, TERMS))
    assert [(event.before, event.actor) for event in found] == [("a", ""), ("b", "ada")]
    assert found[1].at == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rows", "since"),
    [
        pytest.param([], BEGINNING, id="nothing-happened"),
        pytest.param([row("closed"), row("commented")], BEGINNING, id="all-told"),
        pytest.param([row("parent_issue_added", parent_issue={"id": 7})], BEGINNING, id="a-parent-that-is-told"),
        pytest.param(
            [row("parent_issue_added"), row("blocked_by_removed", "2026-11-24T11:00:00Z"), row("labeled")],
            datetime(2026, 11, 24, 11, 0, tzinfo=UTC),
            id="relations-that-are-not-told",
        ),
    ],
)
def test_what_is_not_told_makes_unknown_what_was_before(rows, since):
    assert known_since(rows) == since


def test_a_malformed_entry_is_said():
    with pytest.raises(MalformedError, match="label"):
        steps(row("labeled", label="bug"))


@pytest.fixture
def github() -> Iterator[SimulatedGitHub]:
    simulated = SimulatedGitHub()
    with simulated.server:
        yield simulated


def item_now(github: SimulatedGitHub, item: Handle) -> Item:
    (sighting,) = github.adapter().read([item])
    assert sighting.item is not None
    return sighting.item


EDITS: list[dict[str, Any]] = [
    {"title": "Other", "labels": ["a", "c"]},
    {"labels": ["c"], "assignees": ["ada"], "type": "Bug"},
    {"state": "closed", "state_reason": "not_planned"},
    {"state": "open", "state_reason": "reopened", "type": "Task"},
    {"assignees": [], "type": None, "body": "long"},
]


def test_the_timeline_tells_what_two_readings_show(github):
    item = github.add_item("One", labels=["a", "b"])
    before, expected = item_now(github, item), []
    for edit in EDITS:
        github.clock.set(github.clock.now() + timedelta(minutes=1))
        github.state.edit_issue(item.key, by="ada", **edit)
        after = item_now(github, item)
        found = events_between(before, after, github.clock.now())
        expected += [(e.field, e.before, e.after) for e in found if e.field != "body"]
        before = after

    (page,) = github.adapter().history([item])
    history = page.histories[item.id]

    assert sorted((e.field, e.before, e.after) for e in history.events) == sorted(expected)
    assert {event.actor for event in history.events} == {"ada"}
    assert history.known_since == BEGINNING


def test_parents_blockers_and_milestones_are_told_too(github):
    item, parent, blocker = (github.add_item(title) for title in ("one", "parent", "blocker"))
    github.state.add_milestone(CHECKOUT, "Beta")
    github.state.edit_issue(item.key, milestone="Beta")
    github.state.set_parent(item.key, parent.key)
    github.state.set_blocked_by(item.key, blocker.key)
    after = item_now(github, item)

    (page,) = github.adapter().history([item])

    milestone, moved, blocked = page.histories[item.id].events
    assert milestone.after == "github:milestone:acme/checkout: Beta"
    assert moved.after == f"github:{parent.id.native_id}"
    (link,) = after.links
    assert blocked.after == f"{link.name} in github:{blocker.id.native_id}"


def test_a_long_timeline_takes_more_pages_and_comments_count(github):
    item = github.add_item("one")
    for number in range(150):
        github.state.add_comment(item.key, f"comment {number}", "ada")
    github.state.edit_issue(item.key, title="last")
    github.requests()

    first, last = github.adapter().history([item])

    assert github.requests() == [f"GET /repos/{CHECKOUT}/issues/1/timeline 200"] * 2
    assert not first.histories
    assert [event.after for event in last.histories[item.id].events] == ["last"]


@pytest.mark.parametrize(
    ("handle", "why"),
    [
        pytest.param(Handle(ItemId("github", "9"), "acme/checkout#99"), "Not Found", id="gone"),
        pytest.param(Handle(ItemId("github", "9"), "PAY-1"), "no key of a GitHub issue", id="no-key"),
        pytest.param(Handle(ItemId("github", "9"), "acme/nowhere#1"), "there is no repository", id="no-repository"),
    ],
)
def test_what_can_not_be_told_is_a_failure_of_its_own(github, handle, why):
    there = github.add_item("there")

    failed, told = github.adapter().history([handle, there])

    assert why in failed.failures[handle.id]
    assert told.histories.keys() == {there.id}


def test_a_repository_that_can_not_be_read_is_asked_once(github):
    there = github.add_item("there")
    lost = [Handle(ItemId("github", str(number)), f"acme/nowhere#{number}") for number in range(5)]
    github.requests()

    failed, told = github.adapter().history([*lost[:3], there, *lost[3:]])

    assert failed.failures.keys() == {handle.id for handle in lost}
    assert told.histories.keys() == {there.id}
    assert github.requests() == [
        "GET /repos/acme/nowhere/issues/0/timeline 404",
        "GET /repos/acme/nowhere/issues 404",
        f"GET /repos/{CHECKOUT}/issues/1/timeline 200",
    ]


def test_a_renamed_repository_and_a_transferred_issue_are_told_apart(github):
    one, two, stays = (github.add_item(title) for title in ("one", "two", "stays"))
    github.state.transfer_issue(one.key, SDK)

    failed, told = github.adapter().history([one, stays])
    assert failed.failures == {one.id: f"{one.key} was transferred"}
    assert told.histories.keys() == {stays.id}

    github.state.rename_repository(CHECKOUT, "acme/till")
    (failed,) = github.adapter().history([two, stays])
    assert failed.failures.keys() == {two.id, stays.id}
    assert "acme/till" in failed.failures[two.id]


def test_one_that_fails_again_and_again_keeps_no_other_waiting(github):
    bad, good = github.add_item("bad"), github.add_item("good")
    github.fault(path="issues/1/timeline", status=502, count=None)

    failed, told = github.adapter().history([bad, good])

    assert failed.failures.keys() == {bad.id}
    assert told.histories.keys() == {good.id}


def test_a_limit_ends_the_reading(github):
    item = github.add_item("one")
    github.fault(path="timeline", status=429, headers={"retry-after": "3600"}, count=None)

    with pytest.raises(TransientError):
        list(github.adapter().history([item]))


def test_where_several_fail_in_a_row_it_is_the_service_and_no_issue(github):
    handles = [github.add_item(str(number)) for number in range(5)]
    github.fault(path="timeline", status=502, count=None)

    pages = github.adapter().history(handles)

    assert [next(pages).failures.keys() for _ in range(2)] == [{handles[0].id}, {handles[1].id}]
    with pytest.raises(TransientError):
        next(pages)


def test_half_of_the_quota_is_left_to_polls(github):
    handles = [github.add_item(str(number)) for number in range(5)]
    github.state.people.hourly = 5
    adapter = github.adapter()

    pages = adapter.history(handles)
    assert [next(pages).histories.keys() for _ in range(3)] == [{handle.id} for handle in handles[:3]]
    with pytest.raises(TransientError, match="kept for polls") as caught:
        next(pages)
    assert caught.value.retry_after is not None
    github.requests()

    with pytest.raises(TransientError):
        next(adapter.history(handles))
    assert github.requests() == []

    github.clock.set(github.clock.now() + timedelta(hours=1))
    assert next(adapter.history(handles)).histories
