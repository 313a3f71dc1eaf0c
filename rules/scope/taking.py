"""Which baselines are to be taken now: of what began and has had its settling time."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from rules.facts.fact import FactContext
from rules.facts.table import context_at
from rules.language.calendar import Calendar
from rules.scope.beginnings import Beginning, beginnings_of
from rules.scope.holding import Held, baseline_of, children_of, held_by
from rules.scope.outcomes_then import OutcomesThen
from rules.scope.then import members_at, then_of
from rules.subjects import container_of, container_subject, item_subject, outcome_of, outcome_subject
from rules.world import World
from syncd.model.baselines import Baseline, Confidence, Member
from syncd.model.findings import About, Span, Subject
from syncd.model.items import Container, ContainerState
from syncd.model.truth import Unknown

SETTLING = Span(working_days=5)
"""So long after something began its plan may still be put together: what is there then was agreed."""
_TIMELY = timedelta(days=1)
"""A baseline that was due no longer ago is what is there now; an older one is what histories say was there."""
_LATELY = timedelta(weeks=4)
"""What closed longer ago is left as it was."""


def due_baselines(world: World, now: datetime, calendar: Calendar) -> tuple[Baseline, ...]:
    """Return the baselines that the World lacks and that are due; what could not be read now is left for later."""
    return tuple(_Taking(context_at(world, now, calendar)).due())


def stated_baseline(
    context: FactContext, subject: Subject, at: datetime, *, by: str, reason: str
) -> Baseline | Unknown | None:
    """Return the baseline that a person takes: of what a subject holds now, or held at an earlier instant, as far as
    histories tell. None where it is not there; unknown where it can't be read."""
    held, taking = held_by(context, subject), _Taking(context)
    if held is None or held.dark is not None:
        return held.dark if held is not None else None
    if at >= context.now:
        members = members_at(context, list(held.members), context.now, is_flat=subject.about == About.ITEM.value)
        confidence, at = Confidence.STATED, context.now
    else:
        found = taking.members_then(subject, held, at)
        if found is None:
            return Unknown("too many days at once")
        is_known = all(then_of(context.world).reaches(each, at) for each in held.members)
        members, confidence = found, Confidence.RECONSTRUCTED if is_known else Confidence.DATED
    began = beginning_of(context, subject)
    began_at = began.at if began is not None and began.at <= at else None
    return Baseline(of=subject, at=at, confidence=confidence, members=members, began_at=began_at, by=by, reason=reason)


