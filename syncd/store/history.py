"""What happened to items: saving what polls saw and what trackers tell, and what is still to be asked for."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, func, select, true, update

from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import BEGINNING, SET_FIELDS, Event, Item
from syncd.model.reading import HistoryPage
from syncd.store.codec import encode
from syncd.store.known import Step
from syncd.store.rows import all_of, driver_rows
from syncd.store.tables import events, histories, history_due, items, links
from syncd.store.times import instant, micros
from syncd.store.upsert import Upsert, bulk_upsert

EVENTS = Upsert(table=events, kept=("before",))
HISTORIES = Upsert(table=histories, newer=("read_at",))
DUE = Upsert(table=history_due, newer=("seen_at",))

RETRY_AFTER = timedelta(days=1)
"""So long nobody asks again for a history that could not be told, unless its item changes."""
NOTHING = b"[]"
"""The body of a history without events."""
_NEVER_ASKED = 0

Scope = tuple[str, str]
"""A workspace and a tracker."""


def save_seen(connection: Connection, scope: Scope, seen: Iterable[Event]) -> None:
    """Save what a poll saw."""
    rows = [(*scope, e.item.native_id, micros(e.at), e.field, member(e), e.before, e.after) for e in seen]
    bulk_upsert(connection, EVENTS, rows)


def save_due(connection: Connection, scope: Scope, native_ids: Iterable[str], observed_at: int) -> None:
    """Note that the trackers' histories of items are out of date."""
    bulk_upsert(connection, DUE, [(*scope, native_id, observed_at, 0, "") for native_id in native_ids])


def save_new(connection: Connection, scope: Scope, new: Iterable[Item], observed_at: int) -> None:
    """Note that the histories of new items are due; one that never changed since it was created has none to ask for."""
    untouched, due = [], []
    for item in new:
        if item.updated_at <= item.created_at:
            untouched.append((*scope, item.id.native_id, micros(BEGINNING), _NEVER_ASKED, NOTHING))
        else:
            due.append(item.id.native_id)
    bulk_upsert(connection, HISTORIES, untouched)
    save_due(connection, scope, due, observed_at)


def save_histories(connection: Connection, workspace_id: str, tracker: str, page: HistoryPage) -> None:
    """Save what a tracker told; twice the same, or an older answer, changes nothing."""
    scope, read_at = (workspace_id, tracker), micros(page.observed_at)
    bulk_upsert(
        connection,
        HISTORIES,
        [
            (*scope, item_id.native_id, micros(history.known_since), read_at, _encoded(history.events))
            for item_id, history in page.histories.items()
        ],
    )
    key = {"w": workspace_id, "t": tracker}
    if page.histories:
        told = [{**key, "id": item_id.native_id, "read_at": read_at} for item_id in page.histories]
        connection.execute(_TOLD, told)
    if page.failures:
        later = micros(page.observed_at + RETRY_AFTER)
        untold = [{**key, "id": each.native_id, "later": later, "why": why} for each, why in page.failures.items()]
        connection.execute(_UNTOLD, untold)


_OF_ITEM = (
    history_due.c.workspace_id == bindparam("w"),
    history_due.c.tracker == bindparam("t"),
    history_due.c.native_id == bindparam("id"),
)
_TOLD = delete(history_due).where(*_OF_ITEM, history_due.c.seen_at <= bindparam("read_at"))
_UNTOLD = update(history_due).where(*_OF_ITEM).values(not_before=bindparam("later"), error=bindparam("why"))
_IS_DUE = and_(
    items.c.workspace_id == history_due.c.workspace_id,
    items.c.tracker == history_due.c.tracker,
    items.c.native_id == history_due.c.native_id,
    items.c.gone_at.is_(None),
)


Places = Collection[PlaceId] | None
"""Whose items are meant; None: all, those of places that nobody configures any more too."""


def _in(places: Places) -> ColumnElement[bool]:
    return true() if places is None else items.c.place.in_(sorted(place.key for place in places))


