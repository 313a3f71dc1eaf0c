"""Polls repositories: a first import from the oldest change on, then what is newer, newest first."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from adapters.github import repository
from adapters.github.client import PER_PAGE, Answer, Client
from adapters.github.cursor import Bookmark, Bookmarks, bookmarks_of
from adapters.github.mapping import MalformedError, Terms, item_from_row
from adapters.github.pages import Rows, Seen, problem_of, read_rows
from adapters.github.repository import Blockers, PlaceError
from syncd.model.errors import TransientError, UnsentError
from syncd.model.identity import PlaceId
from syncd.model.items import Container, Item
from syncd.model.reading import Cursor, Page, PlaceFailure, Problem

OVERLAP = timedelta(minutes=5)
"""A list may show a change later than the changes after it: so far back every window looks again."""
_KEPT_COUNT = 10 * PER_PAGE
"""So many rows does an import remember: it meets the last ones again, more of them where many changed at once."""
_STEP_BACK = timedelta(seconds=1)
_ASCENDING = {"state": "all", "sort": "updated", "direction": "asc", "per_page": str(PER_PAGE)}
_DESCENDING = {**_ASCENDING, "direction": "desc"}
"""Without ``since``: an address that moves would never match its ETag."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One page of one repository; ``bookmark`` where the reading may go on from here, ``is_read`` at its end."""

    at: datetime
    items: tuple[Item, ...] = ()
    containers: tuple[Container, ...] = ()
    problems: tuple[Problem, ...] = ()
    bookmark: Bookmark | None = None
    is_read: bool = False
    is_imported: bool = False


