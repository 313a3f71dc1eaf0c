"""Items: saving a page's worth with both guards, what changed by it, and reading all of them fast."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, update

from syncd.model.events import events_between, linked
from syncd.model.identity import ItemId
from syncd.model.items import Event, Item, LinkRef
from syncd.store.codec import digest, encode
from syncd.store.history import save_due, save_new, save_seen
from syncd.store.rows import all_of, bodies, driver_rows
from syncd.store.sharing import Sharing
from syncd.store.tables import aliases, items, links
from syncd.store.times import instant, micros
from syncd.store.upsert import Columns, Upsert, bulk_upsert

decode = msgspec.json.Decoder(Item).decode
"""Reads the body of a row."""


def _not_before_our_write(there: Columns, coming: Columns) -> ColumnElement[bool]:
    """What was observed before our last write, of a state older than it, would undo it."""
    return or_(
        there.written_at.is_(None), coming.updated_at >= there.written_at, coming.observed_at >= there.written_at
    )


ITEMS = Upsert(
    table=items,
    differs="hash",
    newer=("updated_at", "observed_at", "hash"),  # the hash decides between two sightings of one second
    kept=("written_at",),
    earliest=("first_seen_at",),
    guard=_not_before_our_write,
)
LINKS = Upsert(table=links, earliest=("first_seen_at",))
ALIASES = Upsert(table=aliases)


class Stored(NamedTuple):
    """The row of an item as it was before a page."""

    native_id: str
    key: str
    updated_at: int
    observed_at: int
    first_seen_at: int
    gone_at: int | None
    written_at: int | None
    hash: bytes
    body: bytes


class Sight(NamedTuple):
    """An item as a page shows it, encoded once."""

    item: Item
    updated_at: int
    observed_at: int
    hash: bytes
    body: bytes

    def supersedes(self, stored: Stored) -> bool:
        """Say what the upsert's guards say."""
        if stored.written_at is not None and max(self.updated_at, self.observed_at) < stored.written_at:
            return False
        mine = (self.updated_at, self.observed_at, self.hash)
        return mine > (stored.updated_at, stored.observed_at, stored.hash)


