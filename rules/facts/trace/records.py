"""The records of trace facts, as rules read them and messages name them."""

from datetime import date
from typing import Literal

import msgspec

from rules.facts.trace.names import Naming
from rules.graph import LooseEnd
from rules.world import World
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item, LinkKind
from syncd.model.outcomes import Horizon, Outcome, OutcomeStatus
from syncd.model.truth import Unknown

StepKind = Literal[
    "label",
    "field",
    "link",
    "line",
    "tracked_item",
    "tracked_label",
    "parent",
    "milestone",
    "version",
    "implements",
    "split_from",
    "duplicates",
    "mirrors",
]


class OutcomeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome of the roadmap."""

    id: str
    title: str
    why: str
    horizon: Horizon
    status: OutcomeStatus
    reason: str
    revisit: date | None
    owner: str
    target_date: date | None
    launch_on: date | None
    visibility: Literal["internal", "public"]
    is_active: bool
    decide_by: date | None
    period: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the way to an outcome: ``how``, and to what; ``title`` has a label's, line's or milestone's words.

    ``item`` is the item that it leads to, else the one whose words they are.
    """

    how: StepKind
    key: str = ""
    title: str = ""
    url: str = ""
    item: ItemId | None = None
    place: PlaceId | None = None
    restricted: bool = False


class LostName(msgspec.Struct, frozen=True, kw_only=True):
    """Something that an item names and that is not there; ``key`` of a thing, ``title`` of an outcome.

    ``named_by`` is the key of the item that names it, ``said_by`` that item.
    """

    why: Literal["not_on_roadmap", "gone", "missing"]
    how: StepKind
    key: str = ""
    title: str = ""
    place: PlaceId | None = None
    restricted: bool = False
    named_by: str = ""
    said_by: ItemId | None = None


class UnreadableName(msgspec.Struct, frozen=True, kw_only=True):
    """Something that an item names and that can't be read."""

    how: StepKind
    key: str
    title: str | Unknown = Unknown("it can't be read")
    place: PlaceId | None = None
    restricted: bool = True


def outcome_record(outcome: Outcome) -> OutcomeRecord:
    """Return the record of an outcome."""
    return OutcomeRecord(
        id=outcome.id,
        title=outcome.title,
        why=outcome.why,
        horizon=outcome.horizon,
        status=outcome.status,
        reason=outcome.reason,
        revisit=outcome.revisit,
        owner=outcome.owner.name if outcome.owner else "",
        target_date=outcome.target_date,
        launch_on=outcome.launch.on,
        visibility="public" if outcome.visibility == "public" else "internal",
        is_active=outcome.is_active,
        decide_by=outcome.decide_by,
        period=outcome.period,
    )


def item_step(how: StepKind, item: Item) -> Step:
    """Return the step to an item."""
    return Step(
        how=how,
        key=item.key,
        title=item.title,
        url=item.url,
        item=item.id,
        place=item.place,
        restricted=item.restricted,
    )


def unread_step(how: StepKind, end: LooseEnd, holder: Item) -> Step:
    """Return the step to something that can't be read; who may read ``holder`` sees its key there."""
    return Step(how=how, key=end.key, place=holder.place, restricted=holder.restricted)


def naming_step(naming: Naming, item: Item) -> Step:
    """Return the step by which an item names an outcome."""
    if naming.how == "tracked_item":
        return item_step("tracked_item", item)
    return Step(how=naming.how, title=naming.words, item=item.id, place=item.place, restricted=item.restricted)


def lost_outcome(naming: Naming, item: Item) -> LostName:
    """Return the record of an outcome that an item names and the roadmap lacks."""
    return LostName(
        why="not_on_roadmap",
        how=naming.how,
        title=naming.words,
        place=item.place,
        restricted=item.restricted,
        named_by=item.key,
        said_by=item.id,
    )


def lost_thing(end: LooseEnd, item: Item) -> LostName:
    """Return the record of a thing that an item names and that is not there."""
    return LostName(
        why="gone" if end.absence.value == "gone" else "missing",
        how=how_of(end.kind),
        key=end.key,
        place=item.place,
        restricted=item.restricted,
        named_by=item.key,
        said_by=item.id,
    )


def unreadable_name(world: World, end: LooseEnd, item: Item) -> UnreadableName:
    """Return the record of a thing that an item names and that can't be read."""
    return UnreadableName(how=how_of(end.kind), key=end.key, place=world.place_named(end.ref, item))


def how_of(kind: LinkKind) -> StepKind:
    """Return the word for a step along a link of evidence."""
    return _WORDS[kind]


_WORDS: dict[LinkKind, StepKind] = {
    LinkKind.PARENT: "parent",
    LinkKind.IMPLEMENTS: "implements",
    LinkKind.SPLIT_FROM: "split_from",
    LinkKind.DUPLICATES: "duplicates",
    LinkKind.MIRRORS: "mirrors",
}
