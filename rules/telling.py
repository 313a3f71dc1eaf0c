"""What a judgment says, in leaves: made only for what holds, from the facts that its rule read."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from rules.facts.fact import Fact, FactType, FactValue, Voice
from rules.facts.table import FactTable
from rules.language import conditions
from rules.language.conditions import Condition, Read, Sets
from rules.language.matchers import Moment
from rules.language.templates import RULE_FIELDS, Template, render, speaker_of
from rules.language.wording import Speaker, plain
from rules.rule import Rule
from syncd.model.comments import Line, Text
from syncd.model.findings import Evidence, Judgment, Subject
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item
from syncd.model.truth import Truth, Unknown

_OUR_WORDS = Speaker(voice=Voice.OURS)


class _ItemName(msgspec.Struct, frozen=True, kw_only=True):
    """An item's own key, as a record that is shown as a reference."""

    key: str
    url: str
    item: ItemId
    place: PlaceId
    restricted: bool


class Teller(msgspec.Struct, frozen=True, kw_only=True):
    """Says what rules found about the subjects of one table. ``item`` looks an item up."""

    vocabulary: Mapping[str, Fact]
    table: FactTable
    moment: Moment
    sets: Sets
    item: Callable[[ItemId], Item | None]

    def judgment(self, rule: Rule, subject: Subject, position: int, changed_at: datetime | None) -> Judgment:
        """Return the judgment of a rule that holds for the subject at ``position``."""
        read = self._read(position)
        asked = conditions.AllOf((rule.applies_to, rule.when)) if rule.applies_to else rule.when
        fix = tuple(self._line(template, rule, subject, read) for template in rule.fix)
        return Judgment(
            rule=rule.terms,
            subject=subject,
            severity=rule.severity,
            message=self._line(rule.message, rule, subject, read) or (Text(rule.terms.title),),
            why=self._line(rule.why, rule, subject, read),
            fix=tuple(line for line in fix if line),
            evidence=self.evidence(rule.when, subject, position),
            causes=_causes(conditions.matched(rule.when, read, self.moment, self.sets)),
            changed_at=changed_at,
            next_due=conditions.due(asked, read, self.moment, self.sets),
        )

    def judge(self, condition: Condition, position: int) -> Truth:
        """Return what a condition says of the subject at ``position``."""
        return conditions.judge(condition, self._read(position), self.moment, self.sets)

    def evidence(self, of: Condition, subject: Subject, position: int) -> tuple[Evidence, ...]:
        """Return the facts that a condition reads, as a comment may show them: no ages, and no reason why a fact is
        unknown, which can name a place that the reader doesn't know."""
        read = self._read(position)
        names = [name for name in self._asked(of) if self.vocabulary[name].type is not FactType.SPAN]
        return tuple(Evidence(name, self._in_words(name, subject, read)) for name in names)

    def evidence_in_full(self, of: Condition, subject: Subject, position: int) -> tuple[Evidence, ...]:
        """Return the facts that a condition reads, for who runs syncd: with ages and reasons."""
        read = self._read(position)
        return tuple(
            Evidence(name, (Text(f"unknown: {value.reason}"),))
            if isinstance(value := read(name), Unknown)
            else Evidence(name, self._in_words(name, subject, read))
            for name in self._asked(of)
        )

    def _asked(self, of: Condition) -> list[str]:
        return list(dict.fromkeys(atom.name for atom in conditions.atoms(of, self.sets)))

    def _in_words(self, name: str, subject: Subject, read: Read) -> Line:
        if isinstance(read(name), Unknown):
            return (Text("unknown"),)
        return plain(*self._said(name, subject, read)) or (Text("none"),)

    def _read(self, position: int) -> Read:
        def read(name: str) -> FactValue:
            return self.table.column(name)[position]

        return read

    def _line(self, template: Template, rule: Rule, subject: Subject, read: Read) -> Line:
        def source(name: str) -> tuple[FactValue, Speaker]:
            if name in RULE_FIELDS:
                return (rule.terms.id if name == "rule.id" else rule.terms.title), _OUR_WORDS
            return self._said(name, subject, read)

        return render(template, source)

    def _said(self, name: str, subject: Subject, read: Read) -> tuple[FactValue, Speaker]:
        item = self.item(subject.id)
        place, restricted = (item.place, item.restricted) if item else (None, True)
        if name == "item.key" and item:
            named = _ItemName(key=item.key, url=item.url, item=item.id, place=item.place, restricted=item.restricted)
            return (named,), _OUR_WORDS
        return read(name), speaker_of(self.vocabulary[name], Speaker(place=place, restricted=restricted))


def _causes(members: tuple[object, ...]) -> tuple[ItemId, ...]:
    items = (getattr(member, "item", None) for member in members)
    return tuple(dict.fromkeys(item for item in items if isinstance(item, ItemId)))
