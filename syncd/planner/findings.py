"""What is remembered of rules that hold: since when, and whether for long enough to be told or taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from rules.engine import Judgments
from rules.language.calendar import Calendar
from rules.language.matchers import earliest
from rules.subjects import outcome_subject
from syncd.model.findings import About, Finding, FindingState, Judgment, Subject
from syncd.model.items import Stage
from syncd.planner.steady import steady, steady_evidence, steady_lines
from syncd.planner.terms import FindingKey

if TYPE_CHECKING:
    from rules.world import World


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """All findings, by rule and subject; ``next_due`` is when time alone would change one or an answer."""

    findings: tuple[Finding, ...]
    next_due: datetime | None


def settle(
    judgments: Judgments, world: "World", remembered: Mapping[FindingKey, Finding], now: datetime, calendar: Calendar
) -> Settled:
    """Bring what is remembered up to date with what was judged; what is unknown neither opens nor closes."""
    settling = _Settling(judgments, world, now, calendar)
    remembered = {**remembered, **_of_new_ids(remembered, world)}
    holding = {(judgment.rule.id, judgment.subject): judgment for judgment in judgments.holding}
    findings = [settling.held(judgment, remembered.get(key)) for key, judgment in holding.items()]
    findings += [settling.not_held(finding) for key, finding in remembered.items() if key not in holding]
    findings.sort(key=lambda finding: (finding.rule_id, str(finding.subject)))
    turns = [due for due in map(settling.due, findings) if due is not None and due > now]
    return Settled(findings=tuple(findings), next_due=earliest([judgments.next_due, *turns]))


def _of_new_ids(remembered: Mapping[FindingKey, Finding], world: "World") -> dict[FindingKey, Finding]:
    """Return what is remembered of outcomes under ids they had before, as of their ids now: a new name is no news."""
    found: dict[FindingKey, Finding] = {}
    heirs = {was.casefold(): outcome for outcome in world.roadmap.outcomes for was in outcome.was}
    for (rule_id, subject), finding in remembered.items() if heirs else ():
        heir = heirs.get(subject.id.native_id.casefold()) if subject.about == About.OUTCOME.value else None
        if heir is not None and finding.state is not FindingState.CLOSED:
            now = outcome_subject(heir.id)
            before = remembered.get((rule_id, now))
            if before is None or before.state is FindingState.CLOSED:
                found[rule_id, now] = replace(finding, subject=now)
    return found


class _Settling:
    """What one pass knows about time and about what could be judged."""

    def __init__(self, judgments: Judgments, world: "World", now: datetime, calendar: Calendar) -> None:
        self._unknown = judgments.unknown
        self._rules = {terms.id: terms for terms in judgments.rules if terms.stage is not Stage.OFF}
        self._world = world
        self._now = now
        self._calendar = calendar

    def held(self, judgment: Judgment, before: Finding | None) -> Finding:
        """Return the finding of a rule that holds."""
        since = self._since(judgment, before)
        opened_at = before.opened_at if before and before.state in _TOLD else None
        if opened_at is None and self._now >= self._calendar.after(since, judgment.rule.holds_for):
            opened_at = self._now
        finding = Finding(
            rule=judgment.rule,
            subject=judgment.subject,
            state=FindingState.PENDING if opened_at is None else FindingState.OPEN,
            severity=judgment.severity,
            since=since,
            message=judgment.message,
            why=judgment.why,
            fix=judgment.fix,
            fix_by_tracker=judgment.fix_by_tracker,
            evidence=judgment.evidence,
            causes=judgment.causes,
            opened_at=opened_at,
            told=before.told if before else (),
        )
        return _steadied(finding, before) if before is not None and opened_at is not None else finding

    def _since(self, judgment: Judgment, before: Finding | None) -> datetime:
        if before is not None and before.state is not FindingState.CLOSED:
            return before.since
        began_at = judgment.changed_at or self._now
        # It is known not to have held when it was last seen to stop: what returns begins anew.
        stopped_at = before.cleared_at or before.closed_at if before else None
        return min(max(began_at, stopped_at) if stopped_at else began_at, self._now)

    def not_held(self, before: Finding) -> Finding:
        """Return what becomes of a finding whose rule does not hold, or whose answer is not known."""
        rule = self._rules.get(before.rule_id)
        if before.state is FindingState.CLOSED:
            return before
        if rule is None or not self._world.has(before.subject):
            return self._closed(before)
        if self._is_unknown(before.rule_id, before.subject):
            return replace(before, rule=rule, known=False)
        if before.state is FindingState.PENDING:
            return self._closed(before)
        cleared_at = before.cleared_at or self._now
        if self._now >= self._calendar.after(cleared_at, rule.clear_after):
            return self._closed(replace(before, rule=rule, cleared_at=cleared_at))
        return replace(before, rule=rule, state=FindingState.CLEARING, known=True, cleared_at=cleared_at)

    def _is_unknown(self, rule_id: str, subject: Subject) -> bool:
        return (rule_id, subject) in self._unknown or self._world.is_dark_subject(subject) is not None

    def _closed(self, before: Finding) -> Finding:
        cleared_at = before.cleared_at or self._now
        return replace(
            before, state=FindingState.CLOSED, known=True, cleared_at=cleared_at, closed_at=self._now, told=()
        )

    def due(self, finding: Finding) -> datetime | None:
        """Return when time alone would open or close the finding."""
        if finding.known and finding.state is FindingState.PENDING:
            return self._calendar.after(finding.since, finding.rule.holds_for)
        if finding.known and finding.state is FindingState.CLEARING and finding.cleared_at:
            return self._calendar.after(finding.cleared_at, finding.rule.clear_after)
        return None


def _steadied(finding: Finding, before: Finding) -> Finding:
    """Return a finding in the words in which it was told before, where what differs is no news."""
    told = dict(before.fix_by_tracker)
    return replace(
        finding,
        message=steady(finding.message, before.message),
        why=steady(finding.why, before.why),
        fix=steady_lines(finding.fix, before.fix),
        fix_by_tracker=tuple((kind, steady_lines(fix, told.get(kind, ()))) for kind, fix in finding.fix_by_tracker),
        evidence=steady_evidence(finding.evidence, before.evidence),
    )


_TOLD = (FindingState.OPEN, FindingState.CLEARING)


def is_live(finding: Finding) -> bool:
    """Say whether a finding is one to tell: open, or not yet clear for long enough."""
    return finding.state in _TOLD
