"""What was resolved before it hurt: only what can be shown to be, by the dates of the finding and of our writes.

A finding counts when all of this is known: it was told (a write of ours for its rule, on its item or naming it, came
after it opened and before it stopped to hold), it closed before the day that it threatened, that day was not moved
meanwhile, and neither the rule was edited nor its subject gone. What can't be established is not counted.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec

from rules.subjects import outcome_of
from rules.tracing import tracing_of
from syncd.model.changes import Action, Fate
from syncd.model.comments import Day, Leaf, Line, Quote, Reference
from syncd.model.findings import About, Finding, FindingState, Subject
from syncd.model.items import Stage
from syncd.model.outcomes import Outcome
from syncd.store import LedgerEntry
from syncd.web.report.given import Facts
from syncd.web.report.naming import Naming

_DAYS = {
    "item.needed_by": "needed by",
    "trace.outcome.launch_on": "launch of its outcome",
    "trace.outcome.target_date": "date of its outcome",
    "outcome.launch_on": "launch",
    "outcome.target_date": "target date",
    "container.ends_on": "last day",
}
"""The facts that say a day which a finding threatens, and what they are called."""
_TELLING = (Action.ADD_LABEL, Action.CREATE_COMMENT, Action.EDIT_COMMENT)
_MOVING = ("due_on", "sprints", "milestones", "parent")
"""Events after which an item may be needed by another day."""


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that closed before the day it threatened, after we wrote of it; all days are of the calendar."""

    rule_id: str
    title: str
    subject: Line
    opened_on: date
    written_on: date
    written_to: str
    closed_on: date
    threatened_on: date
    threatened: str


class Hurt:
    """Asks findings whether they were resolved before they hurt."""

    def __init__(self, facts: Facts, naming: Naming) -> None:
        self._facts = facts
        self._naming = naming
        rules = facts.given.rules.rules
        self._rules = {rule.terms.id for rule in rules if rule.terms.stage is not Stage.OFF}
        self._writes: dict[str, list[LedgerEntry]] = {}
        for entry in facts.given.writes:
            if entry.fate is Fate.APPLIED and entry.change.action in _TELLING:
                for rule_id in entry.change.rule_ids:
                    self._writes.setdefault(rule_id, []).append(entry)

    def resolved(self, findings: Iterable[Finding]) -> tuple[Resolved, ...]:
        """Return those of some findings that were resolved before they hurt, the last one first."""
        found = [each for each in map(self._resolved, findings) if each is not None]
        return tuple(sorted(found, key=lambda each: (each.closed_on, each.rule_id), reverse=True))

    def _resolved(self, finding: Finding) -> Resolved | None:
        opened, closed = finding.opened_at, finding.closed_at
        if finding.state is not FindingState.CLOSED or opened is None or closed is None:
            return None
        if finding.rule_id not in self._rules or not self._facts.world.has(finding.subject):
            return None
        threat, write = self._threat(finding), self._write(finding, opened, finding.cleared_at or closed)
        if threat is None or write is None or self._facts.day(closed) >= threat[1]:
            return None
        if self._is_moved(finding.subject, opened, closed, threat):
            return None
        return Resolved(
            rule_id=finding.rule_id,
            title=finding.rule.title,
            subject=self._naming.subject(finding.subject),
            opened_on=self._facts.day(opened),
            written_on=self._facts.day(write.at),
            written_to=write.change.key,
            closed_on=self._facts.day(closed),
            threatened_on=threat[1],
            threatened=_DAYS[threat[0]],
        )

    def _threat(self, finding: Finding) -> tuple[str, date] | None:
        """Return the first day that a finding threatened, and the fact that said it."""
        found = [
            (leaf.on, evidence.fact)
            for evidence in finding.evidence
            if evidence.fact in _DAYS
            for leaf in self._naming.line(evidence.value)  # a day that is not shown establishes nothing here
            if isinstance(leaf, Day)
        ]
        return (min(found)[1], min(found)[0]) if found else None

    def _write(self, finding: Finding, opened: datetime, cleared: datetime) -> LedgerEntry | None:
        """Return our first write that told a finding while it held, by the rule as it was when it closed."""
        outcome = outcome_of(finding.subject, self._facts.world)
        told = [
            entry
            for entry in self._writes.get(finding.rule_id, ())
            if opened <= entry.at < cleared
            and entry.rule_versions.get(finding.rule_id) == finding.rule.version
            and (entry.change.target == finding.subject.id or _names(entry, finding.subject, outcome))
        ]
        return min(told, key=lambda entry: entry.at, default=None)

    def _is_moved(self, subject: Subject, opened: datetime, closed: datetime, threat: tuple[str, date]) -> bool:
        """Say whether the day was moved instead, or may have been."""
        if any(self._is_other_outcome(each, opened, closed) for each in self._outcomes(subject)):
            return True
        if subject.about in (About.ITEM.value, About.DEPENDENCY.value):
            history = self._facts.world.histories.get(subject.id)
            if history is None or history.known_since > opened:
                return True
            if any(event.field in _MOVING and opened <= event.at <= closed for event in history.events):
                return True
        today = self._facts.of(threat[0], subject)
        if today is None:  # what is done is needed no more
            position = self._facts.world.positions.get(subject.id)
            return position is None or self._facts.world.is_open(position)
        return not isinstance(today, date) or today > threat[1]

    def _outcomes(self, subject: Subject) -> Iterator[str]:
        if subject.about == About.OUTCOME.value:
            yield subject.id.native_id
        elif subject.id in self._facts.world.positions:
            yield from tracing_of(self._facts.world).reached(subject.id)

    def _is_other_outcome(self, outcome_id: str, opened: datetime, closed: datetime) -> bool:
        """Say whether the dates of an outcome were others at some moment between two."""
        revisions = self._facts.world.revisions.get(outcome_id, ())
        meant = [each for each in revisions if each.seen_at <= opened][-1:]
        meant += [each for each in revisions if opened < each.seen_at <= closed]
        return len({(each.outcome.target_date, each.outcome.launch.on) for each in meant}) > 1


def _names(entry: LedgerEntry, subject: Subject, outcome: Outcome | None) -> bool:
    """Say whether a comment that we wrote names a subject: its item, or the outcome by its title."""
    quoted: tuple[Leaf, ...] = entry.change.comment.quoted if entry.change.comment is not None else ()
    if outcome is not None:
        return any(isinstance(leaf, Quote) and leaf.source is None and leaf.text == outcome.title for leaf in quoted)
    return any(isinstance(leaf, Reference) and leaf.item == subject.id for leaf in quoted)
