"""A GitHub in memory: its issues, comments and relations, changed by plain calls; HTTP is one way to make them.

Where GitHub's documents are silent: editing or deleting a comment moves the issue's ``updated_at``; adding a sub-issue
or a blocker does not, unless ``relations_touch``: the summaries in the row change alone.
"""

from datetime import date, datetime
from typing import Any, Unpack

import msgspec

from syncd.clock import Clock
from syncd.simulator.github.catalogue import whole_second
from syncd.simulator.github.edits import IssueFields, IssueWords, record_changes
from syncd.simulator.github.people import Role
from syncd.simulator.github.records import Comment, Issue, Milestone, PullRequest, Repository
from syncd.simulator.github.shelf import Shelf


class GitHubState(Shelf):
    """All of it: ``people`` sign in, ``catalogue`` has repositories and their words, the methods here change issues.

    Issues are named ``owner/name#12``; what is not there raises KeyError. ``lock`` is held by every call of a route and
    by every change here. ``site`` begins the addresses for people.
    """

    def __init__(self, clock: Clock, *, site: str = "https://github.com", relations_touch: bool = False) -> None:
        super().__init__(clock)
        self.site = site
        self.relations_touch = relations_touch

    # repositories

    def add_repository(
        self, full_name: str, *, private: bool = False, description: str = "", id: int = 0
    ) -> Repository:
        """Add a repository, and its owner as an organization if that is new."""
        with self.lock:
            return self.catalogue.add_repository(full_name, private=private, description=description, id=id)

    def rename_repository(self, full_name: str, new_name: str) -> Repository:
        """Rename a repository; its old name answers with a redirect from now on."""
        with self.lock:
            return self.catalogue.rename_repository(full_name, new_name)

    def add_milestone(
        self, full_name: str, title: str, *, due_on: date | None = None, state: str = "open"
    ) -> Milestone:
        """Add a milestone to a repository."""
        with self.lock:
            return self.catalogue.add_milestone(full_name, title, due_on=due_on, state=state)

    # issues

    def add_issue(
        self,
        full_name: str,
        title: str,
        *,
        id: int = 0,
        number: int = 0,
        created_at: datetime | None = None,
        updated_at: datetime | None = None,
        **given: Unpack[IssueWords],
    ) -> Issue:
        """Add an open issue, or what is said of it, and return it; id, number and times are made up."""
        with self.lock:
            repository = self.catalogue.repository(full_name)
            created = whole_second(created_at or self.clock.now())
            updated = whole_second(updated_at) if updated_at else created
            words = self._changes(repository, given)
            if words.get("state") == "closed":
                words.setdefault("closed_at", updated)
            words.setdefault("author_association", self._association(words.get("author"), repository))
            issue = Issue(
                id=id or self._last_id + 1,
                number=number or self._next_number(repository.id),
                repository_id=repository.id,
                title=title,
                created_at=created,
                updated_at=updated,
                **words,
            )
            return self.put_issue(issue)

    def edit_issue(self, key: str, *, by: str | None = None, **given: Unpack[IssueFields]) -> Issue:
        """Edit an issue as a person would, ``by`` a login; ``updated_at`` moves only if anything changes."""
        with self.lock:
            issue = self.issue(key)
            changed = msgspec.structs.replace(issue, **self._changes(self.repository_of(issue), given))
            if changed == issue:
                return issue
            self.timeline.edited(issue, changed, self.clock.now(), by)
            return self._touch(changed)

    def close(self, key: str, *, reason: str = "completed", by: str | None = None) -> Issue:
        """Close an issue, or a pull request without merging it."""
        state_reason = None if self.issue(key).pull_request else reason
        return self.edit_issue(
            key, by=by, state="closed", state_reason=state_reason, closed_at=self.clock.now(), closed_by=by
        )

    def merge(self, key: str, *, by: str | None = None) -> Issue:
        """Merge a pull request; the issues that it names in its text stay as they are."""
        self.edit_issue(key, by=by, pull_request=PullRequest(merged_at=whole_second(self.clock.now())))
        return self.close(key, by=by)

    def reopen(self, key: str) -> Issue:
        """Open a closed issue again."""
        return self.edit_issue(key, state="open", state_reason="reopened", closed_at=None, closed_by=None)

    def add_label(self, key: str, *names: str, by: str | None = None) -> Issue:
        """Add labels to an issue; labels that the repository doesn't have come into being."""
        with self.lock:
            return self.edit_issue(key, by=by, labels=(*self.issue(key).labels, *names))

    def remove_label(self, key: str, name: str, *, by: str | None = None) -> Issue:
        """Take a label off an issue; KeyError where it has none of that name."""
        with self.lock:
            labels = self.issue(key).labels
            left = [other for other in labels if other.lower() != name.lower()]
            if len(left) == len(labels):
                raise KeyError(f"no label {name!r} on {key}")
            return self.edit_issue(key, by=by, labels=left)

    def delete_issue(self, key: str) -> None:
        """Delete an issue with its comments and relations; its number answers 410 from now on."""
        with self.lock:
            self._take_away(self.issue(key), None)

    def transfer_issue(self, key: str, full_name: str) -> Issue:
        """Move an issue to another repository: a new issue with its comments; the old number leads there.

        Labels and the milestone are kept where the other repository has them too.
        """
        with self.lock:
            old, target = self.issue(key), self.catalogue.repository(full_name)
            moved = msgspec.structs.replace(
                old,
                id=self._last_id + 1,
                number=self._next_number(target.id),
                repository_id=target.id,
                labels=tuple(name for name in old.labels if self.catalogue.label(target.id, name)),
                milestone=self._same_milestone(old, target),
                updated_at=whole_second(self.clock.now()),
            )
            comments = self.comments_of(old.id)
            self._take_away(old, moved.id)
            self.put_issue(moved)
            self.timeline.move(old.id, moved.id)
            self.timeline.put(moved.id, "transferred", moved.updated_at)
            for comment in comments:
                self.put_comment(msgspec.structs.replace(comment, issue_id=moved.id))
            return moved

    # relations

    def set_parent(self, key: str, parent: str | None, *, at: datetime | None = None) -> Issue:
        """Put an issue below another, or below none; ``at`` says when that was, if not now."""
        with self.lock:
            issue, now = self.issue(key), at or self.clock.now()
            parent_id = self.issue(parent).id if parent else None
            for verb, id in (("removed", issue.parent_id), ("added", parent_id)):
                if id is not None and parent_id != issue.parent_id:
                    self.timeline.related(issue.id, f"parent_issue_{verb}", now, "parent_issue", id)
                    self.timeline.related(id, f"sub_issue_{verb}", now, "sub_issue", issue.id)
            return self._relate(msgspec.structs.replace(issue, parent_id=parent_id))

    def set_blocked_by(self, key: str, *blockers: str, at: datetime | None = None) -> Issue:
        """Let an issue be blocked by exactly these; ``at`` says when that was, if not now."""
        with self.lock:
            issue, now = self.issue(key), at or self.clock.now()
            before, after = self.relations.blockers(issue.id), [self.issue(blocker).id for blocker in blockers]
            for blocker_id in before:
                self.relations.unblock(issue.id, blocker_id)
            for blocker_id in after:
                self.relations.block(issue.id, blocker_id)
            for verb, ids, others in (("removed", before, after), ("added", after, before)):
                for id in ids:
                    if id not in others:
                        self.timeline.related(issue.id, f"blocked_by_{verb}", now, "blocking_issue", id)
                        self.timeline.related(id, f"blocking_{verb}", now, "blocked_issue", issue.id)
            return self._relate(issue)

    # comments

    def add_comment(self, key: str, body: str, author: str | None, *, at: datetime | None = None) -> Comment:
        """Add a comment; the issue's ``updated_at`` moves unless the comment's time ``at`` is given."""
        with self.lock:
            issue = self.issue(key)
            created = whole_second(at or self.clock.now())
            comment = Comment(
                id=self._last_comment_id + 1,
                issue_id=issue.id,
                author=self.people.known(author).login if author else None,
                body=body,
                created_at=created,
                updated_at=created,
                author_association=self._association(author, self.repository_of(issue)),
            )
            if at is None:
                self._touch(issue)
            return self.put_comment(comment)

    def edit_comment(self, comment_id: int, body: str) -> Comment:
        """Replace the text of a comment."""
        with self.lock:
            comment = self._comment(comment_id)
            now = whole_second(self.clock.now())
            self._touch(self._issues[comment.issue_id])
            return self.put_comment(msgspec.structs.replace(comment, body=body, updated_at=now))

    def delete_comment(self, comment_id: int) -> None:
        """Delete a comment."""
        with self.lock:
            comment = self._comment(comment_id)
            del self._comments[comment.issue_id][comment_id]
            del self._issue_of_comment[comment_id]
            self._touch(self._issues[comment.issue_id])

    # inside

    def _comment(self, comment_id: int) -> Comment:
        if (comment := self.comment(comment_id)) is None:
            raise KeyError(f"no comment {comment_id!r}")
        return comment

    def _changes(self, repository: Repository, given: IssueWords) -> dict[str, Any]:
        return record_changes(given, repository, self.catalogue, self.people)

    def _touch(self, issue: Issue) -> Issue:
        return self.put_issue(msgspec.structs.replace(issue, updated_at=whole_second(self.clock.now())))

    def _relate(self, issue: Issue) -> Issue:
        return self._touch(issue) if self.relations_touch else self.put_issue(issue)

    def _association(self, login: str | None, repository: Repository) -> str:
        """Return how GitHub introduces an author beside what they wrote."""
        if login and login.lower() == repository.owner.lower():
            return "OWNER"
        if not self.people.is_member(login, repository):
            return "NONE"
        owner = self.people.get(repository.owner)
        is_member = owner is not None and owner.type == "Organization"
        return "MEMBER" if is_member and self.people.role(login, repository) >= Role.TRIAGE else "COLLABORATOR"

    def _same_milestone(self, issue: Issue, target: Repository) -> int | None:
        if issue.milestone is None:
            return None
        title = self.catalogue.milestone(issue.repository_id, issue.milestone).title
        return next((one.number for one in self.catalogue.milestones(target.id) if one.title == title), None)
