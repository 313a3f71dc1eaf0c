"""How long each finding stood: from the day it would first have been told to the day it was over."""

import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from rules.subjects import container_of
from rules.world import World
from syncd.model.findings import About, Finding, Subject
from syncd.planner.findings import is_live
from syncd.planner.terms import FindingKey

FLAPPING = 3
"""What opens so often for one subject flaps."""


class Episode(msgspec.Struct, kw_only=True):
    """A time during which a finding stood. ``is_first_day``: it stood when history begins, perhaps for long."""

    rule_id: str
    subject: Subject
    team: str
    key: str
    opened_at: datetime
    is_first_day: bool
    closed_at: datetime | None = None


class Episodes:
    """Follows the findings of one set of rules from day to day."""

    def __init__(self) -> None:
        self.all: list[Episode] = []
        self._open: dict[FindingKey, Episode] = {}
        self._is_first_day = True

    def note(self, findings: Iterable[Finding], world: World, at: datetime) -> None:
        """Take in the findings of a day."""
        live = {(each.rule_id, each.subject) for each in findings if is_live(each)}
        for key in self._open.keys() - live:
            self._open.pop(key).closed_at = at
        for rule_id, subject in sorted(live - self._open.keys()):
            episode = Episode(
                rule_id=rule_id,
                subject=subject,
                team=team_of(subject, world),
                key=name_of(subject, world),
                opened_at=at,
                is_first_day=self._is_first_day,
            )
            self._open[rule_id, subject] = episode
            self.all.append(episode)
        self._is_first_day = False


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The findings of one rule, of all teams or of one (``team``; empty where nobody says), in whole days.

    ``first_day_count`` stood when history begins, ``added_count`` came after that, ``resolved_count`` of both went,
    ``open_count`` stand at the end. ``flapping`` are the keys of what came three times or more. ``median_days`` is how
    long what went had stood, ``longest_days`` how long anything did; for what stood on the first day at least so long.
    """

    rule_id: str
    team: str | None = None
    first_day_count: int = 0
    added_count: int = 0
    resolved_count: int = 0
    open_count: int = 0
    flapping: tuple[str, ...] = ()
    median_days: int | None = None
    longest_days: int | None = None


def figures_of(rule_id: str, team: str | None, episodes: Sequence[Episode], until: datetime) -> Figures:
    """Return the figures of one rule's episodes."""
    times: dict[Subject, int] = {}
    for each in episodes:
        times[each.subject] = times.get(each.subject, 0) + 1
    names = {each.subject: each.key for each in episodes}
    gone = [(each.closed_at - each.opened_at).days for each in episodes if each.closed_at is not None]
    stood = [((each.closed_at or until) - each.opened_at).days for each in episodes]
    first_day_count = sum(each.is_first_day for each in episodes)
    return Figures(
        rule_id=rule_id,
        team=team,
        first_day_count=first_day_count,
        added_count=len(episodes) - first_day_count,
        resolved_count=len(gone),
        open_count=len(episodes) - len(gone),
        flapping=tuple(sorted(names[subject] for subject, count in times.items() if count >= FLAPPING)),
        median_days=round(statistics.median(gone)) if gone else None,
        longest_days=max(stood, default=None),
    )


def team_of(subject: Subject, world: World) -> str:
    """Return the team that a finding is for, empty where nobody says."""
    if subject.about == About.TEAM.value:
        return subject.id.native_id
    return world.team(subject.id) if subject.id in world.items else ""


def name_of(subject: Subject, world: World) -> str:
    """Return what people call a subject: an item's key, a container's title, else its name."""
    item, container = world.item(subject.id), container_of(subject, world)
    if container is not None:
        return container.title
    return item.key if item is not None else subject.id.native_id
