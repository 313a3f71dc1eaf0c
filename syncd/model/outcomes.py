"""Outcomes of the roadmap: what the work is for."""

import enum
from datetime import date, datetime

import msgspec

from syncd.model.identity import ItemId, PlaceId, Ref
from syncd.model.items import Person


class Horizon(enum.Enum):
    """When an outcome is meant to be worked on."""

    NOW = "now"
    NEXT = "next"
    LATER = "later"
    NOT_NOW = "not_now"


class OutcomeStatus(enum.Enum):
    """Where an outcome is in its life."""

    ACTIVE = "active"
    PAUSED = "paused"
    ACHIEVED = "achieved"
    DROPPED = "dropped"


class Reading(msgspec.Struct, frozen=True, order=True):
    """What a measure was on a day, in the measure's unit."""

    on: date
    value: float


class Measure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an outcome is measured; baseline and target in ``unit``."""

    id: str
    name: str = ""
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    readings: tuple[Reading, ...] = ()
    """Oldest first, one a day."""

    @property
    def last(self) -> Reading | None:
        """Return the newest reading."""
        return self.readings[-1] if self.readings else None

    def way(self, value: float) -> float | None:
        """Return how much of the way from baseline to target a value is: 0 at the baseline, 1 at the target, less or
        more beyond them; None where one of the two is not stated, or both are the same."""
        if self.baseline is None or self.target is None or self.baseline == self.target:
            return None
        return (value - self.baseline) / (self.target - self.baseline)


class MilestoneName(msgspec.Struct, frozen=True):
    """A milestone or version by its title in a place: ``github:acme/checkout: Fast checkout``."""

    tracker: str
    place: str
    title: str


class TrackedIn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an outcome's work hangs."""

    items: tuple[Ref, ...] = ()
    milestones: tuple[MilestoneName, ...] = ()
    labels: tuple[str, ...] = ()


class Launch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When an outcome ships, and the items that must be done first, by gate name."""

    on: date | None = None
    gates: tuple[tuple[str, Ref], ...] = ()


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One outcome as the roadmap states it; ``accounts`` of the owner are (tracker, account)."""

    id: str
    title: str
    why: str = ""
    horizon: Horizon = Horizon.NOW
    status: OutcomeStatus = OutcomeStatus.ACTIVE
    reason: str = ""
    revisit: date | None = None
    period: str = ""
    owner: Person | None = None
    accounts: tuple[tuple[str, str], ...] = ()
    target_date: date | None = None
    measures: tuple[Measure, ...] = ()
    tracked_in: TrackedIn = TrackedIn()
    launch: Launch = Launch()
    was: tuple[str, ...] = ()
    """Ids it had before: work that names one of them names it."""
    split_into: tuple[str, ...] = ()
    merged_into: str = ""
    decide_by: date | None = None
    """Of a dropped outcome: the day by which its open work must be decided on."""
    depends_on: tuple[str, ...] = ()
    revision: str = ""
    """Changed by hand where the outcome's meaning changed: work that was linked before is asked about once."""
    stated_in: str = ""
    """The file, or the item of a tracker (its key), that states it."""
    visibility: str = "internal"
    """``public`` may be named anywhere; ``internal`` only where nobody outside reads."""

    @property
    def is_active(self) -> bool:
        """Work may serve it: its status is active and it is not on the "not now" list."""
        return self.status is OutcomeStatus.ACTIVE and self.horizon is not Horizon.NOT_NOW


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """What the roadmap's file and a tracker say differently of one outcome, both in words.

    ``field`` is ``status``, ``horizon``, ``target_date`` or ``owner``. ``key`` is the item's, or a milestone's title;
    ``item`` is None where it is a milestone; ``place`` is where the tracker's word stands.
    """

    field: str
    in_file: str
    in_tracker: str
    key: str
    item: ItemId | None = None
    place: PlaceId | None = None
    restricted: bool = False


class OutcomeRevision(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome as it stood from ``seen_at`` on; ``gone`` when it left the roadmap."""

    outcome: Outcome
    seen_at: datetime
    gone: bool = False


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """The planning period; both ends belong to it."""

    id: str
    starts_on: date
    ends_on: date


class Budget(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The share of the work that standing work should take, from 0 to 1."""

    least: float | None = None
    most: float | None = None
