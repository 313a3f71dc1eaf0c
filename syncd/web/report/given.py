"""What the report is made from, and how its parts read facts: only those that the workspace's vocabulary has."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from rules.engine import RuleSet
from rules.facts.fact import FactContext, FactValue
from rules.facts.table import FactTable, context_at
from rules.language.calendar import Calendar
from rules.subjects import item_subject, outcome_subject, team_subject, teams_of
from syncd.model.baselines import Baseline
from syncd.model.findings import Finding, Subject
from syncd.model.outcomes import Outcome
from syncd.model.snapshots import Snapshot
from syncd.model.truth import Unknown
from syncd.planner.limits import Waiting
from syncd.store import LedgerEntry

if TYPE_CHECKING:
    from rules.world import World

NOT_WORKED_OUT = Unknown("this version does not work it out")


class HistoryProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the histories of a tracker's items are read: ``known_count`` of ``item_count``; ``untold``: (key, why)
    of those that the tracker could not tell."""

    tracker: str
    known_count: int
    item_count: int
    untold: tuple[tuple[str, str], ...] = ()


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """An item that could not be read, and why."""

    key: str
    why: str


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What was judged at ``now``, and what the store remembers. ``since``: the moment that "since then" begins at.

    ``unknown`` are the pairs of rule id and subject that could not be judged. ``snapshots`` are oldest first.
    """

    workspace: str
    now: datetime
    since: datetime
    world: "World"
    rules: RuleSet = RuleSet()
    calendar: Calendar = Calendar()
    findings: tuple[Finding, ...] = ()
    unknown: AbstractSet[tuple[str, Subject]] = frozenset()
    waiting: tuple[Waiting, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    writes: tuple[LedgerEntry, ...] = ()
    histories: tuple[HistoryProgress, ...] = ()
    set_aside: tuple[SetAside, ...] = ()


class Facts:
    """The facts of a World at the report's moment; what the vocabulary lacks is unknown, and says so."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.world = given.world
        self.today: date = given.calendar.day(given.now)
        self.outcomes: Sequence[Outcome] = given.world.roadmap.outcomes

    @cached_property
    def context(self) -> FactContext:
        """Return the context of the moment."""
        return context_at(self.world, self.given.now, self.given.calendar)

    @cached_property
    def open_positions(self) -> Sequence[int]:
        """Return the positions of the open items, changes left out."""
        return [position for position in range(len(self.world.rows)) if self.world.is_open(position)]

    @cached_property
    def teams(self) -> Sequence[str]:
        """Return the teams."""
        return teams_of(self.world)

    @cached_property
    def _of_outcomes(self) -> FactTable:
        return self._table([outcome_subject(outcome.id) for outcome in self.outcomes])

    @cached_property
    def _of_open(self) -> FactTable:
        rows = self.world.rows
        return self._table([item_subject(rows[position].id) for position in self.open_positions])

    @cached_property
    def _of_teams(self) -> FactTable:
        return self._table([team_subject(team) for team in self.teams])

    def _table(self, subjects: Sequence[Subject]) -> FactTable:
        given = self.given
        vocabulary = given.rules.vocabulary
        return FactTable(vocabulary, world=given.world, subjects=subjects, now=given.now, calendar=given.calendar)

    def has(self, name: str) -> bool:
        """Say whether there is such a fact."""
        return name in self.given.rules.vocabulary

    def outcome(self, name: str, number: int) -> FactValue:
        """Return a fact of an outcome by its number."""
        return self._of_outcomes.column(name)[number] if self.has(name) else NOT_WORKED_OUT

    def of_open(self, name: str) -> Sequence[FactValue]:
        """Return a fact of every open item, in the order of ``open_positions``."""
        if not self.has(name):
            return [NOT_WORKED_OUT] * len(self.open_positions)
        return self._of_open.column(name)

    def team(self, name: str, number: int) -> FactValue:
        """Return a fact of a team by its number."""
        return self._of_teams.column(name)[number] if self.has(name) else NOT_WORKED_OUT

    def of(self, name: str, subject: Subject) -> FactValue:
        """Return a fact of any one subject."""
        return self._table([subject]).column(name)[0] if self.has(name) else NOT_WORKED_OUT

    def agreed(self, number: int) -> Baseline | None:
        """Return what counts as agreed of an outcome; None: nothing was yet."""
        found = self.world.given.baselines.get(outcome_subject(self.outcomes[number].id), ())
        return found[-1] if found else None

    def day(self, at: datetime) -> date:
        """Return the day on which an instant is."""
        return self.given.calendar.day(at)


def number_of(value: FactValue) -> int | float | Unknown | None:
    """Return a fact that is a number."""
    return value if isinstance(value, int | float | Unknown) else None


def day_of(value: FactValue) -> date | Unknown | None:
    """Return a fact that is a day."""
    return value if isinstance(value, date | Unknown) else None


def records_in(value: FactValue) -> tuple[tuple[msgspec.Struct, ...], str]:
    """Return the records of a fact, and why there may be more (empty: there are no more)."""
    if isinstance(value, Unknown):
        return (), value.reason
    if not isinstance(value, tuple):
        return (), ""
    known = tuple(each for each in value if isinstance(each, msgspec.Struct) and not isinstance(each, Unknown))
    reason = next((each.reason for each in value if isinstance(each, Unknown)), "")
    return known, reason
