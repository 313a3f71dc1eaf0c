"""Issue lists: which issues, in which order; a repository's order is kept until one of its issues changes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from syncd.simulator.github.paging import page
from syncd.simulator.github.records import Issue
from syncd.simulator.github.rows import issue_row
from syncd.simulator.github.wire import Answer, Call, RefusalError, invalid


class Listings:
    """Answers ``GET /repos/{owner}/{repo}/issues``, pull requests included."""

    def __init__(self) -> None:
        self._sorted: dict[tuple[int, str], tuple[int, list[Issue]]] = {}

    def get(self, call: Call) -> Answer:
        """Return a page of issues: open ones, newest first, unless asked otherwise."""
        repository = call.repository()
        if not repository.has_issues:
            raise RefusalError(410, "Issues has been disabled in this repository.")
        found: Sequence[Issue] = self._ordered(
            call, repository.id, one_of(call, "sort", ("created", "updated", "comments"))
        )
        for is_wanted in _filters(call):
            found = [issue for issue in found if is_wanted(issue)]
        if one_of(call, "direction", ("desc", "asc")) == "desc":
            found = found[::-1]
        return page(call, found, lambda issue: issue_row(call, issue))

    def _ordered(self, call: Call, repository_id: int, sort: str) -> list[Issue]:
        revision = call.state.revisions.get(repository_id, 0)
        known = self._sorted.get((repository_id, sort))
        if known is None or known[0] != revision:
            keys: dict[str, Callable[[Issue], tuple[Any, int]]] = {
                "created": lambda issue: (issue.created_at, issue.number),
                "updated": lambda issue: (issue.updated_at, issue.number),
                "comments": lambda issue: (call.state.comment_count(issue.id), issue.number),
            }
            known = (revision, sorted(call.state.issues_of(repository_id), key=keys[sort]))
            self._sorted[repository_id, sort] = known
        return known[1]


def _filters(call: Call) -> list[Callable[[Issue], bool]]:
    filters: list[Callable[[Issue], bool]] = []
    state = one_of(call, "state", ("open", "closed", "all"))
    if state != "all":
        filters.append(lambda issue: issue.state == state)
    if text := call.query.get("since"):
        since = instant(text)
        filters.append(lambda issue: issue.updated_at >= since)
    if text := call.query.get("labels"):
        wanted = {name.strip().lower() for name in text.split(",")}
        filters.append(lambda issue: wanted <= {name.lower() for name in issue.labels})
    if text := call.query.get("milestone"):
        filters.append(lambda issue: _has_milestone(issue, text))
    return filters


def _has_milestone(issue: Issue, wanted: str) -> bool:
    if wanted in ("*", "none"):
        return (issue.milestone is None) == (wanted == "none")
    return str(issue.milestone) == wanted


def one_of(call: Call, name: str, among: tuple[str, ...]) -> str:
    """Return a query parameter, the first of ``among`` where it is not given."""
    value = call.query.get(name) or among[0]
    if value not in among:
        raise invalid("Issue", name, "invalid")
    return value


def instant(text: str) -> datetime:
    """Return the instant that a query parameter means; UTC where it names no zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid("Issue", "since", "invalid") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
