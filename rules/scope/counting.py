"""How the work of outcomes stands beside what was agreed, in items."""

from collections.abc import Mapping

from rules.facts.fact import FactContext
from syncd.model.snapshots import Counts


def counts(context: FactContext) -> Mapping[str, Counts]:
    """Return the counts of each outcome, by its id."""
    return {}
