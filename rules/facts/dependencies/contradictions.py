"""What the ends of a link, or twins, say differently of each other."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from rules.facts.fact import FactContext
from rules.facts.work import records_of
from rules.twins import twins_of
from rules.waiting import blocked_of
from rules.world import NOWHERE
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import StatusCategory
from syncd.model.truth import Unknown

Disagreement = Literal["each_blocks_the_other", "link_says_done", "link_says_open", "twin_is_done", "twin_is_open"]
_DONE = StatusCategory.DONE
Found = tuple["DisagreementRecord | Unknown", ...]


class DisagreementRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Another item that says otherwise; ``what`` is in question."""

    what: Disagreement
    key: str
    title: str | Unknown
    url: str
    item: ItemId | None
    place: PlaceId | None
    restricted: bool


def disagreements(context: FactContext, position: int) -> Found:
    """Return what is said differently of an item and of those next to it; what may be, stands at the end."""
    found: list[DisagreementRecord] = []
    unknown: Unknown | None = None
    for other, what in _doubtful(context, position):
        dark = context.world.darks[other]
        if dark is not None:
            unknown = unknown or dark
        elif what is not None:
            found.append(_record(context, other, what))
    return (*found, unknown) if unknown else tuple(found)


def _doubtful(context: FactContext, position: int) -> Iterator[tuple[int, Disagreement | None]]:
    """Yield the items with which an item may disagree, and about what, as far as was read."""
    world, rows = context.world, context.world.rows
    is_done = rows[position].status_category is _DONE
    blocked = set(blocked_of(world).get(position, NOWHERE))
    for blocker in world.blockers.get(position, NOWHERE):
        if blocker in blocked and not is_done:
            yield blocker, None if rows[blocker].status_category is _DONE else "each_blocks_the_other"
        told = world.graph.told.get((blocker, position))
        # What was read of a link before its other end changed is old, and no contradiction.
        if told is not None and rows[position].updated_at >= rows[blocker].updated_at:
            is_open = rows[blocker].status_category is not _DONE
            if (told is _DONE) is is_open:
                yield blocker, "link_says_done" if is_open else "link_says_open"
    for twin in twins_of(world).members(position):
        if twin != position:
            is_other_done = rows[twin].status_category is _DONE
            what: Disagreement = "twin_is_done" if is_other_done else "twin_is_open"
            yield twin, what if is_other_done is not is_done else None


def _record(context: FactContext, position: int, what: Disagreement) -> DisagreementRecord:
    record = records_of(context).at(position)
    return DisagreementRecord(
        what=what,
        key=record.key,
        title=record.title,
        url=record.url,
        item=record.item,
        place=record.place,
        restricted=record.restricted,
    )
