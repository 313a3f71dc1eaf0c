"""Whether an outcome became another one after work was linked to it: its target or its ``revision`` changed."""

from datetime import datetime

from rules.world import World
from syncd.model.truth import Unknown


def changed_at(world: World, outcome: int) -> datetime | None:
    """Return when an outcome (by its number) was last seen to be another one than before; None where never."""
    return None


def changed_since(world: World, outcome: int, position: int) -> bool | Unknown:
    """Return whether an outcome changed after the item at a position was linked to it."""
    return False
