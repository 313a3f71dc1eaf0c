"""What is in play, and by when it is needed: asked of one item at a time, remembered for the pass."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

import msgspec

from rules.facts.fact import FactContext
from rules.facts.trace.state import Traces, traces_of
from rules.world import NOWHERE, World
from syncd.model.items import Container, ContainerKind, ContainerState, Item, LinkKind, StatusCategory
from syncd.model.outcomes import Horizon
from syncd.model.truth import Unknown

Source = Literal["field", "due_date", "sprint", "milestone", "version", "launch", "outcome"]
SOURCES: tuple[Source, ...] = ("field", "due_date", "sprint", "milestone", "version", "launch", "outcome")


class Need(msgspec.Struct, frozen=True):
    """The day by which an item is needed, and what says so."""

    on: date
    source: Source


class Play:
    """Says of the items of a World whether they are in play at a moment, and by when they are needed."""

    def __init__(self, context: FactContext) -> None:
        self._world: World = context.world
        self._now = context.now
        self._traces: Traces = traces_of(context)
        self._closers = self._world.graph.sources(LinkKind.CLOSES)
        self._top = set(_top(self._world))
        outcomes = self._world.roadmap.outcomes
        self._is_now = [outcome.is_active and outcome.horizon is Horizon.NOW for outcome in outcomes]
        self._known: dict[int, bool | Unknown] = {}

    def is_in_play(self, position: int) -> bool | Unknown:
        """Return whether an item is worked on, or meant to be soon."""
        known = self._known.get(position)
        if known is None:
            known = self._known[position] = _any(self._clauses(position))
        return known

    def _clauses(self, position: int) -> Iterator[bool | Unknown]:
        item = self._world.rows[position]
        yield from self._in_progress(position, item)
        yield position in self._top
        yield from (self._is_coming(container) for container in self._containers(item))
        levels = self._traces.levels
        yield any(self._is_now[outcome] for outcome in levels.reached[position])
        state = self._traces.states[position]
        yield state if isinstance(state, Unknown) else False
        held = (*item.sprints, *item.milestones)
        if any(each not in self._world.containers for each in held):
            yield Unknown("a sprint or milestone of it was not read")

    def _in_progress(self, position: int, item: Item) -> Iterator[bool | Unknown]:
        lexicon = self._world.lexicons[position]
        yield lexicon.is_in_progress(item)
        if item.status_category is StatusCategory.DONE:
            return
        if lexicon.in_progress.pull_request:
            for change in self._closers.get(position, NOWHERE):
                is_open = self._world.rows[change].status_category is not StatusCategory.DONE
                yield (self._world.darks[change] or True) if is_open else False
        span = lexicon.assigned_span
        if span is not None and item.assignees:
            yield (item.activity_at or item.updated_at) + span >= self._now

    def _is_coming(self, container: Container) -> bool:
        if container.id.kind == ContainerKind.SPRINT.value:
            return container.state is not ContainerState.CLOSED
        return container.state is not ContainerState.CLOSED and container.ends_on is not None

    def _containers(self, item: Item) -> list[Container]:
        ids = (*item.sprints, *item.milestones)
        return [found for each in ids if (found := self._world.containers.get(each)) is not None]

    def need(self, position: int) -> Need | Unknown | None:
        """Return the day by which an item is needed: its own, else its sprint's, milestone's or outcome's."""
        item = self._world.rows[position]
        own = self._world.lexicons[position].needed_by(item)
        if own is not None:
            return Need(own, "field")
        if item.due_on is not None:
            return Need(item.due_on, "due_date")
        for kind, source in _CONTAINERS:
            days = [
                each.ends_on
                for each in self._containers(item)
                if each.id.kind == kind.value and each.ends_on and each.state is not ContainerState.CLOSED
            ]
            if days:
                return Need(min(days), source)
        return self._need_of_outcomes(position)

    def _need_of_outcomes(self, position: int) -> Need | Unknown | None:
        state = self._traces.states[position]
        if isinstance(state, Unknown):
            return state
        outcomes = [self._world.roadmap.outcomes[number] for number in self._traces.levels.reached[position]]
        active = [outcome for outcome in outcomes if outcome.is_active]
        launches = [outcome.launch.on for outcome in active if outcome.launch.on]
        if launches:
            return Need(min(launches), "launch")
        targets = [outcome.target_date for outcome in active if outcome.target_date]
        return Need(min(targets), "outcome") if targets else None


_CONTAINERS: tuple[tuple[ContainerKind, Source], ...] = (
    (ContainerKind.SPRINT, "sprint"),
    (ContainerKind.MILESTONE, "milestone"),
    (ContainerKind.VERSION, "version"),
)


def play_of(context: FactContext) -> Play:
    """Return what is in play in a context's World at its moment."""
    key = ("play", context.now, context.calendar)
    return context.world.once(key, lambda: Play(context))


def _any(clauses: Iterable[bool | Unknown]) -> bool | Unknown:
    unknown: Unknown | None = None
    for clause in clauses:
        if clause is True:
            return True
        if isinstance(clause, Unknown):
            unknown = unknown or clause
    return unknown or False


def _top(world: World) -> Iterator[int]:
    """Yield the first open items of each place that wants so many in play, by rank."""
    ranked: dict[object, list[tuple[str, int]]] = {}
    for position, item in enumerate(world.rows):
        if item.rank and world.lexicons[position].in_play_top and world.is_open(position):
            ranked.setdefault(item.place, []).append((item.rank, position))
    for found in ranked.values():
        top = world.lexicons[found[0][1]].in_play_top
        yield from (position for _, position in sorted(found)[:top])
