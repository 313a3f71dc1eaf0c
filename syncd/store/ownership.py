"""What is ours on items, what was observed there, and what a write's result changes in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, or_, select

from syncd.model.changes import Action, Change, Fate, Observation, OwnedComment, OwnedLabel, Ownership, Result
from syncd.model.identity import ItemId
from syncd.model.items import Item
from syncd.store.codec import encode
from syncd.store.rows import all_of, bodies
from syncd.store.tables import items, observations, ownership
from syncd.store.times import micros
from syncd.store.upsert import Columns, Upsert, bulk_upsert

_ownership = msgspec.json.Decoder(Ownership).decode
_observation = msgspec.json.Decoder(Observation).decode


def _knows_our_last_write(there: Columns, coming: Columns) -> ColumnElement[bool]:
    """What was worked out before a write that was settled since must not forget that write."""
    return or_(there.written_at.is_(None), coming.written_at >= there.written_at)


def _not_older(there: Columns, coming: Columns) -> ColumnElement[bool]:
    return or_(coming.stamp >= there.stamp)


OWNERSHIP = Upsert(table=ownership, differs="body", guard=_knows_our_last_write)
OBSERVATIONS = Upsert(table=observations, differs="body", guard=_not_older)


def save_ownership(connection: Connection, workspace_id: str, owned: Iterable[Ownership]) -> None:
    """Store what is ours on items."""
    rows = [
        (workspace_id, each.item.tracker, each.item.native_id, micros(each.written_at), encode(each)) for each in owned
    ]
    bulk_upsert(connection, OWNERSHIP, rows)


def load_ownership(connection: Connection, workspace_id: str) -> dict[ItemId, Ownership]:
    """Return what is ours, by item."""
    found = [_ownership(body) for body in bodies(connection, ownership, workspace_id)]
    return {each.item: each for each in found}


def ownership_of(connection: Connection, workspace_id: str, item_id: ItemId) -> Ownership:
    """Return what is ours on one item."""
    found = bodies(connection, ownership, workspace_id, item_id.tracker, item_id.native_id)
    return _ownership(found[0]) if found else Ownership(item=item_id)


def save_observations(connection: Connection, workspace_id: str, seen: Iterable[Observation]) -> None:
    """Store what was seen of ours on items; the newest by its stamp stays."""
    rows = [(workspace_id, each.item.tracker, each.item.native_id, micros(each.stamp), encode(each)) for each in seen]
    bulk_upsert(connection, OBSERVATIONS, rows)


def load_observations(connection: Connection, workspace_id: str) -> dict[ItemId, Observation]:
    """Return the newest observation of every item that was looked at."""
    found = [_observation(body) for body in bodies(connection, observations, workspace_id)]
    return {each.item: each for each in found}


_LOOKED_AT_BEFORE = select(observations.c.native_id, observations.c.body).where(
    observations.c.workspace_id == bindparam("w"),
    observations.c.tracker == bindparam("t"),
    observations.c.native_id.in_(bindparam("ids", expanding=True)),
    observations.c.stamp < bindparam("at"),
)


def forget_absences(connection: Connection, workspace_id: str, seen: Sequence[Item], at: datetime) -> None:
    """Forget that items were not there when they were looked at: they have been seen since."""
    if not seen:
        return
    tracker = seen[0].id.tracker
    given = {"w": workspace_id, "t": tracker, "ids": [item.id.native_id for item in seen], "at": micros(at)}
    rows = connection.execute(_LOOKED_AT_BEFORE, given)
    back = [native_id for native_id, body in rows if _observation(body).gone]
    if back:
        mine = all_of(observations, workspace_id, tracker)
        connection.execute(delete(observations).where(*mine, observations.c.native_id.in_(back)))


def load_unobserved(connection: Connection, workspace_id: str, tracker: str) -> list[ItemId]:
    """Return the items that changed after our last write there, and were not looked at for what is ours since."""
    at = ("workspace_id", "tracker", "native_id")
    owned = and_(*(items.c[name] == ownership.c[name] for name in at))
    seen = and_(*(items.c[name] == observations.c[name] for name in at))
    rows = connection.execute(
        select(items.c.native_id)
        .select_from(items.join(ownership, owned).outerjoin(observations, seen))
        .where(*all_of(items, workspace_id, tracker), items.c.gone_at.is_(None))
        .where(items.c.updated_at > ownership.c.written_at)
        # A look in the same instant can have been just before the change.
        .where(or_(observations.c.stamp.is_(None), items.c.updated_at >= observations.c.stamp))
        .order_by(items.c.native_id)
    )
    return [ItemId(tracker, native_id) for (native_id,) in rows]


def owned_after(owned: Ownership, result: Result, now: datetime) -> Ownership:
    """Return what is ours once the result is known; ``now`` stands in where the tracker told no instant."""
    change = result.change
    if result.fate is Fate.STALE:
        return _edited(owned, change)
    if result.fate is not Fate.APPLIED:
        return owned
    stamp = result.stamp or now
    written_at = stamp if owned.written_at is None else max(owned.written_at, stamp)
    if change.action in (Action.ADD_LABEL, Action.REMOVE_LABEL):
        name = change.label.casefold()
        labels = [label for label in owned.labels if label.name.casefold() != name]
        if change.action is Action.ADD_LABEL:
            labels.append(OwnedLabel(change.label, stamp))
        return replace(owned, labels=tuple(sorted(labels, key=lambda each: each.name)), written_at=written_at)
    if change.action is Action.DELETE_COMMENT:
        is_it = owned.comment is not None and owned.comment.comment_id == change.comment_id
        return replace(owned, comment=None if is_it else owned.comment, written_at=written_at)
    return replace(owned, comment=_written(result, stamp), written_at=written_at)


def _written(result: Result, stamp: datetime) -> OwnedComment:
    change = result.change
    tree, mark = change.comment, change.mark
    return OwnedComment(
        comment_id=result.comment_id or change.comment_id,
        hash=tree.hash if tree is not None else mark.hash if mark is not None else "",
        body_hash=result.body_hash,
        written_at=stamp,
        rule_ids=change.rule_ids,
        resolved=tree is not None and tree.resolved,
        quoted=tree.quoted if tree is not None else (),
    )


def _edited(owned: Ownership, change: Change) -> Ownership:
    """Mark our comment as edited by a person: the next look at it decides what it says now."""
    if owned.comment is None or owned.comment.comment_id != change.comment_id:
        return owned
    return replace(owned, comment=replace(owned.comment, edited=True))