def load_backlog(
    connection: Connection, workspace_id: str, tracker: str, now: datetime, limit: int, places: Places = None
) -> list[Handle]:
    """Return items whose histories are to be asked for, those that changed last first."""
    if not connection.scalar(select(exists().where(*all_of(history_due, workspace_id, tracker)))):
        return []  # most of the time, and quicker than a look at all items
    rows = connection.execute(
        select(items.c.native_id, items.c.key)
        .join(history_due, _IS_DUE)
        .where(*all_of(history_due, workspace_id, tracker), history_due.c.not_before <= micros(now), _in(places))
        .order_by(items.c.updated_at.desc(), items.c.native_id)
        .limit(limit)
    )
    return [Handle(ItemId(tracker, native_id), key) for native_id, key in rows]


def load_progress(connection: Connection, workspace_id: str, tracker: str, places: Places = None) -> tuple[int, int]:
    """Return of how many items the history is known up to their last change, and how many there are."""
    total = select(func.count()).where(*all_of(items, workspace_id, tracker), items.c.gone_at.is_(None), _in(places))
    due = (
        select(func.count())
        .select_from(items.join(history_due, _IS_DUE))
        .where(*all_of(history_due, workspace_id, tracker), _in(places))
    )
    count = connection.scalar(total) or 0
    return count - (connection.scalar(due) or 0), count


def load_untold(
    connection: Connection, workspace_id: str, tracker: str, places: Places = None
) -> list[tuple[Handle, str]]:
    """Return the items whose history could not be told, and why."""
    rows = connection.execute(
        select(items.c.native_id, items.c.key, history_due.c.error)
        .join(history_due, _IS_DUE)
        .where(*all_of(history_due, workspace_id, tracker), history_due.c.error != "", _in(places))
        .order_by(items.c.key, items.c.native_id)
    )
    return [(Handle(ItemId(tracker, native_id), key), error) for native_id, key, error in rows]


def load_pace(connection: Connection, workspace_id: str, tracker: str, since: datetime) -> tuple[int, timedelta]:
    """Return of how many items the tracker told the history since then, and how long it took."""
    told = connection.execute(
        select(func.count(), func.min(histories.c.read_at), func.max(histories.c.read_at)).where(
            *all_of(histories, workspace_id, tracker), histories.c.read_at >= micros(since)
        )
    ).one()
    return told[0], timedelta(microseconds=(told[2] or 0) - (told[1] or 0))


def load_events(connection: Connection, workspace_id: str, item_id: ItemId) -> tuple[Event, ...]:
    """Return what successive polls saw change on an item, oldest first."""
    rows = connection.execute(
        select(events.c.at, events.c.field, events.c.before, events.c.after)
        .where(*all_of(events, workspace_id, item_id.tracker, item_id.native_id))
        .order_by(events.c.at, events.c.field, events.c.member)
    )
    return tuple(_seen(item_id, *row) for row in rows if row.before != row.after)


def load_sights(
    connection: Connection, workspace_id: str, item_id: ItemId
) -> tuple[datetime | None, dict[tuple[str, str, str], datetime]]:
    """Return when an item was first seen, and each of its links, by name, direction and target."""
    key = (workspace_id, item_id.tracker, item_id.native_id)
    first_seen_at = connection.scalar(select(items.c.first_seen_at).where(*all_of(items, *key)))
    rows = connection.execute(select(links).where(*all_of(links, *key)))
    return instant(first_seen_at), {(r.name, r.direction, r.target): instant(r.first_seen_at) for r in rows}


def load_link_sightings(
    connection: Connection, workspace_id: str
) -> dict[ItemId, dict[tuple[str, str, str], datetime]]:
    """Return when each link of each item was seen first."""
    found: dict[ItemId, dict[tuple[str, str, str], datetime]] = {}
    columns = (
        links.c.tracker,
        links.c.native_id,
        links.c.name,
        links.c.direction,
        links.c.target,
        links.c.first_seen_at,
    )
    statement = select(*columns).where(*all_of(links, workspace_id))
    for tracker, native_id, name, direction, target, at in driver_rows(connection, statement):
        found.setdefault(ItemId(tracker, native_id), {})[name, direction, target] = instant(at)
    return found


def _seen(item_id: ItemId, at: int, field: str, before: str, after: str) -> Event:
    return Event(item=item_id, at=instant(at), field=field, before=before, after=after)


def member(event: Event) -> str:
    """Return what tells an event from others of its field at the same instant."""
    return event.before or event.after if event.field in SET_FIELDS else ""


def _encoded(told: Iterable[Event]) -> bytes:
    return encode([Step(micros(e.at), e.field, e.before, e.after, e.actor) for e in told])
