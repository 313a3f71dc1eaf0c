"""The routes that tell what a site is made of: itself, the user, fields, projects, types, statuses, permissions."""

from datetime import UTC
from typing import Any

from syncd.simulator.jira.changes import changelog_of
from syncd.simulator.jira.editing import seen_issue
from syncd.simulator.jira.people import BROWSE, GLOBAL_PERMISSIONS, PERMISSIONS
from syncd.simulator.jira.records import Field, Project
from syncd.simulator.jira.rows import chosen_fields, issue_row
from syncd.simulator.jira.shapes import (
    Json,
    Viewer,
    link_type_row,
    project_row,
    status_row,
    type_row,
    user_row,
    version_row,
)
from syncd.simulator.jira.wire import Call, RefusalError

_PAGE_MAX = 100


def server_info(call: Call) -> Json:
    """Answer ``GET /serverInfo``, to anybody."""
    return {
        "baseUrl": call.state.site,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100_283,
        "serverTime": _viewer(call).time(call.state.clock.now().astimezone(UTC)),
        "serverTitle": "Jira",
        "serverTimeZone": call.state.time_zone,
    }


def myself(call: Call) -> Json:
    """Answer ``GET /myself``: who is signed in, with the profile's time zone."""
    return {**(user_row(_viewer(call), call.user) or {}), "emailAddress": call.user.email, "locale": "en_US"}


def fields(call: Call) -> list[Json]:
    """Answer ``GET /field``."""
    return [_field_row(field) for field in call.state.catalogue.fields.values()]


def search_projects(call: Call) -> Json:
    """Answer ``GET /project/search``: a page of the projects that the user sees."""
    keys, ids, text = call.words("keys"), call.words("id"), call.query.get("query", "").lower()
    found = [
        project
        for project in _seen_projects(call)
        if (not keys or project.key in keys)
        and (not ids or project.id in ids)
        and (text in project.key.lower() or text in project.name.lower())
    ]
    start, size = call.number("startAt", 0), min(call.number("maxResults", 50), _PAGE_MAX)
    rows = [project_row(_viewer(call), project) for project in found[start : start + size]]
    link = _viewer(call).link_to(f"project/search?maxResults={size}&startAt=")
    page = {"self": f"{link}{start}", "startAt": start, "maxResults": size, "total": len(found), "values": rows}
    is_last = start + size >= len(found)
    return {**page, "isLast": is_last} | ({} if is_last else {"nextPage": f"{link}{start + size}"})


def get_project(call: Call) -> Json:
    """Answer ``GET /project/{idOrKey}`` with its issue types and versions."""
    project, viewer = _project(call, call.path["project"]), _viewer(call)
    types = {issue.type.id: issue.type for issue in call.state.issues(project.key)}
    kinds = types.values() or call.state.catalogue.types.values()
    versions = call.state.catalogue.versions.values()
    return {
        **project_row(viewer, project),
        "description": "",
        "issueTypes": [type_row(viewer, kind) for kind in kinds],
        "versions": [version_row(viewer, version) for version in versions if version.project_key == project.key],
        "components": [],
    }


def issue_types(call: Call) -> list[Json]:
    """Answer ``GET /issuetype``."""
    return [type_row(_viewer(call), kind) for kind in call.state.catalogue.types.values()]


def statuses(call: Call) -> list[Json]:
    """Answer ``GET /status``."""
    return [status_row(_viewer(call), status) for status in call.state.catalogue.statuses.values()]


def link_types(call: Call) -> Json:
    """Answer ``GET /issueLinkType``."""
    return {"issueLinkTypes": [link_type_row(_viewer(call), kind) for kind in call.state.catalogue.link_types.values()]}


def my_permissions(call: Call) -> Json:
    """Answer ``GET /mypermissions``: the named permissions, in a project where one is named."""
    asked = call.words("permissions")
    if not asked:
        raise RefusalError(400, "The 'permissions' query parameter is required.")
    if unknown := [name for name in asked if name not in PERMISSIONS]:
        raise RefusalError(400, f"Unrecognized permission: {unknown[0]}")
    place = call.query.get("projectKey") or call.query.get("projectId")
    project_key = _project(call, place).key if place else None
    return {"permissions": {name: _permission_row(call, name, project_key) for name in asked}}


def get_issue(call: Call) -> Json:
    """Answer ``GET /issue/{idOrKey}``: as it is now, whatever the index knows."""
    names = chosen_fields(call.words("fields") or ["*all"], call.state)
    issue = seen_issue(call)
    row = issue_row(_viewer(call), issue, names)
    return {**row, "changelog": changelog_of(call, issue)} if "changelog" in call.words("expand") else row


def get_remote_links(call: Call) -> list[Json]:
    """Answer ``GET /issue/{idOrKey}/remotelink``; there are no pages."""
    issue, viewer = seen_issue(call), _viewer(call)
    return [
        {
            "id": int(link.id),
            "self": viewer.link_to(f"issue/{issue.key}/remotelink/{link.id}"),
            "globalId": f"url={link.url}",
            "application": {},
            "relationship": link.relationship,
            "object": {"url": link.url, "title": link.title, "status": {"resolved": link.is_resolved}},
        }
        for link in call.state.remote_links.of(issue.id)
    ]


def _viewer(call: Call) -> Viewer:
    return Viewer(call.state, call.user)


def _seen_projects(call: Call) -> list[Project]:
    return [project for project in call.state.projects() if call.may(BROWSE, project.key)]


def _project(call: Call, reference: str) -> Project:
    for project in _seen_projects(call):
        if reference.upper() in (project.key, project.id):
            return project
    raise RefusalError(404, f"No project could be found with key '{reference}'.")


def _field_row(field: Field) -> Json:
    schema: Json = {"type": field.type}
    if field.items:
        schema["items"] = field.items
    if field.custom:
        schema |= {"custom": field.custom, "customId": int(field.id.removeprefix("customfield_"))}
    else:
        schema["system"] = field.id
    return {
        "id": field.id,
        "key": field.id,
        "name": field.name,
        "custom": bool(field.custom),
        "orderable": True,
        "navigable": field.id != "comment",
        "searchable": True,
        "clauseNames": list(field.clause_names),
        "schema": schema,
    }


def _permission_row(call: Call, name: str, project_key: str | None) -> dict[str, Any]:
    return {
        "id": str(PERMISSIONS.index(name) + 10),
        "key": name,
        "name": name.replace("_", " ").capitalize(),
        "type": "GLOBAL" if name in GLOBAL_PERMISSIONS else "PROJECT",
        "description": "",
        "havePermission": call.may(name, project_key),
    }
