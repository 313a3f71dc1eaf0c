"""How an outcome's work grew and was finished, day by day: as it was counted, and before that from dates."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from syncd.model.snapshots import Forecast
from syncd.web.report.given import Facts
from syncd.web.report.growth import Addition, removals_of
from syncd.web.report.nouns import Count
from syncd.web.report.outcomes import work_of

LONGEST = timedelta(days=364)
SHORTEST = timedelta(days=35)
WEEK = timedelta(days=7)


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """How many items there were at the end of a day, and how many of them were done."""

    day: date
    item_count: int
    done_count: int
    is_counted: bool


class BurnUp(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The points of an outcome, oldest first, each a day or a week after the one before.

    ``counted_from``: before it (None: altogether) they follow from dates: since the agreement from what came and went,
    else from when what serves the outcome now was created; what was done from when it was closed. ``causes``: of each
    week, how much was added after the agreement until then, by cause.
    """

    points: tuple[Point, ...] = ()
    agreed_count: int | None = None
    agreed_on: date | None = None
    counted_from: date | None = None
    target_date: date | None = None
    due_name: str = "due"
    p50: date | None = None
    p85: date | None = None
    causes: tuple[tuple[Count, ...], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return not any(point.item_count for point in self.points)


def burnup_of(facts: Facts, number: int, pace: Forecast, additions: Sequence[Addition]) -> BurnUp:
    """Return how an outcome's work grew and was finished."""
    outcome = facts.outcomes[number]
    agreed = facts.agreed(number)
    counted = {each.day: each.counts[outcome.id] for each in facts.given.snapshots if outcome.id in each.counts}
    agreed_on = facts.day(agreed.at) if agreed else None
    dates = _Dates(facts, number, additions)
    points = []
    for day in _days(facts, dates, agreed_on):
        counts = counted.get(day) if day != facts.today else None
        if counts is not None:
            item_count, done_count = counts.item_count, counts.done_count
        else:
            item_count, done_count = dates.at(day, agreed_on)
        points.append(Point(day=day, item_count=item_count, done_count=done_count, is_counted=counts is not None))
    return BurnUp(
        points=tuple(points),
        agreed_count=len(agreed.counted) if agreed else None,
        agreed_on=agreed_on,
        counted_from=min(counted, default=None),
        target_date=outcome.target_date or outcome.launch.on,
        due_name="due" if outcome.target_date or not outcome.launch.on else "launch",
        p50=pace.p50,
        p85=pace.p85,
        causes=tuple(_causes(additions, point.day, facts.today) for point in points) if agreed and additions else (),
    )


def _causes(additions: Sequence[Addition], until: date, today: date) -> tuple[Count, ...]:
    """Return what was added until a day, by cause; that of which nobody knows when is there today."""
    names = sorted({each.cause or "not known" for each in additions})
    return tuple(
        Count(
            name=name,
            count=sum((each.cause or "not known") == name and (each.added_on or today) <= until for each in additions),
        )
        for name in names
    )


def _days(facts: Facts, dates: "_Dates", agreed_on: date | None) -> list[date]:
    """Return the days to draw, weekly back from today."""
    period = facts.world.roadmap.period
    starts = [each for each in (agreed_on, period.starts_on if period else None) if each is not None]
    starts += [] if starts or dates.first is None else [dates.first]
    start = min(min(starts, default=facts.today), facts.today - SHORTEST)
    start = max(start, facts.today - LONGEST)
    weeks = -(-(facts.today - start).days // 7)
    return [facts.today - WEEK * back for back in range(weeks, -1, -1)]


class _Dates:
    """When what serves an outcome now was created and closed."""

    def __init__(self, facts: Facts, number: int, additions: Sequence[Addition]) -> None:
        rows, world = facts.world.rows, facts.world
        agreed = facts.agreed(number)
        self.agreed_count = len(agreed.counted) if agreed else 0
        # Of what came or went nobody knows when, it is here (or gone) today.
        self.added = sorted(each.added_on or facts.today for each in additions)
        self.removed = sorted(each or facts.today for each in removals_of(facts, number))
        counted = work_of(facts, number).counted
        self.created = sorted(facts.day(rows[position].created_at) for position in counted)
        # What says that it is done and not since when was done at its last change at the latest.
        self.closed = sorted(
            facts.day(rows[position].closed_at or rows[position].updated_at)
            for position in counted
            if not world.is_open(position)
        )

    @property
    def first(self) -> date | None:
        """Return the day on which the first was created."""
        return self.created[0] if self.created else None

    def at(self, day: date, agreed_on: date | None) -> tuple[int, int]:
        """Return how many there were at the end of a day, and how many were done; never more than there were."""
        count = bisect_right(self.created, day)
        if agreed_on is not None and day >= agreed_on:
            count = self.agreed_count + bisect_right(self.added, day) - bisect_right(self.removed, day)
        return count, min(count, bisect_right(self.closed, day))
