"""What is worked out once a day, from the World of that moment."""

from datetime import datetime

from rules.facts.table import context_at
from rules.flow.forecasting import forecasts
from rules.flow.measuring import outcome_flows, team_flows
from rules.language.calendar import Calendar
from rules.scope.counting import counts
from rules.suggestions.indexing import index_of_work
from rules.world import World
from syncd.model.snapshots import Snapshot


def take_snapshot(world: World, now: datetime, calendar: Calendar) -> Snapshot:
    """Return the snapshot of the day that ``now`` is on."""
    context = context_at(world, now, calendar)
    return Snapshot(
        day=calendar.day(now),
        taken_at=now,
        outcome_flows=dict(outcome_flows(context)),
        team_flows=dict(team_flows(context)),
        forecasts=dict(forecasts(context)),
        counts=dict(counts(context)),
        index=index_of_work(context),
    )
