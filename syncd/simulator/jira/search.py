"""Searching: ``/search/jql`` with its tokens, clamps and refusals, and ``/issue/bulkfetch``."""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from typing import Any
from zlib import crc32

import msgspec

from syncd.simulator.jira.jql import JqlError, Query, parse
from syncd.simulator.jira.matching import Asker, SortValue, matcher, sort_key, updated_floor
from syncd.simulator.jira.records import Issue
from syncd.simulator.jira.rows import chosen_fields, issue_row
from syncd.simulator.jira.shapes import Json, Viewer
from syncd.simulator.jira.wire import INVALID_PAYLOAD, Call, RefusalError

UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
_PAGE_MAX = 100
_ID_PAGE_MAX = 5_000
_TOKEN_LIFE = timedelta(days=7)
_CACHED_MAX = 16
_MATCHED_MAX = 1_000
_QUERIES_MAX = 100


class SearchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a search, as typed as Jira wants it; entity properties of issues are not simulated."""

    jql: str = ""
    nextPageToken: str | None = None
    maxResults: int = 50
    fields: list[str] | None = None
    expand: str | None = None
    fieldsByKeys: bool = False
    failFast: bool = False
    reconcileIssues: list[int] | None = None


class BulkFetchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a bulk fetch; here ``expand`` is an array."""

    issueIdsOrKeys: list[str]
    fields: list[str] | None = None
    expand: list[str] | None = None
    fieldsByKeys: bool = False


class MatchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of the question which issues queries would find."""

    issueIds: list[int]
    jqls: list[str]


class _Token(msgspec.Struct, array_like=True, frozen=True):
    """Where the next page begins: after a row with these sort values, of a query asked at a moment."""

    query: int
    asked_at: datetime
    after: list[Any]


class Searches:
    """Answers searches over one site; sorted results are kept while nothing changes."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], list[Issue]] = {}

    def post(self, call: Call) -> Json:
        """Answer ``POST /search/jql``."""
        return self._page(call, _typed(call.body, SearchRequest))

    def get(self, call: Call) -> Json:
        """Answer ``GET /search/jql``, where lists are divided by commas."""
        numbers = call.words("reconcileIssues")
        if not all(number.isdigit() for number in numbers):
            raise RefusalError(400, INVALID_PAYLOAD)
        request = SearchRequest(
            jql=call.query.get("jql", ""),
            nextPageToken=call.query.get("nextPageToken"),
            maxResults=call.number("maxResults", 50),
            fields=call.words("fields") or None,
            expand=call.query.get("expand"),
            reconcileIssues=[int(number) for number in numbers] or None,
        )
        return self._page(call, request)

    def _page(self, call: Call, request: SearchRequest) -> Json:
        _refuse_excess(request)
        fields = request.fields or ["id"]
        try:
            query = parse(request.jql)
            if query.where is None:
                raise RefusalError(400, UNBOUNDED)
            token = _token(request, call)
            asker = Asker(call.state, call.user, token.asked_at if token else call.state.clock.now())
            found = self._matching(query, request, asker)
            start = 0 if token is None else _position(found, query, token.after)
        except JqlError as error:
            raise RefusalError(400, str(error)) from error
        size = min(request.maxResults, _ID_PAGE_MAX if set(fields) <= {"id", "key"} else _PAGE_MAX)
        rows = _rows(Viewer(call.state, call.user), found[start : start + size], fields)
        page: Json = {"issues": rows, "isLast": start + size >= len(found)}
        if not page["isLast"]:
            after = [value(found[start + size - 1]) for value, _ in sort_key(query.order)]
            page["nextPageToken"] = _encoded(_Token(crc32(request.jql.encode()), asker.now, after))
        if "names" in (request.expand or "").split(","):
            page["names"] = _names(call, fields)
        return page

    def _matching(self, query: Query, request: SearchRequest, asker: Asker) -> list[Issue]:
        state = asker.state
        index = state.index
        seen = index.seen()
        fresh = [issue for number in request.reconcileIssues or () if (issue := state.find(str(number)))]
        fresh = [issue for issue in fresh if seen.get(issue.id) is not issue]
        key = (
            index.revision,
            state.people.revision,
            state.catalogue.revision,
            asker.user.account_id,
            request.jql,
            asker.now,
        )
        if fresh or (found := self._found.get(key)) is None:
            floor = updated_floor(query.where, asker)
            among = seen.values() if floor is None else index.updated_since(floor)
            found = _select(query, asker, _overlaid(among, fresh))
            if not fresh:
                if len(self._found) >= _CACHED_MAX:
                    self._found.clear()
                self._found[key] = found
        return found


