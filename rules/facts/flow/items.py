"""Facts about how long an item takes, beside what its team usually needs."""

from datetime import datetime, timedelta

from rules.facts.daily import NOT_MEASURED, team_flows_of
from rules.facts.fact import Fact, FactContext, FactType, FactValue
from rules.facts.fields import ABOUT_ITEM, of_position
from rules.flow.pace import ENOUGH, Life
from rules.flow.progress import progress_of
from rules.flow.weeks import WEEK_COUNT
from syncd.model.snapshots import Flow
from syncd.model.truth import Unknown

NO_HISTORY = "its history is not read, or not so far back"
_NO_TEAM = Unknown("it has no team")


def too_few(flow: Flow) -> Unknown:
    """Return why nobody knows how long work takes."""
    known = f"the time from begun to done is known of {flow.cycle_count} of {flow.finished_count} items"
    return Unknown(flow.unknown or f"{known} of {WEEK_COUNT} weeks, and it takes {ENOUGH}")


def _begun_at(context: FactContext, position: int) -> FactValue:
    return progress_of(context).begun_at(position)


def _going_since(context: FactContext, position: int) -> datetime | Unknown | None:
    progress = progress_of(context)
    return progress.begun_at(position) if progress.is_going_on(position) else None


def _in_progress_for(context: FactContext, position: int) -> FactValue:
    since = _going_since(context, position)
    return context.now - since if isinstance(since, datetime) else since


def _cycle_days(context: FactContext, position: int) -> FactValue:
    progress, item = progress_of(context), context.world.rows[position]
    finished_at = progress.finished_at(position)
    if not isinstance(finished_at, datetime):
        return finished_at
    begun_at = progress.begun_at(position)
    if isinstance(begun_at, Unknown):
        return begun_at
    days = Life(created_at=item.created_at, begun_at=begun_at, finished_at=finished_at).cycle()
    return round(days, 1) if days is not None else None


def _usually_done_by(context: FactContext, position: int) -> FactValue:
    since = _going_since(context, position)
    if not isinstance(since, datetime):
        return since
    world = context.world
    team = world.lexicons[position].team(world.rows[position])
    flow = team_flows_of(context).get(team)
    if flow is None:
        return NOT_MEASURED if team else _NO_TEAM
    return too_few(flow) if flow.cycle_p85 is None else since + timedelta(days=flow.cycle_p85)


ITEM_FLOW_FACTS: tuple[Fact, ...] = (
    Fact(
        name="flow.begun_at",
        type=FactType.INSTANT,
        about=ABOUT_ITEM,
        meaning="When it was in progress for the first time by its statuses, or when the first change was opened that "
        "closes it; nothing where neither was.",
        column=of_position(_begun_at),
        unknown_when=NO_HISTORY,
    ),
    Fact(
        name="flow.in_progress_for",
        type=FactType.SPAN,
        about=ABOUT_ITEM,
        meaning="How long ago that was, of an item in progress; nothing of others.",
        column=of_position(_in_progress_for),
        unknown_when=NO_HISTORY,
    ),
    Fact(
        name="flow.cycle_days",
        type=FactType.NUMBER,
        about=ABOUT_ITEM,
        meaning="How many days it took from begun to done; nothing where it is open or was never seen in progress.",
        column=of_position(_cycle_days),
        unknown_when=NO_HISTORY,
    ),
    Fact(
        name="flow.usually_done_by",
        type=FactType.INSTANT,
        about=ABOUT_ITEM,
        meaning="When an item in progress would be done if it took as long as 85 of 100 items of its team lately did.",
        column=of_position(_usually_done_by),
        unknown_when="its history is not read, or too few items of its team were finished lately",
        daily=True,
    ),
)
