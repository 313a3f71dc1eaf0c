"""The routes of comments and of entity properties, of comments and of issues."""

from typing import Any

import msgspec

from syncd.simulator.jira.editing import (
    NO_COMMENT_PERMISSION,
    checked_comment_body,
    comment_properties,
    seen_issue,
)
from syncd.simulator.jira.people import (
    COMMENT,
    DELETE_ALL_COMMENTS,
    DELETE_OWN_COMMENTS,
    EDIT,
    EDIT_ALL_COMMENTS,
    EDIT_OWN_COMMENTS,
)
from syncd.simulator.jira.records import Comment, Issue
from syncd.simulator.jira.shapes import Json, Viewer, comment_row
from syncd.simulator.jira.wire import INVALID_PAYLOAD, Call, Done, RefusalError

_ORDERS = ("", "created", "+created", "-created")
_LIST_MAX = 1_000
_PAGE_MAX = 5_000
_PROPERTY_MAX = 32_768
_NO_COMMENT = "Can not find a comment for the id: {}."
_NO_EDIT = "You do not have the permission to edit this comment."
_NO_DELETE = "You do not have the permission to delete this comment."


def get_comments(call: Call) -> Json:
    """Answer ``GET /issue/{idOrKey}/comment``, oldest first unless asked otherwise."""
    issue = seen_issue(call)
    order = call.query.get("orderBy", "")
    if order not in _ORDERS:
        raise RefusalError(400, f"Can not order by '{order}'.")
    comments = list(call.state.comments(issue.id))
    if order == "-created":
        comments.reverse()
    start, size = call.number("startAt", 0), min(call.number("maxResults", 100), _PAGE_MAX)
    page = [_row(call, comment) for comment in comments[start : start + size]]
    return {"startAt": start, "maxResults": size, "total": len(comments), "comments": page}


def add_comment(call: Call) -> Done:
    """Answer ``POST /issue/{idOrKey}/comment``; ``properties`` come with it."""
    issue = seen_issue(call)
    if not call.may(COMMENT, issue.project_key):
        raise RefusalError(400, NO_COMMENT_PERMISSION)
    given = call.object()
    comment = call.state.add_comment(
        issue.id,
        checked_comment_body(given),
        call.user.account_id,
        properties=comment_properties(given),
        visibility=given.get("visibility"),
    )
    return Done(201, _row(call, comment))


def get_comment(call: Call) -> Json:
    """Answer ``GET /issue/{idOrKey}/comment/{id}``."""
    return _row(call, _comment_of_issue(call))


def edit_comment(call: Call) -> Json:
    """Answer ``PUT /issue/{idOrKey}/comment/{id}``: another's comment needs another permission."""
    comment = _comment_of_issue(call)
    if not _may(call, comment, EDIT_OWN_COMMENTS, EDIT_ALL_COMMENTS):
        raise RefusalError(400, _NO_EDIT)
    given = call.object()
    properties = comment_properties(given)
    call.state.edit_comment(comment.id, checked_comment_body(given), call.user.account_id)
    for key, value in properties.items():
        call.state.set_comment_property(comment.id, key, value)
    return _row(call, _comment_of_issue(call))


def delete_comment(call: Call) -> Done:
    """Answer ``DELETE /issue/{idOrKey}/comment/{id}``."""
    comment = _comment_of_issue(call)
    if not _may(call, comment, DELETE_OWN_COMMENTS, DELETE_ALL_COMMENTS):
        raise RefusalError(400, _NO_DELETE)
    call.state.delete_comment(comment.id)
    return Done(204)


def list_comments(call: Call) -> Json:
    """Answer ``POST /comment/list``: comments by id, those that are there and may be seen."""
    ids = call.object().get("ids")
    if not isinstance(ids, list) or not all(isinstance(id, int) for id in ids) or not 1 <= len(ids) <= _LIST_MAX:
        raise RefusalError(400, f"The number of comment ids must be between 1 and {_LIST_MAX}.")
    found = (call.state.comment(str(id)) for id in dict.fromkeys(ids))
    rows = [_row(call, comment) for comment in found if comment and _issue_seen(call, comment)]
    return {"startAt": 0, "maxResults": _LIST_MAX, "total": len(rows), "isLast": True, "values": rows}


