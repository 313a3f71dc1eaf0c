"""Made-up outcomes with rough weeks, growth and stragglers: enough of them to tell how forecasts hold."""

from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.forecast_data import StandIn
from rules.flow.pace import Life

START = datetime(2024, 1, 1, 9, tzinfo=UTC)
_LONGEST = 200  # weeks
_DAY = timedelta(days=1)


def made_up(count: int, seed: int = 4) -> list[StandIn]:
    """Return so many outcomes that came to an end.

    Nothing of how they are made is known to the forecast: a pace that drifts from week to week and is doubled or halved
    within months, slow first weeks, weeks in which nothing is finished, growth that fades or does not, and one item in
    twenty that takes long.
    """
    rng = np.random.default_rng(seed)
    found: list[StandIn] = []
    while len(found) < count:
        lives = _lives(rng)
        if lives:
            found.append(StandIn(name=f"made-up {len(found)}", lives=lives))
    return found


def _lives(rng: np.random.Generator) -> tuple[Life, ...]:
    """Return the items of one outcome; none where it did not end."""
    waiting = [START + _DAY * float(rng.uniform(-10, 3)) for _ in range(int(rng.integers(12, 90)))]
    mean, growth = float(rng.gamma(4, 1)) + 0.5, float(rng.uniform(0, 0.6))
    fading, drift = float(rng.choice([1.0, 0.9])), 0.0
    open_until: list[tuple[datetime, datetime, datetime]] = []
    for week in range(_LONGEST):
        at = START + timedelta(weeks=week)
        drift = 0.85 * drift + float(rng.normal(0, 0.25))
        pace = mean * np.exp(drift) * min(1.0, (week + 1) / 3) * (rng.random() > 0.06)
        for _ in range(min(int(rng.poisson(pace)), len(waiting))):
            created = waiting.pop(int(rng.integers(0, len(waiting))))
            begun = at + _DAY * float(rng.uniform(0, 5))
            days = float(rng.lognormal(1.2, 0.8)) * (8 if rng.random() < 0.05 else 1)
            open_until.append((created, max(begun, created), max(begun, created) + _DAY * days))
        added = int(rng.poisson(mean * growth * fading**week))
        waiting += [at + _DAY * float(rng.uniform(0, 7)) for _ in range(added)]
        if not waiting:
            return tuple(Life(created_at=made, begun_at=begun, finished_at=done) for made, begun, done in open_until)
    return ()
