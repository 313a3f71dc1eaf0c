"""What trackers say of outcomes: an item, a milestone or a version that an admin marked as one."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from rules.roadmap.life import Living
from syncd.model.identity import ItemId, PlaceId, Ref
from syncd.model.items import AudienceKind, Container, ContainerKind, ContainerState, Item, Person, StatusCategory
from syncd.model.outcomes import Horizon, MilestoneName, Outcome, OutcomeStatus, Period, TrackedIn
from syncd.model.truth import Unknown
from syncd.model.words import OutcomeWords

if TYPE_CHECKING:
    from rules.world import World

LABEL_PREFIX = "outcome:"
_NO_ID = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 60
_GIVEN_UP = frozenset(
    ("won't do", "won't fix", "wont do", "declined", "cancelled", "canceled", "abandoned", "not planned", "obsolete")
)
"""Resolutions by which an item was closed without its outcome, in small letters, spaces for underscores."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one item or container says of an outcome; ``is_begun``: it is being worked on."""

    id: str
    title: str
    status: OutcomeStatus
    horizon: Horizon
    is_begun: bool
    key: str
    place: PlaceId
    tracked_in: TrackedIn
    target_date: date | None = None
    people: tuple[Person, ...] = ()
    item: ItemId | None = None
    restricted: bool = False
    visibility: str = "internal"


def is_outcome(world: "World", item: Item) -> bool:
    """Return whether an admin marked items of its kind as outcomes."""
    words = _words_for(world, item)
    return words is not None and (_is_marked(words, item) or bool(words.jql and item.states_outcome))


def unsaid(world: "World", item: Item) -> Unknown | None:
    """Return why it is not known whether an item states an outcome; None where it is."""
    if item.states_outcome is not None:
        return None
    words = _words_for(world, item)
    if words is None or not words.jql or _is_marked(words, item):
        return None
    return Unknown(f"{item.place.tracker} could not say whether {item.key} states an outcome")


def _words_for(world: "World", item: Item) -> OutcomeWords | None:
    place = world.given.places.get(item.place)
    return None if place is None or item.is_change else place.words.outcomes


def _is_marked(words: OutcomeWords, item: Item) -> bool:
    if item.type in words.types:
        return True
    return bool(words.labels) and not _folded_words(item.labels).isdisjoint(_folded_words(words.labels))


def _folded_words(words: Iterable[str]) -> set[str]:
    return {word.casefold() for word in words}


class Telling:
    """Reads what the trackers of a World say of outcomes; ``files`` are the outcomes that files state."""

    def __init__(self, world: "World", files: tuple[Outcome, ...], heirs: Living, period: Period | None) -> None:
        self._world = world
        self._heirs = heirs
        self._period = period
        self._of_item: dict[ItemId, set[str]] = {}
        self._of_milestone: dict[tuple[str, str, str], set[str]] = {}
        for outcome in files:
            for ref in outcome.tracked_in.items:
                item_id = world.references.find(ref)
                if item_id is not None:
                    self._of_item.setdefault(item_id, set()).add(outcome.id)
            for name in outcome.tracked_in.milestones:
                self._of_milestone.setdefault(_folded(name), set()).add(outcome.id)

    def items(self) -> Iterator[Told]:
        """Yield what each item says that is an outcome, in the order of the rows."""
        for position, item in enumerate(self._world.rows):
            if is_outcome(self._world, item):
                yield self._of(position, item)

    def containers(self) -> Iterator[Told]:
        """Yield what each milestone and version says of the outcome that it is, by title and id."""
        places = self._world.given.places
        for container in sorted(self._world.containers.values(), key=lambda each: (each.title, each.id)):
            place = places.get(container.place) if container.place is not None else None
            if place is not None and place.words.outcomes.milestones and not _is_sprint(container):
                yield self._of_container(container, place.id)

    def _of(self, position: int, item: Item) -> Told:
        lexicon = self._world.lexicons[position]
        is_quotable, visibility = self._sight(item.place, restricted=item.restricted)
        is_begun = lexicon.is_in_progress(item)
        target_date = lexicon.needed_by(item) or item.due_on
        return Told(
            id=self._id(position, item),
            title=item.title if is_quotable else item.key,
            status=_status(item),
            horizon=Horizon.NOW if is_begun or self._is_due(target_date) else Horizon.NEXT,
            is_begun=is_begun,
            key=item.key,
            place=item.place,
            tracked_in=TrackedIn(items=(Ref(tracker=item.id.tracker, native_id=item.id.native_id, key=item.key),)),
            target_date=target_date,
            people=item.assignees,
            item=item.id,
            restricted=item.restricted,
            visibility=visibility,
        )

    def _of_container(self, container: Container, place: PlaceId) -> Told:
        is_quotable, visibility = self._sight(place, restricted=False)
        is_closed = container.state is ContainerState.CLOSED
        name = MilestoneName(place.tracker, place.key, container.title)
        stated = self._of_milestone.get(_folded(name), set())
        own = _NO_ID.sub("-", container.title.casefold()).strip("-._")[:_LONGEST] or container.id.native_id
        return Told(
            id=next(iter(stated)) if len(stated) == 1 else self._living(own),
            title=container.title if is_quotable else own,
            status=OutcomeStatus.ACHIEVED if is_closed else OutcomeStatus.ACTIVE,
            horizon=Horizon.NOW if self._is_due(container.ends_on) else Horizon.NEXT,
            is_begun=False,
            key=container.title,
            place=place,
            tracked_in=TrackedIn(milestones=(name,)),
            target_date=container.ends_on,
            visibility=visibility,
        )

    def _id(self, position: int, item: Item) -> str:
        """Return the id that an item names, else that of the one outcome that tracks it, else its key's."""
        named = [label for label in item.labels if label.casefold().startswith(LABEL_PREFIX)]
        if named and (name := named[0][len(LABEL_PREFIX) :].strip()):
            return self._living(name)
        for _, name in self._world.graph.outcomes.get(position, ()):
            return self._living(name)
        stated = self._of_item.get(item.id, set())
        return (
            next(iter(stated)) if len(stated) == 1 else self._living(_NO_ID.sub("-", item.key).strip("-._")[:_LONGEST])
        )

    def _living(self, name: str) -> str:
        """Return the id of the outcome that a name means now."""
        heirs = self._heirs.get(name.casefold(), ())
        return heirs[0] if len(heirs) == 1 else name

    def _is_due(self, day: date | None) -> bool:
        """Return whether a day is in the planning period or before it; without a period, whether there is a day."""
        return day is not None and (self._period is None or day <= self._period.ends_on)

    def _sight(self, place_id: PlaceId, *, restricted: bool) -> tuple[bool, str]:
        """Return whether everybody inside may read a title there, and who may read the outcome's."""
        place = self._world.place(place_id)
        kind = place.audience.kind if place is not None and place.audience is not None else None
        if restricted or kind not in (AudienceKind.PUBLIC, AudienceKind.INTERNAL):
            return False, "internal"
        return True, "public" if kind is AudienceKind.PUBLIC else "internal"


def _status(item: Item) -> OutcomeStatus:
    if item.status_category is not StatusCategory.DONE:
        return OutcomeStatus.ACTIVE
    words = item.resolution.casefold().replace("_", " ").replace("\u2019", "'")
    return OutcomeStatus.DROPPED if words in _GIVEN_UP else OutcomeStatus.ACHIEVED


def _is_sprint(container: Container) -> bool:
    return container.id.kind == ContainerKind.SPRINT.value


def _folded(name: MilestoneName) -> tuple[str, str, str]:
    return name.tracker, name.place.casefold(), name.title.casefold()
