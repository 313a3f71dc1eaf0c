"""What can be said of an issue when it is added or edited, in plain words, and what that makes of its record."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict

from syncd.simulator.github.catalogue import Catalogue, whole_second
from syncd.simulator.github.people import People
from syncd.simulator.github.records import PullRequest, Repository


class IssueWords(TypedDict, total=False):
    """What may be said of an issue beside its title; a milestone by title or number, people by login."""

    body: str | None
    author: str | None
    author_association: str
    labels: Iterable[str]
    milestone: str | int | None
    assignees: Iterable[str]
    type: str | None
    state: str
    state_reason: str | None
    closed_at: datetime | None
    closed_by: str | None
    is_locked: bool
    lock_reason: str | None
    pull_request: PullRequest | None


class IssueFields(IssueWords, total=False):
    """What may be edited of an issue."""

    title: str


def record_changes(
    given: Mapping[str, Any], repository: Repository, catalogue: Catalogue, people: People
) -> dict[str, Any]:
    """Return ``given`` as attributes of an Issue: labels, types and people come into being, milestones must be there.

    Raises:
        KeyError: the repository has no such milestone.
    """
    changes = dict(given)
    if "labels" in given:
        names = (catalogue.add_label(repository.id, name).name for name in given["labels"])
        changes["labels"] = tuple(dict.fromkeys(names))
    if given.get("milestone") is not None:
        changes["milestone"] = catalogue.milestone(repository.id, given["milestone"]).number
    if given.get("type") is not None:
        changes["type"] = catalogue.type(repository.owner, given["type"]).name
    if "assignees" in given:
        changes["assignees"] = tuple(people.known(login).login for login in given["assignees"])
    for name in ("author", "closed_by"):
        if given.get(name):
            changes[name] = people.known(given[name]).login
    if given.get("closed_at"):
        changes["closed_at"] = whole_second(given["closed_at"])
    return changes
