"""The pairs of rule and subject that can't be judged now, as a set over columns of answers."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from rules.columns import Truths
from syncd.model.findings import Subject
from syncd.model.truth import Truth

RuleSubject = tuple[str, Subject]


def where(column: Truths, truth: Truth) -> list[int]:
    """Return the positions that have an answer."""
    positions: list[int] = np.flatnonzero(column == truth).tolist()
    return positions


class Unanswered(AbstractSet[RuleSubject]):
    """The pairs that are unknown, kept as columns: a tracker that is down makes very many of them."""

    def __init__(self, results: Mapping[str, Truths], subjects: Sequence[Subject]) -> None:
        self._results = results
        self._subjects = subjects
        self._positions: dict[Subject, int] = {}

    def __contains__(self, pair: object) -> bool:
        if not isinstance(pair, tuple) or len(pair) != 2 or pair[0] not in self._results:
            return False
        if not self._positions:
            self._positions.update({subject: position for position, subject in enumerate(self._subjects)})
        position = self._positions.get(pair[1])
        return position is not None and bool(self._results[pair[0]][position] == Truth.UNKNOWN)

    def __iter__(self) -> Iterator[RuleSubject]:
        for rule_id, column in self._results.items():
            for position in where(column, Truth.UNKNOWN):
                yield rule_id, self._subjects[position]

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(column == Truth.UNKNOWN)) for column in self._results.values())


class Joined(AbstractSet[RuleSubject]):
    """The union of sets without a common member."""

    def __init__(self, parts: Sequence[AbstractSet[RuleSubject]]) -> None:
        self._parts = parts

    def __contains__(self, pair: object) -> bool:
        return any(pair in part for part in self._parts)

    def __iter__(self) -> Iterator[RuleSubject]:
        for part in self._parts:
            yield from part

    def __len__(self) -> int:
        return sum(map(len, self._parts))