class _Writes:
    """What a page comes to, gathered so that each table is written once."""

    def __init__(self, workspace_id: str, tracker: str, seen_at: int) -> None:
        self.scope = (workspace_id, tracker)
        self.seen_at = seen_at
        self.new: list[Item] = []
        self.due: list[str] = []
        self.items: list[tuple[object, ...]] = []
        self.touched: list[dict[str, object]] = []
        self.links: list[tuple[object, ...]] = []
        self.events: list[Event] = []
        self.aliases: list[tuple[object, ...]] = []
        self.current_keys: list[str] = []
        self.changed: list[ItemId] = []

    def first(self, sight: Sight) -> None:
        """Take an item that was never seen."""
        self.new.append(sight.item)
        self._write(sight, sight.observed_at)
        self._link(sight)

    def again(self, sight: Sight, stored: Stored) -> None:
        """Take an item that is in the store."""
        is_newer = sight.observed_at > stored.observed_at
        if sight.hash == stored.hash:
            if stored.gone_at is not None and is_newer:
                self.changed.append(sight.item.id)
            self._touch(sight, stored, is_newer=is_newer)
            if not is_newer:
                self._link(sight)
        elif sight.supersedes(stored):
            self._write(sight, min(stored.first_seen_at, sight.observed_at))
            self._link(sight)
            seen = list(events_between(decode(stored.body), sight.item, instant(sight.observed_at)))
            self.events.extend(seen)
            # What came and went between two polls shows in nothing but the time; our own writes move it, too.
            is_ours = stored.written_at is not None and sight.updated_at <= stored.written_at
            if seen or (sight.updated_at > stored.updated_at and not is_ours):
                self.due.append(sight.item.id.native_id)
            if sight.item.key != stored.key:
                self.aliases.append((*self.scope, stored.key, stored.native_id, sight.observed_at))
                self.current_keys.append(sight.item.key)
        else:
            self._touch(sight, stored, is_newer=False)
            self._link(sight)
            if sight.item.key != stored.key:
                self.aliases.append((*self.scope, sight.item.key, stored.native_id, sight.observed_at))

    def _write(self, sight: Sight, first_seen_at: int) -> None:
        item = sight.item
        self.items.append(
            (
                *(*self.scope, item.id.native_id, item.key, item.place.key, sight.updated_at, sight.observed_at),
                *(first_seen_at, None, None, sight.hash, sight.body),
            )
        )
        self.changed.append(item.id)

    def _touch(self, sight: Sight, stored: Stored, *, is_newer: bool) -> None:
        """Note when the same was seen again: an observation between the two must not win later."""
        observed_at = sight.observed_at if is_newer else stored.observed_at
        first_seen_at = min(stored.first_seen_at, sight.observed_at)
        gone_at = None if is_newer else stored.gone_at
        if (observed_at, first_seen_at, gone_at) != (stored.observed_at, stored.first_seen_at, stored.gone_at):
            self.touched.append(
                {"id": stored.native_id, "observed": observed_at, "first_seen": first_seen_at, "gone": gone_at}
            )

    def _link(self, sight: Sight) -> None:
        if sight.item.parent is not None or sight.item.links:
            native_id = sight.item.id.native_id
            self.links.extend((*self.scope, native_id, *link, sight.observed_at) for link in linked(sight.item))

    def store(self, connection: Connection) -> None:
        """Write everything."""
        bulk_upsert(connection, ITEMS, self.items)
        bulk_upsert(connection, LINKS, self.links)
        save_new(connection, self.scope, self.new, self.seen_at)
        save_seen(connection, self.scope, self.events)
        save_due(connection, self.scope, self.due, self.seen_at)
        bulk_upsert(connection, ALIASES, self.aliases)
        workspace_id, tracker = self.scope
        if self.touched:
            connection.execute(_TOUCH, [{"w": workspace_id, "t": tracker, **touched} for touched in self.touched])
        if self.current_keys:
            connection.execute(
                aliases.delete().where(*all_of(aliases, workspace_id, tracker), aliases.c.key.in_(self.current_keys))
            )


_TOUCH = (
    update(items)
    .where(
        items.c.workspace_id == bindparam("w"), items.c.tracker == bindparam("t"), items.c.native_id == bindparam("id")
    )
    .values(observed_at=bindparam("observed"), first_seen_at=bindparam("first_seen"), gone_at=bindparam("gone"))
)


def save_items(
    connection: Connection, workspace_id: str, tracker: str, page: Iterable[Item], observed_at: datetime
) -> tuple[ItemId, ...]:
    """Save what a page shows and return the ids of what is new, differs, or is back; order and repetition of pages
    never change what is stored."""
    seen_at = micros(observed_at)
    sights: dict[str, Sight] = {}
    items_of_page = list(page)
    stored = _stored(connection, workspace_id, tracker, list({item.id.native_id for item in items_of_page}))
    for item in _as_said_before(items_of_page, stored):
        body = encode(item)
        sight = Sight(item, micros(item.updated_at), seen_at, digest(body), body)
        other = sights.get(item.id.native_id)
        if other is None or (sight.updated_at, sight.hash) > (other.updated_at, other.hash):
            sights[item.id.native_id] = sight
    writes = _Writes(workspace_id, tracker, seen_at)
    for native_id, sight in sights.items():
        row = stored.get(native_id)
        if row is None:
            writes.first(sight)
        else:
            writes.again(sight, row)
    writes.store(connection)
    return tuple(writes.changed)


