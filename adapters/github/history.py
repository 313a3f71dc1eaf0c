"""Asks what happened to issues: one by one, a hundred entries of a timeline a request."""

from collections.abc import Iterator, Sequence
from typing import Any

from adapters.answers import message_of
from adapters.github import repository
from adapters.github.client import Answer, Client, MovedError
from adapters.github.mapping import MalformedError, Terms, split_key
from adapters.github.repository import PLACE_STATUSES
from adapters.github.timeline import events_of, known_since
from syncd.model.errors import TransientError, UnsentError
from syncd.model.identity import Handle, PlaceId
from syncd.model.items import History
from syncd.model.reading import HistoryPage


class Historian:
    """Reads timelines; threads may share it."""

    def __init__(self, client: Client, terms: Terms) -> None:
        self._client = client
        self._terms = terms

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        """Yield a page per request; the last one of an issue has its history."""
        for handle in handles:
            try:
                yield from self._timeline(handle)
            except MovedError:
                yield self._failure(handle, f"{handle.key} was moved or its repository renamed")
            except MalformedError as error:
                yield self._failure(handle, f"can't be read: {error}")
            except TransientError as error:
                # One that fails alone must not keep the others waiting.
                if isinstance(error, UnsentError) or error.retry_after is not None:
                    raise
                yield self._failure(handle, error.message)

    def _timeline(self, handle: Handle) -> Iterator[HistoryPage]:
        named = split_key(handle.key)
        if named is None:
            yield self._failure(handle, f"'{handle.key}' is no key of a GitHub issue")
            return
        place = PlaceId(self._terms.tracker, self._terms.repository(named[0]))
        rows: list[Any] = []
        for answer in self._client.pages(f"/repos/{place.key}/issues/{named[1]}/timeline", allowed=PLACE_STATUSES):
            if answer.status >= 400:
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
