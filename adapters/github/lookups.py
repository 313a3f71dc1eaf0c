"""Looks items up one by one, and counts what exists."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.github import repository
from adapters.github.client import PER_PAGE, Client, MovedError
from adapters.github.mapping import (
    MalformedError,
    Terms,
    handle_from_row,
    item_from_row,
    key_from_url,
    row_of,
    split_key,
)
from adapters.github.pages import Rows, read_rows
from adapters.github.repository import PLACE_STATUSES, Blockers, PlaceError
from adapters.github.rows import IssueRow, NumberRow
from syncd.model.errors import TransientError, UnsentError
from syncd.model.identity import Handle, PlaceId
from syncd.model.items import Item
from syncd.model.reading import CensusPage, Sighting

# By creation: what changes while we count doesn't move.
_ALL = {"state": "all", "sort": "created", "direction": "asc", "per_page": str(PER_PAGE)}


class Census:
    """Counts what exists, and reads it on the way: a poll sees only what GitHub dates anew."""

    def __init__(self, client: Client, places: Sequence[PlaceId], terms: Terms, blockers: Blockers) -> None:
        self._client = client
        self._places = tuple(places)
        self._terms = terms
        self._blockers = blockers

    def pages(self, resume: str) -> Iterator[CensusPage]:
        """Yield the ids of everything in every repository, from ``resume`` on."""
        first, query = _resumed(resume)
        names = [place.key for place in self._places]
        for place in self._places[names.index(first) if first in names else 0 :]:
            try:
                yield from self._count(place, query if place.key == first and query else _ALL)
            except PlaceError as error:
                yield CensusPage(place=place, error=error.message)

    def _count(self, place: PlaceId, query: dict[str, str]) -> Iterator[CensusPage]:
        asked: dict[str, str] | None = query
        while asked is not None:
            answer = repository.get(self._client, place, "/issues", asked)
            values = repository.listed(answer, self._client.tracker)
            try:
                rows = [row_of(each, NumberRow) for each in values]
            except MalformedError as error:
                yield CensusPage(place=place, error=str(error))
                return
            asked = answer.next_query
            at = self._client.time_of(answer)
            yield CensusPage(
                place=place,
                handles=tuple(handle_from_row(row, place, self._client.tracker) for row in rows),
                complete=asked is None,
                resume=json.dumps([place.key, asked]) if asked is not None else "",
                items=tuple(self._items(read_rows(values, place, self._terms, at), place)),
                observed_at=at,
            )

    def _items(self, rows: Rows, place: PlaceId) -> Iterator[Item]:
        """Yield what could be read of a page: one blocker for another leaves even the row as it was."""
        for seen in rows.seen:
            try:
                blockers = self._blockers.of(seen.row, place)
            except TransientError as error:
                if isinstance(error, UnsentError) or error.retry_after is not None:
                    raise
            except (PlaceError, MalformedError):
                pass
            else:
                yield item_from_row(seen.row, place, self._terms, blockers) if blockers else seen.item


def _resumed(resume: str) -> tuple[str, dict[str, str] | None]:
    try:
        name, query = json.loads(resume)
        return str(name), {str(key): str(value) for key, value in query.items()}
    except (ValueError, TypeError, AttributeError):
        return "", None


class Lookup:
    """Reads items by their numbers; remembers for one call which repositories can be read at all."""

    def __init__(self, client: Client, terms: Terms, blockers: Blockers) -> None:
        self._client = client
        self._terms = terms
        self._blockers = blockers
        self._errors: dict[PlaceId, str] = {}

    def sight(self, handle: Handle) -> Sighting:
        """Look one item up."""
        named = split_key(handle.key)
        if named is None:
            return Sighting(handle=handle, error=f"'{handle.key}' is no key of a GitHub issue")
        place = PlaceId(self._terms.tracker, self._terms.repository(named[0]))
        try:
            return self._sight(handle, place, named[1])
        except PlaceError as error:
            return Sighting(handle=handle, error=error.message)
        except MalformedError as error:
            return Sighting(handle=handle, error=str(error))
        except TransientError as error:
            if isinstance(error, UnsentError) or error.retry_after is not None:
                raise
            return Sighting(handle=handle, error=error.message)

    def absence(self, place: PlaceId) -> str:
        """Return why an answer of "not found" says nothing about an item: its whole repository can't be read."""
        if place not in self._errors:
            self._errors[place] = self._place_error(place)
        return self._errors[place]

    def _sight(self, handle: Handle, place: PlaceId, number: int) -> Sighting:
        try:
            answer = self._client.get(f"/repos/{place.key}/issues/{number}", allowed=PLACE_STATUSES)
        except MovedError as error:
            return self._moved(handle, error)
        if answer.status in (404, 410):
            reason = self.absence(place)
            return Sighting(handle=handle, gone=not reason, error=reason)
        if answer.status >= 400:
            return Sighting(handle=handle, error=self._client.error(answer).message)
        row = row_of(answer.data, IssueRow)
        if not _is_same(handle, row):
            return Sighting(handle=handle, gone=True, error=f"{handle.key} is another issue now")
        item = item_from_row(row, place, self._terms, self._blockers.of(row, place))
        return Sighting(handle=handle, item=item)

    def _moved(self, handle: Handle, moved: MovedError) -> Sighting:
        """Tell a renamed repository, whose issues keep their ids, from an issue that became another elsewhere."""
        answer = self._client.get(moved.path, allowed=PLACE_STATUSES)
        if answer.status >= 400:
            return Sighting(handle=handle, error=f"{handle.key} was moved to where this token can't see it")
        row = row_of(answer.data, IssueRow)
        key = key_from_url(row.url, self._terms) or "another repository"
        if _is_same(handle, row):
            return Sighting(handle=handle, error=f"the repository was renamed: {handle.key} is {key} now")
        return Sighting(handle=handle, gone=True, error=f"{handle.key} was transferred: it is {key} now")

    def _place_error(self, place: PlaceId) -> str:
        try:
            data: Any = repository.get(self._client, place, "").data
        except PlaceError as error:
            return error.message
        if isinstance(data, dict) and data.get("has_issues") is False:
            return f"{place.key} has its issues switched off"
        return ""


def _is_same(handle: Handle, row: NumberRow) -> bool:
    """Whether a row is the item that was asked for; what was set aside without an id has only its number."""
    native_id = handle.id.native_id
    return not native_id.isdecimal() or native_id == str(row.id)
