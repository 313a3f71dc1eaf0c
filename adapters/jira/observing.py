"""Reads what is ours on items: our comments, by id where it is known, else by their mark."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime

from adapters.jira.knowledge import Knowledge
from adapters.jira.marks import author_of, last_codes, mark_of, observed_comment
from adapters.jira.site import Site
from adapters.jira.values import Json, object_in, person_of, text_in
from adapters.jira.visibility import Visibility
from syncd.model.changes import Observation, ObservedComment
from syncd.model.comments import Mark
from syncd.model.errors import AbsentError
from syncd.model.identity import Handle, ItemId

_COMMENTS_A_PAGE = 1_000


class Observer:
    """Looks for comments that carry the mark of one owner; ``previous_authors`` are accounts it wrote with before."""

    def __init__(
        self,
        site: Site,
        knowledge: Knowledge,
        visibility: Visibility,
        *,
        owner: str,
        previous_authors: Collection[str],
    ) -> None:
        self._site = site
        self._knowledge = knowledge
        self._visibility = visibility
        self._owner = owner
        self._previous_authors = frozenset(previous_authors)

    def observe(self, handles: Collection[Handle], known: Mapping[ItemId, str]) -> dict[ItemId, Observation]:
        """Read our comments on items: one request each, more where the known one is not there."""
        found = (self._observation(handle, known.get(handle.id, "")) for handle in handles)
        return {observation.item: observation for observation in found if observation is not None}

    def comment(self, item: ItemId, comment_id: str) -> tuple[Json, datetime]:
        """Read one comment with its properties; AbsentError where it, or its item, is not there."""
        answer = self._site.get(f"/issue/{item.native_id}/comment/{comment_id}", expand="properties")
        return answer.object, answer.at

    def is_gone(self, item: ItemId) -> bool:
        """Look whether an item is not there; what is below it may be missing alone."""
        try:
            self._site.get(f"/issue/{item.native_id}", fields="id")
        except AbsentError:
            return True
        return False

    def learn(self, comment: Json) -> None:
        """Take a comment that we have just written: its author is who we are."""
        self._knowledge.learn(person_of(object_in(comment, "author")))

    def _observation(self, handle: Handle, comment_id: str) -> Observation | None:
        item = handle.id
        if comment_id:
            with suppress(AbsentError):  # it is gone, or its item is: the list tells
                comment, at = self.comment(item, comment_id)
                if own := self._own(comment, at, is_known=True):
                    return Observation(item=item, stamp=at, comments=(own,))
        try:
            comments, at = self._comments(item)
        except AbsentError:
            # What may not be seen answers like what is not there.
            is_gone = self.is_gone(item) and not self._visibility.absence(handle)
            return Observation(item=item, stamp=self._site.clock.now(), gone=True) if is_gone else None
        owns = (self._own(comment, at, is_known=comment_id == str(comment.get("id"))) for comment in comments)
        found = {own.comment_id: own for own in owns if own is not None}
        owners = {mark.owner for comment in comments if (mark := mark_of(comment))}
        return Observation(
            item=item,
            stamp=at,
            comments=tuple(sorted(found.values(), key=lambda each: (each.created_at, each.comment_id))),
            foreign_owners=tuple(sorted(owners - {self._owner})),
        )

    def _own(self, comment: Json, at: datetime, *, is_known: bool = False) -> ObservedComment | None:
        """Return a comment if it is ours: the mark alone proves nothing, anybody's program can set it.

        ``is_known``: the store has its id from our own write.
        """
        mark = mark_of(comment)
        if mark is None and (is_known or self._is_unmarked(comment)):
            mark = Mark(owner=self._owner, hash="")
        if mark is None or mark.owner != self._owner or not (is_known or self._is_us(author_of(comment))):
            return None
        return observed_comment(comment, mark, at)

    def _is_unmarked(self, comment: Json) -> bool:
        """Say whether a comment reads like ours on a site that keeps no properties: it ends with how to answer."""
        return "properties" not in comment and any(self._knowledge.is_own(code) for code in last_codes(comment))

    def _is_us(self, author: str) -> bool:
        if author in self._previous_authors:
            return True
        account = self._knowledge.account()
        # A site that says neither who we are nor who wrote has nothing but the mark to go by.
        return author == account.account if account else not author

    def _comments(self, item: ItemId) -> tuple[list[Json], datetime]:
        """Read all comments of an item, and the site's time when it began to tell them."""
        comments: list[Json] = []
        began_at = None
        while True:
            page = self._site.get(
                f"/issue/{item.native_id}/comment",
                startAt=len(comments),
                maxResults=_COMMENTS_A_PAGE,
                orderBy="-created",
                expand="properties",
            )
            began_at = began_at or page.at
            rows = page.objects("comments")
            comments.extend(rows)
            total = text_in(page.object, "total")
            if not rows or not total.isdecimal() or len(comments) >= int(total):
                return comments, began_at
