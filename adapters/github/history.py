"""Asks what happened to issues: one by one, a hundred entries of a timeline a request."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.answers import message_of, quota_of
from adapters.github import repository
from adapters.github.client import Answer, Client, MovedError
from adapters.github.mapping import MalformedError, Terms, split_key
from adapters.github.repository import PLACE_STATUSES, PlaceError
from adapters.github.timeline import events_of, known_since
from syncd.model.errors import TransientError, UnsentError
from syncd.model.identity import Handle, PlaceId
from syncd.model.items import History
from syncd.model.reading import HistoryPage

KEPT = 0.5
"""This share of a credential's quota is left to polls and to what else uses it."""
_MANY = 3
"""So many failures in a row are the service's, not those of single issues."""
_ONE = {"per_page": "1"}


class Historian:
    """Reads timelines; threads may share it."""

    def __init__(self, client: Client, terms: Terms) -> None:
        self._client = client
        self._terms = terms
        self._spent_until: datetime | None = None

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        """Yield a page per request; the last one of an issue has its history.

        A repository that can't be read is not asked again for each of its issues.
        """
        absent: set[PlaceId] = set()
        lost_count = 0
        for index, handle in enumerate(handles):
            place, number = self._named(handle)
            if place in absent:
                continue
            if place is None:
                yield self._failure(handle, f"'{handle.key}' is no key of a GitHub issue")
                continue
            self._check_quota()
            try:
                yield from self._told(handle, place, number)
                lost_count = 0
            except PlaceError as error:
                absent.add(place)
                lost = [each.id for each in handles[index:] if self._named(each)[0] == place]
                yield HistoryPage(observed_at=self._client.now(), failures=dict.fromkeys(lost, error.message))
            except MalformedError as error:
                yield self._failure(handle, f"can't be read: {error}")
            except TransientError as error:
                # One that fails alone must not keep the others waiting.
                lost_count += 1
                if isinstance(error, UnsentError) or error.retry_after is not None or lost_count == _MANY:
                    raise
                yield self._failure(handle, error.message)

    def _check_quota(self) -> None:
        """Raise TransientError where what is left of the credential's quota is not ours to spend."""
        left = self._spent_until - self._client.now() if self._spent_until is not None else timedelta(0)
        if left > timedelta(0):
            message = "the rest of the credential's requests is kept for polls"
            raise UnsentError(message, tracker=self._client.tracker, retry_after=left)

    def _note_quota(self, answer: Answer) -> None:
        share, left = quota_of(answer.headers)
        self._spent_until = self._client.now() + left if share < KEPT else None

    def _named(self, handle: Handle) -> tuple[PlaceId | None, int]:
        """Return the repository and the number that a key names; no repository where it is none."""
        named = split_key(handle.key)
        return (PlaceId(self._terms.tracker, self._terms.repository(named[0])), named[1]) if named else (None, 0)

    def _told(self, handle: Handle, place: PlaceId, number: int) -> Iterator[HistoryPage]:
        """Yield the pages of one issue.

        Raises:
            PlaceError: not one of its repository can be read.
        """
        try:
            yield from self._timeline(handle, place, number)
        except MovedError:
            repository.get(self._client, place, "/issues", _ONE)  # raises where the repository has moved
            yield self._failure(handle, f"{handle.key} was transferred")

    def _timeline(self, handle: Handle, place: PlaceId, number: int) -> Iterator[HistoryPage]:
        rows: list[Any] = []
        for answer in self._client.pages(f"/repos/{place.key}/issues/{number}/timeline", allowed=PLACE_STATUSES):
            self._note_quota(answer)
            if answer.status >= 400:
                repository.get(self._client, place, "/issues", _ONE)  # raises where nothing of it can be read
                yield self._failure(handle, message_of(answer.text) or f"answered {answer.status}", answer)
                return
            rows.extend(repository.listed(answer, self._client.tracker))
            if answer.next_query is not None:
                yield HistoryPage(observed_at=self._client.time_of(answer))
                continue
            events = tuple(events_of(rows, handle.id, place, self._terms))
            history = History(known_since=known_since(rows), events=events)
            yield HistoryPage(observed_at=self._client.time_of(answer), histories={handle.id: history})

    def _failure(self, handle: Handle, error: str, answer: Answer | None = None) -> HistoryPage:
        at = self._client.now() if answer is None else self._client.time_of(answer)
        return HistoryPage(observed_at=at, failures={handle.id: error})
