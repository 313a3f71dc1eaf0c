"""Which baselines are to be taken now: of what began and has had its settling time."""

from datetime import datetime

from rules.language.calendar import Calendar
from rules.world import World
from syncd.model.baselines import Baseline


def due_baselines(world: World, now: datetime, calendar: Calendar) -> tuple[Baseline, ...]:
    """Return the baselines that the World lacks and that are due; what could not be read now is left for later."""
    return ()
