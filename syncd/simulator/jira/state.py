"""A Jira site in memory: its issues, comments and links, changed by plain calls; HTTP is one way to make them."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Unpack

import msgspec

from syncd.clock import Clock
from syncd.simulator.jira.catalogue import Catalogue
from syncd.simulator.jira.edits import IssueFields, IssueWords, record_changes, with_resolution
from syncd.simulator.jira.index import SearchIndex
from syncd.simulator.jira.people import BROWSE, People
from syncd.simulator.jira.prose import Node, Prose, prose
from syncd.simulator.jira.records import Comment, Face, Issue, Link, Project
from syncd.simulator.jira.relations import Relations
from syncd.simulator.jira.threads import Threads


class JiraState:
    """The site: ``people`` sign in, ``catalogue`` has its words, the methods here change issues, time is the clock's.

    Issues are named by id or key, former keys too; what is not there raises KeyError. ``lock`` is held by every call
    of a route and by every change here.
    """

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
        self.index = SearchIndex(clock, index_lag)
        self._issues: dict[str, Issue] = {}
        self._outside: dict[str, Face] = {}
        self._id_by_key: dict[str, str] = {}
        self._relations = Relations()
        self._threads = Threads()
        self._last_id = 10_000
        self._last_number: dict[str, int] = {}

    # what is there

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

    # issues

    def add_issue(
        self,
        project_key: str,
        summary: str,
        *,
        id: str = "",
        key: str = "",
        created_at: datetime | None = None,
        updated_at: datetime | None = None,
        **given: Unpack[IssueWords],
    ) -> Issue:
        """Add an issue (a Story To Do of priority Medium unless said) and return it; id, key and times are made up."""
        words: dict[str, Any] = {"type": "Story", "status": "To Do", "priority": "Medium", **given}
        with self.lock:
            changes = record_changes(words, self.catalogue, project_key, {}, lambda ref: self.issue(ref).id)
            created = (created_at or self.clock.now()).astimezone(UTC)
            updated = (updated_at or created).astimezone(UTC)
            issue = Issue(
                id=id or str(self._last_id + 1),
                key=key or f"{project_key}-{self._last_number.get(project_key, 0) + 1}",
                project_key=project_key,
                summary=summary,
                created_at=created,
                updated_at=updated,
                **with_resolution(changes, self.catalogue, updated),
            )
            return self.put_issue(issue)

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

    def edit_issue(
        self,
        reference: str,
        *,
        add_labels: Iterable[str] = (),
        remove_labels: Iterable[str] = (),
        **given: Unpack[IssueFields],
    ) -> Issue:
        """Edit an issue as a person would; its ``updated_at`` moves only if anything changes."""
        with self.lock:
            issue = self.issue(reference)
            words: dict[str, Any] = dict(given)
            if add_labels or remove_labels:
                gone = set(remove_labels)
                labels = (*words.get("labels", issue.labels), *add_labels)
                words["labels"] = [label for label in labels if label not in gone]
            changes = record_changes(
                words, self.catalogue, issue.project_key, issue.custom, lambda ref: self.issue(ref).id
            )
            changed = msgspec.structs.replace(issue, **with_resolution(changes, self.catalogue, self.clock.now()))
            return issue if changed == issue else self._touch(changed)

    def move_issue(self, reference: str, project_key: str) -> Issue:
        """Move an issue to another project: it gets a new key, and the old one still finds it."""
        with self.lock:
            issue = self.issue(reference)
            key = f"{project_key}-{self._last_number.get(project_key, 0) + 1}"
            moved = msgspec.structs.replace(issue, key=key, project_key=project_key, fix_version_ids=())
            return self._touch(moved)

    def delete_issue(self, reference: str) -> None:
        """Delete an issue with its comments and links; nothing is left that a search would find."""
        with self.lock:
            issue = self.issue(reference)
            for link in self.links(issue.id):
                self.remove_link(link.id)
            self._threads.forget(issue.id)
            self._relations.replace(issue, None)
            for child_id in self._relations.forget(issue.id):
                if child := self._issues.get(child_id):
                    self.put_issue(msgspec.structs.replace(child, parent_id=None))
            self._id_by_key = {key: of for key, of in self._id_by_key.items() if of != issue.id}
            del self._issues[issue.id]
            self.index.note(issue.id, None)

    def reindex(self) -> None:
        """Let searches see the present, whatever the lag."""
        with self.lock:
            self.index.catch_up()

    # links

    def add_link(self, type_name: str, source: str, target: str) -> Link:
        """Link two issues; for Blocks the source blocks the target. The same link twice is one."""
        with self.lock:
            kind = self.catalogue.link_type_named(type_name)
            source_id, target_id = self.issue(source).id, self.issue(target).id
            for link in self.links(source_id):
                if (link.type.id, link.source_id, link.target_id) == (kind.id, source_id, target_id):
                    return link
            self.put_link(Link(self.catalogue.next_id(), kind, source_id, target_id))
            self._touch(self._issues[source_id])
            self._touch(self._issues[target_id])
            return self.links(source_id)[-1]

    def put_link(self, link: Link) -> None:
        """Put a whole link in place; its ends may be issues known only by name."""
        with self.lock:
            self._relations.put_link(link)

    def remove_link(self, link_id: str) -> None:
        """Remove a link by id."""
        with self.lock:
            for end in self._relations.remove_link(link_id):
                if end in self._issues:
                    self._touch(self._issues[end])

    def put_outside(self, face: Face) -> None:
        """Remember an issue that is known only by what others show of it, such as a parent outside an export."""
        self._outside[face.id] = face
        self._id_by_key.setdefault(face.key.upper(), face.id)

    def put_child(self, parent_id: str, child_id: str) -> None:
        """Remember that an issue is below another, for sub-tasks that are known only by name."""
        self._relations.put_child(parent_id, child_id)

    # comments

    def add_comment(
        self,
        reference: str,
        body: str | Node | Prose,
        author: str | None,
        *,
        properties: Mapping[str, Any] | None = None,
        visibility: dict[str, Any] | None = None,
        id: str = "",
        at: datetime | None = None,
    ) -> Comment:
        """Add a comment; the issue's ``updated_at`` moves unless the comment's time ``at`` is given."""
        with self.lock:
            issue = self.issue(reference)
            created = at or self.clock.now()
            comment = Comment(
                id=id or self._threads.next_id(),
                issue_id=issue.id,
                author_id=author,
                update_author_id=author,
                body=prose(body) or Prose(),
                created_at=created,
                updated_at=created,
                properties=dict(properties or {}),
                visibility=visibility,
            )
            if at is None:
                self._touch(issue)
            return self._threads.put(comment)

    def edit_comment(self, comment_id: str, body: str | Node | Prose, author: str | None) -> Comment:
        """Replace the text of a comment, which moves the issue's ``updated_at``."""
        with self.lock:
            comment = self._threads.comment(comment_id)
            self._touch(self._issues[comment.issue_id])
            text = prose(body) or Prose()
            return self._threads.put(
                msgspec.structs.replace(comment, body=text, update_author_id=author, updated_at=self.clock.now())
            )

    def set_comment_property(self, comment_id: str, key: str, value: Any) -> Comment:
        """Set an entity property of a comment; None removes it."""
        with self.lock:
            comment = self._threads.comment(comment_id)
            properties = _with(comment.properties, key, value)
            return self._threads.put(msgspec.structs.replace(comment, properties=properties))

    def delete_comment(self, comment_id: str) -> None:
        """Delete a comment, which moves the issue's ``updated_at``."""
        with self.lock:
            self._touch(self._issues[self._threads.remove(comment_id)])

    def _touch(self, issue: Issue) -> Issue:
        return self.put_issue(msgspec.structs.replace(issue, updated_at=self.clock.now()))


def _with(properties: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    rest = {name: other for name, other in properties.items() if name != key}
    return rest if value is None else {**rest, key: value}