class _Taking:
    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world: World = context.world
        self._beginnings = beginnings_of(context)
        self._then = then_of(context.world)
        self._outcomes = OutcomesThen(context)

    def due(self) -> Iterator[Baseline]:
        for subject in self._candidates():
            began = beginning_of(self._context, subject)
            due_at = self._due_at(began)
            if began is None or due_at is None or self._ends_before(subject, due_at):
                continue
            held = held_by(self._context, subject)
            if held is None or held.dark is not None:
                continue
            found = self._taken(subject, held, began, due_at)
            if found is not None:
                yield found

    def _candidates(self) -> Iterator[Subject]:
        """Yield what is alive and has no baseline yet."""
        lacking = (each for each in alive(self._context) if baseline_of(self._world, each, self._context.now) is None)
        return (each for each in lacking if not self._is_surely_forming(each))

    def _is_surely_forming(self, subject: Subject) -> bool:
        """Return whether something can't have settled yet; that is told without any history."""
        position = self._world.positions.get(subject.id) if subject.about == About.ITEM.value else None
        if position is None:
            return False
        begun = [each for each in (position, *children_of(self._world, position)) if self._beginnings.is_begun(each)]
        earliest = min((self._world.rows[each].created_at for each in begun), default=None)
        return earliest is None or self._due_at(Beginning(earliest)) is None

    def _due_at(self, began: Beginning | None) -> datetime | None:
        """Return when a baseline became due; None where it is not."""
        due_at = self._context.calendar.after(began.at, SETTLING) if began is not None else None
        return due_at if due_at is not None and due_at <= self._context.now else None

    def _ends_before(self, subject: Subject, at: datetime) -> bool:
        container = container_of(subject, self._world)
        return (
            container is not None
            and container.state is ContainerState.CLOSED
            and container.ends_on is not None
            and self._context.calendar.end(container.ends_on) < at
        )

    def _taken(self, subject: Subject, held: Held, began: Beginning, due_at: datetime) -> Baseline | None:
        if self._context.now - due_at <= _TIMELY:
            is_flat = subject.about == About.ITEM.value
            members = members_at(self._context, list(held.members), self._context.now, is_flat=is_flat)
            at, confidence = self._context.now, Confidence.OBSERVED
        else:
            # The last instant of the settling time, so that it has the day on which that ended.
            at = due_at - timedelta.resolution
            is_known = all(self._then.reaches(each, at) for each in held.members)
            if not is_known and self._is_still_read(held):
                return None
            found = self.members_then(subject, held, at)
            if found is None:
                return None
            members = found
            confidence = Confidence.RECONSTRUCTED if is_known and not began.is_guess else Confidence.DATED
        return Baseline(of=subject, at=at, confidence=confidence, members=members, began_at=began.at)

    def _is_still_read(self, held: Held) -> bool:
        """Return whether a place of some items was imported so lately that their histories may yet be told."""
        places = {self._world.rows[each].place for each in held.members}
        states = (self._world.given.states.get(place) for place in places)
        imported = [state.imported_at for state in states if state is not None and state.imported_at is not None]
        return any(self._context.calendar.after(at, SETTLING) > self._context.now for at in imported)

    def members_then(self, subject: Subject, held: Held, at: datetime) -> tuple[Member, ...] | None:
        """Return what a subject held at an instant; None: another pass has to find that out."""
        container = container_of(subject, self._world)
        if container is not None:
            found: Sequence[int] = self._then.in_container(held.members, container.id, at)
        elif subject.about == About.ITEM.value:
            found = self._then.below(self._world.positions[subject.id], at)
        else:
            return self._outcomes.members(subject.id.native_id, held, at)
        return members_at(self._context, found, at, is_flat=container is None)


def alive(context: FactContext) -> Iterator[Subject]:
    """Yield what can have a baseline taken: outcomes meant for now, containers that are open or closed lately, and
    open items with children."""
    world = context.world
    yield from (outcome_subject(each.id) for each in world.roadmap.outcomes if each.is_active)
    for container in world.containers.values():
        if _is_alive(context, container):
            yield container_subject(container.id)
    for position in world.children_of:
        if world.is_open(position) and world.darks[position] is None:
            yield item_subject(world.rows[position].id)


def _is_alive(context: FactContext, container: Container) -> bool:
    if container.state is not ContainerState.CLOSED:
        return container.state is ContainerState.ACTIVE
    return container.ends_on is not None and context.calendar.end(container.ends_on) + _LATELY > context.now


def beginning_of(context: FactContext, subject: Subject) -> Beginning | None:
    """Return when a subject began; None where it did not, or is not there."""
    world, beginnings = context.world, beginnings_of(context)
    outcome, container = outcome_of(subject, world), container_of(subject, world)
    if outcome is not None:
        return beginnings.of_outcome(outcome)
    if container is not None:
        held = held_by(context, subject)
        return beginnings.of_container(container, held.members if held is not None else ())
    position = world.positions.get(subject.id) if subject.about == About.ITEM.value else None
    return beginnings.of_parent(position) if position is not None else None


def is_begun(context: FactContext, subject: Subject) -> bool:
    """Return whether something that is alive began; told without any history."""
    world, beginnings = context.world, beginnings_of(context)
    outcome, container = outcome_of(subject, world), container_of(subject, world)
    if outcome is not None:
        return beginnings.of_outcome(outcome) is not None
    if container is not None:
        if not _is_alive(context, container) or container.starts_on is not None:
            return _is_alive(context, container) and beginnings.of_container(container, ()) is not None
        held = held_by(context, subject)
        return held is not None and any(map(beginnings.is_begun, held.members))
    position = world.positions.get(subject.id) if subject.about == About.ITEM.value else None
    if position is None or not world.is_open(position):
        return False
    children = [each for each in children_of(world, position) if not world.rows[each].is_change]
    return bool(children) and any(map(beginnings.is_begun, (position, *children)))
