"""How long the forecasts of fifty outcomes take, beside bare draws of the same size."""

import time
from datetime import date

import numpy as np

from rules.flow.forecasting import forecast_of
from rules.flow.montecarlo import TRIALS
from rules.flow.pace import Pace
from rules.flow.weeks import WEEK_COUNT
from syncd.model.snapshots import Flow

OUTCOMES, REMAINING = 50, 120
_TODAY = date(2026, 11, 25)


def paces(count: int = OUTCOMES) -> list[Pace]:
    """Return so many paces of some six items a week, with growth, cycle times and a few items that are begun."""
    rng = np.random.default_rng(8)
    found: list[Pace] = []
    for _ in range(count):
        weekly, arrived = (tuple(rng.poisson(mean, WEEK_COUNT).tolist()) for mean in (6, 1))
        flow = Flow(weekly=weekly, arrived=arrived, week_count=WEEK_COUNT, finished_count=sum(weekly))
        cycles, ages = (tuple(sorted(rng.lognormal(1.2, 0.8, number).tolist())) for number in (sum(weekly), 8))
        found.append(Pace(flow=flow, cycles=cycles, ages=ages))
    return found


def seconds() -> tuple[float, float]:
    """Return how long the forecasts take, and how long it takes to draw a week for every item of every trial."""
    measured = paces()
    began = time.perf_counter()
    for number, pace in enumerate(measured):
        forecast_of(f"outcome {number}", pace, REMAINING, _TODAY, _TODAY)
    between = time.perf_counter()
    for number in range(OUTCOMES):
        np.random.default_rng(number).integers(0, WEEK_COUNT, size=(TRIALS, REMAINING))
    return between - began, time.perf_counter() - between


def line() -> str:
    """Return both, the best of three, and their ratio."""
    runs = [seconds() for _ in range(3)]
    ours, bare = min(each[0] for each in runs), min(each[1] for each in runs)
    size = f"{TRIALS:,} trials x {OUTCOMES} outcomes of {REMAINING} items"
    return f"{size}: {ours * 1000:.0f} ms, bare draws {bare * 1000:.0f} ms, ratio {ours / bare:.1f}"


if __name__ == "__main__":
    print(line())
