"""The nearest ancestors of some kind, for all items at once: a breadth-first walk down from them."""

from collections.abc import Collection, Mapping, Sequence

import msgspec


class Nearest(msgspec.Struct, frozen=True):
    """For each item below one: how far the nearest is, and which (several where they are equally near)."""

    distance: dict[int, int]
    origins: dict[int, tuple[int, ...]]


def nearest(
    origins: Collection[int], children: Mapping[int, Sequence[int]], closed: Collection[int] = frozenset()
) -> Nearest:
    """Return the nearest ``origins`` above every item; no way leads through what is ``closed``. Rings are harmless."""
    distance: dict[int, int] = {}
    found: dict[int, tuple[int, ...]] = {}
    frontier: dict[int, tuple[int, ...]] = {origin: (origin,) for origin in sorted(origins)}
    depth = 0
    while frontier:
        depth += 1
        reached: list[int] = []
        for node, from_node in frontier.items():
            for child in children.get(node, ()):
                known = distance.get(child)
                if known is None:
                    distance[child] = depth
                    found[child] = from_node
                    reached.append(child)
                elif known == depth and found[child] != from_node:
                    found[child] = tuple(sorted({*found[child], *from_node}))
        frontier = {child: found[child] for child in reached if child not in origins and child not in closed}
    return Nearest(distance, found)
