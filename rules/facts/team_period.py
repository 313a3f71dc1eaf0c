"""Facts about what a team did in the planning period: finished in it, or in progress now, beside standing budgets."""

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias, get_args

import msgspec

from rules.facts.fact import Fact, FactContext, FactType, FactValue, RecordType, Voice
from rules.facts.period_work import PeriodWork, period_work_of
from rules.facts.teams import budget_title, is_over, is_short
from rules.facts.trace.state import traces_of
from syncd.model.findings import About
from syncd.model.truth import Unknown

Purpose: TypeAlias = Literal["outcome", "standing", "exempt", "inactive", "unlinked", "unknown"]
_PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
_WORDS: dict[Purpose, str] = {
    "outcome": "for outcomes",
    "standing": "standing work",
    "exempt": "exempt",
    "inactive": "for outcomes that are not being worked on",
    "unlinked": "for none that is known",
    "unknown": "not known what for",
}


class PeriodBudgetRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Standing work of a period beside its budget, by items and, where the team estimates, by estimate.

    Shares are from 0 to 1; without any work there are none. ``title`` says all of it: "Pay down technical debt: 3 of 25
    items, 8 of 60 by estimate, at least 20%".
    """

    id: str
    name: str
    title: str
    count: int
    share: float | None
    estimate: float | None
    estimate_share: float | None
    least: float | None
    most: float | None
    short: bool
    over: bool
    short_by_estimate: bool
    over_by_estimate: bool


class PeriodKindRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a team's work of a period is of a kind, by items and, where it estimates, by estimate."""

    kind: str
    title: str
    count: int
    share: float
    estimate: float | None
    estimate_share: float | None


class PeriodPurposeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a team's work of a period was for what, by items and, where it estimates, by estimate."""

    purpose: Purpose
    title: str
    count: int
    share: float
    estimate: float | None
    estimate_share: float | None


def _budgets(context: FactContext, work: PeriodWork, team: str) -> Iterable[PeriodBudgetRecord]:
    standing = traces_of(context).standing_work
    for each in context.world.roadmap.standing:
        members = [position for position in work.counted(team) if standing.get(position) is each]
        part, least, most = work.part(team, members), each.budget.least, each.budget.most
        yield PeriodBudgetRecord(
            id=each.id,
            name=each.title,
            title=budget_title(each.title, part.words(" items"), least=least, most=most),
            count=part.count,
            share=part.share,
            estimate=part.estimate,
            estimate_share=part.estimate_share,
            least=least,
            most=most,
            short=is_short(part.share, least),
            over=is_over(part.share, most),
            short_by_estimate=is_short(part.estimate_share, least),
            over_by_estimate=is_over(part.estimate_share, most),
        )


def _kinds(context: FactContext, work: PeriodWork, team: str) -> Iterable[PeriodKindRecord]:
    world = context.world
    parts = work.parts(team, lambda position: world.lexicons[position].kind(world.rows[position]))
    for kind, part in sorted(parts.items(), key=lambda each: (-each[1].count, each[0])):
        yield PeriodKindRecord(
            kind=kind,
            title=f"{kind}: {part.words()}",
            count=part.count,
            share=part.share or 0.0,
            estimate=part.estimate,
            estimate_share=part.estimate_share,
        )


def _purposes(context: FactContext, work: PeriodWork, team: str) -> Iterable[PeriodPurposeRecord]:
    traces = traces_of(context)

    def purpose(position: int) -> Purpose:
        state = traces.states[position]
        if isinstance(state, Unknown):
            return "unknown"
        if state in ("exempt", "inactive"):
            return "exempt" if state == "exempt" else "inactive"
        if position in traces.standing:
            return "standing"
        return "unlinked" if state in ("unlinked", "broken", "ambiguous") else "outcome"

    parts = work.parts(team, purpose)
    for each in _PURPOSES:
        if each in parts:
            part = parts[each]
            yield PeriodPurposeRecord(
                purpose=each,
                title=f"{_WORDS[each]}: {part.words()}",
                count=part.count,
                share=part.share or 0.0,
                estimate=part.estimate,
                estimate_share=part.estimate_share,
            )


def _listed(
    read: Callable[[FactContext, PeriodWork, str], Iterable[msgspec.Struct]],
) -> Callable[[FactContext, PeriodWork, str], FactValue]:
    return lambda context, work, team: tuple(read(context, work, team))


def _fact(
    name: str,
    fact_type: FactType,
    meaning: str,
    read: Callable[[FactContext, PeriodWork, str], FactValue],
    *,
    record: RecordType | None = None,
) -> Fact:
    def value(context: FactContext, team: str) -> FactValue:
        work = period_work_of(context)
        if work is None:
            return () if record is not None else None
        unknown = work.unknown(team)
        if unknown is not None:
            return (unknown,) if record is not None else unknown
        return read(context, work, team)

    return Fact(
        name=f"team.period_{name}",
        type=fact_type,
        about=(About.TEAM,),
        meaning=meaning,
        column=lambda context: [value(context, subject.id.native_id) for subject in context.subjects],
        unknown_when="a place where it works can't be read, or it is not known when a done item was done",
        record=record,
        voice=Voice.ROADMAP,
    )


TEAM_PERIOD_FACTS: tuple[Fact, ...] = (
    _fact(
        "count",
        FactType.NUMBER,
        "How many items it finished in the planning period, or works on now while that lasts; a parent of such is not "
        "counted beside them; nothing without a period.",
        lambda _, work, team: len(work.counted(team)),
    ),
    _fact(
        "budgets",
        FactType.RECORDS,
        "The roadmap's standing work as a share (0 to 1) of these items, beside its budget, as in team.budgets; "
        "`estimate_share`, `short_by_estimate` and `over_by_estimate` where four in five of them have an estimate.",
        _listed(_budgets),
        record=PeriodBudgetRecord,
    ),
    _fact(
        "kinds",
        FactType.RECORDS,
        "The kinds of work of these items, the most frequent first; exempt work too.",
        _listed(_kinds),
        record=PeriodKindRecord,
    ),
    _fact(
        "purposes",
        FactType.RECORDS,
        "What these items were for: outcomes, standing work, exempt, outcomes that are not being worked on, nothing.",
        _listed(_purposes),
        record=PeriodPurposeRecord,
    ),
)
