"""Which projects the credential sees: a search that names an unknown one fails for all."""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from adapters.jira.knowledge import Knowledge
from adapters.jira.searching import newest, search
from adapters.jira.site import Site
from adapters.jira.values import text_in
from syncd.model.errors import AbsentError, RefusedError
from syncd.model.identity import Handle, PlaceId
from syncd.model.reading import PlaceFailure

_BELIEVED_FOR = timedelta(minutes=10)
_KEYS_A_PAGE = 50


class Visibility:
    """Remembers for ten minutes which projects are missing, so that one of them doesn't cost every pass a request."""

    def __init__(self, site: Site, knowledge: Knowledge) -> None:
        self._site = site
        self._knowledge = knowledge
        self._absent: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def absent(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of the projects that were missing lately; no request."""
        now = self._site.clock.now()
        with self._lock:
            return frozenset(key for key in keys if key in self._absent and now - self._absent[key] < _BELIEVED_FOR)

    def look(self, keys: Sequence[str]) -> frozenset[str]:
        """Return those of the projects that are missing; one request per fifty, and two for each that seems so.

        Raises:
            AccessError: none is there because the token is wrong: Jira may treat such a caller as anonymous.
        """
        seen: set[str] = set()
        for start in range(0, len(keys), _KEYS_A_PAGE):
            asked = list(keys[start : start + _KEYS_A_PAGE])
            with suppress(AbsentError):
                page = self._site.get("/project/search", keys=asked, maxResults=_KEYS_A_PAGE)
                seen.update(text_in(row, "key") for row in page.objects("values"))
        # None of them is there, or this Jira can't be asked for several.
        seen.update(key for key in keys if key not in seen and self._is_there(key))
        absent = frozenset(keys) - seen
        if absent and absent == frozenset(keys):
            self._knowledge.account()
        with self._lock:
            self._absent = {key: at for key, at in self._absent.items() if key not in seen}
            self._absent.update(dict.fromkeys(absent, self._site.clock.now()))
        return absent

    def absence(self, handle: Handle) -> str:
        """Return why an answer of "not found" says nothing about an item: its whole project can't be seen.

        Raises:
            AccessError: the token is wrong.
        """
        key = handle.key.rpartition("-")[0]
        return absence_of(key) if self.look([key]) else ""

    def _is_there(self, key: str) -> bool:
        # A renamed project answers to its former key, too.
        with suppress(AbsentError):
            return text_in(self._site.get(f"/project/{key}").object, "key") == key
        # Not every server describes its projects; what has items is there.
        with suppress(AbsentError, RefusedError):
            rows = search(self._site, newest([key]), ["id", "key"], size=1).rows
            return any(text_in(row, "key").rpartition("-")[0] == key for row in rows)
        return False

    def failures(self, keys: Iterable[str]) -> tuple[PlaceFailure, ...]:
        """Return what to tell of missing projects."""
        return tuple(PlaceFailure(PlaceId(self._site.tracker, key), absence_of(key)) for key in sorted(keys))


def absence_of(key: str) -> str:
    """Return one line about a missing project, with the way out."""
    return f"no project {key}, or the account may not see it: check the key and its permission Browse Projects"
