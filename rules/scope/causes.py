"""Why something was added after the baseline: what it came from, who wrote it, and what shows it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Literal, get_args

import msgspec

from rules.facts.fact import FactContext
from rules.facts.sprints import sprints_of
from rules.scope.drift import Drift, drifts_of
from rules.scope.then import then_of
from rules.subjects import container_of
from rules.world import World
from syncd.model.events import link_parts, ref_of
from syncd.model.findings import About, Subject
from syncd.model.identity import ContainerId
from syncd.model.items import ContainerKind, Event, Item, LinkKind, Person
from syncd.model.truth import Unknown

Cause = Literal["split", "discovered", "adopted", "added"]
CAUSES: tuple[Cause, ...] = get_args(Cause)

_UNTOLD = Unknown("no history tells when it was put in")
_LABEL = "outcome:"
_TO_OUTCOMES = ("parent", "milestones", "labels", "links")
Test = Callable[[Event], bool]


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was added after the baseline. ``evidence`` shows the cause; ``by`` put it in, as far as is told.

    ``moved_from`` is where it was agreed before, or was until then: a key, an outcome's id, a title.
    """

    position: int
    cause: Cause
    evidence: str
    at: datetime | Unknown
    by: str = ""
    moved_from: str = ""


class Causes:
    """The causes of what was added to one subject."""

    def __init__(self, context: FactContext, drift: Drift) -> None:
        self._context = context
        self._drift = drift
        self._world: World = context.world
        self._container = container_of(drift.subject, context.world)

    def additions(self) -> tuple[Addition, ...]:
        """Return what was added, with its cause."""
        return tuple(self._addition(each) for each in self._drift.added)

    def cause(self, position: int) -> Cause:
        """Return the cause of one addition."""
        return self._why(position)[0]

    def _addition(self, position: int) -> Addition:
        item = self._world.rows[position]
        cause, evidence = self._why(position)
        event = self._put_in(position)
        is_new = item.created_at > self._drift.baseline.at
        at = event.at if event is not None else item.created_at if is_new else _UNTOLD
        by = (
            name_of(self._world, item.id.tracker, event.actor)
            if event is not None
            else _name(item.reporter)
            if is_new
            else ""
        )
        if cause == "adopted":
            evidence += f", put in on {self._day(at)}" if isinstance(at, datetime) else ", put in later"
            evidence += f" by {by}" if by else ""
        moved_from = self._moved_from(position, event)
        return Addition(position=position, cause=cause, evidence=evidence, at=at, by=by, moved_from=moved_from)

    def _why(self, position: int) -> tuple[Cause, str]:
        item, agreed = self._world.rows[position], self._drift.agreed
        origin = next((each for each in self._origins.get(position, ()) if each in agreed), None)
        if origin is not None:
            return "split", f"split from {self._world.rows[origin].key}"
        written = self._day(item.created_at)
        if item.created_at <= self._drift.baseline.at:
            return "adopted", f"there since {written}"
        above = next((each for each in self._world.ancestor_positions(position) if each in agreed), None)
        if above is not None:
            return "discovered", f"written on {written} below {self._world.rows[above].key}"
        by = f" by {_name(item.reporter)}" if item.reporter else ""
        works_on = self._workers.get(_account(item, item.reporter)) if item.reporter else None
        if works_on is not None:
            return "discovered", f"written on {written}{by}, who works on {works_on}"
        return "added", f"written on {written}{by}"

    @property
    def _origins(self) -> dict[int, list[int]]:
        graph = self._world.graph
        return self._world.once("split from", lambda: graph.targets(LinkKind.SPLIT_FROM))

    @cached_property
    def _workers(self) -> dict[tuple[str, str], str]:
        """Return who works on what was agreed, or on the epic itself, each with the key of the first such item."""
        position = self._world.positions.get(self._drift.subject.id)
        own = [position] if position is not None and self._drift.subject.about == About.ITEM.value else []
        found: dict[tuple[str, str], str] = {}
        for each in (*self._drift.kept, *own):
            item = self._world.rows[each]
            for person in item.assignees:
                found.setdefault(_account(item, person), item.key)
        return found

    def _put_in(self, position: int) -> Event | None:
        """Return what put an item in after the baseline, the last that did; None where no history tells."""
        item = self._world.rows[position]
        found: Event | None = None
        if self._container is not None:
            found = self._last(position, self._is_into(self._container.id))
        elif self._drift.subject.about == About.ITEM.value:
            found = self._last(position, lambda event: event.field == "parent" and self._is_below_subject(item, event))
        elif item.created_at <= self._drift.baseline.at:
            way = (position, *self._world.ancestor_positions(position))
            events = (self._last(each, self._is_towards_outcomes) for each in way)
            found = max((each for each in events if each is not None), key=lambda event: event.at, default=None)
        return found

    def _last(self, position: int, test: Test) -> Event | None:
        since = self._drift.baseline.at
        if self._world.rows[position].updated_at <= since:
            return None
        history = then_of(self._world).history(position)
        events = reversed(history.events) if history is not None else iter(())
        return next((each for each in events if since < each.at <= self._context.now and test(each)), None)

    def _is_into(self, container: ContainerId) -> Test:
        name = str(container)
        return lambda event: event.after == name and event.field in ("sprints", "milestones")

    def _is_below_subject(self, item: Item, event: Event) -> bool:
        return bool(event.after) and self._world.references.find(ref_of(event.after), item) == self._drift.subject.id

    def _is_towards_outcomes(self, event: Event) -> bool:
        if event.field not in _TO_OUTCOMES or not event.after:
            return False
        is_link = event.field != "links" or link_parts(event.after) is not None
        return is_link and (event.field != "labels" or self._is_label_of_outcome(event.after))

    def _is_label_of_outcome(self, label: str) -> bool:
        return label.casefold().startswith(_LABEL) or label.casefold() in self._tracked_labels

    @cached_property
    def _tracked_labels(self) -> frozenset[str]:
        outcomes = self._world.roadmap.outcomes
        return frozenset(each.casefold() for outcome in outcomes for each in outcome.tracked_in.labels)

    def _moved_from(self, position: int, event: Event | None) -> str:
        if event is not None and event.field == "parent" and event.before and self._container is None:
            found = self._world.references.find(ref_of(event.before), self._world.rows[position])
            item = self._world.items.get(found) if found is not None else None
            return item.key if item is not None else ref_of(event.before).key or event.before
        drifts = drifts_of(self._context)
        for other in drifts.agreed_in.get(self._world.rows[position].id, ()):
            drift = drifts.of(other) if self._is_alike(other) else None
            if drift is not None and position not in drift.held.members:
                return self._named(other)
        return self._last_sprint(position)

    def _is_alike(self, other: Subject) -> bool:
        """Return whether another subject is of the same kind: outcome and outcome, sprint and sprint."""
        own = self._drift.subject
        kinds = {each.id.native_id.partition(":")[0] for each in (own, other)}
        return other != own and other.about == own.about and (self._container is None or len(kinds) == 1)

    def _last_sprint(self, position: int) -> str:
        if self._container is None or self._container.id.kind != ContainerKind.SPRINT.value:
            return ""
        found = sprints_of(self._context).carried_over(position)
        earlier = [each for each in found if each.id != self._container.id] if isinstance(found, tuple) else []
        return earlier[-1].title if earlier else ""

    def _named(self, subject: Subject) -> str:
        container, item = container_of(subject, self._world), self._world.items.get(subject.id)
        if container is not None:
            return container.title
        return item.key if item is not None else subject.id.native_id

    def _day(self, at: datetime) -> str:
        return self._context.calendar.day(at).isoformat()


def name_of(world: World, tracker: str, actor: str) -> str:
    """Return the name of the person whose account an event names; the account where nobody says."""
    return world.once("names of people", lambda: dict(_people(world))).get((tracker, actor), actor)


def _people(world: World) -> Iterator[tuple[tuple[str, str], str]]:
    for item in world.rows:
        for person in (*item.assignees, *((item.reporter,) if item.reporter else ())):
            yield _account(item, person), person.name


def _account(item: Item, person: Person) -> tuple[str, str]:
    return item.id.tracker, person.account or person.name


def _name(person: Person | None) -> str:
    return person.name if person is not None else ""
