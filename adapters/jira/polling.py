"""Polls a site: one search for what changed in all projects, and readings of everything, which resume."""

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from adapters.jira.knowledge import Knowledge
from adapters.jira.mapping import read_rows
from adapters.jira.progress import Import, Progress, Selection, cursor_of, progress_of, selection_at
from adapters.jira.remote import REQUESTS_A_POLL, RemoteLinks
from adapters.jira.searching import (
    ROWS_A_PAGE,
    Found,
    changed_within,
    everything,
    made_within,
    search,
    window_minutes,
)
from adapters.jira.site import Site
from adapters.jira.stating import IDS_A_MATCH, Selected, Stating
from adapters.jira.values import MalformedError, instant_in, object_in
from adapters.jira.visibility import Visibility
from syncd.model.errors import RefusedError
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import Item
from syncd.model.reading import Cursor, Page, PlaceFailure, Problem

# Sprints that start and versions that are released leave their issues' `updated` alone.
_WHOLE_EVERY = timedelta(days=1)


class Poller:
    """Reads what changed in the configured projects of one site."""

    def __init__(
        self,
        site: Site,
        knowledge: Knowledge,
        visibility: Visibility,
        stating: Stating,
        remote: RemoteLinks,
        keys: Sequence[str],
    ) -> None:
        self._site = site
        self._knowledge = knowledge
        self._visibility = visibility
        self._stating = stating
        self._remote = remote
        self._keys = tuple(keys)

    def poll(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield what changed since the cursor; then, where it is due, everything, and once more what changed.

        An idle poll is one request.
        """
        progress = self._due(progress_of(cursor))
        if progress.since is not None or progress.running is None:
            progress = yield from self._changes(progress)
        if progress.running is not None:
            seen: set[tuple[ItemId, datetime]] = set()
            progress = yield from self._whole(progress, seen)
            for page in self._changes(progress, remote_links=0):
                yield replace(page, items=tuple(item for item in page.items if (item.id, item.updated_at) not in seen))

    def _due(self, before: Progress) -> Progress:
        """Return ``before`` with the reading of everything that must begin, if any; one under way goes on."""
        asked = tuple(self._knowledge.frame().fields.asked)
        imported = tuple(key for key in before.imported if key in self._keys)
        selection = selection_at(before.selection, self._stating.jql, self._now(before))
        progress = replace(before, asked=asked, imported=imported, selection=selection)
        fields_grew = not set(asked) <= set(before.asked)
        if before.running is not None and not fields_grew and self._goes_on(before.running):
            return progress
        is_old = before.whole_at is not None and self._now(before) - before.whole_at >= _WHOLE_EVERY
        absent = self._visibility.absent(self._keys)
        fresh = [key for key in self._keys if key not in imported and key not in absent]
        if fresh:
            # Not every tracker refuses a search that names a project which is not there.
            absent |= self._visibility.look(fresh)
        seen = tuple(key for key in self._keys if key not in absent)
        keys = tuple(key for key in seen if fields_grew or is_old or key not in imported)
        if keys != seen and progress.selection.jql != self._stating.jql:
            # What never changed must say, too, whether it states an outcome.
            progress = self._noted(progress, self._stating.selected(seen).refusal)
            keys = keys if progress.selection.refusal else seen
        if not keys:
            return replace(progress, running=None)
        running = Import(keys=keys, jql=everything(keys), is_whole=keys == seen, outcomes=self._stating.jql)
        return replace(progress, running=running)

    def _goes_on(self, running: Import) -> bool:
        return set(running.keys) <= set(self._keys) and running.outcomes == self._stating.jql

    def _noted(self, progress: Progress, refusal: str) -> Progress:
        """Return ``progress`` with what Jira said of the JQL of outcomes, if it refused it."""
        if not refusal:
            return progress
        selection = Selection(jql=self._stating.jql, refusal=refusal, refused_at=self._now(progress))
        return replace(progress, selection=selection)

    def _changes(self, progress: Progress, remote_links: int = REQUESTS_A_POLL) -> Generator[Page, None, Progress]:
        """Yield pages of what changed since ``progress.since``; only the last one has a cursor.

        A project that can't be seen is no longer imported: when it is back it is read from its beginning.
        """
        absent = self._visibility.absent(progress.imported)
        keys = tuple(key for key in progress.imported if key not in absent)
        since, progress = progress.since, replace(progress, imported=keys)
        remote = self._remote.polled(progress.linked, remote_links)
        if since is None or not keys:
            yield self._last(Page(observed_at=self._now(progress)), progress, (), ())
            return progress
        try:
            jql, found = self._first_changes(progress, since)
        except RefusedError:
            if not self._visibility.look(keys):
                raise
            return (yield from self._changes(progress, remote_links))
        progress = replace(progress, since=found.at, skew=self._skew(found))
        pages = [remote.linked(self._page(found))]
        while found.token:
            if len(pages) == self._pages_at_once:
                progress, stated = self._stated(progress, pages)
                yield from stated
                pages = []
            found = self._search(progress, jql, found.token)
            pages.append(remote.linked(self._page(found)))
        progress, stated = self._stated(progress, pages)
        progress = replace(progress, linked=remote.asked)
        yield from stated[:-1]
        yield self._last(stated[-1], progress, keys, remote.warnings)
        return progress

    @property
    def _pages_at_once(self) -> int:
        """Return how many pages wait for each other, to be asked about in one request."""
        return IDS_A_MATCH // ROWS_A_PAGE if self._stating.jql else 1

    def _stated(self, progress: Progress, pages: Sequence[Page]) -> tuple[Progress, list[Page]]:
        """Return pages whose items say whether they state an outcome: one request, where they have any."""
        items = tuple(item for page in pages for item in page.items)
        if progress.selection.refusal:
            marked = self._stating.marked(items, None)
        else:
            stated = self._stating.of(items)
            marked, progress = stated.items, self._noted(progress, stated.refusal)
        rest = iter(marked)
        return progress, [replace(page, items=tuple(next(rest) for _ in page.items)) for page in pages]

    def _first_changes(self, progress: Progress, since: datetime) -> tuple[str, Found]:
        minutes = window_minutes(since, self._now(progress))
        jql = changed_within(progress.imported, minutes)
        found = self._search(progress, jql)
        if found.at - timedelta(minutes=minutes) <= since:
            return jql, found
        # Our clocks have drifted apart and the window was too short.
        jql = changed_within(progress.imported, window_minutes(since, found.at))
        return jql, self._search(progress, jql)

    def _whole(self, progress: Progress, seen: set[tuple[ItemId, datetime]]) -> Generator[Page, None, Progress]:
        """Yield pages of everything, noting in ``seen`` what; each one has a cursor from which it goes on."""
        selected = Selected(None)
        if progress.running is not None and not progress.selection.refusal:
            selected = self._stating.selected(progress.running.keys)
            progress = self._noted(progress, selected.refusal)
        while (running := progress.running) is not None:
            try:
                found = self._search(progress, running.jql, running.token)
            except RefusedError:
                progress = replace(progress, running=self._restarted(running, progress))
                if progress.running == running:
                    raise
                continue
            running = replace(
                running,
                token=found.token,
                started_at=running.started_at or found.at,
                created_at=_last_created(found) or running.created_at,
            )
            progress = replace(progress, running=running, skew=self._skew(found))
            if not found.token:
                progress = self._finished(progress, running)
            page = self._page(found)
            items = self._stating.marked(page.items, selected.ids)
            page = replace(page, items=items, cursor=cursor_of(progress, self._site.tracker))
            seen.update((item.id, item.updated_at) for item in page.items)
            yield page
        return progress

    def _restarted(self, running: Import, progress: Progress) -> Import | None:
        """Return how an import that was refused goes on: without missing projects, or without its stale token.

        The same import means that it does not.
        """
        absent = self._visibility.look(running.keys)
        keys = tuple(key for key in running.keys if key not in absent)
        if not keys:
            return None
        if not absent and not running.token:
            return running
        jql = everything(keys)
        if running.created_at is not None:
            jql = made_within(keys, window_minutes(running.created_at, self._now(progress)))
        return replace(running, keys=keys, jql=jql, token="")

    def _finished(self, progress: Progress, running: Import) -> Progress:
        started_at = running.started_at or self._now(progress)
        selection = progress.selection
        if running.is_whole and not selection.refusal:
            selection = Selection(jql=running.outcomes)
        return replace(
            progress,
            selection=selection,
            since=min(progress.since or started_at, started_at),
            imported=tuple(dict.fromkeys((*progress.imported, *running.keys))),
            whole_at=started_at if running.is_whole else progress.whole_at,
            running=None,
        )

    def _search(self, progress: Progress, jql: str, token: str = "") -> Found:
        return search(self._site, jql, progress.asked, token=token)

    def _page(self, found: Found) -> Page:
        at, ours = found.at, frozenset(self._keys)
        read = read_rows(found.rows, self._knowledge.frame(), at)
        return Page(
            observed_at=at,
            items=tuple(item for item in read.items if item.place.key in ours),
            containers=read.containers,
            problems=(*read.problems, *(_renamed(item, at) for item in read.items if item.place.key not in ours)),
        )

    def _last(self, page: Page, progress: Progress, keys: Sequence[str], warnings: Sequence[str]) -> Page:
        """Return the page that ends a poll of what changed in ``keys``."""
        places = tuple(PlaceId(self._site.tracker, key) for key in keys)
        refusal = progress.selection.refusal
        return replace(
            page,
            failures=self._failures(),
            read_places=places,
            imported_places=places,
            warnings=(*((refusal,) if refusal else ()), *warnings),
            cursor=cursor_of(progress, self._site.tracker),
        )

    def _failures(self) -> tuple[PlaceFailure, ...]:
        return self._visibility.failures(self._visibility.absent(self._keys))

    def _skew(self, found: Found) -> float:
        return (found.at - self._site.clock.now()).total_seconds()

    def _now(self, progress: Progress) -> datetime:
        return self._site.clock.now() + timedelta(seconds=progress.skew)


def _renamed(item: Item, at: datetime) -> Problem:
    # Jira finds a renamed project by its former key.
    reason = f"its project {item.place.key} is not configured; was it renamed?"
    return Problem(handle=Handle(item.id, item.key), place=item.place, error=reason, seen_at=at)


def _last_created(found: Found) -> datetime | None:
    try:
        return instant_in(object_in(found.rows[-1], "fields"), "created") if found.rows else None
    except MalformedError:
        return None
