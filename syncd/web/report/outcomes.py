"""How each outcome stands: due, done, agreed and now, forecast, what changed, and what the roadmap says of it."""

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from rules.facts.outcomes.serving import serving_of
from rules.facts.together import Work
from syncd.model.outcomes import Horizon, Outcome, OutcomeStatus
from syncd.model.snapshots import Counts, Forecast, Snapshot
from syncd.web.report.given import Facts, records_in
from syncd.web.report.naming import outcome_name
from syncd.web.report.nouns import OutcomeName

NO_FORECAST = "no forecast was made"


class Standing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much of an outcome's work is done, in items; ``unknown`` says why there may be more."""

    item_count: int = 0
    done_count: int = 0
    unknown: str = ""

    @property
    def done_share(self) -> float | None:
        """Return the done share, from 0 to 1; None without items."""
        return self.done_count / self.item_count if self.item_count else None


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """What changed since a day, in items. ``is_counted``: the day's snapshot says so, else creation and closing
    dates do."""

    done: int
    items: int
    is_counted: bool


class OutcomeRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One outcome; ``word`` is what the roadmap says of it: status, horizon, reason."""

    outcome: OutcomeName
    owner: str
    status: str
    horizon: str
    reason: str
    due_on: date | None
    launch_on: date | None
    standing: Standing
    agreed_count: int | None
    agreed_on: date | None
    pace: Forecast
    change: Since
    is_past_due: bool = False

    @property
    def word(self) -> str:
        """Return the roadmap's word: its status where it is not active, else its horizon."""
        return self.horizon.replace("_", " ") if self.status == OutcomeStatus.ACTIVE.value else self.status


def outcome_rows(facts: Facts, forecasts: Mapping[str, Forecast]) -> tuple[OutcomeRow, ...]:
    """Return a row for each outcome that work may serve or that was achieved, those of now first, then by date."""
    chosen = [number for number, outcome in enumerate(facts.outcomes) if is_listed(outcome)]
    horizons = list(Horizon)
    outcomes = facts.outcomes

    def order(number: int) -> tuple[bool, int, date, str]:
        outcome = outcomes[number]
        is_over = outcome.status is OutcomeStatus.ACHIEVED
        return is_over, horizons.index(outcome.horizon), _due(outcome) or date.max, outcome.id

    return tuple(row_of(facts, number, forecasts) for number in sorted(chosen, key=order))


def is_listed(outcome: Outcome) -> bool:
    """Say whether an outcome stands among those that are worked on, now or later, or are achieved."""
    return outcome.is_active or outcome.status is OutcomeStatus.ACHIEVED


def row_of(facts: Facts, number: int, forecasts: Mapping[str, Forecast]) -> OutcomeRow:
    """Return how one outcome stands."""
    outcome = facts.outcomes[number]
    agreed = facts.agreed(number)
    due = _due(outcome)
    return OutcomeRow(
        outcome=outcome_name(outcome),
        owner=outcome.owner.name if outcome.owner else "",
        status=outcome.status.value,
        horizon=outcome.horizon.value,
        reason=outcome.reason,
        due_on=outcome.target_date,
        launch_on=outcome.launch.on,
        standing=standing_of(facts, number),
        agreed_count=len(agreed.counted) if agreed else None,
        agreed_on=facts.day(agreed.at) if agreed else None,
        pace=pace_of(outcome, forecasts),
        change=change_since(facts, number),
        is_past_due=outcome.is_active and due is not None and due < facts.today and bool(work_of(facts, number).open),
    )


def work_of(facts: Facts, number: int) -> Work:
    """Return the work of an outcome."""
    return serving_of(facts.context).work(number)


def standing_of(facts: Facts, number: int) -> Standing:
    """Return how much of the work that is known to serve an outcome is done."""
    work = work_of(facts, number)
    done = sum(not facts.world.is_open(position) for position in work.counted)
    _, unknown = records_in(facts.outcome("outcome.open_items", number))
    return Standing(item_count=len(work.counted), done_count=done, unknown=unknown)


def pace_of(outcome: Outcome, forecasts: Mapping[str, Forecast]) -> Forecast:
    """Return the forecast of an outcome."""
    found = forecasts.get(outcome.id)
    if found is None:
        return Forecast(target_date=outcome.target_date, unknown=NO_FORECAST)
    return replace(found, target_date=found.target_date or outcome.target_date)


def change_since(facts: Facts, number: int) -> Since:
    """Return what changed in an outcome since the report's day: as it was counted then, else from dates."""
    counted, outcome = work_of(facts, number).counted, facts.outcomes[number]
    rows, since = facts.world.rows, facts.given.since
    then = counts_at(facts.given.snapshots, facts.day(since), outcome.id)
    if then is not None:
        done = sum(not facts.world.is_open(position) for position in counted)
        return Since(done=done - then.done_count, items=len(counted) - then.item_count, is_counted=True)
    closed = (rows[position].closed_at for position in counted if not facts.world.is_open(position))
    return Since(
        done=sum(at is not None and at >= since for at in closed),
        items=sum(rows[position].created_at >= since for position in counted),
        is_counted=False,
    )


def counts_at(snapshots: tuple[Snapshot, ...], day: date, outcome_id: str) -> Counts | None:
    """Return the counts of the last snapshot at or before a day; None where there is none within a week before it."""
    at_most_a_week = 7
    for snapshot in reversed(snapshots):
        if snapshot.day <= day:
            return snapshot.counts.get(outcome_id) if (day - snapshot.day).days <= at_most_a_week else None
    return None


def _due(outcome: Outcome) -> date | None:
    return outcome.target_date or outcome.launch.on
