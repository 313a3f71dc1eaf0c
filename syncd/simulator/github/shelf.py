"""Where a simulated GitHub keeps issues and comments: found by id, by repository and number, by key."""

import threading
from collections.abc import Sequence

import msgspec

from syncd.clock import Clock
from syncd.simulator.github.catalogue import Catalogue
from syncd.simulator.github.people import People, Role
from syncd.simulator.github.records import Comment, Issue, Repository
from syncd.simulator.github.relations import Relations
from syncd.simulator.github.timeline import Timeline


class Shelf:
    """Whole records in their places; ``revisions`` counts the changes of a repository.

    ``gone``: what stood at (repository id, number): the id of the issue it was transferred to, None where deleted.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.people = People()
        self.catalogue = Catalogue(clock, self.people)
        self.relations = Relations()
        self.timeline = Timeline(self.catalogue)
        self.gone: dict[tuple[int, int], int | None] = {}
        self.revisions: dict[int, int] = {}
        self._issues: dict[int, Issue] = {}
        self._by_number: dict[int, dict[int, int]] = {}
        self._last_number: dict[int, int] = {}
        self._comments: dict[int, dict[int, Comment]] = {}
        self._issue_of_comment: dict[int, int] = {}
        self._last_id = 2_000_000_000
        self._last_comment_id = 1_000_000_000

    def issues(self, full_name: str) -> list[Issue]:
        """Return the issues and pull requests of a repository by number."""
        return self.issues_of(self.catalogue.repository(full_name).id)

    def issues_of(self, repository_id: int) -> list[Issue]:
        """Return the issues and pull requests of a repository, given by its id, by number."""
        return [self._issues[id] for _, id in sorted(self._by_number.get(repository_id, {}).items())]

    def by_id(self, issue_id: int) -> Issue | None:
        """Return an issue by its id."""
        return self._issues.get(issue_id)

    def at(self, repository_id: int, number: int) -> Issue | None:
        """Return an issue by repository and number."""
        return self._issues.get(self._by_number.get(repository_id, {}).get(number, 0))

    def find(self, key: str) -> Issue | None:
        """Return an issue by key, ``owner/name#12``."""
        name, _, number = key.rpartition("#")
        repository = self.catalogue.find(name)
        return self.at(repository.id, int(number)) if repository and number.isdigit() else None

    def issue(self, key: str) -> Issue:
        """Return an issue by key; KeyError where there is none."""
        if (issue := self.find(key)) is None:
            raise KeyError(f"no issue {key!r}")
        return issue

    def repository_of(self, issue: Issue) -> Repository:
        """Return the repository that an issue is in."""
        return self.catalogue.repository(issue.repository_id)

    def key(self, issue: Issue) -> str:
        """Return ``owner/name#12``."""
        return f"{self.repository_of(issue).full_name}#{issue.number}"

    def comments(self, key: str) -> Sequence[Comment]:
        """Return the comments of an issue, oldest first."""
        return self.comments_of(self.issue(key).id)

    def comments_of(self, issue_id: int) -> Sequence[Comment]:
        """Return the comments of an issue, given by its id, oldest first."""
        return [comment for _, comment in sorted(self._comments.get(issue_id, {}).items())]

    def comment_count(self, issue_id: int) -> int:
        """Return how many comments an issue has."""
        return len(self._comments.get(issue_id, ()))

    def comment(self, comment_id: int) -> Comment | None:
        """Return a comment by id."""
        return self._comments.get(self._issue_of_comment.get(comment_id, 0), {}).get(comment_id)

    def may_see(self, login: str | None, repository: Repository) -> bool:
        """Say whether an account, or nobody, may read a repository."""
        return self.people.role(login, repository) >= Role.READ

    def put_issue(self, issue: Issue) -> Issue:
        """Put a whole record in place, as it is: what loaders do."""
        with self.lock:
            self._last_id = max(self._last_id, issue.id)
            old = self._issues.get(issue.id)
            self.relations.move(issue.id, old.parent_id if old else None, issue.parent_id)
            self._last_number[issue.repository_id] = max(self._next_number(issue.repository_id) - 1, issue.number)
            self._issues[issue.id] = issue
            self._by_number.setdefault(issue.repository_id, {})[issue.number] = issue.id
            self._changed(issue.repository_id)
            return issue

    def put_comment(self, comment: Comment) -> Comment:
        """Put a whole comment in place, as it is: what loaders do."""
        with self.lock:
            self._last_comment_id = max(self._last_comment_id, comment.id)
            self._comments.setdefault(comment.issue_id, {})[comment.id] = comment
            self._issue_of_comment[comment.id] = comment.issue_id
            self._changed(self._issues[comment.issue_id].repository_id)
            return comment

    def _next_number(self, repository_id: int) -> int:
        return self._last_number.get(repository_id, 0) + 1

    def _take_away(self, issue: Issue, moved_to: int | None) -> None:
        """Remove an issue with its comments and relations, and remember what became of its number."""
        for comment_id in self._comments.pop(issue.id, {}):
            del self._issue_of_comment[comment_id]
        for child_id in self.relations.children(issue.id):
            self._issues[child_id] = msgspec.structs.replace(self._issues[child_id], parent_id=None)
        self.relations.move(issue.id, issue.parent_id, None)
        self.relations.forget(issue.id)
        del self._issues[issue.id]
        del self._by_number[issue.repository_id][issue.number]
        self.gone[issue.repository_id, issue.number] = moved_to
        self._changed(issue.repository_id)

    def _changed(self, repository_id: int) -> None:
        self.revisions[repository_id] = self.revisions.get(repository_id, 0) + 1
