"""Which items serve which outcomes of the roadmap, known for sure, and what may be missing."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from rules.facts.fact import FactContext
from rules.facts.together import Listed, Work, first_dark, growth
from rules.facts.trace.names import NONE, Outcomes
from rules.facts.trace.state import traces_of
from rules.facts.work import WorkRecord, records_of
from rules.roadmap.told import is_outcome
from syncd.model.items import Item
from syncd.model.truth import Unknown


class Serving:
    """The work of all outcomes of a World, by their numbers."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world = context.world
        self._traces = traces_of(context)
        self._members: list[list[int]] = [[] for _ in context.world.roadmap.outcomes]
        self._dark = first_dark(context.world)
        self._doubts: list[int] = []
        self._served: list[Outcomes] = [NONE] * len(context.world.rows)
        for position in range(len(context.world.rows)):
            served = self._served_by(position)
            if isinstance(served, Unknown):
                self._doubts.append(position)
            elif served:
                self._served[position] = served
                for number in served:
                    self._members[number].append(position)
        self._made: dict[int, Work] = {}

    def read_again(self, context: FactContext, positions: Iterable[int]) -> set[int]:
        """Take in, in place, that something of some items is another one now; return the outcomes, by their numbers,
        that these served or serve: all of them where it is another item that keeps them from being sure.
        """
        found, before = set[int](), self._doubtful
        self._context, self._made = context, {}
        for position in positions:
            for members in (*(self._members[number] for number in self._served[position]), self._doubts):
                at = bisect_left(members, position)
                if at < len(members) and members[at] == position:
                    del members[at]
            found.update(self._served[position])
            served = self._served_by(position)
            self._served[position] = NONE if isinstance(served, Unknown) else served
            for members in [self._doubts] if isinstance(served, Unknown) else map(self._members.__getitem__, served):
                insort(members, position)
            found.update(self._served[position])
        return found if self._doubtful == before else set(range(len(self._members)))

    def _served_by(self, position: int) -> Outcomes | Unknown:
        """Return the outcomes that an item serves; unknown of an open one that may serve any."""
        reached, state = self._traces.levels.reached[position], self._traces.states[position]
        doubt = self._traces.doubt(position) if reached or isinstance(state, Unknown) else None
        if doubt is not None:
            return doubt if self._world.is_open(position) else NONE
        if not reached or state == "ambiguous" or self._is_no_work(self._world.rows[position]):
            return NONE
        return reached

    @property
    def _doubtful(self) -> Unknown | None:
        return self._traces.doubt(self._doubts[0]) if self._doubts else None

    def _is_no_work(self, item: Item) -> bool:
        """Return whether an item is a change, or itself states an outcome."""
        return item.is_change or is_outcome(self._world, item)

    def work(self, number: int) -> Work:
        """Return what serves an outcome."""
        found = self._made.get(number)
        if found is None:
            members = self._members[number]
            found = Work(self._context, members, dark=self._dark, doubtful=self._doubtful)
            self._made[number] = found
        return found

    def added(self, number: int) -> Listed:
        """Return what serves an outcome and was created after the period's first day."""
        return self.work(number).listed(self._added(number))

    def growth(self, number: int) -> float | Unknown | None:
        """Return how much that is, beside what is older."""
        if self._world.roadmap.period is None:
            return None
        work = self.work(number)
        return work.dark or growth(len(list(self._added(number))), len(work.counted))

    def _added(self, number: int) -> Iterator[int]:
        period, calendar = self._world.roadmap.period, self._context.calendar
        if period is not None:
            for position in self.work(number).counted:
                if calendar.day(self._world.rows[position].created_at) > period.starts_on:
                    yield position

    def linked_before_change(self, number: int) -> tuple[WorkRecord | Unknown, ...]:
        """Return the open work that was linked to an outcome before that became another one."""
        return self.work(number).open_listed(lambda position: self._traces.changed_since(number, position))

    def tracked(self, number: int) -> Listed:
        """Return the items that the roadmap hangs an outcome on; one that can't be found stands as unknown."""
        records, world = records_of(self._context), self._world
        found: list[WorkRecord | Unknown] = []
        unknown: Unknown | None = None
        for ref in world.roadmap.outcomes[number].tracked_in.items:
            item_id = world.references.find(ref)
            position = world.positions.get(item_id) if item_id is not None else None
            if position is not None:
                found.append(records.at(position))
            else:
                place = world.place_named(ref, None)
                dark = world.is_dark(place) if place is not None else self._dark
                unknown = unknown or dark
        return (*found, unknown) if unknown else tuple(found)


def serving_of(context: FactContext) -> Serving:
    """Return which items of a context's World serve which outcomes at its moment."""
    key = ("serving", context.now, context.calendar)
    return context.world.once(key, lambda: Serving(context))
