"""What the page may say of an item, an outcome or a finding: of what not everybody inside may read, its key alone."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from rules.subjects import outcome_of
from syncd.model.comments import Day, Leaf, Line, Quote, Reference, Text
from syncd.model.findings import Subject
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import AudienceKind, StatusCategory
from syncd.model.outcomes import Outcome
from syncd.model.truth import Unknown
from syncd.planner.topics import name_of
from syncd.web.report.nouns import ItemName, Items, OutcomeName

if TYPE_CHECKING:
    from rules.world import World

HIDDEN = Text("(not shown)")
_READ_INSIDE = (AudienceKind.PUBLIC, AudienceKind.INTERNAL)
"""At a service desk each customer reads their own requests, and the team those of all."""
_SHOWN = 8


class Naming:
    """Names the things of a World for a reader inside."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._closed_places: dict[PlaceId, bool] = {}

    def is_hidden(self, place: PlaceId | None, restricted: bool) -> bool:
        """Say whether not everybody inside may read something of a place, or nobody said who may."""
        return restricted or (place is not None and self._is_closed(place))

    def _is_closed(self, place_id: PlaceId) -> bool:
        if place_id not in self._closed_places:
            place = self._world.place(place_id)
            audience = place.audience if place is not None else None
            self._closed_places[place_id] = audience is None or audience.kind not in _READ_INSIDE
        return self._closed_places[place_id]

    def hidden_count(self) -> int:
        """Return of how many items the page shows at most the key."""
        return sum(self.is_hidden(item.place, item.restricted) for item in self._world.rows)

    def at(self, position: int) -> ItemName:
        """Name the item at a position."""
        item = self._world.rows[position]
        if self.is_hidden(item.place, item.restricted):
            return ItemName(key=item.key, url=item.url, is_hidden=True)
        return ItemName(
            key=item.key,
            url=item.url,
            title=item.title,
            team=self._world.lexicons[position].team(item),
            status=item.status,
            is_done=item.status_category is StatusCategory.DONE,
        )

    def item(self, item_id: ItemId) -> ItemName:
        """Name an item; one that is not there by its native id."""
        position = self._world.positions.get(item_id)
        return self.at(position) if position is not None else ItemName(key=item_id.native_id, is_hidden=True)

    def record(self, record: msgspec.Struct) -> ItemName:
        """Name the item that a record of a fact is about."""
        item_id = getattr(record, "item", None)
        if isinstance(item_id, ItemId) and item_id in self._world.positions:
            return self.item(item_id)
        title, key = getattr(record, "title", ""), getattr(record, "key", "")
        hidden = self.is_hidden(getattr(record, "place", None), getattr(record, "restricted", False) is True)
        known = isinstance(title, str) and not hidden
        return ItemName(key=key, url=getattr(record, "url", ""), title=title if known else "", is_hidden=hidden)

    def items(self, records: Iterable[msgspec.Struct], unknown: str = "", shown: int = _SHOWN) -> Items:
        """Name the first few of the items that some records are about."""
        found = list(records)
        return Items(shown=tuple(map(self.record, found[:shown])), count=len(found), unknown=unknown)

    def subject(self, subject: Subject) -> Line:
        """Name what a finding is about; an outcome without the word for it."""
        outcome = outcome_of(subject, self._world)
        name = name_of(subject, self._world)
        return (Quote(outcome.title),) if outcome is not None else self.line(name)

    def line(self, line: Line) -> Line:
        """Return a line without what not everybody inside may read."""
        return tuple(_without_empty_brackets(map(self._leaf, line)))

    def _leaf(self, leaf: Leaf) -> Leaf:
        if isinstance(leaf, Text) or not self._hides(leaf):
            return leaf
        if isinstance(leaf, Reference):
            return Reference(leaf.key, url=leaf.url, item=leaf.item, source=leaf.source, restricted=True)
        return HIDDEN

    def _hides(self, leaf: Quote | Reference | Day) -> bool:
        if self.is_hidden(leaf.source, leaf.restricted):
            return True
        item = self._world.item(leaf.item) if leaf.item is not None else None
        return item is not None and self.is_hidden(item.place, item.restricted)


def outcome_name(outcome: Outcome) -> OutcomeName:
    """Name an outcome of the roadmap; each has a part of the page."""
    return OutcomeName(id=outcome.id, title=outcome.title, anchor=anchor_of(outcome.id))


def anchor_of(outcome_id: str) -> str:
    """Return the name of an outcome's part of the page; ids have letters, digits, ``.``, ``_`` and ``-`` alone, but
    those that live in a tracker may have others."""
    return "outcome-" + "".join(each if each.isalnum() or each in "._-" else f"~{ord(each):x}" for each in outcome_id)


def words(value: object) -> str:
    """Return a field of a record that is a text; empty where it is none or not known."""
    return "" if value is None or isinstance(value, Unknown) else str(value)


def _without_empty_brackets(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """Yield a line in which a title in brackets that is hidden is gone with its brackets."""
    kept: list[Leaf] = []
    for leaf in leaves:
        if leaf == Text(")") and kept[-2:] == [Text(" ("), HIDDEN]:
            del kept[-2:]
        else:
            kept.append(leaf)
    yield from kept