class Poller:
    """Polls the repositories of one tracker."""

    def __init__(
        self, client: Client, places: Sequence[PlaceId], terms: Terms, blockers: Blockers, credential: str
    ) -> None:
        self._client = client
        self._places = tuple(places)
        self._terms = terms
        self._blockers = blockers
        self._credential = credential

    def poll(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield what changed since ``cursor``; a repository that can't be read is a failure in a page of its own.

        Raises:
            TrackerError: none of them can be read.
        """
        bookmarks = bookmarks_of(cursor, self._credential, tuple(place.key for place in self._places))
        at = self._client.now()
        quiet: list[PlaceId] = []
        failures: dict[PlaceId, TransientError | PlaceError] = {}
        for place in self._places:
            try:
                for step in self._read(place, bookmarks.at(place.key)):
                    at = step.at
                    if step.bookmark is not None:
                        bookmarks = bookmarks.moved(place.key, step.bookmark)
                    if _is_quiet(step):
                        quiet.append(place)
                    else:
                        yield self._page(step, place, bookmarks)
            except PlaceError as error:
                failures[place] = error
            except TransientError as error:
                if isinstance(error, UnsentError) or error.retry_after is not None:
                    raise
                failures[place] = error
        transient = [error for error in failures.values() if isinstance(error, TransientError)]
        if transient and len(failures) == len(self._places):
            raise transient[0]
        yield self._last_page(at, bookmarks, quiet, failures)

    def _read(self, place: PlaceId, bookmark: Bookmark) -> Iterator[Step]:
        if bookmark.imported:
            yield from self._window(place, bookmark)
            return
        for step in self._import(place, bookmark):
            bookmark = step.bookmark or bookmark
            yield step
        # What changed during the import; and page 1's ETag, with which the next poll can be quiet.
        yield from self._window(place, bookmark)

    def _import(self, place: PlaceId, bookmark: Bookmark) -> Iterator[Step]:
        """Read on from the bookmark, ascending: every page may be the last, for now.

        Each page starts over at the newest change seen instead of following the list: a row that changes meanwhile
        moves to the list's end, and would let the page after it skip one.
        """
        since = bookmark.read_to
        query: Mapping[str, str] | None = _from(since)
        while query is not None:
            answer = self._list(place, query)
            at, rows = self._rows(place, answer)
            news = _news(rows, bookmark)
            bookmark = _imported(bookmark, rows, at)
            items, problems = self._with_blockers(news, place, at)
            yield Step(
                at=at,
                items=items,
                containers=rows.containers,
                problems=(*rows.problems, *problems),
                bookmark=bookmark,
            )
            query = answer.next_query
            if query is not None and rows.newest is not None and _moves(since, rows.newest):
                since = rows.newest - _STEP_BACK
                query = _from(since)

    def _window(self, place: PlaceId, bookmark: Bookmark) -> Iterator[Step]:
        """Read newest first, until what is older than the bookmark by more than the overlap."""
        answer = self._first_page(place, bookmark.etag)
        began_at = self._client.time_of(answer)
        if answer.status == 304:
            yield Step(at=began_at, bookmark=msgspec.structs.replace(bookmark, read_to=began_at), is_read=True)
            return
        etag, is_first_import = answer.headers.get("etag", ""), not bookmark.imported
        floor = bookmark.read_to - OVERLAP if bookmark.read_to is not None else None
        read: list[Rows] = []
        known = bookmark
        while True:
            at, rows = self._rows(place, answer)
            # On page 1 everything is compared: it costs nothing, and not every change moves a row to the top.
            news = [each for each in _news(rows, known) if not read or floor is None or each.item.updated_at >= floor]
            known = _with_digests(known, rows)
            read.append(rows)
            query = answer.next_query
            is_last = query is None or (floor is not None and rows.oldest is not None and rows.oldest < floor)
            items, problems = self._with_blockers(news, place, at)
            yield Step(
                at=at,
                items=items,
                containers=rows.containers,
                problems=(*rows.problems, *problems),
                bookmark=_after(read, etag, began_at) if is_last else None,
                is_read=is_last,
                is_imported=is_last and is_first_import,
            )
            if is_last:
                return
            answer = self._list(place, query)

    def _first_page(self, place: PlaceId, etag: str) -> Answer:
        """Return page 1, asked without its ETag where a server or a proxy fails over it."""
        try:
            return self._list(place, _DESCENDING, etag=etag)
        except TransientError as error:
            if not etag or isinstance(error, UnsentError) or error.retry_after is not None:
                raise
            return self._list(place, _DESCENDING)

    def _list(self, place: PlaceId, query: Mapping[str, str] | None, *, etag: str = "") -> Answer:
        return repository.get(self._client, place, "/issues", query, etag=etag)

    def _rows(self, place: PlaceId, answer: Answer) -> tuple[datetime, Rows]:
        at = self._client.time_of(answer)
        return at, read_rows(repository.listed(answer, self._client.tracker), place, self._terms, at)

    def _with_blockers(
        self, news: Sequence[Seen], place: PlaceId, at: datetime
    ) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
        items, problems = [], []
        for each in news:
            try:
                blockers = self._blockers.of(each.row, place)
            except MalformedError as error:
                value = {"id": each.row.id, "number": each.row.number}
                problems.append(problem_of(value, place, self._terms, error, at))
                continue
            items.append(item_from_row(each.row, place, self._terms, blockers) if blockers else each.item)
        return tuple(items), tuple(problems)

    def _page(self, step: Step, place: PlaceId, bookmarks: Bookmarks) -> Page:
        return Page(
            observed_at=step.at,
            items=step.items,
            containers=step.containers,
            problems=step.problems,
            read_places=(place,) if step.is_read else (),
            imported_places=(place,) if step.is_imported else (),
            cursor=bookmarks.cursor(self._client.tracker) if step.bookmark is not None else None,
        )

    def _last_page(
        self,
        at: datetime,
        bookmarks: Bookmarks,
        quiet: Sequence[PlaceId],
        failures: Mapping[PlaceId, TransientError | PlaceError],
    ) -> Page:
        """Return the page that ends a poll: the repositories without news, and those that failed."""
        return Page(
            observed_at=at,
            failures=tuple(PlaceFailure(place, error.message) for place, error in failures.items()),
            read_places=tuple(quiet),
            cursor=bookmarks.cursor(self._client.tracker),
        )


def _is_quiet(step: Step) -> bool:
    has_news = step.items or step.containers or step.problems
    return step.is_read and not step.is_imported and not has_news


def _from(since: datetime | None) -> dict[str, str]:
    return _ASCENDING if since is None else {**_ASCENDING, "since": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}


def _moves(since: datetime | None, newest: datetime) -> bool:
    """Whether starting over brings anything new: more than a page may have been changed in one second."""
    return since is None or newest - _STEP_BACK > since


def _news(rows: Rows, bookmark: Bookmark) -> list[Seen]:
    return [each for each in rows.seen if not bookmark.is_known(each.native_id, each.digest)]


def _with_digests(bookmark: Bookmark, rows: Rows) -> Bookmark:
    digests = {**bookmark.digests, **{each.native_id: each.digest for each in rows.seen}}
    return msgspec.structs.replace(bookmark, digests=digests)


def _imported(bookmark: Bookmark, rows: Rows, at: datetime) -> Bookmark:
    """Return the bookmark after an ascending page; the rows it read last are the newest ones."""
    now_read = {each.native_id: each.digest for each in rows.seen}
    digests = {native_id: digest for native_id, digest in bookmark.digests.items() if native_id not in now_read}
    kept = dict(list({**digests, **now_read}.items())[-_KEPT_COUNT:])
    # A row from the future must not hide what comes before it.
    newest = min(rows.newest, at) if rows.newest is not None else None
    read_to = max((each for each in (bookmark.read_to, newest) if each is not None), default=None)
    return msgspec.structs.replace(bookmark, read_to=read_to, digests=kept)


def _after(read: Sequence[Rows], etag: str, began_at: datetime) -> Bookmark:
    """Return the bookmark after a window: it remembers page 1, and what the next window's overlap will show again."""
    digests: dict[str, str] = {}
    for number, rows in enumerate(read):
        for each in rows.seen:
            if number == 0 or each.item.updated_at >= began_at - OVERLAP:
                digests.setdefault(each.native_id, each.digest)
    return Bookmark(read_to=began_at, imported=True, etag=etag, digests=digests)
