"""What a simulated GitHub is made of: plain records, replaced and never changed in place."""

from datetime import datetime

import msgspec


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person, bot or organization; ``type`` is GitHub's word for it."""

    login: str
    id: int
    type: str = "User"
    name: str = ""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What an account signs in with; ``can_write`` False: the token may only read issues, whatever the account may."""

    secret: str
    login: str
    can_write: bool = True
    is_expired: bool = False

    def __repr__(self) -> str:
        return f"Token(of {self.login!r})"


class Repository(msgspec.Struct, frozen=True, kw_only=True):
    """A repository; ``full_name`` is ``owner/name``."""

    id: int
    full_name: str
    created_at: datetime
    private: bool = False
    description: str = ""
    has_issues: bool = True

    @property
    def owner(self) -> str:
        """The login of the account that it belongs to."""
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        """The name without its owner."""
        return self.full_name.partition("/")[2]


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A label of a repository; names are compared without case."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


class Milestone(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone of a repository; ``state`` is ``open`` or ``closed``."""

    id: int
    number: int
    title: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    state: str = "open"
    due_on: datetime | None = None
    closed_at: datetime | None = None
    creator: str | None = None


class IssueType(msgspec.Struct, frozen=True, kw_only=True):
    """An issue type of an organization."""

    id: int
    name: str
    description: str | None = None
    color: str = "gray"
    created_at: datetime


class PullRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What makes an issue a pull request."""

    draft: bool = False
    merged_at: datetime | None = None


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue or pull request at one moment; labels, milestone, people and type are named as the repository names
    them.
    """

    id: int
    number: int
    repository_id: int
    title: str
    created_at: datetime
    updated_at: datetime
    body: str | None = None
    author: str | None = None
    author_association: str = "NONE"
    labels: tuple[str, ...] = ()
    milestone: int | None = None
    assignees: tuple[str, ...] = ()
    type: str | None = None
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    is_locked: bool = False
    lock_reason: str | None = None
    parent_id: int | None = None
    pull_request: PullRequest | None = None


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment of an issue or pull request."""

    id: int
    issue_id: int
    author: str | None
    body: str
    created_at: datetime
    updated_at: datetime
    author_association: str = "NONE"
