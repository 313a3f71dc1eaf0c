"""What an item waits for, and what that waits for in turn: the chain down to what waits for nothing."""

from typing import TYPE_CHECKING

import msgspec

from rules.world import NOWHERE
from syncd.model.comments import Reference
from syncd.model.identity import ItemId
from syncd.model.items import Item, StatusCategory
from syncd.planner.keys import by_key

if TYPE_CHECKING:
    from rules.world import World

DEEPEST = 6
MOST = 30
"""So many links of a chain are followed; a longer one is no news after that."""


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """One item that is waited for; ``depth`` 0 is a blocker of the item itself. ``again``: it stands above already."""

    depth: int
    item: Reference
    status: str
    team: str
    again: bool = False


def waits_for(item_id: ItemId, world: "World") -> tuple[Waits, ...]:
    """Return the open blockers of an item, each followed by its own."""
    position = world.positions.get(item_id)
    if position is None:
        return ()
    found: list[Waits] = []
    seen = {position}
    waiting = [(0, blocker) for blocker in reversed(_open_blockers(position, world))]
    while waiting and len(found) < MOST:
        depth, position = waiting.pop()
        found.append(_waits(depth, position, world, again=position in seen))
        if position not in seen and depth + 1 < DEEPEST:
            waiting += [(depth + 1, blocker) for blocker in reversed(_open_blockers(position, world))]
        seen.add(position)
    return tuple(found)


def _open_blockers(position: int, world: "World") -> list[int]:
    blockers = (each for each in world.blockers.get(position, NOWHERE) if world.is_open(each))
    return sorted(blockers, key=lambda each: by_key(world.rows[each]))


def _waits(depth: int, position: int, world: "World", *, again: bool) -> Waits:
    item: Item = world.rows[position]
    category = item.status_category
    return Waits(
        depth=depth,
        item=Reference(item.key, url=item.url, item=item.id, source=item.place, restricted=item.restricted),
        status=item.status or (category.value if isinstance(category, StatusCategory) else ""),
        team=world.team(item.id),
        again=again,
    )
