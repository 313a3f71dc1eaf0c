"""What is ours on each item now, and what people did to it: a person's hand wins.

Absence counts as removal only in a reading that is newer than our write. One of the very same instant can have been
made just before it, so a tie proves nothing and the next reading decides.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from syncd.model.changes import Observation, ObservedComment, OwnedComment, Ownership, Removed
from syncd.model.findings import Finding, FindingState
from syncd.model.identity import ItemId
from syncd.model.items import Item
from syncd.planner.findings import is_live
from syncd.planner.terms import Memory, Policy

if TYPE_CHECKING:
    from rules.world import World

COMMENT = "comment"
"""How a Removed names our comment; labels have the prefix, so it is none of theirs."""


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """What is ours, by item. ``writable``: the items that may be written now: they are there, readable, none in flight.

    ``spare`` are comments of ours beside the oldest; ``foreign`` the owner of somebody else's mark, by item.
    """

    ownership: dict[ItemId, Ownership]
    writable: frozenset[ItemId]
    changed: tuple[Ownership, ...] = ()
    to_observe: tuple[ItemId, ...] = ()
    spare: dict[ItemId, tuple[ObservedComment, ...]] = {}
    foreign: dict[ItemId, str] = {}

    def of(self, item_id: ItemId) -> Ownership:
        """Return what is ours on an item, perhaps nothing."""
        return self.ownership.get(item_id) or Ownership(item=item_id)


def look(findings: Iterable[Finding], world: "World", memory: Memory, policy: Policy, now: datetime) -> Observed:
    """Compare what we own with what is there now; what can't be read or is on its way stays as it is remembered."""
    findings = tuple(findings)
    concerned = {target for finding in findings for target in (*finding.told, finding.subject.id)}
    marked = {item.id for item in world.items.values() if item.own_labels}
    ids = sorted(concerned | marked | memory.ownership.keys() | memory.observations.keys())
    unseen = [each for each in sorted(marked) if each not in memory.ownership and each not in memory.observations]
    unseen += [each for each in sorted(memory.ownership) if _is_edited_unseen(each, memory)]
    writable = frozenset(each for each in ids if _is_writable(each, world, memory)) - frozenset(unseen)
    lasting = _lasting(findings)
    told = _told_rules(findings)
    ownership = dict(memory.ownership)
    for item_id in sorted(writable):
        item = world.items[item_id]
        looking = _Looking(item, ownership.get(item_id), memory.observations.get(item_id), policy, now)
        after = looking.after(lasting.get(item_id, frozenset()), told.get(item_id, frozenset()))
        if after is not None:
            ownership[item_id] = after
    seen = {each: memory.observations[each] for each in sorted(writable) if each in memory.observations}
    return Observed(
        ownership=ownership,
        writable=writable,
        changed=tuple(own for own in ownership.values() if own != memory.ownership.get(own.item)),
        to_observe=tuple(each for each in unseen if _is_writable(each, world, memory)),
        spare={each: _spare(observation, ownership.get(each), policy) for each, observation in seen.items()},
        foreign={each: owner for each, observation in seen.items() if (owner := _foreign(observation, policy))},
    )


def _is_edited_unseen(item_id: ItemId, memory: Memory) -> bool:
    """Say whether a write found our comment edited and nobody has read since what it says now."""
    comment, observation = memory.ownership[item_id].comment, memory.observations.get(item_id)
    is_read = comment is not None and observation is not None and _is_newer(observation.stamp, comment.written_at)
    return comment is not None and comment.edited and not is_read


def _is_writable(item_id: ItemId, world: "World", memory: Memory) -> bool:
    item = world.item(item_id)
    observation = memory.observations.get(item_id)
    is_there = item is not None and not (observation is not None and observation.gone)
    return item is not None and is_there and item_id not in memory.in_flight and world.is_dark(item.place) is None


def _lasting(findings: Iterable[Finding]) -> dict[ItemId, frozenset[str]]:
    """Return, by item, the rules that have something to tell there or of it."""
    lasting: dict[ItemId, set[str]] = {}
    for finding in findings:
        if finding.state is not FindingState.CLOSED:
            for item_id in (*finding.told, finding.subject.id):
                lasting.setdefault(item_id, set()).add(finding.rule_id)
    return {item_id: frozenset(rules) for item_id, rules in lasting.items()}


