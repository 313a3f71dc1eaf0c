from datetime import date

import pytest

from syncd.model.events import events_between, link_parts, members_of, ref_of, text_of
from syncd.model.identity import ContainerId, Ref
from syncd.model.items import EVENT_FIELDS, SET_FIELDS, Person, StatusCategory
from tests.builders import NOW, blocked_by, blocks, container_id, make_item, make_ref

SPRINT = ContainerId("jira", "sprint", "7")


@pytest.mark.parametrize(
    ("field", "before", "after", "words"),
    [
        pytest.param("status", {"status": "To Do"}, {"status": "Done"}, ("To Do", "Done"), id="status"),
        pytest.param("title", {"title": "Slow"}, {"title": "Fast"}, ("Slow", "Fast"), id="title"),
        pytest.param("resolution", {}, {"resolution": "Done"}, ("", "Done"), id="resolution"),
        pytest.param("type", {"type": "Task"}, {"type": "Story"}, ("Task", "Story"), id="type"),
        pytest.param("priority", {"priority": "Low"}, {"priority": "High"}, ("Low", "High"), id="priority"),
        pytest.param("labels", {"labels": ("b", "a")}, {"labels": ("a",)}, ("b", ""), id="label"),
        pytest.param("components", {}, {"components": ("api",)}, ("", "api"), id="component"),
        pytest.param(
            "milestones", {}, {"milestones": (container_id("26.12"),)}, ("", "jira:milestone:n26.12"), id="milestone"
        ),
        pytest.param("sprints", {"sprints": (SPRINT,)}, {}, ("jira:sprint:7", ""), id="sprint"),
        pytest.param("parent", {}, {"parent": make_ref("PAY-9")}, ("", "jira:nPAY-9"), id="parent"),
        pytest.param("estimate", {"estimate": 3.0}, {"estimate": 5.5}, ("3", "5.5"), id="estimate"),
        pytest.param("estimate", {}, {"estimate": 0.0}, ("", "0"), id="estimated-at-nothing"),
        pytest.param("due_on", {}, {"due_on": date(2026, 12, 1)}, ("", "2026-12-01"), id="due"),
        pytest.param("assignees", {"assignees": ("ann",)}, {}, ("ann", ""), id="assignee"),
        pytest.param("links", {}, {"links": (blocks("PAY-2"),)}, ("", "blocks out jira:nPAY-2"), id="link"),
        pytest.param("body", {"body": "long ago"}, {"body": "rewritten"}, ("", "changed"), id="body"),
    ],
)
def test_a_field_that_differs_is_an_event(field: str, before: dict, after: dict, words: tuple[str, str]):
    (event,) = events_between(make_item(**before), make_item(**after), NOW)
    assert (event.field, event.before, event.after, event.at) == (field, *words, NOW)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"labels": ("a", "b")}, {"labels": ("b", "a")}, id="order-of-labels"),
        pytest.param({"links": (blocks("A-1"), blocks("A-2"))}, {"links": (blocks("A-2"), blocks("A-1"))}, id="links"),
        pytest.param(
            {"links": (blocked_by("A-1"),)},
            {"links": (blocked_by("A-1", StatusCategory.DONE),)},
            id="the-status-of-a-link's-target",
        ),
        pytest.param(
            {"parent": Ref("jira", "10", "PAY-9")}, {"parent": Ref("jira", "10", "FRAUD-1")}, id="a-parent's-new-key"
        ),
        pytest.param({"own_labels": ()}, {"own_labels": ("syncd:cycle",)}, id="our-own-label"),
        pytest.param({"comment_count": 1}, {"comment_count": 2}, id="a-comment"),
    ],
)
def test_what_is_no_change_of_the_work_is_no_event(before: dict, after: dict):
    assert list(events_between(make_item(**before), make_item(**after), NOW)) == []


def test_each_member_that_came_or_went_is_an_event_of_its_own():
    before, after = make_item(labels=("b", "a", "d")), make_item(labels=("c", "a", "e"))
    found = [(event.before, event.after) for event in events_between(before, after, NOW)]
    assert found == [("b", ""), ("d", ""), ("", "c"), ("", "e")]


def test_a_move_is_an_event():
    before, after = make_item("PAY-1", title="Same"), make_item("FRAUD-9", title="Same", id=make_item("PAY-1").id)
    assert [(e.field, e.before, e.after) for e in events_between(before, after, NOW)] == [("key", "PAY-1", "FRAUD-9")]


def test_every_field_of_events_can_be_read_off_an_item():
    item = make_item(title="Fast", due_on=date(2026, 12, 1), labels=("a",), links=(blocks("PAY-2"),))
    assert [text_of(item, field) for field in ("title", "due_on", "body")] == ["Fast", "2026-12-01", ""]
    for field in EVENT_FIELDS:
        assert isinstance(members_of(item, field) if field in SET_FIELDS else text_of(item, field), tuple | str)
    assert members_of(item, "links") == ("blocks out jira:nPAY-2",)


def test_a_person_is_told_by_account_and_without_one_by_name():
    item = make_item(assignees=(Person("Ann", "5ec"), Person("Bob")))
    assert members_of(item, "assignees") == ("5ec", "Bob")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("Blocks in jira:10042", ("Blocks", "in", "jira:10042"), id="id"),
        pytest.param("is in out github:a/b#1", ("is in", "out", "github:a/b#1"), id="a-name-with-a-direction"),
        pytest.param("Blocks in github:it can't be read", ("Blocks", "in", "github:it can't be read"), id="unseen"),
        pytest.param("Blocks", None, id="no-link"),
    ],
)
def test_a_link_can_be_read_back(text: str, parts: tuple[str, str, str] | None):
    assert link_parts(text) == parts


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        pytest.param("jira:10042", Ref("jira", "10042"), id="id"),
        pytest.param("jira:PAY-1", Ref("jira", "PAY-1", "PAY-1"), id="key"),
        pytest.param("github:acme/checkout#1", Ref("github", "acme/checkout#1", "acme/checkout#1"), id="github-key"),
    ],
)
def test_a_target_can_be_read_back(text: str, ref: Ref):
    assert ref_of(text) == ref
