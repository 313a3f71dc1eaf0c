"""Issues and what belongs to them as Jira's JSON, for the eyes of one user."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from syncd.simulator.jira import fields as field_ids
from syncd.simulator.jira.matching import CATEGORIES
from syncd.simulator.jira.records import (
    Comment,
    Face,
    Issue,
    IssueType,
    Link,
    LinkType,
    Named,
    Project,
    Sprint,
    Status,
    User,
    Version,
)
from syncd.simulator.jira.state import JiraState

Json = dict[str, Any]
_COLORS = {"new": "blue-gray", "indeterminate": "yellow", "done": "green"}
_ISSUE_EXPAND = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"
COMMENTS_INLINE_MAX = 20


class Viewer(msgspec.Struct, frozen=True):
    """For whom rows are made, and of which site."""

    state: JiraState
    user: User

    def link_to(self, path: str) -> str:
        """Return the address of a resource, as ``self`` tells it."""
        return f"{self.state.site}/rest/api/3/{path}"

    def time(self, at: datetime | None) -> str | None:
        """Return an instant in Jira's form, milliseconds and the site's offset: 2026-11-24T10:00:00.000+0000."""
        if at is None:
            return None
        local = at.astimezone(ZoneInfo(self.state.time_zone))
        return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


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


def issue_row(viewer: Viewer, issue: Issue, fields: Iterable[str], properties: Sequence[str] = ()) -> Json:
    """Return an issue with these fields (ids that exist); ``properties`` are keys of entity properties, or ``*all``."""
    row: Json = {
        "expand": _ISSUE_EXPAND,
        "id": issue.id,
        "self": viewer.link_to(f"issue/{issue.id}"),
        "key": issue.key,
        "fields": {
            name: build(viewer, issue) if (build := _FIELDS.get(name)) else issue.custom.get(name) for name in fields
        },
    }
    if properties:
        is_all = "*all" in properties
        row["properties"] = {key: value for key, value in issue.properties.items() if is_all or key in properties}
    return row


def comment_row(viewer: Viewer, comment: Comment, *, has_properties: bool = False) -> Json:
    """Return a comment; its entity properties only when asked for."""
    people = viewer.state.people
    row: Json = {
        "self": viewer.link_to(f"issue/{comment.issue_id}/comment/{comment.id}"),
        "id": comment.id,
        "author": user_row(viewer, people.get(comment.author_id)),
        "body": comment.body.adf,
        "updateAuthor": user_row(viewer, people.get(comment.update_author_id)),
        "created": viewer.time(comment.created_at),
        "updated": viewer.time(comment.updated_at),
        "jsdPublic": True,
    }
    for name in ("author", "updateAuthor"):
        if row[name] is None:  # a deleted account
            del row[name]
    if comment.visibility:
        row["visibility"] = comment.visibility
    if has_properties:
        row["properties"] = [{"key": key, "value": value} for key, value in comment.properties.items()]
    return row


def user_row(viewer: Viewer, user: User | None) -> Json | None:
    """Return a user without the e-mail address, which Jira Cloud hides from others."""
    if user is None:
        return None
    return {
        "self": viewer.link_to(f"user?accountId={user.account_id}"),
        "accountId": user.account_id,
        "displayName": user.display_name,
        "active": user.active,
        "timeZone": user.time_zone,
        "accountType": "atlassian",
    }


def status_row(viewer: Viewer, status: Status) -> Json:
    """Return a status with its category."""
    category_id, category_name = CATEGORIES[status.category]
    return {
        "self": viewer.link_to(f"status/{status.id}"),
        "description": "",
        "iconUrl": f"{viewer.state.site}/",
        "name": status.name,
        "id": status.id,
        "statusCategory": {
            "self": viewer.link_to(f"statuscategory/{category_id}"),
            "id": int(category_id),
            "key": status.category,
            "colorName": _COLORS[status.category],
            "name": category_name,
        },
    }


def type_row(viewer: Viewer, kind: IssueType) -> Json:
    """Return an issue type."""
    return {
        "self": viewer.link_to(f"issuetype/{kind.id}"),
        "id": kind.id,
        "description": "",
        "name": kind.name,
        "subtask": kind.hierarchy_level < 0,
        "hierarchyLevel": kind.hierarchy_level,
    }


def version_row(viewer: Viewer, version: Version) -> Json:
    """Return a version; dates only where it has any."""
    row = {
        "self": viewer.link_to(f"version/{version.id}"),
        "id": version.id,
        "description": version.description,
        "name": version.name,
        "archived": version.archived,
        "released": version.released,
        "startDate": version.start_date,
        "releaseDate": version.release_date,
    }
    return {name: value for name, value in row.items() if value is not None}


def sprint_row(sprint: Sprint) -> Json:
    """Return a sprint as the sprint field holds it."""
    row = {
        "id": sprint.id,
        "name": sprint.name,
        "state": sprint.state,
        "boardId": sprint.board_id,
        "goal": sprint.goal,
        "startDate": sprint.start_date,
        "endDate": sprint.end_date,
        "completeDate": sprint.complete_date,
    }
    return {name: value for name, value in row.items() if value is not None}


def project_row(viewer: Viewer, project: Project) -> Json:
    """Return a project in short."""
    return {
        "self": viewer.link_to(f"project/{project.id}"),
        "id": project.id,
        "key": project.key,
        "name": project.name,
        "projectTypeKey": "software",
        "simplified": False,
    }


def link_type_row(viewer: Viewer, kind: LinkType) -> Json:
    """Return a kind of link."""
    return {
        "id": kind.id,
        "name": kind.name,
        "inward": kind.inward,
        "outward": kind.outward,
        "self": viewer.link_to(f"issueLinkType/{kind.id}"),
    }


def face_row(viewer: Viewer, face: Face) -> Json:
    """Return what a row shows of another issue."""
    return {
        "id": face.id,
        "key": face.key,
        "self": viewer.link_to(f"issue/{face.id}"),
        "fields": {
            "summary": face.summary,
            "status": status_row(viewer, face.status),
            "priority": _named_row(viewer, "priority", face.priority),
            "issuetype": type_row(viewer, face.type),
        },
    }


def _named_row(viewer: Viewer, kind: str, named: Named | None) -> Json | None:
    return None if named is None else {"self": viewer.link_to(f"{kind}/{named.id}"), "name": named.name, "id": named.id}


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
    shown = [comment_row(viewer, comment) for comment in comments[:COMMENTS_INLINE_MAX]]
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
    "resolution": lambda viewer, issue: _named_row(viewer, "resolution", issue.resolution),
    "resolutiondate": lambda viewer, issue: viewer.time(issue.resolved_at),
    "priority": lambda viewer, issue: _named_row(viewer, "priority", issue.priority),
    "labels": lambda viewer, issue: issue.labels,
    "assignee": lambda viewer, issue: _user(viewer, issue.assignee_id),
    "reporter": lambda viewer, issue: _user(viewer, issue.reporter_id),
    "creator": lambda viewer, issue: _user(viewer, issue.reporter_id),
    "parent": _parent,
    "subtasks": _subtasks,
    "issuelinks": _links,
    "fixVersions": lambda viewer, issue: _versions(viewer, issue.fix_version_ids),
    "versions": lambda viewer, issue: _versions(viewer, issue.affected_version_ids),
    "components": lambda viewer, issue: [_named_row(viewer, "component", named) for named in issue.components],
    "duedate": lambda viewer, issue: issue.due_date,
    "created": lambda viewer, issue: viewer.time(issue.created_at),
    "updated": lambda viewer, issue: viewer.time(issue.updated_at),
    "security": _security,
    "comment": _comments,
    field_ids.SPRINT: _sprints,
    field_ids.EPIC_LINK: _epic_key,
    field_ids.RANK: lambda viewer, issue: f"0|i{int(issue.id):05x}:",
}
