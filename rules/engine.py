"""The rules of a workspace, judged: every rule for every subject, three-valued, without I/O and without a clock."""

import enum
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from rules.columns import Positions, TruthColumns, Truths
from rules.facts.fact import Fact
from rules.facts.table import FactTable
from rules.language import conditions
from rules.language.calendar import Calendar
from rules.language.conditions import Condition
from rules.language.matchers import Moment, earliest
from rules.rule import Rule
from rules.telling import Facts, Teller, evidence_in_full
from rules.unanswered import Joined, RuleSubject, Unanswered, where
from syncd.model.findings import About, Evidence, Judgment, RuleTerms, Subject, ToldOn
from syncd.model.identity import ItemId
from syncd.model.items import Stage
from syncd.model.truth import Truth, Unknown

if TYPE_CHECKING:
    from rules.world import World

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

    def with_rules(self, ids: Collection[str]) -> "RuleSet":
        """Return the set with no rules but these; its sets and facts stay."""
        return msgspec.structs.replace(self, rules=tuple(rule for rule in self.rules if rule.terms.id in ids))

    def evaluate(
        self,
        world: "World",
        now: datetime,
        *,
        calendar: Calendar = _WEEKDAYS,
        only: Collection[Subject] | None = None,
    ) -> Judgments:
        """Judge every rule for every subject of the world, or for those of ``only`` that are there.

        Raises nothing that a fact's value can cause. ``also_when`` reaches beyond ``only``, to the ancestors of what
        holds.
        """
        wanted = None if only is None else frozenset(only)
        parts = [
            _Evaluation(self, world, about, Moment(now, calendar), wanted).judgments()
            for about in About
            if any(rule.about is about and rule.terms.stage is not Stage.OFF for rule in self.rules)
        ]
        return Judgments(
            holding=tuple(judgment for part in parts for judgment in part.holding),
            unknown=Joined([part.unknown for part in parts]),
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
        facts = Facts(vocabulary=self.vocabulary, table=table, moment=moment, sets=self.sets, item=world.item)
        dark = world.is_dark_subject(subject)
        about = [rule for rule in self.rules if rule.about.value == subject.about]
        return tuple(_explained(rule, subject, facts, dark) for rule in about)


def _explained(rule: Rule, subject: Subject, facts: Facts, dark: Unknown | None) -> RuleAnswer:
    if rule.terms.stage is Stage.OFF:
        return RuleAnswer(rule=rule.terms, answer=Answer.OFF)
    if dark is not None:
        return RuleAnswer(rule=rule.terms, answer=Answer.UNKNOWN, reason=dark.reason)

    read = facts.read(0)
    scope = Truth.YES
    asked = rule.when
    if rule.applies_to is not None:
        scope = conditions.judge(rule.applies_to, read, facts.moment, facts.sets)
        asked = conditions.AllOf((rule.applies_to, rule.when))
    when = conditions.judge(rule.when, read, facts.moment, facts.sets)
    answer = Answer.NOT_APPLIED if scope is Truth.NO else _ANSWERS[min(scope, when)]
    values = map(read, conditions.facts_read(asked, facts.sets))
    reasons = dict.fromkeys(value.reason for value in values if isinstance(value, Unknown))
    return RuleAnswer(
        rule=rule.terms,
        answer=answer,
        reason="; ".join(reasons) if answer is Answer.UNKNOWN else "",
        evidence=evidence_in_full(asked, facts, subject, 0),
    )


_ANSWERS = {Truth.YES: Answer.HOLDS, Truth.UNKNOWN: Answer.UNKNOWN, Truth.NO: Answer.NOT}


class _Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Where a rule is judged: the answers of its scope at ``positions``, and the columns of these."""

    columns: TruthColumns
    positions: Positions
    truths: Truths | np.int8


class _Evaluation:
    """One pass over the subjects of one kind."""

    def __init__(
        self, rules: RuleSet, world: "World", about: About, moment: Moment, only: frozenset[Subject] | None
    ) -> None:
        self._rules = [rule for rule in rules.rules if rule.about is about and rule.terms.stage is not Stage.OFF]
        self._world = world
        self._subjects = [
            subject for subject in world.subjects if subject.about == about.value and (only is None or subject in only)
        ]
        self._vocabulary = rules.vocabulary
        self._is_part = only is not None
        table = self._table(self._subjects, moment)
        self._everywhere = np.arange(len(self._subjects))
        self._columns = TruthColumns(table, moment, rules.sets)
        self._scopes: dict[str, _Scope] = {}
        self._positions: dict[ItemId, int] = {}
        self._next_due: datetime | None = None
        self._facts = Facts(vocabulary=rules.vocabulary, table=table, moment=moment, sets=rules.sets, item=world.item)
        dark = (world.is_dark_subject(subject) is not None for subject in self._subjects)
        self._dark = np.fromiter(dark, np.bool_, len(self._subjects))

    def judgments(self) -> Judgments:
        results = {rule.terms.id: self._result(rule) for rule in self._rules}
        holding: list[Judgment] = []
        also: set[RuleSubject] = set()
        for rule in self._rules:
            found = self._told(rule, where(results[rule.terms.id], Truth.YES))
            holding += found
            if rule.escalations:
                # Time can change a severity, too, and no column has been asked for that.
                self._next_due = earliest([self._next_due, *(each.next_due for each in found)])
            if rule.terms.told_on is ToldOn.TOPMOST:
                also |= self._ancestors(rule, found)
        turns = [scope.columns.next_due for scope in self._scopes.values()]
        return Judgments(
            holding=tuple(holding),
            unknown=Unanswered(results, self._subjects),
            also_when=frozenset(also),
            next_due=earliest([self._next_due, self._columns.next_due, *turns]),
        )

    def _result(self, rule: Rule) -> Truths:
        scope = self._scope(rule.applies_to)
        result = np.full(len(self._subjects), Truth.NO, np.int8)
        result[scope.positions] = np.minimum(scope.columns.truth(rule.when), scope.truths)
        result[self._dark] = Truth.UNKNOWN
        return result

    def _scope(self, applies_to: Condition | None) -> "_Scope":
        """Return where a rule is to be judged: what its scope leaves out is asked nothing else."""
        if applies_to is None:
            return _Scope(columns=self._columns, positions=self._everywhere, truths=np.int8(Truth.YES))
        key = conditions.question(applies_to)
        found = self._scopes.get(key)
        if found is None:
            truths = self._columns.truth(applies_to)
            positions = np.flatnonzero((truths != Truth.NO) & ~self._dark)
            columns = TruthColumns(self._facts.table, self._facts.moment, self._facts.sets, positions)
            found = self._scopes[key] = _Scope(columns=columns, positions=positions, truths=truths[positions])
        return found

    def _told(self, rule: Rule, positions: Sequence[int]) -> list[Judgment]:
        teller, subjects, changed_at = Teller(rule, self._facts), self._subjects, self._world.changed_at
        return [teller.judgment(subjects[each], each, changed_at(subjects[each])) for each in positions]

    def _ancestors(self, rule: Rule, found: Sequence[Judgment]) -> set[RuleSubject]:
        ids = {ancestor for judgment in found for ancestor in self._world.ancestors(judgment.subject.id)}
        if not ids:
            return set()
        if self._is_part:
            return self._strange_ancestors(rule, ids)
        known = [position for each in ids if (position := self._position_of(each)) is not None]
        columns = TruthColumns(self._facts.table, self._facts.moment, self._facts.sets, np.array(known, np.intp))
        when = columns.truth(rule.when)
        self._next_due = earliest([self._next_due, columns.next_due])
        return {(rule.terms.id, self._subjects[known[each]]) for each in where(when, Truth.YES)}

    def _strange_ancestors(self, rule: Rule, ids: AbstractSet[ItemId]) -> set[RuleSubject]:
        """Return the ancestors for which a rule's ``when`` holds, though they need not be among what is judged."""
        world, moment = self._world, self._facts.moment
        there = [item for each in sorted(ids) if (item := world.item(each)) is not None and not item.is_change]
        subjects = [Subject(About.ITEM.value, item.id) for item in there]
        subjects = [each for each in subjects if world.is_dark_subject(each) is None]
        columns = TruthColumns(self._table(subjects, moment), moment, self._facts.sets)
        when = columns.truth(rule.when) if subjects else np.zeros(0, np.int8)
        self._next_due = earliest([self._next_due, columns.next_due])
        return {(rule.terms.id, subjects[each]) for each in where(when, Truth.YES)}

    def _table(self, subjects: Sequence[Subject], moment: Moment) -> FactTable:
        return FactTable(
            self._vocabulary, world=self._world, subjects=subjects, now=moment.now, calendar=moment.calendar
        )

    def _position_of(self, item: ItemId) -> int | None:
        if not self._positions:
            self._positions = {subject.id: position for position, subject in enumerate(self._subjects)}
        position = self._positions.get(item)
        return None if position is None or self._dark[position] else position
