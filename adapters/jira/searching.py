"""The searches that syncd makes, as JQL, and one page of their rows."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from adapters.jira.site import Site
from syncd.model.errors import AbsentError

ROWS_A_PAGE = 100
IDS_A_PAGE = 5_000
# The search index lags writes by seconds, sometimes minutes: each window overlaps the one before.
OVERLAP_MINUTES = 3
_START_AT = "startAt="


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a search; an empty ``token``: it is the last."""

    rows: Sequence[Mapping[str, Any]]
    token: str
    at: datetime


def search(site: Site, jql: str, fields: Sequence[str], *, size: int = ROWS_A_PAGE, token: str = "") -> Found:
    """Ask for one page; one request."""
    body: dict[str, Any] = {"jql": jql, "fields": list(fields), "maxResults": size}
    if token.startswith(_START_AT):
        return _search_by_count(site, body, int(token.removeprefix(_START_AT)))
    if token:
        body["nextPageToken"] = token
    try:
        answer = site.ask("/search/jql", body)
    except AbsentError:
        return _search_by_count(site, body, 0)
    after = answer.object.get("nextPageToken")
    # A token that leads to itself ends the search, too: nobody shall turn the same page forever.
    is_last = answer.object.get("isLast") is True or not isinstance(after, str) or after == token
    return Found(rows=answer.objects("issues"), token="" if is_last else str(after), at=answer.at)


def _search_by_count(site: Site, body: Mapping[str, Any], start: int) -> Found:
    """Ask the way that Jira Cloud gave up, and that other servers know alone: pages are counted, not named."""
    answer = site.ask("/search", {**body, "startAt": start})
    rows, total = answer.objects("issues"), answer.object.get("total")
    after = start + len(rows)
    is_last = not rows or not isinstance(total, int) or after >= total
    return Found(rows=rows, token="" if is_last else f"{_START_AT}{after}", at=answer.at)


def changed_within(keys: Iterable[str], minutes: int) -> str:
    """Return what was changed lately, oldest change first.

    Relative minutes mean the same in every time zone; a written time would be read in that of the user's profile.
    """
    return f'{_projects(keys)} AND updated >= "-{minutes}m" ORDER BY updated ASC, key ASC'


def made_within(keys: Iterable[str], minutes: int) -> str:
    """Return what was created lately, eldest first: a first import that goes on from where it was."""
    return f'{_projects(keys)} AND created >= "-{minutes}m" ORDER BY created ASC, key ASC'


def everything(keys: Iterable[str]) -> str:
    """Return all there is, eldest first: the order does not change while it is read."""
    return f"{_projects(keys)} ORDER BY created ASC, key ASC"


def selected_in(keys: Iterable[str], jql: str) -> str:
    """Return what a condition of an admin's own selects in these projects."""
    return f"{_projects(keys)} AND ({jql})"


def newest(keys: Iterable[str]) -> str:
    """Return all there is, the last changed first."""
    return f"{_projects(keys)} ORDER BY updated DESC"


def window_minutes(since: datetime, now: datetime) -> int:
    """Return how many minutes back a search must look, both instants in the site's time."""
    return max(0, math.ceil((now - since) / timedelta(minutes=1))) + OVERLAP_MINUTES


def _projects(keys: Iterable[str]) -> str:
    # Quoted, because a key may be a word of the query language.
    return f"project in ({', '.join(json.dumps(key) for key in keys)})"
