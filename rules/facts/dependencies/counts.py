"""How many open items wait for an item, directly and by way of others."""

from rules.facts.fact import FactContext
from rules.waiting import Web, waiting_of
from rules.world import World
from syncd.model.truth import Unknown

MOST = 100
"""No more are counted: where as many wait, or more, it is this."""


class Below:
    """What waits for each part of a web; None where that is so much that nobody counts it."""

    def __init__(self, web: Web, world: World) -> None:
        self.items: list[frozenset[int] | None] = []
        self.doubt: list[Unknown | None] = []
        self._web = web
        self._world = world
        for number, part in enumerate(web.parts):
            below = list(dict.fromkeys(web.part_of[each] for each in web.below(number)))
            self.items.append(self._joined(below))
            doubts = (*(web.unread_below.get(each) for each in part), *(self.doubt[each] for each in below))
            self.doubt.append(next((each for each in doubts if each is not None), None))

    def _joined(self, below: list[int]) -> frozenset[int] | None:
        found: set[int] = set()
        for number in below:
            others = self.items[number]
            if others is None:
                return None
            found |= others
            found.update(self.work(number))
            if len(found) >= MOST:
                return None
        return frozenset(found)

    def work(self, number: int) -> list[int]:
        """Return the items of a part that are no changes."""
        return [each for each in self._web.parts[number] if self._world.is_open(each)]


class Counts:
    """How many open items wait for the items of a World."""

    def __init__(self, context: FactContext) -> None:
        self._world = context.world
        self._waiting = waiting_of(context.world)
        self._below: dict[int, Below] = {}

    def in_all(self, position: int) -> int | Unknown:
        """Return how many open items wait for one, perhaps by way of others, MOST at most."""
        web = self._waiting.web(position)
        if web is None:
            return self._waiting.why_alone(position) or 0
        below = self._below.get(web.nodes[0])
        if below is None:
            below = self._below[web.nodes[0]] = Below(web, self._world)
        number = web.part_of[position]
        found = below.items[number]
        if found is None:
            return MOST
        others = sum(each != position for each in below.work(number)) if len(web.parts[number]) > 1 else 0
        count = min(len(found) + others, MOST)
        return count if count == MOST else below.doubt[number] or count


def counts_of(context: FactContext) -> Counts:
    """Return how many items wait for those of a context's World."""
    return context.world.once("waiting counts", lambda: Counts(context))
