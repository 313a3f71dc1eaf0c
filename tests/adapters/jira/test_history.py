"""What Jira's changelog is read as: on real HTTP to the simulated site, and row by row."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.jira.adapter import JiraAdapter
from adapters.jira.changelog import Log, events_of, phrases_of
from adapters.jira.fields import Fields
from adapters.jira.mapping import Frame
from adapters.jira.values import MalformedError
from adapters.retry import ATTEMPTS
from syncd.model.errors import TransientError
from syncd.model.events import events_between
from syncd.model.identity import Handle, ItemId
from syncd.model.items import BEGINNING, Event, Item
from syncd.simulator.faults import Fault
from tests.adapters.jira.company import ADA, handle_of

ITEM = ItemId("jira", "10001")
FRAME = Frame(
    tracker="jira",
    site="https://acme.example",
    prefix="syncd:",
    fields=Fields(sprint=("customfield_10020",), points=("customfield_10016",)),
)
PHRASES = phrases_of(
    [
        {"name": "Blocks", "outward": "blocks", "inward": "is blocked by"},
        {"name": "Relates", "outward": "relates to", "inward": "relates to"},
    ]
)
AT = "2026-11-24T10:00:00.000+0200"


def detail(
    field: str, before: tuple[Any, Any] = (None, None), after: tuple[Any, Any] = (None, None), **given: Any
) -> Any:
    return {
        "field": field,
        **given,
        "from": before[0],
        "fromString": before[1],
        "to": after[0],
        "toString": after[1],
    }


def read(*details: Any, created: Any = AT, author: Any = None) -> list[Event]:
    row = {"id": "1", "created": created, "items": list(details), "author": author}
    return list(events_of([row], ITEM, Log(FRAME, PHRASES)))


@pytest.mark.parametrize(
    ("given", "steps"),
    [
        pytest.param(
            detail("status", ("6", "Closed"), ("10068", "已完成"), fieldId="status"),
            [("status", "Closed", "已完成")],
            id="status",
        ),
        pytest.param(detail("summary", (None, "a"), (None, "b")), [("title", "a", "b")], id="title"),
        pytest.param(detail("description", (None, "a"), (None, "b")), [("body", "", "changed")], id="body"),
        pytest.param(detail("resolution", (None, None), ("1", "Done")), [("resolution", "", "Done")], id="resolution"),
        pytest.param(detail("priority", ("3", "Low"), ("1", "High")), [("priority", "Low", "High")], id="priority"),
        pytest.param(detail("issuetype", ("1", "Bug"), ("2", "Task")), [("type", "Bug", "Task")], id="type"),
        pytest.param(detail("Key", (None, "PAY-1"), (None, "FRAUD-2")), [("key", "PAY-1", "FRAUD-2")], id="moved"),
        pytest.param(
            detail("duedate", (None, None), ("2026-12-01", "2026-12-01 00:00:00.0")),
            [("due_on", "", "2026-12-01")],
            id="due",
        ),
        pytest.param(
            detail("labels", ("", "a b syncd:x"), ("", "b c Syncd:y")),
            [("labels", "a", ""), ("labels", "", "c")],
            id="labels-but-ours",
        ),
        pytest.param(
            detail("Component", ("1", "api v2"), (None, None)), [("components", "api v2", "")], id="component"
        ),
        pytest.param(
            detail("Fix Version", (None, None), ("10008", "v2.7.0"), fieldId="fixVersions"),
            [("milestones", "", "jira:version:10008")],
            id="version",
        ),
        pytest.param(
            detail("Sprint", ("7", "Sprint 7"), ("7, 8", "Sprint 7, Sprint 8"), fieldId="customfield_10020"),
            [("sprints", "", "jira:sprint:8")],
            id="sprint-carried-over",
        ),
        pytest.param(
            detail("assignee", ("5ec", "Ann"), ("6fd", "Bob")),
            [("assignees", "5ec", ""), ("assignees", "", "6fd")],
            id="assignee",
        ),
        pytest.param(
            detail("Story Points", (None, "3.0"), (None, "5.5"), fieldId="customfield_10016"),
            [("estimate", "3", "5.5")],
            id="estimate",
        ),
        pytest.param(
            detail("Epic Link", (None, None), ("10073", "EE-11"), fieldId="customfield_10014"),
            [("parent", "", "jira:10073")],
            id="epic",
        ),
        pytest.param(
            detail("IssueParentAssociation", ("1", "K5-1"), ("2", "K5-2")),
            [("parent", "jira:1", "jira:2")],
            id="parent",
        ),
        pytest.param(
            detail("Link", (None, None), ("PAY-2", "This issue is blocked by PAY-2")),
            [("links", "", "Blocks in jira:PAY-2")],
            id="link",
        ),
        pytest.param(
            detail("Link", ("PAY-2", "This issue blocks PAY-2"), (None, None)),
            [("links", "Blocks out jira:PAY-2", "")],
            id="link-taken-away",
        ),
        pytest.param(
            detail("Link", (None, None), ("PAY-2", "This issue relates to PAY-2")), [], id="a-link-that-reads-alike"
        ),
        pytest.param(detail("Link", (None, None), ("PAY-2", "Dieser Vorgang blockiert")), [], id="another-language"),
        pytest.param(detail("Rank", ("", ""), ("", "Ranked lower")), [], id="rank"),
        pytest.param(detail("Workflow", ("1", "a"), ("2", "b")), [], id="workflow"),
        pytest.param(detail("status", ("1", "Open"), ("2", "Open")), [], id="a-status-of-the-same-name"),
    ],
)
def test_a_change_is_read_as_steps_of_our_fields(given: Any, steps: list[tuple[str, str, str]]):
    assert [(event.field, event.before, event.after) for event in read(given)] == steps


@pytest.mark.parametrize(
    "created",
    [
        pytest.param("2026-11-24T10:00:00.000+0200", id="text"),
        pytest.param(1795507200, id="seconds"),
        pytest.param(1795507200000, id="milliseconds"),
    ],
)
def test_a_time_is_a_text_or_a_number(created: Any):
    (event,) = read(detail("summary", (None, "a"), (None, "b")), created=created, author={"accountId": "5ec"})
    assert event.at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert event.actor == "5ec"


def test_an_epic_that_is_told_twice_is_one_step():
    both = [detail(name, (None, None), ("7", "PAY-7")) for name in ("Epic Link", "IssueParentAssociation")]
    assert len(read(*both)) == 1


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        pytest.param({"items": []}, "created is missing", id="no-time"),
        pytest.param({"created": "soon", "items": []}, "created is not a time", id="no-such-time"),
        pytest.param({"created": AT, "items": "?"}, "items is not a list", id="no-items"),
        pytest.param(
            {"created": AT, "items": [{"field": "x", "fieldId": "customfield_10016", "toString": "much"}]},
            "toString of x is not a number",
            id="no-number",
        ),
    ],
)
def test_a_malformed_change_is_said(row: Any, fault: str):
    with pytest.raises(MalformedError, match=fault):
        list(events_of([row], ITEM, Log(FRAME, PHRASES)))


def item_now(tracker: JiraAdapter, item: Handle) -> Item:
    (sighting,) = tracker.read([item])
    assert sighting.item is not None
    return sighting.item


EDITS: list[dict[str, Any]] = [
    {"summary": "Other", "status": "In Progress", "priority": "High"},
    {"status": "Done"},
    {"status": "To Do", "resolution": None, "labels": ["b"], "type": "Bug"},
    {"fix_versions": ["1.0"], "sprints": ["S1", "S2"], "due_date": "2026-12-24", "story_points": 3},
    {"fix_versions": [], "sprints": ["S2"], "due_date": None, "story_points": 5.5, "assignee": ADA},
    {"parent": "PAY-1", "description": "long", "components": ["api"], "assignee": None},
    {"parent": None, "labels": [], "components": []},
]


def test_the_changelog_tells_what_two_readings_show(tracker, state, clock):
    for name in ("PAY-1", "PAY-2"):
        state.add_issue("PAY", name, type="Epic")
    state.catalogue.add_version("PAY", "1.0")
    for sprint in ("S1", "S2"):
        state.catalogue.add_sprint(sprint)
    item = handle_of(state.add_issue("PAY", "One", labels=["a"]))
    before, expected = item_now(tracker, item), []
    for edit in EDITS:
        clock.set(clock.now() + timedelta(minutes=1))
        state.edit_issue(item.key, by=ADA, **edit)
        after = item_now(tracker, item)
        expected += [(e.field, e.before, e.after) for e in events_between(before, after, clock.now())]
        before = after

    (page,) = tracker.history([item])
    history = page.histories[item.id]

    told = [(event.field, event.before, event.after) for event in history.events]
    assert sorted(told) == sorted(expected)
    assert {event.actor for event in history.events} == {ADA}
    assert history.known_since == BEGINNING


def test_links_and_moves_are_told_too(tracker, state):
    one, two = (handle_of(state.add_issue("PAY", title)) for title in ("One", "Two"))
    link = state.add_link("Blocks", one.key, two.key)
    state.remove_link(link.id)
    state.move_issue(one.key, "FRAUD")

    (page,) = tracker.history([one, two])

    assert [(e.field, e.before, e.after) for e in page.histories[one.id].events] == [
        ("links", "", f"Blocks out jira:{two.key}"),
        ("links", f"Blocks out jira:{two.key}", ""),
        ("key", one.key, "FRAUD-1"),
    ]
    assert [e.after or e.before for e in page.histories[two.id].events] == [f"Blocks in jira:{one.key}"] * 2


def test_another_jira_is_asked_issue_by_issue(tracker, state, server):
    one, two = (handle_of(state.add_issue("PAY", title)) for title in ("One", "Two"))
    state.edit_issue(one.key, summary="Other")
    state.delete_issue(two.key)
    server.faults.add(Fault(tracker="jira", path="changelog/bulkfetch", status=404))

    told, failed = tracker.history([one, two])

    assert [event.after for event in told.histories[one.id].events] == ["Other"]
    assert failed.failures.keys() == {two.id}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param('{"id": "1"}', "its changes are not told", id="none"),
        pytest.param(
            '{"changelog": {"total": 150, "histories": []}}', "only 0 of its 150 changes are told", id="not-all"
        ),
    ],
)
def test_half_a_changelog_is_none(tracker, state, server, body, why):
    item = handle_of(state.add_issue("PAY", "One"))
    server.faults.add(Fault(tracker="jira", path="changelog/bulkfetch", status=404))
    server.faults.add(Fault(tracker="jira", path="issue/1", status=200, body=body))

    (page,) = tracker.history([item])

    assert page.failures == {item.id: why}


def test_a_malformed_answer_about_one_issue_hides_no_other(tracker, state):
    one, two = (handle_of(state.add_issue("PAY", title)) for title in ("One", "Two"))
    state.edit_issue(one.key, by=ADA, story_points=3)
    state.edit_issue(two.key, summary="Other")
    (change,) = state.changelog.of(one.id.native_id)
    (bad,) = change.details
    state.changelog.put(
        one.id.native_id, change.at, None, (type(bad)(field="Sp", field_id=bad.field_id, after=(None, "x")),)
    )

    (page,) = tracker.history([one, two])

    assert page.failures == {one.id: "can't be read: toString of Sp is not a number"}
    assert len(page.histories[two.id].events) == 1


def four_of(state):
    return [handle_of(state.add_issue("PAY", title)) for title in ("One", "Two", "Three", "Four")]


def test_an_issue_that_the_site_fails_at_hides_no_other(tracker, state, server):
    one, two, three, four = four_of(state)
    server.faults.add(Fault(tracker="jira", path="changelog/bulkfetch", status=500, count=ATTEMPTS))
    server.faults.add(Fault(tracker="jira", path="changelog/bulkfetch", status=500, skip=1, count=ATTEMPTS))

    pages = list(tracker.history([one, two, three, four]))

    assert [page.histories.keys() for page in pages] == [{one.id}, {three.id}, {four.id}, set()]
    assert pages[-1].failures == {two.id: "failed (500)"}


def test_where_nothing_is_told_it_is_the_site_and_no_issue(tracker, state, server):
    handles = four_of(state)
    server.faults.add(Fault(tracker="jira", path="changelog/bulkfetch", status=500, count=None))

    with pytest.raises(TransientError):
        list(tracker.history(handles))


def test_a_limit_ends_the_reading(tracker, state, server):
    handles = four_of(state)
    limit = Fault(tracker="jira", path="changelog", status=429, headers={"retry-after": "3600"}, count=None)
    server.faults.add(limit)
    server.journal.clear()

    with pytest.raises(TransientError):
        list(tracker.history(handles))

    assert len([entry for entry in server.journal.entries() if "changelog" in entry.path]) == 1


def test_a_change_that_two_pages_show_is_one(tracker, state, server):
    item = handle_of(state.add_issue("PAY", "One"))
    change = {"id": "7", "created": AT, "items": [detail("summary", (None, "a"), (None, "b"))]}
    log = {"issueId": item.id.native_id, "changeHistories": [change]}
    for token in ("next", None):
        body = json.dumps({"issueChangeLogs": [log], "nextPageToken": token})
        server.faults.add(Fault(tracker="jira", path="changelog/bulkfetch", status=200, body=body))

    *_, page = tracker.history([item])

    assert [(event.before, event.after) for event in page.histories[item.id].events] == [("a", "b")]
