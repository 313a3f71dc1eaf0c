"""What is not worked on: outcomes on the "not now" list, paused and dropped ones, why, and who works on them anyway."""

from datetime import date

import msgspec

from syncd.model.outcomes import Outcome, OutcomeStatus
from syncd.web.report.given import Facts, records_in
from syncd.web.report.naming import Naming, outcome_name
from syncd.web.report.nouns import Items, OutcomeName
from syncd.web.report.outcomes import standing_of


class AsideRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An outcome that is not worked on. ``again_on``: the day to look at it again, or to decide on its work.

    ``word`` is not now, paused or dropped. ``begun``: what somebody works on all the same.
    """

    outcome: OutcomeName
    owner: str
    word: str
    reason: str
    again_on: date | None
    is_due: bool
    open_count: int
    unknown: str
    """Why more may be open."""
    begun: Items


def aside_rows(facts: Facts, naming: Naming) -> tuple[AsideRow, ...]:
    """Return the outcomes that are not worked on, those to look at first first."""
    rows = [
        _row(facts, naming, number)
        for number, outcome in enumerate(facts.outcomes)
        if not outcome.is_active and outcome.status is not OutcomeStatus.ACHIEVED
    ]
    return tuple(sorted(rows, key=lambda each: (each.again_on or date.max, each.outcome.id)))


def _row(facts: Facts, naming: Naming, number: int) -> AsideRow:
    outcome = facts.outcomes[number]
    standing = standing_of(facts, number)
    again_on = outcome.decide_by if outcome.status is OutcomeStatus.DROPPED else outcome.revisit
    return AsideRow(
        outcome=outcome_name(outcome),
        owner=outcome.owner.name if outcome.owner else "",
        word=_word(outcome),
        reason=_reason(outcome),
        again_on=again_on,
        is_due=again_on is not None and again_on <= facts.today,
        open_count=standing.item_count - standing.done_count,
        unknown=standing.unknown,
        begun=naming.items(*records_in(facts.outcome("outcome.begun_items", number))),
    )


def _word(outcome: Outcome) -> str:
    is_active = outcome.status is OutcomeStatus.ACTIVE
    return outcome.horizon.value.replace("_", " ") if is_active else outcome.status.value


def _reason(outcome: Outcome) -> str:
    """Return why, as the roadmap says it; of a split or merged outcome what became of it."""
    if outcome.merged_into:
        return outcome.reason or f"merged into {outcome.merged_into}"
    if outcome.split_into:
        return outcome.reason or f"split into {', '.join(outcome.split_into)}"
    return outcome.reason
