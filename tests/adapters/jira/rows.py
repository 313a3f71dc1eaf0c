"""Rows as Jira Cloud sends them, with defaults, so that a test shows only what its case is about."""

from typing import Any

from adapters.jira.fields import Fields
from adapters.jira.mapping import Frame

SPRINT, RANK, POINTS, TEAM = "customfield_10020", "customfield_10019", "customfield_10016", "customfield_10050"
FRAME = Frame(
    tracker="jira",
    site="https://acme.atlassian.net",
    prefix="syncd:",
    fields=Fields(sprint=(SPRINT,), rank=(RANK,), points=(POINTS,), named=((TEAM, "Team"), ("duedate", "Due date"))),
)


def row(**fields: Any) -> dict[str, Any]:
    """Return a row of a search; ``fields`` replace or add."""
    usual = {
        "summary": "Retry a failed capture",
        "issuetype": {"id": "10001", "name": "Story", "subtask": False, "hierarchyLevel": 0},
        "project": {"id": "10000", "key": "PAY", "name": "Payments", "projectTypeKey": "software"},
        "status": status("To Do", "new"),
        "created": "2026-11-20T10:00:00.000+0530",
        "updated": "2026-11-23T09:00:00.123+0530",
    }
    return {"expand": "", "id": "10042", "key": "PAY-7", "self": "https://x", "fields": {**usual, **fields}}


def status(name: str, category: str) -> dict[str, Any]:
    return {"id": "1", "name": name, "statusCategory": {"id": 2, "key": category, "name": "any", "colorName": "green"}}


def other(key: str, category: str = "new", native_id: str = "10099") -> dict[str, Any]:
    """Return what a row shows of another issue."""
    return {"id": native_id, "key": key, "self": "x", "fields": {"summary": "x", "status": status("x", category)}}


def link(name: str, *, outward: str = "", inward: str = "", category: str = "new") -> dict[str, Any]:
    kind = {"id": "1", "name": name, "inward": "is blocked by", "outward": "blocks"}
    return {"id": "5", "type": kind} | (
        {"outwardIssue": other(outward, category)} if outward else {"inwardIssue": other(inward, category)}
    )


def doc(*content: Any) -> dict[str, Any]:
    return {"type": "doc", "version": 1, "content": list(content)}


def paragraph(*content: Any) -> dict[str, Any]:
    return {"type": "paragraph", "content": [text(each) if isinstance(each, str) else each for each in content]}


def text(words: str, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"marks": list(marks)} if marks else {})


def linked(words: str, address: str) -> dict[str, Any]:
    return text(words, {"type": "link", "attrs": {"href": address}})
