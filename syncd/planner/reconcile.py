"""The function to read first: from what was judged to what is remembered and what is to be written."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from rules.engine import Judgments
from rules.language.matchers import earliest
from syncd.model.changes import Ownership, Plan
from syncd.model.findings import Finding
from syncd.model.identity import ItemId
from syncd.model.items import StatusCategory
from syncd.planner.desire import desire
from syncd.planner.diff import diff
from syncd.planner.findings import settle
from syncd.planner.leads import Lead, leads
from syncd.planner.limits import Waiting, admit
from syncd.planner.observed import look
from syncd.planner.plan import plan_of
from syncd.planner.refused import Refused
from syncd.planner.telling import tell_once
from syncd.planner.terms import FindingKey, Memory, Policy

if TYPE_CHECKING:
    from rules.world import World

__all__ = ["Memory", "Policy", "Reconciled", "Waiting", "reconcile"]


class Reconciled(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one pass.

    ``ownership`` are the items where it is not what was remembered. ``to_observe`` look annotated by us though nothing
    is known of it: they are written only after they have been looked at. ``next_due``: when time alone would change
    something.
    """

    findings: tuple[Finding, ...]
    ownership: tuple[Ownership, ...]
    plan: Plan
    waiting: tuple[Waiting, ...] = ()
    to_observe: tuple[ItemId, ...] = ()
    next_due: datetime | None = None
    leads: tuple[Lead, ...] = ()

    @property
    def told(self) -> Mapping[FindingKey, tuple[ItemId, ...]]:
        """Return where each finding is told."""
        return {(finding.rule_id, finding.subject): finding.told for finding in self.findings if finding.told}


def reconcile(judgments: Judgments, world: "World", memory: Memory, policy: Policy, now: datetime) -> Reconciled:
    """Return what to remember, and the changes that would bring every tracker up to date."""
    settled = settle(judgments, world, memory.findings, now, policy.calendar)
    findings = tell_once(settled.findings, judgments, world, policy.team_stages)
    observed = look(findings, world, memory, policy, now)
    desired = desire(findings, world, observed, policy)
    difference = diff(desired, observed, Refused(memory.refusals), policy, now)
    admitted = admit(difference.units, policy.limits, memory.recent_writes, _open_item_count(world), now)
    return Reconciled(
        findings=findings,
        ownership=observed.changed,
        plan=plan_of(admitted.changes),
        waiting=(*difference.waiting, *admitted.waiting),
        to_observe=observed.to_observe,
        next_due=earliest([settled.next_due, difference.next_due]),
        leads=leads(findings, world),
    )


def _open_item_count(world: "World") -> int:
    items = world.items.values()
    return sum(not item.is_change and item.status_category is not StatusCategory.DONE for item in items)
