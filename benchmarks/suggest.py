"""How often suggestions are right: each linked item of real projects is taken out in turn, and asked where it belongs.

``python -m benchmarks.suggest [FOLDER]``. Epics, milestones, labels and versions stand for outcomes; what defines them
is no term of the item. A folder is the one with exported issues; else that of SYNCD_DATA, else ../shared/data.
"""

import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from benchmarks.suggest_data import DATA, Case, cases
from rules.suggestions.indexing import Example, build_index
from rules.suggestions.matching import MOST, THRESHOLD, Match, Matcher
from rules.suggestions.terms import COMPONENT, Terms, terms_of_item, words_in_title

Ranking = Sequence[str]
_Z = 1.96


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one item: ``ranked`` whatever is near, ``told`` what would be suggested."""

    ranked: Ranking
    told: Ranking = ()


class Bench:
    """One case, with the terms of its items, and what its names mean as outcomes."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._terms = [terms_of_item(item) for item in case.items]
        self._own: dict[str, Terms] = {name: words_in_title(title) for name, title in sorted(case.titles.items())}
        self.linked = [row for row, names in enumerate(case.names) if names]

    def suggested(self, row: int, *, only_before: bool = False) -> Answer:
        """Return what is suggested for an item by all the others, or by those alone that were there before it."""
        item = self.case.items[row]
        chosen = [
            each
            for each in range(len(self._terms))
            if each != row and not (only_before and self.case.items[each].created_at >= item.created_at)
        ]
        examples = [
            Example(
                outcomes=tuple(sorted(self.case.names[each])),
                terms=self._terms[each],
                day=self.case.items[each].created_at.toordinal(),
            )
            for each in chosen
            if self.case.names[each]
        ]
        others = [self._terms[each] for each in chosen if not self.case.names[each]]
        matcher = Matcher(build_index(examples, self._own, others), self._own)
        terms, day = self._terms[row], item.created_at.toordinal()
        return Answer(
            ranked=_names(matcher.ranked(terms, day))[:MOST],
            told=_names(matcher.suggested(terms, day)),
        )

    def most_frequent(self, row: int) -> Answer:
        """Return the names that most others have."""
        return Answer(ranked=self._frequent(each for each in self.linked if each != row))

    def same_component(self, row: int) -> Answer:
        """Return the names that most others of the same components have."""
        own = {term for term in self._terms[row] if term.startswith(COMPONENT)}
        beside = (each for each in self.linked if each != row and not own.isdisjoint(self._terms[each]))
        return Answer(ranked=self._frequent(beside))

    def _frequent(self, rows: Iterable[int]) -> Ranking:
        counts = Counter(name for row in rows for name in self.case.names[row])
        return [name for name, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST]]


def _names(matches: Sequence[Match]) -> list[str]:
    return [each.outcome for each in matches]


def interval(hits: int, of: int) -> tuple[float, float]:
    """Return Wilson's interval of a share, at 95 %."""
    if not of:
        return 0.0, 1.0
    share, square = hits / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def share(hits: int, of: int) -> str:
    """Return a share in words: percent, with its interval."""
    if not of:
        return "none       "
    low, high = interval(hits, of)
    return f"{hits / of:4.0%} ({low:.0%}-{high:.0%})"


def line(name: str, bench: Bench, answer: Callable[[int], Answer]) -> str:
    """Return what came of all linked items of a case by one way of answering."""
    answers = [(answer(row), bench.case.names[row]) for row in bench.linked]
    of = len(answers)
    firsts = sum(bool(each.ranked) and each.ranked[0] in names for each, names in answers)
    among = sum(not names.isdisjoint(each.ranked) for each, names in answers)
    told = [(each.told, names) for each, names in answers if each.told]
    right = sum(each[0] in names for each, names in told)
    any_right = sum(not names.isdisjoint(each) for each, names in told)
    parts = [f"  {name:22}", f"top 1 {share(firsts, of):16}", f"top 3 {share(among, of):16}"]
    if told or name.startswith("suggestions"):
        parts.append(f"told {share(len(told), of):16} first right {share(right, len(told)):16}")
        parts.append(f"one right {share(any_right, len(told))}")
    return " ".join(parts)


def main(folder: Path = DATA) -> None:
    """Print the figures of every case."""
    found = [Bench(case) for case in cases(folder)]
    if not found:
        print(f"no exported issues in {folder}: set SYNCD_DATA to a folder that has them")
        return
    print(f"each item left out in turn; told: suggested at a score of {THRESHOLD:g} or more; intervals at 95 %")
    for bench in found:
        case, of = bench.case, len(bench.linked)
        few = ": too few to tell" if of < 30 else ""
        print(f"{case.source}: {case.kind}, {len(case.titles)} of them, n = {of} of {len(case.items)} items{few}")
        print(line("suggestions", bench, bench.suggested))
        print(line("suggestions, as it was", bench, partial(bench.suggested, only_before=True)))
        print(line("most frequent", bench, bench.most_frequent))
        print(line("same component", bench, bench.same_component))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
