"""The rules of a workspace, judged: every rule for every subject, three-valued, without I/O and without a clock."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from rules.columns import TruthColumns, Truths
from rules.facts.fact import Fact
from rules.facts.table import FactTable
from rules.language import conditions
from rules.language.calendar import Calendar
from rules.language.conditions import Condition
from rules.language.matchers import Moment, earliest
from rules.rule import Rule
from rules.telling import Teller
from syncd.model.findings import About, Evidence, Judgment, RuleTerms, Subject, ToldOn
from syncd.model.items import Stage
from syncd.model.truth import Truth, Unknown

if TYPE_CHECKING:
    from rules.world import World

RuleSubject = tuple[str, Subject]

_WEEKDAYS = Calendar()


class Judgments(msgspec.Struct, frozen=True, kw_only=True):
    """What one evaluation found.

    ``unknown`` are the pairs of rule id and subject that can't be judged now. ``also_when`` are ancestors of what
    holds, by a rule told on the topmost, for which its ``when`` holds too, whether or not it applies to them.
    ``next_due`` is when time alone would change an answer.
    """

    holding: tuple[Judgment, ...]
    unknown: AbstractSet[RuleSubject] = frozenset()
    rules: tuple[RuleTerms, ...] = ()
    also_when: frozenset[RuleSubject] = frozenset()
    next_due: datetime | None = None


class Answer(enum.Enum):
    """What a rule says of one subject. NOT_APPLIED: ``applies_to`` leaves it out. OFF: the rule is not judged."""

    HOLDS = "holds"
    NOT = "does not hold"
    UNKNOWN = "unknown"
    NOT_APPLIED = "not applied"
    OFF = "off"


class RuleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One rule for one subject, with the facts it read; ``reason`` says why it is unknown."""

    rule: RuleTerms
    answer: Answer
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """The rules, sets and facts of a workspace."""

    rules: tuple[Rule, ...] = ()
    sets: Mapping[str, Condition] = {}
    vocabulary: Mapping[str, Fact] = {}

    def evaluate(self, world: "World", now: datetime, *, calendar: Calendar = _WEEKDAYS) -> Judgments:
        """Judge every rule for every subject of the world; raises nothing that a fact's value can cause."""
        parts = [
            _Evaluation(self, world, about, Moment(now, calendar)).judgments()
            for about in About
            if any(rule.about is about and rule.terms.stage is not Stage.OFF for rule in self.rules)
        ]
        return Judgments(
            holding=tuple(judgment for part in parts for judgment in part.holding),
            unknown=_Joined([part.unknown for part in parts]),
            rules=tuple(rule.terms for rule in self.rules),
            also_when=frozenset(pair for part in parts for pair in part.also_when),
            next_due=earliest([part.next_due for part in parts]),
        )

    def explain(
        self, world: "World", subject: Subject, now: datetime, *, calendar: Calendar = _WEEKDAYS
    ) -> tuple[RuleAnswer, ...]:
        """Return what every rule about such subjects says of this one, with the facts it reads."""
        moment = Moment(now, calendar)
        table = FactTable(self.vocabulary, world=world, subjects=(subject,), now=now, calendar=calendar)
        teller = Teller(vocabulary=self.vocabulary, table=table, moment=moment, sets=self.sets, item=world.item)
        dark = world.is_dark_subject(subject)
        about = [rule for rule in self.rules if rule.about.value == subject.about]
        return tuple(_explained(rule, subject, teller, dark) for rule in about)


def _explained(rule: Rule, subject: Subject, teller: Teller, dark: Unknown | None) -> RuleAnswer:
    if rule.terms.stage is Stage.OFF:
        return RuleAnswer(rule=rule.terms, answer=Answer.OFF)
    if dark is not None:
        return RuleAnswer(rule=rule.terms, answer=Answer.UNKNOWN, reason=dark.reason)

    def read(name: str) -> object:
        return teller.table.column(name)[0]

    scope = Truth.YES
    asked = rule.when
    if rule.applies_to is not None:
        scope = teller.judge(rule.applies_to, 0)
        asked = conditions.AllOf((rule.applies_to, rule.when))
    answer = Answer.NOT_APPLIED if scope is Truth.NO else _ANSWERS[min(scope, teller.judge(rule.when, 0))]
    names = dict.fromkeys(atom.name for atom in conditions.atoms(asked, teller.sets))
    reasons = dict.fromkeys(value.reason for value in map(read, names) if isinstance(value, Unknown))
    return RuleAnswer(
        rule=rule.terms,
        answer=answer,
        reason="; ".join(reasons) if answer is Answer.UNKNOWN else "",
        evidence=teller.evidence_in_full(asked, subject, 0),
    )


_ANSWERS = {Truth.YES: Answer.HOLDS, Truth.UNKNOWN: Answer.UNKNOWN, Truth.NO: Answer.NOT}


class _Evaluation:
    """One pass over the subjects of one kind."""

    def __init__(self, rules: RuleSet, world: "World", about: About, moment: Moment) -> None:
        self._rules = [rule for rule in rules.rules if rule.about is about and rule.terms.stage is not Stage.OFF]
        self._world = world
        self._subjects = [subject for subject in world.subjects if subject.about == about.value]
        table = FactTable(
            rules.vocabulary, world=world, subjects=self._subjects, now=moment.now, calendar=moment.calendar
        )
        self._columns = TruthColumns(table, moment, rules.sets)
        self._teller = Teller(vocabulary=rules.vocabulary, table=table, moment=moment, sets=rules.sets, item=world.item)
        dark = (world.is_dark_subject(subject) is not None for subject in self._subjects)
        self._dark = np.fromiter(dark, np.bool_, len(self._subjects))

    def judgments(self) -> Judgments:
        results = {rule.terms.id: self._result(rule) for rule in self._rules}
        holding: list[Judgment] = []
        also: set[RuleSubject] = set()
        for rule in self._rules:
            found = [self._judgment(rule, position) for position in _where(results[rule.terms.id], Truth.YES)]
            holding += found
            if rule.terms.told_on is ToldOn.TOPMOST:
                also |= self._ancestors(rule, found)
        return Judgments(
            holding=tuple(holding),
            unknown=_Unanswered(results, self._subjects),
            also_when=frozenset(also),
            next_due=self._columns.next_due,
        )

    def _result(self, rule: Rule) -> Truths:
        result = self._columns.truth(rule.when)
        if rule.applies_to is not None:
            result = np.minimum(result, self._columns.truth(rule.applies_to))
        return np.where(self._dark, np.int8(Truth.UNKNOWN), result)

    def _judgment(self, rule: Rule, position: int) -> Judgment:
        subject = self._subjects[position]
        return self._teller.judgment(rule, subject, position, self._world.changed_at(subject))

    def _ancestors(self, rule: Rule, found: Sequence[Judgment]) -> set[RuleSubject]:
        ids = {ancestor for judgment in found for ancestor in self._world.ancestors(judgment.subject.id)}
        if not ids:
            return set()
        when = np.where(self._dark, np.int8(Truth.UNKNOWN), self._columns.truth(rule.when))
        held = (self._subjects[position] for position in _where(when, Truth.YES))
        return {(rule.terms.id, subject) for subject in held if subject.id in ids}


def _where(column: Truths, truth: Truth) -> list[int]:
    positions: list[int] = np.flatnonzero(column == truth).tolist()
    return positions


class _Unanswered(AbstractSet[RuleSubject]):
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
            for position in _where(column, Truth.UNKNOWN):
                yield rule_id, self._subjects[position]

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(column == Truth.UNKNOWN)) for column in self._results.values())


class _Joined(AbstractSet[RuleSubject]):
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
