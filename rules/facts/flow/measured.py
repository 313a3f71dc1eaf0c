"""Facts about what was measured of an outcome's or a team's work over the last twelve weeks."""

from collections.abc import Callable

from rules.facts.daily import NOT_MEASURED, outcome_flows_of, team_flows_of
from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from rules.facts.fields import Column
from rules.facts.flow.items import too_few
from rules.facts.sprints import sprints_of
from rules.facts.teams import teams_of
from rules.flow.weeks import WEEK_COUNT
from rules.subjects import teams_of as names_of_teams
from syncd.model.findings import About, Subject
from syncd.model.snapshots import Flow
from syncd.model.truth import Unknown

NOT_THERE = Unknown("there is no such team")
_DARK = "a place where it has work can't be read"


def _flow(context: FactContext, subject: Subject) -> Flow | Unknown:
    flows = outcome_flows_of if subject.about == About.OUTCOME.value else team_flows_of
    return flows(context).get(subject.id.native_id, NOT_MEASURED)


def _of_flow(read: Callable[[Flow], FactValue]) -> Column:
    def column(context: FactContext) -> list[FactValue]:
        flows = (_flow(context, subject) for subject in context.subjects)
        return [flow if isinstance(flow, Unknown) else _dark(flow) or read(flow) for flow in flows]

    return column


def _dark(flow: Flow) -> Unknown | None:
    return Unknown(flow.unknown) if flow.unknown else None


def _rounded(value: float | None) -> float | None:
    return round(value, 1) if value is not None else None


def _carried_over(context: FactContext) -> list[FactValue]:
    return [_carried_over_of(context, subject.id.native_id) for subject in context.subjects]


def _carried_over_of(context: FactContext, team: str) -> FactValue:
    if team not in names_of_teams(context.world):
        return NOT_THERE
    work, sprints, rows = teams_of(context).work(team), sprints_of(context), context.world.rows
    if work.dark is not None:
        return work.dark
    found = [sprints.carried_over(each) for each in work.open if rows[each].sprints]
    unknown = next((each for each in found if isinstance(each, Unknown)), None)
    return unknown or sum(bool(each) for each in found)


def _measured(
    name: str,
    meaning: str,
    read: Callable[[Flow], FactValue],
    *,
    about: tuple[About, ...] = (About.OUTCOME, About.TEAM),
    unknown_when: str = _DARK,
) -> Fact:
    return Fact(
        name=f"flow.{name}",
        type=FactType.NUMBER,
        about=about,
        meaning=meaning,
        column=_of_flow(read),
        unknown_when=unknown_when,
        voice=Voice.ROADMAP,
        daily=True,
    )


MEASURED_FACTS: tuple[Fact, ...] = (
    _measured(
        "throughput",
        f"How many of its items were finished a week, in the last {WEEK_COUNT} weeks or since the first was; nothing "
        "before.",
        lambda flow: _rounded(flow.per_week),
    ),
    _measured(
        "finished_count",
        f"How many of its items were finished in the last {WEEK_COUNT} weeks.",
        lambda flow: flow.finished_count,
    ),
    _measured(
        "growth_per_week",
        "How many items were added to it a week in these weeks; what was there five working days after it was begun is "
        "no growth.",
        lambda flow: _rounded(flow.growth_per_week),
        about=(About.OUTCOME,),
    ),
    _measured(
        "cycle_days_p50",
        "How many days half of these items took at most, from begun to done.",
        lambda flow: too_few(flow) if flow.cycle_p50 is None else flow.cycle_p50,
        unknown_when="too few were finished, or their histories are not read",
    ),
    _measured(
        "cycle_days_p85",
        "How many days 85 of 100 of them took at most.",
        lambda flow: too_few(flow) if flow.cycle_p85 is None else flow.cycle_p85,
        unknown_when="too few were finished, or their histories are not read",
    ),
    Fact(
        name="flow.carried_over_count",
        type=FactType.NUMBER,
        about=(About.TEAM,),
        meaning="How many of its open items were in a closed sprint at its end.",
        column=_carried_over,
        unknown_when="a place where it works can't be read, or a sprint was not",
        voice=Voice.ROADMAP,
    ),
)
