"""What a simulated Jira site is made of: plain records, replaced and never changed in place."""

from datetime import datetime
from typing import Any

import msgspec

from syncd.simulator.jira.prose import Prose


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person or bot; ``email`` and ``token`` are what it signs in with, empty for somebody who never does."""

    account_id: str
    display_name: str
    email: str = ""
    token: str = ""
    time_zone: str = "UTC"
    active: bool = True
    is_expired: bool = False

    def __repr__(self) -> str:
        return f"User({self.account_id!r})"


class Project(msgspec.Struct, frozen=True):
    """A project; its key is what issues keys begin with; the type is ``software``, ``business`` or ``service_desk``."""

    id: str
    key: str
    name: str
    type_key: str = "software"


class IssueType(msgspec.Struct, frozen=True):
    """An issue type; level -1 is a sub-task, 0 the base, 1 an epic."""

    id: str
    name: str
    hierarchy_level: int = 0


class Status(msgspec.Struct, frozen=True):
    """A status; the category is ``new``, ``indeterminate`` or ``done``."""

    id: str
    name: str
    category: str


class LinkType(msgspec.Struct, frozen=True):
    """A kind of issue link with its words for both directions."""

    id: str
    name: str
    inward: str
    outward: str


class Named(msgspec.Struct, frozen=True):
    """A priority, resolution or component."""

    id: str
    name: str


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a project; dates are ``yyyy-mm-dd``."""

    id: str
    project_key: str
    name: str
    description: str = ""
    released: bool = False
    archived: bool = False
    start_date: str | None = None
    release_date: str | None = None


class Sprint(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint; the state is ``future``, ``active`` or ``closed``; times are ISO 8601 in UTC, as Jira Software has
    them.
    """

    id: int
    name: str
    state: str = "future"
    board_id: int = 1
    goal: str = ""
    start_date: str | None = None
    end_date: str | None = None
    complete_date: str | None = None


class SecurityLevel(msgspec.Struct, frozen=True):
    """Issues under it are for ``members`` (account ids) only."""

    id: str
    name: str
    members: frozenset[str]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field as ``GET /field`` tells it; ``custom`` is the type's URI, empty for a system field."""

    id: str
    name: str
    type: str
    items: str = ""
    custom: str = ""
    clause_names: tuple[str, ...] = ()


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """What one issue's row shows of another: its parent, a sub-task, the end of a link."""

    id: str
    key: str
    summary: str
    status: Status
    type: IssueType
    priority: Named | None = None


class Link(msgspec.Struct, frozen=True):
    """``source`` outward-words ``target``: for Blocks, the source blocks the target."""

    id: str
    type: LinkType
    source_id: str
    target_id: str


class RemoteLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link to a thing on another site; ``relationship`` is free text, read from the issue: "is blocked by"."""

    id: str
    url: str
    title: str
    relationship: str = ""
    is_resolved: bool = False


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment of an issue, with its entity properties by key."""

    id: str
    issue_id: str
    author_id: str | None
    update_author_id: str | None
    body: Prose
    created_at: datetime
    updated_at: datetime
    properties: dict[str, Any] = {}
    visibility: dict[str, Any] | None = None


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue at one moment; other things are named by their ids."""

    id: str
    key: str
    project_key: str
    type: IssueType
    status: Status
    summary: str
    created_at: datetime
    updated_at: datetime
    description: Prose | None = None
    labels: tuple[str, ...] = ()
    priority: Named | None = None
    resolution: Named | None = None
    resolved_at: datetime | None = None
    assignee_id: str | None = None
    reporter_id: str | None = None
    parent_id: str | None = None
    fix_version_ids: tuple[str, ...] = ()
    affected_version_ids: tuple[str, ...] = ()
    components: tuple[Named, ...] = ()
    sprint_ids: tuple[int, ...] = ()
    due_date: str | None = None
    custom: dict[str, Any] = {}
    security_id: str | None = None

    @property
    def number(self) -> int:
        """The number in the key: 88 of PAY-88."""
        return int(self.key.rpartition("-")[2])

    def face(self) -> Face:
        """What other issues show of this one."""
        return Face(
            id=self.id,
            key=self.key,
            summary=self.summary,
            status=self.status,
            type=self.type,
            priority=self.priority,
        )
