"""What a judgment says, in leaves: made only for what holds, from the facts that its rule read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from rules.facts.fact import Fact, FactType, FactValue, Voice
from rules.facts.table import FactTable
from rules.language import conditions
from rules.language.changes import is_history
from rules.language.conditions import AllOf, Condition, Read, Sets
from rules.language.matchers import Moment, earliest
from rules.language.templates import RULE_FIELDS, Slot, Template, render, speaker_of
from rules.language.values import kind_of
from rules.language.wording import Speaker, plain, speaker_in
from rules.rule import Rule
from syncd.model.comments import Line, Text
from syncd.model.findings import Evidence, Judgment, RuleTerms, Severity, Subject
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item
from syncd.model.truth import Truth, Unknown

_OUR_WORDS = Speaker(voice=Voice.OURS)
_NONE: Line = (Text("none"),)
UNKNOWN: Line = (Text("unknown"),)
"""How a fact that is not known is put: its reason can name places that readers don't know."""
_SAME_EVERYWHERE = (FactType.TEXT, FactType.BOOL, FactType.NUMBER)


class _ItemName(msgspec.Struct, frozen=True, kw_only=True):
    """An item's own key, as a record that is shown as a reference."""

    key: str
    url: str
    item: ItemId
    place: PlaceId
    restricted: bool


class _Told(msgspec.Struct, frozen=True):
    """A subject that is told of; ``speaker`` is its own voice."""

    position: int
    item: Item | None
    speaker: Speaker


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of the subjects of one table, and how they are put. ``item`` looks an item up."""

    vocabulary: Mapping[str, Fact]
    table: FactTable
    moment: Moment
    sets: Sets
    item: Callable[[ItemId], Item | None]

    def read(self, position: int) -> Read:
        """Return what reads the facts of the subject at ``position``."""
        column = self.table.column
        return lambda name: column(name)[position]

    def asked(self, condition: Condition) -> list[str]:
        """Return the names of the facts that a condition asks for, and compares with."""
        found = (name for atom in conditions.atoms(condition, self.sets) for name in (atom.name, *atom.others))
        return list(dict.fromkeys(found))

    def told(self, subject: Subject, position: int) -> _Told:
        """Return the subject with its voice; an item that can't be looked up is shown to nobody."""
        item = self.item(subject.id)
        speaker = Speaker(place=item.place, restricted=item.restricted) if item else Speaker(restricted=True)
        return _Told(position, item, speaker)

    def said(self, name: str, told: _Told) -> tuple[FactValue, Speaker]:
        """Return the value of a fact and whose words it is."""
        item = told.item
        if name == "item.key" and item:
            named = _ItemName(key=item.key, url=item.url, item=item.id, place=item.place, restricted=item.restricted)
            return (named,), _OUR_WORDS
        fact, column = self.vocabulary[name], self.table.column
        speaker = speaker_in(column(fact.said_in)[told.position]) if fact.said_in else told.speaker
        value = column(name)[told.position]
        if isinstance(value, datetime):
            value = self.moment.calendar.day(value)
        return value, speaker_of(fact, speaker)


class _Sentence:
    """A template of one rule; what it says of values that are put alike for every subject is remembered."""

    def __init__(self, template: Template, terms: RuleTerms, facts: Facts) -> None:
        self._template = template
        self._terms = terms
        self._facts = facts
        self._names = [part.name for part in template if isinstance(part, Slot) and part.name not in RULE_FIELDS]
        self._remembered: dict[tuple[FactValue, ...], Line] | None = None
        if all(_is_same_everywhere(facts.vocabulary[name]) for name in self._names):
            self._remembered = {}

    def line(self, told: _Told) -> Line:
        if self._remembered is None:
            return self._rendered(told)
        values = tuple([self._facts.table.column(name)[told.position] for name in self._names])
        found = self._remembered.get(values)
        if found is None:
            found = self._remembered[values] = self._rendered(told)
        return found

    def _rendered(self, told: _Told) -> Line:
        def source(name: str) -> tuple[FactValue, Speaker]:
            if name in RULE_FIELDS:
                return (self._terms.id if name == "rule.id" else self._terms.title), _OUR_WORDS
            return self._facts.said(name, told)

        return render(self._template, source)


