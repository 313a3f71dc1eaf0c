"""The routes of comments and of entity properties, of comments and of issues."""

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
    EDIT_ALL_COMMENTS,
    EDIT_OWN_COMMENTS,
)
from syncd.simulator.jira.records import Comment
from syncd.simulator.jira.shapes import Json, Viewer, comment_row
from syncd.simulator.jira.wire import Call, Done, RefusalError

_ORDERS = ("", "created", "+created", "-created")
_PAGE_MAX = 5_000
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
