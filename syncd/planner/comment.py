"""The comment on one item, as a tree: what it is for, what is wrong, what to do, how to answer.

Leaves keep their sources: who may read them is decided afterwards. Nothing here depends on the day or on the order in
which findings come, so the tree changes only when its meaning does.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from syncd.model.comments import Block, Bullets, Comment, Fold, Heading, Line, Paragraph, Quote, Reference, Text
from syncd.model.findings import Evidence, Finding, Severity, ToldOn
from syncd.model.identity import ItemId
from syncd.model.items import Item
from syncd.model.outcomes import Outcome
from syncd.planner.keys import by_key

LISTED = 10
"""A list names so many subjects and counts the rest."""

RESOLVED = Comment(
    blocks=(Paragraph((Text("Resolved: nothing that syncd told here is open any more."),)),), resolved=True
)

ItemLookup = Callable[[ItemId], Item | None]


class Telling(msgspec.Struct, frozen=True):
    """A finding that is told on an item, and its subject."""

    finding: Finding
    subject: Item


def comment_on(
    item: Item, findings: Iterable[Finding], outcomes: Sequence[Outcome], label: Callable[[str], str], look: ItemLookup
) -> Comment:
    """Return the comment on an item: ``findings`` are told there, ``outcomes`` are those it serves."""
    by_rule: dict[str, list[Telling]] = {}
    for finding in findings:
        subject = look(finding.subject.id)
        if subject is not None:
            by_rule.setdefault(finding.rule_id, []).append(Telling(finding, subject))
    sections = sorted((_Section(item, tellings) for tellings in by_rule.values()), key=lambda each: each.order)
    blocks: list[Block] = [_purpose(outcome) for outcome in sorted(outcomes, key=lambda outcome: outcome.id)]
    for section in sections:
        blocks += section.blocks()
    read = [line for section in sections if (line := section.read())]
    return Comment(blocks=(*blocks, _how_to_answer([label(section.rule_id) for section in sections], read)))


def _purpose(outcome: Outcome) -> Block:
    why = (Text(". "), Quote(outcome.why)) if outcome.why else ()
    return Paragraph((Text("Outcome:", strong=True), Text(" "), Quote(outcome.title), *why))


class _Section:
    """What one rule says on one item."""

    def __init__(self, item: Item, tellings: Sequence[Telling]) -> None:
        told = sorted(tellings, key=lambda each: by_key(each.subject))
        self._own = [each for each in told if each.subject.id == item.id]
        self._others = [each for each in told if each.subject.id != item.id]
        # The item's own finding speaks for the rule; where it has none, the first subject's does.
        self._first = (self._own or self._others)[0].finding
        self.rule_id = self._first.rule_id
        severity = max(each.finding.severity for each in told)
        self._is_critical = severity is Severity.CRITICAL
        self.order = (-severity, self.rule_id)

    def blocks(self) -> list[Block]:
        """Return what is wrong, why it matters, and what to do."""
        lines = [self._message(), self._first.why]
        blocks: list[Block] = [Heading(self._title())]
        blocks += [Paragraph(line) for line in lines if line]
        blocks += self._subjects()
        if self._first.fix:
            blocks += [Paragraph((Text("What to do:"),)), Bullets(self._first.fix)]
        return blocks

    def _title(self) -> Line:
        title = self._first.rule.title
        return (Text(f"Critical: {title}" if self._is_critical else title),)

    def _message(self) -> Line:
        if self._own:
            return self._first.message
        if len(self._others) == 1:
            return _about(self._others[0])
        return ()

    def read(self) -> Line:
        """Return the facts behind the message that it does not name itself; what could not be read proves nothing."""
        if not self._own and len(self._others) > 1:
            return ()
        known = [each for each in self._first.evidence if not _is_unknown(each) and not _is_said(each, self._first)]
        parts = [(Text("; "), *_fact(each)) if index else _fact(each) for index, each in enumerate(known)]
        opening = (Text("Facts behind "), Text(self.rule_id, code=True), Text(": "))
        return (*opening, *(leaf for part in parts for leaf in part)) if parts else ()

    def _subjects(self) -> list[Block]:
        if not self._others or (len(self._others) == 1 and not self._own):
            return []
        lines = [self._subject(each) for each in self._others[:LISTED]]
        rest = len(self._others) - LISTED
        if rest > 0:
            lines.append((Text(f"and {rest} more"),))
        opening = "The same holds for:" if self._own else "Told here for all of these:"
        return [Paragraph((Text(opening),)), Bullets(tuple(lines))]

    def _subject(self, telling: Telling) -> Line:
        """Return a subject by name; on a blocker also what it waits for, which differs from one to the next."""
        if telling.finding.rule.told_on is ToldOn.BLOCKER:
            return _about(telling)
        return _named(telling.subject)


def _about(telling: Telling) -> Line:
    """Return the message about another item, which it names unless it begins with it."""
    subject, message = telling.subject, telling.finding.message
    first = message[0] if message else None
    if isinstance(first, Reference) and first.item == subject.id:
        return message
    return (*_named(subject), Text(": "), *message)


def _named(item: Item) -> Line:
    key = Reference(item.key, url=item.url, item=item.id, source=item.place, restricted=item.restricted)
    if not item.title:
        return (key,)
    return (key, Text(" ("), Quote(item.title, source=item.place, restricted=item.restricted), Text(")"))


def _fact(evidence: Evidence) -> Line:
    return (Text(evidence.fact, code=True), Text(" "), *evidence.value)


def _is_unknown(evidence: Evidence) -> bool:
    first = evidence.value[0] if evidence.value else None
    return isinstance(first, Text) and first.text.startswith("unknown: ")


def _is_said(evidence: Evidence, finding: Finding) -> bool:
    named = [leaf for leaf in evidence.value if not isinstance(leaf, Text)]
    return bool(named) and all(leaf in finding.message for leaf in named)


def _how_to_answer(labels: Sequence[str], read: Sequence[Line]) -> Block:
    codes = [(Text(" or " if index else "Remove "), Text(label, code=True)) for index, label in enumerate(labels)]
    named = tuple(leaf for pair in codes for leaf in pair)
    lines: tuple[Line, ...] = (
        (Text("Put it right in the tracker or on the roadmap; this comment is kept up to date."),),
        (Text("To say which outcome this serves, set its parent or add the label "), OUTCOME_LABEL, Text(".")),
        (*named, Text(", or delete this comment: what you take away stays away while it lasts.")),
        *read,
    )
    return Fold("How to answer", (Bullets(lines),))


OUTCOME_LABEL = Text("outcome:ID", code=True)
