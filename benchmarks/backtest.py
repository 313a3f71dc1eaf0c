"""How long a day of a backtest takes: judged by what changed since the day before, beside a full sweep of the same day.

``python -m benchmarks.backtest [ITEMS] [EVERY]``. Every EVERY-th day is swept in full, too, and the answers compared.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from benchmarks import trace_data
from benchmarks.backtest_data import DAYS, company, thirty_rules
from rules.engine import Judgments
from rules.incremental.judging import Judging
from rules.language.calendar import Calendar
from rules.past.asof import replay
from rules.world import build_world
from syncd.backtest import working_days

Made = TypeVar("Made")


class _Watch:
    """Seconds that works took, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}

    def time(self, name: str, work: Callable[[], Made]) -> Made:
        began = time.perf_counter()
        made = work()
        self.seconds.setdefault(name, []).append(time.perf_counter() - began)
        return made

    def line(self, name: str) -> str:
        """Return the median and the slowest of what a name took, in milliseconds."""
        found = sorted(self.seconds.get(name, [0.0]))
        return f"{statistics.median(found) * 1000:7.0f} ms   slowest {found[-1] * 1000:7.0f} ms   of {len(found)}"


def main(count: int = 20_000, every: int = 4) -> None:
    """Measure both and print what came of it."""
    given, rules, calendar = company(count), thirty_rules(), Calendar()
    moments = working_days(trace_data.NOW - timedelta(days=DAYS), trace_data.NOW, calendar)
    watch, judging, judged, held = _Watch(), Judging(rules, calendar), 0, 0
    days = iter(replay(given, moments, calendar=calendar))
    for number in range(len(moments)):
        day = watch.time("items as of the day", partial(next, days))
        gc.collect()
        began = time.perf_counter()
        world = watch.time("build the World", partial(build_world, day.given))
        found = watch.time("judge what changed", partial(judging.judge, world, day.at))
        if number:
            watch.seconds.setdefault("a day, incrementally", []).append(time.perf_counter() - began)
            judged += judging.judged_count
        held += len(found.holding)
        if number and number % every == 0:
            gc.collect()
            began = time.perf_counter()
            world = build_world(day.given)
            swept = watch.time("judge everything", partial(rules.evaluate, world, day.at))
            watch.seconds.setdefault("a day, swept in full", []).append(time.perf_counter() - began)
            assert _answers(found) == _answers(swept), f"the findings of {day.at:%Y-%m-%d} differ"
    days_later = len(moments) - 1
    print(
        f"{len(moments)} days, {count:,} items, {len(rules.rules)} rules: {held // len(moments):,} findings a day, "
        f"{judged // days_later:,} items judged a day after the first, same answers"
    )
    for name in watch.seconds:
        print(f"{name:22} {watch.line(name)}")
    slow, fast = (statistics.median(watch.seconds[f"a day, {how}"]) for how in ("swept in full", "incrementally"))
    print(f"ratio                  {slow / fast:7.1f}")


def _answers(found: Judgments) -> tuple[object, ...]:
    holding = sorted(found.holding, key=lambda each: (each.rule.id, each.subject))
    return holding, set(found.unknown), found.also_when


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
