"""Conditions judged for many subjects at once: each question once per distinct value, each set once per pass."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

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

_Value = TypeVar("_Value")


class _Distinct(msgspec.Struct, Generic[_Value], frozen=True):
    """A column by its distinct values: ``codes`` has the position of each subject's value."""

    values: list[_Value]
    codes: NDArray[np.intp]


class TruthColumns:
    """The answers to conditions for the subjects of a table, or for those at ``positions``, remembered for the pass."""

    def __init__(self, table: FactTable, moment: Moment, sets: Sets, positions: Positions | None = None) -> None:
        self._table = table
        self._positions = None if positions is None else positions.tolist()
        self._moment = moment
        self._sets = sets
        self._distinct: dict[str, _Distinct[FactValue]] = {}
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
        if found is None and atom.beside:
            found = self._atoms[atom.key] = self._compared(atom)
        elif found is None:
            distinct = self._values(atom.name)
            judge, moment = atom.matcher.judge, self._moment
            answers = np.fromiter((judge(value, moment) for value in distinct.values), np.int8, len(distinct.values))
            found = self._atoms[atom.key] = answers[distinct.codes]
            if atom.matcher.due:
                self.next_due = earliest([self.next_due, soonest(atom.matcher, distinct.values, moment)])
        return found

    def _compared(self, atom: Atom) -> Truths:
        """Return the answers to a question that reads other facts too: once per distinct set of values."""
        names = atom.beside
        columns = zip(*(self._column(name) for name in (atom.name, *names)), strict=True)
        distinct = _distinct(list(columns))
        moments = [self._moment.beside(dict(zip(names, others, strict=True))) for _, *others in distinct.values]
        pairs = [(values[0], moment) for values, moment in zip(distinct.values, moments, strict=True)]
        judge, due = atom.matcher.judge, atom.matcher.due
        answers = np.fromiter((judge(value, moment) for value, moment in pairs), np.int8, len(pairs))
        if due:
            self.next_due = earliest([self.next_due, *(due(value, moment) for value, moment in pairs)])
        return answers[distinct.codes]

    def _column(self, name: str) -> Sequence[FactValue]:
        column = self._table.column(name)
        return column if self._positions is None else [column[position] for position in self._positions]

    def _values(self, name: str) -> _Distinct[FactValue]:
        found = self._distinct.get(name)
        if found is None:
            found = self._distinct[name] = _distinct(list(self._column(name)))
        return found


def _folded(fold: Callable[[Truths, Truths], Truths], columns: list[Truths]) -> Truths:
    found = columns[0]
    for column in columns[1:]:
        found = fold(found, column)
    return found


def _distinct(column: list[_Value]) -> _Distinct[_Value]:
    try:
        positions = {value: position for position, value in enumerate(dict.fromkeys(column))}
    except TypeError:
        # A record that can't be hashed: every value stands for itself.
        return _Distinct(column, np.arange(len(column)))
    codes = np.fromiter(map(positions.__getitem__, column), np.intp, len(column))
    return _Distinct(list(positions), codes)
