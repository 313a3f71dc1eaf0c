"""What waits for what among open work: the graph of blockers, one connected piece of it at a time."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import rustworkx

from rules.refs import Absence
from rules.twins import twins_of
from syncd.model.items import LinkKind, StatusCategory
from syncd.model.truth import Unknown

if TYPE_CHECKING:
    from rules.world import World

_NOWHERE: tuple[int, ...] = ()
_DONE = StatusCategory.DONE
Part = tuple[int, ...]
"""Items that wait for each other, in order; mostly it is one item."""


class Web:
    """Open items that are connected by way of blockers, by position: of twins the one where the work is.

    ``parts``: what waits for nothing of the others stands last, so that each part comes after all that wait for it.
    ``unread_above`` and ``unread_below``: items that something blocks, or that block something, that can't be read.
    """

    def __init__(self, nodes: Iterable[int]) -> None:
        self.nodes = sorted(nodes)
        self.blockers: dict[int, list[int]] = {}
        self.waiting: dict[int, list[int]] = {}
        self.unread_above: dict[int, Unknown] = {}
        self.unread_below: dict[int, Unknown] = {}
        self.parts: list[Part] = []
        self.part_of: dict[int, int] = {}

    def connect(self, edges: set[tuple[int, int]]) -> None:
        """Take in the edges, each from a blocker to what waits for it."""
        for source, target in sorted(edges):
            self.blockers.setdefault(target, []).append(source)
            self.waiting.setdefault(source, []).append(target)
        self.parts = _parts(self.nodes, edges)
        self.part_of = {position: number for number, part in enumerate(self.parts) for position in part}

    def above(self, number: int) -> list[int]:
        """Return the blockers of a part that are no members of it, in order."""
        return self._beside(number, self.blockers)

    def below(self, number: int) -> list[int]:
        """Return what waits for a part and is no member of it, in order."""
        return self._beside(number, self.waiting)

    def _beside(self, number: int, way: dict[int, list[int]]) -> list[int]:
        part = self.parts[number]
        if len(part) == 1:
            return way.get(part[0], [])
        found = {other for each in part for other in way.get(each, _NOWHERE) if self.part_of[other] != number}
        return sorted(found)


class Waiting:
    """The webs of a World's open items, each found when one of its items is asked for."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._twins = twins_of(world)
        self._targets = blocked_of(world)
        self._webs: dict[int, Web] = {}

    def web(self, position: int) -> Web | None:
        """Return the web of an item; None where it is done, can't be read, or its twin has the work."""
        found = self._webs.get(position)
        if found is None and self._is_node(position):
            found = self._made(position)
            self._webs.update(dict.fromkeys(found.nodes, found))
        return found

    def webs(self) -> list[Web]:
        """Return all webs of more than one item, in order."""
        edges = self._world.graph.edges[LinkKind.BLOCKS]
        nodes = sorted({self._twins.home(source) for source, _ in edges})
        found = {id(web): web for each in nodes if (web := self.web(each)) is not None}
        return [web for web in found.values() if len(web.nodes) > 1]

    def is_dark(self, position: int) -> Unknown | None:
        """Return why an item, or a twin of it, can't be read; None where all of them can."""
        darks = (self._world.darks[each] for each in self._twins.members(position))
        return next((dark for dark in darks if dark is not None), None)

    def why_alone(self, position: int) -> Unknown | None:
        """Return why it is not known whether an item without a web has one; None where it is known to have none."""
        return self.is_dark(position) if self._world.is_open(position) else None

    def _is_node(self, position: int) -> bool:
        is_open = self._world.rows[position].status_category is not _DONE
        return is_open and self._twins.home(position) == position and self.is_dark(position) is None

    def _made(self, start: int) -> Web:
        edges: set[tuple[int, int]] = set()
        above: dict[int, Unknown] = {}
        below: dict[int, Unknown] = {}
        nodes = {start: None}
        waiting = [start]
        for node in waiting:
            for blocker in self._blockers(node, above):
                edges.add((blocker, node))
                if blocker not in nodes:
                    nodes[blocker] = None
                    waiting.append(blocker)
            for target in self._waiting_for(node, below):
                edges.add((node, target))
                if target not in nodes:
                    nodes[target] = None
                    waiting.append(target)
        web = Web(nodes)
        web.unread_above, web.unread_below = above, below
        web.connect(edges)
        return web

    def _blockers(self, node: int, unread: dict[int, Unknown]) -> Iterable[int]:
        """Return the open blockers of a node; why there may be more is noted."""
        world, twins = self._world, self._twins
        found: dict[int, None] = {}
        for face in twins.members(node):
            for end in world.graph.loose.get(face, ()):
                is_blocker = end.kind is LinkKind.BLOCKS and end.is_source
                if is_blocker and end.absence is Absence.UNREADABLE and end.status is not _DONE:
                    unread.setdefault(node, Unknown(f"{end.key} can't be read"))
            for blocker in world.blockers.get(face, _NOWHERE):
                home = twins.home(blocker)
                if home == node:
                    continue
                dark = self.is_dark(blocker)
                if dark is not None:
                    if world.graph.told.get((blocker, face)) is not _DONE:
                        unread.setdefault(node, dark)
                elif world.rows[home].status_category is not _DONE:
                    found[home] = None
        return found

    def _waiting_for(self, node: int, unread: dict[int, Unknown]) -> Iterable[int]:
        """Return the open items that wait for a node; why there may be more is noted."""
        world, twins = self._world, self._twins
        found: dict[int, None] = {}
        for face in twins.members(node):
            for target in self._targets.get(face, _NOWHERE):
                home = twins.home(target)
                if home == node:
                    continue
                dark = self.is_dark(target)
                if dark is not None:
                    unread.setdefault(node, dark)
                elif world.rows[home].status_category is not _DONE:
                    found[home] = None
        return found


def _parts(nodes: Sequence[int], edges: set[tuple[int, int]]) -> list[Part]:
    if len(nodes) == 1:
        return [tuple(nodes)]
    numbers = {position: number for number, position in enumerate(nodes)}
    graph: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph(multigraph=False)
    graph.add_nodes_from([None] * len(nodes))
    graph.add_edges_from_no_data(sorted((numbers[source], numbers[target]) for source, target in edges))
    # They come in the order in which each stands before what leads to it.
    return [tuple(sorted(nodes[number] for number in part)) for part in rustworkx.strongly_connected_components(graph)]


def blocked_of(world: "World") -> dict[int, list[int]]:
    """Return what is blocked, by the position of what blocks it."""
    return world.once("blocked by position", lambda: world.graph.targets(LinkKind.BLOCKS))


def waiting_of(world: "World") -> Waiting:
    """Return what waits for what in a World."""
    return world.once("waiting", lambda: Waiting(world))
