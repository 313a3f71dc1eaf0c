"""People, words and comments of a site as Jira's JSON, for the eyes of one user."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from syncd.simulator.jira.matching import CATEGORIES
from syncd.simulator.jira.records import (
    Comment,
    Face,
    IssueType,
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


def comment_row(viewer: Viewer, comment: Comment, *, has_properties: bool = False) -> Json:
    """Return a comment; its entity properties only when asked for."""
    people = viewer.state.people
    is_internal = (comment.properties.get("sd.public.comment") or {}).get("internal") is True
    row: Json = {
        "self": viewer.link_to(f"issue/{comment.issue_id}/comment/{comment.id}"),
        "id": comment.id,
        "author": user_row(viewer, people.get(comment.author_id)),
        "body": comment.body.adf,
        "updateAuthor": user_row(viewer, people.get(comment.update_author_id)),
        "created": viewer.time(comment.created_at),
        "updated": viewer.time(comment.updated_at),
        "jsdPublic": not is_internal,
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
        "projectTypeKey": project.type_key,
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
            "priority": named_row(viewer, "priority", face.priority),
            "issuetype": type_row(viewer, face.type),
        },
    }


def named_row(viewer: Viewer, kind: str, named: Named | None) -> Json | None:
    """Return a priority, resolution or component; nothing stays nothing."""
    return None if named is None else {"self": viewer.link_to(f"{kind}/{named.id}"), "name": named.name, "id": named.id}