class Teller:
    """Says what one rule found; what is the same for all its subjects is worked out once."""

    def __init__(self, rule: Rule, facts: Facts) -> None:
        parts = [rule.applies_to, rule.when, *(each.when for each in rule.escalations)]
        asked = AllOf(tuple(part for part in parts if part is not None))
        atoms = {atom.key: atom for atom in conditions.atoms(asked, facts.sets)}
        self._rule = rule
        self._facts = facts
        self._message, self._why, *self._fix = (
            _Sentence(template, rule.terms, facts) for template in (rule.message, rule.why, *rule.fix)
        )
        self._fix_by_tracker = [
            (kind, [_Sentence(template, rule.terms, facts) for template in templates])
            for kind, templates in rule.fix_by_tracker
        ]
        names = [name for name in facts.asked(rule.when) if not _grows(facts.vocabulary[name])]
        slots = [Slot(name=name, put=_put, wobbles=facts.vocabulary[name].daily) for name in names]
        self._evidence = [(slot.name, _Sentence((slot,), rule.terms, facts)) for slot in slots]
        self._dues = [atom for atom in atoms.values() if atom.matcher.due]
        self._has_lists = any(atom.matcher.matched for atom in conditions.atoms(rule.when, facts.sets))

    def judgment(self, subject: Subject, position: int, changed_at: datetime | None) -> Judgment:
        """Return the judgment of the rule, which holds for the subject at ``position``."""
        rule, facts = self._rule, self._facts
        read, moment = facts.read(position), facts.moment
        told = facts.told(subject, position)
        return Judgment(
            rule=rule.terms,
            subject=subject,
            severity=self._severity(read),
            message=self._message.line(told) or (Text(rule.terms.title),),
            why=self._why.line(told),
            fix=_lines(self._fix, told),
            fix_by_tracker=tuple([(kind, _lines(fix, told)) for kind, fix in self._fix_by_tracker]),
            evidence=tuple([Evidence(name, sentence.line(told)) for name, sentence in self._evidence]),
            causes=_causes(conditions.matched(rule.when, read, moment, facts.sets)) if self._has_lists else (),
            changed_at=changed_at,
            next_due=earliest([conditions.due_of(atom, read, moment) for atom in self._dues]) if self._dues else None,
        )

    def _severity(self, read: Read) -> Severity:
        """Return the highest severity whose condition is known to hold."""
        for escalation in self._rule.escalations:
            if conditions.judge(escalation.when, read, self._facts.moment, self._facts.sets) is Truth.YES:
                return escalation.to
        return self._rule.severity


def _lines(sentences: Sequence[_Sentence], told: _Told) -> tuple[Line, ...]:
    lines = [sentence.line(told) for sentence in sentences]
    return tuple([line for line in lines if line])


def evidence_in_full(condition: Condition, facts: Facts, subject: Subject, position: int) -> tuple[Evidence, ...]:
    """Return the facts that a condition reads, for who runs syncd.

    With ages, and with the reasons why a fact is unknown, which can name places that readers of a comment don't know.
    """
    told = facts.told(subject, position)
    found = []
    for name in facts.asked(condition):
        value = facts.table.column(name)[position]
        why = (Text(f"unknown: {value.reason}"),) if isinstance(value, Unknown) else None
        found.append(Evidence(name, why or _put(*facts.said(name, told))))
    return tuple(found)


def _grows(fact: Fact) -> bool:
    """Return whether a fact would be told anew every day: a comment holds no ages, and no logs."""
    return fact.type is FactType.SPAN or is_history(kind_of(fact))


def _put(value: FactValue, speaker: Speaker) -> Line:
    return UNKNOWN if isinstance(value, Unknown) else plain(value, speaker) or _NONE


def _is_same_everywhere(fact: Fact) -> bool:
    """Return whether equal values are put alike for every subject: they are in nobody's voice but ours or the
    roadmap's."""
    voiced = speaker_of(fact, _SUBJECT) is _SUBJECT and (fact.type is FactType.TEXT or bool(fact.said_in))
    return fact.type in _SAME_EVERYWHERE and not voiced and fact.name != "item.key"


_SUBJECT = Speaker()


def _causes(members: Sequence[object]) -> tuple[ItemId, ...]:
    items = (getattr(member, "item", None) for member in members)
    return tuple(dict.fromkeys(item for item in items if isinstance(item, ItemId)))
