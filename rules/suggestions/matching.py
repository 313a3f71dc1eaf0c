"""Which outcomes an item resembles: those of the traced work that is nearest to it in words and in time."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from rules.suggestions.terms import Terms, is_where, shown
from rules.suggestions.weighing import THOUSAND, Rarity
from syncd.model.snapshots import SuggestionIndex

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.int64]

THRESHOLD = 0.06
"""Below this nothing is suggested; benchmarks/suggest.py prints how often what is above it is right."""
MOST = 3
_NEAREST = 10
_HALF_LIFE = 365.0
"""In days: work that was written a year before or after counts half."""
_LONGEST_AGO = 36_500
"""In days: what is farther away counts as if it were so far."""
_LEADING = 0.7
"""So much of what is near has to speak for the first: what resembles everything a little resembles nothing."""
_BESIDE_FIRST = 0.5
"""The second and third are suggested where they are at least so near, beside the first."""
_FEW = 1.0
"""How much more an outcome's own words count while nothing serves it yet."""
_LEAST_SUPPORT, _LEAST_SHARED = 2, 2
_TERMS = 60
_SHARED = 4
_STEP = 0.01


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome that an item resembles: how much, from 0 to 1, and the strongest terms that they share.

    ``lead`` is the share of all that is near which speaks for it. ``support_count``: how many near items do, and its
    own words.
    """

    outcome: str
    score: float
    lead: float
    support_count: int
    terms: tuple[str, ...]


class _Near(msgspec.Struct, frozen=True):
    """A traced item that is near: how much, and by which terms; time has faded both."""

    row: int
    nearness: float
    shared: dict[str, float]


class Matcher:
    """Compares items with an index; ``order`` are the outcomes that may be suggested, the first before others as near.

    ``in_public`` outcomes alone are suggested where people from outside read, by what anybody may have read.
    """

    def __init__(
        self, index: SuggestionIndex, order: Collection[str], in_public: Collection[str] = frozenset()
    ) -> None:
        self._index = index
        self._order = {outcome: number for number, outcome in enumerate(order)}
        self._in_public = {outcome: number for outcome, number in self._order.items() if outcome in in_public}
        self._rarity = Rarity(index.counts, index.document_count)
        self._days = np.array(index.days, np.int64)
        self._public = np.isin(np.arange(len(index.days)), sorted(index.public))
        self._fading = 0.5 ** (np.arange(_LONGEST_AGO) / _HALF_LIFE)
        self._arrays: dict[str, tuple[Rows, Floats]] = {}
        counts = Counter(outcome for outcomes in index.rows for outcome in outcomes)
        self._by_term: dict[str, list[tuple[str, float]]] = {}
        for outcome, terms in sorted(index.terms.items()):
            for term, weight in terms.items():
                stressed = weight * (1 + _FEW / (1 + counts[outcome]))
                self._by_term.setdefault(term, []).append((outcome, stressed))

    def suggested(self, terms: Terms, day: int, *, is_read_outside: bool = False) -> tuple[Match, ...]:
        """Return up to three outcomes that are near enough, the nearest first; of a text written on ``day``."""
        claims = self._claims(terms, day, is_read_outside)
        if not claims or claims[0].lead < _LEADING:
            return ()
        least = max(THRESHOLD, _BESIDE_FIRST * claims[0].score)
        ranked = [each.match() for each in claims[:MOST]]
        near = [each for each in ranked if each.score >= least and _is_told_by_more(each)]
        return tuple(near) if near[:1] == ranked[:1] else ()

    def ranked(self, terms: Terms, day: int, *, is_read_outside: bool = False) -> list[Match]:
        """Return all outcomes that an item resembles at all, the nearest first."""
        return [each.match() for each in self._claims(terms, day, is_read_outside)]

    def _claims(self, terms: Terms, day: int, is_read_outside: bool) -> list["_Claim"]:
        """Return what speaks for each outcome that an item resembles at all, the nearest first."""
        order = self._in_public if is_read_outside else self._order
        if not order or not self._index.document_count:
            return []
        own = self._rarity.weighed(terms, _TERMS)
        nearest = self._nearest(own, day, is_read_outside)
        support: dict[str, list[dict[str, float]]] = {}
        for near in nearest:
            for outcome in self._index.rows[near.row]:
                support.setdefault(outcome, []).append(near.shared)
        in_own_words = self._in_own_words(own)
        nearness = sum(near.nearness for near in nearest)
        claims = [
            _claim(outcome, support.get(outcome, []), in_own_words.get(outcome, {}), nearness)
            for outcome in {**support, **in_own_words}
            if outcome in order
        ]
        # Near and nearer by a hair would change places every day: such keep the order of the roadmap.
        return sorted(claims, key=lambda each: (-round(each.score / _STEP), order[each.outcome]))

    def _nearest(self, own: Mapping[str, float], day: int, is_read_outside: bool) -> list[_Near]:
        """Return the traced items that are nearest."""
        found = [(term, weight, self._posted(term)) for term, weight in own.items() if term in self._index.postings]
        near = np.zeros(len(self._days))
        for _, weight, (rows, weights) in found:
            near[rows] += weight * weights
        fading = self._fading[np.minimum(np.abs(self._days - day), len(self._fading) - 1)]
        near *= fading
        if is_read_outside:
            near[~self._public] = 0.0
        chosen = self._largest(near)
        shared: dict[int, dict[str, float]] = {row: {} for row in chosen}
        ordered = sorted(chosen)
        for term, weight, (rows, weights) in found:  # their rows ascend
            for row, place in zip(ordered, rows.searchsorted(ordered).tolist(), strict=True):
                if place < len(rows) and rows[place] == row:
                    shared[row][term] = float(weight * weights[place] * fading[row])
        return [_Near(row, float(near[row]), shared[row]) for row in chosen]

    def _largest(self, near: Floats) -> list[int]:
        """Return the rows that are nearest, the nearest first; of those equally near the first."""
        rows = np.flatnonzero(near > 0)
        if len(rows) > _NEAREST:
            least = np.partition(near[rows], len(rows) - _NEAREST)[len(rows) - _NEAREST]
            rows = rows[near[rows] >= least]
        return sorted(rows.tolist(), key=lambda row: (-near[row], row))[:_NEAREST]

    def _posted(self, term: str) -> tuple[Rows, Floats]:
        """Return the rows that have a term, and its weights there."""
        found = self._arrays.get(term)
        if found is None:
            postings = np.array(self._index.postings[term], np.int64)
            found = self._arrays[term] = postings[::2].copy(), postings[1::2] / THOUSAND
        return found

    def _in_own_words(self, own: Mapping[str, float]) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for term, weight in own.items():
            for outcome, other in self._by_term.get(term, ()):
                found.setdefault(outcome, {})[term] = weight * other
        return found


class _Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks for an outcome, in terms; see Match."""

    outcome: str
    score: float
    lead: float
    support_count: int
    shared: dict[str, float]

    def match(self) -> Match:
        """Return it as told: with the strongest terms alone."""
        strongest = sorted(self.shared.items(), key=lambda each: (-each[1], each[0]))
        told = dict.fromkeys(shown(term) for term, _ in strongest if not is_where(term))
        return Match(
            outcome=self.outcome,
            score=self.score,
            lead=self.lead,
            support_count=self.support_count,
            terms=tuple(told)[:_SHARED],
        )


def _claim(
    outcome: str, support: Sequence[Mapping[str, float]], in_own_words: Mapping[str, float], nearness: float
) -> _Claim:
    shared: dict[str, float] = {}
    for each in (*support, in_own_words):
        for term, amount in each.items():
            shared[term] = shared.get(term, 0.0) + amount
    total, said = sum(shared.values()), sum(in_own_words.values())
    return _Claim(
        outcome=outcome,
        score=min(total / _NEAREST, 1.0),
        lead=min(total / (nearness + said), 1.0) if nearness + said else 0.0,
        support_count=len(support) + bool(said),
        shared=shared,
    )


def _is_told_by_more(match: Match) -> bool:
    """Return whether a match is more than a coincidence: of one item, or of one word."""
    return match.support_count >= _LEAST_SUPPORT and len(match.terms) >= _LEAST_SHARED
