"""The past of items, read from the store when it is asked for: a million histories are never in memory at once."""

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Select, and_, bindparam, func, select

from syncd.model.identity import ItemId
from syncd.model.items import BEGINNING, Event, History
from syncd.store.engine import Database
from syncd.store.history import NOTHING, member
from syncd.store.known import Known, Step
from syncd.store.rows import driver_rows
from syncd.store.tables import events, histories, items
from syncd.store.times import instant

_MOST_AHEAD = 1000
_AHEAD = 16
"""So many rows are read ahead for each that was asked for among those read ahead last: reading one alone costs more."""
_KEPT = 100_000
"""So many histories are kept, those that were read last: several facts in turn ask for the same."""
_SECOND = timedelta(seconds=1)
_steps = msgspec.json.Decoder(list[Step]).decode


class _Row(NamedTuple):
    """What is stored of an item's past; ``known_since`` and ``told`` are None where its tracker told nothing yet."""

    native_id: str
    first_seen_at: int
    known_since: int | None
    told: bytes | None


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
        self._ahead: dict[ItemId, _Row] = {}
        self._seen: dict[str, list[Step]] = {}
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
        there = (items.c.workspace_id == self._workspace_id, items.c.gone_at.is_(None))
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).where(*there)) or 0

    def of(self, ids: Iterable[ItemId]) -> dict[ItemId, History]:
        """Return the histories of some items, read at once; those that are not there are left out."""
        by_tracker: dict[str, list[str]] = {}
        for item_id in ids:
            by_tracker.setdefault(item_id.tracker, []).append(item_id.native_id)
        found: dict[ItemId, History] = {}
        with self._lock:
            for tracker, native_ids in by_tracker.items():
                for begin in range(0, len(native_ids), _MOST_AHEAD):
                    some = native_ids[begin : begin + _MOST_AHEAD]
                    rows, seen = self._read(tracker, _SOME, _SEEN_OF_SOME, {"ids": some})
                    found.update(self._histories(tracker, rows, seen))
        return found

    def forget(self, ids: Iterable[ItemId] | None = None) -> None:
        """Read the histories of some items anew when they are asked for the next time; None: all."""
        with self._lock:
            self._known.forget()
            self._ahead = {}
            if ids is None:
                self._kept.clear()
            for item_id in ids or ():
                self._kept.pop(item_id, None)

    def _find(self, item_id: ItemId) -> History | None:
        with self._lock:
            if item_id not in self._kept:
                if item_id not in self._ahead:
                    self._read_from(item_id)
                row = self._ahead.pop(item_id, None)
                found = self._histories(item_id.tracker, [row], self._seen) if row is not None else {}
                self._asked_count += 1
                self._kept[item_id] = found.get(item_id)
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            return self._kept[item_id]

    def _read_from(self, item_id: ItemId) -> None:
        """Read the row of an item, and those that come next by key: the more, the more of the last ones were asked."""
        tracker, count = item_id.tracker, min(_MOST_AHEAD, _AHEAD * self._asked_count)
        self._asked_count = 0
        if count > 1:
            rows, self._seen = self._read(tracker, _NEXT, _SEEN_NEXT, {"id": item_id.native_id, "count": count})
            self._ahead = {ItemId(tracker, row.native_id): row for row in rows}
        if item_id not in self._ahead:
            rows, self._seen = self._read(tracker, _SOME, _SEEN_OF_SOME, {"ids": [item_id.native_id]})
            self._ahead = dict.fromkeys([item_id], rows[0]) if rows else {}

    def _read(
        self, tracker: str, of_rows: Select[Any], of_seen: Select[Any], given: Mapping[str, object]
    ) -> tuple[list[_Row], dict[str, list[Step]]]:
        """Return rows of items, and what polls saw of them."""
        given = {"w": self._workspace_id, "t": tracker, **given}
        seen: dict[str, list[Step]] = {}
        with self._database.read() as connection:
            rows = [_Row(*row) for row in driver_rows(connection, of_rows, given)]
            for native_id, *step in driver_rows(connection, of_seen, given):
                seen.setdefault(native_id, []).append(Step(*step))
        return rows, seen

    def _histories(
        self, tracker: str, rows: Sequence[_Row], seen: Mapping[str, Sequence[Step]]
    ) -> dict[ItemId, History]:
        """Return the histories of items from their rows, and from what polls saw."""
        steps = [(_told(row), seen.get(row.native_id, ())) for row in rows]
        ids = self._ids([step for both in steps for some in both for step in some])
        found = {}
        for row, both in zip(rows, steps, strict=True):
            item_id = ItemId(tracker, row.native_id)
            since = instant(row.first_seen_at if row.known_since is None else row.known_since)
            told, watched = ([self._known.event(item_id, step, ids) for step in some] for some in both)
            found[item_id] = History(known_since=since, events=merge(told, watched))
        return found

    def _ids(self, steps: Sequence[Step]) -> Mapping[str, str]:
        if not self._known.names_any(steps):
            return {}
        with self._database.read() as connection:
            return self._known.ids(connection, steps)


def _told(row: _Row) -> Sequence[Step]:
    return () if row.told is None or row.told == NOTHING else _steps(row.told)


_OF = (items.c.workspace_id == bindparam("w"), items.c.tracker == bindparam("t"), items.c.gone_at.is_(None))
_ROWS = (
    select(items.c.native_id, items.c.first_seen_at, histories.c.known_since, histories.c.body)
    .select_from(
        items.outerjoin(
            histories,
            and_(
                histories.c.workspace_id == items.c.workspace_id,
                histories.c.tracker == items.c.tracker,
                histories.c.native_id == items.c.native_id,
            ),
        )
    )
    .where(*_OF)
)
_SOME = _ROWS.where(items.c.native_id.in_(bindparam("ids", expanding=True)))
_other = items.alias()
_KEY = (
    select(_other.c.key)
    .where(
        _other.c.workspace_id == bindparam("w"),
        _other.c.tracker == bindparam("t"),
        _other.c.native_id == bindparam("id"),
    )
    .scalar_subquery()
)


def _next(rows: Select[Any]) -> Select[Any]:
    return rows.where(items.c.key >= _KEY).order_by(items.c.key).limit(bindparam("count"))


_NEXT = _next(_ROWS)
_SEEN = (
    select(events.c.native_id, events.c.at, events.c.field, events.c.before, events.c.after)
    .where(
        events.c.workspace_id == bindparam("w"),
        events.c.tracker == bindparam("t"),
        events.c.before != events.c.after,  # what came and went at one instant did not happen
    )
    .order_by(events.c.native_id, events.c.at)
)
_SEEN_OF_SOME = _SEEN.where(events.c.native_id.in_(bindparam("ids", expanding=True)))
_SEEN_NEXT = _SEEN.where(events.c.native_id.in_(_next(select(items.c.native_id).where(*_OF)).scalar_subquery()))


def _ids(workspace_id: str) -> Select[tuple[str, str]]:
    there = (items.c.workspace_id == workspace_id, items.c.gone_at.is_(None))
    return select(items.c.tracker, items.c.native_id).where(*there).order_by(items.c.tracker, items.c.key)


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