def bulk_fetch(call: Call) -> Json:
    """Answer ``POST /issue/bulkfetch``: up to 100 issues as they are now, moved ones by their old keys too."""
    request = _typed(call.body, BulkFetchRequest)
    if not 1 <= len(request.issueIdsOrKeys) <= _PAGE_MAX:
        raise RefusalError(400, f"The number of issue IDs or keys must be between 1 and {_PAGE_MAX}.")
    found: dict[str, Issue] = {}
    for reference in request.issueIdsOrKeys:
        issue = call.state.find(reference)
        # What is not there, or not for this user, is left out; errors tell only of what should be tried again.
        if issue and call.state.may_see(call.user.account_id, issue):
            found[issue.id] = issue
    fields = request.fields or ["*navigable"]
    rows = _rows(Viewer(call.state, call.user), found.values(), fields)
    return {"issues": rows, "issueErrors": []}


def match_issues(call: Call) -> Json:
    """Answer ``POST /jql/match``: of each query which of the issues it would find, or what is wrong with it.

    Jira has limits of both lists that it does not publish; these are the simulator's own.
    """
    request = _typed(call.body, MatchRequest)
    if len(request.issueIds) > _MATCHED_MAX:
        raise RefusalError(400, f"The number of issue IDs must not exceed {_MATCHED_MAX}.")
    if len(request.jqls) > _QUERIES_MAX:
        raise RefusalError(400, f"The number of JQL queries must not exceed {_QUERIES_MAX}.")
    asker = Asker(call.state, call.user, call.state.clock.now())
    found = [call.state.find(str(number)) for number in request.issueIds]
    return {"matches": [_matched(jql, asker, [issue for issue in found if issue]) for jql in request.jqls]}


def _matched(jql: str, asker: Asker, among: Sequence[Issue]) -> Json:
    try:
        found = _select(parse(jql), asker, among)
    except JqlError as error:
        return {"matchedIssues": [], "errors": [str(error)]}
    return {"matchedIssues": sorted(int(issue.id) for issue in found), "errors": []}


def _typed(body: Any, kind: type[Any]) -> Any:
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as error:
        raise RefusalError(400, INVALID_PAYLOAD) from error


def _refuse_excess(request: SearchRequest) -> None:
    if request.maxResults < 1:
        raise RefusalError(400, "The value of maxResults must be at least 1.")
    if len(request.reconcileIssues or ()) > 50:
        raise RefusalError(400, "The number of issues to reconcile must not exceed 50.")


def _select(query: Query, asker: Asker, among: Iterable[Issue]) -> list[Issue]:
    matches = matcher(query.where, asker) if query.where is not None else _anything
    may_see, account_id = asker.state.may_see, asker.user.account_id
    found = [issue for issue in among if matches(issue) and may_see(account_id, issue)]
    for value, is_descending in reversed(sort_key(query.order)):
        found.sort(key=value, reverse=is_descending)
    return found


def _anything(_: Issue) -> bool:
    return True


def _overlaid(among: Iterable[Issue], fresh: Sequence[Issue]) -> Iterable[Issue]:
    if not fresh:
        return among
    ids = {issue.id for issue in fresh}
    return [*(issue for issue in among if issue.id not in ids), *fresh]


def _position(found: list[Issue], query: Query, after: list[Any]) -> int:
    """Return where the rows begin that sort behind ``after``, even if the row it was taken from has moved."""
    keys = sort_key(query.order)

    def compare(left: Sequence[SortValue], right: Sequence[SortValue]) -> int:
        for (_, is_descending), one, other in zip(keys, left, right, strict=True):
            if one != other:
                return (1 if one > other else -1) * (-1 if is_descending else 1)  # type: ignore[operator]
        return 0

    key = cmp_to_key(compare)
    return bisect_right(found, key(after), key=lambda issue: key([value(issue) for value, _ in keys]))


def _token(request: SearchRequest, call: Call) -> _Token | None:
    if not request.nextPageToken:
        return None
    try:
        raw = base64.urlsafe_b64decode(request.nextPageToken.encode())
        token = msgspec.json.decode(raw, type=_Token)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise RefusalError(400, "The provided next page token is invalid.") from error
    is_expired = call.state.clock.now() - token.asked_at.astimezone(UTC) > _TOKEN_LIFE
    if is_expired or token.query != crc32(request.jql.encode()):
        raise RefusalError(400, "The provided next page token is invalid or has expired.")
    return token


def _encoded(token: _Token) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(token)).decode()


def _rows(viewer: Viewer, issues: Iterable[Issue], asked: Sequence[str]) -> list[Json]:
    if set(asked) == {"id"}:
        return [{"id": issue.id} for issue in issues]
    fields = chosen_fields(asked, viewer.state)
    rows = [issue_row(viewer, issue, fields) for issue in issues]
    if not fields:
        for row in rows:
            del row["fields"]
    return rows


def _names(call: Call, asked: Sequence[str]) -> Mapping[str, str]:
    known = call.state.catalogue.fields
    return {id: known[id].name for id in chosen_fields(asked, call.state) if id in known}
