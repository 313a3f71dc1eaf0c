"""What is remembered of judging: findings, revisions of outcomes, and what waits for review."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, select

from syncd.model.changes import Change
from syncd.model.findings import Finding, Subject
from syncd.model.outcomes import Outcome, OutcomeRevision
from syncd.store.codec import encode
from syncd.store.rows import all_of, bodies
from syncd.store.tables import findings, outcomes, waiting
from syncd.store.times import instant, micros
from syncd.store.upsert import Upsert, bulk_upsert

FINDINGS = Upsert(table=findings, differs="body")
OUTCOMES = Upsert(table=outcomes)
_finding = msgspec.json.Decoder(Finding).decode
_outcome = msgspec.json.Decoder(Outcome).decode
_change = msgspec.json.Decoder(Change).decode


def save_findings(connection: Connection, workspace_id: str, found: Iterable[Finding], now: datetime) -> None:
    """Store findings; those that are not named stay as they are."""
    rows = [
        (
            *(workspace_id, finding.rule_id, str(finding.subject), finding.rule.version, finding.state.value),
            *(micros(now), encode(finding)),
        )
        for finding in found
    ]
    bulk_upsert(connection, FINDINGS, rows)


def load_findings(connection: Connection, workspace_id: str) -> dict[tuple[str, Subject], Finding]:
    """Return every finding, closed ones too, by rule id and subject."""
    found = [_finding(body) for body in bodies(connection, findings, workspace_id)]
    return {(finding.rule_id, finding.subject): finding for finding in found}


def rule_versions(connection: Connection, workspace_id: str, rule_ids: Collection[str]) -> dict[str, str]:
    """Return the version by which each rule judged last."""
    rows = connection.execute(
        select(findings.c.rule_id, findings.c.rule_version)
        .where(*all_of(findings, workspace_id), findings.c.rule_id.in_(sorted(rule_ids)))
        .order_by(findings.c.saved_at)
    )
    return {row.rule_id: row.rule_version for row in rows}


def save_outcomes(connection: Connection, workspace_id: str, stated: Sequence[Outcome], now: datetime) -> None:
    """Write a revision of each outcome that is new, left the roadmap, came back or differs, but for its readings."""
    stated = [_without_readings(outcome) for outcome in stated]
    last = {revision.outcome.id: revision for revision in load_revisions(connection, workspace_id)}
    current = {outcome.id for outcome in stated}
    revised = [
        OutcomeRevision(outcome=outcome, seen_at=now)
        for outcome in stated
        if outcome.id not in last or last[outcome.id].gone or last[outcome.id].outcome != outcome
    ]
    revised += [
        OutcomeRevision(outcome=revision.outcome, seen_at=now, gone=True)
        for outcome_id, revision in last.items()
        if outcome_id not in current and not revision.gone
    ]
    rows = [(workspace_id, r.outcome.id, micros(r.seen_at), r.gone, encode(r.outcome)) for r in revised]
    bulk_upsert(connection, OUTCOMES, rows)


def _without_readings(outcome: Outcome) -> Outcome:
    """Return an outcome without what was measured: readings have days of their own."""
    measures = tuple(msgspec.structs.replace(measure, readings=()) for measure in outcome.measures)
    return msgspec.structs.replace(outcome, measures=measures)


def load_revisions(connection: Connection, workspace_id: str) -> tuple[OutcomeRevision, ...]:
    """Return every revision of every outcome, oldest first."""
    rows = connection.execute(
        select(outcomes).where(*all_of(outcomes, workspace_id)).order_by(outcomes.c.seen_at, outcomes.c.outcome_id)
    )
    return tuple(
        OutcomeRevision(outcome=_outcome(row.body), seen_at=instant(row.seen_at), gone=row.gone) for row in rows
    )


def save_waiting(
    connection: Connection, workspace_id: str, changes: Iterable[tuple[Change, str]], now: datetime
) -> None:
    """Replace what waits for review."""
    connection.execute(delete(waiting).where(*all_of(waiting, workspace_id)))
    rows = [
        {"workspace_id": workspace_id, "position": position, "reason": reason, "at": at, "change": encode(change)}
        for at in [micros(now)]
        for position, (change, reason) in enumerate(changes)
    ]
    if rows:
        connection.execute(waiting.insert(), rows)


def load_waiting(connection: Connection, workspace_id: str) -> list[tuple[Change, str]]:
    """Return what waits for review, and why."""
    rows = connection.execute(
        select(waiting.c.change, waiting.c.reason).where(*all_of(waiting, workspace_id)).order_by(waiting.c.position)
    )
    return [(_change(row.change), row.reason) for row in rows]
