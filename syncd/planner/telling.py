"""Where a finding is told: once, at its cause."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rules.cuts import cuts_of
from rules.engine import Judgments
from rules.tracing import tracing_of
from syncd.model.comments import Text
from syncd.model.findings import About, Evidence, Finding, FindingState, Subject, ToldOn
from syncd.model.identity import ItemId
from syncd.model.items import Item, Stage, StatusCategory
from syncd.planner.findings import is_live
from syncd.planner.keys import by_key
from syncd.planner.stages import item_stage
from syncd.planner.terms import FindingKey
from syncd.planner.tracked import Tracked

if TYPE_CHECKING:
    from rules.world import World

BROKEN = Evidence("trace.state", (Text("broken"),))
"""A finding with this evidence is about a thing that is named and not there."""
_OF_ITEMS = (About.ITEM.value, About.DEPENDENCY.value)


NO_TEAMS: Mapping[str, Stage] = {}


def tell_once(
    findings: Sequence[Finding], judgments: Judgments, world: "World", team_stages: Mapping[str, Stage] = NO_TEAMS
) -> tuple[Finding, ...]:
    """Return the findings with the items they are told on; none where nothing tracks what they are about.

    What is unknown, or holds no longer and is not yet clear, stays where it was told. ``team_stages``: how far syncd
    may go on the items of a team.
    """
    telling = _Telling(findings, judgments, world, team_stages)
    return tuple(_told(finding, telling) for finding in findings)


def _told(finding: Finding, telling: "_Telling") -> Finding:
    if not is_live(finding):
        return replace(finding, told=()) if finding.told else finding
    stays = not finding.known or finding.state is FindingState.CLEARING
    told = finding.told if stays and finding.told else telling.targets(finding)
    return finding if told == finding.told else replace(finding, told=told)


def may_tell(item_id: ItemId, world: "World", team_stages: Mapping[str, Stage]) -> bool:
    """Say whether anything may be told on an item, whatever the workspace's stage tries today."""
    item = world.item(item_id)
    if item is None or item.is_change:
        return False
    return item_stage(item, world, Stage.COMMENT, team_stages) >= Stage.LABELS


class _Telling:
    """What decides where findings are told."""

    def __init__(
        self, findings: Iterable[Finding], judgments: Judgments, world: "World", team_stages: Mapping[str, Stage]
    ) -> None:
        self._world = world
        self._team_stages = team_stages
        self._tracked = Tracked(world, self._may_tell)
        held = (FindingState.PENDING, FindingState.OPEN)
        self._holds: set[FindingKey] = {(each.rule_id, each.subject) for each in findings if each.state in held}
        self._holds |= judgments.also_when
        self._eldest = self._eldest_by_name(findings)

    def targets(self, finding: Finding) -> tuple[ItemId, ...]:
        """Return the items a finding is told on, sorted; of an item that is told on others, never none."""
        if finding.rule.told_on is ToldOn.TRACKED_IN:
            target = self._tracked.target(finding.subject)
            return () if target is None else (target,)
        if finding.subject.about not in _OF_ITEMS:
            return ()
        subject = finding.subject.id
        if finding.rule.told_on is ToldOn.BLOCKER:
            return tuple(sorted(set(filter(self._may_tell, finding.causes)))) or (subject,)
        if finding.rule.told_on is ToldOn.EDGE:
            return self._edge(finding.subject)
        target = self._upmost(finding)
        eldest = (self._eldest.get((finding.rule_id, name), target) for name in self._missing(finding))
        return tuple(sorted(set(eldest))) or (target,)

    def _upmost(self, finding: Finding) -> ItemId:
        return self._topmost(finding) if finding.rule.told_on is ToldOn.TOPMOST else finding.subject.id

    def _topmost(self, finding: Finding) -> ItemId:
        """Return the farthest open ancestor for which the rule's ``when`` holds too, else the subject."""
        ancestors = map(self._world.item, self._world.ancestors(finding.subject.id))
        held = {item.id: item for item in ancestors if item is not None and self._speaks_for(finding.rule_id, item)}
        tops = [item for item in held.values() if held.keys().isdisjoint(self._world.ancestors(item.id))]
        # Parents in a ring are all below one another.
        return min(tops or held.values(), key=by_key).id if held else finding.subject.id

    def _speaks_for(self, rule_id: str, ancestor: Item) -> bool:
        is_open = ancestor.status_category is not StatusCategory.DONE
        holds = (rule_id, Subject(About.ITEM.value, ancestor.id)) in self._holds
        return is_open and holds and self._may_tell(ancestor.id)

    def _edge(self, ring: Subject) -> tuple[ItemId, ...]:
        """Return both ends of the link to cut in a ring, as far as they may be annotated; where neither may be, the
        ring's item with the smallest key that may.
        """
        ends = tuple(sorted(filter(self._may_tell, cuts_of(self._world).ends(ring))))
        members = [item for item in map(self._world.item, self._world.ring(ring)) if item is not None]
        others = [item.id for item in sorted(members, key=by_key)]
        return ends or (next(filter(self._may_tell, (ring.id, *others)), ring.id),)

    def _missing(self, finding: Finding) -> tuple[str, ...]:
        is_elsewhere = finding.rule.told_on is ToldOn.TRACKED_IN
        if is_elsewhere or BROKEN not in finding.evidence or finding.subject.id not in self._world.items:
            return ()
        return tracing_of(self._world).missing(finding.subject.id)

    def _eldest_by_name(self, findings: Iterable[Finding]) -> dict[tuple[str, str], ItemId]:
        """Return, for each rule and missing thing, the eldest item that tells of it and may be annotated."""
        naming: dict[tuple[str, str], list[Item]] = {}
        for finding in filter(is_live, findings):
            names = self._missing(finding)
            item = self._world.item(self._upmost(finding)) if names else None
            if item is not None and self._may_tell(item.id):
                for name in names:
                    naming.setdefault((finding.rule_id, name), []).append(item)
        return {key: min(items, key=lambda item: (item.created_at, by_key(item))).id for key, items in naming.items()}

    def _may_tell(self, item_id: ItemId) -> bool:
        return may_tell(item_id, self._world, self._team_stages)
