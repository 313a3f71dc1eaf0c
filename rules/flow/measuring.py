"""How much work was finished lately, and how long it took."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from rules.facts.fact import FactContext
from rules.facts.outcomes.serving import serving_of
from rules.facts.teams import teams_of
from rules.flow.pace import Life, Pace, pace_of
from rules.flow.progress import progress_of
from rules.flow.weeks import Weeks
from rules.subjects import teams_of as names_of_teams
from rules.world import World
from syncd.model.items import Item, StatusCategory
from syncd.model.snapshots import Flow
from syncd.model.truth import Unknown

_DONE = StatusCategory.DONE
NONE: Mapping[int, datetime] = {}


class Ended(msgspec.Struct, frozen=True):
    """Of the done items of a World, by position: the lives of those that were finished in the weeks measured, and
    which of them nobody can date."""

    lives: Mapping[int, Life]
    undated: frozenset[int]


def outcome_flows(context: FactContext) -> Mapping[str, Flow]:
    """Return the flow of each outcome's work, by its id."""
    return {outcome_id: pace.flow for outcome_id, pace in outcome_paces(context).items()}


def outcome_paces(context: FactContext) -> Mapping[str, Pace]:
    """Return the pace of each outcome's work, by its id."""
    key = ("paces of outcomes", context.now, context.calendar)
    return context.world.once(key, lambda: _outcome_paces(context))


def _outcome_paces(context: FactContext) -> Mapping[str, Pace]:
    serving, outcomes = serving_of(context), context.world.roadmap.outcomes
    forecast = [number for number, outcome in enumerate(outcomes) if outcome.is_active]
    begun = _begun(context, (position for number in forecast for position in serving.work(number).open))
    measure = _Measure(context, begun)
    found: dict[str, Pace] = {}
    for number, outcome in enumerate(outcomes):
        work = serving.work(number)
        found[outcome.id] = Pace(flow=Flow(unknown=work.dark.reason)) if work.dark else measure.of(work.counted)
    return found


def team_flows(context: FactContext) -> Mapping[str, Flow]:
    """Return the flow of each team's work, by its name; a parent of other items is not counted beside them."""
    world, measure, teams = context.world, _Measure(context), teams_of(context)
    members: dict[str, list[int]] = {name: [] for name in names_of_teams(world)}
    for position, item in enumerate(world.rows):
        if _is_done_work(world, position, item) and position not in world.children_of:
            found = members.get(world.lexicons[position].team(item))
            if found is not None:
                found.append(position)
    darks = {name: teams.work(name).dark for name in members}
    return {
        # What was added to a team is its backlog, not the growth of anything.
        name: Flow(unknown=dark.reason) if (dark := darks[name]) else replace(measure.of(done).flow, arrived=())
        for name, done in members.items()
    }


class _Measure:
    """Measures items of a World, by position."""

    def __init__(self, context: FactContext, begun: Mapping[int, datetime] = NONE) -> None:
        self._begun = begun
        self._rows = context.world.rows
        self._now = context.now
        self._calendar = context.calendar
        self._weeks = Weeks(context.calendar, context.now)
        self._ended = ended_of(context)

    def of(self, positions: Iterable[int]) -> Pace:
        """Return the pace of some items."""
        undated = self._ended.undated.intersection(positions)
        lives = [self._life(each) for each in positions if each not in undated]
        return pace_of(lives, self._weeks, self._calendar, undated_count=len(undated))

    def _life(self, position: int) -> Life:
        known = self._ended.lives.get(position)
        if known is not None:
            return known
        item, begun_at = self._rows[position], self._begun.get(position)
        finished_at = None
        if item.status_category is _DONE:
            # What nobody touched since the weeks began was finished before.
            at = item.closed_at or item.updated_at
            finished_at = at if at <= self._now else None
        return Life(created_at=item.created_at, begun_at=begun_at, finished_at=finished_at)


def ended_of(context: FactContext) -> Ended:
    """Return how the items went that were finished in the weeks measured; only their histories are read, in order."""
    key = ("ended", context.now, context.calendar)
    return context.world.once(key, lambda: _ended(context))


def _ended(context: FactContext) -> Ended:
    world, progress, starts_at = context.world, progress_of(context), Weeks(context.calendar, context.now).starts_at
    lives: dict[int, Life] = {}
    undated: set[int] = set()
    for position, item in enumerate(world.rows):
        # What nobody touched since can't have been finished since.
        if not _is_done_work(world, position, item) or (item.closed_at or item.updated_at) < starts_at:
            continue
        finished_at = progress.finished_at(position)
        if isinstance(finished_at, Unknown):
            undated.add(position)
        elif finished_at is not None:
            begun_at = progress.begun_at(position)
            begun_at = begun_at if isinstance(begun_at, datetime) else None
            lives[position] = Life(created_at=item.created_at, begun_at=begun_at, finished_at=finished_at)
    return Ended(lives, frozenset(undated))


def _is_done_work(world: World, position: int, item: Item) -> bool:
    return item.status_category is _DONE and not item.is_change and world.darks[position] is None


def _begun(context: FactContext, positions: Iterable[int]) -> Mapping[int, datetime]:
    """Return when those of some open items were begun that are in progress; only their histories are read, in order."""
    progress = progress_of(context)
    found = {each: progress.begun_at(each) for each in sorted(set(positions)) if progress.is_going_on(each)}
    return {position: at for position, at in found.items() if isinstance(at, datetime)}
