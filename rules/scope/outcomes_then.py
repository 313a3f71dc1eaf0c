"""What served outcomes at an instant that is over: the World is built as of it, which costs as much as building one."""

from datetime import datetime

from rules.facts.fact import FactContext
from rules.facts.outcomes.facts import numbers_of
from rules.facts.outcomes.serving import serving_of
from rules.facts.table import context_at
from rules.past.asof import as_of
from rules.scope.holding import Held
from rules.scope.then import member_at, then_of
from rules.subjects import outcomes_by_id
from rules.world import build_world
from syncd.model.baselines import Member

_MOST_DAYS = 2
"""For so many instants a World is built in a pass; the next one goes on."""


class OutcomesThen:
    """The members of outcomes at past instants, for a few instants."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._built: dict[datetime, FactContext] = {}

    def members(self, outcome_id: str, held: Held, at: datetime) -> tuple[Member, ...] | None:
        """Return what served an outcome; what is not known of then is taken to be as now. None: ask another time."""
        past = self._at(at)
        if past is None:
            return None
        numbers = numbers_of(past.world)
        outcome = outcomes_by_id(self._context.world).get(outcome_id)
        names = (outcome_id, *(outcome.was if outcome is not None else ()))
        number = next((numbers[each] for each in names if each in numbers), None)
        then = serving_of(past).work(number) if number is not None else None
        rows, now = past.world.rows, self._context.world
        members = {rows[each].id for each in then.members} if then is not None else set()
        counted = {rows[each].id for each in then.counted} if then is not None else set()
        reaches, counted_now = then_of(now).reaches, set(held.counted)
        for each in held.members:
            item = now.rows[each]
            if item.created_at <= at and (number is None or not reaches(each, at)):
                members.add(item.id)
                counted.update({item.id} if each in counted_now else ())
        positions = sorted(now.positions[each] for each in members if each in now.positions)
        ids = [now.rows[each].id for each in positions]
        return tuple(
            member_at(now, position, at, is_counted=item_id in counted)
            for position, item_id in zip(positions, ids, strict=True)
        )

    def _at(self, at: datetime) -> FactContext | None:
        if at not in self._built and len(self._built) < _MOST_DAYS:
            given, _ = as_of(self._context.world.given, at, calendar=self._context.calendar)
            self._built[at] = context_at(build_world(given), at, self._context.calendar)
        return self._built.get(at)
