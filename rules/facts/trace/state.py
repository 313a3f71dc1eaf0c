"""The state that an item's evidence comes to: the first that fits; what can't be known accuses nobody."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal, TypeVar, get_args

import numpy as np

from rules.columns import TruthColumns
from rules.facts.fact import FactContext
from rules.facts.table import FactTable
from rules.facts.trace.levels import FAR, levels_of, stale_naming, union
from rules.facts.trace.names import Outcomes
from rules.facts.trace.nearest import Nearest, nearest
from rules.language.calendar import Calendar
from rules.language.conditions import NO_SETS
from rules.language.matchers import Moment
from rules.roadmap.changes import changed_at, changed_since
from rules.roadmap.loader import MATCH_FACTS, Exemption, Standing
from rules.roadmap.told import is_outcome
from rules.world import NOWHERE, World
from syncd.model.findings import About, Subject
from syncd.model.truth import Truth, Unknown

State = Literal["exempt", "contradicted", "outcome_changed", "traced", "broken", "ambiguous", "inactive", "unlinked"]
Work = TypeVar("Work", Standing, Exemption)

STATES: tuple[State, ...] = get_args(State)


class Traces:
    """The state of every item of a World, by position; which standing or exempt work made it so."""

    def __init__(self, world: World, now: datetime, calendar: Calendar) -> None:
        self.world = world
        self.levels = levels_of(world)
        self.is_active = [outcome.is_active for outcome in world.roadmap.outcomes]
        self._changed = {
            number for number, active in enumerate(self.is_active) if active and changed_at(world, number) is not None
        }
        self._moment = Moment(now, calendar)
        every = range(len(world.rows))
        matching = _Matching(world, self._moment, every)
        today = calendar.day(now)
        self._exemptions = [each for each in world.roadmap.exempt if each.until is None or today <= each.until]
        self._exempt = matching.first(self._exemptions)
        self.standing_work = matching.first(world.roadmap.standing)
        """By position: the standing work that an item is, whether or not that is what makes it traced."""
        self._stale = stale_naming(self.levels) if self.levels.closed else None
        self.standing: dict[int, Standing] = {}
        self.exempt: dict[int, Exemption] = {}
        self.states: list[State | Unknown] = [self._state(position) for position in every]

    @property
    def asks_when_linked(self) -> bool:
        """Return whether an outcome became another one: then every step of a way to it is asked for its age."""
        return bool(self._changed)

    def read_again(self, changed: Sequence[int], positions: Iterable[int]) -> None:
        """Work out the states of some items again, of which ``changed`` became others, on the same day."""
        matching = _Matching(self.world, self._moment, changed)
        for position in changed:
            self._exempt.pop(position, None)
            self.standing_work.pop(position, None)
        self._exempt.update(matching.first(self._exemptions))
        self.standing_work.update(matching.first(self.world.roadmap.standing))
        for position in positions:
            self.standing.pop(position, None)
            self.exempt.pop(position, None)
            self.states[position] = self._state(position)

    def _state(self, position: int) -> State | Unknown:
        dark = self.world.darks[position]
        if dark is not None:
            return dark
        levels = self.levels
        level, reached = levels.level[position], levels.reached[position]
        has_active = any(self.is_active[outcome] for outcome in reached)
        if not has_active and position in self._exempt:
            self.exempt[position] = self._exempt[position]
            return "exempt"
        if level == 1:
            return self._named(position, has_active)
        if has_active and (level == 2 or len(reached) == 1):
            return self._traced(position, reached)
        if not level and position in self.standing_work and not levels.names.broken(position):
            self.standing[position] = self.standing_work[position]
            return "traced"
        return levels.doubt(position) or self._dark_link(position) or self._untraced(position, level, reached)

    def _named(self, position: int, has_active: bool) -> State | Unknown:
        """Return the state of an item that names outcomes itself."""
        levels = self.levels
        named, inherited = levels.gives[position], levels.inherited(position)
        far = levels.unreadable.distance.get(position, FAR)
        is_apart = bool(inherited) and _is_apart(named, inherited) and levels.naming.distance[position] < far
        if is_apart and not is_outcome(self.world, self.world.rows[position]):
            return levels.unsaid.get(position) or "contradicted"
        if self._stale is not None and far < FAR:
            gives, naming = self._stale
            above = naming.origins.get(position, NOWHERE)
            if above and _is_apart(named, union(gives[each] for each in above)):
                return levels.unreadable_reason(levels.unreadable.origins[position][0])
        return self._traced(position, named) if has_active else self._untraced(position, 1, named)

    def _traced(self, position: int, reached: Outcomes) -> State:
        """Return whether an active outcome that an item serves is another one than when it was linked."""
        changed = (each for each in reached if each in self._changed) if self._changed else ()
        return "outcome_changed" if any(self.changed_since(each, position) is True for each in changed) else "traced"

    def changed_since(self, outcome: int, position: int) -> bool | Unknown:
        """Return whether an outcome (by its number) changed after the item was linked to it."""
        return changed_since(self.world, outcome, position) if outcome in self._changed else False

    def doubt(self, position: int) -> Unknown | None:
        """Return why it is not known what decides for an item, whatever its state; None where it is."""
        state = self.states[position]
        if isinstance(state, Unknown):
            return state
        return (
            None
            if self.levels.level[position] == 2 and not self.levels.hides(position)
            else self.levels.doubt(position)
        )

    def _dark_link(self, position: int) -> Unknown | None:
        """Return why it is not known what a typed link leads to: it led to an outcome when it was last read, or what
        decides for it can't be read.
        """
        levels = self.levels
        for _, target in levels.links.get(position, ()):
            if target not in levels.closed:
                reason = levels.doubt(target)
            else:
                reason = self.world.darks[target] if self._led_on(target) else None
            if reason is not None:
                return reason
        return None

    def _led_on(self, target: int) -> bool:
        """Return whether an item, or what it is below, led to an outcome when all of it was last read."""
        gives, naming = self._stale or ({}, None)
        is_named = target in gives or (naming is not None and target in naming.origins)
        return is_named or target in self.levels.milestones.outcomes or target in self._stale_milestones.origins

    @cached_property
    def _stale_milestones(self) -> Nearest:
        return nearest(self.levels.milestones.outcomes.keys(), self.world.children_of)

    def _untraced(self, position: int, level: int, reached: Outcomes) -> State | Unknown:
        if origins := self.levels.broken_origins(position):
            names_outcome = any(self.levels.names.broken(each) for each in origins)
            return (self.world.roadmap.unread if names_outcome else None) or "broken"
        if level in (3, 4) and len(reached) > 1:
            return "ambiguous"
        return "inactive" if reached else "unlinked"


def _is_apart(some: Outcomes, others: Outcomes) -> bool:
    return not set(some) & set(others)


class _Matching:
    """Judges the conditions of the roadmap for some items at once."""

    def __init__(self, world: World, moment: Moment, positions: Sequence[int]) -> None:
        self._world = world
        self._moment = moment
        self._positions = positions

    @cached_property
    def _columns(self) -> TruthColumns:
        rows = self._world.rows
        subjects = [Subject(About.ITEM.value, rows[position].id) for position in self._positions]
        now, calendar = self._moment.now, self._moment.calendar
        table = FactTable(MATCH_FACTS, world=self._world, subjects=subjects, now=now, calendar=calendar)
        return TruthColumns(table, self._moment, NO_SETS)

    def first(self, works: Sequence[Work]) -> dict[int, Work]:
        """Return, by position, the first of several kinds of work whose condition holds."""
        found: dict[int, Work] = {}
        for work in reversed(works):
            held = np.flatnonzero(self._columns.truth(work.match) == Truth.YES)
            found.update(dict.fromkeys([self._positions[each] for each in held.tolist()], work))
        return found


def traces_of(context: FactContext) -> Traces:
    """Return the traces of a context's World at its moment, made once."""
    world, now, calendar = context.world, context.now, context.calendar
    return world.once(("traces", now, calendar), lambda: Traces(world, now, calendar))