def get_comment_property_keys(call: Call) -> Json:
    """Answer ``GET /comment/{id}/properties``."""
    return _keys(call, _comment(call).properties, f"comment/{call.path['comment']}")


def get_comment_property(call: Call) -> Json:
    """Answer ``GET /comment/{id}/properties/{key}``."""
    return _property(call, _comment(call).properties)


def put_comment_property(call: Call) -> Done:
    """Answer ``PUT /comment/{id}/properties/{key}``: 201 where it is new, 200 where it was there."""
    comment = _editable_comment(call)
    is_new = call.path["property"] not in comment.properties
    call.state.set_comment_property(comment.id, call.path["property"], _value(call))
    return Done(201 if is_new else 200)


def delete_comment_property(call: Call) -> Done:
    """Answer ``DELETE /comment/{id}/properties/{key}``."""
    comment = _editable_comment(call)
    _property(call, comment.properties)
    call.state.set_comment_property(comment.id, call.path["property"], None)
    return Done(204)


def get_issue_property_keys(call: Call) -> Json:
    """Answer ``GET /issue/{idOrKey}/properties``."""
    issue = seen_issue(call)
    return _keys(call, issue.properties, f"issue/{issue.id}")


def get_issue_property(call: Call) -> Json:
    """Answer ``GET /issue/{idOrKey}/properties/{key}``."""
    return _property(call, seen_issue(call).properties)


def put_issue_property(call: Call) -> Done:
    """Answer ``PUT /issue/{idOrKey}/properties/{key}``."""
    issue = _editable_issue(call)
    is_new = call.path["property"] not in issue.properties
    call.state.set_property(issue.id, call.path["property"], _value(call))
    return Done(201 if is_new else 200)


def delete_issue_property(call: Call) -> Done:
    """Answer ``DELETE /issue/{idOrKey}/properties/{key}``."""
    issue = _editable_issue(call)
    _property(call, issue.properties)
    call.state.set_property(issue.id, call.path["property"], None)
    return Done(204)


def _row(call: Call, comment: Comment) -> Json:
    has_properties = "properties" in call.words("expand")
    return comment_row(Viewer(call.state, call.user), comment, has_properties=has_properties)


def _may(call: Call, comment: Comment, own: str, every: str) -> bool:
    project_key = call.state.issue(comment.issue_id).project_key
    is_own = comment.author_id == call.user.account_id
    return call.may(every, project_key) or (is_own and call.may(own, project_key))


def _comment_of_issue(call: Call) -> Comment:
    issue = seen_issue(call)
    comment = call.state.comment(call.path["comment"])
    if comment is None or comment.issue_id != issue.id:
        raise RefusalError(404, _NO_COMMENT.format(call.path["comment"]))
    return comment


def _issue_seen(call: Call, comment: Comment) -> bool:
    return call.state.may_see(call.user.account_id, call.state.issue(comment.issue_id))


def _comment(call: Call) -> Comment:
    comment = call.state.comment(call.path["comment"])
    if comment is None or not _issue_seen(call, comment):
        raise RefusalError(404, _NO_COMMENT.format(call.path["comment"]))
    return comment


def _editable_comment(call: Call) -> Comment:
    comment = _comment(call)
    if not _may(call, comment, EDIT_OWN_COMMENTS, EDIT_ALL_COMMENTS):
        raise RefusalError(403, _NO_EDIT)
    return comment


def _editable_issue(call: Call) -> Issue:
    issue = seen_issue(call)
    if not call.may(EDIT, issue.project_key):
        raise RefusalError(403, "You do not have permission to edit issues in this project.")
    return issue


def _keys(call: Call, properties: dict[str, Any], of: str) -> Json:
    link_to = Viewer(call.state, call.user).link_to
    return {"keys": [{"self": link_to(f"{of}/properties/{key}"), "key": key} for key in properties]}


def _property(call: Call, properties: dict[str, Any]) -> Json:
    key = call.path["property"]
    if key not in properties:
        raise RefusalError(404, f"The property with key '{key}' does not exist.")
    return {"key": key, "value": properties[key]}


def _value(call: Call) -> Any:
    if call.body is None:
        raise RefusalError(400, INVALID_PAYLOAD)
    if len(msgspec.json.encode(call.body)) > _PROPERTY_MAX:
        raise RefusalError(400, f"The property value must not be longer than {_PROPERTY_MAX} characters.")
    return call.body
