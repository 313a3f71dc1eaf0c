"""What terms weigh: those that few texts have say most of what a text is about."""

import math
from collections.abc import Iterable, Mapping

from rules.suggestions.terms import Terms

THOUSAND = 1000


def counted(texts: Iterable[Terms]) -> tuple[dict[str, int], int]:
    """Return in how many texts each term stands, and how many texts there are."""
    counts: dict[str, int] = {}
    total = 0
    for text in texts:
        total += 1
        for term in text:
            counts[term] = counts.get(term, 0) + 1
    return counts, total


def weighed(terms: Terms, counts: Mapping[str, int], total: int, most: int) -> dict[str, float]:
    """Return the weights of a text's ``most`` strongest terms; the squares of all its weights add up to 1."""
    found: dict[str, float] = {}
    for term, amount in terms.items():
        rarity = math.log((total + 1) / (counts.get(term, 1) + 0.5))
        if rarity > 0:
            found[term] = math.sqrt(amount) * rarity
    # A sum that the order of terms can't change.
    length = math.sqrt(math.fsum(weight * weight for weight in found.values()))
    strongest = sorted(found.items(), key=lambda each: (-each[1], each[0]))[:most]
    return {term: weight / length for term, weight in strongest}
