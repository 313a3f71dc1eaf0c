"""What the pages show of an issue, whichever tracker it is in."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from syncd.simulator.github import GitHubState
from syncd.simulator.github import records as github_records
from syncd.simulator.github.pages import markdown_html
from syncd.simulator.jira import JiraState
from syncd.simulator.jira import records as jira_records
from syncd.simulator.jira.pages import adf_html

PREFIX = "syncd:"
_MARK = "<!-- syncd:"
_PROPERTY = "syncd"
_STATES = {"new": "todo", "indeterminate": "doing", "done": "done"}


class LabelView(msgspec.Struct, frozen=True):
    """A label; ours are those that begin with syncd's prefix."""

    name: str

    @property
    def is_ours(self) -> bool:
        """Whether syncd put it there, to judge by its name."""
        return self.name.startswith(PREFIX)


class CommentView(msgspec.Struct, frozen=True, kw_only=True):
    """A comment; ``html`` is safe. Ours are those with syncd's mark, which is not shown."""

    author: str
    at: datetime
    html: str
    is_ours: bool
    is_edited: bool


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """An issue; ``state`` is todo, doing or done, ``status`` the tracker's word; ``facts`` are lines beside it."""

    path: str
    key: str
    title: str
    kind: str
    state: str
    status: str
    labels: tuple[LabelView, ...]
    comment_count: int
    has_ours: bool
    updated_at: datetime
    facts: tuple[tuple[str, str], ...] = ()


class PlaceView(msgspec.Struct, frozen=True, kw_only=True):
    """A project or repository with its issues."""

    name: str
    title: str
    note: str
    items: list[ItemView]


def jira_places(state: JiraState) -> Iterator[PlaceView]:
    """Yield the projects of a Jira site."""
    for project in state.projects():
        issues = sorted(state.issues(project.key), key=lambda issue: issue.number)
        items = [jira_item(state, issue) for issue in issues]
        yield PlaceView(name=project.key, title=project.name, note="Jira project", items=items)


def github_places(state: GitHubState) -> Iterator[PlaceView]:
    """Yield the repositories of a GitHub."""
    for repository in state.catalogue.repositories():
        items = [github_item(state, issue) for issue in state.issues_of(repository.id)]
        note = f"{'private' if repository.private else 'public'} repository"
        yield PlaceView(name=repository.full_name, title=repository.description, note=note, items=items)


def jira_item(state: JiraState, issue: jira_records.Issue) -> ItemView:
    """Return what is shown of a Jira issue."""
    comments = state.comments(issue.id)
    parent = state.face(issue.parent_id) if issue.parent_id else None
    level = state.catalogue.security_levels.get(issue.security_id or "")
    blockers = [link for link in state.links(issue.id) if link.type.name == "Blocks" and link.target_id == issue.id]
    named = {
        "Parent": f"{parent.key} {parent.summary}" if parent else "",
        "Sprint": ", ".join(state.catalogue.sprints[id].name for id in issue.sprint_ids),
        "Version": ", ".join(state.catalogue.versions[id].name for id in issue.fix_version_ids),
        "Blocked by": ", ".join(face.key for link in blockers if (face := state.face(link.source_id))),
        "Due": issue.due_date or "",
        "Security": level.name if level else "",
    }
    return ItemView(
        path=f"/issues/jira/{issue.key}",
        key=issue.key,
        title=issue.summary,
        kind=issue.type.name,
        state=_STATES.get(issue.status.category, "todo"),
        status=issue.status.name,
        labels=tuple(LabelView(name) for name in issue.labels),
        comment_count=len(comments),
        has_ours=any(_PROPERTY in comment.properties for comment in comments),
        updated_at=issue.updated_at,
        facts=tuple((name, value) for name, value in named.items() if value),
    )


def jira_text(state: JiraState, issue: jira_records.Issue) -> tuple[str, list[CommentView]]:
    """Return the description of a Jira issue as HTML, and its comments."""
    comments = [
        CommentView(
            author=user.display_name if (user := state.people.get(comment.author_id)) else "somebody who left",
            at=comment.created_at,
            html=adf_html(comment.body.adf),
            is_ours=_PROPERTY in comment.properties,
            is_edited=comment.updated_at != comment.created_at,
        )
        for comment in state.comments(issue.id)
    ]
    return adf_html(issue.description.adf) if issue.description else "", comments


def github_item(state: GitHubState, issue: github_records.Issue) -> ItemView:
    """Return what is shown of a GitHub issue or pull request."""
    repository = state.repository_of(issue)
    parent = state.by_id(issue.parent_id) if issue.parent_id else None
    blockers = (other for id in state.relations.blockers(issue.id) if (other := state.by_id(id)))
    milestone = state.catalogue.milestone(repository.id, issue.milestone).title if issue.milestone else ""
    named = {
        "Parent": f"{state.key(parent)} {parent.title}" if parent else "",
        "Milestone": milestone,
        "Blocked by": ", ".join(state.key(blocker) for blocker in blockers),
        "Assignees": ", ".join(issue.assignees),
    }
    merged = issue.pull_request is not None and issue.pull_request.merged_at is not None
    return ItemView(
        path=f"/issues/github/{repository.full_name}/{issue.number}",
        key=f"{repository.full_name}#{issue.number}",
        title=issue.title,
        kind="Pull request" if issue.pull_request else issue.type or "Issue",
        state="done" if issue.state == "closed" else "doing" if issue.assignees else "todo",
        status="merged" if merged else issue.state,
        labels=tuple(LabelView(name) for name in issue.labels),
        comment_count=state.comment_count(issue.id),
        has_ours=any(comment.body.startswith(_MARK) for comment in state.comments_of(issue.id)),
        updated_at=issue.updated_at,
        facts=tuple((name, value) for name, value in named.items() if value),
    )


def github_text(state: GitHubState, issue: github_records.Issue) -> tuple[str, list[CommentView]]:
    """Return the body of a GitHub issue as HTML, and its comments."""
    comments = [
        CommentView(
            author=comment.author or "ghost",
            at=comment.created_at,
            html=markdown_html(comment.body),
            is_ours=comment.body.startswith(_MARK),
            is_edited=comment.updated_at != comment.created_at,
        )
        for comment in state.comments_of(issue.id)
    ]
    return markdown_html(issue.body or ""), comments
