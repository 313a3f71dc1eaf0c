"""What is asked of traces beside the facts: which outcomes an item serves, and which missing things it names."""

from rules.facts.trace.levels import levels_of
from rules.facts.trace.names import LABEL_PREFIX
from rules.world import World
from syncd.model.identity import ItemId
from syncd.model.outcomes import Outcome

_EXPLICIT = (1, 2)
"""Levels at which somebody named the outcome: there several are fine, elsewhere two mean that nobody knows which."""


class Tracing:
    """The traces of a World's items."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._levels = levels_of(world)

    def served(self, item_id: ItemId) -> tuple[Outcome, ...]:
        """Return the active outcomes that an item reaches; none where that is in doubt."""
        position = self._world.positions[item_id]
        reached = self._levels.reached[position]
        is_sure = self._levels.level[position] in _EXPLICIT or len(reached) == 1
        if not is_sure or self._world.darks[position] is not None or self._levels.doubt(position) is not None:
            return ()
        outcomes = (self._world.roadmap.outcomes[number] for number in reached)
        return tuple(outcome for outcome in outcomes if outcome.is_active)

    def reached(self, item_id: ItemId) -> tuple[str, ...]:
        """Return the ids of the outcomes that an item reaches, active or not."""
        numbers = self._levels.reached[self._world.positions[item_id]]
        return tuple(self._world.roadmap.outcomes[number].id for number in numbers)

    def missing(self, item_id: ItemId) -> tuple[str, ...]:
        """Return what an item, or the ancestor it goes by, names and is not there; one name for one thing."""
        names: dict[str, None] = {}
        for origin in self._levels.broken_origins(self._world.positions[item_id]):
            for naming in self._levels.names.broken(origin):
                names[naming.words.casefold().removeprefix(LABEL_PREFIX).strip()] = None
            for end in self._levels.names.lost(origin):
                names[f"{end.ref.tracker} {end.key}".casefold()] = None
        return tuple(names)


def tracing_of(world: World) -> Tracing:
    """Return the traces of a World's items, made once."""
    return world.once("tracing", lambda: Tracing(world))
