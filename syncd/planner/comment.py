"""The comment on one item, as a tree: what it is for, what is wrong, what to do, how to answer.

Leaves keep their sources: who may read them is decided afterwards. Nothing here depends on the day or on the order in
which findings come, so the tree changes only when its meaning does.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from rules.language.wording import joined
from rules.telling import UNKNOWN
from syncd.model.comments import Block, Bullets, Comment, Fold, Heading, Leaf, Line, Paragraph, Quote, Reference, Text
from syncd.model.findings import Evidence, Finding, Severity, ToldOn
from syncd.model.items import Item
from syncd.model.outcomes import Outcome
from syncd.planner.keys import Natural
from syncd.planner.topics import Topic

LISTED = 10
"""A list names so many subjects and counts the rest."""
VARIANTS = 4
"""So many lines that are true of one subject and not of another are told; more would be a list of their own."""

RESOLVED = Comment(
    blocks=(Paragraph((Text("Resolved: nothing that syncd told here is open any more."),)),), resolved=True
)

WITHDRAWN = Comment(
    blocks=(Paragraph((Text("What syncd told here is not for all who read this now."),)),), resolved=True
)


class Telling(msgspec.Struct, frozen=True):
    """A finding that is told on an item, and its subject; unless ``is_heard``, the subject is named and no more."""

    finding: Finding
    subject: Topic
    is_heard: bool = True

    @property
    def place_in_list(self) -> tuple[bool, tuple[Natural, object]]:
        """Return what sorts tellings: those that say most first, then by key."""
        return not self.is_heard, self.subject.order


def comment_on(
    item: Item, tellings: Iterable[Telling], outcomes: Sequence[Outcome], label: Callable[[str], str]
) -> Comment:
    """Return the comment on an item: ``tellings`` are told there, ``outcomes`` are those it serves."""
    by_rule: dict[str, list[Telling]] = {}
    for telling in tellings:
        by_rule.setdefault(telling.finding.rule_id, []).append(telling)
    sections = sorted((_Section(item, told) for told in by_rule.values()), key=lambda each: each.order)
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
        told = sorted(tellings, key=lambda each: each.place_in_list)
        self._own = [each for each in told if each.subject.item == item.id or _is_of_ring(each.finding)]
        self._others = [each for each in told if each not in self._own]
        # The item's own finding speaks for the rule; where it has none, the others do.
        self._speakers = [each.finding for each in self._own[:1] or self._others if each.is_heard]
        rule = told[0].finding.rule
        self.rule_id, self._rule_title = rule.id, rule.title
        severity = max(each.finding.severity for each in told)
        self._is_critical = severity is Severity.CRITICAL
        self.order = (-severity, rule.id)

    def blocks(self) -> list[Block]:
        """Return what is wrong, why it matters, and what to do."""
        blocks: list[Block] = [Heading(self._title())]
        whys = _of_all([(each.why,) if each.why else () for each in self._speakers])
        blocks += [Paragraph(line) for line in (self._message(), self._stands_in(), *whys) if line]
        blocks += self._subjects()
        if fix := _of_all([each.fix for each in self._speakers]):
            blocks += [Paragraph((Text("What to do:"),)), Bullets(fix)]
        return blocks

    def _title(self) -> Line:
        return (Text(f"Critical: {self._rule_title}" if self._is_critical else self._rule_title),)

    def _message(self) -> Line:
        if self._own:
            return self._own[0].finding.message
        if len(self._others) > 1:
            return self._shared()
        (only,) = self._others
        return _about(only) if only.is_heard else (Text("Told here for "), *_named(only), Text("."))

    def _stands_in(self) -> Line:
        """Return which blockers are meant where what waits for them is told, since nothing may be written on them."""
        finding = self._own[0].finding if self._own else None
        if finding is None or finding.rule.told_on is not ToldOn.BLOCKER:
            return ()
        named = dict.fromkeys(leaf for each in finding.evidence for leaf in each.value if _is_cause(leaf, finding))
        names = joined([(leaf,) for leaf in named])
        return (Text("It is told here, since nothing is written there, for "), *names, Text(".")) if names else ()

    def _shared(self) -> Line:
        """Return what is said of all of them in the same words; of what each says for itself, nothing."""
        messages = {each.finding.message if each.is_heard else () for each in self._others}
        return () if len(messages) > 1 or any(map(_says_more, self._others)) else messages.pop()

    def read(self) -> Line:
        """Return the facts behind the message that it does not name itself; what could not be read proves nothing."""
        if len(self._speakers) != 1 or (not self._own and len(self._others) > 1):
            return ()
        (speaker,) = self._speakers
        known = [each for each in speaker.evidence if each.value != UNKNOWN and not _is_said(each, speaker)]
        parts = [(Text("; "), *_fact(each)) if index else _fact(each) for index, each in enumerate(known)]
        opening = (Text("Facts behind "), Text(self.rule_id, code=True), Text(": "))
        return (*opening, *(leaf for part in parts for leaf in part)) if parts else ()

    def _subjects(self) -> list[Block]:
        if not self._others or (len(self._others) == 1 and not self._own):
            return []
        lines = [_listed(each) for each in self._others[:LISTED]]
        rest = len(self._others) - LISTED
        if rest > 0:
            lines.append((Text(f"and {rest} more"),))
        opening = "The same holds for:" if self._own else "Told here for all of these:"
        return [Paragraph((Text(opening),)), Bullets(tuple(lines))]


def _of_all(told: Sequence[tuple[Line, ...]]) -> tuple[Line, ...]:
    """Return what several findings tell, each line once; where they tell too much, only what all of them do."""
    lines = dict.fromkeys(line for each in told for line in each)
    common = tuple(line for line in lines if all(line in each for each in told))
    return tuple(lines) if len(lines) - len(common) <= VARIANTS else common


def _is_of_ring(finding: Finding) -> bool:
    """Say whether a finding is about a ring: then it is each member's own."""
    return finding.rule.told_on is ToldOn.EDGE


def _listed(telling: Telling) -> Line:
    """Return a subject by name; what differs from one to the next is said of each: of what a blocker keeps waiting, and
    of outcomes and milestones."""
    return _about(telling) if _says_more(telling) and telling.is_heard else _named(telling)


def _says_more(telling: Telling) -> bool:
    return telling.finding.rule.told_on is ToldOn.BLOCKER or telling.subject.item is None


def _about(telling: Telling) -> Line:
    """Return the message about another subject, after its name unless it begins with an item, or names an outcome."""
    subject, message = telling.subject, telling.finding.message
    named = message[:1] if subject.item is not None else message
    if any(leaf in subject.leads[:1] or _is_reference_to(leaf, subject) for leaf in named):
        return message
    return (*subject.name, Text(": "), *message)


def _is_reference_to(leaf: Leaf, subject: Topic) -> bool:
    return isinstance(leaf, Reference) and subject.item is not None and leaf.item == subject.item


def _named(telling: Telling) -> Line:
    """Return a subject's name; what its readers may not hear of is called what it is, if it is no item."""
    return telling.subject.name if telling.is_heard else telling.subject.unnamed or telling.subject.name


def _is_cause(leaf: Leaf, finding: Finding) -> bool:
    return isinstance(leaf, Reference) and leaf.item in finding.causes


def _fact(evidence: Evidence) -> Line:
    return (Text(evidence.fact, code=True), Text(" "), *evidence.value)


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
