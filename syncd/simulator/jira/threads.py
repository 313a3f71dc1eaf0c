"""The comments of a site, by issue and by their own id."""

from collections.abc import Sequence

from syncd.simulator.jira.records import Comment


class Threads:
    """Comments in the order they were made."""

    def __init__(self) -> None:
        self._comments: dict[str, list[Comment]] = {}
        self._issue_of: dict[str, str] = {}
        self._last_id = 10_000

    def of(self, issue_id: str) -> Sequence[Comment]:
        """Return the comments of an issue, oldest first."""
        return tuple(self._comments.get(issue_id, ()))

    def find(self, comment_id: str) -> Comment | None:
        """Return a comment by id."""
        among = self._comments.get(self._issue_of.get(comment_id, ""), ())
        return next((comment for comment in among if comment.id == comment_id), None)

    def comment(self, comment_id: str) -> Comment:
        """Return a comment by id; KeyError where there is none."""
        if (comment := self.find(comment_id)) is None:
            raise KeyError(f"no comment {comment_id!r}")
        return comment

    def next_id(self) -> str:
        """Return an id that no comment has."""
        return str(self._last_id + 1)

    def put(self, comment: Comment) -> Comment:
        """Add a comment, or replace the one with its id, and return it."""
        among = self._comments.setdefault(comment.issue_id, [])
        if comment.id in self._issue_of:
            among[[other.id for other in among].index(comment.id)] = comment
        else:
            among.append(comment)
            self._issue_of[comment.id] = comment.issue_id
            self._last_id = max(self._last_id, int(comment.id))
        return comment

    def remove(self, comment_id: str) -> str:
        """Remove a comment and return the id of its issue."""
        comment = self.comment(comment_id)
        self._comments[comment.issue_id].remove(comment)
        return self._issue_of.pop(comment_id)

    def forget(self, issue_id: str) -> None:
        """Forget all comments of an issue."""
        for comment in self._comments.pop(issue_id, ()):
            del self._issue_of[comment.id]
