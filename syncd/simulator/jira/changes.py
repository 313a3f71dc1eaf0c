"""``POST /changelog/bulkfetch``: changes of many issues, oldest first, in pages; and of one issue, within its row."""

import base64
import binascii
from typing import Any

import msgspec

from syncd.simulator.jira.changelog import Change, Detail, Value
from syncd.simulator.jira.records import Issue
from syncd.simulator.jira.shapes import Json, Viewer, user_row
from syncd.simulator.jira.wire import INVALID_PAYLOAD, Call, RefusalError

_ISSUES_MAX = 1_000
_FIELDS_MAX = 10
_PAGE_MAX = 10_000


class _Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    issueIdsOrKeys: list[str]
    fieldIds: list[str] = []
    maxResults: int = 1_000
    nextPageToken: str | None = None


def bulk_changes(call: Call) -> Json:
    """Answer ``POST /changelog/bulkfetch``; what is not there, or not for this user, is left out."""
    try:
        request = msgspec.convert(call.body, _Request)
    except msgspec.ValidationError as error:
        raise RefusalError(400, INVALID_PAYLOAD) from error
    if not 1 <= len(request.issueIdsOrKeys) <= _ISSUES_MAX:
        raise RefusalError(400, f"The number of issue IDs or keys must be between 1 and {_ISSUES_MAX}.")
    if len(request.fieldIds) > _FIELDS_MAX or not 1 <= request.maxResults <= _PAGE_MAX:
        raise RefusalError(400, INVALID_PAYLOAD)
    found = _changes(call, request)
    start = _start(request.nextPageToken)
    page = found[start : start + request.maxResults]
    viewer = Viewer(call.state, call.user)
    rows: dict[str, list[Json]] = {}
    for change, details in page:
        rows.setdefault(change.issue_id, []).append(_row(viewer, change, details))
    answer: Json = {"issueChangeLogs": [{"issueId": id, "changeHistories": each} for id, each in rows.items()]}
    if start + request.maxResults < len(found):
        answer["nextPageToken"] = base64.urlsafe_b64encode(str(start + request.maxResults).encode()).decode()
    return answer


def changelog_of(call: Call, issue: Issue) -> Json:
    """Return an issue's changes as its row shows them when asked to."""
    changes, viewer = call.state.changelog.of(issue.id), Viewer(call.state, call.user)
    rows = [_row(viewer, change, list(change.details)) for change in changes]
    return {"startAt": 0, "maxResults": len(rows), "total": len(rows), "histories": rows}


def _changes(call: Call, request: _Request) -> list[tuple[Change, list[Detail]]]:
    issues = {issue.id: issue for name in request.issueIdsOrKeys if (issue := call.state.find(name))}
    found = []
    for issue in issues.values():
        if call.state.may_see(call.user.account_id, issue):
            for change in call.state.changelog.of(issue.id):
                details = [each for each in change.details if not request.fieldIds or each.field_id in request.fieldIds]
                if details:
                    found.append((change, details))
    return sorted(found, key=lambda each: (each[0].at, int(each[0].issue_id), int(each[0].id)))


def _start(token: str | None) -> int:
    try:
        return int(base64.urlsafe_b64decode(token)) if token else 0
    except (binascii.Error, ValueError) as error:
        raise RefusalError(400, "The provided next page token is invalid.") from error


def _row(viewer: Viewer, change: Change, details: list[Detail]) -> Json:
    author = viewer.state.people.get(change.author_id)
    return {
        "id": change.id,
        **({"author": user_row(viewer, author)} if author else {}),
        "created": viewer.time(change.at),
        "items": [_item(detail) for detail in details],
    }


def _item(detail: Detail) -> Json:
    row: dict[str, Any] = {"field": detail.field, "fieldtype": detail.kind}
    if detail.field_id:
        row["fieldId"] = detail.field_id
    return row | _value("from", "fromString", detail.before) | _value("to", "toString", detail.after)


def _value(name: str, text_name: str, value: Value) -> Json:
    return {key: text for key, text in ((name, value[0]), (text_name, value[1])) if text is not None}
