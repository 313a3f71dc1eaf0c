"""Facts about when the rest of an outcome will be done."""

from collections.abc import Callable

from rules.facts.daily import NOT_MEASURED, forecasts_of
from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from rules.facts.fields import Column
from syncd.model.findings import About
from syncd.model.snapshots import Forecast
from syncd.model.truth import Unknown

_DARK = "a place where it has work can't be read"
_TOO_LITTLE = f"too little of it was finished lately, or {_DARK}"
_NO_END = f"{_TOO_LITTLE}, or it does not end at this pace"


def _of_forecast(read: Callable[[Forecast], FactValue]) -> Column:
    def column(context: FactContext) -> list[FactValue]:
        forecasts, actives = forecasts_of(context), context.table.column("outcome.is_active")
        found: list[FactValue] = []
        for subject, is_active in zip(context.subjects, actives, strict=True):
            if is_active is True:
                forecast = forecasts.get(subject.id.native_id)
                found.append(NOT_MEASURED if forecast is None else read(forecast))
            else:
                found.append(is_active if isinstance(is_active, Unknown) else None)
        return found

    return column


def _known(read: Callable[[Forecast], FactValue]) -> Callable[[Forecast], FactValue]:
    """Return what reads what is nothing where nothing remains, and else unknown without a forecast."""

    def value(forecast: Forecast) -> FactValue:
        found = read(forecast)
        return Unknown(forecast.unknown) if found is None and forecast.unknown else found

    return value


def _ends(forecast: Forecast) -> FactValue:
    if forecast.is_endless:
        return False
    return True if forecast.p50 is not None else None


def _late_probability(forecast: Forecast) -> FactValue:
    if forecast.late_probability is not None:
        return round(forecast.late_probability, 2)
    return Unknown(forecast.unknown) if forecast.unknown and forecast.target_date is not None else None


def _read(read: Callable[[Forecast], FactValue]) -> Callable[[Forecast], FactValue]:
    """Return what reads what is known whether or not there is a forecast, but where its work can't be read."""
    return lambda forecast: Unknown(forecast.unknown) if forecast.is_dark else read(forecast)


def _fact(
    name: str, fact_type: FactType, meaning: str, read: Callable[[Forecast], FactValue], unknown_when: str = _NO_END
) -> Fact:
    return Fact(
        name=f"flow.{name}",
        type=fact_type,
        about=(About.OUTCOME,),
        meaning=f"{meaning} Nothing where it is not active.",
        column=_of_forecast(read),
        unknown_when=unknown_when,
        voice=Voice.ROADMAP,
        daily=True,
    )


FORECAST_FACTS: tuple[Fact, ...] = (
    _fact(
        "forecast.p50",
        FactType.DATE,
        "The day by which the rest of it is done in half of all trials, at the pace and with the growth that were "
        "measured; nothing where nothing remains.",
        _known(lambda forecast: forecast.p50),
    ),
    _fact(
        "forecast.p85",
        FactType.DATE,
        "The day by which that is so in 85 of 100 trials.",
        _known(lambda forecast: forecast.p85),
    ),
    _fact(
        "forecast.needed_count",
        FactType.NUMBER,
        "How many more items must be finished before there is a forecast; 0 where this is not what it lacks.",
        _read(lambda forecast: forecast.needed_count),
        _DARK,
    ),
    _fact(
        "late_probability",
        FactType.NUMBER,
        "In which share of the trials, from 0 to 1, it misses its target date; nothing without one, or where nothing "
        "remains.",
        _late_probability,
        _TOO_LITTLE,
    ),
    _fact(
        "ends",
        FactType.BOOL,
        "Whether it ends at this pace: no where as much was added to it lately as was finished; nothing where nothing "
        "remains.",
        _known(_ends),
        _TOO_LITTLE,
    ),
    _fact(
        "remaining_count",
        FactType.NUMBER,
        "How many items remain; a parent of open ones is not counted beside them.",
        _read(lambda forecast: forecast.remaining_count),
        _DARK,
    ),
)
