"""Facts about how an outcome is measured, and whether that moved."""

from datetime import date

from rules.facts.fact import Fact, FactContext, FactType
from rules.facts.outcomes.facts import outcome_fact
from rules.facts.outcomes.records import MeasureRecord, all_true, any_true, is_launched, measure_record


def _measures(context: FactContext, number: int) -> tuple[MeasureRecord, ...]:
    outcome = context.world.roadmap.outcomes[number]
    launched_on = outcome.launch.on if is_launched(context, outcome) else None
    return tuple(measure_record(measure, launched_on) for measure in outcome.measures)


def _last_reading(context: FactContext, number: int) -> date | None:
    return max((each.last_on for each in _measures(context, number) if each.last_on is not None), default=None)


MEASURE_FACTS: tuple[Fact, ...] = (
    outcome_fact("measures", FactType.RECORDS, "How it is measured.", _measures, record=MeasureRecord),
    outcome_fact(
        "measured_since_launch",
        FactType.BOOL,
        "Whether every measure has a reading from after the launch day; nothing before it, without one, or without "
        "measures.",
        lambda context, number: all_true(tuple(each.measured_since_launch for each in _measures(context, number))),
    ),
    outcome_fact(
        "moved_toward_target",
        FactType.BOOL,
        "Whether the newest reading of any measure is nearer to its target than its baseline is; nothing without "
        "reading, baseline or target.",
        lambda context, number: any_true(tuple(each.moved for each in _measures(context, number))),
    ),
    outcome_fact(
        "last_reading",
        FactType.DATE,
        "The day of the newest reading of any measure.",
        _last_reading,
    ),
    outcome_fact(
        "moved_since_previous",
        FactType.BOOL,
        "Whether the newest reading of any measure is nearer to its target than the reading before it; nothing without "
        "two readings and a target.",
        lambda context, number: any_true(tuple(each.moved_since_previous for each in _measures(context, number))),
    ),
    outcome_fact(
        "moved_since_launch",
        FactType.BOOL,
        "Whether any measure came nearer to its target since the launch day, from its last reading until then (else "
        "its baseline) to its newest; nothing before the launch or without readings since.",
        lambda context, number: any_true(tuple(each.moved_since_launch for each in _measures(context, number))),
    ),
)
