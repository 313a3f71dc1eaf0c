"""The past of items, read from the store when it is asked for: a million histories are never in memory at once."""

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, bindparam, func, select

from syncd.model.identity import ItemId
from syncd.model.items import BEGINNING, Event, History
from syncd.store.engine import Database
from syncd.store.history import NOTHING, member
from syncd.store.known import Known, Step
from syncd.store.rows import driver_rows
from syncd.store.tables import events, histories, items
from syncd.store.times import instant

_MOST_AHEAD = 1000
_AHEAD = 4
"""So many histories are read ahead for each that was asked for among those read last."""
_KEPT = 50_000
"""So many histories are kept, those that were read last: several facts in turn ask for the same."""
_SECOND = timedelta(seconds=1)
_steps = msgspec.json.Decoder(list[Step]).decode


class Histories(Mapping[ItemId, History]):
    """What is known of the past of every item that is there, from its tracker and from polls; threads may share it.

    It is read as it is asked for, and then kept for a while: what was saved since shows after ``forget`` at the latest.
    Who asks in the order of keys is served many at a time. Any method may raise StoreError.
    """

    def __init__(self, database: Database, workspace_id: str) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._lock = threading.RLock()
        self._known = Known(workspace_id)
        self._kept: OrderedDict[ItemId, History | None] = OrderedDict()
        self._fresh: dict[ItemId, None] = {}
        self._asked_count = 0

    def __getitem__(self, item_id: ItemId) -> History:
        found = self._find(item_id)
        if found is None:
            raise KeyError(item_id)
        return found

    def get(self, item_id: ItemId, default: Any = None) -> Any:
        """Return the history of an item, ``default`` where it is not there."""
        found = self._find(item_id)
        return default if found is None else found

    def __contains__(self, item_id: object) -> bool:
        return isinstance(item_id, ItemId) and self._find(item_id) is not None

    def __iter__(self) -> Iterator[ItemId]:
        """Yield the items that are there, tracker by tracker, by their keys."""
        with self._database.read() as connection:
            found = list(driver_rows(connection, _ids(self._workspace_id)))
        return (ItemId(tracker, native_id) for tracker, native_id in found)

    def __len__(self) -> int:
        with self._database.read() as connection:
            statement = select(func.count()).where(
                items.c.workspace_id == self._workspace_id, items.c.gone_at.is_(None)
            )
            return connection.scalar(statement) or 0

    def of(self, ids: Collection[ItemId]) -> dict[ItemId, History]:
        """Return the histories of some items, read at once; those that are not there are left out."""
        with self._lock, self._database.read() as connection:
            return self._read_some(connection, ids)

    def forget(self, ids: Iterable[ItemId] | None = None) -> None:
        """Read the histories of some items anew when they are asked for the next time; None: all."""
        with self._lock:
            self._known.forget()
            if ids is None:
                self._kept.clear()
            for item_id in ids or ():
                self._kept.pop(item_id, None)

    def _find(self, item_id: ItemId) -> History | None:
        with self._lock:
            if item_id not in self._kept:
                self._read_from(item_id)
            if item_id in self._fresh:
                del self._fresh[item_id]
                self._asked_count += 1
            return self._kept[item_id]

    def _read_from(self, item_id: ItemId) -> None:
        """Read an item's history, and those that come next by key: the more, the more of the last ones were asked."""
        ahead = min(_MOST_AHEAD, _AHEAD * self._asked_count)
        with self._database.read() as connection:
            found: Mapping[ItemId, History] = self._read_next(connection, item_id, ahead) if ahead > 1 else {}
            if item_id not in found:
                found = {**found, **self._read_some(connection, [item_id])}
        self._asked_count = 0
        self._fresh = dict.fromkeys([item_id, *found])
        self._kept.update(found)
        self._kept.setdefault(item_id, None)
        while len(self._kept) > _KEPT + len(self._fresh):
            self._kept.popitem(last=False)

    def _read_next(self, connection: Connection, item_id: ItemId, count: int) -> dict[ItemId, History]:
        given = {"w": self._workspace_id, "t": item_id.tracker, "id": item_id.native_id}
        key = connection.scalar(_KEY, given)
        if key is None:
            return {}
        rows = list(driver_rows(connection, _NEXT, {**given, "key": key, "count": count}))
        return self._histories(connection, item_id.tracker, rows)

    def _read_some(self, connection: Connection, ids: Collection[ItemId]) -> dict[ItemId, History]:
        by_tracker: dict[str, list[str]] = {}
        for item_id in ids:
            by_tracker.setdefault(item_id.tracker, []).append(item_id.native_id)
        found: dict[ItemId, History] = {}
        for tracker, native_ids in by_tracker.items():
            for begin in range(0, len(native_ids), _MOST_AHEAD):
                some = native_ids[begin : begin + _MOST_AHEAD]
                rows = list(driver_rows(connection, _SOME, {"w": self._workspace_id, "t": tracker, "ids": some}))
                found.update(self._histories(connection, tracker, rows))
        return found

    def _histories(
        self, connection: Connection, tracker: str, rows: Sequence[tuple[str, int, int | None, bytes | None]]
    ) -> dict[ItemId, History]:
        """Return the histories of rows of items, each with what its tracker told."""
        seen = self._seen(connection, tracker, [native_id for native_id, *_ in rows])
        told = {native_id: _steps(body) for native_id, _, _, body in rows if body is not None and body != NOTHING}
        ids = self._known.ids(connection, (step for some in (seen, told) for steps in some.values() for step in steps))
        found = {}
        for native_id, first_seen_at, known_since, body in rows:
            item_id = ItemId(tracker, native_id)
            since = _instant(first_seen_at if body is None or known_since is None else known_since)
            if native_id not in told and native_id not in seen:
                found[item_id] = History(known_since=since)
                continue
            happened, watched = (
                [self._known.event(item_id, step, ids) for step in some.get(native_id, ())] for some in (told, seen)
            )
            found[item_id] = History(known_since=since, events=merge(happened, watched))
        return found

    def _seen(self, connection: Connection, tracker: str, native_ids: Sequence[str]) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        given = {"w": self._workspace_id, "t": tracker, "ids": native_ids}
        for native_id, *step in driver_rows(connection, _SEEN, given):
            found.setdefault(native_id, []).append(Step(*step))
        return found


