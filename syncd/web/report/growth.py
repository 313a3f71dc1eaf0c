"""What was agreed for an outcome, what came and went since, and why."""

from collections import Counter
from datetime import date, datetime

import msgspec

from syncd.web.report.given import Facts, number_of, records_in
from syncd.web.report.naming import Naming, words
from syncd.web.report.nouns import Amount, Count, ItemName, Items

SHOWN = 20


class Addition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item that was added after what was agreed: when, why it counts as that, and what tells it."""

    item: ItemName
    cause: str = ""
    added_on: date | None = None
    told_by: str = ""


class Growth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of an outcome's work was agreed and what came later. ``agreed_count`` None: nothing was agreed yet.

    ``state``, ``confidence`` and ``reason`` are words. ``share``: what was added, and the ``larger_count`` that were
    estimated larger, beside what was agreed: 0.25 is a quarter more.
    ``unknown``: why the additions may not be all.
    """

    state: str = ""
    confidence: str = ""
    reason: str = ""
    agreed_count: int | None = None
    agreed_on: date | None = None
    share: Amount = None
    larger_count: int = 0
    added: tuple[Addition, ...] = ()
    added_count: int = 0
    causes: tuple[Count, ...] = ()
    removed: Items = Items()
    moved_in: Items = Items()
    rewritten: Items = Items()
    unknown: str = ""

    @property
    def more(self) -> int:
        """Return how many additions are not listed."""
        return self.added_count - len(self.added)


def growth_of(facts: Facts, naming: Naming, number: int) -> Growth:
    """Return what was agreed for an outcome, and what came and went since."""
    agreed = facts.agreed(number)
    records, unknown = records_in(facts.outcome("scope.added", number))
    additions = sorted(
        (addition_of(facts, naming, record) for record in records),
        key=lambda each: (each.added_on or date.min, each.item.key),
        reverse=True,
    )
    causes = Counter(each.cause or "not known" for each in additions)
    return Growth(
        state=_word(facts, number, "scope.state"),
        confidence=agreed.confidence.value if agreed else "",
        reason=agreed.reason if agreed else "",
        agreed_count=len(agreed.counted) if agreed else None,
        agreed_on=facts.day(agreed.at) if agreed else None,
        share=number_of(facts.outcome("scope.growth", number)) if facts.has("scope.growth") else None,
        larger_count=_larger_count(facts, number),
        added=tuple(additions[:SHOWN]),
        added_count=len(additions),
        causes=tuple(Count(name=name, count=count) for name, count in causes.most_common()),
        removed=_items(facts, naming, number, "scope.removed"),
        moved_in=_items(facts, naming, number, "scope.moved_in"),
        rewritten=_items(facts, naming, number, "scope.rewritten"),
        unknown=unknown,
    )


def removals_of(facts: Facts, number: int) -> tuple[date | None, ...]:
    """Return when everything that was removed after the agreement was; None: nobody knows."""
    records, _ = records_in(facts.outcome("scope.removed", number))
    return tuple(added_day(facts, getattr(record, "removed_at", None)) for record in records)


def _larger_count(facts: Facts, number: int) -> int:
    records, _ = records_in(facts.outcome("scope.re_estimated", number))
    return sum(getattr(record, "is_larger", False) is True for record in records)


def additions_of(facts: Facts, naming: Naming, number: int) -> tuple[Addition, ...]:
    """Return everything that was added to an outcome after it was agreed."""
    records, _ = records_in(facts.outcome("scope.added", number))
    return tuple(addition_of(facts, naming, record) for record in records)


def addition_of(facts: Facts, naming: Naming, record: msgspec.Struct) -> Addition:
    """Return an addition as a record of a fact says it."""
    item = naming.record(record)
    evidence = "" if item.is_hidden else words(getattr(record, "evidence", ""))
    cause = words(getattr(record, "cause", ""))
    return Addition(
        item=item, cause=cause, added_on=added_day(facts, getattr(record, "added_at", None)), told_by=evidence
    )


def added_day(facts: Facts, at: object) -> date | None:
    """Return the day that a record says; None where it says none."""
    if isinstance(at, datetime):
        return facts.day(at)
    return at if isinstance(at, date) else None


def _word(facts: Facts, number: int, fact: str) -> str:
    return words(facts.outcome(fact, number)).replace("_", " ") if facts.has(fact) else ""


def _items(facts: Facts, naming: Naming, number: int, fact: str) -> Items:
    return naming.items(*records_in(facts.outcome(fact, number))) if facts.has(fact) else Items()
