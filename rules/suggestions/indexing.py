"""What the traced work of each outcome is about, in weighted terms."""

from rules.facts.fact import FactContext
from syncd.model.snapshots import SuggestionIndex


def index_of_work(context: FactContext) -> SuggestionIndex:
    """Return the index that unlinked work is compared with."""
    return SuggestionIndex()
