"""The nearest ancestors of some kind, for all items at once: a breadth-first walk down from them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

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


def below(
    starts: Iterable[int],
    origins: Collection[int],
    children: Mapping[int, Sequence[int]],
    closed: Collection[int] = frozenset(),
) -> set[int]:
    """Return what is below some nodes and above which none of ``origins`` is nearer."""
    found: set[int] = set()
    waiting = list(starts)
    for node in waiting:
        for child in children.get(node, ()):
            if child not in found:
                found.add(child)
                if child not in origins and child not in closed:
                    waiting.append(child)
    return found


def renew(
    near: Nearest,
    nodes: Collection[int],
    origins: Collection[int],
    parents: Callable[[int], Iterable[int]],
    children: Mapping[int, Sequence[int]],
    closed: Collection[int] = frozenset(),
) -> None:
    """Find the nearest ``origins`` of some nodes again, where what is near to all others is as it was."""
    for node in nodes:
        near.distance.pop(node, None)
        near.origins.pop(node, None)
    waiting: dict[int, dict[int, set[int]]] = {}
    for node in nodes:
        for parent in parents(node):
            if parent in origins:
                waiting.setdefault(1, {}).setdefault(node, set()).add(parent)
            elif parent not in closed and parent not in nodes and parent in near.distance:
                far = near.distance[parent] + 1
                waiting.setdefault(far, {}).setdefault(node, set()).update(near.origins[parent])
    while waiting:
        depth = min(waiting)
        for node, found in waiting.pop(depth).items():
            if node in near.distance:
                continue
            near.distance[node], near.origins[node] = depth, tuple(sorted(found))
            if node not in origins and node not in closed:
                for child in children.get(node, ()):
                    if child in nodes and child not in near.distance:
                        waiting.setdefault(depth + 1, {}).setdefault(child, set()).update(found)
