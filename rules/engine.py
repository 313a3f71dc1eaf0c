"""The rules of a workspace, judged: every rule for every subject, three-valued, without I/O and without a clock."""

import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, cast

import msgspec
import numpy as np

from rules.columns import Positions, TruthColumns, Truths
from rules.facts.fact import Fact, FactValue
from rules.facts.table import FactTable
from rules.language import conditions
from rules.language.calendar import Calendar
from rules.language.conditions import AllOf, Condition, SetUse
from rules.language.matchers import Moment, earliest
from rules.rule import Rule
from rules.telling import Facts, Teller, evidence_in_full
from rules.unanswered import Joined, RuleSubject, Unanswered, where
from syncd.model.findings import About, Evidence, Judgment, RuleTerms, Subject, ToldOn
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
        subjects: dict[str, list[Subject]] = {}
        for subject in world.subjects if only is None else world.among(only):
            subjects.setdefault(subject.about, []).append(subject)
        parts = [
            _Evaluation(self, world, about, Moment(now, calendar), subjects.get(about.value, [])).judgments()
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
    reasons = dict.fromkeys(each.reason for value in values for each in _unknowns(value))
    return RuleAnswer(
        rule=rule.terms,
        answer=answer,
        reason="; ".join(reasons) if answer is Answer.UNKNOWN else "",
        evidence=evidence_in_full(asked, facts, subject, 0),
    )


_FEW = 0.75
"""A scope that has less of its base's subjects has facts of its own: those of the others are worked out for nobody."""


def _unknowns(value: FactValue) -> Iterator[Unknown]:
    """Yield what is not known of a fact: itself, or what more its list may have."""
    members = value if isinstance(value, tuple) else (value,)
    yield from (each for each in members if isinstance(each, Unknown))


_ANSWERS = {Truth.YES: Answer.HOLDS, Truth.UNKNOWN: Answer.UNKNOWN, Truth.NO: Answer.NOT}


class _Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Where a rule is judged: the subjects at ``positions``, the answers of the scope there, and their facts.

    ``columns`` has an answer for each of these. ``facts`` are of these alone where they are few, and of more subjects
    otherwise: ``places`` are the positions there.
    """

    positions: Positions
    truths: Truths
    columns: TruthColumns
    facts: Facts
    places: Positions


class _Evaluation:
    """One pass over the subjects of one kind."""

    def __init__(
        self, rules: RuleSet, world: "World", about: About, moment: Moment, subjects: Sequence[Subject]
    ) -> None:
        self._rules = [rule for rule in rules.rules if rule.about is about and rule.terms.stage is not Stage.OFF]
        self._sets = rules.sets
        self._vocabulary = rules.vocabulary
        self._world = world
        self._moment = moment
        self._subjects = subjects
        self._scopes: dict[str, _Scope] = {}
        self._columns: list[TruthColumns] = []
        self._next_due: datetime | None = None
        dark = (world.is_dark_subject(subject) is not None for subject in self._subjects)
        self._dark = np.fromiter(dark, np.bool_, len(self._subjects))
        bright = np.flatnonzero(~self._dark)
        self._everywhere = self._scope_at(bright, np.full(len(bright), Truth.YES, np.int8), None)

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
        return Judgments(
            holding=tuple(holding),
            unknown=Unanswered(results, self._subjects),
            also_when=frozenset(also),
            next_due=earliest([self._next_due, *(columns.next_due for columns in self._columns)]),
        )

    def _result(self, rule: Rule) -> Truths:
        scope = self._scope(rule.applies_to)
        result = np.full(len(self._subjects), Truth.NO, np.int8)
        result[scope.positions] = np.minimum(scope.columns.truth(rule.when), scope.truths)
        result[self._dark] = Truth.UNKNOWN
        return result

    def _scope(self, applies_to: Condition | None) -> _Scope:
        """Return where a rule is to be judged: what one part of its scope leaves out is asked nothing else."""
        if applies_to is None:
            return self._everywhere
        if isinstance(applies_to, SetUse):
            return self._scope(self._sets[applies_to.name])
        key = conditions.question(applies_to)
        found = self._scopes.get(key)
        if found is None:
            base, condition = self._everywhere, cast(Condition, applies_to)
            if isinstance(applies_to, AllOf) and len(applies_to.parts) > 1:
                *first, condition = applies_to.parts
                base = self._scope(AllOf(tuple(first)) if len(first) > 1 else first[0])
            truths = np.minimum(base.columns.truth(condition), base.truths)
            inside = np.flatnonzero(truths != Truth.NO)
            found = self._scopes[key] = self._scope_at(base.positions[inside], truths[inside], base, inside)
        return found

    def _scope_at(
        self, positions: Positions, truths: Truths, base: _Scope | None, inside: Positions | None = None
    ) -> _Scope:
        """Return a scope with facts of its own where it is much smaller than its base; else with those of the base."""
        if base is not None and inside is not None and len(positions) > _FEW * len(base.facts.table.subjects):
            facts, places = base.facts, base.places[inside]
        else:
            facts = self._facts([self._subjects[position] for position in positions.tolist()])
            places = np.arange(len(positions))
        columns = TruthColumns(facts.table, self._moment, self._sets, places)
        self._columns.append(columns)
        return _Scope(positions=positions, truths=truths, columns=columns, facts=facts, places=places)

    def _told(self, rule: Rule, positions: Sequence[int]) -> list[Judgment]:
        scope = self._scope(rule.applies_to)
        teller, changed_at = Teller(rule, scope.facts), self._world.changed_at
        places = scope.places[np.searchsorted(scope.positions, positions)].tolist() if positions else []
        subjects = [self._subjects[position] for position in positions]
        return [
            teller.judgment(subject, place, changed_at(subject))
            for subject, place in zip(subjects, places, strict=True)
        ]

    def _ancestors(self, rule: Rule, found: Sequence[Judgment]) -> set[RuleSubject]:
        """Return the ancestors for which a rule's ``when`` holds, though they need not be among what is judged."""
        world = self._world
        ids = {ancestor for judgment in found for ancestor in world.ancestors(judgment.subject.id)}
        there = [item for each in sorted(ids) if (item := world.item(each)) is not None and not item.is_change]
        subjects = [Subject(About.ITEM.value, item.id) for item in there]
        subjects = [each for each in subjects if world.is_dark_subject(each) is None]
        if not subjects:
            return set()
        columns = TruthColumns(self._facts(subjects).table, self._moment, self._sets)
        when = columns.truth(rule.when)
        self._next_due = earliest([self._next_due, columns.next_due])
        return {(rule.terms.id, subjects[each]) for each in where(when, Truth.YES)}

    def _facts(self, subjects: Sequence[Subject]) -> Facts:
        moment = self._moment
        table = FactTable(
            self._vocabulary, world=self._world, subjects=subjects, now=moment.now, calendar=moment.calendar
        )
        return Facts(vocabulary=self._vocabulary, table=table, moment=moment, sets=self._sets, item=self._world.item)
