"""Records of items that block others, with when they can be expected and by how much that is too late."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import msgspec

from rules.facts.expected import Expected, ExpectedSource, expectations_of
from rules.facts.fact import FactContext
from rules.facts.history import past_of
from rules.facts.work import UNREAD, WorkRecord, records_of
from syncd.model.truth import Unknown

LateBecause = Literal["field", "due_date", "sprint", "milestone", "version", "forecast", "overdue"]


class Late(msgspec.Struct, frozen=True):
    """By how many working days something comes too late, and what says so."""

    by: int | Unknown
    because: LateBecause


Lateness = Late | Unknown | None


class BlockerRecord(WorkRecord, frozen=True, kw_only=True, cache_hash=True):
    """An item that others wait for."""

    expected_at: date | Unknown | None = UNREAD
    expected_source: ExpectedSource | Unknown | None = UNREAD
    late_by: int | Unknown | None = UNREAD
    """Working days: from the day on which it is needed here to the one on which it can be expected, or to today."""
    late_because: LateBecause | Unknown | None = UNREAD
    """What says when it can be expected; overdue: that day is over, and it is open."""
    date_moved_count: int | Unknown = UNREAD
    """How often its due date was put later."""
    idle_for: timedelta | Unknown = UNREAD
    """How long ago somebody other than syncd last did something on it."""


class BlockerRecords:
    """Records of blockers at a moment; each is made once for each way in which it is late."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._records = records_of(context)
        self._expectations = expectations_of(context)
        self._past = past_of(context.world)
        self._plain: dict[int, dict[str, object]] = {}
        self._made: dict[tuple[int, Lateness], BlockerRecord] = {}

    def at(self, position: int, late: Lateness = None) -> BlockerRecord:
        """Return the record of an item that can be read, late as it is said."""
        found = self._made.get((position, late))
        if found is None:
            late_by, because = (late.by, late.because) if isinstance(late, Late) else (late, late)
            fields = {**self._fields(position), "late_by": late_by, "late_because": because}
            found = self._made[position, late] = BlockerRecord(**fields)  # type: ignore[arg-type]
        return found

    def _fields(self, position: int) -> dict[str, object]:
        found = self._plain.get(position)
        if found is None:
            item, expected = self._context.world.rows[position], self._expectations.of(position)
            found = self._plain[position] = {
                **msgspec.structs.asdict(self._records.at(position)),
                "expected_at": expected.on if isinstance(expected, Expected) else expected,
                "expected_source": expected.source if isinstance(expected, Expected) else expected,
                "date_moved_count": self._moved(position),
                "idle_for": self._context.now - (item.activity_at or item.updated_at),
            }
        return found

    def _moved(self, position: int) -> int | Unknown:
        days, missing = self._past.due_dates(position)
        return missing or sum(later > earlier for earlier, later in pairwise(days))


def blocker_records_of(context: FactContext) -> BlockerRecords:
    """Return the records of blockers in a context's World at its moment."""
    key = ("blocker records", context.now, context.calendar)
    return context.world.once(key, lambda: BlockerRecords(context))


def unread_blocker(record: WorkRecord) -> BlockerRecord:
    """Return the record of a blocker that can't be read: when it can be expected is not known."""
    return BlockerRecord(**msgspec.structs.asdict(record))
