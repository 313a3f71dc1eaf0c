from datetime import date

import pytest

from syncd.model.identity import ContainerId, Ref
from syncd.model.items import StatusCategory
from syncd.store.history import events_between
from tests.builders import NOW, blocked_by, blocks, container_id, make_item, make_ref

SPRINT = ContainerId("jira", "sprint", "7")


@pytest.mark.parametrize(
    ("field", "before", "after", "words"),
    [
        pytest.param("status", {"status": "To Do"}, {"status": "Done"}, ("To Do", "Done"), id="status"),
        pytest.param("title", {"title": "Slow"}, {"title": "Fast"}, ("Slow", "Fast"), id="title"),
        pytest.param("labels", {"labels": ("b", "a")}, {"labels": ("c", "a")}, ("a, b", "a, c"), id="labels"),
        pytest.param(
            "milestones", {}, {"milestones": (container_id("26.12"),)}, ("", "jira:milestone:n26.12"), id="milestone"
        ),
        pytest.param("sprints", {"sprints": (SPRINT,)}, {}, ("jira:sprint:7", ""), id="sprint"),
        pytest.param("parent", {}, {"parent": make_ref("PAY-9")}, ("", "jira:nPAY-9"), id="parent"),
        pytest.param("estimate", {"estimate": 3.0}, {"estimate": 5.5}, ("3", "5.5"), id="estimate"),
        pytest.param("estimate", {}, {"estimate": 0.0}, ("", "0"), id="estimated-at-nothing"),
        pytest.param("due_on", {}, {"due_on": date(2026, 12, 1)}, ("", "2026-12-01"), id="due"),
        pytest.param("assignees", {"assignees": ("ann",)}, {"assignees": ("bob",)}, ("ann", "bob"), id="assignee"),
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
