"""A plan and what became of it, as lines for a terminal or as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from syncd.cli.text import counted, line_text, plain
from syncd.model.changes import Action, Change, Fate, Result
from syncd.model.comments import Comment, Heading
from syncd.model.findings import FindingState
from syncd.model.items import Stage

if TYPE_CHECKING:
    from syncd.daemon.apply import Applied
    from syncd.daemon.reconcile import Judged
    from syncd.planner.limits import Waiting
    from syncd.planner.reconcile import Reconciled

SHOWN = 40
"""So many items of a plan are shown; --json has them all."""

_SIGNS = {
    Action.ADD_LABEL: "+ label  ",
    Action.REMOVE_LABEL: "- label  ",
    Action.CREATE_COMMENT: "+ comment",
    Action.EDIT_COMMENT: "~ comment",
    Action.DELETE_COMMENT: "- comment",
}


def plan_lines(judged: "Judged", stage: Stage, shown: int = SHOWN) -> Iterator[str]:
    """Yield the findings, what would resolve most of them, and the changes of a plan."""
    reconciled = judged.reconciled
    yield from _finding_lines(reconciled)
    yield from _lead_lines(judged)
    yield from _change_lines(judged, stage, shown)
    yield from _waiting_lines(reconciled.waiting)


def _finding_lines(reconciled: "Reconciled") -> Iterator[str]:
    states = (FindingState.OPEN, FindingState.CLEARING)
    open_ones = [finding for finding in reconciled.findings if finding.state in states]
    pending = sum(finding.state is FindingState.PENDING for finding in reconciled.findings)
    rules = Counter(finding.rule_id for finding in open_ones)
    if not open_ones:
        yield "No findings."
    else:
        told = ", ".join(f"{rule} {count:,}" for rule, count in rules.most_common())
        yield f"{counted(len(open_ones), 'finding')}: {told}."
    if pending:
        yield f"{pending:,} more hold, but not for long enough yet to be told."


def _lead_lines(judged: "Judged") -> Iterator[str]:
    if not judged.reconciled.leads:
        return
    yield ""
    yield "What would resolve most:"
    for lead in judged.reconciled.leads:
        item = judged.world.item(lead.item)
        title = plain(item.title, 60) if item else ""
        fix = f" {line_text(lead.fix[0])}" if lead.fix else ""
        yield f"  {lead.finding_count:4}  {lead.key} {title}: {lead.title}.{fix}"


def _change_lines(judged: "Judged", stage: Stage, shown: int) -> Iterator[str]:
    changes = judged.reconciled.plan.changes
    yield ""
    if not changes:
        yield "Nothing to write." + _why_nothing(judged, stage)
        return
    by_item: dict[str, list[Change]] = {}
    for change in changes:
        by_item.setdefault(change.key, []).append(change)
    amount = f"{counted(len(changes), 'change')} on {counted(len(by_item), 'item')}"
    yield f"Plan {judged.reconciled.plan.id}, stage {stage.name.lower()}: {amount}"
    for key, of_item in list(by_item.items())[:shown]:
        item = judged.world.item(of_item[0].target)
        yield f"  {key}  {plain(item.title, 80) if item else ''}"
        yield from (f"      {change_text(change)}" for change in of_item)
    if len(by_item) > shown:
        yield f"  … and {counted(len(by_item) - shown, 'more item', 'more items')}; --json lists them all"


def _why_nothing(judged: "Judged", stage: Stage) -> str:
    is_open = any(finding.state is FindingState.OPEN for finding in judged.reconciled.findings)
    if stage < Stage.LABELS and is_open:
        return f" The stage is {stage.name.lower()}: `--stage comment` shows what would be written."
    return ""


def _waiting_lines(waiting: "Iterable[Waiting]") -> Iterator[str]:
    reasons = Counter(each.reason for each in waiting)
    for reason, count in sorted(reasons.items()):
        yield f"{counted(count, 'change')} {'waits' if count == 1 else 'wait'}: {reason}"


def change_text(change: Change) -> str:
    """Return a change in one line: its verb, and the label or what the comment is about."""
    what = change.label or (_headings(change.comment) if change.comment else "")
    return f"{_SIGNS[change.action]}  {what}".rstrip()


def _headings(comment: Comment) -> str:
    if comment.resolved:
        return "resolved"
    return "; ".join(line_text(block.line) for block in comment.blocks if isinstance(block, Heading))


def applied_lines(applied: "Applied") -> Iterator[str]:
    """Yield what became of a plan: counts, then every change that was not made, with its reason."""
    if not applied.results:
        return
    counts = ", ".join(f"{counted(count, 'change')} {fate.value}" for fate, count in applied.counts.most_common())
    yield f"{counts[:1].upper()}{counts[1:]}."
    for result in applied.results:
        if result.fate is not Fate.APPLIED:
            yield f"  {result.change.key}  {change_text(result.change)}  {_fate_text(result)}"
    if applied.stopped:
        yield "Stopped before the end; the next `syncd apply` does the rest."


def _fate_text(result: Result) -> str:
    until = f" until {result.until:%Y-%m-%d %H:%M} UTC" if result.until else ""
    detail = f": {plain(result.detail, 200)}" if result.detail else ""
    return f"{result.fate.value}{until}{detail}"


def json_of_plan(reconciled: "Reconciled") -> str:
    """Return the plan as JSON: its id, the changes, and what waits."""
    document = {
        "plan": reconciled.plan.id,
        "changes": [_row(change) for change in reconciled.plan.changes],
        "waiting": [{**_row(each.change), "reason": each.reason} for each in reconciled.waiting],
    }
    return msgspec.json.format(msgspec.json.encode(document)).decode()


def _row(change: Change) -> dict[str, object]:
    row: dict[str, object] = {
        "item": str(change.target),
        "key": change.key,
        "action": change.action.value,
        "rules": change.rule_ids,
    }
    if change.label:
        row["label"] = change.label
    if change.comment is not None:
        row["comment"] = change.comment
    return row
