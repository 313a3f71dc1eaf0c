"""What the rules found, by rule and by team."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

import msgspec

from syncd.model.comments import Line
from syncd.model.findings import About, Finding, FindingState, Severity
from syncd.planner.findings import is_live
from syncd.planner.overview import is_told
from syncd.web.report.given import Facts
from syncd.web.report.naming import Naming
from syncd.web.report.nouns import Count, ItemName

SHOWN = 12
TEAMS = 6
NO_TEAM = ""


class FindingLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One finding; ``told`` are the items that it is told on, none where it stands in the report alone."""

    rule_id: str
    title: str
    severity: str
    subject: Line
    message: Line
    since: date
    team: str = ""
    told: tuple[ItemName, ...] = ()
    is_known: bool = True


class RuleFindings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The findings of one rule; ``teams`` in the order of the table's columns, ``pending_count`` hold and are not yet
    told."""

    rule_id: str
    title: str
    owner: str
    severity: str
    count: int
    pending_count: int
    teams: tuple[int, ...]
    findings: tuple[FindingLine, ...]

    @property
    def more(self) -> int:
        """Return how many are not listed."""
        return self.count - len(self.findings)


class FindingTable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All live findings: a row for each rule, a column for each of ``teams``, of which the last may be all others."""

    teams: tuple[Count, ...] = ()
    has_others: bool = False
    rules: tuple[RuleFindings, ...] = ()
    count: int = 0
    report_only_count: int = 0
    pending_count: int = 0


def finding_table(facts: Facts, naming: Naming) -> FindingTable:
    """Return what the rules found, what matters most first."""
    live = [finding for finding in facts.given.findings if is_live(finding)]
    pending = Counter(each.rule_id for each in facts.given.findings if each.state is FindingState.PENDING)
    teams = Counter(team_of(facts, finding) for finding in live)
    ordered = sorted(teams, key=lambda team: (team == NO_TEAM, -teams[team], team))
    has_others = len(ordered) > TEAMS
    columns = ordered[: TEAMS - 1] if has_others else ordered
    by_rule: dict[str, list[Finding]] = {}
    for finding in live:
        by_rule.setdefault(finding.rule_id, []).append(finding)
    for rule_id in pending:
        by_rule.setdefault(rule_id, [])
    titles = {finding.rule_id: finding for finding in facts.given.findings}
    rules = [
        _rule(facts, naming, titles[rule_id], found, pending[rule_id], columns, has_others)
        for rule_id, found in by_rule.items()
    ]
    others = [Count(name="others", count=sum(teams[team] for team in ordered[TEAMS - 1 :]))] if has_others else []
    return FindingTable(
        teams=(*(Count(name=team, count=teams[team]) for team in columns), *others),
        has_others=has_others,
        rules=tuple(sorted(rules, key=lambda each: (-Severity[each.severity.upper()], -each.count, each.rule_id))),
        count=len(live),
        report_only_count=sum(not is_told(finding) for finding in live),
        pending_count=sum(pending.values()),
    )


def _rule(
    facts: Facts,
    naming: Naming,
    speaker: Finding,
    found: list[Finding],
    pending: int,
    columns: list[str],
    has_others: bool,
) -> RuleFindings:
    teams = Counter(team_of(facts, finding) for finding in found)
    counts = [teams[team] for team in columns]
    shown = sorted(found, key=lambda each: (-each.severity, each.since, str(each.subject)))[:SHOWN]
    return RuleFindings(
        rule_id=speaker.rule_id,
        title=speaker.rule.title,
        owner=speaker.rule.owner,
        severity=max((each.severity for each in found), default=speaker.severity).name.lower(),
        count=len(found),
        pending_count=pending,
        teams=(*counts, *([len(found) - sum(counts)] if has_others else [])),
        findings=tuple(finding_line(facts, naming, finding) for finding in shown),
    )


def finding_line(facts: Facts, naming: Naming, finding: Finding) -> FindingLine:
    """Return one finding as the page tells it."""
    return FindingLine(
        rule_id=finding.rule_id,
        title=finding.rule.title,
        severity=finding.severity.name.lower(),
        subject=naming.subject(finding.subject),
        message=naming.line(finding.message),
        since=facts.day(finding.since),
        team="" if naming.item(finding.subject.id).is_hidden and _is_item(finding) else team_of(facts, finding),
        told=tuple(naming.item(each) for each in finding.told if is_told(finding)),
        is_known=finding.known,
    )


def _is_item(finding: Finding) -> bool:
    return finding.subject.about in (About.ITEM.value, About.DEPENDENCY.value)


def team_of(facts: Facts, finding: Finding) -> str:
    """Return the team that a finding is about; empty where it is about none."""
    if finding.subject.about == About.TEAM.value:
        return finding.subject.id.native_id
    in_world = finding.subject.id in facts.world.items
    return facts.world.team(finding.subject.id) if in_world else NO_TEAM


def lines_of(facts: Facts, naming: Naming, findings: Iterable[Finding], shown: int) -> tuple[FindingLine, ...]:
    """Return the first few of some findings, what matters most first."""
    ordered = sorted(findings, key=lambda each: (-each.severity, each.rule_id, str(each.subject)))
    return tuple(finding_line(facts, naming, finding) for finding in ordered[:shown])