def _told_rules(findings: Iterable[Finding]) -> dict[ItemId, frozenset[str]]:
    told: dict[ItemId, set[str]] = {}
    for finding in filter(is_live, findings):
        for item_id in finding.told:
            told.setdefault(item_id, set()).add(finding.rule_id)
    return {item_id: frozenset(rules) for item_id, rules in told.items()}


def _ours(observation: Observation, policy: Policy) -> list[ObservedComment]:
    found = [comment for comment in observation.comments if comment.mark.owner == policy.owner]
    return sorted(found, key=lambda comment: (comment.created_at, comment.comment_id))


def _spare(observation: Observation, own: Ownership | None, policy: Policy) -> tuple[ObservedComment, ...]:
    """Return our comments beside the oldest, if the reading is newer than anything we did there."""
    if own is None or own.comment is None or not _is_newer(observation.stamp, own.written_at):
        return ()
    return tuple(each for each in _ours(observation, policy) if each.comment_id != own.comment.comment_id)


def _foreign(observation: Observation, policy: Policy) -> str:
    owners = {*observation.foreign_owners, *(comment.mark.owner for comment in observation.comments)}
    return min(owners - {policy.owner}, default="")


def _is_newer(seen_at: datetime, written_at: datetime | None) -> bool:
    return written_at is None or seen_at > written_at


class _Looking:
    """One item, as it was read last and as we left it."""

    def __init__(
        self, item: Item, before: Ownership | None, observation: Observation | None, policy: Policy, now: datetime
    ) -> None:
        self._item = item
        self._is_known = before is not None
        self._before = before or Ownership(item=item.id)
        self._observation = observation
        self._policy = policy
        self._now = now

    def after(self, lasting: frozenset[str], told: frozenset[str]) -> Ownership | None:
        """Return what is ours now; None where neither we nor anybody else put anything there.

        ``lasting`` are the rules whose removals still count, ``told`` those that an adopted comment would tell.
        """
        labels, at = self._labels()
        comment, uncommented = self._comment(told)
        kept = tuple(own for own in self._before.labels if own.name.casefold() in labels or own.written_at >= at)
        names = {own.name.casefold() for own in self._before.labels}
        gone = [own.name for own in self._before.labels if own not in kept]
        removed = [*self._before.removed, *uncommented]
        removed += [Removed(name, self._policy.rule_id(name), self._now) for name in gone]
        foreign = self._before.foreign_labels
        if _is_newer(at, self._before.written_at):
            foreign = tuple(sorted(name for folded, name in labels.items() if folded not in names))
        after = replace(
            self._before,
            labels=kept,
            comment=comment,
            removed=tuple(each for each in removed if each.rule_id in lasting),
            foreign_labels=foreign,
        )
        return after if self._is_known or after != self._before else None

    def _labels(self) -> tuple[dict[str, str], datetime]:
        """Return the labels under our prefix, by their name without case, and when they were read."""
        names, at = self._item.own_labels, self._item.updated_at
        if self._observation is not None and self._observation.labels is not None and self._observation.stamp > at:
            names, at = self._observation.labels, self._observation.stamp
        return {name.casefold(): name for name in names}, at

    def _comment(self, told: frozenset[str]) -> tuple[OwnedComment | None, list[Removed]]:
        """Return our comment as it is there, and what a person silenced by deleting it."""
        own, seen = self._before.comment, self._observation
        if seen is None or not _is_newer(seen.stamp, own.written_at if own else self._before.written_at):
            return own, []
        ours = _ours(seen, self._policy)
        if not ours:
            rules = own.rule_ids if own else ()
            return None, [Removed(COMMENT, rule_id, self._now) for rule_id in rules]
        oldest = ours[0]
        if own is None or own.comment_id != oldest.comment_id:
            return _adopted(oldest, own, told), []
        if oldest.body_hash != own.body_hash:
            return replace(own, body_hash=oldest.body_hash, edited=True), []
        return own, []


def _adopted(comment: ObservedComment, own: OwnedComment | None, told: frozenset[str]) -> OwnedComment:
    """Return a comment of ours that the store did not know: the mark says what it meant."""
    return OwnedComment(
        comment_id=comment.comment_id,
        hash=comment.mark.hash,
        body_hash=comment.body_hash,
        written_at=comment.updated_at,
        rule_ids=own.rule_ids if own else tuple(sorted(told)),
        resolved=own.resolved if own else False,
    )
