"""Rings of items that wait for each other, and the link to cut in each."""

from rules.cuts import Cut, cuts_of
from rules.facts.dependencies.records import BlockerRecord, blocker_records_of
from rules.facts.fact import FactContext, FactValue
from rules.facts.work import WorkRecord, records_of
from rules.rings import Knot
from rules.twins import twins_of
from syncd.model.truth import Unknown


class Rings:
    """The rings of a World at a moment; what is said of one is the same for all its members."""

    def __init__(self, context: FactContext) -> None:
        self._world = context.world
        self._records = records_of(context)
        self._blocker_records = blocker_records_of(context)
        self._twins = twins_of(context.world)
        self._rings: dict[int, tuple[WorkRecord, ...] | Unknown] = {}

    def knot(self, position: int) -> Knot | None:
        """Return the knot that an item, or the twin that has its work, is in."""
        return self._world.knot_of.get(self._twins.home(position))

    def ring(self, position: int) -> tuple[WorkRecord, ...] | Unknown:
        """Return the records of an item's ring, none where it is in none, or why it can't be read."""
        knot = self.knot(position)
        if knot is None:
            return ()
        found = self._rings.get(knot.ring[0])
        if found is None:
            darks = (self._world.darks[each] for each in knot.ring)
            dark = next((each for each in darks if each is not None), None)
            found = dark or tuple(self._records.at(each) for each in knot.ring)
            self._rings[knot.ring[0]] = found
        return found

    def cut(self, position: int) -> Cut | Unknown | None:
        """Return the link to cut in an item's ring; unknown where any that waits with it can't be read."""
        knot = self.knot(position)
        if knot is None:
            return None
        darks = (self._world.darks[each] for each in sorted(knot.members))
        dark = next((each for each in darks if each is not None), None)
        return dark if dark is not None else cuts_of(self._world).cut(knot)

    def cut_ends(self, position: int) -> tuple[BlockerRecord | Unknown, ...]:
        """Return the two ends of the link to cut: the blocker, and what waits for it."""
        cut = self.cut(position)
        if not isinstance(cut, Cut):
            return () if cut is None else (cut,)
        return (self._blocker_records.at(cut.blocker), self._blocker_records.at(cut.waiting))


def rings_of(context: FactContext) -> Rings:
    """Return the rings of a context's World at its moment."""
    key = ("rings", context.now, context.calendar)
    return context.world.once(key, lambda: Rings(context))


def in_cycle(context: FactContext, position: int) -> FactValue:
    """Return whether an item waits for itself."""
    ring = rings_of(context).ring(position)
    return ring if isinstance(ring, Unknown) else bool(ring)


def cycle(context: FactContext, position: int) -> FactValue:
    """Return the records of an item's ring."""
    ring = rings_of(context).ring(position)
    return (ring,) if isinstance(ring, Unknown) else ring


def cut_because(context: FactContext, position: int) -> FactValue:
    """Return why that link is the one to cut."""
    cut = rings_of(context).cut(position)
    return cut.because if isinstance(cut, Cut) else cut


def cut_rest(context: FactContext, position: int) -> FactValue:
    """Return how many items still wait for themselves once it is cut."""
    cut = rings_of(context).cut(position)
    return cut.rest_count if isinstance(cut, Cut) else cut
