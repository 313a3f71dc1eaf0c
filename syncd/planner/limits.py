"""How much one rule may write in any 24 hours; what is over waits for review, and the rest goes on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from syncd.model.changes import Action, Change, RecentWrite
from syncd.model.findings import Severity
from syncd.model.identity import ItemId

WINDOW = timedelta(hours=24)
SMALL = 10
"""So many items a rule may always write on, whatever the share: a third of six items would be two."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule may write in any 24 hours.

    ``changes`` of any kind, ``removals`` of labels, ``new_comments``; ``share`` of the workspace's open items that it
    may write on (0 to 1), but ten items at least.
    """

    changes: int
    share: float
    removals: int
    new_comments: int

    def item_count(self, open_item_count: int) -> int:
        """Return on how many items a rule may write."""
        return max(SMALL, int(self.share * open_item_count))


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """Changes of one item that are sent together or not at all; ``severity`` of what they tell.

    ``is_held_back``: limits count it, and hold it back where it is over them.
    """

    changes: tuple[Change, ...]
    severity: Severity = Severity.INFO
    is_held_back: bool = True


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A change that is not sent until somebody has looked, and why."""

    change: Change
    reason: str


class Admitted(msgspec.Struct, frozen=True, kw_only=True):
    """The changes to send, and those that wait."""

    changes: tuple[Change, ...]
    waiting: tuple[Waiting, ...]


def admit(
    units: Sequence[Unit], limits: Limits, recent: Iterable[RecentWrite], open_item_count: int, now: datetime
) -> Admitted:
    """Let through what the limits allow: what must not stay first, then what is critical, else in the order given."""
    spent = _Spent(limits, limits.item_count(open_item_count))
    for write in recent:
        if write.at > now - WINDOW:
            spent.count(write.rule_id, write.action, write.item)
    changes: list[Change] = []
    waiting: list[Waiting] = []
    for unit in sorted(units, key=lambda each: (each.is_held_back, each.severity is not Severity.CRITICAL)):
        reason = spent.objection(unit) if unit.is_held_back else ""
        if reason:
            waiting += [Waiting(change=change, reason=reason) for change in unit.changes]
            continue
        changes += unit.changes
        for change in unit.changes:
            for rule_id in change.rule_ids:
                spent.count(rule_id, change.action, change.target)
    return Admitted(changes=tuple(changes), waiting=tuple(waiting))


class _Spent:
    """What each rule has written so far."""

    def __init__(self, limits: Limits, item_count: int) -> None:
        self._limits = limits
        self._item_count = item_count
        self._changes: Counter[str] = Counter()
        self._actions: Counter[tuple[str, Action]] = Counter()
        self._items: dict[str, set[ItemId]] = {}

    def count(self, rule_id: str, action: Action, item: ItemId | None) -> None:
        """Count one write of a rule."""
        self._changes[rule_id] += 1
        self._actions[rule_id, action] += 1
        if item is not None:
            self._items.setdefault(rule_id, set()).add(item)

    def objection(self, unit: Unit) -> str:
        """Return why a unit must wait, or nothing."""
        asked = Counter(rule_id for change in unit.changes for rule_id in change.rule_ids)
        actions = Counter((rule_id, change.action) for change in unit.changes for rule_id in change.rule_ids)
        return next(
            filter(None, (self._rule_objection(rule_id, unit, asked, actions) for rule_id in sorted(asked))), ""
        )

    def _rule_objection(
        self, rule_id: str, unit: Unit, asked: Counter[str], actions: Counter[tuple[str, Action]]
    ) -> str:
        def total(action: Action) -> int:
            # What is not asked for is not over: a rule at its limit of comments may still take labels away.
            wanted = actions[rule_id, action]
            return self._actions[rule_id, action] + wanted if wanted else 0

        items = self._items.get(rule_id, set()) | {change.target for change in unit.changes}
        counted = (
            (total(Action.CREATE_COMMENT), self._limits.new_comments, "new comments"),
            (total(Action.REMOVE_LABEL), self._limits.removals, "removals"),
            (self._changes[rule_id] + asked[rule_id], self._limits.changes, "changes"),
            (len(items), self._item_count, "items"),
        )
        over = next((f"{limit} {what}" for count, limit, what in counted if count > limit), "")
        return f"over the limit of {over} in 24 hours for the rule {rule_id}" if over else ""
