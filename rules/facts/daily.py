"""What facts read of the day's snapshot; where a World was given none, it is worked out when first asked for."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from rules.facts.fact import FactContext
from rules.flow import forecasting, measuring
from rules.suggestions.indexing import index_of_work
from syncd.model.snapshots import Flow, Forecast, Snapshot, SuggestionIndex
from syncd.model.truth import Unknown

Part = TypeVar("Part")

NOT_MEASURED = Unknown("this is measured once a day, and was not yet since it is there")


def forecasts_of(context: FactContext) -> Mapping[str, Forecast]:
    """Return the forecasts of outcomes, by their ids."""
    return _part(context, "forecasts", lambda snapshot: snapshot.forecasts, forecasting.forecasts)


def outcome_flows_of(context: FactContext) -> Mapping[str, Flow]:
    """Return the flows of outcomes, by their ids."""
    return _part(context, "outcome flows", lambda snapshot: snapshot.outcome_flows, measuring.outcome_flows)


def team_flows_of(context: FactContext) -> Mapping[str, Flow]:
    """Return the flows of teams, by their names."""
    return _part(context, "team flows", lambda snapshot: snapshot.team_flows, measuring.team_flows)


def index_of(context: FactContext) -> SuggestionIndex:
    """Return what unlinked work is compared with."""
    return _part(context, "suggestion index", lambda snapshot: snapshot.index, index_of_work)


def _part(
    context: FactContext, name: str, given: Callable[[Snapshot], Part | None], make: Callable[[FactContext], Part]
) -> Part:
    """Return what the day's snapshot has, else what ``make`` makes of the World."""
    snapshot = context.world.given.snapshot
    found = given(snapshot) if snapshot is not None else None
    if found is not None:
        return found
    return context.world.once((name, context.now, context.calendar), lambda: make(context))
