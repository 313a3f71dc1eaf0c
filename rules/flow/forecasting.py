"""When the rest of each outcome will be done, at the pace and with the growth that were measured."""

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from rules.facts.fact import FactContext
from rules.facts.outcomes.serving import serving_of
from rules.flow.measuring import outcome_paces
from rules.flow.montecarlo import LONGEST, TRIALS, draw, seed_of
from rules.flow.pace import ENOUGH, Pace
from rules.flow.weeks import WEEK_COUNT
from syncd.model.snapshots import Flow, Forecast

LEAST_WEEKS = 4
"""Of fewer weeks nobody can say how they differ."""


def forecasts(context: FactContext) -> Mapping[str, Forecast]:
    """Return the forecast of each active outcome, by its id."""
    paces, serving, today = outcome_paces(context), serving_of(context), context.calendar.day(context.now)
    found: dict[str, Forecast] = {}
    for number, outcome in enumerate(context.world.roadmap.outcomes):
        if outcome.is_active:
            work = serving.work(number)
            pace = paces[outcome.id]
            if not work.has_any() and not pace.flow.unknown:
                found[outcome.id] = Forecast(target_date=outcome.target_date, unknown="no item serves it")
            else:
                found[outcome.id] = forecast_of(outcome.id, pace, len(work.open), outcome.target_date, today)
    return found


def forecast_of(name: str, pace: Pace, remaining: int, target: date | None, today: date) -> Forecast:
    """Return the forecast for ``remaining`` items that flow as measured, from today on."""
    flow, weeks = pace.flow, pace.flow.week_count
    stated = Forecast(
        target_date=target,
        remaining_count=remaining,
        growth_per_week=flow.growth_per_week or 0.0,
        per_week=flow.per_week or 0.0,
        week_count=weeks,
        is_dark=bool(flow.unknown),
    )
    why, needed = _why_unknown(flow)
    if flow.unknown or (why and remaining):
        return replace(stated, unknown=why, needed_count=needed)
    if not remaining:
        return stated
    finished, added = flow.weekly[-weeks:], flow.arrived[-weeks:]
    is_endless = sum(added) >= sum(finished)
    if is_endless:
        why = f"it does not end at this pace: {sum(added)} items were added in {weeks} weeks, {sum(finished)} finished"
    until = _weeks_to(target, today)
    seed = seed_of(name, today)
    drawn = draw(
        remaining,
        finished,
        added,
        seed,
        cycles=pace.cycles if len(pace.cycles) >= ENOUGH else (),
        ages=pace.ages,
        until=until,
        longest=until if is_endless else LONGEST,
    )
    is_beyond = target is not None and (target - today).days >= LONGEST * 7  # what ends after that is not told apart
    p50, p85 = (None if is_endless else drawn.day_of(share, today) for share in (0.5, 0.85))
    return replace(
        stated,
        p50=p50,
        p85=p85,
        late_probability=None if target is None or is_beyond else round(drawn.share_after(target, today), 4),
        seed=seed,
        trial_count=TRIALS,
        unknown=why or ("" if p85 else f"more than 15 of 100 trials did not end within {LONGEST // 52} years"),
        is_endless=is_endless,
    )


def _why_unknown(flow: Flow) -> tuple[str, int]:
    """Return why there is no forecast, and how many more items must be finished; empty where there is one."""
    if flow.unknown:
        return flow.unknown, 0
    count, weeks = flow.finished_count, flow.week_count
    if flow.undated_count:
        return f"nobody knows since when {_items(flow.undated_count)} of it are done", 0
    if count < ENOUGH:
        return f"too little was finished: {_items(count)} in {WEEK_COUNT} weeks, and it takes {ENOUGH}", ENOUGH - count
    if weeks < LEAST_WEEKS:
        return f"work on it began less than {LEAST_WEEKS} weeks ago", 0
    return "", 0


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _weeks_to(target: date | None, today: date) -> int:
    """Return how many weeks, begun ones too, there are up to a day, as far as is drawn."""
    return min(max(((target - today).days + 7) // 7, 0), LONGEST) if target is not None else 0
