"""What is asked of a site once per process: its fields, and who we are there."""

import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from adapters.jira.fields import fields_from_rows
from adapters.jira.mapping import Frame, is_own
from adapters.jira.site import Site
from adapters.jira.values import person_of
from syncd.model.errors import AbsentError
from syncd.model.items import Person, Place


class Knowledge:
    """Answers from memory after the first time; threads may share it."""

    def __init__(self, site: Site, *, places: Iterable[Place], prefix: str, has_remote_links: bool) -> None:
        self._site = site
        self._has_remote_links = has_remote_links
        self._prefix = prefix
        self._names = tuple(sorted({name for place in places for _, names in place.words.fields for name in names}))
        self._frame: Frame | None = None
        self._account: Person | None = None
        self._is_told = True
        self._lock = threading.Lock()

    def frame(self) -> Frame:
        """Return what rows are read against."""
        with self._lock:
            if self._frame is None:
                self._frame = self._frame_of(self.field_rows())
            return self._frame

    def field_rows(self) -> list[Mapping[str, Any]]:
        """Ask for all fields of the site; one that can't be asked has those that every Jira has."""
        try:
            return self._site.get("/field").objects()
        except AbsentError:
            return []

    def account(self) -> Person | None:
        """Return who the credential is; None on a site that can't be asked.

        Raises:
            AccessError: the token is wrong or expired.
            TransientError: it can't be asked now: that is not the same as not telling.
        """
        with self._lock:
            if self._account is None and self._is_told:
                self._account = self._ask()
            return self._account

    def _ask(self) -> Person | None:
        found = None
        with suppress(AbsentError):
            found = person_of(self._site.get("/myself").object)
        self._is_told = found is not None
        return found

    def learn(self, author: Person | None) -> None:
        """Take the author of what was just written: that is who we are."""
        with self._lock:
            self._account = self._account or author

    def is_own(self, label: str) -> bool:
        """Return whether a label is under our prefix."""
        return is_own(label, self._prefix)

    def _frame_of(self, rows: Iterable[Mapping[str, Any]]) -> Frame:
        return Frame(
            tracker=self._site.tracker,
            site=self._site.url,
            prefix=self._prefix,
            fields=fields_from_rows(rows, self._names),
            has_remote_links=self._has_remote_links,
        )
