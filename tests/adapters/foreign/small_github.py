"""A GitHub that lists issues and takes labels and comments, and knows nothing else."""

from typing import Any

from syncd.clock import Clock
from tests.adapters.foreign.minimal import Minimal

ISSUE = r"/repos/acme/checkout/issues/(\d+)"


class SmallGitHub(Minimal):
    """One repository, ``acme/checkout``; it may not say who the token is, nor change a comment by its id."""

    def __init__(self, clock: Clock, *, knows_comments_by_id: bool = True, **given: Any) -> None:
        super().__init__(clock, **given)
        self.issues: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.routes = {
            ("GET", r"/repos/acme/checkout/issues"): self._list,
            ("GET", ISSUE): self._issue,
            ("POST", ISSUE + "/labels"): self._label,
            ("DELETE", ISSUE + "/labels/([^/]+)"): self._unlabel,
            ("GET", ISSUE + "/comments"): self._comments,
            ("POST", ISSUE + "/comments"): self._comment,
        }
        if knows_comments_by_id:
            by_id = r"/repos/acme/checkout/issues/comments/(\d+)"
            self.routes |= {("GET", by_id): self._by_id, ("PATCH", by_id): self._edit}

    def add(self, title: str, **fields: Any) -> int:
        number = len(self.issues) + 1
        at = self.now()
        row = {"id": 70 + number, "number": number, "title": title, "state": "open", "labels": [], "body": None}
        self.issues[number] = {**row, "created_at": at, "updated_at": at, "user": None, **fields}
        self.comments[number] = []
        return number

    def labels(self, number: int) -> list[str]:
        return [label["name"] for label in self.issues[number]["labels"]]

    def _list(self, *, query: dict[str, str], body: Any) -> tuple[int, Any]:
        rows = sorted(self.issues.values(), key=lambda row: str(row["updated_at"]))
        return 200, rows if query.get("direction") == "asc" else rows[::-1]

    def _issue(self, number: str, **_: Any) -> tuple[int, Any]:
        issue = self.issues.get(int(number))
        return (200, issue) if issue else (404, {"message": "Not Found"})

    def _label(self, number: str, *, query: Any, body: Any) -> tuple[int, Any]:
        issue = self.issues[int(number)]
        issue["labels"] = [{"name": name} for name in dict.fromkeys([*self.labels(int(number)), *body["labels"]])]
        issue["updated_at"] = self.now()
        return 200, issue["labels"]

    def _unlabel(self, number: str, name: str, **_: Any) -> tuple[int, Any]:
        issue = self.issues[int(number)]
        kept = [label for label in issue["labels"] if label["name"] != name]
        if len(kept) == len(issue["labels"]):
            return 404, {"message": "Not Found"}
        issue.update(labels=kept, updated_at=self.now())
        return 204, None

    def _comments(self, number: str, **_: Any) -> tuple[int, Any]:
        return 200, self.comments[int(number)]

    def _comment(self, number: str, *, query: Any, body: Any) -> tuple[int, Any]:
        comment = {"id": 900 + sum(map(len, self.comments.values())), "body": body["body"]}
        self.comments[int(number)].append(comment)
        return 200, comment

    def _by_id(self, comment_id: str, **_: Any) -> tuple[int, Any]:
        found = [each for comments in self.comments.values() for each in comments if each["id"] == int(comment_id)]
        return (200, found[0]) if found else (404, {"message": "Not Found"})

    def _edit(self, comment_id: str, *, query: Any, body: Any) -> tuple[int, Any]:
        status, comment = self._by_id(comment_id)
        if status == 200:
            comment.update(body)
        return status, comment
