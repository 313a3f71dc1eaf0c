"""Monte Carlo: when nothing remains, drawn many times from weeks that were measured."""

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import blake2b
from math import ceil

import msgspec
import numpy as np
from numpy.typing import NDArray

TRIALS = 10_000
LONGEST = 260
"""Weeks; what has not ended then is said not to end."""
DRIFT = 0.5
"""How much the pace to come differs from that of the weeks measured: the standard deviation of the logarithm."""
_CHUNK = 8
_GRID = np.concatenate(([0.0], np.geomspace(0.25, 20_000, 500)))
"""Days; an item that is open now is looked for between two of them."""
_TAIL = 2.0
"""Of items older than any finished one, one in four is still open at twice the age, one in nine at three times."""
_WEEK = 7
_SEED_BYTES = 6  # fits into a JSON number
Floats = NDArray[np.float64]


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """After how many days from a first one, which is 1, each trial ended, in order; ``inf`` where it did not."""

    days: Floats

    def day_of(self, share: float, first: date) -> date | None:
        """Return the day by whose end so large a share of the trials had ended; None where too many never did."""
        days = self.days[max(ceil(share * len(self.days)) - 1, 0)]
        return first + timedelta(days=max(int(days), 1) - 1) if np.isfinite(days) else None

    def share_after(self, target: date, first: date) -> float:
        """Return which share of the trials, from 0 to 1, had not ended by the end of a day."""
        ended = int(np.searchsorted(self.days, (target - first).days + 1, side="right"))
        return 1 - ended / len(self.days)


def seed_of(name: str, day: date) -> int:
    """Return the seed for what is drawn of something on a day: the same everywhere, and another one tomorrow."""
    return int.from_bytes(blake2b(f"{name}\n{day.isoformat()}".encode(), digest_size=_SEED_BYTES).digest(), "big")


def draw(
    remaining: int,
    finished: Sequence[int],
    added: Sequence[int],
    seed: int,
    *,
    cycles: Sequence[float] = (),
    ages: Sequence[float] = (),
    until: int = 0,
    longest: int = LONGEST,
    trials: int = TRIALS,
    drift: float = DRIFT,
) -> Drawn:
    """Return when ``trials`` trials end that begin with ``remaining`` items and live through weeks like those measured:
    ``finished`` and ``added`` items, week by week, at least one.

    A trial first draws its own weeks from those measured, as many, with replacement: they are but a sample of how the
    work goes. Then it draws how much faster or slower all goes from now on. Within a week items go evenly. The last
    ones take as long as ``cycles`` say, and those that are begun, ``ages`` ago, as long as these say of their age; both
    in days. Drawing ends when 90 % of the trials and ``until`` weeks have, or after ``longest`` weeks.
    """
    if remaining <= 0:
        return Drawn(days=np.zeros(trials))
    rng = np.random.default_rng(seed)
    net = np.asarray(finished, np.int32) - np.asarray(added, np.int32)
    own = net[rng.integers(0, len(net), size=(len(net), trials), dtype=np.uint8)].ravel()
    # Half the pace is twice the work.
    work = remaining * np.exp(rng.normal(0.0, drift, trials))
    days = _ends(work, own, len(net), rng, until=until, longest=longest) * _WEEK
    if cycles and sum(finished):
        ordered = np.sort(np.asarray(cycles, np.float64))
        gap = max(len(finished) * _WEEK / sum(finished), ordered.mean() / remaining)
        days += _last_ones(ordered, rng.standard_exponential(trials) * gap)
        days = np.maximum(days, _begun_ones(ordered, np.asarray(ages, np.float64), rng.random(trials)))
    return Drawn(days=np.sort(np.ceil(days - 1e-9)))


def _ends(
    work: Floats, own: NDArray[np.int32], count: int, rng: np.random.Generator, *, until: int, longest: int
) -> Floats:
    """Return after how many weeks the work of each trial is done; ``own`` has ``count`` weeks of each, one by one."""
    trials = len(work)
    left, ends = work.copy(), np.full(trials, np.inf)
    open_ones, week = np.arange(trials), 0
    while len(open_ones) and week < longest and (week < until or len(open_ones) > trials // 10):
        # Drawn for ended trials, too: whatever remains, a trial lives through the same weeks.
        picked = rng.integers(0, count, size=(_CHUNK, trials), dtype=np.uint8)
        index = (picked if len(open_ones) == trials else picked.take(open_ones, axis=1)).astype(np.intp)
        index *= trials
        index += open_ones
        change = own.take(index)
        after = left[open_ones] - np.cumsum(change, axis=0, dtype=np.int32)
        is_over = after <= 0
        row = is_over.argmax(axis=0)
        has_ended = is_over[row, np.arange(len(open_ones))]
        place = np.flatnonzero(has_ended)
        at = row[place]
        gone = change[at, place]
        ends[open_ones[place]] = week + at + (after[at, place] + gone) / gone
        left[open_ones] = after[-1]
        open_ones = open_ones[~has_ended]
        week += _CHUNK
    return ends


def _last_ones(cycles: Floats, wanted: Floats) -> Floats:
    """Return by how many days the last item to be finished comes after the time at which all would be, had each taken
    the mean of ``cycles``, which are in order; ``wanted`` is exponential, its mean the days between two items.

    Items are begun one after another, and the last one begun is seldom the last one finished. Of those begun ``u`` days
    before the last, a share of P(cycle > u + x) is open ``x`` days after it: together the integral of P(cycle > c) from
    x on, by the days between two items. Their number is as good as Poisson's, so that all are finished by ``x`` where
    the integral is below ``wanted``.
    """
    knots = np.concatenate(([0.0], cycles))
    above = np.arange(len(cycles), 0, -1) / len(cycles)
    # From each knot on: what the steps after it hold.
    rest = np.concatenate((np.cumsum((above * np.diff(knots))[::-1])[::-1], [0.0]))
    late: Floats = np.interp(wanted, rest[::-1], knots[::-1]) - cycles.mean()
    return np.maximum(late, 0.0)


def _begun_ones(cycles: Floats, ages: Floats, drawn: Floats) -> Floats:
    """Return by how many days the last of the items is finished that are ``ages`` days old; ``drawn`` is even.

    Each goes on as those of ``cycles``, which are in order, that took longer than it has; where it is older than nearly
    all of them, as work of that age does.
    """
    if not len(ages):
        return np.zeros(len(drawn))
    all_over = np.ones(len(_GRID))
    for age in ages:
        all_over *= 1 - _share_above(cycles, age + _GRID) / _share_above(cycles, np.asarray([age]))
    return np.interp(drawn, all_over, _GRID)


def _share_above(cycles: Floats, days: Floats) -> Floats:
    """Return which share of items takes longer than so many days."""
    longest = max(cycles[-1], 1.0)
    longer = len(cycles) - np.searchsorted(cycles, days, side="right")
    return np.asarray((longer + np.minimum(longest / np.maximum(days, longest), 1.0) ** _TAIL) / (len(cycles) + 1))
