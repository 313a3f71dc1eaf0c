"""When time alone would turn an answer, by subject: what can't hold before something else changes is not waited for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from rules.columns import TruthColumns
from rules.facts.fact import Fact
from rules.facts.table import FactTable
from rules.language import conditions
from rules.language.conditions import AllOf, Condition, Read, Sets, SetUse
from rules.language.matchers import Moment
from rules.rule import Rule
from rules.world import World
from syncd.model.findings import Subject, ToldOn
from syncd.model.truth import Truth


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule requires, all of it: ``scope`` and ``when`` that no time can turn, and the rest, ``timed``.

    ``is_asked_above``: its ``when`` is asked of ancestors, too, whether or not the rule applies to them.
    """

    scope: tuple[Condition, ...]
    when: tuple[Condition, ...]
    timed: Condition
    is_asked_above: bool


class Dues:
    """Tells of items when time alone would turn an answer of one of the rules."""

    def __init__(self, rules: Iterable[Rule], sets: Sets, vocabulary: Mapping[str, Fact]) -> None:
        self._sets = sets
        self._vocabulary = vocabulary
        self._asked = [asked for rule in rules if (asked := self._of_rule(rule)) is not None]

    def _of_rule(self, rule: Rule) -> _Asked | None:
        scope, when = list(self._parts(rule.applies_to)), list(self._parts(rule.when))
        timed = [part for part in (*scope, *when) if self._is_timed(part)]
        timed += [each.when for each in rule.escalations if self._is_timed(each.when)]
        if not timed:
            return None
        return _Asked(
            scope=tuple(part for part in scope if not self._is_timed(part)),
            when=tuple(part for part in when if not self._is_timed(part)),
            timed=AllOf(tuple(timed)),
            is_asked_above=rule.terms.told_on is ToldOn.TOPMOST,
        )

    def _parts(self, condition: Condition | None) -> Iterator[Condition]:
        """Yield what must hold for a condition to hold, as finely as it is written."""
        if isinstance(condition, SetUse) and condition.name in self._sets:
            yield from self._parts(self._sets[condition.name])
        elif isinstance(condition, AllOf):
            for part in condition.parts:
                yield from self._parts(part)
        elif condition is not None:
            yield condition

    def _is_timed(self, condition: Condition) -> bool:
        return any(atom.matcher.due is not None for atom in conditions.atoms(condition, self._sets))

    def of(self, subjects: Sequence[Subject], world: World, moment: Moment) -> dict[Subject, datetime]:
        """Return when to judge each item again at the latest, though nothing changes; those that never are left out."""
        if not self._asked or not subjects:
            return {}
        table = FactTable(self._vocabulary, world=world, subjects=subjects, now=moment.now, calendar=moment.calendar)
        columns = TruthColumns(table, moment, self._sets)
        above = (world.positions.get(subject.id) in world.children_of for subject in subjects)
        is_above = np.fromiter(above, np.bool_, len(subjects))
        found: dict[Subject, datetime] = {}
        for asked in self._asked:
            may_hold = _possible(columns, asked.when, len(subjects))
            applies = _possible(columns, asked.scope, len(subjects))
            waiting = may_hold & (applies | is_above) if asked.is_asked_above else may_hold & applies
            for position in np.flatnonzero(waiting).tolist():
                subject = subjects[position]
                due = conditions.due(asked.timed, _reader(table, position), moment, self._sets)
                if due is not None:
                    found[subject] = min(due, found.get(subject, due))
        return found


def _possible(columns: TruthColumns, parts: Sequence[Condition], count: int) -> NDArray[np.bool_]:
    """Return where none of the parts is known not to hold."""
    found = np.ones(count, np.bool_)
    for part in parts:
        found &= columns.truth(part) != Truth.NO
    return found


def _reader(table: FactTable, position: int) -> Read:
    return lambda name: table.column(name)[position]
