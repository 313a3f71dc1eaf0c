"""``PUT /issue/{id}``: the body with its ``fields`` and ``update`` verbs as changes, or the refusals Jira gives."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from syncd.simulator.jira import adf
from syncd.simulator.jira.edits import IssueFields
from syncd.simulator.jira.people import ADMINISTER, ADMINISTER_PROJECTS, COMMENT, EDIT
from syncd.simulator.jira.records import Issue
from syncd.simulator.jira.rows import chosen_fields, issue_row
from syncd.simulator.jira.shapes import Viewer
from syncd.simulator.jira.wire import INVALID_PAYLOAD, Call, Done, RefusalError

NO_COMMENT_PERMISSION = "You do not have the permission to comment on this issue."
_NO_NOTIFY = "To discard the user notification either admin or project admin permissions are required."
_NOT_ON_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
_NOT_ADF = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
_LABEL_MAX = 255
_SUMMARY_MAX = 255
_COMMENT_KEYS = frozenset({"body", "visibility", "properties"})


class FieldError(Exception):
    """The value of one field is refused."""


def put_issue(call: Call) -> Done:
    """Answer ``PUT /issue/{idOrKey}``: all of it is done, or nothing."""
    issue = seen_issue(call)
    if not call.may(EDIT, issue.project_key):
        raise RefusalError(403, "You do not have permission to edit issues in this project.")
    if not call.flag("notifyUsers", default=True) and not _is_admin(call, issue):
        raise RefusalError(400, _NO_NOTIFY)
    body = call.object()
    fields, update = _part(body, "fields", dict), _part(body, "update", dict)
    comments = _new_comments(update.pop("comment", []))
    if comments and not call.may(COMMENT, issue.project_key):
        raise RefusalError(400, errors={"comment": NO_COMMENT_PERMISSION})
    changes = _changes(call, issue, fields, update)
    call.state.edit_issue(issue.id, by=call.user.account_id, **changes)
    for comment in comments:
        call.state.add_comment(
            issue.id,
            comment["body"],
            call.user.account_id,
            properties=comment_properties(comment),
            visibility=comment.get("visibility"),
        )
    if not call.flag("returnIssue"):
        return Done(204)
    viewer = Viewer(call.state, call.user)
    return Done(200, issue_row(viewer, call.state.issue(issue.id), chosen_fields(["*all"], call.state)))


def seen_issue(call: Call) -> Issue:
    """Return the issue of the path; 404 where it is not there or not for this user."""
    issue = call.state.find(call.path["issue"])
    if issue is None or not call.state.may_see(call.user.account_id, issue):
        raise RefusalError(404, "Issue does not exist or you do not have permission to see it.")
    return issue


def checked_comment_body(comment: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a comment that Jira would take."""
    body = comment.get("body")
    if isinstance(body, str) or body is None:
        raise RefusalError(400, errors={"comment": "Comment body is not valid!"})
    if adf.fault(body):
        raise RefusalError(400, errors={"comment": "INVALID_INPUT"})
    if not body["content"]:
        raise RefusalError(400, errors={"comment": "Comment body can not be empty!"})
    return dict(body)


