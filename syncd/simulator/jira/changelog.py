"""What was changed on issues, as Jira's changelog tells it: rows of fields with their ids and texts, never altered."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from syncd.simulator.jira import fields as field_ids
from syncd.simulator.jira.catalogue import Catalogue
from syncd.simulator.jira.records import Issue, Link

_NOT_TOLD = (field_ids.RANK, field_ids.FLAGGED)
_NO_SPRINT = ("", "")

Value = tuple[str | None, str | None]
"""The id of a value, where it has one, and its text."""


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a change; an empty ``field_id``: Jira gives none for it."""

    field: str
    field_id: str = ""
    kind: str = "jira"
    before: Value = (None, None)
    after: Value = (None, None)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What was changed on an issue at once."""

    id: str
    issue_id: str
    at: datetime
    author_id: str | None
    details: tuple[Detail, ...]


class Changelog:
    """Changes by issue, in the order in which they were made."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._of: dict[str, list[Change]] = {}
        self._last_id = 10_000

    def of(self, issue_id: str) -> list[Change]:
        """Return the changes of an issue, oldest first."""
        return list(self._of.get(issue_id, ()))

    def put(
        self, issue_id: str, at: datetime, author_id: str | None, details: tuple[Detail, ...], id: str = ""
    ) -> None:
        """Note a change; one of nothing is none."""
        if details:
            self._last_id = max(self._last_id + 1, int(id or 0))
            change = Change(id=id or str(self._last_id), issue_id=issue_id, at=at, author_id=author_id, details=details)
            self._of.setdefault(issue_id, []).append(change)

    def edited(self, before: Issue, after: Issue, at: datetime, by: str | None, names: "Names") -> None:
        """Note what an edit changed."""
        self.put(after.id, at, by, tuple(_details(before, after, self._catalogue, names)))

    def linked(self, link: Link, at: datetime, names: "Names", *, is_removed: bool = False) -> None:
        """Note a link on both of its ends, or that it was taken away."""
        for id, other, words in (
            (link.source_id, link.target_id, link.type.outward),
            (link.target_id, link.source_id, link.type.inward),
        ):
            key = names.key(other)
            value = (key, f"This issue {words} {key}")
            detail = Detail(field="Link", before=value) if is_removed else Detail(field="Link", after=value)
            self.put(id, at, None, (detail,))

    def forget(self, issue_id: str) -> None:
        """Forget the changes of an issue that is deleted."""
        self._of.pop(issue_id, None)


class Names(msgspec.Struct, frozen=True):
    """How ids of issues and of accounts read."""

    key: Callable[[str], str]
    person: Callable[[str], str]


def _details(before: Issue, after: Issue, catalogue: Catalogue, names: Names) -> Iterator[Detail]:
    for field, field_id, value in _single(names):
        old, new = value(before), value(after)
        if old != new:
            yield Detail(field=field, field_id=field_id, before=old, after=new)
    yield from _members("Fix Version", "fixVersions", *(_versions(issue, catalogue) for issue in (before, after)))
    yield from _members(
        "Component", "components", *({one.id: one.name for one in i.components} for i in (before, after))
    )
    yield from _custom(before, after, catalogue)


def _single(names: Names) -> Iterator[tuple[str, str, Callable[[Issue], Value]]]:
    yield "summary", "summary", lambda issue: (None, issue.summary)
    yield (
        "description",
        "description",
        lambda issue: (None, _words(issue.description.adf) if issue.description else None),
    )
    yield "status", "status", lambda issue: (issue.status.id, issue.status.name)
    yield "resolution", "resolution", lambda issue: _named(issue.resolution)
    yield "priority", "priority", lambda issue: _named(issue.priority)
    yield "issuetype", "issuetype", lambda issue: (issue.type.id, issue.type.name)
    yield (
        "assignee",
        "assignee",
        lambda issue: _called(issue.assignee_id, names.person),
    )
    yield "labels", "labels", lambda issue: ("", " ".join(issue.labels))
    yield "duedate", "duedate", lambda issue: (issue.due_date, issue.due_date and f"{issue.due_date} 00:00:00.0")
    yield "IssueParentAssociation", "", lambda issue: _called(issue.parent_id, names.key)
    yield "Key", "", lambda issue: (None, issue.key)


def _words(node: Any) -> str:
    """Return the text of a document, without its form."""
    return " ".join(filter(None, [node.get("text", ""), *map(_words, node.get("content", ()))]))


def _named(named: Any) -> Value:
    return (named.id, named.name) if named else (None, None)


def _called(id: str | None, name: Callable[[str], str]) -> Value:
    return id, name(id) if id else None


def _versions(issue: Issue, catalogue: Catalogue) -> dict[str, str]:
    return {id: catalogue.versions[id].name for id in issue.fix_version_ids}


def _components(issue: Issue) -> dict[str, str]:
    return {component.id: component.name for component in issue.components}


def _members(field: str, field_id: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Detail]:
    for id, name in before.items():
        if id not in after:
            yield Detail(field=field, field_id=field_id, before=(id, name))
    for id, name in after.items():
        if id not in before:
            yield Detail(field=field, field_id=field_id, after=(id, name))


def _custom(before: Issue, after: Issue, catalogue: Catalogue) -> Iterator[Detail]:
    if before.sprint_ids != after.sprint_ids:
        old, new = (_sprints(issue, catalogue) for issue in (before, after))
        yield Detail(field="Sprint", field_id=field_ids.SPRINT, kind="custom", before=old, after=new)
    for field_id in sorted(before.custom.keys() | after.custom.keys()):
        was, is_now = before.custom.get(field_id), after.custom.get(field_id)
        if was != is_now and field_id not in _NOT_TOLD:
            name = catalogue.fields[field_id].name if field_id in catalogue.fields else field_id
            yield Detail(
                field=name, field_id=field_id, kind="custom", before=(None, _text(was)), after=(None, _text(is_now))
            )


def _sprints(issue: Issue, catalogue: Catalogue) -> Value:
    if not issue.sprint_ids:
        return _NO_SPRINT
    names = (catalogue.sprints[id].name for id in issue.sprint_ids)
    return ", ".join(map(str, issue.sprint_ids)), ", ".join(names)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return f"{value:g}" if isinstance(value, int | float) else str(value)
