"""What is wanted against what is there: the changes that make up the difference."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from syncd.model.changes import Action, Change, OwnedComment
from syncd.model.comments import Comment, Mark
from syncd.model.findings import Severity
from syncd.model.identity import ItemId
from syncd.planner.comment import WITHDRAWN
from syncd.planner.desire import Desired
from syncd.planner.keys import by_key
from syncd.planner.limits import Unit, Waiting
from syncd.planner.observed import Observed
from syncd.planner.refused import Refused
from syncd.planner.terms import Policy

QUIET = timedelta(hours=24)
"""A comment is rewritten at most so often, unless it answers somebody or tells of something critical."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Units by item key; what must not be written now; and when a quiet time ends."""

    units: tuple[Unit, ...]
    waiting: tuple[Waiting, ...] = ()
    next_due: datetime | None = None


def diff(
    desired: Mapping[ItemId, Desired], observed: Observed, refused: Refused, policy: Policy, now: datetime
) -> Difference:
    """Return the changes that would turn what is there into what is desired, and touch nothing that is not ours."""
    units: list[Unit] = []
    waiting: list[Waiting] = []
    dues: list[datetime] = []
    for wish in sorted(desired.values(), key=lambda each: by_key(each.item)):
        differing = _Differing(wish, observed, refused, policy, now)
        found = list(differing.units())
        owner = observed.foreign.get(wish.item.id)
        if owner:
            reason = f"'{owner}' writes here under the same prefix; one prefix has one owner"
            waiting += [Waiting(change=change, reason=reason) for unit in found for change in unit.changes]
            continue
        for unit in found:
            rests = {each: until for each in unit.changes if (until := refused.rests_until(each)) and until > now}
            waiting += [Waiting(change=change, reason=refused.reason(change)) for change in rests]
            dues += rests.values()
            if going := tuple(change for change in unit.changes if change not in rests):
                units.append(replace(unit, changes=going))
        due = differing.due_at()
        if due is not None:
            dues.append(due)
    return Difference(units=tuple(units), waiting=tuple(waiting), next_due=min(dues, default=None))


class _Differing:
    """One item: what is wanted, what is there."""

    def __init__(self, wish: Desired, observed: Observed, refused: Refused, policy: Policy, now: datetime) -> None:
        self._wish = wish
        self._refused = refused
        self._own = observed.of(wish.item.id)
        self._spare = observed.spare.get(wish.item.id, ())
        self._policy = policy
        self._now = now

    def units(self) -> Iterator[Unit]:
        """Yield what goes together: what is said anew with its comment; each thing that is taken away alone."""
        said = (*self._added_labels(), *self._comment_changes())
        if said:
            rule_ids = {rule_id for change in said for rule_id in change.rule_ids}
            found = (self._wish.severities.get(rule_id, Severity.INFO) for rule_id in rule_ids)
            yield Unit(changes=said, severity=max(found, default=Severity.INFO))
        for label in self._own.labels:
            if label.name.casefold() not in _folded(self._wish.may_stay):
                yield Unit(changes=(self._labelled(Action.REMOVE_LABEL, label.name),))
        if self._own.comment is not None and self._wish.is_exposed:
            yield Unit(changes=(self._withdrawn(self._own.comment),), is_held_back=False)
        for comment in self._spare:
            yield Unit(changes=(self._deleted(comment.comment_id, comment.body_hash),))

    def due_at(self) -> datetime | None:
        """Return when a comment that is out of date may be rewritten, if that is not now."""
        own = self._own.comment
        if self._wish.is_exposed and self._wish.annotations.comment is not None:
            return self._now
        return own.written_at + QUIET if own is not None and self._is_stale(own) and self._is_quiet(own) else None

    def _added_labels(self) -> list[Change]:
        there = _folded(own.name for own in self._own.labels) | _folded(self._own.foreign_labels)
        wanted = self._wish.annotations.labels
        return [self._labelled(Action.ADD_LABEL, name) for name in wanted if name.casefold() not in there]

    def _comment_changes(self) -> list[Change]:
        own, wanted = self._own.comment, self._wish.annotations.comment
        if wanted is None or self._wish.is_exposed:
            return []
        if own is not None and (not self._is_stale(own) or self._is_quiet(own)):
            return []
        return [self._written(wanted, self._wish.rule_ids)]

    def _written(self, wanted: Comment, rule_ids: tuple[str, ...]) -> Change:
        own = self._own.comment
        change = self._change(Action.CREATE_COMMENT if own is None else Action.EDIT_COMMENT, rule_ids)
        mark = Mark(owner=self._policy.owner, hash=wanted.hash)
        before_id, before_hash = (own.comment_id, own.body_hash) if own else ("", "")
        return replace(change, comment=wanted, mark=mark, comment_id=before_id, before_hash=before_hash)

    def _withdrawn(self, own: OwnedComment) -> Change:
        """Return what takes back a comment that tells too much: trackers show the earlier words of an edited one.

        Not everybody may delete what they wrote. What has to stay then says at least nothing any more.
        """
        deletion = self._deleted(own.comment_id, own.body_hash)
        if self._refused.rests_until(deletion) is None:
            return deletion
        wanted = self._wish.annotations.comment
        return self._written(wanted or WITHDRAWN, self._wish.rule_ids if wanted else own.rule_ids)

    def _is_stale(self, own: OwnedComment) -> bool:
        """Say whether our comment should be rewritten; one that a person edited, only for news."""
        wanted = self._wish.annotations.comment
        if wanted is None or wanted.hash == own.hash:
            return False
        return not own.edited or self._has_news(own)

    def _has_news(self, own: OwnedComment) -> bool:
        """Say whether findings came or went since our comment was written: then it answers somebody."""
        wanted = self._wish.annotations.comment
        is_resolved = wanted is not None and wanted.resolved
        return is_resolved != own.resolved or set(self._wish.rule_ids) != set(own.rule_ids)

    def _is_quiet(self, own: OwnedComment) -> bool:
        is_urgent = self._has_news(own) or self._wish.is_critical
        return not is_urgent and self._now < own.written_at + QUIET

    def _change(self, action: Action, rule_ids: tuple[str, ...]) -> Change:
        item = self._wish.item
        return Change(target=item.id, key=item.key, place=item.place, action=action, rule_ids=rule_ids)

    def _labelled(self, action: Action, name: str) -> Change:
        return replace(self._change(action, (self._policy.rule_id(name),)), label=name)

    def _deleted(self, comment_id: str, body_hash: str) -> Change:
        change = self._change(Action.DELETE_COMMENT, self._own.comment.rule_ids if self._own.comment else ())
        return replace(change, comment_id=comment_id, before_hash=body_hash)


def _folded(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}
