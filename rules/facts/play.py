"""What is in play, and by when it is needed: asked of one item at a time, remembered for the pass."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, get_args

import msgspec

from rules.facts.fact import FactContext
from rules.facts.needs import Day, Needs
from rules.facts.trace.state import Traces, traces_of
from rules.world import NOWHERE, World
from syncd.model.items import Container, ContainerKind, ContainerState, Item, LinkKind, StatusCategory
from syncd.model.outcomes import Horizon
from syncd.model.truth import Unknown

Source = Literal["field", "due_date", "sprint", "milestone", "version", "launch", "outcome", "dependent"]
SOURCES: tuple[Source, ...] = get_args(Source)
Reason = Literal["status", "change", "assignee", "rank", "sprint", "milestone", "version", "outcome"]
REASONS: tuple[Reason, ...] = ("status", "change", "assignee", "rank", "sprint", "milestone", "version", "outcome")
_UNREAD = Unknown("a sprint or milestone of it was not read")
_CLOSED = ContainerState.CLOSED
Clause = Reason | Unknown | None
"""A reason to be in play, as far as it is known; None: it is none."""


class Need(msgspec.Struct, frozen=True):
    """The day by which an item is needed, and what says so; ``by`` is the position of what waits for it, where that
    does.
    """

    on: date
    source: Source
    by: int | None = None


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
        self._needs: dict[int, Need | Unknown | None] = {}
        self._dependents = Needs(context.world, self._own_day)

    def read_again(self, context: FactContext, positions: Iterable[int], *, is_ranked_anew: bool) -> None:
        """Take in, in place, that something of some items is another one now, and go on with a later moment."""
        self._now = context.now
        self._dependents = Needs(context.world, self._own_day)
        if is_ranked_anew:
            self._top = set(_top(self._world))
        for position in positions:
            self._known.pop(position, None)
            self._needs.pop(position, None)

    def is_in_play(self, position: int) -> bool | Unknown:
        """Return whether an item is worked on, or meant to be soon."""
        known = self._known.get(position)
        if known is None:
            known = self._known[position] = _any(self._clauses(position))
        return known

    def is_begun(self, position: int) -> bool | Unknown:
        """Return whether somebody works on an item, or has finished it."""
        item = self._world.rows[position]
        return item.status_category is StatusCategory.DONE or _any(self._in_progress(position, item))

    def reasons(self, position: int) -> tuple[Reason | Unknown, ...]:
        """Return all that puts an item into play; what is not known and may do so stands at the end."""
        clauses = list(self._clauses(position))
        known = dict.fromkeys(clause for clause in clauses if isinstance(clause, str))
        return (*known, *[clause for clause in clauses if isinstance(clause, Unknown)][:1])

    def _clauses(self, position: int) -> Iterator[Clause]:
        item = self._world.rows[position]
        yield from self._in_progress(position, item)
        yield "rank" if position in self._top else None
        yield from (self._coming(container) for container in self._containers(item))
        reached, doubt = self._traces.levels.reached[position], self._traces.doubt(position)
        yield doubt or ("outcome" if any(self._is_now[outcome] for outcome in reached) else None)
        held = (*item.sprints, *item.milestones)
        if any(each not in self._world.containers for each in held):
            yield _UNREAD

    def _in_progress(self, position: int, item: Item) -> Iterator[Clause]:
        lexicon = self._world.lexicons[position]
        yield "status" if lexicon.is_in_progress(item) else None
        if item.status_category is StatusCategory.DONE:
            return
        if lexicon.in_progress.pull_request:
            for change in self._closers.get(position, NOWHERE):
                is_open = self._world.rows[change].status_category is not StatusCategory.DONE
                yield (self._world.darks[change] or "change") if is_open else None
        span = lexicon.assigned_span
        if span is not None and item.assignees:
            yield "assignee" if (item.activity_at or item.updated_at) + span >= self._now else None

    def _coming(self, container: Container) -> Clause:
        """Return what kind of container holds the item for a time to come: a sprint, or something with a date."""
        if container.state is ContainerState.CLOSED:
            return None
        if container.id.kind == ContainerKind.SPRINT.value:
            return "sprint"
        if container.ends_on is None:
            return None
        return "version" if container.id.kind == ContainerKind.VERSION.value else "milestone"

    def _containers(self, item: Item) -> list[Container]:
        ids = (*item.sprints, *item.milestones)
        return [found for each in ids if (found := self._world.containers.get(each)) is not None]

    def need(self, position: int) -> Need | Unknown | None:
        """Return the day by which an item is needed: its own, else its sprint's, milestone's or outcome's; or an
        earlier one, by which something that waits for it is needed.
        """
        if position not in self._needs:
            self._needs[position] = self._need(position)
        return self._needs[position]

    def planned_for(self, position: int) -> date | Unknown | None:
        """Return the day that an item itself is planned for, whatever the day of its outcome is."""
        planned = self.plan(position)
        return planned.on if isinstance(planned, Need) else planned

    def _need(self, position: int) -> Need | Unknown | None:
        own = self.own_need(position)
        if isinstance(own, Unknown):
            return own
        other = self._dependents.of_waiting(position)
        if other is None or isinstance(other, Unknown):
            return other or own
        return Need(other.on, "dependent", other.by) if own is None or other.on < own.on else own

    def own_need(self, position: int) -> Need | Unknown | None:
        """Return the day by which an item is needed, whatever waits for it."""
        planned = self.plan(position)
        return planned if planned is not None else self._need_of_outcomes(position)

    def _own_day(self, position: int) -> Day:
        need = self.own_need(position)
        return need.on if isinstance(need, Need) else need

    def plan(self, position: int) -> Need | Unknown | None:
        """Return the day that an item itself is planned for, and what says so."""
        item = self._world.rows[position]
        own = self._world.lexicons[position].needed_by(item)
        if own is not None:
            return Need(own, "field")
        if item.due_on is not None:
            return Need(item.due_on, "due_date")
        for kind, source in _CONTAINERS:
            ids = [each for each in (*item.sprints, *item.milestones) if each.kind == kind.value]
            if any(each not in self._world.containers for each in ids):
                return _UNREAD
            open_ones = (found for each in ids if (found := self._world.containers[each]).state is not _CLOSED)
            days = [each.ends_on for each in open_ones if each.ends_on]
            if days:
                return Need(min(days), source)
        return None

    def _need_of_outcomes(self, position: int) -> Need | Unknown | None:
        doubt = self._traces.doubt(position)
        if doubt is not None:
            return doubt
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


def _any(clauses: Iterable[Clause]) -> bool | Unknown:
    unknown: Unknown | None = None
    for clause in clauses:
        if isinstance(clause, str):
            return True
        if isinstance(clause, Unknown):
            unknown = unknown or clause
    return unknown or False


def _top(world: World) -> Iterator[int]:
    """Yield the first open items of each place that wants so many in play, by rank."""
    if not any(place.words.in_play_top for place in world.given.places.values()):
        return
    ranked: dict[object, list[tuple[str, int]]] = {}
    for position, item in enumerate(world.rows):
        if item.rank and world.lexicons[position].in_play_top and world.is_open(position):
            ranked.setdefault(item.place, []).append((item.rank, position))
    for found in ranked.values():
        top = world.lexicons[found[0][1]].in_play_top
        yield from (position for _, position in sorted(found)[:top])
