"""Rings of items that block each other, found as strongly connected components."""

from collections.abc import Callable, Iterable

import msgspec
import rustworkx

Ring = tuple[int, ...]


class Knot(msgspec.Struct, frozen=True):
    """Items each of which blocks every other, perhaps by way of others. ``ring`` is the shortest through the smallest
    position: each blocks the next, the last one the first.
    """

    ring: Ring
    members: frozenset[int]


def _itself(position: int) -> int:
    return position


def open_knots(
    edges: Iterable[tuple[int, int]], is_open: Callable[[int], bool], home: Callable[[int], int] = _itself
) -> list[Knot]:
    """Return the knots of open items that block each other, in the order of their smallest positions; of twins
    ``home`` says which one has the work.
    """
    homes = {(home(source), home(target)) for source, target in edges}
    kept = sorted(
        (source, target) for source, target in homes if source != target and is_open(source) and is_open(target)
    )
    numbers: dict[int, int] = {}
    for edge in kept:
        for position in edge:
            numbers.setdefault(position, len(numbers))
    positions = list(numbers)
    graph: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph(multigraph=False)
    graph.add_nodes_from([None] * len(positions))
    graph.add_edges_from_no_data([(numbers[source], numbers[target]) for source, target in kept])
    knots = [
        frozenset(positions[number] for number in found)
        for found in rustworkx.strongly_connected_components(graph)
        if len(found) > 1
    ]
    if not knots:
        return []
    targets: dict[int, list[int]] = {}
    for source, target in kept:
        targets.setdefault(source, []).append(target)
    return [Knot(_ring(min(members), members, targets), members) for members in sorted(knots, key=min)]


def _ring(start: int, knot: frozenset[int], targets: dict[int, list[int]]) -> Ring:
    """Return the shortest way from ``start`` back to itself inside its knot, the first of several."""
    came_from: dict[int, int] = {}
    waiting = [start]
    for position in waiting:
        for target in targets[position]:
            if target == start:
                return _way(position, came_from)
            if target in knot and target not in came_from:
                came_from[target] = position
                waiting.append(target)
    raise AssertionError("a knot has a ring through each of its members")


def _way(end: int, came_from: dict[int, int]) -> Ring:
    way = [end]
    while way[-1] in came_from:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
