"""What the planner asks of traces: which outcomes an item serves, and which missing things it names."""

from typing import TYPE_CHECKING

from rules.facts.trace.levels import Levels
from rules.facts.trace.names import LABEL_PREFIX
from syncd.model.identity import ItemId
from syncd.model.outcomes import Outcome

if TYPE_CHECKING:
    from rules.world import World

EXPLICIT = (1, 2)
"""Levels at which somebody named the outcome: there several are fine, elsewhere two mean that nobody knows which."""


def _levels(world: "World") -> Levels:
    return world.once("levels of evidence", lambda: Levels(world))


def outcomes_served(world: "World", item_id: ItemId) -> tuple[Outcome, ...]:
    """Return the active outcomes that an item reaches; none where that is in doubt."""
    levels = _levels(world)
    position = world.positions[item_id]
    reached = levels.reached[position]
    is_sure = levels.level[position] in EXPLICIT or len(reached) == 1
    if not is_sure or world.darks[position] is not None or levels.doubt(position) is not None:
        return ()
    outcomes = (world.roadmap.outcomes[number] for number in reached)
    return tuple(outcome for outcome in outcomes if outcome.is_active)


def missing_names(world: "World", item_id: ItemId) -> tuple[str, ...]:
    """Return the outcomes and things that an item (or the ancestor it goes by) names and that are not there."""
    levels = _levels(world)
    names: dict[str, None] = {}
    for origin in levels.broken_origins(world.positions[item_id]):
        for naming in levels.names.broken(origin):
            names[naming.words.casefold().removeprefix(LABEL_PREFIX).strip()] = None
        for end in levels.names.lost(origin):
            names[f"{end.ref.tracker} {end.key}".casefold()] = None
    return tuple(names)
