"""Where a simulated Jira keeps its issues: found by id, by key and by former key, with what hangs on them."""

import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta

from syncd.clock import Clock
from syncd.simulator.jira.catalogue import Catalogue
from syncd.simulator.jira.changelog import Changelog, Names
from syncd.simulator.jira.index import SearchIndex
from syncd.simulator.jira.people import BROWSE, People
from syncd.simulator.jira.records import Comment, Face, Issue, Link, Project
from syncd.simulator.jira.relations import Relations
from syncd.simulator.jira.remote import RemoteLinks
from syncd.simulator.jira.threads import Threads


class Shelf:
    """Whole records in their places."""

    def __init__(
        self,
        clock: Clock,
        *,
        site: str = "https://acme.atlassian.net",
        index_lag: timedelta = timedelta(0),
        time_zone: str = "UTC",
    ) -> None:
        self.clock = clock
        self.site = site
        self.time_zone = time_zone
        self.lock = threading.RLock()
        self.people = People()
        self.catalogue = Catalogue()
        self.changelog = Changelog(self.catalogue)
        self.index = SearchIndex(clock, index_lag)
        self._issues: dict[str, Issue] = {}
        self._outside: dict[str, Face] = {}
        self._id_by_key: dict[str, str] = {}
        self._relations = Relations()
        self.remote_links = RemoteLinks()
        self._threads = Threads()
        self._last_id = 10_000
        self._last_number: dict[str, int] = {}

    def projects(self) -> list[Project]:
        """Return all projects by key."""
        return sorted(self.catalogue.projects.values(), key=lambda project: project.key)

    def issues(self, project_key: str | None = None) -> list[Issue]:
        """Return all issues, or a project's, in the order of their ids."""
        found = [issue for issue in self._issues.values() if project_key in (None, issue.project_key)]
        return sorted(found, key=lambda issue: int(issue.id))

    def find(self, reference: str) -> Issue | None:
        """Return an issue by id, key or former key."""
        return self._issues.get(reference) or self._issues.get(self._id_by_key.get(reference.upper(), ""))

    def id_of(self, reference: str) -> str | None:
        """Return the id that a key, former key or id means, of issues known only by name too."""
        known = reference in self._issues or reference in self._outside
        return reference if known else self._id_by_key.get(reference.upper())

    def issue(self, reference: str) -> Issue:
        """Return an issue by id, key or former key; KeyError where there is none."""
        if (issue := self.find(reference)) is None:
            raise KeyError(f"no issue {reference!r}")
        return issue

    def face(self, issue_id: str) -> Face | None:
        """Return what others show of an issue, known only by name or not."""
        issue = self._issues.get(issue_id)
        return issue.face() if issue else self._outside.get(issue_id)

    def children(self, issue_id: str) -> Iterator[Face]:
        """Yield what issues below this one show, in the order they came below it."""
        for child_id in self._relations.children(issue_id):
            if face := self.face(child_id):
                yield face

    def links(self, issue_id: str) -> list[Link]:
        """Return the links of an issue, both directions."""
        return self._relations.links(issue_id)

    def comments(self, reference: str) -> Sequence[Comment]:
        """Return the comments of an issue, oldest first."""
        return self._threads.of(self.issue(reference).id)

    def comment(self, comment_id: str) -> Comment | None:
        """Return a comment by id."""
        return self._threads.find(comment_id)

    def may_see(self, account_id: str, issue: Issue) -> bool:
        """Say whether a user may browse the issue, its security level included."""
        level = self.catalogue.security_levels.get(issue.security_id or "")
        is_member = level is None or account_id in level.members
        return is_member and self.people.may(account_id, BROWSE, issue.project_key)

    def put_issue(self, issue: Issue) -> Issue:
        """Put a whole record in place, as it is: what loaders do."""
        with self.lock:
            self._last_id = max(self._last_id, int(issue.id))
            self._last_number[issue.project_key] = max(self._last_number.get(issue.project_key, 0), issue.number)
            self._id_by_key[issue.key.upper()] = issue.id
            self._relations.replace(self._issues.get(issue.id), issue)
            self._issues[issue.id] = issue
            self.index.note(issue.id, issue)
            return issue

    def reindex(self) -> None:
        """Let searches see the present, whatever the lag."""
        with self.lock:
            self.index.catch_up()

    def put_link(self, link: Link) -> None:
        """Put a whole link in place; its ends may be issues known only by name."""
        with self.lock:
            self._relations.put_link(link)

    def put_outside(self, face: Face) -> None:
        """Remember an issue that is known only by what others show of it, such as a parent outside an export."""
        self._outside[face.id] = face
        self._id_by_key.setdefault(face.key.upper(), face.id)

    def put_child(self, parent_id: str, child_id: str) -> None:
        """Remember that an issue is below another, for sub-tasks that are known only by name."""
        self._relations.put_child(parent_id, child_id)

    @property
    def _names(self) -> Names:
        return Names(self._key_of, lambda id: user.display_name if (user := self.people.get(id)) else id)

    def _key_of(self, issue_id: str) -> str:
        face = self.face(issue_id)
        return face.key if face else issue_id
