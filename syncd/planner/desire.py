"""What should be on each item: labels under our prefix, and one comment."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from rules.tracing import tracing_of
from syncd.model.changes import Annotations, OwnedComment, Ownership
from syncd.model.comments import Comment
from syncd.model.findings import Finding, FindingState, Severity, ToldOn
from syncd.model.identity import ItemId
from syncd.model.items import Item, Place, Stage
from syncd.planner.audience import may_be_named
from syncd.planner.comment import RESOLVED, Telling, comment_on
from syncd.planner.findings import is_live
from syncd.planner.observed import COMMENT, Observed
from syncd.planner.readers import Readers, Readership
from syncd.planner.stages import item_stage, stage_of, team_stage
from syncd.planner.terms import Policy
from syncd.planner.topics import advice, topic_of
from syncd.planner.tracked import Tracked

if TYPE_CHECKING:
    from rules.world import World


class Desired(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted on one item. No comment: leave what is there as it is.

    ``may_stay`` are labels that are true but not to be put there now: one that is there is left. ``rule_ids`` are told
    by the comment; ``severities`` are the gravest finding of each rule. ``is_exposed``: our comment that is there tells
    what its readers may not read any more.
    """

    item: Item
    place: Place
    annotations: Annotations = Annotations()
    may_stay: tuple[str, ...] = ()
    rule_ids: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = {}
    is_exposed: bool = False

    @property
    def is_critical(self) -> bool:
        """Say whether the comment tells of something critical."""
        return any(self.severities.get(rule_id) is Severity.CRITICAL for rule_id in self.rule_ids)


def desire(findings: Iterable[Finding], world: "World", observed: Observed, policy: Policy) -> dict[ItemId, Desired]:
    """Return what is wanted on every item that may be written and that we have, or had, something to say on.

    A place, team or workspace at ``report`` or ``off`` is left as it is, whatever is there. Where the stage fell
    further down than what is there, nothing is added, and what is true stays until it is resolved.
    """
    findings = tuple(findings)
    told: dict[ItemId, list[Finding]] = {}
    for finding in filter(is_live, findings):
        for target in finding.told:
            told.setdefault(target, []).append(finding)
    awaited = _awaited(findings, world)
    desired: dict[ItemId, Desired] = {}
    readership = Readership(world)
    for item_id in sorted(observed.writable & (told.keys() | observed.ownership.keys())):
        item = world.items[item_id]
        place = world.place(item.place)
        if place is not None and item_stage(item, world, policy.stage, policy.team_stages) >= Stage.LABELS:
            own = observed.of(item_id)
            if item_id in awaited and item_id not in told and _is_adopted(own.comment):
                continue
            readers = readership.of(item, place)
            stage = team_stage(world.team(item_id), policy.team_stages)
            desired[item_id] = _Wish(readers, told.get(item_id, []), own, policy, stage).desired(world)
    return desired


def _awaited(findings: Iterable[Finding], world: "World") -> set[ItemId]:
    """Return the items on which something may be told that does not hold for long enough yet."""
    awaited: set[ItemId] = set()
    tracked = Tracked(world, lambda _: True)
    for finding in findings:
        if finding.state is FindingState.PENDING:
            if finding.rule.told_on is ToldOn.TRACKED_IN and (target := tracked.target(finding.subject)) is not None:
                awaited.add(target)
            subject = finding.subject.id
            awaited.update((subject, *finding.causes, *(world.ancestors(subject) if subject in world.items else ())))
    return awaited


def _is_adopted(own: OwnedComment | None) -> bool:
    """Say whether a comment is known by its mark alone, as after a lost store: what it tells is not remembered."""
    return own is not None and not own.rule_ids and not own.resolved


class _Wish:
    """One item, what is told on it, and what is ours there."""

    def __init__(
        self, readers: Readers, told: list[Finding], own: Ownership, policy: Policy, team: Stage = Stage.COMMENT
    ) -> None:
        self._readers = readers
        self._item, self._place = readers.item, readers.place
        self._own = own
        self._policy = policy
        self._told = told
        self._removed = {(each.what.casefold(), each.rule_id) for each in own.removed}
        self._stages = {each.rule_id: stage_of(each.rule, readers.place, policy.stage, team) for each in told}
        self._severities: dict[str, Severity] = {}
        for each in told:
            self._severities[each.rule_id] = max(each.severity, self._severities.get(each.rule_id, Severity.INFO))

    def desired(self, world: "World") -> Desired:
        """Return what is wanted on the item."""
        rule_ids = tuple(sorted(rule_id for rule_id in self._stages if self._may_comment(rule_id)))
        comment = self._comment(rule_ids, world)
        if comment is not None and comment.resolved and self._own.comment is not None:
            rule_ids = self._own.comment.rule_ids
        wanted = (rule_id for rule_id in self._stages if self._may_label(rule_id))
        return Desired(
            item=self._item,
            place=self._place,
            annotations=Annotations(labels=self._labels(wanted), comment=comment),
            may_stay=self._labels(self._stages),
            rule_ids=rule_ids,
            severities=self._severities,
            is_exposed=self._own.comment is not None and self._readers.may_no_longer_read(self._own.comment.quoted),
        )

    def _labels(self, rule_ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(map(self._policy.label, rule_ids)))

    def _may_label(self, rule_id: str) -> bool:
        return self._stages[rule_id] >= Stage.LABELS and not self._is_unlabelled(rule_id)

    def _is_unlabelled(self, rule_id: str) -> bool:
        return (self._policy.label(rule_id).casefold(), rule_id) in self._removed

    def _may_comment(self, rule_id: str) -> bool:
        """Say whether a rule may speak in the comment: who took its label away wants no new words either."""
        if self._stages[rule_id] < Stage.COMMENT or (COMMENT, rule_id) in self._removed:
            return False
        return not self._is_unlabelled(rule_id) or _tells(self._own.comment, rule_id)

    def _comment(self, rule_ids: tuple[str, ...], world: "World") -> Comment | None:
        if rule_ids:
            outcomes = [each for each in tracing_of(world).served(self._item.id) if may_be_named(each, self._place)]
            told = [finding for finding in self._told if finding.rule_id in rule_ids]
            tellings = [telling for finding in told if (telling := self._telling(finding, world)) is not None]
            if not tellings:
                # What it is about can't be looked up now: what was told of it stays.
                return None
            return self._readers.comment(comment_on(self._item, tellings, outcomes, self._policy.label))
        own = self._own.comment
        is_over = own is not None and not own.resolved and not self._stages.keys() & set(own.rule_ids)
        return RESOLVED if is_over else None

    def _telling(self, finding: Finding, world: "World") -> Telling | None:
        """Return a finding as it is told to the item's readers; None where its subject is not there."""
        topic = topic_of(finding.subject, world)
        if topic is None:
            return None
        is_heard = self._readers.may_hear_of(finding.subject) or finding.rule.told_on is ToldOn.EDGE
        advised = msgspec.structs.replace(finding, fix=advice(finding, self._place), fix_by_tracker=())
        return Telling(self._readers.heard(advised), topic, is_heard)


def _tells(own: OwnedComment | None, rule_id: str) -> bool:
    return own is not None and not own.resolved and rule_id in own.rule_ids
