"""What `syncd baseline diff` found, as data: the same facts that rules judge."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from rules.facts.fact import FactContext, FactValue
from rules.facts.scope.facts import SCOPE_FACTS
from rules.facts.scope.records import AddedRecord, ReEstimatedRecord, RemovedRecord, RewrittenRecord
from rules.facts.table import FactTable
from rules.facts.work import WorkRecord
from rules.scope.holding import baseline_of
from syncd.cli.text import line_text
from syncd.model.findings import Subject
from syncd.model.truth import Unknown
from syncd.planner.topics import name_of

Record = TypeVar("Record", bound=WorkRecord)


class AddedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was added, and what shows why; ``added_at`` is null where nobody tells."""

    key: str
    title: str
    cause: str
    evidence: str
    added_at: datetime | None
    added_by: str
    moved_from: str


class RemovedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was agreed and is not there any more."""

    key: str
    title: str
    why: str
    removed_at: datetime | None
    removed_by: str


class ChangedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item with another estimate, or of whose text a ``share`` was rewritten."""

    key: str
    title: str
    before: float | None = None
    after: float | None = None
    share: float | None = None


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """A subject beside its newest baseline. ``unknown``: by fact, why it is not known, or not whole."""

    subject: str
    name: str
    baseline_at: datetime
    confidence: str
    by: str
    reason: str
    baseline_count: int
    item_count: int | None
    growth: float | None
    estimate_growth: float | None
    causes: tuple[str, ...]
    added: tuple[AddedItem, ...]
    removed: tuple[RemovedItem, ...]
    re_estimated: tuple[ChangedItem, ...]
    rewritten: tuple[ChangedItem, ...]
    unknown: dict[str, str]


def diff_of(context: FactContext, subject: Subject) -> Diff | None:
    """Return what became of a subject; None where nothing was agreed of it."""
    baseline = baseline_of(context.world, subject, context.now)
    if baseline is None:
        return None
    vocabulary = {fact.name: fact for fact in SCOPE_FACTS}
    table = FactTable(vocabulary, world=context.world, subjects=(subject,), now=context.now, calendar=context.calendar)
    asked = ("item_count", "growth", "estimate_growth", "causes", "added", "removed", "re_estimated", "rewritten")
    told = {name: table.column(f"scope.{name}")[0] for name in asked}
    return Diff(
        subject=str(subject),
        name=line_text(name_of(subject, context.world)),
        baseline_at=baseline.at,
        confidence=baseline.confidence.value,
        by=baseline.by,
        reason=baseline.reason,
        baseline_count=len(baseline.counted),
        item_count=_number(told["item_count"], int),
        growth=_number(told["growth"], float),
        estimate_growth=_number(told["estimate_growth"], float),
        causes=tuple(each for each in _members(told["causes"]) if isinstance(each, str)),
        added=tuple(_added(each) for each in _of(told["added"], AddedRecord)),
        removed=tuple(_removed(each) for each in _of(told["removed"], RemovedRecord)),
        re_estimated=tuple(
            ChangedItem(key=each.key, title=_known(each.title) or "", before=each.before, after=each.after)
            for each in _of(told["re_estimated"], ReEstimatedRecord)
        ),
        rewritten=tuple(
            ChangedItem(key=each.key, title=_known(each.title) or "", share=each.share)
            for each in _of(told["rewritten"], RewrittenRecord)
        ),
        unknown={name: why.reason for name, value in told.items() if (why := _why_unknown(value)) is not None},
    )


def _added(record: AddedRecord) -> AddedItem:
    return AddedItem(
        key=record.key,
        title=_known(record.title) or "",
        cause=record.cause,
        evidence=record.evidence,
        added_at=_known(record.added_at),
        added_by=record.added_by,
        moved_from=record.moved_from,
    )


def _removed(record: RemovedRecord) -> RemovedItem:
    return RemovedItem(
        key=record.key,
        title=_known(record.title) or "",
        why=record.why,
        removed_at=_known(record.removed_at),
        removed_by=record.removed_by,
    )


Value = TypeVar("Value")
Number = TypeVar("Number", int, float)


def _known(value: Value | Unknown) -> Value | None:
    return None if isinstance(value, Unknown) else value


def _number(value: FactValue, of: type[Number]) -> Number | None:
    return of(value) if isinstance(value, int | float) else None


def _members(value: FactValue) -> Sequence[object]:
    return value if isinstance(value, tuple) else ()


def _of(value: FactValue, record: type[Record]) -> list[Record]:
    return [each for each in _members(value) if isinstance(each, record)]


def _why_unknown(value: FactValue) -> Unknown | None:
    if isinstance(value, Unknown):
        return value
    return next((each for each in _members(value) if isinstance(each, Unknown)), None)
