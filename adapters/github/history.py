"""Asks what happened to issues: one by one, a hundred entries of a timeline a request."""

from collections.abc import Iterator, Sequence
from typing import Any

from adapters.answers import message_of
from adapters.github import repository
from adapters.github.client import Answer, Client, MovedError
from adapters.github.mapping import MalformedError, Terms, split_key
from adapters.github.repository import PLACE_STATUSES, PlaceError
from adapters.github.timeline import events_of, known_since
from syncd.model.errors import TransientError, UnsentError
from syncd.model.identity import Handle, PlaceId
from syncd.model.items import History
from syncd.model.reading import HistoryPage

_ONE = {"per_page": "1"}


class Historian:
    """Reads timelines; threads may share it."""

    def __init__(self, client: Client, terms: Terms) -> None:
        self._client = client
        self._terms = terms

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        """Yield a page per request; the last one of an issue has its history.

        A repository that can't be read is not asked again for each of its issues.
        """
        absent: set[PlaceId] = set()
        for index, handle in enumerate(handles):
            place, number = self._named(handle)
            if place in absent:
                continue
            if place is None:
                yield self._failure(handle, f"'{handle.key}' is no key of a GitHub issue")
                continue
            try:
                yield from self._told(handle, place, number)
            except PlaceError as error:
                absent.add(place)
                lost = [each.id for each in handles[index:] if self._named(each)[0] == place]
                yield HistoryPage(observed_at=self._client.now(), failures=dict.fromkeys(lost, error.message))
            except MalformedError as error:
                yield self._failure(handle, f"can't be read: {error}")
            except TransientError as error:
                # One that fails alone must not keep the others waiting.
                if isinstance(error, UnsentError) or error.retry_after is not None:
                    raise
                yield self._failure(handle, error.message)

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
