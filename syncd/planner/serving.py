"""Which outcomes an item serves, as far as is known for sure: what its comment begins with."""

from typing import TYPE_CHECKING

from rules.facts.trace.levels import Levels
from syncd.model.identity import ItemId
from syncd.model.outcomes import Outcome

if TYPE_CHECKING:
    from rules.world import World

EXPLICIT = (1, 2)
"""Levels at which somebody named the outcome: there several are fine, elsewhere two mean that nobody knows which."""


def outcomes_served(world: "World", item_id: ItemId) -> tuple[Outcome, ...]:
    """Return the active outcomes that an item reaches; none where that is in doubt."""
    levels = world.once("levels of evidence", lambda: Levels(world))
    position = world.positions[item_id]
    reached = levels.reached[position]
    is_sure = levels.level[position] in EXPLICIT or len(reached) == 1
    if not is_sure or world.darks[position] is not None or levels.doubt(position) is not None:
        return ()
    outcomes = (world.roadmap.outcomes[number] for number in reached)
    return tuple(outcome for outcome in outcomes if outcome.is_active)
