"""Lines of `syncd baseline` for a terminal, and the same as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from rules.facts.fact import FactContext
from rules.scope.holding import baselines_of
from rules.scope.taking import SETTLING, beginning_of, is_begun
from syncd.cli.baseline_diff import ChangedItem, Diff
from syncd.cli.text import counted, day, line_text, plain
from syncd.model.baselines import Baseline, Confidence
from syncd.model.findings import Subject
from syncd.planner.topics import name_of

_HOW = {
    Confidence.STATED: "a person said so",
    Confidence.OBSERVED: "as it was then",
    Confidence.RECONSTRUCTED: "as histories tell",
    Confidence.DATED: "of a part only when it was created is known",
}
_TITLE = 60


def as_json_text(found: object) -> str:
    """Return what was found as JSON."""
    return msgspec.json.format(msgspec.json.encode(found)).decode()


def taken_line(context: FactContext, taken: Baseline) -> str:
    """Return what taking a baseline means; the World does not have it yet."""
    before = baselines_of(context.world, taken.of)
    line = f"{_name(context, taken.of)}: {_agreed(taken)}"
    return f"{line}. Before, {_agreed(before[-1])}." if before else f"{line}."


def listed_lines(context: FactContext, newest: Iterable[Baseline]) -> Iterator[str]:
    """Yield a line for each subject."""
    named = ((_name(context, each.of), each) for each in newest)
    rows = sorted(named, key=lambda row: (row[0], str(row[1].of)))
    width = min(max((len(name) for name, _ in rows), default=0), _TITLE)
    for name, each in rows:
        yield f"{plain(name, _TITLE):{width}}  {_agreed(each)}"


def whole_lines(context: FactContext, taken: Sequence[Baseline]) -> Iterator[str]:
    """Yield each baseline of a subject with its items."""
    for position, each in enumerate(taken):
        if not position or taken[position - 1].of != each.of:
            yield _name(context, each.of)
        yield f"  {_agreed(each)}"
        for member in each.members:
            size = "" if member.estimate is None else f"  {member.estimate:g}"
            note = "" if member.is_counted else "  (its children are counted)"
            yield f"    {plain(member.key)}{f'  {plain(member.team)}' if member.team else ''}{size}{note}"


def lacking_line(context: FactContext, subject: Subject) -> str:
    """Return why a subject has no baseline."""
    name = _name(context, subject)
    began = beginning_of(context, subject) if is_begun(context, subject) else None
    if began is None:
        return (
            f"{name}: nothing was agreed; it has not begun, or is over. `syncd baseline take` agrees on what it holds."
        )
    due = context.calendar.after(began.at, SETTLING)
    if due > context.now:
        return f"{name}: forming; it began on {day(began.at)}, and what it holds on {day(due)} will be agreed."
    return f"{name}: it began on {day(began.at)}; the next pass that can read all of it takes its baseline."


def diff_lines(found: Diff) -> Iterator[str]:
    """Yield what became of a subject."""
    yield found.name
    because = f", {_because(found.by, found.reason)}" if found.reason else ""
    how = _HOW[Confidence(found.confidence)]
    yield f"  agreed  {counted(found.baseline_count, 'item')} on {day(found.baseline_at)} ({how}{because})"
    yield f"  now     {_now(found)}"
    if found.estimate_growth is not None:
        yield f"  in estimates {_share(found.estimate_growth)}"
    if found.added:
        yield f"  added   {', '.join(found.causes)}"
    for each in sorted(found.added, key=lambda one: (one.added_at is None, one.added_at or found.baseline_at)):
        moved = f", from {plain(each.moved_from)}" if each.moved_from else ""
        yield f"    {_on(each.added_at)}  {_item(each.key, each.title)}"
        yield f"                {each.cause}: {plain(each.evidence)}{moved}"
    if found.removed:
        yield "  removed"
    for gone in found.removed:
        by = f" by {plain(gone.removed_by)}" if gone.removed_by else ""
        yield f"    {_on(gone.removed_at)}  {_item(gone.key, gone.title)}  ({gone.why.replace('_', ' ')}{by})"
    yield from _changed("re-estimated", found.re_estimated)
    yield from _changed("rewritten after its work began", found.rewritten)
    for name, reason in found.unknown.items():
        yield f"  not known of {name.replace('_', ' ')}: {plain(reason)}"


def _changed(heading: str, changed: Sequence[ChangedItem]) -> Iterator[str]:
    if changed:
        yield f"  {heading}"
    for each in changed:
        if each.share is not None:
            yield f"    {_percent(each.share):>10}  {_item(each.key, each.title)}"
        else:
            yield f"    {_size(each.before)} → {_size(each.after)}  {_item(each.key, each.title)}"


def _now(found: Diff) -> str:
    larger = sum((each.after or 0) > each.before for each in found.re_estimated if each.before is not None)
    added, removed = f"{len(found.added)} added", f"{len(found.removed)} removed"
    grew = "growth can't be said" if found.growth is None else f"growth {_share(found.growth)}"
    count = "not known" if found.item_count is None else counted(found.item_count, "item")
    return f"{count}: {added}, {larger} larger, {removed}; {grew}"


def _agreed(baseline: Baseline) -> str:
    because = f", {_because(baseline.by, baseline.reason)}" if baseline.reason else ""
    count = counted(len(baseline.counted), "item")
    return f"{count} agreed on {day(baseline.at)} ({_HOW[baseline.confidence]}{because})"


def _because(by: str, reason: str) -> str:
    return f"{plain(by)}: {plain(reason)}" if by else plain(reason)


def _name(context: FactContext, subject: Subject) -> str:
    return line_text(name_of(subject, context.world))


def _item(key: str, title: str) -> str:
    return f"{plain(key)}  {plain(title, _TITLE)}"


def _on(at: datetime | None) -> str:
    return day(at) if at is not None else "some day  "


def _size(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _share(growth: float) -> str:
    return f"{100 * growth:+.0f} %"
