"""A Jira site in memory: its issues, comments and links, changed by plain calls; HTTP is one way to make them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Unpack

import msgspec

from syncd.simulator.jira.edits import IssueFields, IssueWords, record_changes, with_resolution
from syncd.simulator.jira.prose import Node, Prose, prose
from syncd.simulator.jira.records import Comment, Issue, Link, RemoteLink
from syncd.simulator.jira.shelf import Shelf


class JiraState(Shelf):
    """The site: ``people`` sign in, ``catalogue`` has its words, the methods here change issues, time is the clock's.

    Issues are named by id or key, former keys too; what is not there raises KeyError. ``lock`` is held by every call
    of a route and by every change here.
    """

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

    def edit_issue(
        self,
        reference: str,
        *,
        add_labels: Iterable[str] = (),
        remove_labels: Iterable[str] = (),
        by: str | None = None,
        **given: Unpack[IssueFields],
    ) -> Issue:
        """Edit an issue as a person would, ``by`` an account; its ``updated_at`` moves only if anything changes."""
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
            return issue if changed == issue else self._edited(issue, changed, by)

    def move_issue(self, reference: str, project_key: str) -> Issue:
        """Move an issue to another project: it gets a new key, and the old one still finds it."""
        with self.lock:
            issue = self.issue(reference)
            key = f"{project_key}-{self._last_number.get(project_key, 0) + 1}"
            moved = msgspec.structs.replace(issue, key=key, project_key=project_key, fix_version_ids=())
            return self._edited(issue, moved)

    def delete_issue(self, reference: str) -> None:
        """Delete an issue with its comments and links; nothing is left that a search would find."""
        with self.lock:
            issue = self.issue(reference)
            for link in self.links(issue.id):
                self.remove_link(link.id)
            self._threads.forget(issue.id)
            self.changelog.forget(issue.id)
            self._relations.replace(issue, None)
            for child_id in self._relations.forget(issue.id):
                if child := self._issues.get(child_id):
                    self.put_issue(msgspec.structs.replace(child, parent_id=None))
            self._id_by_key = {key: of for key, of in self._id_by_key.items() if of != issue.id}
            del self._issues[issue.id]
            self.index.note(issue.id, None)

    # links

    def add_link(self, type_name: str, source: str, target: str) -> Link:
        """Link two issues; for Blocks the source blocks the target. The same link twice is one."""
        with self.lock:
            kind = self.catalogue.link_type_named(type_name)
            source_id, target_id = self.issue(source).id, self.issue(target).id
            for link in self.links(source_id):
                if (link.type.id, link.source_id, link.target_id) == (kind.id, source_id, target_id):
                    return link
            link = Link(self.catalogue.next_id(), kind, source_id, target_id)
            self.put_link(link)
            self.changelog.linked(link, self.clock.now(), self._names)
            self._touch(self._issues[source_id])
            self._touch(self._issues[target_id])
            return link

    def remove_link(self, link_id: str) -> None:
        """Remove a link by id."""
        with self.lock:
            link = self._relations.remove_link(link_id)
            self.changelog.linked(link, self.clock.now(), self._names, is_removed=True)
            for end in (link.source_id, link.target_id):
                if end in self._issues:
                    self._touch(self._issues[end])

    def add_remote_link(
        self, reference: str, url: str, *, relationship: str = "", title: str = "", is_resolved: bool = False
    ) -> RemoteLink:
        """Link an issue to a thing on another site; Jira documents not whether that moves ``updated``: here it does."""
        with self.lock:
            issue = self.issue(reference)
            self._touch(issue)
            return self.remote_links.put(issue.id, url, title or url, relationship, is_resolved=is_resolved)

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

    def _edited(self, issue: Issue, changed: Issue, by: str | None = None) -> Issue:
        self.changelog.edited(issue, changed, self.clock.now(), by, self._names)
        return self._touch(changed)

    def _touch(self, issue: Issue) -> Issue:
        return self.put_issue(msgspec.structs.replace(issue, updated_at=self.clock.now()))


def _with(properties: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    rest = {name: other for name, other in properties.items() if name != key}
    return rest if value is None else {**rest, key: value}
