"""Facts about what blocks an item, across trackers, and about rings of items that block each other."""

from rules.facts.dependencies.blockers import blockers_of
from rules.facts.dependencies.facts import DEPENDENCY_FACTS

__all__ = ["DEPENDENCY_FACTS", "blockers_of"]
