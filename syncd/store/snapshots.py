"""Daily snapshots: one a day, kept; what unlinked work is compared with is kept with the newest alone."""

from datetime import date

import msgspec
from sqlalchemy import Connection, null, select, update

from syncd.model.snapshots import Snapshot, SuggestionIndex
from syncd.store.codec import encode
from syncd.store.rows import all_of
from syncd.store.tables import snapshots
from syncd.store.upsert import Upsert, bulk_upsert

SNAPSHOTS = Upsert(table=snapshots, kept=("body", "similar"))
_snapshot = msgspec.json.Decoder(Snapshot).decode
_index = msgspec.json.Decoder(SuggestionIndex).decode


def save_snapshot(connection: Connection, workspace_id: str, snapshot: Snapshot) -> None:
    """Store a day's snapshot; a day that has one keeps it."""
    day = snapshot.day.isoformat()
    body = encode(msgspec.structs.replace(snapshot, index=None))
    index = encode(snapshot.index) if snapshot.index is not None else None
    bulk_upsert(connection, SNAPSHOTS, [(workspace_id, day, body, index)])
    older = update(snapshots).where(*all_of(snapshots, workspace_id), snapshots.c.day < day)
    connection.execute(older.where(snapshots.c.similar.is_not(None)).values(similar=null()))


def load_newest(connection: Connection, workspace_id: str) -> Snapshot | None:
    """Return the newest snapshot, whole."""
    statement = select(snapshots).where(*all_of(snapshots, workspace_id)).order_by(snapshots.c.day.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    index = _index(row.similar) if row.similar is not None else None
    return msgspec.structs.replace(_snapshot(row.body), index=index)


def load_since(connection: Connection, workspace_id: str, since: date) -> tuple[Snapshot, ...]:
    """Return the snapshots of a day and after, oldest first, without their index."""
    statement = select(snapshots.c.body).where(*all_of(snapshots, workspace_id), snapshots.c.day >= since.isoformat())
    return tuple(map(_snapshot, connection.scalars(statement.order_by(snapshots.c.day))))
