"""What each team did in the planning period: what it finished in it, and what it works on now while it lasts."""

import math
from bisect import insort
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import TypeVar

import msgspec

from rules.facts.fact import FactContext
from rules.facts.play import play_of
from rules.facts.teams import teams_of
from rules.facts.together import Work
from rules.flow.progress import progress_of
from rules.world import World
from syncd.model.outcomes import Period
from syncd.model.truth import Unknown

Group = TypeVar("Group", bound=Hashable)
_ESTIMATED = 0.8
"""A team estimates where so large a share of what is counted has an estimate."""


class Part(msgspec.Struct, frozen=True):
    """A part of some work: how many items, of how many; the same by estimate, where the team estimates."""

    count: int
    of: int
    estimate: float | None = None
    of_estimate: float | None = None

    @property
    def share(self) -> float | None:
        """Return which share of the items it is; None of none."""
        return self.count / self.of if self.of else None

    @property
    def estimate_share(self) -> float | None:
        """Return which share it is by estimate; None where the team does not estimate."""
        return self.estimate / self.of_estimate if self.estimate is not None and self.of_estimate else None

    def words(self, items: str = "") -> str:
        """Return it in words: "3 of 25 items, 8 of 60 by estimate"."""
        said = f"{self.count} of {self.of}{items}"
        if self.estimate is None or self.of_estimate is None:
            return said
        return f"{said}, {self.estimate:.6g} of {self.of_estimate:.6g} by estimate"


class PeriodWork:
    """What each team of a World did in its planning period: a parent is not counted beside its children."""

    def __init__(self, context: FactContext, period: Period) -> None:
        self._context = context
        self._world: World = context.world
        self._period = period
        self._today = context.calendar.day(context.now)
        self._members: dict[str, list[int]] = {}
        self._undated: dict[str, list[int]] = {}
        self._taken: dict[int, list[int]] = {}
        self._has_begun = period.starts_on <= self._today
        self._take(range(len(self._world.rows)))
        self._made: dict[str, Sequence[int]] = {}

    def read_again(self, context: FactContext, positions: Iterable[int]) -> None:
        """Take in, in place and on the same day, that something of some items is another one now."""
        self._context, self._made = context, {}
        again = sorted(positions)
        for position in again:
            if (taken := self._taken.pop(position, None)) is not None:
                taken.remove(position)
        self._take(again)

    def _take(self, positions: Iterable[int]) -> None:
        world = self._world
        for position in positions if self._has_begun else ():
            item = world.rows[position]
            if item.is_change or world.darks[position] is not None:
                continue
            is_in = self._is_going_on(position) if world.is_open(position) else self._is_finished(position)
            if is_in is not False:
                taken = self._undated if isinstance(is_in, Unknown) else self._members
                members = self._taken[position] = taken.setdefault(world.lexicons[position].team(item), [])
                insort(members, position)

    def _is_going_on(self, position: int) -> bool:
        # What was in progress when a past period ended is not asked: it is counted in the one in which it ends.
        return self._today <= self._period.ends_on and play_of(self._context).is_begun(position) is True

    def _is_finished(self, position: int) -> bool | Unknown:
        item, calendar = self._world.rows[position], self._context.calendar
        # What nobody touched since can't have been finished since.
        if calendar.day(item.closed_at or item.updated_at) < self._period.starts_on:
            return False
        at = progress_of(self._context).finished_at(position)
        if at is None or isinstance(at, Unknown):
            return at or False
        return self._is_within(calendar.day(at))

    def _is_within(self, day: date) -> bool:
        return self._period.starts_on <= day <= self._period.ends_on

    def unknown(self, team: str) -> Unknown | None:
        """Return why nobody knows what a team did."""
        if (dark := teams_of(self._context).work(team).dark) is not None:
            return dark
        count = len(self._undated.get(team, ()))
        return Unknown(f"of {count} of its done items nobody knows since when they are") if count else None

    def counted(self, team: str) -> Sequence[int]:
        """Return the positions of what a team finished in the period, or works on now."""
        found = self._made.get(team)
        if found is None:
            found = self._made[team] = Work(self._context, self._members.get(team, ())).counted
        return found

    def parts(self, team: str, group: Callable[[int], Group]) -> dict[Group, Part]:
        """Return how much of a team's work is of which group."""
        positions = self.counted(team)
        groups: dict[Group, list[int]] = {}
        for position in positions:
            groups.setdefault(group(position), []).append(position)
        return {name: self.part(team, members) for name, members in groups.items()}

    def part(self, team: str, members: Sequence[int]) -> Part:
        """Return how much of a team's work some of it is."""
        positions = self.counted(team)
        estimates = [self._estimate(each) for each in positions]
        known = sum(each > 0 for each in estimates)
        if not known or known < _ESTIMATED * len(positions):
            return Part(len(members), len(positions))
        own = math.fsum(self._estimate(each) for each in members)
        return Part(len(members), len(positions), own, math.fsum(estimates))

    def _estimate(self, position: int) -> float:
        """Return the estimate of an item; 0 where it has none that can be one."""
        found = self._world.lexicons[position].estimate(self._world.rows[position])
        return found if found is not None and math.isfinite(found) and found > 0 else 0.0


def period_work_of(context: FactContext) -> PeriodWork | None:
    """Return what teams did in the planning period of a context's World; None where the roadmap names none."""
    period = context.world.roadmap.period
    if period is None:
        return None
    key = ("period work", context.now, context.calendar)
    return context.world.once(key, lambda: PeriodWork(context, period))
