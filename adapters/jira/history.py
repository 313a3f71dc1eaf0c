"""Asks a site what happened to its issues: a thousand of them a request, and more pages where much happened."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from adapters.jira.changelog import Log, Phrases, events_of, has_links, phrases_of
from adapters.jira.knowledge import Knowledge
from adapters.jira.site import Site
from adapters.jira.values import Json, MalformedError, object_in, objects_in
from syncd.model.errors import AbsentError, RefusedError, TransientError, UnsentError
from syncd.model.identity import Handle, ItemId
from syncd.model.items import BEGINNING, History
from syncd.model.reading import HistoryPage

_ISSUES_A_REQUEST = 1_000
_CHANGES_A_PAGE = 10_000
_PARTS = 4


class Historian:
    """Reads changelogs; threads may share it."""

    def __init__(self, site: Site, knowledge: Knowledge) -> None:
        self._site = site
        self._knowledge = knowledge

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        """Yield a page per request; the last one of a thousand issues has their histories."""
        for start in range(0, len(handles), _ISSUES_A_REQUEST):
            some = handles[start : start + _ISSUES_A_REQUEST]
            try:
                yield from self._thousand(some)
            except TransientError as error:
                yield from self._parted(some, error)

    def _parted(self, handles: Sequence[Handle], error: TransientError) -> Iterator[HistoryPage]:
        """Ask in parts for what failed as a whole: one issue that the site fails at must not hide the others.

        Raises:
            TransientError: every part fails too: that is the site, and no issue.
        """
        if isinstance(error, UnsentError) or error.retry_after is not None or len(handles) == 1:
            raise error
        size = -(-len(handles) // _PARTS)
        parts = [handles[start : start + size] for start in range(0, len(handles), size)]
        failed: list[tuple[Sequence[Handle], TransientError]] = []
        for part in parts:
            try:
                yield from self._thousand(part)
            except TransientError as again:
                failed.append((part, again))
        if len(failed) == len(parts):
            raise error
        for part, trouble in failed:
            if len(part) == 1:
                yield HistoryPage(observed_at=self._site.clock.now(), failures={part[0].id: trouble.message})
            else:
                yield from self._parted(part, trouble)

    def _thousand(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        logs: dict[str, list[Json]] = {}
        body: dict[str, Any] = {
            "issueIdsOrKeys": [handle.id.native_id for handle in handles],
            "maxResults": _CHANGES_A_PAGE,
        }
        while True:
            try:
                answer = self._site.ask("/changelog/bulkfetch", body)
            except (AbsentError, RefusedError):
                # Not every Jira has it; and one id that is none must not hide the others.
                yield from (self._single(handle) for handle in handles)
                return
            for log in answer.objects("issueChangeLogs"):
                logs.setdefault(str(log.get("issueId")), []).append(log)
            token = answer.object.get("nextPageToken")
            # A token that leads to itself ends the reading, too: nobody shall turn the same page forever.
            if not token or token == body.get("nextPageToken"):
                yield self._page(handles, logs, answer.at)
                return
            body["nextPageToken"] = token
            yield HistoryPage(observed_at=answer.at)

    def _single(self, handle: Handle) -> HistoryPage:
        """Ask for one issue's changes, the way that every Jira knows."""
        try:
            answer = self._site.get(f"/issue/{handle.id.native_id}", expand="changelog", fields="summary")
        except (AbsentError, RefusedError) as error:
            return HistoryPage(observed_at=self._site.clock.now(), failures={handle.id: error.message})
        changelog = object_in(answer.object, "changelog")
        rows, total = objects_in(changelog, "histories"), changelog.get("total")
        if not changelog or (isinstance(total, int) and total > len(rows)):
            told = f"only {len(rows)} of its {total} changes are told" if changelog else "its changes are not told"
            return HistoryPage(observed_at=answer.at, failures={handle.id: told})
        return self._page([handle], {handle.id.native_id: [{"changeHistories": rows}]}, answer.at)

    def _page(self, handles: Sequence[Handle], logs: Mapping[str, Sequence[Json]], at: datetime) -> HistoryPage:
        """Return the histories of issues: one of which nothing is told has none. One that is malformed is a failure."""
        histories: dict[ItemId, History] = {}
        failures: dict[ItemId, str] = {}
        for handle in handles:
            try:
                histories[handle.id] = self._history(handle.id, logs.get(handle.id.native_id, ()))
            except MalformedError as error:
                failures[handle.id] = f"can't be read: {error.message}"
        return HistoryPage(observed_at=at, histories=histories, failures=failures)

    def _history(self, item: ItemId, logs: Sequence[Json]) -> History:
        # Pages that are turned while something is written may show a change twice.
        told = [row for log in logs for row in objects_in(log, "changeHistories")]
        rows = list({str(row.get("id") or index): row for index, row in enumerate(told)}.values())
        phrases = self._phrases if has_links(rows) else {}
        events = tuple(events_of(rows, item, Log(self._knowledge.frame(), phrases)))
        return History(known_since=BEGINNING, events=events)

    @cached_property
    def _phrases(self) -> Phrases:
        try:
            return phrases_of(self._site.get("/issueLinkType").objects("issueLinkTypes"))
        except (AbsentError, RefusedError):
            return {}
