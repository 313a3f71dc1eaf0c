"""All the facts there are, joined in one place; what a fact is stands in ``rules.facts.fact``."""

from rules.facts.fact import Fact
from rules.facts.fields import FIELD_FACTS


def all_facts() -> tuple[Fact, ...]:
    """Return every declared fact, family by family."""
    return FIELD_FACTS
