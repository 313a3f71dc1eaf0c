"""Issues as Jira's JSON: the fields that were asked for, as one user sees them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from syncd.simulator.jira import fields as field_ids
from syncd.simulator.jira.records import Issue, Link
from syncd.simulator.jira.shapes import (
    Json,
    Viewer,
    comment_row,
    face_row,
    link_type_row,
    named_row,
    project_row,
    sprint_row,
    status_row,
    type_row,
    user_row,
    version_row,
)
from syncd.simulator.jira.state import JiraState

_ISSUE_EXPAND = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"
_COMMENTS_INLINE_MAX = 20


def chosen_fields(asked: Sequence[str], state: JiraState) -> list[str]:
    """Return the field ids that ``asked`` (ids, ``*all``, ``*navigable``, ``-id``) means; unknown ones are nothing."""
    known = [*_FIELDS, *(id for id, field in state.catalogue.fields.items() if field.custom and id not in _FIELDS)]
    chosen: dict[str, None] = {}
    if not any(not name.startswith("-") for name in asked):
        asked = ["*all", *asked]
    for name in asked:
        if name in ("*all", "*navigable"):
            chosen |= dict.fromkeys(known if name == "*all" else (id for id in known if id != "comment"))
        elif name.startswith("-"):
            chosen.pop(name[1:], None)
        elif name in known:
            chosen[name] = None
    return list(chosen)


def issue_row(viewer: Viewer, issue: Issue, fields: Iterable[str]) -> Json:
    """Return an issue with these fields (ids that exist)."""
    return {
        "expand": _ISSUE_EXPAND,
        "id": issue.id,
        "self": viewer.link_to(f"issue/{issue.id}"),
        "key": issue.key,
        "fields": {
            name: build(viewer, issue) if (build := _FIELDS.get(name)) else issue.custom.get(name) for name in fields
        },
    }


def _parent(viewer: Viewer, issue: Issue) -> Json | None:
    # A parent is shown even to somebody who may not browse it.
    face = viewer.state.face(issue.parent_id) if issue.parent_id else None
    return face_row(viewer, face) if face else None


def _is_shown(viewer: Viewer, issue_id: str) -> bool:
    issue = viewer.state.find(issue_id)
    return issue is None or viewer.state.may_see(viewer.user.account_id, issue)


def _subtasks(viewer: Viewer, issue: Issue) -> list[Json]:
    below = (face for face in viewer.state.children(issue.id) if face.type.hierarchy_level < 0)
    return [face_row(viewer, face) for face in below if _is_shown(viewer, face.id)]


def _links(viewer: Viewer, issue: Issue) -> list[Json]:
    rows = (_link_row(viewer, issue, link) for link in viewer.state.links(issue.id))
    return [row for row in rows if row]


def _link_row(viewer: Viewer, issue: Issue, link: Link) -> Json | None:
    is_outward = link.source_id == issue.id
    other = viewer.state.face(link.target_id if is_outward else link.source_id)
    if other is None or not _is_shown(viewer, other.id):
        return None
    return {
        "id": link.id,
        "self": viewer.link_to(f"issueLink/{link.id}"),
        "type": link_type_row(viewer, link.type),
        "outwardIssue" if is_outward else "inwardIssue": face_row(viewer, other),
    }


def _versions(viewer: Viewer, ids: Iterable[str]) -> list[Json]:
    return [version_row(viewer, viewer.state.catalogue.versions[id]) for id in ids]


def _security(viewer: Viewer, issue: Issue) -> Json | None:
    level = viewer.state.catalogue.security_levels.get(issue.security_id or "")
    if level is None:
        return None
    return {"self": viewer.link_to(f"securitylevel/{level.id}"), "id": level.id, "name": level.name}


def _comments(viewer: Viewer, issue: Issue) -> Json:
    # Searches cut the comments off, and tell how many there are.
    comments = viewer.state.comments(issue.id) if viewer.state.find(issue.id) else ()
    shown = [comment_row(viewer, comment) for comment in comments[:_COMMENTS_INLINE_MAX]]
    return {"comments": shown, "maxResults": len(shown), "total": len(comments), "startAt": 0}


def _sprints(viewer: Viewer, issue: Issue) -> list[Json] | None:
    return [sprint_row(viewer.state.catalogue.sprints[id]) for id in issue.sprint_ids] or None


def _user(viewer: Viewer, account_id: str | None) -> Json | None:
    return user_row(viewer, viewer.state.people.get(account_id))


def _epic_key(viewer: Viewer, issue: Issue) -> str | None:
    face = viewer.state.face(issue.parent_id) if issue.parent_id else None
    return face.key if face and face.type.hierarchy_level == 1 else None


_FIELDS: dict[str, Callable[[Viewer, Issue], Any]] = {
    "summary": lambda viewer, issue: issue.summary,
    "description": lambda viewer, issue: issue.description and issue.description.adf,
    "issuetype": lambda viewer, issue: type_row(viewer, issue.type),
    "project": lambda viewer, issue: project_row(viewer, viewer.state.catalogue.projects[issue.project_key]),
    "status": lambda viewer, issue: status_row(viewer, issue.status),
    "statusCategory": lambda viewer, issue: status_row(viewer, issue.status)["statusCategory"],
    "resolution": lambda viewer, issue: named_row(viewer, "resolution", issue.resolution),
    "resolutiondate": lambda viewer, issue: viewer.time(issue.resolved_at),
    "priority": lambda viewer, issue: named_row(viewer, "priority", issue.priority),
    "labels": lambda viewer, issue: issue.labels,
    "assignee": lambda viewer, issue: _user(viewer, issue.assignee_id),
    "reporter": lambda viewer, issue: _user(viewer, issue.reporter_id),
    "creator": lambda viewer, issue: _user(viewer, issue.reporter_id),
    "parent": _parent,
    "subtasks": _subtasks,
    "issuelinks": _links,
    "fixVersions": lambda viewer, issue: _versions(viewer, issue.fix_version_ids),
    "versions": lambda viewer, issue: _versions(viewer, issue.affected_version_ids),
    "components": lambda viewer, issue: [named_row(viewer, "component", named) for named in issue.components],
    "duedate": lambda viewer, issue: issue.due_date,
    "created": lambda viewer, issue: viewer.time(issue.created_at),
    "updated": lambda viewer, issue: viewer.time(issue.updated_at),
    "security": _security,
    "comment": _comments,
    field_ids.SPRINT: _sprints,
    field_ids.EPIC_LINK: _epic_key,
    field_ids.RANK: lambda _, issue: field_ids.rank_of(issue),
}
