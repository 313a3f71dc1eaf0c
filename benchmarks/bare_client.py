"""The fewest requests that answer the same questions, made by a bare loop: what syncd is measured beside."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from benchmarks.service import Ground
from syncd.simulator.bot import EMAIL, TOKEN

_PAGE = 100


def bare_poll(on: Ground, since: datetime) -> None:
    """Read what changed since then on both trackers, its blockers, and our comments on it."""
    jira_url, github_url = on.server.jira_url, on.server.github_url
    ours = {id.native_id: owned.comment for id, owned in on.workspace.store.ownership().items() if owned.comment}
    projects = [project.key for project in on.jira.projects()]
    for row in _jira_rows(jira_url, projects, on.clock.now() - since):
        if comment := ours.get(row["id"]):
            _get(f"{jira_url}/rest/api/3/issue/{row['id']}/comment/{comment.comment_id}")
    for repository in on.github.catalogue.repositories():
        for row in _github_rows(github_url, repository.full_name, since):
            if row.get("issue_dependencies_summary", {}).get("total_blocked_by"):  # pull requests have none
                _get(f"{row['url']}/dependencies/blocked_by")
            if comment := ours.get(str(row["id"])):
                _get(f"{github_url}/repos/{repository.full_name}/issues/comments/{comment.comment_id}")


def _jira_rows(url: str, projects: list[str], span: timedelta) -> Iterator[dict[str, Any]]:
    minutes = math.ceil(span / timedelta(minutes=1))
    jql = f'project in ({", ".join(projects)}) AND updated >= "-{minutes}m" ORDER BY updated ASC'
    asked: dict[str, object] = {"jql": jql, "fields": ["summary", "status", "updated"], "maxResults": _PAGE}
    while True:
        answer = requests.post(f"{url}/rest/api/3/search/jql", json=asked, auth=(EMAIL, TOKEN), timeout=30)
        page = answer.json()
        yield from page["issues"]
        if "nextPageToken" not in page:
            return
        asked["nextPageToken"] = page["nextPageToken"]


def _github_rows(url: str, name: str, since: datetime) -> Iterator[dict[str, Any]]:
    query = f"state=all&per_page={_PAGE}&since={since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    following = f"{url}/repos/{name}/issues?{query}"
    while following:
        answer = _get(following)
        yield from answer.json()
        following = answer.links.get("next", {}).get("url", "")


def _get(url: str) -> requests.Response:
    """Ask with both credentials: each service looks at its own."""
    is_github = "/github/" in url
    auth = None if is_github else (EMAIL, TOKEN)
    headers = {"Authorization": f"token {TOKEN}"} if is_github else {}
    answer = requests.get(url, auth=auth, headers=headers, timeout=30)
    answer.raise_for_status()
    return answer
