"""Reads what is ours on issues: our comment by its id, else by its mark."""

from collections.abc import Collection, Mapping
from datetime import datetime

from adapters.github import mark
from adapters.github.account import Account
from adapters.github.client import Answer, Client, MovedError
from adapters.github.lookups import Lookup
from adapters.github.mapping import MalformedError, row_of, split_key
from adapters.github.repository import PLACE_STATUSES, PlaceError, listed
from adapters.github.rows import CommentRow
from syncd.model.changes import Observation, ObservedComment
from syncd.model.comments import Mark
from syncd.model.identity import Handle, ItemId

_TRUSTED = ("OWNER", "MEMBER", "COLLABORATOR")
"""Another installation's mark is believed from these, and from bots: anyone else could silence us with a forged one."""


class Observer:
    """Observes for one credential and owner; whose account it is is asked for once, when a search first needs it."""

    def __init__(self, client: Client, owner: str, account: Account) -> None:
        self._client = client
        self._owner = owner
        self._account = account

    def observe(
        self, handles: Collection[Handle], known: Mapping[ItemId, str], lookup: Lookup
    ) -> Mapping[ItemId, Observation]:
        """Return what is ours on each item that can be read.

        Raises:
            TrackerError: the tracker can't be read at all.
        """
        found: dict[ItemId, Observation] = {}
        for handle in handles:
            try:
                observation = self._observe(handle, known.get(handle.id, ""), lookup)
            except (PlaceError, MalformedError):
                continue
            if observation is not None:
                found[handle.id] = observation
        return found

    def _observe(self, handle: Handle, comment_id: str, lookup: Lookup) -> Observation | None:
        named = split_key(handle.key)
        if named is None:
            return None
        issue = f"/repos/{named[0]}/issues/{named[1]}"
        if comment_id and (observation := self._known(handle, named[0], comment_id)) is not None:
            return observation
        answers: list[Answer] = []
        try:
            answers = list(self._client.pages(f"{issue}/comments", allowed=PLACE_STATUSES))
        except MovedError:
            return self._absent(handle, lookup)
        refused = next((answer for answer in answers if answer.status >= 400), None)
        if refused is not None:
            return self._absent(handle, lookup) if refused.status in (404, 410) else None
        rows = [row_of(each, CommentRow) for answer in answers for each in listed(answer, self._client.tracker)]
        return self._searched(handle, rows, answers[-1], comment_id)

    def _known(self, handle: Handle, repository: str, comment_id: str) -> Observation | None:
        """Return our comment by its id, nothing where it isn't there any more.

        The store has the id from our own write: it is ours, even where a person took the mark out of it.
        """
        try:
            answer = self._client.get(f"/repos/{repository}/issues/comments/{comment_id}", allowed=PLACE_STATUSES)
        except MovedError:
            return None
        if answer.status >= 400:
            return None
        at, row = self._client.time_of(answer), row_of(answer.data, CommentRow)
        found = self._mark(row, comment_id)
        if found is None or found.owner != self._owner:
            return None
        return Observation(item=handle.id, stamp=at, comments=(observed_from_row(row, found, at),))

    def _mark(self, row: CommentRow, known_id: str) -> Mark | None:
        return mark.parse(row.body or "") or (Mark(owner=self._owner, hash="") if str(row.id) == known_id else None)

    def _absent(self, handle: Handle, lookup: Lookup) -> Observation | None:
        """Return that an item is gone, where looking it up says so too."""
        if not lookup.sight(handle).gone:
            return None
        return Observation(item=handle.id, stamp=self._client.now(), gone=True)

    def _searched(self, handle: Handle, rows: list[CommentRow], answer: Answer, known_id: str) -> Observation:
        at = self._client.time_of(answer)
        marked = [(row, found) for row in rows if (found := self._mark(row, known_id)) is not None]
        ours = sorted(
            (
                observed_from_row(row, found, at)
                for row, found in marked
                if found.owner == self._owner and (str(row.id) == known_id or self._is_us(row))
            ),
            key=lambda comment: (comment.created_at, int(comment.comment_id)),
        )
        foreign = {
            found.owner
            for row, found in marked
            if found.owner != self._owner and (_is_trusted(row) or self._is_us(row))
        }
        return Observation(
            item=handle.id,
            stamp=at,
            comments=tuple(ours),
            foreign_owners=tuple(sorted(foreign)),
        )

    def _is_us(self, row: CommentRow) -> bool:
        """Say whether we wrote a comment; where nobody says who we are, strangers are still not believed."""
        us = self._account.told()
        if us is None:
            return _is_trusted(row) or not row.author_association
        if us.id:
            return row.user is not None and row.user.id == us.id
        return row.user is not None and row.user.login == us.login


def observed_from_row(row: CommentRow, found: Mark, at: datetime) -> ObservedComment:
    """Return a comment of ours as it is now; one that says no times is as old as the answer, ``at``."""
    return ObservedComment(
        comment_id=str(row.id),
        mark=found,
        body_hash=mark.body_hash(row.body or ""),
        created_at=row.created_at or row.updated_at or at,
        updated_at=row.updated_at or row.created_at or at,
    )


def _is_trusted(row: CommentRow) -> bool:
    return row.author_association in _TRUSTED or (row.user is not None and row.user.type == "Bot")
