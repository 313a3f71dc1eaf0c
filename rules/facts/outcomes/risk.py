"""Facts about an outcome's date: whether it is at risk, by what was measured, and why."""

from datetime import date
from typing import Literal, TypeAlias, get_args

from rules.facts.daily import NOT_MEASURED, forecasts_of
from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from rules.facts.fields import Column
from rules.facts.outcomes.facts import NOT_ON_ROADMAP, left_unread, numbers_of
from rules.facts.outcomes.serving import serving_of
from syncd.model.findings import About
from syncd.model.snapshots import Forecast
from syncd.model.truth import Unknown

Reason: TypeAlias = Literal["date_passed", "no_end", "probably_late", "possibly_late"]
REASONS: tuple[Reason, ...] = get_args(Reason)
_EVEN = 0.5
_UNKNOWN_WHEN = "too little of it was finished lately, or a place where it has work can't be read"


def _column(is_asked_why: bool) -> Column:
    def column(context: FactContext) -> list[FactValue]:
        numbers = numbers_of(context.world)
        actives = context.table.column("outcome.is_active")
        found: list[FactValue] = []
        for subject, is_active in zip(context.subjects, actives, strict=True):
            number = numbers.get(subject.id.native_id)
            if number is None:
                found.append(NOT_ON_ROADMAP)
            elif is_active is not True:
                found.append(is_active if isinstance(is_active, Unknown) else None)
            else:
                found.append(_answer(context, number, is_asked_why))
        return found

    return column


def _answer(context: FactContext, number: int, is_asked_why: bool) -> FactValue:
    """Return why the date of an active outcome is at risk, or whether it is; None where it has none."""
    target = context.world.roadmap.outcomes[number].target_date
    if target is None:
        return left_unread(context.world, number, "target_date")
    reason = _reason(context, number, target)
    return reason if is_asked_why or isinstance(reason, Unknown) else reason is not None


def _reason(context: FactContext, number: int, target: date) -> Reason | Unknown | None:
    if context.calendar.day(context.now) > target:
        work = serving_of(context).work(number)
        return "date_passed" if work.open else work.doubtful
    forecast = forecasts_of(context).get(context.world.roadmap.outcomes[number].id)
    return NOT_MEASURED if forecast is None else risk_of(forecast, target)


def risk_of(forecast: Forecast, target: date) -> Reason | Unknown | None:
    """Return why a date to come is at risk by a forecast; None where it is not."""
    # The share was drawn for the date that the roadmap had that morning.
    late = forecast.late_probability if forecast.target_date == target else None
    if forecast.is_endless:
        return "possibly_late" if late is not None and late < _EVEN else "no_end"
    if (late is not None and late >= _EVEN) or (forecast.p50 is not None and forecast.p50 > target):
        return "probably_late"
    if forecast.p85 is not None:
        return "possibly_late" if forecast.p85 > target else None
    if forecast.p50 is not None:
        # More than 15 of 100 trials had no end at all.
        return "possibly_late"
    return Unknown(forecast.unknown) if forecast.unknown else None


def _fact(name: str, fact_type: FactType, meaning: str, column: Column, values: tuple[str, ...] = ()) -> Fact:
    return Fact(
        name=f"outcome.{name}",
        type=fact_type,
        about=(About.OUTCOME,),
        meaning=meaning,
        column=column,
        unknown_when=_UNKNOWN_WHEN,
        values=values,
        voice=Voice.OURS,
        daily=True,
    )


RISK_FACTS: tuple[Fact, ...] = (
    _fact(
        "target_at_risk",
        FactType.BOOL,
        "Whether its target date is at risk: it has passed and work is open, as much is added as is finished, or more "
        "than 15 of 100 trials end after it; nothing without a date, or where it is not active.",
        _column(is_asked_why=False),
    ),
    _fact(
        "risk_reason",
        FactType.TEXT,
        "Why: date_passed, no_end (as much is added as is finished), probably_late (half of all trials end after it), "
        "possibly_late (15 of 100 do); nothing where it is not at risk.",
        _column(is_asked_why=True),
        REASONS,
    ),
)
