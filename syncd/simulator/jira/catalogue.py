"""The words of a simulated Jira site: projects, issue types, statuses, versions, sprints, link types and fields.

A usual word (Story, In Progress, Blocks, …) comes into being when it is first used, so that a site has no words that
nobody uses.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

import msgspec

from syncd.simulator.jira.fields import SYSTEM_FIELDS, USUAL_CUSTOM_FIELDS
from syncd.simulator.jira.records import (
    Field,
    IssueType,
    LinkType,
    Named,
    Project,
    SecurityLevel,
    Sprint,
    Status,
    Version,
)

Kept = TypeVar("Kept", IssueType, Status, LinkType, Version, Named, SecurityLevel, Field)
Called = TypeVar("Called", IssueType, Status, LinkType, Version, Sprint, Named)

_USUAL_LEVELS = {"Initiative": 2, "Epic": 1, "Sub-task": -1, "Subtask": -1}
_USUAL_TYPES = frozenset({*_USUAL_LEVELS, "Story", "Task", "Bug", "Improvement", "New Feature", "Incident"})
_USUAL_STATUSES = {
    "Backlog": "new",
    "To Do": "new",
    "Open": "new",
    "In Progress": "indeterminate",
    "In Review": "indeterminate",
    "Done": "done",
    "Closed": "done",
}
_USUAL_LINKS = {
    "Blocks": ("is blocked by", "blocks"),
    "Relates": ("relates to", "relates to"),
    "Duplicate": ("is duplicated by", "duplicates"),
    "Cloners": ("is cloned by", "clones"),
    "Implements": ("is implemented by", "implements"),
    "Issue split": ("split from", "split to"),
    "Synchronised with": ("is synchronised with", "synchronises with"),
}


class Catalogue:
    """Everything an issue names, by id; ``revision`` counts its changes."""

    def __init__(self) -> None:
        self.projects: dict[str, Project] = {}
        self.types: dict[str, IssueType] = {}
        self.statuses: dict[str, Status] = {}
        self.link_types: dict[str, LinkType] = {}
        self.versions: dict[str, Version] = {}
        self.sprints: dict[int, Sprint] = {}
        self.priorities: dict[str, Named] = {}
        self.resolutions: dict[str, Named] = {}
        self.components: dict[str, Named] = {}
        self.security_levels: dict[str, SecurityLevel] = {}
        self.fields: dict[str, Field] = {field.id: field for field in (*SYSTEM_FIELDS, *USUAL_CUSTOM_FIELDS)}
        self.revision = 0
        self._last_id = 10_000

    def next_id(self) -> str:
        """Return an id that nothing in this catalogue has."""
        self._last_id += 1
        return str(self._last_id)

    def add_project(self, key: str, name: str = "", *, type_key: str = "software", id: str = "") -> Project:
        """Add a project; ``id`` is made up unless given."""
        project = Project(id or self.next_id(), key, name or key, type_key)
        self.projects[key] = project
        self.revision += 1
        return project

    def add_type(self, name: str, *, hierarchy_level: int = 0, id: str = "") -> IssueType:
        """Add an issue type."""
        return self._keep(self.types, IssueType(id or self.next_id(), name, hierarchy_level))

    def add_status(self, name: str, category: str, *, id: str = "") -> Status:
        """Add a status of category ``new``, ``indeterminate`` or ``done``."""
        return self._keep(self.statuses, Status(id or self.next_id(), name, category))

    def add_link_type(self, name: str, inward: str, outward: str, *, id: str = "") -> LinkType:
        """Add a kind of link with its words for both directions."""
        return self._keep(self.link_types, LinkType(id or self.next_id(), name, inward, outward))

    def add_version(
        self,
        project_key: str,
        name: str,
        *,
        release_date: date | str | None = None,
        start_date: date | str | None = None,
        released: bool = False,
        archived: bool = False,
        description: str = "",
        id: str = "",
    ) -> Version:
        """Add a version of a project."""
        version = Version(
            id=id or self.next_id(),
            project_key=project_key,
            name=name,
            description=description,
            released=released,
            archived=archived,
            start_date=None if start_date is None else str(start_date),
            release_date=None if release_date is None else str(release_date),
        )
        return self._keep(self.versions, version)

    def add_sprint(
        self,
        name: str,
        *,
        state: str = "future",
        start_date: datetime | str | None = None,
        end_date: datetime | str | None = None,
        complete_date: datetime | str | None = None,
        board_id: int = 1,
        goal: str = "",
        id: int = 0,
    ) -> Sprint:
        """Add a sprint; times may be aware datetimes."""
        sprint = Sprint(
            id=id or len(self.sprints) + 1,
            name=name,
            state=state,
            board_id=board_id,
            goal=goal,
            start_date=_instant(start_date),
            end_date=_instant(end_date),
            complete_date=_instant(complete_date),
        )
        self.sprints[sprint.id] = sprint
        self.revision += 1
        return sprint

    def change_sprint(self, sprint_id: int, **changes: str | None) -> Sprint:
        """Change attributes of a sprint, such as ``state="closed"``."""
        self.sprints[sprint_id] = msgspec.structs.replace(self.sprints[sprint_id], **changes)
        self.revision += 1
        return self.sprints[sprint_id]

    def add_security_level(self, name: str, members: Iterable[str], *, id: str = "") -> SecurityLevel:
        """Add a security level whose issues only ``members`` (account ids) see."""
        return self._keep(self.security_levels, SecurityLevel(id or self.next_id(), name, frozenset(members)))

    def add_field(self, name: str, type: str, *, items: str = "", custom: str = "", id: str = "") -> Field:
        """Add a custom field; ``type`` is that of its schema, such as ``number``, ``date``, ``option``."""
        field = Field(
            id=id or f"customfield_{self.next_id()}",
            name=name,
            type=type,
            items=items,
            custom=custom or f"com.atlassian.jira.plugin.system.customfieldtypes:{type}",
            clause_names=(name,),
        )
        return self._keep(self.fields, field)

    def type_named(self, name: str) -> IssueType:
        """Return an issue type by name, a usual one even if it is new."""
        if found := _named(self.types.values(), name):
            return found
        if name not in _USUAL_TYPES:
            raise KeyError(f"no issue type {name!r}: add it first")
        return self.add_type(name, hierarchy_level=_USUAL_LEVELS.get(name, 0))

    def status_named(self, name: str) -> Status:
        """Return a status by name, a usual one even if it is new."""
        if found := _named(self.statuses.values(), name):
            return found
        if name not in _USUAL_STATUSES:
            raise KeyError(f"no status {name!r}: add it first")
        return self.add_status(name, _USUAL_STATUSES[name])

    def link_type_named(self, name: str) -> LinkType:
        """Return a link type by name, a usual one even if it is new."""
        if found := _named(self.link_types.values(), name):
            return found
        if name not in _USUAL_LINKS:
            raise KeyError(f"no link type {name!r}: add it first")
        return self.add_link_type(name, *_USUAL_LINKS[name])

    def priority_named(self, name: str) -> Named:
        """Return a priority by name; new names are fine."""
        return _named(self.priorities.values(), name) or self._keep(self.priorities, Named(self.next_id(), name))

    def resolution_named(self, name: str) -> Named:
        """Return a resolution by name; new names are fine."""
        return _named(self.resolutions.values(), name) or self._keep(self.resolutions, Named(self.next_id(), name))

    def component_named(self, name: str) -> Named:
        """Return a component by name; new names are fine."""
        return _named(self.components.values(), name) or self._keep(self.components, Named(self.next_id(), name))

    def version_named(self, project_key: str, name: str) -> Version | None:
        """Return a project's version by name."""
        return _named((v for v in self.versions.values() if v.project_key == project_key), name)

    def sprint_named(self, name: str) -> Sprint | None:
        """Return a sprint by name."""
        return _named(self.sprints.values(), name)

    def field_named(self, name: str) -> Field | None:
        """Return a field by id or by name in any case."""
        return self.fields.get(name) or next((f for f in self.fields.values() if f.name.lower() == name.lower()), None)

    def _keep(self, among: dict[str, Kept], thing: Kept) -> Kept:
        among[thing.id] = thing
        self._last_id = max(self._last_id, int(thing.id) if thing.id.isdigit() else 0)
        self.revision += 1
        return thing


def _named(among: Iterable[Called], name: str) -> Called | None:
    return next((thing for thing in among if thing.name == name), None)


def _instant(at: datetime | str | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z") if isinstance(at, datetime) else at
