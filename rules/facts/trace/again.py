"""The traces of a World some of whose items became others: only what these decide is worked out again, in place."""

from collections.abc import Callable, Collection, Iterable, Mapping

from rules.facts.trace.levels import Levels
from rules.facts.trace.names import Outcomes
from rules.facts.trace.nearest import Nearest, below, renew
from rules.facts.trace.state import Traces
from rules.world import NOWHERE


def decide_again(levels: Levels, changed: Collection[int]) -> dict[int, Outcomes]:
    """Take in items that became others, the graph staying as it was; return what may be decided otherwise by that, and
    which outcomes it reached before.

    No place may be dark: what is read there would have to be told apart from what was read last.
    """
    renamed = {position for position in changed if levels.names.read_again(position)}
    moved = {position for position in changed if levels.milestones.read_again(position)}
    if not renamed and not moved:
        return {}
    for position in renamed:
        _put(levels.gives, position, levels.names.of(position))
    lost = {each for each in renamed if levels.names.broken(each) or levels.names.lost(each)}
    if lost or not levels.broken_here.isdisjoint(renamed):
        levels.broken_here = frozenset((levels.broken_here - renamed) | lost)
    parents = _parents(levels)
    found = renamed | moved
    found |= _near_again(levels, levels.naming, renamed, levels.gives, parents)
    found |= _near_again(levels, levels.broken, renamed, levels.broken_here, parents)
    found |= _near_again(levels, levels.milestone, moved, levels.milestones.outcomes, parents)
    found = {position for position in found if position < len(levels.level)}
    found.update(each for position in tuple(found) for each in linking(levels).get(position, NOWHERE))
    before = {position: levels.reached[position] for position in found}
    levels.decide(found)
    return before


def _put(gives: dict[int, Outcomes], position: int, outcomes: Outcomes) -> None:
    if outcomes:
        gives[position] = outcomes
    else:
        gives.pop(position, None)


def _near_again(
    levels: Levels,
    near: Nearest,
    starts: Collection[int],
    origins: Collection[int],
    parents: Callable[[int], Iterable[int]],
) -> set[int]:
    """Find again what is nearest to all below some items, which may have begun or ceased to be origins."""
    nodes = below(starts, origins, levels.children)
    renew(near, nodes, origins, parents, levels.children)
    return nodes


def _parents(levels: Levels) -> Callable[[int], Iterable[int]]:
    """Return what tells the parents of a node, those that can't be read too."""
    first, world = len(levels.level), levels.world

    def make() -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for node in range(first, first + len(levels.unread)):
            for child in levels.children.get(node, NOWHERE):
                found.setdefault(child, []).append(node)
        return found

    unread: Mapping[int, list[int]] = world.once("parents that can't be read", make)
    return lambda node: (*world.parents.get(node, NOWHERE), *unread.get(node, NOWHERE))


def linking(levels: Levels) -> Mapping[int, list[int]]:
    """Return, by item, those with a typed link to it."""

    def make() -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for position, targets in levels.links.items():
            for _, target in targets:
                found.setdefault(target, []).append(position)
        return found

    return levels.world.once("items with a typed link to others", make)


def judge_again(traces: Traces, changed: Collection[int], decided: Collection[int]) -> set[int]:
    """Work out the states of what became another item and of what is decided anew; return both."""
    found = {*changed, *decided}
    traces.read_again(sorted(changed), found)
    return found
