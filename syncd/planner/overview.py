"""A workspace in a few numbers: what is open, what is in play, what is told to whom, and what is left out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from rules.engine import RuleSet
from rules.facts.table import FactTable
from syncd.model.changes import Action, Change
from syncd.model.findings import About, Finding, Subject
from syncd.model.items import Stage
from syncd.model.truth import Unknown
from syncd.planner.findings import is_live
from syncd.planner.stages import place_stage
from syncd.planner.terms import Policy

if TYPE_CHECKING:
    from rules.world import World

_IN_PLAY = "item.in_play"
NO_TEAM = ""


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan writes for one team; an item without a team is under the empty name."""

    team: str
    label_count: int
    comment_count: int
    item_count: int


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A place or team that is read, judged and counted, and never annotated."""

    name: str
    item_count: int
    finding_count: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of open items, changes left out; in play are those of which that is known.

    ``cause_count`` is the number of items on which live findings are told, for ``finding_count`` of them.
    """

    open_count: int
    in_play_count: int
    unknown_count: int
    finding_count: int
    cause_count: int
    told_to: tuple[Audience, ...]
    left_out: tuple[LeftOut, ...]


def overview(
    world: "World",
    rules: RuleSet,
    findings: Iterable[Finding],
    changes: Sequence[Change],
    policy: Policy,
    now: datetime,
) -> Overview:
    """Return the numbers of what was judged and planned."""
    live = [finding for finding in findings if is_live(finding)]
    positions = [position for position in range(len(world.rows)) if world.is_open(position)]
    subjects = [Subject(About.ITEM.value, world.rows[position].id) for position in positions]
    table = FactTable(rules.vocabulary, world=world, subjects=subjects, now=now, calendar=policy.calendar)
    in_play = table.column(_IN_PLAY) if _IN_PLAY in rules.vocabulary else ()
    return Overview(
        open_count=len(positions),
        in_play_count=sum(each is True for each in in_play),
        unknown_count=sum(isinstance(each, Unknown) for each in in_play),
        finding_count=len(live),
        cause_count=len({target for finding in live if is_told(finding) for target in finding.told}),
        told_to=_told_to(world, changes),
        left_out=(*_left_out(world, positions, live), *_teams_left_out(world, positions, live, policy)),
    )


def is_told(finding: Finding) -> bool:
    """Return whether a finding can be told on an item; one that can't stands in the report alone."""
    return bool(finding.told) and finding.rule.stage > Stage.REPORT


def _told_to(world: "World", changes: Sequence[Change]) -> tuple[Audience, ...]:
    labels: Counter[str] = Counter()
    comments: Counter[str] = Counter()
    items: dict[str, set[object]] = {}
    for change in changes:
        team = world.team(change.target) if change.target in world.items else NO_TEAM
        items.setdefault(team, set()).add(change.target)
        labels[team] += change.action is Action.ADD_LABEL
        comments[team] += change.action in (Action.CREATE_COMMENT, Action.EDIT_COMMENT)
    found = [
        Audience(team=team, label_count=labels[team], comment_count=comments[team], item_count=len(targets))
        for team, targets in items.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.item_count, each.team)))


def _left_out(world: "World", positions: Iterable[int], live: Iterable[Finding]) -> tuple[LeftOut, ...]:
    items = Counter(world.rows[position].place for position in positions)
    about = (world.item(finding.subject.id) for finding in live)
    findings = Counter(item.place for item in about if item is not None)
    off = (place for place in items if place_stage(world.place(place), Stage.COMMENT) is Stage.OFF)
    return tuple(
        LeftOut(name=str(place), item_count=items[place], finding_count=findings[place]) for place in sorted(off)
    )


def _teams_left_out(
    world: "World", positions: Iterable[int], live: Iterable[Finding], policy: Policy
) -> Iterator[LeftOut]:
    """Yield the teams that are off and have open work, wherever it is."""
    off = sorted(team for team, stage in policy.team_stages.items() if stage is Stage.OFF)
    if not off:
        return
    items = Counter(world.team(world.rows[position].id) for position in positions)
    findings = Counter(world.team(each.subject.id) for each in live if each.subject.id in world.items)
    for team in off:
        if items[team]:
            yield LeftOut(name=f"the team {team}", item_count=items[team], finding_count=findings[team])
