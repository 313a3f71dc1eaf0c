"""What facts read of the day's snapshot; where a World was given none, it is worked out when first asked for."""

from collections.abc import Mapping

from rules.facts.fact import FactContext
from rules.flow import forecasting, measuring
from rules.suggestions.indexing import index_of_work
from syncd.model.snapshots import Flow, Forecast, SuggestionIndex


def forecasts_of(context: FactContext) -> Mapping[str, Forecast]:
    """Return the forecasts of outcomes, by their ids."""
    given = context.world.given.snapshot
    if given is not None:
        return given.forecasts
    key = ("forecasts", context.now, context.calendar)
    return context.world.once(key, lambda: forecasting.forecasts(context))


def outcome_flows_of(context: FactContext) -> Mapping[str, Flow]:
    """Return the flows of outcomes, by their ids."""
    given = context.world.given.snapshot
    if given is not None:
        return given.outcome_flows
    key = ("outcome flows", context.now, context.calendar)
    return context.world.once(key, lambda: measuring.outcome_flows(context))


def team_flows_of(context: FactContext) -> Mapping[str, Flow]:
    """Return the flows of teams, by their names."""
    given = context.world.given.snapshot
    if given is not None:
        return given.team_flows
    key = ("team flows", context.now, context.calendar)
    return context.world.once(key, lambda: measuring.team_flows(context))


def index_of(context: FactContext) -> SuggestionIndex:
    """Return what unlinked work is compared with."""
    given = context.world.given.snapshot
    if given is not None and given.index is not None:
        return given.index
    key = ("suggestion index", context.now, context.calendar)
    return context.world.once(key, lambda: index_of_work(context))
