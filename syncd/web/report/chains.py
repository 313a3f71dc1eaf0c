"""The chain of work that sets an outcome's date: what waits for what, down to what nothing holds up."""

from datetime import date

import msgspec

from syncd.model.truth import Unknown
from syncd.web.report.given import Facts, records_in
from syncd.web.report.naming import Naming, words
from syncd.web.report.nouns import Day, ItemName

SHOWN = 12


class ChainLink(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item of a chain; the next one waits for it. ``expected_by``: what its expected day comes from.

    ``late_by``: working days after the day on which it is needed.
    """

    item: ItemName
    expected_on: Day = None
    expected_by: str = ""
    needed_on: Day = None
    late_by: int | None = None


class Chain(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The chain that sets an outcome's date, what comes first standing first; ``more``: so many are left out in the
    middle. ``unknown``: why it can't be told."""

    links: tuple[ChainLink, ...] = ()
    more: int = 0
    unknown: str = ""


def chain_of(facts: Facts, naming: Naming, number: int) -> Chain:
    """Return the chain that sets an outcome's date."""
    records, unknown = records_in(facts.outcome("outcome.date_chain", number))
    links = [_link(naming, record) for record in records]
    if len(links) > SHOWN:
        half = SHOWN // 2
        return Chain(links=tuple(links[:half] + links[-half:]), more=len(links) - SHOWN, unknown=unknown)
    return Chain(links=tuple(links), unknown=unknown)


def late_for(facts: Facts, naming: Naming, number: int) -> Chain:
    """Return what an outcome waits for and that comes too late for it; ``more`` are not listed."""
    if not facts.has("outcome.late_blockers"):
        return Chain()
    records, unknown = records_in(facts.outcome("outcome.late_blockers", number))
    links = tuple(_link(naming, record) for record in records)
    return Chain(links=links[:SHOWN], more=max(0, len(links) - SHOWN), unknown=unknown)


def _link(naming: Naming, record: msgspec.Struct) -> ChainLink:
    item = naming.record(record)
    if item.is_hidden:
        return ChainLink(item=item)
    late = getattr(record, "late_by", None)
    return ChainLink(
        item=item,
        expected_on=_day(getattr(record, "expected_at", None)),
        expected_by=words(getattr(record, "expected_source", "")).replace("_", " "),
        needed_on=_day(getattr(record, "needed_by", None)),
        late_by=late if isinstance(late, int) else None,
    )


def _day(value: object) -> Day:
    return value if isinstance(value, date | Unknown) else None
