"""Answers about one issue: itself, its labels, what is below, above and before it."""

from collections.abc import Iterable
from typing import Any

from syncd.simulator.github.paging import page
from syncd.simulator.github.people import Role
from syncd.simulator.github.records import Issue
from syncd.simulator.github.rows import issue_row, label_row
from syncd.simulator.github.wire import Answer, Call, Json, RefusalError, invalid

LABEL_MAX = 50
LABELS_MAX = 100
_NO_LABELLING = "Must have triage access to repository"


def get_issue(call: Call) -> Json:
    """Answer ``GET /repos/{owner}/{repo}/issues/{number}``."""
    return issue_row(call, call.issue())


def get_labels(call: Call) -> Answer:
    """Answer ``GET …/issues/{number}/labels``."""
    return page(call, _label_rows(call, call.issue()), lambda row: row)


def add_labels(call: Call) -> list[Json]:
    """Answer ``POST …/issues/{number}/labels``: adds; who may push makes labels that the repository doesn't have."""
    issue = call.issue()
    state, repository = call.state, call.state.repository_of(issue)
    call.need(Role.TRIAGE, repository, _NO_LABELLING)
    names = _label_names(call.body)
    is_new = any(state.catalogue.label(repository.id, name) is None for name in names)
    if is_new and state.people.role(call.login, repository) < Role.WRITE:
        raise RefusalError(403, "You do not have permission to create labels on this repository.")
    if len({name.lower() for name in (*issue.labels, *names)}) > LABELS_MAX:
        raise invalid("Issue", "labels", "custom", f"an issue has at most {LABELS_MAX} labels")
    return _label_rows(call, state.add_label(state.key(issue), *names, by=call.login))


def remove_label(call: Call) -> list[Json]:
    """Answer ``DELETE …/issues/{number}/labels/{name}`` with the labels that are left."""
    issue = call.issue()
    state = call.state
    call.need(Role.TRIAGE, state.repository_of(issue), _NO_LABELLING)
    try:
        return _label_rows(call, state.remove_label(state.key(issue), call.path["name"], by=call.login))
    except KeyError as error:
        raise RefusalError(404, "Label does not exist") from error


def get_blockers(call: Call) -> Answer:
    """Answer ``GET …/issues/{number}/dependencies/blocked_by``: open and closed ones that the caller may see.

    GitHub doesn't say what becomes of those that it may not see: here they are left out, the summary counts them.
    """
    return _related(call, call.state.relations.blockers(call.issue().id))


def get_blocked(call: Call) -> Answer:
    """Answer ``GET …/issues/{number}/dependencies/blocking``."""
    return _related(call, call.state.relations.blocked(call.issue().id))


def get_sub_issues(call: Call) -> Answer:
    """Answer ``GET …/issues/{number}/sub_issues``."""
    return _related(call, call.state.relations.children(call.issue().id))


def get_parent(call: Call) -> Json:
    """Answer ``GET …/issues/{number}/parent``; 404 where there is none that the caller may see."""
    parent_id = call.issue().parent_id
    seen = _seen(call, [parent_id] if parent_id else [])
    if not seen:
        raise RefusalError(404, "Not Found")
    return issue_row(call, seen[0])


def _related(call: Call, ids: Iterable[int]) -> Answer:
    return page(call, _seen(call, ids), lambda issue: issue_row(call, issue))


def _seen(call: Call, ids: Iterable[int]) -> list[Issue]:
    found = (issue for id in ids if (issue := call.state.by_id(id)))
    return [issue for issue in found if call.state.may_see(call.login, call.state.repository_of(issue))]


def _label_rows(call: Call, issue: Issue) -> list[Json]:
    repository = call.state.repository_of(issue)
    labels = (call.state.catalogue.label(repository.id, name) for name in issue.labels)
    return [label_row(call, repository, label) for label in labels if label]


def _label_names(body: Any) -> list[str]:
    """Return the names in a body: an array, or an object with one, of texts or of objects with a name."""
    given = body.get("labels") if isinstance(body, dict) else body
    if not isinstance(given, list):
        raise invalid("Issue", "labels", "invalid")
    names: list[str] = []
    for one in given:
        name = one.get("name") if isinstance(one, dict) else one
        if not isinstance(name, str) or not name.strip():
            raise invalid("Label", "name", "invalid")
        if len(name) > LABEL_MAX:
            raise invalid("Label", "name", "custom", f"name is too long (maximum is {LABEL_MAX} characters)")
        names.append(name)
    return names
