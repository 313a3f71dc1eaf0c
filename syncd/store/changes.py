"""Which items changed since somebody looked: a log of ids, numbered, of which the last ones are kept."""

from collections.abc import Collection, Iterable

import msgspec
from sqlalchemy import Connection, delete, insert, select

from syncd.model.identity import ItemId
from syncd.model.items import Item
from syncd.store.items import decode
from syncd.store.rows import all_of, next_numbers
from syncd.store.tables import changes, items, sequences

KEPT = 20_000
"""Who has not looked for so many changes reads everything again."""
BASELINES = ItemId("", "baselines")
"""Stands in the log for baselines that were taken."""
_SEQUENCE = "changes"
_AT_ONCE = 5000


class Changes(msgspec.Struct, frozen=True):
    """The items that changed, went, came back, or of whose past something was told; None: too many to tell.

    ``number`` is where to look on from.
    """

    number: int
    ids: frozenset[ItemId] | None


def note(connection: Connection, workspace_id: str, ids: Iterable[ItemId]) -> None:
    """Write down that items changed."""
    noted = list(dict.fromkeys(ids))
    if not noted:
        return
    numbers = next_numbers(connection, workspace_id, _SEQUENCE, len(noted))
    rows = [
        {"workspace_id": workspace_id, "number": number, "tracker": item_id.tracker, "native_id": item_id.native_id}
        for number, item_id in zip(numbers, noted, strict=True)
        if number > numbers[-1] - KEPT
    ]
    connection.execute(insert(changes), rows)
    is_old = changes.c.number <= numbers[-1] - KEPT
    connection.execute(delete(changes).where(*all_of(changes, workspace_id), is_old))


def load_changes(connection: Connection, workspace_id: str, since: int) -> Changes:
    """Return what was written down after a number."""
    last = connection.scalar(select(sequences.c.last).where(*all_of(sequences, workspace_id, _SEQUENCE))) or 0
    rows = connection.execute(
        select(changes.c.tracker, changes.c.native_id).where(*all_of(changes, workspace_id), changes.c.number > since)
    ).all()
    is_whole = 0 <= last - since <= len(rows)
    return Changes(last, frozenset(ItemId(*row) for row in rows) if is_whole else None)


def load_items_of(connection: Connection, workspace_id: str, ids: Collection[ItemId]) -> dict[ItemId, Item]:
    """Return those of some items that are there."""
    by_tracker: dict[str, list[str]] = {}
    for item_id in ids:
        by_tracker.setdefault(item_id.tracker, []).append(item_id.native_id)
    found: dict[ItemId, Item] = {}
    for tracker, native_ids in by_tracker.items():
        for begin in range(0, len(native_ids), _AT_ONCE):
            is_asked = items.c.native_id.in_(native_ids[begin : begin + _AT_ONCE])
            where = (*all_of(items, workspace_id, tracker), is_asked, items.c.gone_at.is_(None))
            for body in connection.scalars(select(items.c.body).where(*where)):
                item = decode(body)
                found[item.id] = item
    return found
