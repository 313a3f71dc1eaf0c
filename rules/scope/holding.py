"""What a subject holds now: what serves an outcome, what is in a container, the children of an item."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from rules.facts.containers import holdings_of
from rules.facts.fact import FactContext
from rules.facts.outcomes.facts import numbers_of
from rules.facts.outcomes.serving import serving_of
from rules.subjects import container_of, outcome_of
from rules.world import NOWHERE, World
from syncd.model.baselines import Baseline
from syncd.model.findings import About, Subject
from syncd.model.truth import Unknown


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Items by position. ``counted``: where a child is a member, too, its parent is not counted beside it.

    ``dark``: why a part may not be known at all. ``doubtful``: that, or why single items may belong to it or may not.
    """

    members: Collection[int] = ()
    counted: Sequence[int] = ()
    dark: Unknown | None = None
    doubtful: Unknown | None = None


def held_by(context: FactContext, subject: Subject) -> Held | None:
    """Return what a subject holds at the moment of a context; None where it is not there, or can hold nothing."""
    world = context.world
    if subject.about == About.OUTCOME.value:
        number = numbers_of(world).get(subject.id.native_id)
        if number is None:
            return None
        work = serving_of(context).work(number)
        return Held(members=work.members, counted=work.counted, dark=work.dark, doubtful=work.doubtful)
    container = container_of(subject, world)
    if container is not None:
        work = holdings_of(context).work(container)
        return Held(members=work.members, counted=work.counted, dark=work.dark, doubtful=work.doubtful)
    position = world.positions.get(subject.id) if subject.about == About.ITEM.value else None
    return _children(world, position) if position is not None else None


def _children(world: World, position: int) -> Held:
    """Return the children of an item, each counted as one, whatever is below it."""
    children = [each for each in dict.fromkeys(children_of(world, position)) if not world.rows[each].is_change]
    dark = world.darks[position] or next((why for each in children if (why := world.darks[each]) is not None), None)
    found = [each for each in children if world.darks[each] is None]
    return Held(members=dict.fromkeys(found), counted=found, dark=dark, doubtful=dark)


def children_of(world: World, position: int) -> Sequence[int]:
    """Return the positions of an item's children, changes among them."""
    return world.children_of.get(position, NOWHERE)


def baselines_of(world: World, subject: Subject) -> Sequence[Baseline]:
    """Return the baselines of a subject, oldest first; of an outcome those of the ids that it had, too."""
    taken = world.given.baselines
    outcome = outcome_of(subject, world)
    if outcome is None or not outcome.was:
        return taken.get(subject, ())
    names = {each.casefold() for each in (outcome.id, *outcome.was)}
    alike = (each for each in taken if each.about == subject.about and each.id.native_id.casefold() in names)
    return sorted((baseline for each in alike for baseline in taken[each]), key=lambda baseline: baseline.at)


def baseline_of(world: World, subject: Subject, now: datetime) -> Baseline | None:
    """Return the newest baseline of a subject that was taken by then: it supersedes those before it."""
    return next((each for each in reversed(baselines_of(world, subject)) if each.at <= now), None)