_OF = (items.c.workspace_id == bindparam("w"), items.c.tracker == bindparam("t"), items.c.gone_at.is_(None))
_KEY = select(items.c.key).where(*_OF, items.c.native_id == bindparam("id"))
_ROWS = select(items.c.native_id, items.c.first_seen_at, histories.c.known_since, histories.c.body).select_from(
    items.outerjoin(
        histories,
        and_(
            histories.c.workspace_id == items.c.workspace_id,
            histories.c.tracker == items.c.tracker,
            histories.c.native_id == items.c.native_id,
        ),
    )
)
_SOME = _ROWS.where(*_OF, items.c.native_id.in_(bindparam("ids", expanding=True)))
_NEXT = _ROWS.where(*_OF, items.c.key >= bindparam("key")).order_by(items.c.key).limit(bindparam("count"))
_SEEN = (
    select(events.c.native_id, events.c.at, events.c.field, events.c.before, events.c.after)
    .where(
        events.c.workspace_id == bindparam("w"),
        events.c.tracker == bindparam("t"),
        events.c.native_id.in_(bindparam("ids", expanding=True)),
        events.c.before != events.c.after,  # what came and went at one instant did not happen
    )
    .order_by(events.c.native_id, events.c.at)
)


def _ids(workspace_id: str) -> Select[tuple[str, str]]:
    there = (items.c.workspace_id == workspace_id, items.c.gone_at.is_(None))
    return select(items.c.tracker, items.c.native_id).where(*there).order_by(items.c.tracker, items.c.key)


def _instant(at: int) -> datetime:
    return BEGINNING if at == 0 else instant(at)


def merge(told: Sequence[Event], seen: Sequence[Event]) -> tuple[Event, ...]:
    """Return both as one history, oldest first: a step that the tracker told, too, is not what a poll saw of it.

    Of several steps between two polls a poll saw the sum: the tracker told it when it told its end.
    """
    if not seen:
        return tuple(told)
    ends: dict[tuple[str, str], list[Event]] = {}
    for event in told:
        ends.setdefault((event.field, member(event)), []).append(event)
    left: list[Event] = []
    previous: dict[tuple[str, str], datetime] = {}
    for event in seen:
        key = (event.field, member(event))
        if not _is_told(event, ends.get(key, ()), previous.get(key, BEGINNING)):
            left.append(event)
        previous[key] = event.at
    return tuple(sorted((*told, *left), key=lambda event: event.at))


def _is_told(event: Event, steps: Sequence[Event], since: datetime) -> bool:
    # A poll's time is of whole seconds where a step's is finer.
    ats = [step.at for step in steps]
    end = bisect_left(ats, event.at + _SECOND)
    begin = bisect_right(ats, since)
    return any(step.after == event.after for step in steps[begin:end])
