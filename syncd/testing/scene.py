"""What there is in a case at one moment: layers of the file, the case and its steps, as a World is built from."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from rules.language.calendar import Calendar
from rules.roadmap.loader import Roadmap
from rules.scope.texts import plain_words
from rules.world import WorldInput
from syncd.complaints import did_you_mean
from syncd.documents import Loc
from syncd.model.baselines import KeptText
from syncd.model.events import events_between, linked
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Audience, AudienceKind, Container, Event, History, Item, Place, PlaceState
from syncd.model.outcomes import OutcomeRevision
from syncd.testing.agreed import Agreed
from syncd.testing.ground import Ground, Named
from syncd.testing.items import ItemBuilder
from syncd.testing.layers import Layer, Layered
from syncd.testing.measured import Measured, Measurements
from syncd.testing.notes import Notes
from syncd.testing.outlook import Outlook
from syncd.testing.pasts import PastReader
from syncd.testing.shelf import Shelf
from syncd.testing.texts import ItemText, SceneText

LONG_AGO = timedelta(days=365)
"""Since when our reading of the trackers and of the roadmap reaches back."""

Sighting = tuple[str, str, str]


class Scene:
    """The things of a case as they stand now; said anew with each step."""

    def __init__(self, ground: Ground, notes: Notes, calendar: Calendar, began: datetime) -> None:
        self._ground = ground
        self._notes = notes
        self._calendar = calendar
        self._began = began
        self._said: dict[ItemId, Layered[ItemText]] = {}
        self._names: dict[ItemId, Named] = {}
        self._gone: set[ItemId] = set()
        self._unreadable: set[ItemId] = set()
        self._dark: set[PlaceId] = set()
        self._shelf = Shelf(ground, notes, calendar)
        self._pasts = PastReader(self._shelf, notes, calendar, self._find)
        self.outlook = Outlook(ground, notes, calendar)
        self._agreed = Agreed(ground, notes, calendar, self._find)
        self._measurements = Measurements(notes, calendar)
        self._built: Mapping[ItemId, Item] | None = None
        self._events: dict[ItemId, list[Event]] = {}
        self._revisions: dict[str, list[OutcomeRevision]] = {}
        self._sightings: dict[ItemId, dict[Sighting, datetime]] = {}

    @property
    def is_partly_dark(self) -> bool:
        """Say whether something of it can't be read."""
        return bool(self._dark or self._unreadable)

    def named(self, written: str) -> Named | None:
        """Return the item of the case that a key means, gone ones too."""
        found = self._ground.item(written)
        return found if isinstance(found, Named) and found.id in self._said else None

    def add(self, text: SceneText, loc: Loc, now: datetime, *, is_step: bool = False) -> None:
        """Take what a layer says."""
        self._shelf.add(text, loc, now)
        self.outlook.add(text, loc, now)
        self._agreed.add(text, loc, now)
        self._measurements.add(text, loc, now)
        for key, given in text.items.items():
            place = (*loc, "items", key)
            self._say(key, Layer(given or ItemText(), place, now, is_step))
        for index, key in enumerate(text.gone):
            place = (*loc, "gone", index)
            named = self._name(key, place)
            if named is not None:
                if named.id not in self._said:
                    self._said[named.id] = Layered(Layer(ItemText(), place, now, is_step))
                self._gone.add(named.id)
        if text.unreadable is not None:
            self._take_unreadable(text.unreadable, (*loc, "unreadable"))

    def _say(self, key: str, layer: Layer[ItemText]) -> None:
        named = self._name(key, layer.loc)
        if named is None:
            return
        self._gone.discard(named.id)
        if named.id in self._said:
            self._said[named.id].add(layer)
        else:
            self._said[named.id] = Layered(layer)

    def _name(self, key: str, loc: Loc) -> Named | None:
        found = self._ground.item(key)
        if isinstance(found, str):
            self._notes.refuse(loc, found, on_key=True)
            return None
        self._names[found.id] = found
        return found

    def _take_unreadable(self, written: list[str], loc: Loc) -> None:
        self._dark, self._unreadable = set(), set()
        for index, each in enumerate(written):
            place = self._ground.place(each)
            if isinstance(place, PlaceId):
                self._dark.add(place)
                continue
            named = self._ground.item(each)
            if isinstance(named, Named):
                self._names[named.id] = named
                self._unreadable.add(named.id)
            else:
                is_item = each.rpartition("-")[2].isdigit() or "#" in each
                self._notes.refuse((*loc, index), named if is_item else place)

    def given(self, now: datetime) -> WorldInput:
        """Return what a World is built from; what is wrong is noted."""
        built = {item_id: self._item(item_id, said) for item_id, said in self._said.items()}
        there = {each: item for each, item in built.items() if each not in self._gone | self._unreadable}
        roadmap = self.outlook.roadmap()
        self._remember(built, roadmap, now)
        return WorldInput(
            items=there,
            gone={each: built[each] for each in self._gone},
            containers=dict(self._shelf.containers),
            places=self._ground.places,
            states={each: self._state(place, now) for each, place in self._ground.places.items()},
            roadmap=roadmap,
            histories=self._histories(there),
            revisions={each: tuple(found) for each, found in self._revisions.items()},
            link_sightings={each: dict(found) for each, found in self._sightings.items()},
            baselines=self._agreed.baselines(
                built, {each.id for each in roadmap.outcomes}, self._shelf.containers.values()
            ),
            texts={each: text for each, item in there.items() if (text := self._text(item)) is not None},
        )

    def measured(self) -> Measured:
        """Return what is stated of forecasts and flows; what is wrong is noted."""
        outcomes = {each.id: each for each in self.outlook.roadmap().outcomes}
        teams = {place.team for place in self._ground.places.values()}
        teams |= {said.value("team") for said in self._said.values()}
        return self._measurements.stated(outcomes, teams - {""})

    def _text(self, item: Item) -> KeptText | None:
        said = self._said[item.id].value("said_at_start")
        return None if said is None else KeptText(item=item.id, at=item.created_at, words=plain_words(said))

    def _item(self, item_id: ItemId, said: Layered[ItemText]) -> Item:
        named = self._names[item_id]
        place = self._ground.places[named.place]
        builder = ItemBuilder(named, said, place, self._shelf, self._notes, self._calendar, self._find)
        return builder.item()

    def _find(self, written: str, loc: Loc) -> Named | None:
        found = self._ground.item(written)
        if isinstance(found, str):
            self._notes.refuse(loc, found)
            return None
        if found.id in self._said or found.id in self._unreadable or found.place in self._dark:
            return found
        near = did_you_mean(found.key, [self._names[each].key for each in self._said])
        rest = " Describe it under items, or name it under unreadable or gone."
        self._notes.refuse(loc, f"no item '{written}' in this case.{near or rest}")
        return None

    def _state(self, place: Place, now: datetime) -> PlaceState:
        return PlaceState(
            id=place.id,
            imported_at=self._began - LONG_AGO,
            read_at=now,
            census_at=now,
            audience=Audience(AudienceKind.INTERNAL) if place.audience is None else None,
            error="so the case says" if place.id in self._dark else "",
        )

    def _remember(self, built: Mapping[ItemId, Item], roadmap: Roadmap, now: datetime) -> None:
        """Remember what differs from the step before, as polls and reloads would have."""
        before = self._built or {}
        for item_id, item in built.items():
            if item_id in before:
                self._events.setdefault(item_id, []).extend(events_between(before[item_id], item, now))
            seen = self._sightings.setdefault(item_id, {})
            for each in linked(item):
                seen.setdefault(each, item.created_at if self._built is None else now)
        self._built = dict(built)
        for outcome in roadmap.outcomes:
            revisions = self._revisions.setdefault(outcome.id, [])
            if not revisions or revisions[-1].outcome != outcome:
                seen_at = now if revisions else self._began - LONG_AGO
                revisions.append(OutcomeRevision(outcome=outcome, seen_at=seen_at))

    def _histories(self, items: Mapping[ItemId, Item]) -> dict[ItemId, History]:
        found = {}
        for item_id, item in items.items():
            past = self._pasts.events(item, self._said[item_id])
            if past is not None:
                events = sorted((*past, *self._events.get(item_id, ())), key=lambda event: event.at)
                found[item_id] = History(known_since=item.created_at, events=tuple(events))
        return found

    def containers_titled(self, title: str) -> list[Container]:
        """Return the containers that a title, or a place and a title, means."""
        return [
            each
            for each in self._shelf.containers.values()
            if title in (each.title, f"{each.place.key}: {each.title}" if each.place else "")
        ]
