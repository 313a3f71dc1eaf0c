"""The way from an item to the outcomes that it reaches, step by step."""

from collections.abc import Iterator

from rules.facts.trace.levels import Levels
from rules.facts.trace.nearest import Nearest
from rules.facts.trace.records import Step, StepKind, how_of, item_step, naming_step, unread_step
from rules.graph import LooseEnd
from syncd.model.items import ContainerKind, LinkKind

LONGEST = 50
"""Of a longer way so many steps are told: no tracker nests half as deep, but lines of text may."""


class Paths:
    """The paths of all items of a World; the steps that many share are made once."""

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._world = levels.world
        self._found: dict[int, tuple[Step, ...]] = {}
        self._parent_steps: dict[int, Step] = {}
        self._ways: dict[tuple[bool, int, int], tuple[Step, ...]] = {}

    def path(self, position: int) -> tuple[Step, ...]:
        """Return the steps of the deciding level, in order; of several ways all, one after the other."""
        found = self._found.get(position)
        if found is None:
            found = self._found[position] = self._path(position)
        return found

    def _path(self, position: int) -> tuple[Step, ...]:
        level = self._levels.level[position]
        if level == 0:
            return ()
        if level == 1:
            return self._names(position)
        if level == 2:
            return self._above(position, self._levels.naming)
        if level == 3 and position in self._levels.milestones.outcomes:
            return self._milestones(position)
        if level == 3:
            return self._above(position, self._levels.milestone)
        return tuple(self._by_links(position))

    def _names(self, position: int) -> tuple[Step, ...]:
        item = self._world.rows[position]
        namings = self._levels.names.namings.get(position, ())
        return tuple(naming_step(naming, item) for naming in namings if naming.outcome is not None)

    def _milestones(self, position: int) -> tuple[Step, ...]:
        item = self._world.rows[position]
        held = [each for each in item.milestones if self._levels.milestones.of_container.get(each)]
        found = ((each.kind, self._world.containers[each]) for each in held)
        return tuple(
            Step(
                how="version" if kind == ContainerKind.VERSION.value else "milestone",
                title=container.title,
                place=container.place or item.place,
            )
            for kind, container in found
        )

    def _by_links(self, position: int) -> Iterator[Step]:
        for kind, target in self._levels.links[position]:
            if self._levels.leads_on(target):
                yield item_step(how_of(kind), self._world.rows[target])
                yield from self.path(target)

    def _above(self, position: int, near: Nearest) -> tuple[Step, ...]:
        """Return the ways up to the nearest ancestors that decide."""
        origins = near.origins[position]
        if len(origins) == 1:
            return self._way(position, near, origins[0])
        return tuple(step for origin in origins for step in self._way(position, near, origin))

    def _way(self, position: int, near: Nearest, origin: int) -> tuple[Step, ...]:
        """Return the way from below a parent, which is the same for all its children."""
        if near.distance[position] > LONGEST:
            return tuple(self._first_steps(position, near, origin))
        parent = self._towards(position, near, origin)
        key = (near is self._levels.naming, parent, origin)
        found = self._ways.get(key)
        if found is None:
            rest = self._end(near, origin) if parent == origin else self._way(parent, near, origin)
            found = self._ways[key] = (self._step(parent, position), *rest)
        return found

    def _first_steps(self, position: int, near: Nearest, origin: int) -> Iterator[Step]:
        for _ in range(LONGEST):
            parent = self._towards(position, near, origin)
            yield self._step(parent, position)
            position = parent

    def _end(self, near: Nearest, origin: int) -> tuple[Step, ...]:
        if near is self._levels.milestone:
            return self._milestones(origin)
        return self._names(origin) if origin < len(self._world.rows) else ()

    def _towards(self, position: int, near: Nearest, origin: int) -> int:
        """Return the parent that is one step nearer to an origin."""
        if near.distance[position] == 1:
            return origin
        further = near.distance[position] - 1
        for parent in self._world.parents[position]:
            is_nearer = near.distance.get(parent) == further and parent not in self._levels.closed
            if is_nearer and origin in near.origins[parent]:
                return parent
        raise AssertionError("a way up leads over a parent that is one step nearer")

    def _step(self, parent: int, child: int) -> Step:
        step = self._parent_steps.get(parent)
        if step is None:
            how: StepKind = how_of(LinkKind.PARENT)
            if parent < len(self._world.rows):
                step = item_step(how, self._world.rows[parent])
            else:
                end: LooseEnd = self._levels.unread[parent - len(self._world.rows)]
                step = unread_step(how, end, self._world.rows[child])
            self._parent_steps[parent] = step
        return step
