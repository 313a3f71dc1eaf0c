"""The whole report as plain structures: what the page shows, and what ``--json`` prints."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from rules.facts.daily import forecasts_of
from syncd.model.snapshots import Forecast
from syncd.web.report.aside import AsideRow, aside_rows
from syncd.web.report.burnup import BurnUp, burnup_of
from syncd.web.report.chains import Chain, chain_of, late_for
from syncd.web.report.coverage import Coverage, coverage_of
from syncd.web.report.decisions import Decision, decisions
from syncd.web.report.findings import FindingTable, finding_table
from syncd.web.report.given import Facts, Given, records_in
from syncd.web.report.growth import Growth, additions_of, growth_of
from syncd.web.report.naming import Naming, words
from syncd.web.report.nouns import Items
from syncd.web.report.outcomes import OutcomeRow, outcome_rows, row_of, work_of
from syncd.web.report.since import SinceThen, since_then
from syncd.web.report.teams import Share, shares
from syncd.web.report.unknowns import Source, Unknowns, sources, unknowns
from syncd.web.report.unlinked import NotLinked, not_linked

DETAILED = 60
"""So many outcomes have a part of the page each."""


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One outcome down to its items. ``measures`` in words; ``gates``: the open gates of its launch."""

    row: OutcomeRow
    why: str
    measures: tuple[str, ...]
    gates: Items
    depends_on: tuple[str, ...]
    growth: Growth
    burnup: BurnUp
    chain: Chain
    late: Chain
    coverage: Coverage


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything the page says. ``hidden_count``: of so many items their key alone; ``more``: so many outcomes have no
    part of their own."""

    workspace: str
    period: str
    period_ends_on: date | None
    made_at: datetime
    sources: tuple[Source, ...]
    hidden_count: int
    decisions: tuple[Decision, ...]
    outcomes: tuple[OutcomeRow, ...]
    aside: tuple[AsideRow, ...]
    not_linked: NotLinked
    since_then: SinceThen
    details: tuple[Detail, ...]
    more: int
    findings: FindingTable
    shares: tuple[Share, ...]
    unknowns: Unknowns


def report_of(given: Given) -> Report:
    """Return the report of what was judged and remembered."""
    facts, naming = Facts(given), Naming(given.world)
    forecasts = forecasts_of(facts.context)
    rows = outcome_rows(facts, forecasts)
    numbers = {outcome.id: number for number, outcome in enumerate(facts.outcomes)}
    aside = aside_rows(facts, naming)
    detailed = [*(row.outcome.id for row in rows), *(row.outcome.id for row in aside)]
    period = facts.world.roadmap.period
    return Report(
        workspace=given.workspace,
        period=period.id if period else "",
        period_ends_on=period.ends_on if period else None,
        made_at=given.now,
        sources=sources(facts),
        hidden_count=naming.hidden_count(),
        decisions=decisions(facts, naming, forecasts),
        outcomes=rows,
        aside=aside,
        not_linked=not_linked(facts, naming),
        since_then=since_then(facts, naming),
        details=tuple(_detail(facts, naming, numbers[each], forecasts) for each in detailed[:DETAILED]),
        more=max(0, len(detailed) - DETAILED),
        findings=finding_table(facts, naming),
        shares=shares(facts),
        unknowns=unknowns(facts, forecasts),
    )


def _detail(facts: Facts, naming: Naming, number: int, forecasts: Mapping[str, Forecast]) -> Detail:
    outcome = facts.outcomes[number]
    has_to_end = outcome.is_active and bool(work_of(facts, number).open)
    row = row_of(facts, number, forecasts)
    measures, _ = records_in(facts.outcome("outcome.measures", number))
    others, _ = records_in(facts.outcome("outcome.depends_on", number))
    return Detail(
        row=row,
        why=outcome.why,
        measures=tuple(words(getattr(record, "title", "")) for record in measures),
        gates=naming.items(*records_in(facts.outcome("outcome.open_gates", number))),
        depends_on=tuple(words(getattr(record, "title", "")) for record in others),
        growth=growth_of(facts, naming, number),
        burnup=burnup_of(facts, number, row.pace, additions_of(facts, naming, number)),
        chain=chain_of(facts, naming, number) if has_to_end else Chain(),
        late=late_for(facts, naming, number) if has_to_end else Chain(),
        coverage=coverage_of(facts, naming, number),
    )
