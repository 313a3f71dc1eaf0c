"""A Jira site in memory: its issues, comments and links, changed by plain calls; HTTP is one way to make them."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Unpack

import msgspec

from syncd.clock import Clock
from syncd.simulator.jira.catalogue import Catalogue
from syncd.simulator.jira.edits import IssueFields, IssueWords, record_changes
from syncd.simulator.jira.index import SearchIndex
from syncd.simulator.jira.people import BROWSE, People
from syncd.simulator.jira.prose import Node, Prose, prose
from syncd.simulator.jira.records import Comment, Face, Issue, Link, Project


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
        self._children: dict[str, dict[str, None]] = {}
        self._links: dict[str, Link] = {}
        self._links_of: dict[str, dict[str, None]] = {}
        self._comments: dict[str, list[Comment]] = {}
        self._issue_of_comment: dict[str, str] = {}
        self._last_id = 10_000
        self._last_comment_id = 10_000
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
        for child_id in self._children.get(issue_id, ()):
            if face := self.face(child_id):
                yield face

    def links(self, issue_id: str) -> list[Link]:
        """Return the links of an issue, both directions."""
        return [self._links[link_id] for link_id in self._links_of.get(issue_id, ())]

    def comments(self, reference: str) -> Sequence[Comment]:
        """Return the comments of an issue, oldest first."""
        return tuple(self._comments.get(self.issue(reference).id, ()))

    def comment(self, comment_id: str) -> Comment | None:
        """Return a comment by id."""
        among = self._comments.get(self._issue_of_comment.get(comment_id, ""), ())
        return next((comment for comment in among if comment.id == comment_id), None)

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
                **_with_resolution(changes, self.catalogue, updated),
            )
            return self.put_issue(issue)

    def put_issue(self, issue: Issue) -> Issue:
        """Put a whole record in place, as it is: what loaders do."""
        with self.lock:
            self._last_id = max(self._last_id, int(issue.id))
            number = issue.number
            self._last_number[issue.project_key] = max(self._last_number.get(issue.project_key, 0), number)
            self._id_by_key[issue.key.upper()] = issue.id
            self._place_below(self._issues.get(issue.id), issue)
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
            changed = msgspec.structs.replace(issue, **_with_resolution(changes, self.catalogue, self.clock.now()))
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
            for comment in self._comments.pop(issue.id, ()):
                del self._issue_of_comment[comment.id]
            self._place_below(issue, None)
            for child_id in self._children.pop(issue.id, {}):
                if child := self._issues.get(child_id):
                    self.put_issue(msgspec.structs.replace(child, parent_id=None))
            self._id_by_key = {key: of for key, of in self._id_by_key.items() if of != issue.id}
            del self._issues[issue.id]
            self.index.note(issue.id, None)

    def set_property(self, reference: str, key: str, value: Any) -> None:
        """Set an entity property of an issue, which leaves ``updated_at`` as it is; None removes it."""
        with self.lock:
            issue = self.issue(reference)
            self.put_issue(msgspec.structs.replace(issue, properties=_with(issue.properties, key, value)))

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
            self._links[link.id] = link
            for end in (link.source_id, link.target_id):
                self._links_of.setdefault(end, {})[link.id] = None

    def remove_link(self, link_id: str) -> None:
        """Remove a link by id."""
        with self.lock:
            link = self._links.pop(link_id)
            for end in (link.source_id, link.target_id):
                self._links_of[end].pop(link_id, None)
                if end in self._issues:
                    self._touch(self._issues[end])

    def put_outside(self, face: Face) -> None:
        """Remember an issue that is known only by what others show of it, such as a parent outside an export."""
        self._outside[face.id] = face
        self._id_by_key.setdefault(face.key.upper(), face.id)

    def put_child(self, parent_id: str, child_id: str) -> None:
        """Remember that an issue is below another, for sub-tasks that are known only by name."""
        self._children.setdefault(parent_id, {})[child_id] = None

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
                id=id or str(self._last_comment_id + 1),
                issue_id=issue.id,
                author_id=author,
                update_author_id=author,
                body=prose(body) or Prose(),
                created_at=created,
                updated_at=created,
                properties=dict(properties or {}),
                visibility=visibility,
            )
            self._last_comment_id = max(self._last_comment_id, int(comment.id))
            self._comments.setdefault(issue.id, []).append(comment)
            self._issue_of_comment[comment.id] = issue.id
            if at is None:
                self._touch(issue)
            return comment

    def edit_comment(self, comment_id: str, body: str | Node | Prose, author: str | None) -> Comment:
        """Replace the text of a comment, which moves the issue's ``updated_at``."""
        with self.lock:
            comment = self._comment(comment_id)
            text = prose(body) or Prose()
            return self._put_comment(
                msgspec.structs.replace(comment, body=text, update_author_id=author, updated_at=self.clock.now()),
                is_touching=True,
            )

    def set_comment_property(self, comment_id: str, key: str, value: Any) -> Comment:
        """Set an entity property of a comment; None removes it."""
        with self.lock:
            comment = self._comment(comment_id)
            properties = _with(comment.properties, key, value)
            return self._put_comment(msgspec.structs.replace(comment, properties=properties), is_touching=False)

    def delete_comment(self, comment_id: str) -> None:
        """Delete a comment, which moves the issue's ``updated_at``."""
        with self.lock:
            comment = self._comment(comment_id)
            self._comments[comment.issue_id].remove(comment)
            del self._issue_of_comment[comment_id]
            self._touch(self._issues[comment.issue_id])

    # inside

    def _comment(self, comment_id: str) -> Comment:
        if (comment := self.comment(comment_id)) is None:
            raise KeyError(f"no comment {comment_id!r}")
        return comment

    def _put_comment(self, comment: Comment, *, is_touching: bool) -> Comment:
        among = self._comments[comment.issue_id]
        among[[other.id for other in among].index(comment.id)] = comment
        if is_touching:
            self._touch(self._issues[comment.issue_id])
        return comment

    def _touch(self, issue: Issue) -> Issue:
        return self.put_issue(msgspec.structs.replace(issue, updated_at=self.clock.now()))

    def _place_below(self, old: Issue | None, new: Issue | None) -> None:
        was, now = old.parent_id if old else None, new.parent_id if new else None
        if was == now:
            return
        if old and was:
            self._children[was].pop(old.id, None)
        if new and now:
            self.put_child(now, new.id)


def _with(properties: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    rest = {name: other for name, other in properties.items() if name != key}
    return rest if value is None else {**rest, key: value}


def _with_resolution(changes: dict[str, Any], catalogue: Catalogue, at: datetime) -> dict[str, Any]:
    """Resolve what becomes done and reopen what no longer is, as usual workflows do."""
    if "status" not in changes or "resolution" in changes:
        return changes
    is_done = changes["status"].category == "done"
    resolution = catalogue.resolution_named("Done") if is_done else None
    return {**changes, "resolution": resolution, "resolved_at": at if is_done else None}
