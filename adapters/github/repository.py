"""One repository: requests below its address, and what it means for the whole of it when they fail."""

import re
from typing import Any

from adapters.answers import message_of
from adapters.github.client import Answer, Client, MovedError, Query
from adapters.github.mapping import MalformedError, Terms, row_of
from adapters.github.rows import IssueRow, RepositoryRow
from syncd.model.errors import TrackerError, TransientError
from syncd.model.identity import PlaceId

PLACE_STATUSES = (403, 404, 405, 410, 451, 501)
"""What says that this repository can't be read; others may be."""
_ABSENT = (404, 405, 410, 501)
_BY_ID = re.compile(r"/repositories/(\d+)(/|$)")
_BY_NAME = re.compile(r"/repos/([^/]+/[^/]+)(/|$)")


class PlaceError(TrackerError):
    """A repository can't be read, while others may be."""


def get(client: Client, place: PlaceId, below: str, query: Query | None = None, *, etag: str = "") -> Answer:
    """Return the answer to a request about a repository.

    Raises:
        PlaceError: the repository can't be read; the message says why and what to do.
    """
    try:
        answer = client.get(f"/repos/{place.key}{below}", query, etag=etag, allowed=PLACE_STATUSES)
    except MovedError as error:
        name = new_name(client, error)
        told = f"was renamed or transferred to {name}: write that name" if name else "was renamed: write its new name"
        raise PlaceError(f"{place.key} {told} in trackers.yaml", tracker=client.tracker) from error
    if answer.status >= 400:
        raise PlaceError(_reason(place, answer), tracker=client.tracker)
    return answer


def new_name(client: Client, moved: MovedError) -> str:
    """Return the name of the repository that a redirect leads to, nothing where it can't be learnt."""
    if by_name := _BY_NAME.match(moved.path):
        return by_name[1]
    by_id = _BY_ID.match(moved.path)
    if by_id is None:
        return ""
    try:
        return row_of(client.get(f"/repositories/{by_id[1]}").data, RepositoryRow).full_name
    except (TrackerError, MalformedError):
        return ""


def listed(answer: Answer, tracker: str) -> list[Any]:
    """Return the rows of a page.

    Raises:
        TransientError: it is no list.
    """
    if not isinstance(answer.data, list):
        raise TransientError("answered something that is not a list", tracker=tracker)
    return answer.data


class Blockers:
    """Reads which issues block one, for those whose row says that there are any."""

    def __init__(self, client: Client, terms: Terms) -> None:
        self._client = client
        self._terms = terms
        self._without: set[PlaceId] = set()

    def of(self, row: IssueRow, place: PlaceId) -> tuple[IssueRow, ...]:
        """Return the blockers of an issue, none where the server doesn't tell them.

        Raises:
            MalformedError: one of them is of no documented shape.
            TrackerError: they can't be read now.
        """
        if not row.has_blockers or place in self._without:
            return ()
        issue = f"/repos/{place.key}/issues/{row.number}"
        found: list[IssueRow] = []
        for answer in self._client.pages(f"{issue}/dependencies/blocked_by", allowed=PLACE_STATUSES):
            if answer.status in _ABSENT:
                # An older Enterprise Server counts dependencies and can't list them; or the issue went away meanwhile.
                if self._client.get(issue, allowed=_ABSENT).status < 400:
                    self._without.add(place)
                return ()
            if answer.status >= 400:
                raise PlaceError(_reason(place, answer), tracker=self._client.tracker)
            found.extend(row_of(entry, IssueRow) for entry in listed(answer, self._client.tracker))
        return tuple(found)


def _reason(place: PlaceId, answer: Answer) -> str:
    said = message_of(answer.text)
    if answer.status == 404:
        return f"there is no repository {place.key}, or this token can't see it: check its name and the token's access"
    if answer.status == 410:
        return f"{place.key} has its issues switched off: switch them on there, or take it out of trackers.yaml"
    if answer.status in (405, 501):
        return f"this GitHub does not offer what is asked of {place.key} ({answer.status})"
    if answer.status == 451:
        return f"{place.key} is not available for legal reasons"
    return f"this token may not read the issues of {place.key} ({said or answer.status}): grant it read access to them"
