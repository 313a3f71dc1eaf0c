"""Lines of `syncd explain` for a terminal: facts, rules, what is ours on an item and was written, one rule in full."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from syncd.cli.text import day, line_text, minute, plain
from syncd.model.comments import Reference
from syncd.model.findings import Evidence
from syncd.model.identity import ItemId
from syncd.model.truth import Truth

if TYPE_CHECKING:
    from syncd.model.changes import Ownership
    from syncd.planner.silence import Explained
    from syncd.planner.why import Why
    from syncd.store import LedgerEntry

_NAMED = 10
"""So many keys are named, and the rest counted."""


def fact_lines(facts: Iterable[Evidence]) -> Iterator[str]:
    """Yield facts, a line each."""
    shown = list(facts)
    width = max((len(fact.fact) for fact in shown), default=0)
    yield from (f"  {fact.fact:{width}}  {line_text(fact.value)}" for fact in shown)


def rule_lines(rules: "Iterable[Explained]", here: ItemId | None) -> Iterator[str]:
    """Yield every rule with what it says, those that hold first; ``here`` is the item that is asked about."""
    from rules.engine import Answer

    yield ""
    shown = list(rules)
    width = max((len(rule.rule.id) for rule in shown), default=0)
    order = [Answer.HOLDS, Answer.UNKNOWN, Answer.NOT, Answer.NOT_APPLIED, Answer.OFF]
    for rule in sorted(shown, key=lambda each: order.index(each.answer)):
        answer = f"{rule.answer.value}{f': {rule.reason}' if rule.reason else ''}"
        yield f"  {rule.rule.id:{width}}  {answer}  ({rule.rule.file}, version {rule.rule.version})"
        yield from (f"    {line}" for line in _details(rule, here))


def _details(rule: "Explained", here: ItemId | None) -> Iterator[str]:
    if rule.evidence:
        yield "; ".join(f"{each.fact} {line_text(each.value)}" for each in rule.evidence)
    if rule.state is not None and rule.since is not None:
        yield f"{rule.state.value} since {day(rule.since)}, {rule.severity}"
    if elsewhere := [each for each in rule.told if each.item != here]:
        yield f"told on {keys(elsewhere)}"
    yield from dict.fromkeys(f"silent: {quiet.why.value} ({quiet.detail})" for quiet in rule.quiet)


def keys(references: Sequence[Reference]) -> str:
    """Return the keys of items, the first few of many."""
    shown = ", ".join(plain(each.key) for each in references[:_NAMED])
    return shown + (f" and {len(references) - _NAMED} more" if len(references) > _NAMED else "")


def owned_lines(owned: "Ownership") -> Iterator[str]:
    """Yield what is ours on an item, and what people took away or put there."""
    yield ""
    for label in owned.labels:
        yield f"  label {label.name}, ours since {minute(label.written_at)}"
    if owned.comment is not None:
        written = f"written {minute(owned.comment.written_at)}"
        state = "edited by a person, kept as it is" if owned.comment.edited else written
        yield f"  comment {owned.comment.comment_id}, {state}"
    for removed in owned.removed:
        seen = f"taken away by a person, seen {minute(removed.seen_at)}"
        yield f"  {removed.what} {seen}: not written again while {removed.rule_id} holds"
    yield from (f"  label {name} is a person's" for name in owned.foreign_labels)


def write_lines(writes: "Iterable[LedgerEntry]") -> Iterator[str]:
    """Yield what was written on an item, and when."""
    from syncd.cli.plans import change_text

    for entry in writes:
        detail = f": {plain(entry.detail, 120)}" if entry.detail else ""
        yield f"  {minute(entry.at)}  {change_text(entry.change)}  {entry.fate.value}{detail}"


_ANSWERS = {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "unknown"}
_SAYS = {Truth.YES: "holds", Truth.NO: "does not hold", Truth.UNKNOWN: "is not known"}


def why_lines(found: "Why", name: str) -> Iterator[str]:
    """Yield every part of one rule, with what it read; ``name`` is that of its subject."""
    off = "; the rule is off" if found.is_off else ""
    yield f"{found.rule_id} {_SAYS[found.answer]} for {name} ({found.file}, version {found.version}){off}"
    if found.dark:
        yield f"  can't be judged now: {found.dark}"
    width = max(len(each.text) + 2 * each.depth for each in (*found.applies_to, *found.when))
    for name, questions in (("applies to", found.applies_to), ("when", found.when)):
        if questions:
            yield f"  {name}"
        for each in questions:
            text = f"{'  ' * each.depth}{each.text}"
            decides = "  <- decides" if each.decides else ""
            value = f"read: {line_text(each.value)}" if each.value else ""
            yield f"    {text:{width}}  {_ANSWERS[each.answer]:7}  {value}{decides}".rstrip()
