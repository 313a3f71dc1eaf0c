"""When the rest of each outcome will be done, at the pace and with the growth that were measured."""

from collections.abc import Mapping

from rules.facts.fact import FactContext
from syncd.model.snapshots import Forecast


def forecasts(context: FactContext) -> Mapping[str, Forecast]:
    """Return the forecast of each active outcome, by its id."""
    return {}
