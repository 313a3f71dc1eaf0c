"""What terms weigh: those that few texts have say most of what a text is about."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from rules.suggestions.terms import Terms

THOUSAND = 1000


class Rarity:
    """How rare terms are among some texts: what few of them have weighs more."""

    def __init__(self, counts: Mapping[str, int], total: int) -> None:
        self._counts = counts
        self._total = total
        self._known: dict[int, float] = {}

    def weighed(self, terms: Terms, most: int) -> dict[str, float]:
        """Return the weights of a text's ``most`` strongest terms; the squares of all its weights add up to 1."""
        counts = self._counts
        found = {term: math.sqrt(amount) * self._of(counts.get(term, 1)) for term, amount in terms.items()}
        # A sum that the order of terms can't change.
        length = math.sqrt(math.fsum(weight * weight for weight in found.values()))
        strongest = sorted(found.items(), key=lambda each: (-each[1], each[0]))[:most]
        return {term: weight / length for term, weight in strongest if weight > 0}

    def _of(self, count: int) -> float:
        """Return how rare a term is that so many texts have; of one that all have, 0."""
        rarity = self._known.get(count)
        if rarity is None:
            rarity = self._known[count] = max(math.log((self._total + 1) / (count + 0.5)), 0.0)
        return rarity


def counted(texts: Iterable[Terms]) -> tuple[dict[str, int], int]:
    """Return in how many texts each term stands, and how many texts there are."""
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        total += 1
        counts.update(text.keys())
    return dict(counts), total
