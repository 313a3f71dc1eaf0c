"""Answers about comments."""

from syncd.simulator.github.listing import instant, one_of
from syncd.simulator.github.paging import page
from syncd.simulator.github.people import Role
from syncd.simulator.github.records import Comment
from syncd.simulator.github.rows import comment_row
from syncd.simulator.github.wire import Answer, Call, Json, RefusalError, invalid

BODY_MAX = 65_536


def get_comments(call: Call) -> Answer:
    """Answer ``GET …/issues/{number}/comments``, oldest first."""
    return page(call, _since(call, list(call.state.comments_of(call.issue().id))), lambda one: comment_row(call, one))


def all_comments(call: Call) -> Answer:
    """Answer ``GET /repos/{owner}/{repo}/issues/comments``: those of all issues, by id unless asked otherwise."""
    repository = call.repository()
    issues = call.state.issues_of(repository.id)
    found = _since(call, [comment for issue in issues for comment in call.state.comments_of(issue.id)])
    if call.query.get("sort"):
        is_updated = one_of(call, "sort", ("created", "updated")) == "updated"
        found.sort(key=lambda one: (one.updated_at if is_updated else one.created_at, one.id))
        if one_of(call, "direction", ("desc", "asc")) == "desc":
            found.reverse()
    return page(call, found, lambda one: comment_row(call, one))


def add_comment(call: Call) -> Answer:
    """Answer ``POST …/issues/{number}/comments``: whoever may read may comment, unless the issue is locked."""
    issue = call.issue()
    repository = call.state.repository_of(issue)
    call.need(Role.READ, repository)
    if issue.is_locked and call.state.people.role(call.login, repository) < Role.WRITE:
        raise RefusalError(403, "Unable to create comment because issue is locked.")
    comment = call.state.add_comment(call.state.key(issue), _body(call), call.login)
    row = comment_row(call, comment)
    return Answer(201, row, {"location": row["url"]})


def get_comment(call: Call) -> Json:
    """Answer ``GET /repos/{owner}/{repo}/issues/comments/{id}``."""
    return comment_row(call, _comment(call))


def edit_comment(call: Call) -> Json:
    """Answer ``PATCH /repos/{owner}/{repo}/issues/comments/{id}``: one's own, or any for who may push."""
    comment = _editable(call)
    return comment_row(call, call.state.edit_comment(comment.id, _body(call)))


def delete_comment(call: Call) -> Answer:
    """Answer ``DELETE /repos/{owner}/{repo}/issues/comments/{id}``."""
    call.state.delete_comment(_editable(call).id)
    return Answer(204)


def _comment(call: Call) -> Comment:
    repository = call.repository()
    text = call.path["comment"]
    comment = call.state.comment(int(text)) if text.isdigit() else None
    issue = call.state.by_id(comment.issue_id) if comment else None
    if comment is None or issue is None or issue.repository_id != repository.id:
        raise RefusalError(404, "Not Found")
    return comment


def _editable(call: Call) -> Comment:
    comment = _comment(call)
    is_own = comment.author is not None and comment.author == call.login
    call.need(Role.READ if is_own else Role.WRITE, call.repository(), "Must have admin rights to Repository.")
    return comment


def _body(call: Call) -> str:
    body = call.object().get("body")
    if not isinstance(body, str) or not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    if len(body) > BODY_MAX:
        raise invalid("IssueComment", "body", "unprocessable", f"body is too long (maximum is {BODY_MAX} characters)")
    return body


def _since(call: Call, comments: list[Comment]) -> list[Comment]:
    text = call.query.get("since")
    if not text:
        return comments
    since = instant(text)
    return [comment for comment in comments if comment.updated_at >= since]
