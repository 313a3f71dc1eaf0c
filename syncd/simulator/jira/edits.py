"""What can be said of an issue when it is added or edited, in plain words, and what that makes of its record."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from syncd.simulator.jira import fields as field_ids
from syncd.simulator.jira.catalogue import Catalogue
from syncd.simulator.jira.prose import Node, Prose, prose


class IssueWords(TypedDict, total=False):
    """What may be said of an issue beside its summary; other things are named by name, key or id, users by account id.

    ``description`` is plain text, wiki markup or ADF. ``custom`` maps names or ids of fields to JSON values.
    """

    description: str | Node | Prose | None
    labels: Iterable[str]
    type: str
    status: str
    priority: str | None
    resolution: str | None
    assignee: str | None
    reporter: str | None
    parent: str | None
    fix_versions: Iterable[str]
    affected_versions: Iterable[str]
    components: Iterable[str]
    sprints: Iterable[str | int]
    due_date: date | str | None
    story_points: float | None
    security: str | None
    custom: Mapping[str, Any]


class IssueFields(IssueWords, total=False):
    """What may be edited of an issue."""

    summary: str


def record_changes(
    given: Mapping[str, Any],
    catalogue: Catalogue,
    project_key: str,
    custom: Mapping[str, Any],
    issue_id: Callable[[str], str],
) -> dict[str, Any]:
    """Return ``given`` as attributes of an Issue; KeyError names what the site doesn't have.

    ``custom`` are the values that the issue has already; ``issue_id`` finds an issue by key or id.
    """
    changes: dict[str, Any] = {}
    simple: dict[str, Callable[[Any], Any]] = {
        "summary": lambda value: value,
        "description": prose,
        "labels": lambda value: tuple(dict.fromkeys(value)),
        "type": catalogue.type_named,
        "status": catalogue.status_named,
        "priority": lambda value: value and catalogue.priority_named(value),
        "resolution": lambda value: value and catalogue.resolution_named(value),
        "components": lambda value: tuple(catalogue.component_named(name) for name in value),
    }
    for name, convert in simple.items():
        if name in given:
            changes[name] = convert(given[name])
    renamed: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "assignee": ("assignee_id", lambda value: value),
        "reporter": ("reporter_id", lambda value: value),
        "parent": ("parent_id", lambda value: None if value is None else issue_id(value)),
        "fix_versions": ("fix_version_ids", lambda value: _versions(catalogue, project_key, value)),
        "affected_versions": ("affected_version_ids", lambda value: _versions(catalogue, project_key, value)),
        "sprints": ("sprint_ids", lambda value: tuple(_sprint(catalogue, name) for name in value)),
        "due_date": ("due_date", lambda value: None if value is None else str(value)),
        "security": ("security_id", lambda value: value and _security(catalogue, value)),
    }
    for name, (attribute, convert) in renamed.items():
        if name in given:
            changes[attribute] = convert(given[name])
    if "custom" in given or "story_points" in given:
        changes["custom"] = {**custom, **_custom(catalogue, given)}
    return changes


def with_resolution(changes: dict[str, Any], catalogue: Catalogue, at: datetime) -> dict[str, Any]:
    """Resolve what becomes done and reopen what no longer is, as usual workflows do."""
    if "status" not in changes or "resolution" in changes:
        return changes
    is_done = changes["status"].category == "done"
    resolution = catalogue.resolution_named("Done") if is_done else None
    return {**changes, "resolution": resolution, "resolved_at": at if is_done else None}


def _custom(catalogue: Catalogue, given: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in given.get("custom", {}).items():
        field = catalogue.field_named(name)
        if field is None:
            raise KeyError(f"no field {name!r}: add it first")
        values[field.id] = value
    if "story_points" in given:
        values[field_ids.STORY_POINTS] = given["story_points"]
    return values


def _versions(catalogue: Catalogue, project_key: str, names: Iterable[str]) -> tuple[str, ...]:
    found = []
    for name in names:
        version = catalogue.versions.get(name) or catalogue.version_named(project_key, name)
        if version is None:
            raise KeyError(f"no version {name!r} in {project_key}: add it first")
        found.append(version.id)
    return tuple(found)


def _sprint(catalogue: Catalogue, name: str | int) -> int:
    if isinstance(name, int):
        return catalogue.sprints[name].id
    sprint = catalogue.sprint_named(name)
    if sprint is None:
        raise KeyError(f"no sprint {name!r}: add it first")
    return sprint.id


def _security(catalogue: Catalogue, name: str) -> str:
    for level in catalogue.security_levels.values():
        if name in (level.id, level.name):
            return level.id
    raise KeyError(f"no security level {name!r}: add it first")
