"""Facts about the planning period, the same for every subject."""

from collections.abc import Callable
from datetime import timedelta

from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from rules.facts.fields import Column
from syncd.model.findings import About
from syncd.model.outcomes import Period


def _of_period(read: Callable[[FactContext, Period], FactValue]) -> Column:
    def column(context: FactContext) -> list[FactValue]:
        period = context.world.roadmap.period
        value = read(context, period) if period is not None else None
        return [value] * len(context.subjects)

    return column


def _left(context: FactContext, period: Period) -> FactValue:
    return max(context.calendar.end(period.ends_on) - context.now, timedelta(0))


def _fact(name: str, fact_type: FactType, meaning: str, read: Callable[[FactContext, Period], FactValue]) -> Fact:
    return Fact(
        name=f"period.{name}",
        type=fact_type,
        about=tuple(About),
        meaning=meaning,
        column=_of_period(read),
        voice=Voice.OURS,
    )


PERIOD_FACTS: tuple[Fact, ...] = (
    _fact("id", FactType.TEXT, "How people call the period, such as 2026-Q4.", lambda _, period: period.id),
    _fact("starts_on", FactType.DATE, "Its first day.", lambda _, period: period.starts_on),
    _fact("ends_on", FactType.DATE, "Its last day.", lambda _, period: period.ends_on),
    # A span, not a number: a comment holds no number that is another one every day.
    _fact("left", FactType.SPAN, "How long it is until its last day is over; nothing after that.", _left),
)
