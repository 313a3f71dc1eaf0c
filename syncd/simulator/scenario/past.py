"""What happened to the items of the payments company until now, as their trackers tell it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

import msgspec

from syncd.simulator.github import GitHubState
from syncd.simulator.github.records import Issue as GitHubIssue
from syncd.simulator.jira import JiraState
from syncd.simulator.jira.changelog import Names
from syncd.simulator.jira.edits import record_changes
from syncd.simulator.jira.records import Issue
from syncd.simulator.scenario.cast import SPRINTS
from syncd.simulator.scenario.tables import Before, Step, Ticket, Work

_SATURDAY = 5
_BUSY_MINUTES = 420
_STRIDE = 37
_SPRINTS = {sprint.name: sprint for sprint in SPRINTS}
_WORDS = {
    "summary": "summary",
    "text": "description",
    "status": "status",
    "parent": "parent",
    "points": "story_points",
    "due": "due_date",
    "version": "fix_versions",
    "sprint": "sprints",
}


def moment(now: datetime, days_ago: int, number: int = 0) -> datetime:
    """Return an instant so many days ago, on a working day; ``number`` spreads what happens on one day."""
    at = now - timedelta(days=days_ago, minutes=number * _STRIDE % _BUSY_MINUTES)
    return at - timedelta(days=max(0, at.weekday() - _SATURDAY + 1))


def day_ahead(now: datetime, days: int) -> date:
    """Return a day so many days from now."""
    return (now + timedelta(days=days)).date()


def names_in(state: JiraState) -> Names:
    """Return how the site's issues and people are called."""
    return Names(lambda id: state.issue(id).key, lambda id: user.display_name if (user := state.people.get(id)) else id)


def tell_ticket(state: JiraState, now: datetime, key: str, ticket: Ticket, by: str | None) -> None:
    """Write the changelog of an issue that is there as it is now; ``by`` made all the changes."""
    names = names_in(state)
    after = state.issue(key)
    told: list[tuple[Issue, Issue, int]] = []
    for days, field, value in reversed(_steps(ticket)):
        before = _before(state, now, after, field, value)
        told.append((before, after, days))
        after = before
    for before, after, days in reversed(told):
        state.changelog.edited(before, after, moment(now, days, ticket.number), by, names)


def _before(state: JiraState, now: datetime, issue: Issue, field: str, value: Before) -> Issue:
    said = _said(now, field, value)
    words, project = {_WORDS[field]: said}, issue.project_key
    changes = record_changes(words, state.catalogue, project, issue.custom, lambda name: state.issue(name).id)
    if field == "status":
        changes |= {"resolution": None, "resolved_at": None}
    return msgspec.structs.replace(issue, **changes)


def _said(now: datetime, field: str, value: Before) -> object:
    if field in ("sprint", "version"):
        return [name for name in str(value or "").split(", ") if name]
    if field == "due" and isinstance(value, int):
        return day_ahead(now, value)
    return value or None


def _steps(ticket: Ticket) -> list[Step]:
    """Return all changes of an issue, oldest first."""
    found = [*ticket.was, *_moves(ticket), *_plans(ticket)]
    return sorted(found, key=lambda step: -step[0])


def _moves(ticket: Ticket) -> Iterator[Step]:
    """Yield how its status came to be."""
    if ticket.status == "To Do":
        return
    is_done = ticket.status == "Done"
    began = ticket.began if ticket.began is not None else ticket.quiet + 7
    began = max(ticket.quiet, min(began, ticket.created - 1))
    yield began, "status", "To Do"
    if is_done or (ticket.status != "In Progress"):
        yield ticket.quiet, "status", "In Progress"


def _plans(ticket: Ticket) -> Iterator[Step]:
    """Yield how it was put into its sprints: before the first of them began, and when each that it outlived ended."""
    names = [*ticket.carried, *([ticket.sprint] if ticket.sprint else [])]
    for index, name in enumerate(names):
        sprint = _SPRINTS[name]
        days = max(ticket.quiet, -sprint.starts if index else 1 - sprint.starts)
        if days < ticket.created:
            yield days, "sprint", ", ".join(names[:index])


def tell_work(state: GitHubState, now: datetime, key: str, work: Work) -> None:
    """Write the timeline of an issue that is there as it is now, its relations too."""
    after = state.issue(key)
    told: list[tuple[GitHubIssue, GitHubIssue, int]] = []
    for days, changes in _changes(state, after, work):
        before = msgspec.structs.replace(after, **changes)
        told.append((before, after, days))
        after = before
    for before, after, days in reversed(told):
        state.timeline.edited(before, after, moment(now, days, work.number), work.who or "mara-lindqvist")
    for days, parent in _parents(work):
        state.set_parent(key, parent or None, at=moment(now, days))


def _changes(state: GitHubState, issue: GitHubIssue, work: Work) -> Iterable[tuple[int, Mapping[str, object]]]:
    """Return what is taken back at each change, the newest first."""
    found: list[tuple[int, Mapping[str, object]]] = []
    for days, field, value in work.was:
        if field == "milestone":
            number = state.catalogue.milestone(issue.repository_id, value).number if value else None
            found.append((days, {"milestone": number}))
        elif field == "title":
            found.append((days, {"title": value}))
    if issue.state == "closed":
        opened = {"state": "open", "state_reason": None, "closed_at": None, "closed_by": None}
        found.append((work.quiet, {**opened, "pull_request": _unmerged(issue)}))
    if work.began is not None:
        found.append((work.began, {"assignees": ()}))
    return sorted(found, key=lambda change: change[0])


def _unmerged(issue: GitHubIssue) -> object:
    return issue.pull_request and msgspec.structs.replace(issue.pull_request, merged_at=None)


def _parents(work: Work) -> Iterator[tuple[int, str]]:
    """Yield when it came below which parent, oldest first."""
    moves = sorted((step for step in work.was if step[1] == "parent"), key=lambda step: -step[0])
    since = work.created
    for days, _, before in moves:
        if before:
            yield since, str(before)
        since = days
    if work.parent or moves:
        yield since, work.parent
