"""A Jira that searches, takes labels and comments, and keeps no property of a comment; it knows nothing else."""

from typing import Any

from syncd.clock import Clock
from tests.adapters.foreign.minimal import Minimal

ISSUE = r"/rest/api/3/issue/(\w+)"


class SmallJira(Minimal):
    """One project, PAY; ``searches`` are the addresses that it can be searched at."""

    def __init__(
        self, clock: Clock, *, searches: str = "search/jql", author: str = "", account: str = "", **given: Any
    ) -> None:
        super().__init__(clock, **given)
        self.issues: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.author = {"author": {"accountId": author}} if author else {}
        comment = ISSUE + r"/comment/(\d+)"
        self.routes = {
            ("POST", f"/rest/api/3/{searches}"): self._search,
            ("GET", ISSUE): self._issue,
            ("PUT", ISSUE): self._edit,
            ("GET", ISSUE + "/comment"): self._list,
            ("POST", ISSUE + "/comment"): self._comment,
            ("GET", comment): self._one,
            ("PUT", comment): self._change,
            ("DELETE", comment): self._delete,
        }
        if account:
            self.routes["GET", "/rest/api/3/myself"] = lambda **_: (200, {"accountId": account, "displayName": "Bot"})

    def add(self, summary: str, **fields: Any) -> str:
        native_id, at = str(10001 + len(self.issues)), self.now()
        status = {"name": "Open", "statusCategory": {"key": "new"}}
        row = {"summary": summary, "status": status, "labels": [], "created": at, "updated": at}
        self.issues[native_id] = {"id": native_id, "key": f"PAY-{len(self.issues) + 1}", "fields": {**row, **fields}}
        self.comments[native_id] = []
        return native_id

    def labels(self, native_id: str) -> list[str]:
        return list(self.issues[native_id]["fields"]["labels"])

    def _search(self, *, query: Any, body: Any) -> tuple[int, Any]:
        if '"PAY"' not in body["jql"]:
            return 400, {"errorMessages": ["The value does not exist for the field 'project'."]}
        start, rows = body.get("startAt", 0), list(self.issues.values())
        page = rows[start : start + min(body["maxResults"], 2)] if "startAt" in body else rows
        return 200, {"issues": page, "total": len(rows)}

    def _issue(self, native_id: str, **_: Any) -> tuple[int, Any]:
        issue = self.issues.get(native_id)
        return (200, issue) if issue else (404, {"errorMessages": ["Issue does not exist"]})

    def _edit(self, native_id: str, *, query: Any, body: Any) -> tuple[int, Any]:
        fields = self.issues[native_id]["fields"]
        for verb in body["update"]["labels"]:
            kept = [label for label in fields["labels"] if label not in verb.values()]
            fields["labels"] = [*kept, verb["add"]] if "add" in verb else kept
        fields["updated"] = self.now()
        return 204, None

    def _list(self, native_id: str, **_: Any) -> tuple[int, Any]:
        return 200, {"comments": self.comments[native_id]}

    def _comment(self, native_id: str, *, query: Any, body: Any) -> tuple[int, Any]:
        comment = {"id": str(500 + sum(map(len, self.comments.values()))), "body": body["body"], **self.author}
        self.comments[native_id].append(comment)
        return 200, comment

    def _one(self, native_id: str, comment_id: str, **_: Any) -> tuple[int, Any]:
        found = [each for each in self.comments[native_id] if each["id"] == comment_id]
        return (200, found[0]) if found else (404, {"errorMessages": ["Can not find a comment"]})

    def _change(self, native_id: str, comment_id: str, *, query: Any, body: Any) -> tuple[int, Any]:
        status, comment = self._one(native_id, comment_id)
        if status == 200:
            comment["body"] = body["body"]
        return status, comment

    def _delete(self, native_id: str, comment_id: str, **_: Any) -> tuple[int, Any]:
        self.comments[native_id] = [each for each in self.comments[native_id] if each["id"] != comment_id]
        return 204, None
