"""Items, links, containers and outcomes as one graph, together with what is not known of them."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import TypeVar, cast

import msgspec

from rules.darkness import Darkness
from rules.graph import FIELD, Graph, GraphReading
from rules.lexicons import Lexicons
from rules.refs import Absence, PlaceNames, References
from rules.rings import Knot, open_knots
from rules.roadmap.loader import Roadmap
from rules.roadmap.tracked import with_tracked
from rules.subjects import darkness_of, is_there, subjects_among, subjects_of
from rules.twins import twins_of
from syncd.model.baselines import Baseline, KeptText
from syncd.model.findings import About, Subject
from syncd.model.identity import ContainerId, ItemId, PlaceId, Ref
from syncd.model.items import Container, History, Item, Link, LinkKind, Place, PlaceState, StatusCategory
from syncd.model.outcomes import OutcomeRevision
from syncd.model.snapshots import Snapshot
from syncd.model.truth import Unknown

Made = TypeVar("Made")

NOWHERE: tuple[int, ...] = ()
_OF_ITEMS = (About.ITEM.value, About.DEPENDENCY.value)


class WorldInput(msgspec.Struct, frozen=True, kw_only=True):
    """What a World is built from. ``aliases``: (tracker, old key) → id. ``gone``: items that were there.

    ``revisions`` of outcomes by id, oldest first. ``link_sightings``: (name, direction, target) → when first seen.
    ``veiled``: items of which nobody knows what they were at that moment, and why: as if their place were dark.
    ``baselines``: what was agreed of each subject, oldest first, the last one counts. ``snapshot``: the day's; what of
    it is None or not there is worked out when a fact asks for it. ``texts``: what items said when their work began.
    """

    items: Mapping[ItemId, Item]
    gone: Mapping[ItemId, Item] = {}
    containers: Mapping[ContainerId, Container] = {}
    places: Mapping[PlaceId, Place] = {}
    states: Mapping[PlaceId, PlaceState] = {}
    aliases: Mapping[tuple[str, str], ItemId] = {}
    roadmap: Roadmap = Roadmap()
    veiled: Mapping[ItemId, Unknown] = {}
    histories: Mapping[ItemId, History] = {}
    revisions: Mapping[str, tuple[OutcomeRevision, ...]] = {}
    link_sightings: Mapping[ItemId, Mapping[tuple[str, str, str], datetime]] = {}
    baselines: Mapping[Subject, tuple[Baseline, ...]] = {}
    snapshot: Snapshot | None = None
    texts: Mapping[ItemId, KeptText] = {}


def build_world(given: WorldInput) -> "World":
    """Return the World; the order of what is given changes nothing."""
    return World(given)


class World:
    """What is known at one moment. ``rows`` are the items in a stable order; a position is a place in it."""

    def __init__(self, given: WorldInput) -> None:
        self.given = given
        self.roadmap = given.roadmap
        self.containers = given.containers
        self.gone = given.gone
        self.histories = given.histories
        self.revisions = given.revisions
        self.link_sightings = given.link_sightings
        self.rows: list[Item] = sorted(given.items.values(), key=attrgetter("key", "id.tracker", "id.native_id"))
        self.items: dict[ItemId, Item] = {item.id: item for item in self.rows}
        self._places = given.places
        self._states = given.states
        self._darkness = Darkness(given.places, given.states)
        self._lexicons = Lexicons(given.places)
        self.made: dict[Hashable, object] = {}
        """What was made once, by key."""
        self._asked: tuple[Sequence[Subject], Sequence[int | None]] = ((), ())
        self.references = References(self.items, _in_order(given.gone), given.aliases)
        self.lexicons = [self._lexicons[item.place] for item in self.rows]
        self.reading = GraphReading(self.rows, self.lexicons, self.references, self._absence)
        self.graph: Graph = self.reading.graph()
        self.positions = self.reading.positions
        self.parents = self.graph.sources(LinkKind.PARENT)
        self.blockers = self.graph.sources(LinkKind.BLOCKS)
        self.roadmap = with_tracked(self)

    def agree(self, taken: Iterable[Baseline]) -> None:
        """Take in baselines that were taken since it was built."""
        baselines = dict(self.given.baselines)
        for each in taken:
            baselines[each.of] = (*baselines.get(each.of, ()), each)
        self.given = msgspec.structs.replace(self.given, baselines=baselines)

    def keep(self, snapshot: Snapshot) -> None:
        """Take in the day's snapshot."""
        self.given = msgspec.structs.replace(self.given, snapshot=snapshot)

    def take_in(self, items: Mapping[int, Item]) -> None:
        """Put other items of the same ids and keys at their positions; what was made once stays."""
        for position, item in items.items():
            self.rows[position] = self.items[item.id] = item
        self._asked = ((), ())

    def positions_of(self, subjects: Sequence[Subject]) -> Sequence[int | None]:
        """Return the position of each subject's item (a ring's first); None where it is not there."""
        # Column after column asks for the same subjects.
        if self._asked[0] is not subjects:
            self._asked = (subjects, [self.positions.get(subject.id) for subject in subjects])
        return self._asked[1]

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what ``make`` makes for ``key``, made once for this World."""
        if key not in self.made:
            self.made[key] = make()
        return cast(Made, self.made[key])

    @cached_property
    def subjects(self) -> Sequence[Subject]:
        """Return what is judged: items that are no changes, rings of open blocking items, outcomes in the roadmap's
        order, containers, and teams that a place or an open item names.
        """
        return list(subjects_of(self))

    def among(self, only: Collection[Subject]) -> Sequence[Subject]:
        """Return those of some subjects that are judged."""
        return list(subjects_among(only, self))

    def has(self, subject: Subject) -> bool:
        """Say whether a subject is there; of what can't be looked up now, that is not denied."""
        return is_there(subject, self)

    @cached_property
    def knots(self) -> Sequence[Knot]:
        """Return the knots of open items that block each other; of twins the one where the work is."""
        return open_knots(self.graph.edges[LinkKind.BLOCKS], self.is_open, twins_of(self).home)

    @cached_property
    def knot_of(self) -> Mapping[int, Knot]:
        """Return, by position, the knot that an item is in."""
        return {position: knot for knot in self.knots for position in knot.members}

    @cached_property
    def children_of(self) -> dict[int, list[int]]:
        """Return the positions of children by the position of their parent."""
        return self.graph.targets(LinkKind.PARENT)

    @cached_property
    def darks(self) -> list[Unknown | None]:
        """Return, for each row, why it can't be read, or None where it can."""
        return [self._dark(item) for item in self.rows]

    def _dark(self, item: Item) -> Unknown | None:
        return self.given.veiled.get(item.id) or self._darkness[item.place]

    def is_open(self, position: int) -> bool:
        """Return whether the item at a position is work that is not done."""
        item = self.rows[position]
        return item.status_category is not StatusCategory.DONE and not item.is_change

    def item(self, item_id: ItemId) -> Item | None:
        """Return an item that is there."""
        return self.items.get(item_id)

    def place(self, place_id: PlaceId) -> Place | None:
        """Return a configured place; its audience as configured, else as the tracker told it."""
        place, state = self._places.get(place_id), self._states.get(place_id)
        if place is not None and place.audience is None and state is not None and state.audience is not None:
            return msgspec.structs.replace(place, audience=state.audience)
        return place

    def resolve(self, ref: Ref, from_item: Item | None) -> ItemId | None:
        """Return the item that a reference means; None where it leads to none that is there."""
        found = self.references.find(ref, from_item)
        return found if found in self.items else None

    def kind(self, item_id: ItemId) -> str:
        """Return an item's kind in our words; KeyError where it is not there."""
        position = self.positions[item_id]
        return self.lexicons[position].kind(self.rows[position])

    def team(self, item_id: ItemId) -> str:
        """Return an item's team, empty where nobody says; KeyError where it is not there."""
        position = self.positions[item_id]
        return self.lexicons[position].team(self.rows[position])

    def parent(self, item_id: ItemId) -> ItemId | None:
        """Return the nearest parent: as the tracker holds it, else by a link, else by a line."""
        found = self.parents.get(self.positions.get(item_id, -1))
        return self.rows[found[0]].id if found else None

    def ancestors(self, item_id: ItemId) -> tuple[ItemId, ...]:
        """Return parents, their parents, and so on, nearest first, each once."""
        return tuple(self.rows[position].id for position in self.ancestor_positions(self.positions.get(item_id, -1)))

    def ancestor_positions(self, position: int) -> list[int]:
        """Return the positions of parents, their parents, and so on, nearest first, each once."""
        seen = {position: None}
        waiting = [position]
        for each in waiting:
            for parent in self.parents.get(each, NOWHERE):
                if parent not in seen:
                    seen[parent] = None
                    waiting.append(parent)
        return waiting[1:]

    def children(self, item_id: ItemId) -> tuple[ItemId, ...]:
        """Return the items whose parent it is."""
        found = self.children_of.get(self.positions.get(item_id, -1), NOWHERE)
        return tuple(self.rows[position].id for position in found)

    def links(self) -> tuple[Link, ...]:
        """Return every edge between items that are there, once, however many ends tell it."""
        return tuple(
            Link(kind=kind, source=self.rows[source].id, target=self.rows[target].id, evidence=_told(evidence))
            for kind, edges in self.graph.edges.items()
            for (source, target), evidence in sorted(edges.items())
        )

    def ring(self, subject: Subject) -> tuple[ItemId, ...]:
        """Return the items of a ring, each blocking the next and the last one the first; empty where it is none."""
        knot = self.knot_of.get(self.positions.get(subject.id, -1))
        return tuple(self.rows[position].id for position in knot.ring) if knot else ()

    def is_dark(self, place_id: PlaceId) -> Unknown | None:
        """Return why a place can't be judged: not imported yet, or not readable; None where it can."""
        return self._darkness[place_id]

    def is_dark_subject(self, subject: Subject) -> Unknown | None:
        """Return why a subject can't be judged: a place of it is dark; of an outcome or a team, all places are."""
        if subject.about not in _OF_ITEMS:
            return darkness_of(subject, self)
        ids = self.ring(subject) if subject.about == About.DEPENDENCY.value else (subject.id,)
        items = (self.items.get(item_id) for item_id in ids)
        darks = (self._dark(item) for item in items if item is not None)
        return next((dark for dark in darks if dark is not None), None)

    def changed_at(self, subject: Subject) -> datetime | None:
        """Return the newest change among the subject, its ancestors, and the open items that block it.

        None of what is no item: a rule begins to hold for it when it is first seen to.
        """
        ids = self.ring(subject) if subject.about == About.DEPENDENCY.value else (subject.id,)
        found: set[int] = set()
        for position in (self.positions[item_id] for item_id in ids if item_id in self.positions):
            found.update((position, *self.ancestor_positions(position)))
            found.update(each for each in self.blockers.get(position, NOWHERE) if self.is_open(each))
        return max((self.rows[each].updated_at for each in found), default=None)

    def place_named(self, ref: Ref, near: Item | None) -> PlaceId | None:
        """Return the known place that a reference's key belongs to."""
        named = self.references.named(ref, near)
        if named is None:
            return None
        return self._place_names.find(self.references.trackers_for(named.tracker, near), named.place)

    @cached_property
    def _place_names(self) -> PlaceNames:
        return PlaceNames({**self._places, **self._states})

    def _absence(self, ref: Ref, near: Item, is_line: bool) -> Absence:
        """Return why a reference of an item leads to nothing that is there; ``is_line``: only a text says it."""
        gone_id = self.references.find(ref, near)
        gone = self.gone.get(gone_id) if gone_id is not None else None
        if gone is not None:
            return Absence.GONE if self._darkness[gone.place] is None else Absence.UNREADABLE
        place = self.place_named(ref, near) if is_line else None
        if place is None or self._darkness[place] is not None:
            return Absence.UNREADABLE
        state = self._states.get(place)
        return Absence.MISSING if state is not None and state.census_at is not None else Absence.UNREADABLE


def _in_order(items: Mapping[ItemId, Item]) -> Mapping[ItemId, Item]:
    return {item_id: items[item_id] for item_id in sorted(items)}


def _told(evidence: str) -> str:
    return "link" if evidence == FIELD else evidence
