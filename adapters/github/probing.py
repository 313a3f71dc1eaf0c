"""Finds out who the token is, what it may do in each repository, and which words are used there."""

from collections.abc import Sequence
from typing import Any

from adapters.github import repository
from adapters.github.account import UNTOLD
from adapters.github.client import Answer, Client
from adapters.github.mapping import MalformedError, row_of
from adapters.github.repository import PLACE_STATUSES, PlaceError
from adapters.github.rows import PermissionsRow, RepositoryRow, UserRow
from adapters.github.settings import BLOCKS
from syncd.model.errors import TrackerError, TransientError, UnsentError
from syncd.model.identity import PlaceId
from syncd.model.items import Audience, AudienceKind, Person, StatusCategory
from syncd.model.reading import Capabilities, PlaceReport, Vocabulary

WORDS_COUNT = 5
"""So many repositories, and owners, are asked for their words."""
_VISIBLE_COUNT = 300


def probe(client: Client, places: Sequence[PlaceId]) -> Capabilities:
    """Return what the credential can do; without configured repositories, in all that it is a member of.

    Raises:
        AccessError: the token is wrong or expired.
    """
    account, scopes = _account(client)
    reports = [_report(client, place, scopes) for place in places] or list(_visible(client, scopes))
    readable = [report.id for report in reports if report.can_read]
    vocabulary = Vocabulary(
        types=_types(client, readable),
        statuses=(("open", StatusCategory.TODO), ("closed", StatusCategory.DONE)),
        links=(BLOCKS,),
        labels=_labels(client, readable[:WORDS_COUNT]),
    )
    return Capabilities(account=account, places=tuple(reports), vocabulary=vocabulary)


def report_of(row: RepositoryRow, place: PlaceId, scopes: str = "") -> PlaceReport:
    """Return what may be done in a repository; ``scopes`` are a classic token's, empty where GitHub tells none."""
    may = row.permissions or PermissionsRow()
    can_write = may.triage or may.push or may.maintain or may.admin
    is_open = row.has_issues and not row.archived and _is_in_scope(row, scopes)
    return PlaceReport(
        id=place,
        name=row.full_name,
        audience=audience_of(row),
        can_read=row.has_issues,
        can_label=is_open and can_write,
        can_comment=is_open and (can_write or may.pull or not row.private),
        problem=_problem(row, place, may, scopes),
    )


def audience_of(row: RepositoryRow) -> Audience:
    """Return who reads a repository; GitHub doesn't tell which colleagues read a private one."""
    is_public = row.visibility == "public" or (not row.visibility and not row.private)
    return Audience(AudienceKind.PUBLIC if is_public else AudienceKind.INTERNAL)


def _account(client: Client) -> tuple[Person, str]:
    untold = Person("an account that it does not name")
    try:
        answer = client.get("/user", allowed=UNTOLD)
        row = row_of(answer.data, UserRow) if answer.status < 400 else None
    except UnsentError:
        raise
    except (TransientError, MalformedError):
        return untold, ""
    if row is None:
        return untold, ""
    return Person(name=row.login, account=row.login), answer.headers.get("x-oauth-scopes", "")


def _report(client: Client, place: PlaceId, scopes: str) -> PlaceReport:
    try:
        row = row_of(repository.get(client, place, "").data, RepositoryRow)
    except PlaceError as error:
        return _undescribed(client, place, error.message)
    except MalformedError as error:
        return _undescribed(client, place, str(error))
    return report_of(row, place, scopes)


def _undescribed(client: Client, place: PlaceId, problem: str) -> PlaceReport:
    """Look whether a repository that is not described can be read all the same."""
    try:
        repository.get(client, place, "/issues", {"per_page": "1"})
    except PlaceError:
        return PlaceReport(id=place, problem=problem)
    told = f"{place.key} is not described here: say who reads it with `audience:`; what the token may do will show"
    return PlaceReport(id=place, can_read=True, problem=told)


def _visible(client: Client, scopes: str) -> Sequence[PlaceReport]:
    """Return the repositories that the account is a member of; of its organisations, where no other list has any."""
    found = _listed(client, "/user/repos", scopes)
    if not found:
        for name in _names(client, ["/user/orgs"], "login")[:WORDS_COUNT]:
            found += _listed(client, f"/orgs/{name}/repos", scopes)
    return found


def _listed(client: Client, path: str, scopes: str) -> list[PlaceReport]:
    # A list that moves while it is read shows some of it twice.
    reports: dict[PlaceId, PlaceReport] = {}
    for answer in client.pages(path, {"sort": "pushed"}, allowed=PLACE_STATUSES):
        if answer.status >= 400:
            break
        for value in repository.listed(answer, client.tracker):
            row = row_of(value, RepositoryRow)
            if row.has_issues and not row.archived:
                place = PlaceId(client.tracker, row.full_name)
                reports[place] = report_of(row, place, scopes)
        if len(reports) >= _VISIBLE_COUNT:
            break
    return list(reports.values())


def _problem(row: RepositoryRow, place: PlaceId, may: PermissionsRow, scopes: str) -> str:
    name = place.key
    if row.full_name.casefold() != name.casefold():
        return f"{name} is called {row.full_name} now: write that name in trackers.yaml"
    if not row.has_issues:
        return f"{name} has its issues switched off: switch them on there, or take it out of trackers.yaml"
    if row.archived:
        return f"{name} is archived and takes no writes: set `stage: report` for it, or take it out of trackers.yaml"
    if not _is_in_scope(row, scopes):
        return f"the token may not write to {name}: it needs the scope {'repo' if row.private else 'public_repo'}"
    if row.permissions is None:
        return f"GitHub does not say what this token may do in {name}"
    if not (may.triage or may.push or may.maintain or may.admin):
        return f"this account may not label in {name}: give it the role Write there, or set `stage: report` for it"
    if not (may.push or may.maintain or may.admin):
        return f"this account may not make new labels in {name}: give it the role Write, or make our labels there first"
    return ""


def _is_in_scope(row: RepositoryRow, scopes: str) -> bool:
    held = {scope.strip() for scope in scopes.split(",") if scope.strip()}
    return not held or "repo" in held or (not row.private and "public_repo" in held)


def _types(client: Client, places: Sequence[PlaceId]) -> tuple[str, ...]:
    """Return the issue types of the repositories' organisations, where there are such and they may be read."""
    owners = list(dict.fromkeys(place.key.partition("/")[0] for place in places))[:WORDS_COUNT]
    return _names(client, [f"/orgs/{owner}/issue-types" for owner in owners])


def _labels(client: Client, places: Sequence[PlaceId]) -> tuple[str, ...]:
    return _names(client, [f"/repos/{place.key}/labels?per_page=100" for place in places])


def _names(client: Client, paths: Sequence[str], key: str = "name") -> tuple[str, ...]:
    """Return the words of lists; a list that can't be read has none."""
    names: set[str] = set()
    for path in paths:
        try:
            answer = client.get(path, allowed=PLACE_STATUSES)
        except TrackerError:
            continue
        names.update(name for value in _values(answer) if isinstance(name := value.get(key), str) and name)
    return tuple(sorted(names))


def _values(answer: Answer) -> list[Any]:
    return [value for value in answer.data if isinstance(value, dict)] if isinstance(answer.data, list) else []
