"""Items that mirror each other: several faces of one piece of work, of which one is where the work is."""

from typing import TYPE_CHECKING

from syncd.model.items import LinkKind, StatusCategory

if TYPE_CHECKING:
    from rules.world import World

Order = tuple[bool, bool, bool, bool, int]


class Twins:
    """Which items of a World mirror each other, by position; a change is nobody's twin."""

    def __init__(self, world: "World") -> None:
        self._homes: dict[int, int] = {}
        self._members: dict[int, tuple[int, ...]] = {}
        self._world = world
        for members in _groups(world):
            home = min(members, key=self._order)
            self._members[home] = tuple(sorted(members))
            self._homes.update(dict.fromkeys(members, home))

    def home(self, position: int) -> int:
        """Return where the work of an item is: its own position, or that of the twin that stands for all of them."""
        return self._homes.get(position, position)

    def members(self, position: int) -> tuple[int, ...]:
        """Return an item's twins and itself, in order; itself alone where it has none."""
        return self._members.get(self.home(position), (position,))

    def _order(self, position: int) -> Order:
        """Return what puts the twin first where the work is: open, begun, assigned, with children, in this order."""
        world = self._world
        item = world.rows[position]
        return (
            item.status_category is StatusCategory.DONE,
            not world.lexicons[position].is_in_progress(item),
            not item.assignees,
            position not in world.children_of,
            position,
        )


def _groups(world: "World") -> list[list[int]]:
    """Return the items that mirror each other, perhaps by way of others."""
    near: dict[int, list[int]] = {}
    for source, target in sorted(world.graph.edges[LinkKind.MIRRORS]):
        if not world.rows[source].is_change and not world.rows[target].is_change:
            near.setdefault(source, []).append(target)
            near.setdefault(target, []).append(source)
    groups, seen = list[list[int]](), set[int]()
    for start in near:
        if start not in seen:
            seen.add(start)
            group = [start]
            for each in group:
                fresh = [other for other in near[each] if other not in seen]
                seen.update(fresh)
                group += dict.fromkeys(fresh)
            groups.append(group)
    return groups


def twins_of(world: "World") -> Twins:
    """Return the twins of a World, found once."""
    return world.once("twins", lambda: Twins(world))
