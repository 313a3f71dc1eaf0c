"""A plan and what became of it, as lines for a terminal or as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from syncd.cli.text import counted, line_text, plain
from syncd.model.changes import Action, Change, Fate, Result
from syncd.model.comments import Comment, Heading
from syncd.model.findings import Finding, FindingState
from syncd.model.items import Stage

if TYPE_CHECKING:
    from syncd.daemon.apply import Applied
    from syncd.daemon.reconcile import Charter, Judged
    from syncd.planner.leads import Lead
    from syncd.planner.limits import Waiting
    from syncd.planner.overview import Overview
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


def plan_lines(judged: "Judged", charter: "Charter", stage: Stage, now: datetime, shown: int = SHOWN) -> Iterator[str]:
    """Yield the findings, what would resolve most of them, the changes of a plan, and what the next stage would add."""
    from syncd.daemon.reconcile import policy_of
    from syncd.planner.overview import overview

    reconciled = judged.reconciled
    policy = policy_of(charter, stage)
    seen = overview(judged.world, charter.rules, reconciled.findings, reconciled.plan.changes, policy, now)
    yield from _overview_lines(seen)
    yield from _finding_lines(reconciled, seen)
    yield from _left_out_lines(seen)
    yield from _lead_lines(judged)
    yield from _told_lines(seen)
    yield from _change_lines(judged, stage, shown)
    yield from _waiting_lines(reconciled.waiting)
    yield from _next_stage_lines(judged, charter, stage, now)


def _overview_lines(seen: "Overview") -> Iterator[str]:
    unknown = f", and of {seen.unknown_count:,} it is not known" if seen.unknown_count else ""
    yield f"{counted(seen.open_count, 'open item')}: {seen.in_play_count:,} in play{unknown}."


def _left_out_lines(seen: "Overview") -> Iterator[str]:
    for each in seen.left_out:
        what = f"{counted(each.item_count, 'open item')}, {counted(each.finding_count, 'finding')}"
        yield f"{each.name} is off: {what}, read and counted, never annotated."


def _told_lines(seen: "Overview") -> Iterator[str]:
    if not seen.told_to:
        return
    yield ""
    yield "Who would be told:"
    for each in seen.told_to:
        what = (
            counted(each.item_count, "item"),
            counted(each.label_count, "label"),
            counted(each.comment_count, "comment"),
        )
        yield f"  {plain(each.team) or 'no team':20} {', '.join(what)}"


def _next_stage_lines(judged: "Judged", charter: "Charter", stage: Stage, now: datetime) -> Iterator[str]:
    """Yield what each further stage would write."""
    from syncd.daemon.reconcile import at_stage

    steps = []
    for further in (Stage.LABELS, Stage.COMMENT):
        if further > stage:
            changes = at_stage(judged, charter, further, now).plan.changes
            labels = sum(change.action is Action.ADD_LABEL for change in changes)
            comments = sum(change.action is Action.CREATE_COMMENT for change in changes)
            if labels or comments:
                what = [counted(labels, "label"), *([counted(comments, "comment")] if comments else [])]
                steps.append(f"`--stage {further.name.lower()}` would write {' and '.join(what)}")
    if steps:
        yield f"The stage is {stage.name.lower()}. {'; '.join(steps)}."


def _finding_lines(reconciled: "Reconciled", seen: "Overview") -> Iterator[str]:
    from syncd.planner.overview import is_told

    states = (FindingState.OPEN, FindingState.CLEARING)
    open_ones = [finding for finding in reconciled.findings if finding.state in states]
    pending = sum(finding.state is FindingState.PENDING for finding in reconciled.findings)
    told = [finding for finding in open_ones if is_told(finding)]
    apart = [finding for finding in open_ones if not is_told(finding)]
    if not open_ones:
        yield "No findings."
    if told:
        yield f"{counted(len(told), 'finding')} told on {counted(seen.cause_count, 'item')}: {_by_rule(told)}."
    if apart:
        what = f"{len(apart):,} more" if told else counted(len(apart), "finding")
        yield f"{what} in this report alone: {_by_rule(apart)}."
    if pending:
        yield f"{pending:,} more hold, but not for long enough yet to be told."


def _by_rule(findings: Iterable[Finding]) -> str:
    rules = Counter(finding.rule_id for finding in findings)
    return ", ".join(f"{rule} {count:,}" for rule, count in rules.most_common())


def _lead_lines(judged: "Judged") -> Iterator[str]:
    """Yield what to do first: work above many findings, and what many have in common."""
    from syncd.planner.entries import entries

    told = [(lead.finding_count, _lead_text(lead, judged)) for lead in judged.reconciled.leads]
    common = entries(judged.reconciled.findings, judged.world)
    told += [(each.finding_count, f"{each.key} {plain(each.name, 60)}: {each.advice}.") for each in common]
    if not told:
        return
    yield ""
    yield "What would resolve most:"
    for count, text in sorted(told, key=lambda each: -each[0]):
        yield f"  {count:4}  {text}"


def _lead_text(lead: "Lead", judged: "Judged") -> str:
    item = judged.world.item(lead.item)
    title = plain(item.title, 60) if item else ""
    fix = f" {line_text(lead.fix[0])}" if lead.fix else ""
    return f"{lead.key} {title}: {lead.title}.{fix}"


def _change_lines(judged: "Judged", stage: Stage, shown: int) -> Iterator[str]:
    changes = judged.reconciled.plan.changes
    yield ""
    if not changes:
        yield "Nothing to write."
        return
    by_item: dict[str, list[Change]] = {}
    for change in changes:
        by_item.setdefault(change.key, []).append(change)
    amount = f"{counted(len(changes), 'change')} on {counted(len(by_item), 'item')}{_new(changes)}"
    yield f"Plan {judged.reconciled.plan.id}, stage {stage.name.lower()}: {amount}"
    for key, of_item in list(by_item.items())[:shown]:
        item = judged.world.item(of_item[0].target)
        yield f"  {key}  {plain(item.title, 80) if item else ''}"
        yield from (f"      {change_text(change)}" for change in of_item)
    if len(by_item) > shown:
        yield f"  … and {counted(len(by_item) - shown, 'more item', 'more items')}; --json lists them all"


def _new(changes: Sequence[Change]) -> str:
    """Return how many labels and comments are new, where that is worth a word."""
    labels = sum(change.action is Action.ADD_LABEL for change in changes)
    comments = sum(change.action is Action.CREATE_COMMENT for change in changes)
    new = [counted(count, f"new {what}") for count, what in ((labels, "label"), (comments, "comment")) if count]
    return f", {' and '.join(new)}" if len(changes) > 1 and new else ""


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
