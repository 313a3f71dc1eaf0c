"""Issues and what belongs to them as GitHub's JSON, for the eyes of one caller."""

from datetime import datetime
from urllib.parse import quote

from syncd.simulator.github.people import Role
from syncd.simulator.github.records import Account, Comment, Issue, IssueType, Label, Milestone, Repository
from syncd.simulator.github.wire import Call, Json

_GHOST_REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def time_text(at: datetime | None) -> str | None:
    """Return an instant as GitHub writes it: 2026-11-24T10:00:00Z."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def account_row(call: Call, account: Account | None) -> Json | None:
    """Return an account; nothing where it was deleted."""
    if account is None:
        return None
    return {
        "login": account.login,
        "id": account.id,
        "node_id": f"U_{account.id}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{account.id}?v=4",
        "url": f"{call.base}/users/{account.login}",
        "html_url": f"{call.state.site}/{account.login}",
        "type": account.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def user_row(call: Call, login: str | None) -> Json | None:
    """Return an account by its login."""
    return account_row(call, call.state.people.get(login))


def repository_row(call: Call, repository: Repository) -> Json:
    """Return a repository with what the caller may do there."""
    url = repository_url(call, repository)
    role = call.state.people.role(call.login, repository)
    row: Json = {
        "id": repository.id,
        "node_id": f"R_{repository.id}",
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "visibility": "private" if repository.private else "public",
        "owner": user_row(call, repository.owner),
        "html_url": f"{call.state.site}/{repository.full_name}",
        "description": repository.description or None,
        "fork": False,
        "url": url,
        "issues_url": f"{url}/issues{{/number}}",
        "labels_url": f"{url}/labels{{/name}}",
        "created_at": time_text(repository.created_at),
        "updated_at": time_text(repository.created_at),
        "pushed_at": time_text(repository.created_at),
        "archived": False,
        "disabled": False,
        "has_issues": repository.has_issues,
        "default_branch": "main",
        "open_issues_count": sum(issue.state == "open" for issue in call.state.issues_of(repository.id)),
    }
    if call.token:
        row["permissions"] = {
            "admin": role >= Role.ADMIN,
            "maintain": role >= Role.ADMIN,
            "push": role >= Role.WRITE,
            "triage": role >= Role.TRIAGE,
            "pull": role >= Role.READ,
        }
    return row


def label_row(call: Call, repository: Repository, label: Label) -> Json:
    """Return a label."""
    return {
        "id": label.id,
        "node_id": f"LA_{label.id}",
        "url": f"{repository_url(call, repository)}/labels/{quote(label.name, safe='')}",
        "name": label.name,
        "color": label.color,
        "default": label.name in ("bug", "documentation", "duplicate", "enhancement", "question", "wontfix"),
        "description": label.description,
    }


def milestone_row(call: Call, repository: Repository, milestone: Milestone) -> Json:
    """Return a milestone with the numbers of its issues."""
    issues = [one for one in call.state.issues_of(repository.id) if one.milestone == milestone.number]
    open_count = sum(issue.state == "open" for issue in issues)
    return {
        **_milestone_face(call, repository, milestone),
        "open_issues": open_count,
        "closed_issues": len(issues) - open_count,
    }


def issue_type_row(of: IssueType) -> Json:
    """Return an issue type."""
    return {
        "id": of.id,
        "node_id": f"IT_{of.id}",
        "name": of.name,
        "description": of.description,
        "color": of.color,
        "created_at": time_text(of.created_at),
        "updated_at": time_text(of.created_at),
        "is_enabled": True,
    }


def issue_row(call: Call, issue: Issue) -> Json:
    """Return an issue or pull request, as lists and ``GET issues/{n}`` have it."""
    state = call.state
    repository = state.repository_of(issue)
    url = f"{repository_url(call, repository)}/issues/{issue.number}"
    labels = (state.catalogue.label(repository.id, name) for name in issue.labels)
    milestone = None if issue.milestone is None else state.catalogue.milestone(repository.id, issue.milestone)
    assignees = [user_row(call, login) for login in issue.assignees]
    return {
        "url": url,
        "repository_url": repository_url(call, repository),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": html_url(call, repository, issue),
        "id": issue.id,
        "node_id": f"PR_{issue.id}" if issue.pull_request else f"I_{issue.id}",
        "number": issue.number,
        "title": issue.title,
        "user": user_row(call, issue.author),
        "labels": [label_row(call, repository, label) for label in labels if label],
        "state": issue.state,
        "locked": issue.is_locked,
        "milestone": milestone and _milestone_face(call, repository, milestone),
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "comments": state.comment_count(issue.id),
        "created_at": time_text(issue.created_at),
        "updated_at": time_text(issue.updated_at),
        "closed_at": time_text(issue.closed_at),
        "author_association": issue.author_association,
        "active_lock_reason": issue.lock_reason,
        "body": issue.body,
        "closed_by": user_row(call, issue.closed_by),
        "reactions": {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(_GHOST_REACTIONS, 0)},
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": None,
        "state_reason": issue.state_reason,
        **(_change_part(call, repository, issue) if issue.pull_request else _issue_part(call, repository, issue)),
    }


def comment_row(call: Call, comment: Comment) -> Json:
    """Return a comment."""
    issue = call.state.by_id(comment.issue_id)
    assert issue is not None
    repository = call.state.repository_of(issue)
    url = repository_url(call, repository)
    return {
        "url": f"{url}/issues/comments/{comment.id}",
        "html_url": f"{html_url(call, repository, issue)}#issuecomment-{comment.id}",
        "issue_url": f"{url}/issues/{issue.number}",
        "id": comment.id,
        "node_id": f"IC_{comment.id}",
        "user": user_row(call, comment.author),
        "created_at": time_text(comment.created_at),
        "updated_at": time_text(comment.updated_at),
        "body": comment.body,
        "author_association": comment.author_association,
        "performed_via_github_app": None,
    }


def repository_url(call: Call, repository: Repository) -> str:
    """Return the API address of a repository."""
    return f"{call.base}/repos/{repository.full_name}"


def html_url(call: Call, repository: Repository, issue: Issue) -> str:
    """Return the address of an issue for people."""
    part = "pull" if issue.pull_request else "issues"
    return f"{call.state.site}/{repository.full_name}/{part}/{issue.number}"


def _milestone_face(call: Call, repository: Repository, milestone: Milestone) -> Json:
    url = f"{repository_url(call, repository)}/milestones/{milestone.number}"
    return {
        "url": url,
        "html_url": f"{call.state.site}/{repository.full_name}/milestone/{milestone.number}",
        "labels_url": f"{url}/labels",
        "id": milestone.id,
        "node_id": f"MI_{milestone.id}",
        "number": milestone.number,
        "title": milestone.title,
        "description": milestone.description,
        "creator": user_row(call, milestone.creator),
        "open_issues": 0,
        "closed_issues": 0,
        "state": milestone.state,
        "created_at": time_text(milestone.created_at),
        "updated_at": time_text(milestone.updated_at),
        "due_on": time_text(milestone.due_on),
        "closed_at": time_text(milestone.closed_at),
    }


def _change_part(call: Call, repository: Repository, issue: Issue) -> Json:
    assert issue.pull_request is not None
    html = html_url(call, repository, issue)
    return {
        "draft": issue.pull_request.draft,
        "pull_request": {
            "url": f"{repository_url(call, repository)}/pulls/{issue.number}",
            "html_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "merged_at": time_text(issue.pull_request.merged_at),
        },
    }


def _issue_part(call: Call, repository: Repository, issue: Issue) -> Json:
    state, relations = call.state, call.state.relations
    children = [child for id in relations.children(issue.id) if (child := state.by_id(id))]
    done = sum(child.state == "closed" for child in children)
    blockers = [blocker for id in relations.blockers(issue.id) if (blocker := state.by_id(id))]
    blocked = [other for id in relations.blocked(issue.id) if (other := state.by_id(id))]
    row: Json = {
        "type": issue.type and issue_type_row(state.catalogue.type(repository.owner, issue.type)),
        "sub_issues_summary": {
            "total": len(children),
            "completed": done,
            "percent_completed": done * 100 // len(children) if children else 0,
        },
        "issue_dependencies_summary": {
            "blocked_by": sum(blocker.state == "open" for blocker in blockers),
            "total_blocked_by": len(blockers),
            "blocking": sum(other.state == "open" for other in blocked),
            "total_blocking": len(blocked),
        },
        "issue_field_values": [],
        "pinned_comment": None,
    }
    parent = state.by_id(issue.parent_id) if issue.parent_id else None
    if parent:
        row["parent_issue_url"] = f"{repository_url(call, state.repository_of(parent))}/issues/{parent.number}"
    return row
