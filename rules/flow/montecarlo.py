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
_CHUNK = 8
_WEEK = 7
_SEED_BYTES = 6  # fits into a JSON number


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """After how many days from a first one, which is 1, each trial ended, in order; ``inf`` where it did not."""

    days: NDArray[np.float64]

    def day_of(self, share: float, first: date) -> date | None:
        """Return the day by whose end so large a share of the trials had ended; None where too many never did."""
        days = self.days[max(ceil(share * len(self.days)) - 1, 0)]
        return first + timedelta(days=int(days) - 1) if np.isfinite(days) else None

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
    until: int = 0,
    longest: int = LONGEST,
    trials: int = TRIALS,
) -> Drawn:
    """Return when ``trials`` trials end that begin with ``remaining`` items and live through weeks like those measured:
    ``finished`` and ``added`` items, week by week, at least one.

    A trial first draws its own weeks from those measured, as many, with replacement: they are but a sample of how the
    work goes. Within a week items go evenly. Drawing ends when 90 % of the trials and ``until`` weeks have, or after
    ``longest`` weeks.
    """
    rng = np.random.default_rng(seed)
    net = np.asarray(finished, np.int32) - np.asarray(added, np.int32)
    own = net[rng.integers(0, len(net), size=(len(net), trials), dtype=np.uint8)].ravel()
    left = np.full(trials, remaining, np.int32)
    ends = np.full(trials, 0.0 if remaining <= 0 else np.inf)
    columns = np.arange(trials)
    open_ones = columns if remaining > 0 else columns[:0]
    week = 0
    while len(open_ones) and week < longest and (week < until or len(open_ones) > trials // 10):
        # Drawn for ended trials, too: whatever remains, a trial lives through the same weeks.
        picked = rng.integers(0, len(net), size=(_CHUNK, trials), dtype=np.uint8)
        index = (picked if len(open_ones) == trials else picked.take(open_ones, axis=1)).astype(np.intp)
        index *= trials
        index += open_ones
        change = own.take(index)
        after = left[open_ones] - np.cumsum(change, axis=0, dtype=np.int32)
        is_over = after <= 0
        row = is_over.argmax(axis=0)
        has_ended = is_over[row, np.arange(len(open_ones))]
        place = np.flatnonzero(has_ended)
        at, each = row[place], open_ones[place]
        gone, over = change[at, place], after[at, place]
        ends[each] = week + at + (over + gone) / gone
        left[open_ones] = after[-1]
        open_ones = open_ones[~has_ended]
        week += _CHUNK
    return Drawn(days=np.sort(np.ceil(ends * _WEEK - 1e-9)))
