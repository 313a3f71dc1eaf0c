"""What has to do with items that became others: what shares their backlog, tells of them, or holds them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from rules.facts.containers import Holdings
from rules.facts.outcomes.serving import Serving
from rules.facts.period_work import PeriodWork
from rules.facts.play import Play
from rules.facts.table import context_at
from rules.facts.teams import Teams
from rules.facts.trace.levels import levels_of
from rules.facts.work import Records
from rules.incremental.patching import Patch, newest
from rules.incremental.reach import near_of, onward
from rules.incremental.ways import Ways
from rules.language.calendar import Calendar
from rules.subjects import container_subject, outcome_subject, rings_of, team_subject, teams_of
from rules.world import NOWHERE, World
from syncd.model.findings import About, Subject
from syncd.model.identity import ItemId, Ref
from syncd.model.items import Item, StatusCategory

Made = TypeVar("Made")


def others_of(world: World, patch: Patch, told: set[int], now: datetime, calendar: Calendar) -> set[Subject]:
    """Return what is no item and has to do with some items, now or before; ``told`` say something else now.

    What outcomes, containers and teams hold is brought up to date with it.
    """
    rows, lexicons, outcomes = world.rows, world.lexicons, world.roadmap.outcomes
    numbers = _again(world, patch, told, now, calendar)
    found = {outcome_subject(outcomes[number].id) for number in numbers}
    named, agreed = _named_by_outcomes(world), _agreed_of(world)
    for position in told:
        for item in (rows[position], patch.before.get(position)):
            if item is not None:
                found.update(map(container_subject, (*item.sprints, *item.milestones)))
                found.add(team_subject(lexicons[position].team(item)))
        found.update(named.get(position, ()))
        found.update(agreed.get(rows[position].id, ()))
    found.update(Subject(About.DEPENDENCY.value, rows[position].id) for position in patch.rings)
    moved = told | patch.rings
    rings = (knot.ring[0] for knot in world.knots if not knot.members.isdisjoint(moved))
    return found | {Subject(About.DEPENDENCY.value, rows[first].id) for first in rings}


def rank_again(world: World, before: Mapping[int, Item]) -> Iterator[int]:
    """Yield what shares a ranked backlog with items whose rank there is another one than before."""
    done = StatusCategory.DONE
    places = {
        old.place
        for position, old in before.items()
        if world.lexicons[position].in_play_top
        and (old.rank, old.status_category is done) != (world.rows[position].rank, not world.is_open(position))
    }
    if places:
        yield from (position for position, item in enumerate(world.rows) if item.rank and item.place in places)


def retold(world: World, before: Mapping[int, Item], ways: Ways) -> set[int]:
    """Return what may tell of changed items as steps of its way to an outcome."""
    if not ways.paths:
        return set()
    rows = world.rows
    renamed = {at for at, old in before.items() if any(getattr(old, each) != getattr(rows[at], each) for each in _STEP)}
    found = onward(renamed, world.children_of)
    return found | {other for each in found for other in near_of(world).linked.get(each, NOWHERE)}


_STEP = ("title", "url", "restricted")


def every_other(world: World) -> set[Subject]:
    """Return all that is judged and is no item."""
    outcomes = [outcome_subject(outcome.id) for outcome in world.roadmap.outcomes]
    containers = map(container_subject, world.containers)
    return {*rings_of(world), *outcomes, *containers, *map(team_subject, teams_of(world))}


def _again(world: World, patch: Patch, told: set[int], now: datetime, calendar: Calendar) -> set[int]:
    """Bring up to date what outcomes, teams and containers hold; return the outcomes, by number, that are concerned."""
    context = context_at(world, now, calendar)
    found = {number for position in told for number in levels_of(world).reached[position]}
    found.update(number for numbers in patch.traced.values() for number in numbers)
    again = _Again(world, patch, now, calendar)
    if (play := again.found("play", Play)) is not None:
        is_ranked_anew = next(rank_again(world, patch.before), None) is not None
        play.read_again(context, told, is_ranked_anew=is_ranked_anew)
    if (records := again.found("work records", Records)) is not None:
        records.read_again(context, told)
    if (serving := again.found("serving", Serving)) is not None:
        found |= serving.read_again(context, told)
    if (teams := again.found("teams", Teams)) is not None:
        teams.read_again(context, patch.before)
    if (holdings := again.found("holdings", Holdings)) is not None:
        holdings.read_again(context, patch.before)
    if (period_work := again.found("period work", PeriodWork)) is not None:
        period_work.read_again(context, told)
    return found


class _Again:
    """Hands what was made of a World before on to the World as it is now."""

    def __init__(self, world: World, patch: Patch, now: datetime, calendar: Calendar) -> None:
        self._world = world
        self._patch = patch
        self._moment = now, calendar

    def found(self, name: str, of: type[Made]) -> Made | None:
        """Return what was made by a name, which is kept for the present moment; None where nobody asked for it."""
        found = newest(self._patch.made, name, of, self._moment[1])
        if found is not None:
            self._world.made[(name, *self._moment)] = found
        return found


def _named_by_outcomes(world: World) -> dict[int, list[Subject]]:
    """Return, by item, the outcomes that the roadmap hangs on it, or whose gate it is."""

    def make() -> dict[int, list[Subject]]:
        found: dict[int, list[Subject]] = {}
        for outcome in world.roadmap.outcomes:
            refs: Iterator[Ref] = iter((*outcome.tracked_in.items, *(ref for _, ref in outcome.launch.gates)))
            for item_id in map(world.references.find, refs):
                position = world.positions.get(item_id) if item_id is not None else None
                if position is not None:
                    found.setdefault(position, []).append(outcome_subject(outcome.id))
            for told in world.roadmap.contradictions.get(outcome.id, ()):
                if told.item is not None and told.item in world.positions:
                    found.setdefault(world.positions[told.item], []).append(outcome_subject(outcome.id))
        return found

    return world.once("named by outcomes", make)


def _agreed_of(world: World) -> dict[ItemId, list[Subject]]:
    """Return, by item, what it was agreed to be in."""

    def make() -> dict[ItemId, list[Subject]]:
        found: dict[ItemId, list[Subject]] = {}
        for subject, baselines in world.given.baselines.items():
            for member in {member.item for baseline in baselines for member in baseline.members}:
                found.setdefault(member, []).append(subject)
        return found

    return world.once("agreed of", make)
