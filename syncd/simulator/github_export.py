"""Issues as GitHub's REST API gives them, put into a simulated GitHub."""

import re
from datetime import datetime
from typing import Any

import msgspec

from syncd.simulator.github import GitHubState
from syncd.simulator.github.records import Comment, Issue, Milestone, PullRequest, Repository

Json = dict[str, Any]
_PLACE = re.compile(r"/repos/([^/]+/[^/]+?)/issues/(\d+)$")


class GitHubExport:
    """Takes rows one by one; ``finish`` puts sub-issues below parents, whichever came first."""

    def __init__(self, state: GitHubState) -> None:
        self._state = state
        self._parents: dict[int, str] = {}

    def add(self, row: Json) -> None:
        """Put one row in place, whole or not at all.

        Raises:
            LookupError, TypeError, ValueError, AttributeError: the row is not what GitHub gives.
        """
        found = _PLACE.search(row["url"])
        if found is None:
            raise ValueError(f"no repository in the url {row['url']!r}")
        number = int(row["number"])
        catalogue = self._state.catalogue
        repository = catalogue.find(found[1]) or self._state.add_repository(found[1])
        issue = self._issue(repository, number, row)
        comments = [self._comment(issue.id, one) for one in row.get("x_comments") or ()]
        events = [self._event(one) for one in row.get("x_timeline") or ()]
        for label in row.get("labels") or ():
            given: Json = {"name": label} if isinstance(label, str) else label
            catalogue.add_label(
                repository.id,
                given["name"],
                color=given.get("color") or "",
                description=given.get("description"),
                id=given.get("id") or 0,
            )
        if row.get("milestone"):
            catalogue.put_milestone(repository.id, self._milestone(row["milestone"]))
        if issue.type:
            catalogue.type(repository.owner, issue.type)
        self._state.put_issue(issue)
        for comment in comments:
            self._state.put_comment(comment)
        for id, name, at, actor, payload in sorted(events, key=lambda event: (event[2], event[0])):
            self._state.timeline.put(issue.id, name, at, actor, payload, id=id)
        if row.get("parent_issue_url"):
            self._parents[issue.id] = row["parent_issue_url"]

    def finish(self) -> None:
        """Put every issue below its parent, where that was loaded too."""
        for id, url in self._parents.items():
            found, child = _PLACE.search(url), self._state.by_id(id)
            parent = self._state.find(f"{found[1]}#{found[2]}") if found else None
            if child and parent:
                self._state.put_issue(msgspec.structs.replace(child, parent_id=parent.id))

    def _issue(self, repository: Repository, number: int, row: Json) -> Issue:
        names = [label if isinstance(label, str) else label["name"] for label in row.get("labels") or ()]
        of_type = row.get("type")
        return Issue(
            id=int(row["id"]),
            number=number,
            repository_id=repository.id,
            title=str(row["title"]),
            body=_text(row.get("body")),
            created_at=_time(row["created_at"]),
            updated_at=_time(row["updated_at"]),
            author=self._login(row.get("user")),
            author_association=row.get("author_association") or "NONE",
            labels=tuple(dict.fromkeys(names)),
            milestone=row["milestone"]["number"] if row.get("milestone") else None,
            assignees=tuple(login for one in row.get("assignees") or () if (login := self._login(one))),
            type=of_type["name"] if of_type else None,
            state="closed" if row["state"] == "closed" else "open",
            state_reason=row.get("state_reason"),
            closed_at=_time(row["closed_at"]) if row.get("closed_at") else None,
            closed_by=self._login(row.get("closed_by")),
            is_locked=bool(row.get("locked")),
            lock_reason=row.get("active_lock_reason"),
            pull_request=_pull_request(row),
        )

    def _comment(self, issue_id: int, row: Json) -> Comment:
        return Comment(
            id=int(row["id"]),
            issue_id=issue_id,
            author=self._login(row.get("user")),
            body=_text(row.get("body")) or "",
            created_at=_time(row["created_at"]),
            updated_at=_time(row.get("updated_at") or row["created_at"]),
            author_association=row.get("author_association") or "NONE",
        )

    def _event(self, row: Json) -> tuple[int, str, datetime, str | None, Json]:
        payload = {name: value for name, value in row.items() if name not in ("id", "event", "created_at", "actor")}
        return int(row["id"]), str(row["event"]), _time(row["created_at"]), self._login(row.get("actor")), payload

    def _milestone(self, row: Json) -> Milestone:
        return Milestone(
            id=int(row.get("id") or row["number"]),
            number=int(row["number"]),
            title=str(row["title"]),
            created_at=_time(row["created_at"]),
            updated_at=_time(row.get("updated_at") or row["created_at"]),
            description=row.get("description"),
            state=row.get("state") or "open",
            due_on=_time(row["due_on"]) if row.get("due_on") else None,
            closed_at=_time(row["closed_at"]) if row.get("closed_at") else None,
            creator=self._login(row.get("creator")),
        )

    def _login(self, user: Json | None) -> str | None:
        """Return the login of a user, who becomes known; a deleted one is nobody."""
        if not user:
            return None
        login = str(user["login"])
        if self._state.people.get(login) is None:
            self._state.people.add(login, type=user.get("type") or "User", id=int(user.get("id") or 0))
        return login


def _pull_request(row: Json) -> PullRequest | None:
    given = row.get("pull_request")
    if given is None:
        return None
    merged = given.get("merged_at")
    return PullRequest(draft=bool(row.get("draft")), merged_at=_time(merged) if merged else None)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"a text was expected, not {type(value).__name__}")


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"a time without its zone: {text!r}")
    return at
