"""What an edit of the configuration changes, worked out before it takes effect."""

from collections import Counter
from datetime import datetime

import msgspec

from rules.engine import Judgments, RuleSet
from rules.world import World
from syncd.daemon.reconcile import Charter, world_of
from syncd.store import WorkspaceStore

NAMED = 10
"""So many rules are named in a log line."""


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """How many findings begin and end by an edit, by rule; ``edited_rules`` are those whose meaning changed.

    ``is_wide``: the roadmap or the trackers changed too, so every rule was judged again.
    """

    added: Counter[str]
    resolved: Counter[str]
    edited_rules: tuple[str, ...]
    is_wide: bool

    @property
    def told(self) -> dict[str, object]:
        """Return it as the data of a log line."""
        changed = Counter(self.added)
        changed.update(self.resolved)
        rules = {name: f"+{self.added[name]} -{self.resolved[name]}" for name, _ in changed.most_common(NAMED)}
        return {
            "findings_added": self.added.total(),
            "findings_resolved": self.resolved.total(),
            "rules": rules,
            "edited_rules": len(self.edited_rules),
        }


def edit_of(before: Charter, after: Charter, store: WorkspaceStore, now: datetime) -> Edit:
    """Return what an edited charter changes about what is in the store; only what was edited is judged."""
    edited = _edited(before.rules, after.rules)
    is_wide = before.map_version != after.map_version
    old, new = before.rules, after.rules
    if not is_wide:
        old, new = old.with_rules(edited), new.with_rules(edited)
    world = world_of(after, store)
    was = _holding(old, world_of(before, store) if is_wide else world, now, before)
    will = _holding(new, world, now, after)
    return Edit(
        added=Counter(rule_id for rule_id, _ in will - was),
        resolved=Counter(rule_id for rule_id, _ in was - will),
        edited_rules=tuple(sorted(edited)),
        is_wide=is_wide,
    )


def _edited(before: RuleSet, after: RuleSet) -> set[str]:
    was, will = (
        {rule.terms.id: (rule.terms.version, rule.terms.stage) for rule in rules.rules} for rules in (before, after)
    )
    return {rule_id for rule_id in was.keys() | will.keys() if was.get(rule_id) != will.get(rule_id)}


def _holding(rules: RuleSet, world: World, now: datetime, charter: Charter) -> set[tuple[str, object]]:
    judgments: Judgments = rules.evaluate(world, now, calendar=charter.calendar)
    return {(judgment.rule.id, judgment.subject) for judgment in judgments.holding}
