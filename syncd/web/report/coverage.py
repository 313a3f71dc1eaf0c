"""What serves an outcome, down to single items: epics, what is below them, and what hangs on no epic."""

from typing import TYPE_CHECKING

import msgspec

from rules.roadmap.told import is_outcome
from rules.tracing import tracing_of
from rules.world import NOWHERE
from syncd.planner.keys import by_key
from syncd.web.report.given import Facts
from syncd.web.report.naming import Naming
from syncd.web.report.nouns import ItemName
from syncd.web.report.outcomes import work_of

if TYPE_CHECKING:
    from rules.world import World

NODES = 150
"""So many lines of one outcome are shown; the rest is counted."""
DEPTH = 5


class Branch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item with what is below it. ``done_count`` of ``count`` items below it (of itself where nothing is) are done.

    ``more``: so many items below it are not listed.
    """

    item: ItemName
    count: int
    done_count: int
    branches: "tuple[Branch, ...]" = ()
    more: int = 0


class Coverage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The work of an outcome as a tree; ``more``: so many items beside its branches are not listed."""

    branches: tuple[Branch, ...] = ()
    more: int = 0


def coverage_of(facts: Facts, naming: Naming, number: int) -> Coverage:
    """Return what serves an outcome, open work first."""
    counted = work_of(facts, number).counted
    tree = _Tree(facts.world, naming, facts.outcomes[number].id, list(counted))
    branches, more = tree.branches(tree.roots, DEPTH)
    return Coverage(branches=branches, more=more)


class _Tree:
    """Counted items, and above them the parents that serve the same outcome."""

    def __init__(self, world: "World", naming: Naming, outcome_id: str, counted: list[int]) -> None:
        self._world = world
        self._naming = naming
        self._outcome_id = outcome_id
        self._below: dict[int, list[int]] = {}
        self._counts: dict[int, int] = {}
        self._done: dict[int, int] = {}
        self._left = NODES
        self.roots: list[int] = []
        seen: set[int] = set()
        for position in counted:
            self._add(position, seen)

    def _add(self, position: int, seen: set[int]) -> None:
        """Hang a counted item below its parents, and count it in each of them."""
        done = not self._world.is_open(position)
        path, on_path = position, {position}
        self._count(position, done)
        while (parent := self._parent(path)) is not None and parent not in on_path:
            if path not in seen:
                self._below.setdefault(parent, []).append(path)
                seen.add(path)
            self._count(parent, done)
            on_path.add(parent)
            path = parent
        if path not in seen:
            self.roots.append(path)
            seen.add(path)

    def _count(self, position: int, done: bool) -> None:
        self._counts[position] = self._counts.get(position, 0) + 1
        self._done[position] = self._done.get(position, 0) + done

    def _parent(self, position: int) -> int | None:
        """Return the parent that serves the outcome too; what states the outcome itself is no part of its work."""
        world = self._world
        for parent in world.parents.get(position, NOWHERE)[:1]:
            item = world.rows[parent]
            if self._outcome_id in tracing_of(world).reached(item.id) and not is_outcome(world, item):
                return parent
        return None

    def branches(self, positions: list[int], depth: int) -> tuple[tuple[Branch, ...], int]:
        """Return branches and how many items are not in them, open ones first."""
        rows = self._world.rows
        ordered = sorted(positions, key=lambda each: (self._done[each] == self._counts[each], by_key(rows[each])))
        shown: list[Branch] = []
        for index, position in enumerate(ordered):
            if self._left <= 0:
                return tuple(shown), sum(self._counts[each] for each in ordered[index:])
            shown.append(self._branch(position, depth))
        return tuple(shown), 0

    def _branch(self, position: int, depth: int) -> Branch:
        self._left -= 1
        below = self._below.get(position, [])
        branches, more = self.branches(below, depth - 1) if depth > 1 else ((), 0)
        if depth <= 1 and below:
            more = sum(self._counts[each] for each in below)
        return Branch(
            item=self._naming.at(position),
            count=self._counts[position],
            done_count=self._done[position],
            branches=branches,
            more=more,
        )
