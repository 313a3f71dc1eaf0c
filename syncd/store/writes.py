"""Writes on their way and what became of them: passes, intents, the ledger."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from syncd.model.changes import (
    Change,
    Fate,
    Intent,
    OwnedComment,
    OwnedLabel,
    Ownership,
    RecentWrite,
    Refusal,
    Result,
)
from syncd.model.identity import ItemId
from syncd.store.codec import encode
from syncd.store.findings import rule_versions
from syncd.store.ownership import owned_after, ownership_of, save_ownership
from syncd.store.rows import all_of, next_numbers
from syncd.store.tables import intents, items, ledger, passes
from syncd.store.times import instant, micros
from syncd.store.upsert import Upsert, bulk_upsert


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One write and what came of it; ``before`` and ``after`` are what was ours of what it touched.

    ``rule_versions`` are those known when it was sent, by rule id. ``stamp`` is the tracker's time, ``at`` ours.
    """

    intent_id: int
    pass_id: int
    batch_id: str
    at: datetime
    change: Change
    fate: Fate
    rule_versions: dict[str, str] = {}
    before: OwnedLabel | None = None
    after: OwnedLabel | None = None
    comment_before: OwnedComment | None = None
    comment_after: OwnedComment | None = None
    stamp: datetime | None = None
    detail: str = ""


INTENTS = Upsert(table=intents)
LEDGER = Upsert(table=ledger, kept=("tracker", "native_id", "at", "body"))  # what was written down stays
_change = msgspec.json.Decoder(Change).decode
_versions = msgspec.json.Decoder(dict[str, str]).decode
_entry = msgspec.json.Decoder(LedgerEntry).decode


def begin_pass(connection: Connection, workspace_id: str, kind: str, now: datetime) -> int:
    """Write down that a pass begins and return its number."""
    (number,) = next_numbers(connection, workspace_id, "pass")
    connection.execute(
        passes.insert().values(workspace_id=workspace_id, id=number, kind=kind, begun_at=micros(now), finished_at=None)
    )
    return number


def finish_pass(connection: Connection, workspace_id: str, pass_id: int, now: datetime) -> None:
    """Write down when a pass ended."""
    connection.execute(update(passes).where(*all_of(passes, workspace_id, pass_id)).values(finished_at=micros(now)))


def add_intents(
    connection: Connection, workspace_id: str, pass_id: int, batch_id: str, changes: Sequence[Change], now: datetime
) -> list[Intent]:
    """Write down the changes of a batch before it is sent."""
    versions = rule_versions(connection, workspace_id, {rule for change in changes for rule in change.rule_ids})
    numbers = next_numbers(connection, workspace_id, "intent", len(changes)) if changes else range(0)
    rows, added = [], []
    for number, change in zip(numbers, changes, strict=True):
        mine = {rule: versions[rule] for rule in change.rule_ids if rule in versions}
        added.append(Intent(id=number, change=change, batch_id=batch_id, created_at=now))
        rows.append(
            (
                *(workspace_id, number, change.target.tracker, pass_id, batch_id, micros(now)),
                *(0, None, encode(mine), encode(change)),
            )
        )
    bulk_upsert(connection, INTENTS, rows)
    return added


def open_intents(connection: Connection, workspace_id: str, tracker: str) -> list[Intent]:
    """Return a tracker's changes whose fate is not known, oldest first."""
    rows = connection.execute(
        select(intents).where(*all_of(intents, workspace_id), intents.c.tracker == tracker).order_by(intents.c.id)
    )
    return [
        Intent(
            id=row.id,
            change=_change(row.change),
            batch_id=row.batch_id,
            created_at=instant(row.created_at),
            readbacks=row.readback_count,
            unknown_at=instant(row.unknown_at),
        )
        for row in rows
    ]


def count_readback(connection: Connection, workspace_id: str, intent: Intent, now: datetime) -> None:
    """Count that a lost write was looked for and not found."""
    connection.execute(
        update(intents)
        .where(*all_of(intents, workspace_id, intent.id))
        .values(readback_count=intents.c.readback_count + 1, unknown_at=_since(now))
    )


def _since(now: datetime) -> ColumnElement[int]:
    """Return since when an intent's fate has been unknown: what is there, else now."""
    return func.coalesce(intents.c.unknown_at, micros(now))


