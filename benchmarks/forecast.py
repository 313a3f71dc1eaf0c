"""How often forecasts held: histories replayed, with what was known at each moment, beside the real end.

``python -m benchmarks.forecast [COUNT]``. Real issues are read from SYNCD_DATA, or ../shared/data.
"""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from math import ceil, sqrt

import msgspec

from benchmarks.forecast_data import DATA, StandIn, real
from benchmarks.forecast_worlds import made_up
from rules.flow.forecasting import forecast_of
from rules.flow.pace import Life, pace_of
from rules.flow.weeks import Weeks
from rules.language.calendar import Calendar

EVERY = timedelta(weeks=4)
TOO_FEW = 10
_CALENDAR = Calendar()
_Z = 1.96


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast and what came of it; ``naive`` is remaining items by mean throughput."""

    stand_in: str
    ended: date
    on: date
    p50: date | None
    p85: date | None
    naive: date | None
    unknown: str = ""


def replay(stand_in: StandIn) -> Iterator[Replayed]:
    """Yield a forecast every four weeks, from the first finished item until the end.

    Of each moment the items are known that were created by then and belong to the stand-in in the end: where nobody
    kept when an item was put into a version, it is as if it was so from its creation.
    """
    finished = sorted(life.finished_at for life in stand_in.lives if life.finished_at)
    if not finished:
        return
    at = finished[0] + timedelta(days=1)
    while at < finished[-1]:
        known = [_until(life, at) for life in stand_in.lives if life.created_at <= at]
        remaining = stand_in.next_count or sum(life.finished_at is None for life in known)
        ended = _end(stand_in, at)
        if remaining and ended is not None:
            yield _forecast(stand_in, known, remaining, at, ended)
        at += EVERY


def _until(life: Life, at: datetime) -> Life:
    if life.finished_at and life.finished_at <= at:
        return life
    return Life(created_at=life.created_at, begun_at=life.begun_at if life.begun_at and life.begun_at <= at else None)


def _end(stand_in: StandIn, at: datetime) -> datetime | None:
    """Return when nothing remained for the first time after a moment, or when so many more were finished."""
    if stand_in.next_count:
        after = sorted(life.finished_at for life in stand_in.lives if life.finished_at and life.finished_at > at)
        return after[stand_in.next_count - 1] if len(after) >= stand_in.next_count else None
    steps = [(life.created_at, 1) for life in stand_in.lives]
    steps += [(life.finished_at, -1) for life in stand_in.lives if life.finished_at]
    left = 0
    for when, step in sorted(steps, key=lambda each: (each[0], -each[1])):
        left += step
        if when > at and left == 0:
            return when
    return None


def _forecast(stand_in: StandIn, known: list[Life], remaining: int, at: datetime, ended: datetime) -> Replayed:
    pace = pace_of(known, Weeks(_CALENDAR, at), _CALENDAR)
    if stand_in.next_count:
        none = (0,) * len(pace.flow.weekly)
        pace = msgspec.structs.replace(pace, flow=msgspec.structs.replace(pace.flow, arrived=none))
    today = _CALENDAR.day(at)
    found = forecast_of(stand_in.name, pace, remaining, None, today)
    naive = today + timedelta(days=ceil(remaining / pace.flow.per_week * 7) - 1) if pace.flow.per_week else None
    return Replayed(
        stand_in=stand_in.name,
        ended=_CALENDAR.day(ended),
        on=today,
        p50=found.p50,
        p85=found.p85,
        naive=naive if found.p50 else None,
        unknown=found.unknown,
    )


def report(title: str, stand_ins: Iterable[StandIn]) -> None:
    """Print how often forecasts held."""
    stand_ins = list(stand_ins)
    all_of_them = [each for stand_in in stand_ins for each in replay(stand_in)]
    dated = [each for each in all_of_them if each.p50]
    names = len({each.stand_in for each in dated})
    print(f"{title}\n  {len(stand_ins)} stand-ins; {len(all_of_them)} moments, {len(dated)} forecasts of {names}")
    for name, days in (
        ("p50", [(each.p50, each.ended) for each in dated]),
        ("p85", [(each.p85, each.ended) for each in dated if each.p85]),
        ("remaining / throughput", [(each.naive, each.ended) for each in dated]),
    ):
        print(f"  {name:22} {_line([ended <= day for day, ended in days if day])}")
    if dated:
        widths = sorted((each.p85 - each.p50).days for each in dated if each.p50 and each.p85)
        misses = sorted(abs((each.ended - each.p50).days) for each in dated if each.p50)
        print(f"  median miss of p50 {misses[len(misses) // 2]} days, p85 {widths[len(widths) // 2]} days later")


def _line(held: Sequence[bool]) -> str:
    count = sum(held)
    if len(held) < TOO_FEW:
        return f"too few to tell: held {count} of {len(held)}"
    low, high = wilson(count, len(held))
    return f"held {count} of {len(held)}: {count / len(held):.0%} ({low:.0%} to {high:.0%})"


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return the interval of Wilson, 95 %, of a share."""
    share, spread = count / of, _Z * _Z / of
    middle, half = share + spread / 2, _Z * sqrt(share * (1 - share) / of + spread / of / 4)
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


def main(count: int = 100) -> None:
    """Print how forecasts held on made-up and on real work."""
    began = time.perf_counter()
    report(f"{count} made-up outcomes", made_up(count))
    for title, stand_ins in real():
        report(title, stand_ins)
    if not DATA.exists():
        print(f"no real issues: {DATA} is not there (SYNCD_DATA)")
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
