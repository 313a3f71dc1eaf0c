"""Conditions judged for many subjects at once: each question once per distinct value, each set once per pass."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from rules.facts.fact import FactValue
from rules.facts.table import FactTable
from rules.language.conditions import AllOf, AnyOf, Atom, Condition, Not, Sets
from rules.language.matchers import Moment, earliest, soonest
from syncd.model.truth import Truth

Truths: TypeAlias = NDArray[np.int8]
"""One Truth per subject, so that all is the minimum, any the maximum, and not is 2 - x."""

Positions: TypeAlias = NDArray[np.intp]


class _Distinct(msgspec.Struct, frozen=True):
    """A column by its distinct values: ``codes`` has the position of each subject's value."""

    values: list[FactValue]
    codes: NDArray[np.intp]


class TruthColumns:
    """The answers to conditions for the subjects of a table, or for those at ``positions``, remembered for the pass."""

    def __init__(self, table: FactTable, moment: Moment, sets: Sets, positions: Positions | None = None) -> None:
        self._table = table
        self._positions = None if positions is None else positions.tolist()
        self._moment = moment
        self._sets = sets
        self._distinct: dict[str, _Distinct] = {}
        self._atoms: dict[str, Truths] = {}
        self._set_columns: dict[str, Truths] = {}
        self.next_due: datetime | None = None
        """When time alone would change an answer given so far, at the earliest."""

    def truth(self, condition: Condition) -> Truths:
        """Return what a condition says of each subject; the array is shared and not to be written."""
        if isinstance(condition, Atom):
            return self._atom(condition)
        if isinstance(condition, AllOf):
            return _folded(np.minimum, [self.truth(part) for part in condition.parts])
        if isinstance(condition, AnyOf):
            return _folded(np.maximum, [self.truth(part) for part in condition.parts])
        if isinstance(condition, Not):
            return np.subtract(np.int8(Truth.YES), self.truth(condition.part))
        found = self._set_columns.get(condition.name)
        if found is None:
            found = self._set_columns[condition.name] = self.truth(self._sets[condition.name])
        return found

    def _atom(self, atom: Atom) -> Truths:
        found = self._atoms.get(atom.key)
        if found is None:
            distinct = self._values(atom.name)
            judge, moment = atom.matcher.judge, self._moment
            answers = np.fromiter((judge(value, moment) for value in distinct.values), np.int8, len(distinct.values))
            found = self._atoms[atom.key] = answers[distinct.codes]
            if atom.matcher.due:
                self.next_due = earliest([self.next_due, soonest(atom.matcher, distinct.values, moment)])
        return found

    def _values(self, name: str) -> _Distinct:
        found = self._distinct.get(name)
        if found is None:
            column = self._table.column(name)
            here = column if self._positions is None else map(column.__getitem__, self._positions)
            found = self._distinct[name] = _distinct(list(here))
        return found


def _folded(fold: Callable[[Truths, Truths], Truths], columns: list[Truths]) -> Truths:
    found = columns[0]
    for column in columns[1:]:
        found = fold(found, column)
    return found


def _distinct(column: list[FactValue]) -> _Distinct:
    try:
        positions = {value: position for position, value in enumerate(dict.fromkeys(column))}
    except TypeError:
        # A record that can't be hashed: every value stands for itself.
        return _Distinct(column, np.arange(len(column)))
    codes = np.fromiter(map(positions.__getitem__, column), np.intp, len(column))
    return _Distinct(list(positions), codes)
