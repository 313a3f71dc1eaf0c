"""Work that belongs together, by outcome, container or team: what of it is counted, and what is listed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

from rules.facts.fact import FactContext
from rules.facts.work import WorkRecord, records_of
from rules.rings import open_knots
from rules.world import NOWHERE, World
from syncd.model.identity import PlaceId
from syncd.model.items import LinkKind
from syncd.model.truth import Unknown

Listed = tuple[WorkRecord | Unknown, ...]


class Work:
    """Some items, by position. Where a child belongs to it too, the parent is not counted beside it.

    ``dark``: why a part of it may not be known at all. ``doubtful``: why single items may belong to it or may not.
    """

    def __init__(
        self,
        context: FactContext,
        positions: Iterable[int],
        *,
        dark: Unknown | None = None,
        doubtful: Unknown | None = None,
    ) -> None:
        self._world = context.world
        self._records = records_of(context)
        self._members = dict.fromkeys(positions)
        self.dark = dark
        self.doubtful = dark or doubtful

    @cached_property
    def counted(self) -> Sequence[int]:
        """Return what is counted: of a parent its children."""
        return self._ends(self._members)

    @cached_property
    def open(self) -> Sequence[int]:
        """Return the open ones; a parent only where no child of it is open."""
        return self._ends([each for each in self._members if self._world.is_open(each)])

    @property
    def members(self) -> Collection[int]:
        """Return all that belongs to it, parents too."""
        return self._members.keys()

    def _ends(self, positions: Collection[int]) -> Sequence[int]:
        """Return those of some items that have no child among them; of a ring of parents its first."""
        inside, children = set(positions), self._world.children_of
        ends = [each for each in positions if inside.isdisjoint(children.get(each, NOWHERE))]
        if not _rings_of_parents(self._world).isdisjoint(inside):
            reached = self._above(ends, set(), inside)
            for each in positions:
                if each not in reached:
                    ends.append(each)
                    reached = self._above([each], reached, inside)
        return ends

    def _above(self, starts: Sequence[int], reached: set[int], inside: set[int]) -> set[int]:
        """Return what is reached already, with some items and all parents above them added to it."""
        waiting = list(starts)
        reached.update(waiting)
        for each in waiting:
            parents = self._world.parents.get(each, NOWHERE)
            above = [parent for parent in parents if parent in inside and parent not in reached]
            reached.update(above)
            waiting += above
        return reached

    def count(self) -> int | Unknown:
        """Return how many items are known to belong to it; unknown where a part is dark."""
        return self.dark or len(self.counted)

    def done_share(self) -> float | Unknown | None:
        """Return which share of it is done, from 0 to 1; None where there is nothing."""
        done = sum(not self._world.is_open(each) for each in self.counted)
        return self.dark or (done / len(self.counted) if self.counted else None)

    def has_any(self) -> bool | Unknown:
        """Return whether anything belongs to it."""
        return bool(self._members) or self.doubtful or False

    def listed(self, positions: Iterable[int]) -> Listed:
        """Return the records of some of it; what else may belong to it stands at the end as unknown."""
        found = tuple(self._records.at(each) for each in positions)
        return (*found, self.doubtful) if self.doubtful else found

    def open_listed(self, test: Callable[[int], bool | Unknown]) -> Listed:
        """Return the records of the open ones that pass a test; what may be one more stands at the end as unknown."""
        found: list[WorkRecord | Unknown] = []
        unknown = self.doubtful
        for position in self.open:
            answer = test(position)
            if isinstance(answer, Unknown):
                unknown = unknown or answer
            elif answer:
                found.append(self._records.at(position))
        return (*found, unknown) if unknown else tuple(found)

    def teams(self) -> tuple[str | Unknown, ...]:
        """Return the teams of the open items, by name."""
        rows, lexicons = self._world.rows, self._world.lexicons
        names = sorted({lexicons[each].team(rows[each]) for each in self.open} - {""})
        return (*names, self.doubtful) if self.doubtful else tuple(names)


def _rings_of_parents(world: World) -> frozenset[int]:
    """Return the items that are above themselves."""

    def make() -> frozenset[int]:
        knots = open_knots(world.graph.edges[LinkKind.PARENT], lambda _: True)
        return frozenset(position for knot in knots for position in knot.members)

    return world.once("rings of parents", make)


def first_dark(world: World, test: Callable[[PlaceId], bool] = lambda _: True) -> Unknown | None:
    """Return why the first of some places can't be judged; None where all can."""
    places = sorted(place for place in {*world.given.places, *world.given.states} if test(place))
    return next((dark for place in places if (dark := world.is_dark(place)) is not None), None)


def growth(added: int, all_of_it: int) -> float | None:
    """Return how much was added, beside what was there before; None where there was nothing."""
    return added / (all_of_it - added) if all_of_it > added else None
