"""What is worked out once a day: how work flows, what it forecasts, and what unlinked work is compared with."""

from datetime import date, datetime

import msgspec


class Flow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much of an outcome's or a team's work was finished lately; ``weekly`` counts finished items, oldest first.

    ``cycle_p50`` and ``cycle_p85`` are days from begun to done; None where too few histories tell.
    """

    weekly: tuple[int, ...] = ()
    finished_count: int = 0
    cycle_count: int = 0
    cycle_p50: float | None = None
    cycle_p85: float | None = None


class Forecast(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When the rest of an outcome will be done, drawn from what was measured.

    ``late_probability`` from 0 to 1, of missing ``target_date``. ``unknown`` says why there is none; ``needed_count``
    is how many more finished items it would take.
    """

    p50: date | None = None
    p85: date | None = None
    late_probability: float | None = None
    target_date: date | None = None
    remaining_count: int = 0
    growth_per_week: float = 0.0
    seed: int = 0
    trial_count: int = 0
    unknown: str = ""
    needed_count: int = 0


class Counts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an outcome's work stood on a day, in items; ``baseline_count`` None: nothing was agreed yet."""

    item_count: int = 0
    done_count: int = 0
    baseline_count: int | None = None
    added_count: int = 0
    removed_count: int = 0


class SuggestionIndex(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the work of each outcome is about: the weights of its terms, by outcome id."""

    terms: dict[str, dict[str, float]] = {}


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was worked out on ``day``: by outcome id and by team. ``index`` is kept with the newest alone."""

    day: date
    taken_at: datetime
    outcome_flows: dict[str, Flow] = {}
    team_flows: dict[str, Flow] = {}
    forecasts: dict[str, Forecast] = {}
    counts: dict[str, Counts] = {}
    index: SuggestionIndex | None = None
