"""What happened to issues, as their timelines tell it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from syncd.simulator.github.catalogue import Catalogue, whole_second
from syncd.simulator.github.records import Issue

Told = tuple[str, Mapping[str, Any]]
"""The name of an event, and what is told with it."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a timeline; ``other_id`` is the issue at the other end of a relation, shown under ``other_name``."""

    id: int
    name: str
    at: datetime
    actor: str | None
    payload: Mapping[str, Any] = {}
    other_name: str = ""
    other_id: int = 0


class Timeline:
    """Events by issue id, in the order in which they happened; comments are not among them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._of: dict[int, list[Event]] = {}
        self._last_id = 10_000_000_000

    def of(self, issue_id: int) -> list[Event]:
        """Return the events of an issue, oldest first."""
        return list(self._of.get(issue_id, ()))

    def put(
        self,
        issue_id: int,
        name: str,
        at: datetime,
        actor: str | None = None,
        payload: Mapping[str, Any] | None = None,
        *,
        id: int = 0,
    ) -> None:
        """Note an event."""
        self._keep(
            issue_id,
            Event(id=id or self._next_id(), name=name, at=whole_second(at), actor=actor, payload=payload or {}),
        )

    def related(self, issue_id: int, name: str, at: datetime, other_name: str, other_id: int) -> None:
        """Note that an issue got, or lost, a relation to another."""
        event = Event(
            id=self._next_id(), name=name, at=whole_second(at), actor=None, other_name=other_name, other_id=other_id
        )
        self._keep(issue_id, event)

    def edited(self, before: Issue, after: Issue, at: datetime, by: str | None) -> None:
        """Note what an edit changed."""
        for name, payload in self._told(before, after):
            self.put(after.id, name, at, by, payload)

    def move(self, issue_id: int, new_id: int) -> None:
        """Take the events of an issue along to what it became in another repository."""
        self._of[new_id] = self._of.pop(issue_id, [])

    def _keep(self, issue_id: int, event: Event) -> None:
        self._of.setdefault(issue_id, []).append(event)

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _told(self, before: Issue, after: Issue) -> Iterator[Told]:
        if before.title != after.title:
            yield "renamed", {"rename": {"from": before.title, "to": after.title}}
        for name, was, is_now in (("unlabeled", before, after), ("labeled", after, before)):
            for label in was.labels:
                if label not in is_now.labels:
                    yield name, {"label": {"name": label, "color": self._color(after.repository_id, label)}}
        if before.milestone != after.milestone:
            for name, issue in (("demilestoned", before), ("milestoned", after)):
                if issue.milestone is not None:
                    title = self._catalogue.milestone(issue.repository_id, issue.milestone).title
                    yield name, {"milestone": {"title": title}}
        for name, was, is_now in (("unassigned", before, after), ("assigned", after, before)):
            for login in was.assignees:
                if login not in is_now.assignees:
                    yield name, {"assignee": {"login": login}}
        yield from _state(before, after)
        if before.type != after.type:
            yield _type(before.type, after.type)

    def _color(self, repository_id: int, name: str) -> str:
        label = self._catalogue.label(repository_id, name)
        return label.color if label else ""


def _state(before: Issue, after: Issue) -> Iterator[Told]:
    was, is_now = before.pull_request, after.pull_request
    if is_now and is_now.merged_at and not (was and was.merged_at):
        yield "merged", {"commit_id": None}
    if after.state == "closed" and (before.state, before.state_reason) != ("closed", after.state_reason):
        yield "closed", {"state_reason": after.state_reason}
    elif before.state != after.state:
        yield "reopened", {}


def _type(before: str | None, after: str | None) -> Told:
    name = "issue_type_changed" if before and after else "issue_type_added" if after else "issue_type_removed"
    told = {"issue_type": after or before, "prev_issue_type": before if after else None}
    return name, {key: {"name": value} for key, value in told.items() if value}
