"""Chains of open blockers: from an item, step by step, to what waits for nothing itself."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from rules.facts.dependencies.lateness import latenesses_of
from rules.facts.dependencies.records import BlockerRecord, blocker_records_of
from rules.facts.fact import FactContext
from rules.facts.needs import Day
from rules.waiting import Web, waiting_of
from syncd.model.truth import Unknown

CHAIN = 25
"""So many items of a chain are listed: the first ones and the last."""
ROOTS = 10
"""So many root blockers are listed: the first by key."""


Found = tuple[BlockerRecord | Unknown, ...]


class Climb:
    """The ways up one web, by part. ``onward`` is the blocker by which the longest chain goes on, ``length`` how many
    follow, ``last`` the one at its end, ``roots`` the first of all that are at an end, ``doubt`` why something above
    may not be known. A ring counts as one step, told as the member by which the chain comes into it.
    """

    def __init__(self, web: Web) -> None:
        count = len(web.parts)
        self.onward: list[int | None] = [None] * count
        self.length = [0] * count
        self.last: list[int | None] = [None] * count
        self.roots: list[tuple[int, ...]] = [()] * count
        self.doubt: list[Unknown | None] = [None] * count
        for number in reversed(range(count)):
            self._take(web, number)

    def _take(self, web: Web, number: int) -> None:
        above = web.above(number)
        part_of, length = web.part_of, self.length
        unread = (web.unread_above.get(each) for each in web.parts[number])
        self.doubt[number] = next((each for each in unread if each is not None), None)
        if not above:
            return
        best = min(above, key=lambda each: (-length[part_of[each]], each))
        into = part_of[best]
        self.onward[number], self.length[number] = best, length[into] + 1
        self.last[number] = self.last[into] if self.last[into] is not None else best
        if len(above) == 1:
            self.roots[number] = self.roots[into] or web.parts[into][:1]
        else:
            ends = {end for each in above for end in self.roots[part_of[each]] or web.parts[part_of[each]][:1]}
            self.roots[number] = tuple(sorted(ends)[:ROOTS])
        doubts = (self.doubt[part_of[each]] for each in above)
        self.doubt[number] = self.doubt[number] or next((each for each in doubts if each is not None), None)


class Chains:
    """The chains above the items of a World."""

    def __init__(self, context: FactContext) -> None:
        self._world = context.world
        self._waiting = waiting_of(context.world)
        self._records = blocker_records_of(context)
        self._lateness = latenesses_of(context)
        self._climbs: dict[int, Climb] = {}
        self._late: dict[tuple[int, int], BlockerRecord] = {}

    def climb(self, web: Web) -> Climb:
        """Return the ways up a web."""
        found = self._climbs.get(web.nodes[0])
        if found is None:
            found = self._climbs[web.nodes[0]] = Climb(web)
        return found

    def doubt(self, position: int) -> Unknown | None:
        """Return why something above an open item may not be known."""
        web = self._waiting.web(position)
        return self.climb(web).doubt[web.part_of[position]] if web is not None else self._waiting.why_alone(position)

    def length(self, position: int) -> int | Unknown:
        """Return how many items the longest chain above an item has."""
        web = self._waiting.web(position)
        if web is None:
            return self._waiting.why_alone(position) or 0
        climb, number = self.climb(web), web.part_of[position]
        return climb.doubt[number] or climb.length[number]

    def chain(self, position: int) -> Found:
        """Return the longest chain above an item, what it waits for first; of a very long one not all."""
        web = self._waiting.web(position)
        if web is None:
            return self._end(self._waiting.why_alone(position))
        climb, number = self.climb(web), web.part_of[position]
        way = list(self._way(web, climb, number, CHAIN))
        found = self.put([position, *way])[1:]
        last = climb.last[number]
        if climb.length[number] > CHAIN and last is not None:
            found[-1] = self._records.at(last)
        return (*found, *self._end(climb.doubt[number]))

    def roots(self, position: int) -> Found:
        """Return what is at the ends of all chains above an item."""
        web = self._waiting.web(position)
        if web is None:
            return self._end(self._waiting.why_alone(position))
        climb, number = self.climb(web), web.part_of[position]
        return (*map(self._records.at, climb.roots[number]), *self._end(climb.doubt[number]))

    def put(self, chain: list[int]) -> list[BlockerRecord]:
        """Return the records of a chain, each late as it is for the one before it."""
        found = [self._records.at(chain[0])] if chain else []
        for waiting, blocker in pairwise(chain):
            record = self._late.get((blocker, waiting))
            if record is None:
                record = self._records.at(blocker, self._lateness.of_pair(blocker, waiting))
                self._late[blocker, waiting] = record
            found.append(record)
        return found

    def _way(self, web: Web, climb: Climb, number: int, most: int) -> Iterator[int]:
        onward = climb.onward[number]
        while onward is not None and most > 0:
            yield onward
            onward, most = climb.onward[web.part_of[onward]], most - 1

    def _end(self, doubt: Unknown | None) -> tuple[Unknown, ...]:
        return (doubt,) if doubt is not None else ()


class Driving:
    """The chains that set a date, in one web: at each step the blocker that is done last, then the longest way."""

    def __init__(self, web: Web, climb: Climb, expected: Callable[[int], Day]) -> None:
        self._web = web
        count = len(web.parts)
        self.latest: list[Day] = [None] * count
        self.doubt: list[Unknown | None] = [None] * count
        self._onward: list[int | None] = [None] * count
        for number in reversed(range(count)):
            above = web.above(number)
            own = [expected(each) for each in web.parts[number]]
            self.latest[number] = later(*own, *(self.latest[web.part_of[each]] for each in above))
            doubts = (climb.doubt[number], *own, *(self.doubt[web.part_of[each]] for each in above))
            self.doubt[number] = next((each for each in doubts if isinstance(each, Unknown)), None)
            if above:
                self._onward[number] = max(above, key=lambda each: self._rank(climb, each))

    def _rank(self, climb: Climb, position: int) -> tuple[int, int, int]:
        number = self._web.part_of[position]
        return ordinal(self.latest[number]), climb.length[number], -position

    def way(self, position: int) -> Iterator[int]:
        """Yield what sets when an item can be done, nearest first."""
        onward = self._onward[self._web.part_of[position]]
        while onward is not None:
            yield onward
            onward = self._onward[self._web.part_of[onward]]


def later(*days: Day) -> Day:
    """Return the last of some days that are known; unknown where none is, and one may be."""
    known = [day for day in days if day is not None and not isinstance(day, Unknown)]
    unknown = next((day for day in days if isinstance(day, Unknown)), None)
    return max(known) if known else unknown


def ordinal(day: Day) -> int:
    """Return what puts days in order; what has none is first."""
    return 0 if day is None or isinstance(day, Unknown) else day.toordinal()


def chains_of(context: FactContext) -> Chains:
    """Return the chains of a context's World at its moment."""
    key = ("chains", context.now, context.calendar)
    return context.world.once(key, lambda: Chains(context))
