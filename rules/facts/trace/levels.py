"""The levels of evidence: the first that gives any outcome decides which outcomes an item reaches."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from rules.facts.trace.names import EVIDENT, NONE, Names, Outcomes, heirs_of, is_way
from rules.facts.trace.nearest import Nearest, nearest
from rules.graph import LooseEnd
from rules.refs import Absence
from rules.roadmap.told import unsaid
from rules.world import World
from syncd.model.identity import ContainerId
from syncd.model.items import ContainerKind, Item, LinkKind
from syncd.model.truth import Unknown

FAR = 1 << 60
"""Farther than any ancestor."""


class Levels:
    """Evidence of every item of a World, by position. Behind the rows stand parents that can't be read, as nodes.

    ``level`` is the deciding level, or 0; ``reached`` its outcomes. ``unsaid``: why nobody knows whether an item itself
    states an outcome.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.names = Names(world)
        self.unread: list[LooseEnd] = []
        self.closed = {position for position, dark in enumerate(world.darks) if dark is not None}
        self.children = self._with_unread()
        self.gives = self._gives()
        self.naming = nearest(self.gives.keys(), self.children, self.closed)
        first = len(world.rows)
        self.unsaid = _unsaid(world)
        ends = {*self.closed, *self.unsaid, *range(first, first + len(self.unread))}
        self.unreadable = nearest(ends, self.children, frozenset())
        self.milestones = Milestones(world)
        held = {position for position in self.milestones.outcomes if position not in self.closed}
        self.milestone = nearest(held, self.children, self.closed)
        self.links = _typed_links(world)
        self.broken_here = self._broken_here()
        self.broken = nearest(self.broken_here, self.children, self.closed)
        count = len(world.rows)
        self.level = [0] * count
        self.reached: list[Outcomes] = [NONE] * count
        self.decide(range(count))

    def _with_unread(self) -> Mapping[int, Sequence[int]]:
        """Return children by parent, with a node of its own for each parent that can't be read."""
        nodes: dict[tuple[str, str], int] = {}
        below: dict[int, list[int]] = {}
        for position, ends in self.world.graph.loose.items():
            for end in ends:
                if end.kind is LinkKind.PARENT and end.is_source and end.absence is Absence.UNREADABLE:
                    named = (end.ref.tracker, end.key.casefold())
                    if named not in nodes:
                        nodes[named] = len(self.world.rows) + len(nodes)
                        self.unread.append(end)
                    below.setdefault(nodes[named], []).append(position)
        return {**self.world.children_of, **below}

    def _gives(self) -> dict[int, Outcomes]:
        """Return what each node gives to those below it: of what can't be read, what the roadmap says of it."""
        gives = {position: self.names.of(position) for position in self.names.namings if position not in self.closed}
        gives.update((position, self.names.of_tracked(position)) for position in self.closed)
        gives.update((len(self.world.rows) + index, self.names.of_key(end)) for index, end in enumerate(self.unread))
        return {position: outcomes for position, outcomes in gives.items() if outcomes}

    def _broken_here(self) -> frozenset[int]:
        named = (position for position in self.names.namings if self.names.broken(position))
        lost = (position for position in self.world.graph.loose if self.names.lost(position))
        return frozenset((*named, *lost)) - self.closed

    def decide(self, positions: Collection[int]) -> None:
        """Decide for some items; those at the end of a typed link of one of them are among them, or as they were."""
        for position in positions:
            self._decide(position)
        linked = self.links if len(positions) > len(self.links) else sorted(self.links.keys() & set(positions))
        for position in linked:
            if not self.level[position]:
                self._decide_by_links(position, self.links[position])

    def _decide(self, position: int) -> None:
        if outcomes := self.gives.get(position, NONE):
            self.level[position], self.reached[position] = 1, outcomes
        elif position in self.naming.origins:
            self.level[position], self.reached[position] = 2, self.inherited(position)
        elif outcomes := self.milestones.outcomes.get(position, NONE):
            self.level[position], self.reached[position] = 3, outcomes
        elif origins := self.milestone.origins.get(position):
            reached = union(self.milestones.outcomes[each] for each in origins)
            self.level[position], self.reached[position] = 3, reached
        else:
            self.level[position], self.reached[position] = 0, NONE

    def _decide_by_links(self, position: int, targets: Iterable[tuple[LinkKind, int]]) -> None:
        reached = union(self.reached[target] for _, target in targets if self.leads_on(target))
        if reached:
            self.level[position], self.reached[position] = 4, reached

    def leads_on(self, target: int) -> bool:
        """Return whether a typed link to an item leads to outcomes: by its own levels 1 to 3, known for sure."""
        return self.level[target] in (1, 2, 3) and target not in self.closed and self.doubt(target) is None

    def inherited(self, position: int) -> Outcomes:
        """Return the outcomes that the nearest naming ancestors name."""
        origins = self.naming.origins.get(position)
        if origins is None:
            return NONE
        return self.gives[origins[0]] if len(origins) == 1 else union(self.gives[each] for each in origins)

    def doubt(self, position: int) -> Unknown | None:
        """Return what can't be read and could decide otherwise than the deciding level does; None where nothing."""
        level = self.level[position]
        if level == 1:
            return None
        if position in self.unsaid:
            return self.unsaid[position]
        far = self.unreadable.distance.get(position, FAR)
        if far < FAR and (level != 2 or far <= self.naming.distance[position]):
            return self.unreadable_reason(self.unreadable.origins[position][0])
        if level != 2 and position in self.milestones.unread:
            return Unknown("a milestone of it was not read")
        return None

    def hides(self, position: int) -> bool:
        """Return whether something above an item that can't be read, no farther than the nearest that names outcomes,
        may name others; what can't be read and is tracked by the roadmap names those.
        """
        far, near = (each.distance.get(position, FAR) for each in (self.unreadable, self.naming))
        if far != near:
            return far < near
        return far < FAR and not set(self.unreadable.origins[position]) <= set(self.naming.origins[position])

    def unreadable_reason(self, node: int) -> Unknown:
        """Return why a node can't be read."""
        rows = self.world.rows
        if node < len(rows):
            reason = self.world.darks[node] or self.unsaid.get(node)
            return reason or Unknown(f"{rows[node].key} can't be read")
        return Unknown(f"{self.unread[node - len(rows)].key} can't be read")

    def broken_origins(self, position: int) -> tuple[int, ...]:
        """Return who names what is not there: the item, else its nearest such ancestors up to the one that decides."""
        if position in self.broken_here:
            return (position,)
        if position not in self.broken.distance:
            return ()
        decided_at = self.naming.distance[position] if self.level[position] == 2 else FAR
        is_decided = self.level[position] == 1 or self.broken.distance[position] > decided_at
        return () if is_decided else self.broken.origins[position]

    def unreadable_ends(self, position: int) -> list[LooseEnd]:
        """Return the ways of an item itself that end at something unreadable."""
        ends = self.world.graph.loose.get(position, ())
        return [end for end in ends if is_way(end) and end.absence is Absence.UNREADABLE]


