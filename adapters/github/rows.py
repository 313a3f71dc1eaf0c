"""The shapes of GitHub's REST answers as far as they are read: another type is refused, what is unknown ignored."""

from datetime import datetime
from typing import Annotated

import msgspec

Stamp = Annotated[datetime, msgspec.Meta(tz=True)]


class UserRow(msgspec.Struct):
    """An account; a deleted one is null or ``ghost``."""

    login: str = ""
    id: int = 0
    type: str = ""


class LabelRow(msgspec.Struct):
    """A label; old answers show its name alone."""

    name: str | None = None


class MilestoneRow(msgspec.Struct):
    """A milestone as an issue shows it."""

    title: str
    id: int | None = None
    state: str = "open"
    due_on: Stamp | None = None


class TypeRow(msgspec.Struct):
    """An issue type."""

    name: str | None = None


class PullRow(msgspec.Struct):
    """What only a pull request has."""

    merged_at: Stamp | None = None


class DependencyRow(msgspec.Struct):
    """How many issues block this one: ``blocked_by`` counts the open ones only, ``total_blocked_by`` all."""

    blocked_by: int | None = None
    total_blocked_by: int | None = None


class NumberRow(msgspec.Struct):
    """What tells an issue apart: all that a census needs."""

    id: int
    number: int


class IssueRow(NumberRow):
    """One row of a list of issues, pull requests included."""

    title: str
    state: str
    updated_at: Stamp
    created_at: Stamp | None = None
    closed_at: Stamp | None = None
    body: str | None = None
    html_url: str | None = None
    url: str | None = None
    state_reason: str | None = None
    user: UserRow | None = None
    assignees: list[UserRow | None] | None = None
    labels: list[LabelRow | str | None] | None = None
    milestone: MilestoneRow | None = None
    type: TypeRow | None = None
    comments: int | None = None
    draft: bool | None = None
    pull_request: PullRow | None = None
    parent_issue_url: str | None = None
    issue_dependencies_summary: DependencyRow | None = None

    @property
    def has_blockers(self) -> bool:
        """Whether its list of blockers is worth a request."""
        summary = self.issue_dependencies_summary
        if summary is None:
            return False
        count = summary.blocked_by if summary.total_blocked_by is None else summary.total_blocked_by
        return (count or 0) > 0


class CommentRow(msgspec.Struct):
    """A comment of an issue or pull request."""

    id: int
    created_at: Stamp | None = None
    updated_at: Stamp | None = None
    body: str | None = None
    user: UserRow | None = None
    author_association: str = ""
    issue_url: str = ""


class PermissionsRow(msgspec.Struct):
    """What the credential may do in a repository."""

    pull: bool = False
    triage: bool = False
    push: bool = False
    maintain: bool = False
    admin: bool = False


class RepositoryRow(msgspec.Struct):
    """A repository; ``visibility`` is public, private or internal."""

    id: int
    full_name: str
    private: bool = True
    visibility: str = ""
    has_issues: bool = True
    archived: bool = False
    permissions: PermissionsRow | None = None
