"""How much work was finished lately, and how long it took."""

from collections.abc import Mapping

from rules.facts.fact import FactContext
from syncd.model.snapshots import Flow


def outcome_flows(context: FactContext) -> Mapping[str, Flow]:
    """Return the flow of each outcome's work, by its id."""
    return {}


def team_flows(context: FactContext) -> Mapping[str, Flow]:
    """Return the flow of each team's work, by its name."""
    return {}
