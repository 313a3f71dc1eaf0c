"""What an edit of the configuration changes, worked out before it takes effect."""

from datetime import datetime

from rules.preview import Preview, preview
from syncd.daemon.reconcile import Charter, world_of
from syncd.store import WorkspaceStore

NAMED = 10
"""So many rules are named in a log line."""


def edit_of(before: Charter, after: Charter, store: WorkspaceStore, now: datetime) -> Preview:
    """Return what an edited charter changes about what is in the store; only what was edited is judged."""
    is_wide = before.map_version != after.map_version
    old_world = world_of(before, store) if is_wide else None
    old_calendar = before.calendar if before.calendar != after.calendar else None
    return preview(
        before.rules,
        after.rules,
        world_of(after, store, old_world),
        now,
        after.calendar,
        old_world=old_world,
        old_calendar=old_calendar,
    )


def told_of(edit: Preview) -> dict[str, object]:
    """Return an edit as the data of a log line."""
    differing = [rule for rule in edit.rules if rule.added_count or rule.resolved_count or rule.changed_count]
    differing.sort(key=lambda rule: (-rule.added_count - rule.resolved_count, rule.rule_id))
    return {
        "findings_added": edit.added_count,
        "findings_resolved": edit.resolved_count,
        "judged_rules": len(edit.rules),
        "rules": {rule.rule_id: f"+{rule.added_count} -{rule.resolved_count}" for rule in differing[:NAMED]},
    }