def settle(connection: Connection, workspace_id: str, intent: Intent, result: Result, now: datetime) -> None:
    """Take in what became of a change: ownership, the ledger, and the intent, which an UNKNOWN one leaves open.

    Settling twice with the same result equals settling once.
    """
    target = intent.change.target
    before = ownership_of(connection, workspace_id, target)
    after = owned_after(before, result, now)
    if after != before:
        save_ownership(connection, workspace_id, [after])
    if result.fate is Fate.APPLIED:
        _stamp_item(connection, workspace_id, target, micros(result.stamp or now))
    _write_down(connection, workspace_id, intent, result, (before, after), now)
    mine = all_of(intents, workspace_id, intent.id)
    if result.fate is Fate.UNKNOWN:
        connection.execute(update(intents).where(*mine).values(unknown_at=_since(now)))
    else:
        connection.execute(delete(intents).where(*mine))


def _stamp_item(connection: Connection, workspace_id: str, item_id: ItemId, stamp: int) -> None:
    """From now on a page that was read before this write is old."""
    is_older = or_(items.c.written_at.is_(None), items.c.written_at < stamp)
    connection.execute(
        update(items)
        .where(*all_of(items, workspace_id, item_id.tracker, item_id.native_id), is_older)
        .values(written_at=stamp)
    )


def _write_down(
    connection: Connection,
    workspace_id: str,
    intent: Intent,
    result: Result,
    owned: tuple[Ownership, Ownership],
    now: datetime,
) -> None:
    row = connection.execute(
        select(intents.c.pass_id, intents.c.rule_versions).where(*all_of(intents, workspace_id, intent.id))
    ).first()
    change = intent.change
    before, after = owned
    entry = LedgerEntry(
        intent_id=intent.id,
        pass_id=row.pass_id if row is not None else 0,
        batch_id=intent.batch_id,
        at=now,
        change=change,
        fate=result.fate,
        rule_versions=_versions(row.rule_versions) if row is not None else {},
        before=_label(before, change),
        after=_label(after, change),
        comment_before=None if change.label else before.comment,
        comment_after=None if change.label else after.comment,
        stamp=result.stamp,
        detail=result.detail,
    )
    target = change.target
    key = (workspace_id, intent.id, result.fate.value)
    bulk_upsert(connection, LEDGER, [(*key, target.tracker, target.native_id, micros(now), encode(entry))])


def _label(owned: Ownership, change: Change) -> OwnedLabel | None:
    return next((label for label in owned.labels if label.name.casefold() == change.label.casefold()), None)


def load_ledger(
    connection: Connection, workspace_id: str, item_id: ItemId | None, limit: int
) -> tuple[LedgerEntry, ...]:
    """Return the newest writes, of one item or of all."""
    statement = select(ledger.c.body).where(*all_of(ledger, workspace_id))
    if item_id is not None:
        statement = statement.where(ledger.c.tracker == item_id.tracker, ledger.c.native_id == item_id.native_id)
    newest = statement.order_by(ledger.c.at.desc(), ledger.c.intent_id.desc(), ledger.c.fate).limit(limit)
    return tuple(_entry(body) for body in connection.scalars(newest))


def refusals(connection: Connection, workspace_id: str, since: datetime) -> tuple[Refusal, ...]:
    """Return what was refused since, or found no item, oldest first."""
    refused = (Fate.REFUSED.value, Fate.GONE.value)
    bodies = connection.scalars(
        select(ledger.c.body)
        .where(*all_of(ledger, workspace_id), ledger.c.at >= micros(since), ledger.c.fate.in_(refused))
        .order_by(ledger.c.at, ledger.c.intent_id)
    )
    return tuple(Refusal(change=each.change, at=each.at, reason=each.detail) for each in map(_entry, bodies))


def recent_writes(connection: Connection, workspace_id: str, since: datetime) -> tuple[RecentWrite, ...]:
    """Return what was written since, and what is on its way, once per rule, oldest first."""
    bodies = connection.scalars(
        select(ledger.c.body).where(
            *all_of(ledger, workspace_id), ledger.c.at >= micros(since), ledger.c.fate == Fate.APPLIED.value
        )
    )
    written = [(entry.change, entry.at) for entry in map(_entry, bodies)]
    rows = connection.execute(select(intents.c.change, intents.c.created_at).where(*all_of(intents, workspace_id)))
    written += [(_change(row.change), instant(row.created_at)) for row in rows]
    return tuple(
        RecentWrite(rule_id=rule_id, action=change.action, at=at, item=change.target)
        for change, at in sorted(written, key=lambda each: (each[1], each[0].target, each[0].action.value))
        for rule_id in change.rule_ids
    )
