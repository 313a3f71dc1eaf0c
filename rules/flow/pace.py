"""From the dates of items to a flow: what was finished and added week by week, and how long it took."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

import msgspec

from rules.flow.weeks import WEEK_COUNT, Weeks
from rules.language.calendar import Calendar
from syncd.model.findings import Span
from syncd.model.snapshots import Flow

ENOUGH = 8
"""So many items must have been finished before anything is said of them."""
SETTLING = Span(working_days=5)
"""What is written down in so long after the first item was begun is what was meant, and no growth."""
_DAY = timedelta(days=1)


class Life(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When an item was created, begun and finished; None where it was not, or nobody knows."""

    created_at: datetime
    begun_at: datetime | None = None
    finished_at: datetime | None = None

    def cycle(self) -> float | None:
        """Return how many days it took from begun to finished; None where that is not known."""
        if self.begun_at is None or self.finished_at is None or self.begun_at > self.finished_at:
            return None
        return (self.finished_at - self.begun_at) / _DAY


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """A flow, and what it was summed up from: cycle times in order, and how long ago open items were begun; both in
    days."""

    flow: Flow
    cycles: tuple[float, ...] = ()
    ages: tuple[float, ...] = ()


def pace_of(lives: Iterable[Life], weeks: Weeks, calendar: Calendar, *, undated_count: int = 0) -> Pace:
    """Return the pace of some items. ``undated_count`` more of them are done, and nobody knows since when."""
    lives = list(lives)
    weekly, arrived = [0] * WEEK_COUNT, [0] * WEEK_COUNT
    began_at = min((at for each in lives if (at := _began(each, weeks)) is not None), default=None)
    settled_at = calendar.after(began_at, SETTLING) if began_at is not None else weeks.ends_at
    cycles: list[float] = []
    for life in lives:
        if life.created_at > settled_at and 0 <= (week := weeks.of(life.created_at)) < WEEK_COUNT:
            arrived[week] += 1
        if life.finished_at is not None and 0 <= (week := weeks.of(life.finished_at)) < WEEK_COUNT:
            weekly[week] += 1
            cycle = life.cycle()
            cycles += [cycle] if cycle is not None else []
    cycles.sort()
    flow = Flow(
        weekly=tuple(weekly),
        arrived=tuple(arrived),
        week_count=weeks.since(began_at),
        finished_count=sum(weekly),
        undated_count=undated_count,
        cycle_count=len(cycles),
        cycle_p50=quantile(cycles, 0.5),
        cycle_p85=quantile(cycles, 0.85),
    )
    begun = [each.begun_at for each in lives if each.finished_at is None and each.begun_at is not None]
    ages = sorted((weeks.ends_at - at) / _DAY for at in begun if at < weeks.ends_at)
    return Pace(flow=flow, cycles=tuple(cycles), ages=tuple(ages))


def _began(life: Life, weeks: Weeks) -> datetime | None:
    """Return when an item shows that work went on, as far as that was before today."""
    known = [at for at in (life.begun_at, life.finished_at) if at is not None and at < weeks.ends_at]
    return min(known, default=None)


def quantile(ordered: list[float], share: float) -> float | None:
    """Return the value that so large a share does not exceed, to a tenth; None where there are too few."""
    if len(ordered) < ENOUGH:
        return None
    return round(ordered[max(ceil(share * len(ordered)) - 1, 0)], 1)
