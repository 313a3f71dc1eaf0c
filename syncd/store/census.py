"""Counting what exists: what two whole counts in a row miss is a candidate for being gone, to be confirmed by id."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, exists, select, update

from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import PlaceState
from syncd.model.reading import CensusPage
from syncd.store.reading import load_places, save_places
from syncd.store.rows import all_of, next_numbers
from syncd.store.tables import census_handles, census_misses, census_places, censuses, items, problems
from syncd.store.times import micros
from syncd.store.upsert import Upsert, bulk_upsert

HANDLES = Upsert(table=census_handles)
MISSES = Upsert(table=census_misses, kept=("census_id",))
COUNTED = Upsert(table=census_places)


def begin_census(connection: Connection, workspace_id: str, tracker: str, now: datetime) -> int:
    """Begin a count of a tracker and forget one that was never finished: it means nothing."""
    unfinished = connection.scalars(
        select(censuses.c.id).where(
            *all_of(censuses, workspace_id), censuses.c.tracker == tracker, censuses.c.finished_at.is_(None)
        )
    ).all()
    for census_id in unfinished:
        _forget(connection, workspace_id, census_id)
    (number,) = next_numbers(connection, workspace_id, "census")
    connection.execute(
        censuses.insert().values(
            workspace_id=workspace_id, id=number, tracker=tracker, begun_at=micros(now), finished_at=None, resume=""
        )
    )
    return number


def _forget(connection: Connection, workspace_id: str, census_id: int) -> None:
    for table in (census_handles, census_places, censuses):
        connection.execute(delete(table).where(*all_of(table, workspace_id, census_id)))


def record_census(connection: Connection, workspace_id: str, census_id: int, page: CensusPage) -> None:
    """Note what a page of a count says exists; a count that another one replaced takes nothing more."""
    begun = connection.execute(
        update(censuses).where(*all_of(censuses, workspace_id, census_id)).values(resume=page.resume)
    )
    if begun.rowcount == 0:
        return
    bulk_upsert(connection, HANDLES, [(workspace_id, census_id, handle.id.native_id) for handle in page.handles])
    counted = connection.execute(
        select(census_places).where(*all_of(census_places, workspace_id, census_id, page.place.key))
    ).first()
    before = (counted.handle_count, counted.complete, counted.error) if counted else (0, False, "")
    row = (before[0] + len(page.handles), before[1] or page.complete, page.error or before[2])
    bulk_upsert(connection, COUNTED, [(workspace_id, census_id, page.place.key, *row)])


def finish_census(connection: Connection, workspace_id: str, census_id: int, now: datetime) -> list[Handle]:
    """End a count and return what to look up by id: missed twice in a row, or counted though we hold it to be gone.

    A place that is empty, was not counted to its end, or failed says nothing of what we know of it.
    """
    census = connection.execute(select(censuses).where(*all_of(censuses, workspace_id, census_id))).first()
    if census is None or census.finished_at is not None:
        return []
    tracker = census.tracker
    whole = _whole_places(connection, workspace_id, census_id)
    alive = items.c.gone_at.is_(None)
    missing = _handles(
        connection,
        workspace_id,
        tracker,
        alive,
        items.c.place.in_([place for place, count in whole.items() if count]),
        items.c.first_seen_at < census.begun_at,
        ~_is_counted(census_id),
    )
    missed = set(
        connection.scalars(select(census_misses.c.native_id).where(*all_of(census_misses, workspace_id, tracker)))
    )
    back = _handles(connection, workspace_id, tracker, items.c.gone_at.is_not(None), _is_counted(census_id))
    _keep_misses(connection, workspace_id, tracker, census_id, missing)
    _date_places(connection, workspace_id, tracker, whole, now)
    _forget(connection, workspace_id, census_id)
    return sorted([handle for handle in missing if handle.id.native_id in missed] + back)


def _whole_places(connection: Connection, workspace_id: str, census_id: int) -> dict[str, int]:
    rows = connection.execute(
        select(census_places.c.place, census_places.c.handle_count).where(
            *all_of(census_places, workspace_id, census_id), census_places.c.complete, census_places.c.error == ""
        )
    )
    return {row.place: row.handle_count for row in rows}


def _is_counted(census_id: int) -> ColumnElement[bool]:
    return exists().where(
        census_handles.c.workspace_id == items.c.workspace_id,
        census_handles.c.census_id == census_id,
        census_handles.c.native_id == items.c.native_id,
    )


def _handles(connection: Connection, workspace_id: str, tracker: str, *conditions: ColumnElement[bool]) -> list[Handle]:
    rows = connection.execute(
        select(items.c.native_id, items.c.key).where(*all_of(items, workspace_id, tracker), *conditions)
    )
    return [Handle(ItemId(tracker, native_id), key) for native_id, key in rows]


def _keep_misses(
    connection: Connection, workspace_id: str, tracker: str, census_id: int, missing: list[Handle]
) -> None:
    """Remember what was missed; what was counted is no longer missed, whatever became of its place."""
    counted = select(census_handles.c.native_id).where(*all_of(census_handles, workspace_id, census_id))
    connection.execute(
        delete(census_misses).where(
            *all_of(census_misses, workspace_id, tracker), census_misses.c.native_id.in_(counted)
        )
    )
    bulk_upsert(connection, MISSES, [(workspace_id, tracker, handle.id.native_id, census_id) for handle in missing])


def _date_places(connection: Connection, workspace_id: str, tracker: str, whole: dict[str, int], now: datetime) -> None:
    """Note when places were last counted whole; an empty count of a place whose items we know is not believed."""
    known = set(
        connection.scalars(
            select(items.c.place).where(*all_of(items, workspace_id, tracker), items.c.gone_at.is_(None)).distinct()
        )
    )
    states = load_places(connection, workspace_id)
    counted = [PlaceId(tracker, place) for place, count in sorted(whole.items()) if count or place not in known]
    save_places(
        connection,
        workspace_id,
        [msgspec.structs.replace(states.get(p, PlaceState(id=p)), census_at=now) for p in counted],
    )


def mark_gone(connection: Connection, workspace_id: str, ids: Iterable[ItemId], now: datetime) -> None:
    """Mark items gone whose absence was confirmed; they stay, with the instant."""
    for item_id in ids:
        key = (workspace_id, item_id.tracker, item_id.native_id)
        connection.execute(
            update(items).where(*all_of(items, *key), items.c.gone_at.is_(None)).values(gone_at=micros(now))
        )
        for table in (census_misses, problems):
            connection.execute(delete(table).where(*all_of(table, *key)))
