"""The link to cut in a ring of items that wait for each other: the one that unties most, and of these the cheapest."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
import rustworkx

from rules.graph import LINE
from rules.rings import Knot
from rules.twins import twins_of
from syncd.model.findings import Subject
from syncd.model.identity import ItemId
from syncd.model.items import LinkKind

if TYPE_CHECKING:
    from rules.world import World

_EFFORT = 2_000_000
"""So many items and links are looked at for one knot: of a thousand links all are tried."""
_REASONS = (
    "only a line of text says so",
    "nobody has begun what would be waited for",
    "both ends are of one team, which can decide it alone",
)
Cost = tuple[bool, bool, bool]
"""Each false is cheap: told by a link, blocker begun, across teams."""
Edge = tuple[int, int]


class Cut(msgspec.Struct, frozen=True):
    """The link to cut, by the positions of its ends. ``because`` names nothing, so anybody may read it. So many items
    still wait for themselves after it: ``rest_count``.
    """

    blocker: int
    waiting: int
    because: str
    rest_count: int = 0


class Cuts:
    """The links to cut in the knots of a World; nothing in them turns with time alone."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._edges: dict[int, dict[Edge, bool]] | None = None
        self._made: dict[int, Cut] = {}

    def cut(self, knot: Knot) -> Cut:
        """Return the link to cut in a knot."""
        start = knot.ring[0]
        found = self._made.get(start)
        if found is None:
            found = self._made[start] = self._find(knot, self._by_knot()[start])
        return found

    def ends(self, subject: Subject) -> tuple[ItemId, ...]:
        """Return the two ends of the link to cut in a ring; none where it is no ring, or can't all be read."""
        knot = self._world.knot_of.get(self._world.positions.get(subject.id, -1))
        if knot is None or any(self._world.darks[each] is not None for each in knot.members):
            return ()
        cut = self.cut(knot)
        return self._world.rows[cut.blocker].id, self._world.rows[cut.waiting].id

    def _by_knot(self) -> Mapping[int, dict[Edge, bool]]:
        """Return, by the first of each knot, the edges in it, and whether only a line tells them."""
        if self._edges is None:
            self._edges = {}
            twins, knot_of = twins_of(self._world), self._world.knot_of
            for (source, target), saying in self._world.graph.edges[LinkKind.BLOCKS].items():
                edge = twins.home(source), twins.home(target)
                knot = knot_of.get(edge[0])
                if knot is not None and edge[1] in knot.members and edge[0] != edge[1]:
                    told = self._edges.setdefault(knot.ring[0], {})
                    told[edge] = told.get(edge, True) and saying == LINE
        return self._edges

    def _find(self, knot: Knot, edges: Mapping[Edge, bool]) -> Cut:
        costs = {edge: self._cost(edge, edges[edge]) for edge in sorted(edges)}
        is_ring = len(edges) == len(knot.members)
        rests = dict.fromkeys(costs, 0) if is_ring else _rests(_tried(knot, costs), sorted(edges))
        best = min(rests, key=lambda edge: (rests[edge], costs[edge], edge))
        return Cut(*best, _because(best, rests, costs, len(knot.members)), rests[best])

    def _cost(self, edge: Edge, is_line: bool) -> Cost:
        world, (blocker, waiting) = self._world, edge
        teams = [world.lexicons[each].team(world.rows[each]) for each in (blocker, waiting)]
        is_begun = world.lexicons[blocker].is_in_progress(world.rows[blocker])
        return not is_line, is_begun, not (teams[0] and teams[0] == teams[1])


def _tried(knot: Knot, costs: Mapping[Edge, Cost]) -> list[Edge]:
    """Return the links to try: those of the ring that is told first, then the others, the cheapest first."""
    ring = {*zip(knot.ring, knot.ring[1:], strict=False), (knot.ring[-1], knot.ring[0])}
    most = max(1, _EFFORT // (len(knot.members) + len(costs)))
    return sorted(costs, key=lambda edge: (edge not in ring, costs[edge], edge))[:most]


def _rests(tried: Sequence[Edge], edges: Sequence[Edge]) -> dict[Edge, int]:
    """Return, by link, how many items still wait for themselves without it."""
    numbers = {
        position: number for number, position in enumerate(dict.fromkeys(each for edge in edges for each in edge))
    }
    graph: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph(multigraph=False)
    graph.add_nodes_from([None] * len(numbers))
    graph.add_edges_from_no_data([(numbers[source], numbers[target]) for source, target in edges])
    found: dict[Edge, int] = {}
    for edge in tried:
        source, target = numbers[edge[0]], numbers[edge[1]]
        graph.remove_edge(source, target)
        found[edge] = sum(len(part) for part in rustworkx.strongly_connected_components(graph) if len(part) > 1)
        graph.add_edge(source, target, None)
    return found


def _because(best: Edge, rests: Mapping[Edge, int], costs: Mapping[Edge, Cost], member_count: int) -> str:
    """Return what speaks for a link, and not for all the others that could be cut."""
    parts = []
    if rests[best] or max(rests.values()):
        rest = f"only {rests[best]} of {member_count} still wait for themselves" if rests[best] else ""
        parts.append(f"without it {rest or 'nothing waits for itself any more'}")
    alike = [costs[edge] for edge in rests if rests[edge] == rests[best]]
    for number, reason in enumerate(_REASONS):
        if not costs[best][number] and any(cost[number] for cost in alike):
            parts.append(reason)
    return "; ".join(parts) or "none is cheaper to cut, and it is the first by key"


def cuts_of(world: "World") -> Cuts:
    """Return the links to cut in a World's rings."""
    return world.once("cuts", lambda: Cuts(world))
