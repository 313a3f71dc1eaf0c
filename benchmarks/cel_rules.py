"""The conditions of benchmarks/evaluate_rules.yaml in CEL, the day of the benchmark written out, days in seconds."""

from datetime import UTC, date, datetime, time


def seconds_of(day: date) -> int:
    """Return when a day begins, in seconds since 1970."""
    return int(datetime.combine(day, time(), tzinfo=UTC).timestamp())


_OPEN = 'status_category != "done" && in_play'
_TODAY = seconds_of(date(2026, 11, 25))
_SOON = seconds_of(date(2026, 12, 9))  # ten working days on
_OVER = seconds_of(date(2026, 11, 23))  # the last day that is over for a working day
_QUIET = seconds_of(date(2026, 10, 29))  # twenty working days back
_LAUNCH = seconds_of(date(2026, 12, 20))
_NEAR = f"{_OPEN} && needed_by != null && needed_by >= {_TODAY} && needed_by <= {_SOON}"

CONDITIONS = {
    "no-outcome": f'{_OPEN} && state == "unlinked"',
    "broken": f'{_OPEN} && state == "broken"',
    "ambiguous": f'{_OPEN} && state == "ambiguous"',
    "inactive": f'{_OPEN} && state in ["inactive", "contradicted"]',
    "blocked": f"{_OPEN} && size(blockers) > 0",
    "blocked-by-others": f'{_OPEN} && blockers.exists(b, b.team != "payments" && b.state == "unlinked")',
    "many-blockers": f"{_OPEN} && size(blockers.filter(b, b.expected_at == null)) >= 2",
    "late-blocker": f"{_NEAR} && blockers.exists(b, b.expected_at != null && b.expected_at > {_LAUNCH})",
    "due-soon": f"{_NEAR} && size(assignees) == 0",
    "overdue": f"{_OPEN} && needed_by != null && needed_by <= {_OVER}",
    "quiet": f'{_OPEN} && activity_at < {_QUIET} && kind != "epic"',
    "no-estimate": f'{_OPEN} && estimate == null && kind in ["feature", "bug"] && state == "traced"',
    "too-large": f'{_OPEN} && estimate != null && estimate > 13 && kind != "epic"',
    "stale-next": f'{_OPEN} && needed_by == null && ("launch" in labels || priority == "Highest")',
    "incident-no-owner": f'{_OPEN} && kind == "incident" && size(assignees) == 0',
    "debt-in-launch": f'{_OPEN} && kind == "debt" && labels.exists(l, l.startsWith("launch"))',
    "long-title": f'{_OPEN} && title.matches("(?i)^(wip|tbd|todo)\\\\b")',
    "closed-soon": 'status_category == "done" && kind == "epic" && !blockers.exists(b, b.team == "payments") '
    '&& state == "broken"',
    "two-outcomes": f"{_OPEN} && size(outcomes) >= 3",
    "parked": f'{_OPEN} && blockers.exists(b, b.state == "inactive" || (b.expected_at != null && b.expected_at >= '
    f'{_TODAY})) && !("parked" in labels) && estimate != null && estimate >= 1 && estimate <= 5',
}