class Milestones:
    """The outcomes that items reach by their own milestones and versions; ``unread``: items with one nobody knows."""

    def __init__(self, world: World) -> None:
        tracked: dict[tuple[str, str, str], set[int]] = {}
        for outcome, heirs in zip(world.roadmap.outcomes, heirs_of(world).by_number, strict=True):
            for name in outcome.tracked_in.milestones:
                key = (name.tracker, name.place.casefold(), name.title.casefold())
                tracked.setdefault(key, set()).update(heirs)
        self.of_container: dict[ContainerId, Outcomes] = {}
        for container in world.containers.values():
            if container.place is not None and container.id.kind != ContainerKind.SPRINT.value:
                place = container.place
                numbers = tracked.get((place.tracker, place.key.casefold(), container.title.casefold()))
                self.of_container[container.id] = tuple(sorted(numbers)) if numbers else NONE
        self.outcomes: dict[int, Outcomes] = {}
        self.unread: set[int] = set()
        self._world = world
        for position, item in enumerate(world.rows):
            if item.milestones:
                self._read(position, item)

    def _read(self, position: int, item: Item) -> None:
        found = [self.of_container.get(each) for each in item.milestones]
        if outcomes := union(each for each in found if each):
            self.outcomes[position] = outcomes
        if None in found and any(each not in self._world.containers for each in item.milestones):
            self.unread.add(position)

    def read_again(self, position: int) -> bool:
        """Read what an item is held by that became another one; return whether that leads elsewhere."""
        before = self.outcomes.pop(position, NONE), position in self.unread
        self.unread.discard(position)
        self._read(position, self._world.rows[position])
        return before != (self.outcomes.get(position, NONE), position in self.unread)


def union(parts: Iterable[Outcomes]) -> Outcomes:
    """Return the outcomes of all parts, each once, in order."""
    found = NONE
    for part in parts:
        found = part if not found or found == part else tuple(sorted({*found, *part}))
    return found


def _unsaid(world: World) -> dict[int, Unknown]:
    """Return which items may state an outcome that nobody knows of."""
    if world.roadmap.unread is None:
        return {}
    reasons = ((position, unsaid(world, item)) for position, item in enumerate(world.rows))
    return {position: reason for position, reason in reasons if reason is not None}


def _typed_links(world: World) -> dict[int, list[tuple[LinkKind, int]]]:
    found: dict[int, list[tuple[LinkKind, int]]] = {}
    for kind in EVIDENT:
        for source, target in world.graph.edges[kind]:
            found.setdefault(source, []).append((kind, target))
    for source, target in world.graph.edges[LinkKind.MIRRORS]:
        found.setdefault(source, []).append((LinkKind.MIRRORS, target))
        found.setdefault(target, []).append((LinkKind.MIRRORS, source))
    return found


def levels_of(world: World) -> Levels:
    """Return the levels of evidence of a World, made once."""
    return world.once("levels of evidence", lambda: Levels(world))


def stale_naming(levels: Levels) -> tuple[dict[int, Outcomes], Nearest]:
    """Return what every item gives, and the nearest that do, as if places that are dark now were as last read."""
    named = {position: levels.names.of(position) for position in levels.names.namings}
    gives = {position: outcomes for position, outcomes in named.items() if outcomes}
    return gives, nearest(gives.keys(), levels.world.children_of)