def comment_properties(comment: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entity properties that come with a comment."""
    given = comment.get("properties", [])
    if not isinstance(given, list):
        raise RefusalError(400, INVALID_PAYLOAD)
    return _properties(given)


def _properties(given: list[Any]) -> dict[str, Any]:
    if not all(isinstance(entry, dict) and set(entry) == {"key", "value"} for entry in given):
        raise RefusalError(400, INVALID_PAYLOAD)
    return {entry["key"]: entry["value"] for entry in given}


def _is_admin(call: Call, issue: Issue) -> bool:
    return call.may(ADMINISTER) or call.may(ADMINISTER_PROJECTS, issue.project_key)


def _part(body: Mapping[str, Any], name: str, kind: type[Any]) -> Any:
    """Return a copy of a part of the body, empty where it is missing."""
    part = body.get(name)
    if part is not None and not isinstance(part, kind):
        raise RefusalError(400, INVALID_PAYLOAD)
    return kind(part or ())


def _new_comments(operations: Any) -> list[dict[str, Any]]:
    comments = []
    for operation in _operations("comment", operations):
        comment = operation.get("add")
        if set(operation) != {"add"} or not isinstance(comment, dict) or set(comment) - _COMMENT_KEYS:
            raise RefusalError(400, errors={"comment": "Only the operation 'add' is supported for comments."})
        comments.append({**comment, "body": checked_comment_body(comment)})
    return comments


def _changes(call: Call, issue: Issue, fields: Mapping[str, Any], update: Mapping[str, Any]) -> IssueFields:
    errors = {name: f"Field '{name}' cannot appear in both 'fields' and 'update'" for name in fields if name in update}
    wanted: dict[str, Any] = dict(fields)
    for name, operations in update.items():
        try:
            wanted[name] = _after(name, _operations(name, operations), issue, call)
        except FieldError as error:
            errors[name] = str(error)
    changes: IssueFields = {"custom": {}}
    for name, value in wanted.items():
        try:
            _set(changes, name, value, issue, call)
        except FieldError as error:
            errors.setdefault(name, str(error))
    if errors:
        raise RefusalError(400, errors=errors)
    return changes


def _operations(name: str, operations: Any) -> list[dict[str, Any]]:
    if not isinstance(operations, list) or not all(isinstance(op, dict) and len(op) == 1 for op in operations):
        raise RefusalError(
            400, errors={name: "The operations of a field must be an array of objects with one verb each."}
        )
    return operations


def _after(name: str, operations: list[dict[str, Any]], issue: Issue, call: Call) -> Any:
    """Return a field's value after the verbs: ``set`` for all, ``add`` and ``remove`` for labels and versions."""
    current: Any = None
    if name == "labels":
        current = list(issue.labels)
    elif name == "fixVersions":
        current = [{"id": version_id} for version_id in issue.fix_version_ids]
    for operation in operations:
        ((verb, value),) = operation.items()
        if verb == "set":
            current = value
        elif verb not in ("add", "remove") or name not in ("labels", "fixVersions"):
            raise FieldError(f"Field with id '{name}' and name '{name}' does not support operation '{verb}'")
        elif name == "labels":
            _check_label(value)
            current = [label for label in current if label != value] + ([value] if verb == "add" else [])
        else:
            version_id = _version_id(value, issue, call)
            rest = [version for version in current if version["id"] != version_id]
            current = rest + ([{"id": version_id}] if verb == "add" else [])
    return issue.labels if name == "labels" and set(current) == set(issue.labels) else current


def _check_label(label: Any) -> None:
    if not isinstance(label, str) or not label:
        raise FieldError("data was not an array of strings")
    if any(character.isspace() for character in label):
        raise FieldError(f"The label '{label}' contains spaces which is invalid.")
    if len(label) > _LABEL_MAX:
        raise FieldError(f"The label '{label}' exceeds the maximum length of {_LABEL_MAX} characters.")


def _version_id(value: Any, issue: Issue, call: Call) -> str:
    catalogue = call.state.catalogue
    if isinstance(value, dict):
        version = catalogue.versions.get(str(value.get("id"))) or catalogue.version_named(
            issue.project_key, str(value.get("name"))
        )
        if version and version.project_key == issue.project_key:
            return version.id
    raise FieldError("Version id or name is not valid")


def _set(changes: IssueFields, name: str, value: Any, issue: Issue, call: Call) -> None:
    field = call.state.catalogue.fields.get(name)
    if name in _SETTERS:
        key, convert = _SETTERS[name]
        changes[key] = convert(value, issue, call)  # type: ignore[literal-required]
    elif field and field.custom and name.startswith("customfield_"):
        if field.type == "number" and not isinstance(value, int | float | None):
            raise FieldError("Operation value must be a number")
        changes["custom"] = {**changes["custom"], name: value}
    else:
        raise FieldError(_NOT_ON_SCREEN.format(name))


def _summary(value: Any, _: Issue, __: Call) -> str:
    if not isinstance(value, str) or not value.strip():
        raise FieldError("You must specify a summary of the issue.")
    if len(value) > _SUMMARY_MAX or "\n" in value:
        raise FieldError(f"Summary must be one line of at most {_SUMMARY_MAX} characters.")
    return value


def _description(value: Any, _: Issue, __: Call) -> Any:
    if value is not None and adf.fault(value):
        raise FieldError(_NOT_ADF)
    return value


def _labels(value: Any, _: Issue, __: Call) -> list[str]:
    if not isinstance(value, list | tuple):
        raise FieldError("data was not an array")
    for label in value:
        _check_label(label)
    return list(value)


def _due_date(value: Any, _: Issue, __: Call) -> str | None:
    try:
        return None if value is None else date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise FieldError("Error parsing date string") from error


def _assignee(value: Any, _: Issue, call: Call) -> str | None:
    account_id = value.get("accountId") if isinstance(value, dict) else None
    if value is not None and call.state.people.get(account_id) is None:
        raise FieldError("Specify a valid value for assignee")
    return account_id


def _parent(value: Any, issue: Issue, call: Call) -> str | None:
    if value is None:
        return None
    parent = call.state.find(str(value.get("key") or value.get("id"))) if isinstance(value, dict) else None
    if parent is None or parent.type.hierarchy_level <= issue.type.hierarchy_level:
        raise FieldError("Given parent work item does not belong to appropriate hierarchy.")
    return parent.id


def _priority(value: Any, _: Issue, call: Call) -> str | None:
    name = value.get("name") if isinstance(value, dict) else None
    if name not in {known.name for known in call.state.catalogue.priorities.values()}:
        raise FieldError("The priority selected is invalid.")
    return str(name)


def _fix_versions(value: Any, issue: Issue, call: Call) -> list[str]:
    if not isinstance(value, list):
        raise FieldError("data was not an array")
    return [_version_id(version, issue, call) for version in value]


_SETTERS: dict[str, tuple[str, Callable[[Any, Issue, Call], Any]]] = {
    "summary": ("summary", _summary),
    "description": ("description", _description),
    "labels": ("labels", _labels),
    "duedate": ("due_date", _due_date),
    "assignee": ("assignee", _assignee),
    "parent": ("parent", _parent),
    "priority": ("priority", _priority),
    "fixVersions": ("fix_versions", _fix_versions),
}