def _as_said_before(page: Iterable[Item], stored: Mapping[str, Stored]) -> Iterator[Item]:
    """Yield items with what was said before of what nobody could say, or asked for, now, and with when somebody else
    was last active on those that we wrote on since."""
    for item in page:
        row = stored.get(item.id.native_id)
        is_ours = row is not None and row.written_at is not None and micros(item.updated_at) <= row.written_at
        if item.states_outcome is not None and item.has_all_links and not is_ours:
            yield item
            continue
        before = None if row is None else decode(row.body)
        if item.states_outcome is None and before is not None:
            item = replace(item, states_outcome=before.states_outcome)
        if not item.has_all_links:
            kept = (link for link in before.links if _is_told_apart(link)) if before is not None else ()
            item = replace(item, links=(*item.links, *kept), has_all_links=True)
        if is_ours and before is not None and item.activity_at is None:
            item = replace(item, activity_at=_activity(item, before))
        yield item


def _activity(item: Item, before: Item) -> datetime | None:
    """Return when somebody else was last active on an item that we wrote on last."""
    if before.activity_at is None and before.updated_at < item.updated_at:
        return before.updated_at
    return before.activity_at


def _is_told_apart(link: LinkRef) -> bool:
    """Return whether a link is of those that a row does not show: they name an address, and nothing else."""
    return bool(link.target.url) and not (link.target.native_id or link.target.key)


_STORED = select(*(items.c[name] for name in Stored._fields)).where(
    and_(
        items.c.workspace_id == bindparam("w"),
        items.c.tracker == bindparam("t"),
        items.c.native_id.in_(bindparam("ids", expanding=True)),
    )
)


def _stored(connection: Connection, workspace_id: str, tracker: str, native_ids: Sequence[str]) -> dict[str, Stored]:
    if not native_ids:
        return {}
    rows = connection.execute(_STORED, {"w": workspace_id, "t": tracker, "ids": native_ids})
    return {row[0]: Stored(*row) for row in rows}


def observed_at_of(
    connection: Connection, workspace_id: str, tracker: str, native_ids: Sequence[str]
) -> dict[str, int]:
    """Return when each of the items was last seen, in microseconds."""
    return {
        native_id: row.observed_at for native_id, row in _stored(connection, workspace_id, tracker, native_ids).items()
    }


def load_items(connection: Connection, workspace_id: str, *, gone: bool = False) -> dict[ItemId, Item]:
    """Return every item that is there, or every one that is gone."""
    is_gone = items.c.gone_at.is_not(None) if gone else items.c.gone_at.is_(None)
    statement = select(items.c.body).where(items.c.workspace_id == workspace_id, is_gone)
    found: dict[ItemId, Item] = {}
    sharing = Sharing()
    for (body,) in driver_rows(connection, statement):
        item = sharing.shared(decode(body))
        found[item.id] = item
    return found


def load_gone_at(connection: Connection, workspace_id: str) -> dict[ItemId, datetime]:
    """Return when each item that is gone was found to be."""
    is_gone = items.c.gone_at.is_not(None)
    statement = select(items.c.tracker, items.c.native_id, items.c.gone_at).where(*all_of(items, workspace_id), is_gone)
    rows = connection.execute(statement)
    return {ItemId(tracker, native_id): instant(gone_at) for tracker, native_id, gone_at in rows}


def load_item(connection: Connection, workspace_id: str, item_id: ItemId) -> Item | None:
    """Return an item that is there, None where it is gone or was never read."""
    found = bodies(connection, items, workspace_id, item_id.tracker, item_id.native_id, where=items.c.gone_at.is_(None))
    return decode(found[0]) if found else None


def load_aliases(connection: Connection, workspace_id: str) -> dict[tuple[str, str], ItemId]:
    """Return what items were called before, by tracker and old key."""
    rows = connection.execute(
        select(aliases.c.tracker, aliases.c.key, aliases.c.native_id).where(*all_of(aliases, workspace_id))
    )
    return {(tracker, key): ItemId(tracker, native_id) for tracker, key, native_id in rows}
