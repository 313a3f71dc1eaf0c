"""When items were begun and finished, from their dates and histories; asked of one item at a time."""

from collections.abc import Iterator
from datetime import datetime

from rules.facts.fact import FactContext
from rules.facts.history import NOT_READ, is_whole
from rules.world import NOWHERE, World
from syncd.model.items import Event, History, Item, LinkKind, StatusCategory
from syncd.model.truth import Unknown

_DONE, _DOING = StatusCategory.DONE, StatusCategory.IN_PROGRESS
_FUTURE = Unknown("it is said to be closed later than now")
_NOT_SO_FAR = Unknown("its history is not known so far back")
Categories = dict[tuple[object, str], StatusCategory | None]


class Progress:
    """Tells of a World's items when they were begun and finished, as of a moment."""

    def __init__(self, context: FactContext) -> None:
        self._world: World = context.world
        self._now = context.now
        self._closers = context.world.graph.sources(LinkKind.CLOSES)

    def finished_at(self, position: int) -> datetime | Unknown | None:
        """Return when a done item was done: as its tracker says, else by its history; None where it is open."""
        item = self._world.rows[position]
        if item.status_category is not _DONE:
            return None
        at = item.closed_at or self._done_since(position, item)
        return _FUTURE if isinstance(at, datetime) and at > self._now else at

    def _done_since(self, position: int, item: Item) -> datetime | Unknown:
        """Return when an item came to be done for the last time."""
        history = self._world.histories.get(item.id)
        if history is None:
            return NOT_READ
        since: datetime | None = None
        for event in reversed(history.events):
            if event.field == "status":
                if since is not None and not self._means(position, event.after, _DONE):
                    return since
                since = event.at
        if since is not None:
            return since
        return item.created_at if is_whole(history, item) else _NOT_SO_FAR

    def is_going_on(self, position: int) -> bool:
        """Return whether an item is in progress by its status, or a change was opened that closes it; not whether its
        place calls it so for other reasons: of these nobody knows since when."""
        item = self._world.rows[position]
        if not self._world.is_open(position) or self._world.darks[position] is not None:
            return False
        return self._world.lexicons[position].is_in_progress(item) or self._is_closer_open(position)

    def _is_closer_open(self, position: int) -> bool:
        """Return whether a change that closes an item is open; of what can't be read that is not known."""
        if not self._world.lexicons[position].in_progress.pull_request:
            return False
        rows, darks = self._world.rows, self._world.darks
        changes = self._closers.get(position, NOWHERE)
        return any(darks[each] is not None or rows[each].status_category is not _DONE for each in changes)

    def begun_at(self, position: int) -> datetime | Unknown | None:
        """Return when an item was in progress for the first time, by its statuses, or when the first change was opened
        that closes it, whichever was earlier; None where neither was."""
        by_status, by_change = self._status_at(position), self._change_at(position)
        if by_change is None or isinstance(by_status, Unknown):
            return by_status
        return by_change if by_status is None or isinstance(by_change, Unknown) else min(by_status, by_change)

    def _change_at(self, position: int) -> datetime | Unknown | None:
        changes = self._closers.get(position, NOWHERE)
        if not changes or not self._world.lexicons[position].in_progress.pull_request:
            return None
        dark = next((self._world.darks[each] for each in changes if self._world.darks[each] is not None), None)
        found = (self._world.rows[each].created_at for each in changes)
        return dark or min((at for at in found if at <= self._now), default=None)

    def _status_at(self, position: int) -> datetime | Unknown | None:
        item = self._world.rows[position]
        history = self._world.histories.get(item.id)
        if history is None:
            return NOT_READ
        if not is_whole(history, item):
            return _NOT_SO_FAR
        first = next(self._statuses(history), None)
        if self._means(position, first.before if first is not None else item.status, _DOING):
            return item.created_at if item.created_at <= self._now else None
        moves = (event.at for event in self._statuses(history) if self._means(position, event.after, _DOING))
        return next(moves, None)

    def _statuses(self, history: History) -> Iterator[Event]:
        return (event for event in history.events if event.field == "status" and event.at <= self._now)

    def _means(self, position: int, status: str, category: StatusCategory) -> bool:
        """Return whether a status means that: by the words of its place, else as on items that have it today."""
        item = self._world.rows[position]
        if status in self._world.lexicons[position].in_progress.statuses:
            return category is _DOING
        known = categories_of(self._world)
        key = (item.place, status)
        return known.get(key if key in known else (item.id.tracker, status)) is category


def categories_of(world: World) -> Categories:
    """Return what statuses mean, by place and, for what a place has not, by tracker; None: not the same everywhere."""
    return world.once("categories of statuses", lambda: _categories(world))


def _categories(world: World) -> Categories:
    found: Categories = {}
    seen = {(item.place, item.status, item.status_category) for item in world.rows}
    for place, status, category in seen:
        for key in ((place, status), (place.tracker, status)):
            found[key] = category if found.get(key, category) is category else None
    return found


def progress_of(context: FactContext) -> Progress:
    """Return when the items of a context's World were begun and finished, as of its moment."""
    return context.world.once(("progress", context.now), lambda: Progress(context))
