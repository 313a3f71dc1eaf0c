"""Runs a case: the very path of a pass, from the World to what is wanted on each item."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from rules.daily import take_snapshot
from rules.engine import Judgments, RuleSet
from rules.scope.taking import due_baselines
from rules.world import World, build_world
from syncd.model.baselines import Baseline
from syncd.model.changes import Observation, ObservedComment, OwnedComment, OwnedLabel, Ownership
from syncd.model.comments import Mark
from syncd.model.findings import About, Finding, Subject
from syncd.model.identity import ItemId
from syncd.planner.desire import Desired, desire
from syncd.planner.findings import settle
from syncd.planner.observed import COMMENT, look
from syncd.planner.telling import tell_once
from syncd.planner.terms import FindingKey, Memory, Policy
from syncd.testing.cases import Case, Step

_TICK = timedelta.resolution


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one step; ``rules`` are those that were judged, ``ownership`` is as if it all had been written."""

    step: Step
    world: World
    rules: RuleSet
    policy: Policy
    judgments: Judgments
    findings: Mapping[FindingKey, Finding]
    desired: Mapping[ItemId, Desired]
    ownership: Mapping[ItemId, Ownership]

    def subject(self, subject: Subject) -> Subject:
        """Return what is judged: of any member of a ring, the ring."""
        ring = self.world.ring(subject) if subject.about == About.DEPENDENCY.value else ()
        return Subject(subject.about, ring[0]) if ring else subject


def run_case(case: Case) -> tuple[Came, ...]:
    """Return what comes of each step of a case; each remembers what the one before left."""
    rules = case.ground.rules.with_rules(case.rules)
    policy = replace(case.ground.policy, calendar=case.calendar)
    memory = Memory()
    found = []
    agreed: dict[Subject, tuple[Baseline, ...]] = {}
    for step in case.steps:
        came = _pass(_with_agreed(step, agreed), rules, policy, _looked_at(memory, step, policy))
        agreed.update(came.world.given.baselines)
        found.append(came)
        memory = Memory(findings=came.findings, ownership=came.ownership)
    return tuple(found)


def _pass(step: Step, rules: RuleSet, policy: Policy, memory: Memory) -> Came:
    world = build_world(step.given)
    world.agree(due_baselines(world, step.now, policy.calendar))
    if step.measured:
        world.keep(step.measured.over(take_snapshot(world, step.now, policy.calendar)))
    judgments = rules.evaluate(world, step.now, calendar=policy.calendar)
    settled = settle(judgments, world, memory.findings, step.now, policy.calendar)
    findings = tell_once(settled.findings, judgments, world, policy.team_stages)
    observed = look(findings, world, memory, policy, step.now)
    desired = desire(findings, world, observed, policy)
    written = {each: _written(wish, observed.of(each), step) for each, wish in desired.items()}
    return Came(
        step=step,
        world=world,
        rules=rules,
        policy=policy,
        judgments=judgments,
        findings={(finding.rule_id, finding.subject): finding for finding in findings},
        desired=desired,
        ownership={**observed.ownership, **written},
    )


def _with_agreed(step: Step, before: Mapping[Subject, tuple[Baseline, ...]]) -> Step:
    """Return a step that knows what was agreed in those before; what the case itself says of it counts."""
    return replace(step, given=replace(step.given, baselines={**before, **step.given.baselines}))


def _written(wish: Desired, before: Ownership, step: Step) -> Ownership:
    """Return what would be ours on an item once all that is wanted there was written."""
    names = {own.name for own in before.labels}
    wanted = {*wish.annotations.labels, *(names & {*wish.may_stay})}
    kept = [own for own in before.labels if own.name in wanted]
    labels = [*kept, *(OwnedLabel(name, step.now) for name in sorted(wanted - names))]
    comment = wish.annotations.comment
    ours = before.comment
    if comment is not None:
        ours = OwnedComment(
            comment_id="1",
            hash=comment.hash,
            body_hash=comment.hash,
            written_at=step.now,
            rule_ids=wish.rule_ids,
            resolved=comment.resolved,
        )
    return replace(before, labels=tuple(labels), comment=ours, written_at=step.now)


def _looked_at(memory: Memory, step: Step, policy: Policy) -> Memory:
    """Return what is remembered, with a look at what is still there of it when the step begins."""
    seen = {each: _observation(own, step, policy) for each, own in memory.ownership.items()}
    return replace(memory, observations=seen)


def _observation(own: Ownership, step: Step, policy: Policy) -> Observation:
    gone = {what for item, what in step.removed if item == own.item}
    comments: tuple[ObservedComment, ...] = ()
    if own.comment is not None and COMMENT not in gone:
        mark = Mark(owner=policy.owner, hash=own.comment.hash)
        at = own.comment.written_at
        comments = (
            ObservedComment(
                comment_id=own.comment.comment_id,
                mark=mark,
                body_hash=own.comment.body_hash,
                created_at=at,
                updated_at=at,
            ),
        )
    labels = tuple(label.name for label in own.labels if policy.rule_id(label.name) not in gone)
    return Observation(item=own.item, stamp=step.now + _TICK, labels=labels, comments=comments)
