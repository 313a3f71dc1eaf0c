"""By when an item is needed, seen from what waits for it: no later than that, whatever its own day is."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import msgspec

from rules.waiting import Waiting, Web, waiting_of
from rules.world import World
from syncd.model.truth import Unknown

Day = date | Unknown | None


class Whose(msgspec.Struct, frozen=True, order=True):
    """A day, and the position of the item whose own day it is."""

    on: date
    by: int


Days = Whose | Unknown | None
Timed = TypeVar("Timed", date, Whose)


def earlier(one: Timed | Unknown | None, other: Timed | Unknown | None) -> Timed | Unknown | None:
    """Return the earlier of two days; unknown where either is, since that one may be earlier."""
    if isinstance(one, Unknown) or other is None:
        return one
    if isinstance(other, Unknown) or one is None:
        return other
    return min(one, other)


class Needs:
    """The earliest day by which what waits for an item is needed; ``own`` says an item's own day.

    No time is taken off for the work between the two: how long that takes is not known.
    """

    def __init__(self, world: World, own: Callable[[int], Day]) -> None:
        self._waiting: Waiting = waiting_of(world)
        self._own = own
        self._known: dict[int, Days] = {}

    def of_waiting(self, position: int) -> Days:
        """Return the earliest day by which something that waits for an item, perhaps by way of others, is needed."""
        web = self._waiting.web(position)
        if web is None:
            return self._waiting.why_alone(position)
        if position not in self._known:
            self._work_out(web)
        return self._known[position]

    def _work_out(self, web: Web) -> None:
        whole: list[Days] = []
        for number, part in enumerate(web.parts):
            after: Days = None
            for below in web.below(number):
                after = earlier(after, whole[web.part_of[below]])
            for each in part:
                after = earlier(after, web.unread_below.get(each))
            earliest = after
            for each in part if web.above(number) or len(part) > 1 else ():
                own = self._own(each)
                earliest = earlier(earliest, Whose(own, each) if isinstance(own, date) else own)
            whole.append(earliest)
            # Members of a ring wait for each other.
            self._known.update(dict.fromkeys(part, earliest if len(part) > 1 else after))
