"""Why a rule says what it says of one item: every part of its conditions, with the value that was read."""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from rules.engine import RuleSet
from rules.facts.fact import FactValue
from rules.facts.table import FactTable
from rules.language.conditions import Condition
from rules.language.matchers import Moment
from rules.language.templates import speaker_of
from rules.language.wording import Speaker, plain
from rules.reasons import Reason, deciding, reason_of
from rules.rule import Rule
from syncd.model.comments import Line, Text
from syncd.model.findings import Subject
from syncd.model.items import Stage
from syncd.model.truth import Truth, Unknown
from syncd.planner.terms import Policy

if TYPE_CHECKING:
    from rules.world import World


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a condition: ``depth`` is how far it is inside; ``value`` what was read, empty where it joins others.

    ``decides``: the rule does not hold, or is not known, because of this one.
    """

    depth: int
    text: str
    answer: Truth
    value: Line = ()
    decides: bool = False


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's answer for one subject, with its reasons; without ``applies_to`` the rule looks at all.

    ``dark``: why the subject can't be judged now, whatever its facts say; empty where it can.
    """

    rule_id: str
    title: str
    file: str
    version: str
    subject: Subject
    answer: Truth
    is_off: bool
    applies_to: tuple[Question, ...]
    when: tuple[Question, ...]
    dark: str = ""


def why(rule: Rule, subject: Subject, world: "World", rules: RuleSet, policy: Policy, now: datetime) -> Why:
    """Return every part of what a rule asks of a subject, judged now."""
    table = FactTable(rules.vocabulary, world=world, subjects=(subject,), now=now, calendar=policy.calendar)
    item = world.item(subject.id)
    here = Speaker(place=item.place, restricted=item.restricted) if item is not None else Speaker()
    asking = _Asking(rules, table, here, Moment(now, policy.calendar))
    scope = asking.reason(rule.applies_to) if rule.applies_to is not None else None
    when = asking.reason(rule.when)
    answer = min(scope.answer, when.answer) if scope is not None else when.answer
    dark = world.is_dark_subject(subject)
    decided_by = answer if answer is not Truth.YES else None
    return Why(
        rule_id=rule.terms.id,
        title=rule.terms.title,
        file=rule.terms.file,
        version=rule.terms.version,
        subject=subject,
        answer=answer if dark is None else Truth.UNKNOWN,
        is_off=rule.terms.stage is Stage.OFF,
        applies_to=asking.questions(scope, decides=scope.answer is decided_by) if scope is not None else (),
        when=asking.questions(when, decides=when.answer is decided_by),
        dark=dark.reason if dark is not None else "",
    )


class _Asking:
    """Reads the facts of one subject."""

    def __init__(self, rules: RuleSet, table: FactTable, here: Speaker, moment: Moment) -> None:
        self._rules = rules
        self._table = table
        self._here = here
        self._moment = moment

    def _read(self, name: str) -> FactValue:
        return self._table.column(name)[0]

    def reason(self, condition: Condition) -> Reason:
        """Return the reasons of a condition's answer."""
        return reason_of(condition, self._read, self._moment, self._rules.sets)

    def questions(self, reason: Reason, *, decides: bool) -> tuple[Question, ...]:
        """Return a condition's parts, each below what joins it."""
        deciders = {id(each) for each in deciding(reason)} if decides else set()
        return tuple(self._lines(reason, 0, deciders))

    def _lines(self, reason: Reason, depth: int, deciders: set[int]) -> list[Question]:
        own = Question(
            depth=depth,
            text=reason.question,
            answer=reason.answer,
            value=self._values(reason),
            decides=id(reason) in deciders,
        )
        return [own, *(line for part in reason.parts for line in self._lines(part, depth + 1, deciders))]

    def _values(self, reason: Reason) -> Line:
        """Return what was read, and behind it what it was compared with."""
        if reason.fact is None:
            return ()
        beside = [leaf for name in reason.beside for leaf in (Text(f"; {name} "), *self._value(name))]
        return (*self._value(reason.fact), *beside)

    def _value(self, name: str) -> Line:
        value = self._read(name)
        if isinstance(value, Unknown):
            return (Text(f"unknown: {value.reason}"),)
        return plain(value, speaker_of(self._rules.vocabulary[name], self._here)) or (Text("none"),)
