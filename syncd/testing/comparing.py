"""What came of a case beside what was expected of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from rules.engine import Answer, RuleAnswer
from rules.subjects import container_of
from syncd.model.comments import Day, Leaf, Line, Reference
from syncd.model.findings import About, Finding, FindingState, Subject
from syncd.model.identity import ItemId
from syncd.testing.cases import Case
from syncd.testing.expectations import HOLDING, Expected, in_words
from syncd.testing.running import Came, run_case


class Mismatch(msgspec.Struct, frozen=True, kw_only=True):
    """Something that came otherwise than expected; ``facts`` are those that the rule read, in words.

    ``step`` counts from 1; the first is the case itself.
    """

    rule: str
    subject: str
    step: int
    line: int
    expected: str
    got: str
    facts: tuple[tuple[str, str], ...] = ()


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A case that was run; ``fired`` are the rules that held for something in it."""

    case: Case
    mismatches: tuple[Mismatch, ...]
    fired: frozenset[str]


def judge_case(case: Case, only: str | None = None) -> Verdict:
    """Run a case and compare; ``only`` looks at one rule."""
    came = run_case(case)
    found = [each for number, step in enumerate(came, 1) for each in _Comparison(step, number).mismatches(only)]
    fired = {judgment.rule.id for step in came for judgment in step.judgments.holding}
    return Verdict(case=case, mismatches=tuple(found), fired=frozenset(fired))


class _Comparison:
    """One step, beside what was expected."""

    def __init__(self, came: Came, number: int) -> None:
        self._came = came
        self._number = number

    def mismatches(self, only: str | None) -> Iterator[Mismatch]:
        named = set()
        for expected in self._came.step.expected:
            subject = self._came.subject(expected.subject)
            named.add((expected.rule, subject))
            if only in (None, expected.rule) and not self._is_met(expected, subject):
                yield self._mismatch(expected, subject)
        for rule_id, subject in self._unexpected():
            if (rule_id, subject) not in named and only in (None, rule_id):
                nothing = Expected(rule=rule_id, subject=subject, named=self._name(subject), state="not")
                yield self._mismatch(nothing, subject)

    def _unexpected(self) -> Sequence[tuple[str, Subject]]:
        """Return what holds or, though all can be read, may hold."""
        live = {key for key, finding in self._came.findings.items() if finding.state is not FindingState.CLOSED}
        unknown = () if self._came.step.may_be_unknown else self._came.judgments.unknown
        return sorted(live.union(unknown))

    def _is_met(self, expected: Expected, subject: Subject) -> bool:
        finding = self._came.findings.get((expected.rule, subject))
        state = self._state(expected.rule, subject)
        is_there = state == expected.state or (expected.state == "holds" and state in HOLDING)
        if finding is None or finding.state is FindingState.CLOSED:
            return is_there
        is_as_severe = expected.severity in ("", finding.severity.name.lower())
        says = all(each in _sentences(finding) for each in expected.says)
        return is_there and expected.on in (None, finding.told) and is_as_severe and says

    def _state(self, rule_id: str, subject: Subject) -> str:
        finding = self._came.findings.get((rule_id, subject))
        if (rule_id, subject) in self._came.judgments.unknown:
            return "unknown"
        if finding is None or finding.state is FindingState.CLOSED:
            return "not"
        return finding.state.value if finding.state is not FindingState.OPEN else self._written(finding)

    def _written(self, finding: Finding) -> str:
        """Return what stands of an open finding where it is told."""
        desired = [self._came.desired[each] for each in finding.told if each in self._came.desired]
        label = self._came.policy.label(finding.rule_id)
        if any(finding.rule_id in each.rule_ids for each in desired):
            return "told"
        return "labelled" if any(label in each.annotations.labels for each in desired) else "silent"

    def _mismatch(self, expected: Expected, subject: Subject) -> Mismatch:
        keys = [self._key(each) for each in expected.on or ()]
        answer = self._answer(expected.rule, subject)
        return Mismatch(
            rule=expected.rule,
            subject=expected.named,
            step=self._number,
            line=self._came.step.line,
            expected=in_words(expected.state, keys, expected.severity, expected.says),
            got=self._got(expected, subject, answer),
            facts=tuple((each.fact, line_text(each.value)) for each in answer.evidence) if answer else (),
        )

    def _got(self, expected: Expected, subject: Subject, answer: RuleAnswer | None) -> str:
        state = self._state(expected.rule, subject)
        finding = self._came.findings.get((expected.rule, subject))
        if finding is None or finding.state is FindingState.CLOSED:
            if state == "unknown":
                return f"unknown: {answer.reason}" if answer and answer.reason else state
            return "does not apply" if answer and answer.answer is Answer.NOT_APPLIED else in_words("not", ())
        severity = finding.severity.name.lower() if expected.severity else ""
        says = [line_text(finding.message)] if expected.says else []
        keys = [self._key(each) for each in finding.told]
        return in_words(state, keys, severity, says) + self._until(finding)

    def _until(self, finding: Finding) -> str:
        """Return until when time alone keeps a finding as it is."""
        calendar = self._came.policy.calendar
        if finding.state is FindingState.PENDING:
            told_from = calendar.after(finding.since, finding.rule.holds_for)
            return f": it holds since {self._minute(finding.since)} and is told from {self._minute(told_from)}"
        if finding.state is FindingState.CLEARING and finding.cleared_at:
            until = calendar.after(finding.cleared_at, finding.rule.clear_after)
            return f": it is taken back from {self._minute(until)}"
        return ""

    def _minute(self, at: datetime) -> str:
        return at.astimezone(self._came.policy.calendar.zone).strftime("%Y-%m-%d %H:%M")

    def _answer(self, rule_id: str, subject: Subject) -> RuleAnswer | None:
        came = self._came
        if subject not in came.world.subjects:
            return None
        answers = came.rules.explain(came.world, subject, came.step.now, calendar=came.policy.calendar)
        return next((each for each in answers if each.rule.id == rule_id), None)

    def _name(self, subject: Subject) -> str:
        """Return how a case calls a subject."""
        if subject.about in (About.ITEM.value, About.DEPENDENCY.value):
            return self._key(subject.id)
        container = container_of(subject, self._came.world)
        return f"{subject.about}:{container.title if container else subject.id.native_id}"

    def _key(self, item_id: ItemId) -> str:
        item = self._came.world.items.get(item_id) or self._came.world.gone.get(item_id)
        return item.key if item is not None else str(item_id)


def line_text(line: Line) -> str:
    """Return a line as those read it who may read all of it."""
    return "".join(map(_leaf, line))


def _leaf(leaf: Leaf) -> str:
    if isinstance(leaf, Reference):
        return leaf.key
    return leaf.on.isoformat() if isinstance(leaf, Day) else leaf.text


def _sentences(finding: Finding) -> str:
    """Return all that a finding says; by tracker, too."""
    by_tracker = [line for _, lines in finding.fix_by_tracker for line in lines]
    return "\n".join(map(line_text, (finding.message, finding.why, *finding.fix, *by_tracker)))
