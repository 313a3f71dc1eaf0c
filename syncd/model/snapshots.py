"""What is worked out once a day: how work flows, what it forecasts, and what unlinked work is compared with."""

from datetime import date, datetime

import msgspec


class Flow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much of an outcome's or a team's work was finished lately; ``weekly`` counts finished items, oldest first.

    ``week_count`` is how many of the newest weeks are since the work began: a pace is measured over these.
    ``arrived`` counts an outcome's items that were added in each week. Of ``undated_count`` done items nobody knows
    since when they are. ``cycle_p50`` and ``cycle_p85`` are days from begun to done; None where too few histories tell.
    ``unknown`` says why nothing of it is known.
    """

    weekly: tuple[int, ...] = ()
    arrived: tuple[int, ...] = ()
    week_count: int = 0
    finished_count: int = 0
    undated_count: int = 0
    cycle_count: int = 0
    cycle_p50: float | None = None
    cycle_p85: float | None = None
    unknown: str = ""

    @property
    def per_week(self) -> float | None:
        """Return how many items were finished a week; None where nothing began."""
        return self.finished_count / self.week_count if self.week_count else None

    @property
    def growth_per_week(self) -> float | None:
        """Return how many items were added a week; None where nothing began."""
        return sum(self.arrived) / self.week_count if self.week_count else None


class Forecast(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When the rest of an outcome will be done, drawn from what was measured.

    ``late_probability`` from 0 to 1, of missing ``target_date``. ``unknown`` says why there is none; ``needed_count``
    is how many more finished items it would take. ``is_endless``: as much is added as is finished. ``is_dark``: what
    remains can't be read either. Where nothing remains, and nothing is unknown, there are no dates.
    """

    p50: date | None = None
    p85: date | None = None
    late_probability: float | None = None
    target_date: date | None = None
    remaining_count: int = 0
    growth_per_week: float = 0.0
    per_week: float = 0.0
    week_count: int = 0
    seed: int = 0
    trial_count: int = 0
    unknown: str = ""
    needed_count: int = 0
    is_endless: bool = False
    is_dark: bool = False


class Counts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an outcome's work stood on a day, in items; ``baseline_count`` None: nothing was agreed yet.

    ``added_by_cause`` adds up to ``added_count``; ``larger_count`` agreed items were re-estimated upward.
    """

    item_count: int = 0
    done_count: int = 0
    baseline_count: int | None = None
    added_count: int = 0
    removed_count: int = 0
    added_by_cause: dict[str, int] = {}
    larger_count: int = 0


class SuggestionIndex(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What unlinked work is compared with: traced items and the words of outcomes, as weighted terms.

    ``terms`` are those of an outcome's own words, by outcome id. Traced items are numbered: ``rows`` has the outcomes
    that each serves, ``days`` the day on which it was written (its ordinal), ``public`` the numbers of those that
    anybody may read. ``postings`` has for each term whose it is: number, weight in thousandths, number, weight, and so
    on. ``counts`` says in how many of ``document_count`` texts a term stands, where that is more than one.
    """

    terms: dict[str, dict[str, float]] = {}
    rows: tuple[tuple[str, ...], ...] = ()
    days: tuple[int, ...] = ()
    public: frozenset[int] = frozenset()
    postings: dict[str, tuple[int, ...]] = {}
    counts: dict[str, int] = {}
    document_count: int = 0


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was worked out on ``day``: by outcome id and by team. ``index`` is kept with the newest alone."""

    day: date
    taken_at: datetime
    outcome_flows: dict[str, Flow] = {}
    team_flows: dict[str, Flow] = {}
    forecasts: dict[str, Forecast] = {}
    counts: dict[str, Counts] = {}
    index: SuggestionIndex | None = None
