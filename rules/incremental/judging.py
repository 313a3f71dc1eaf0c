"""One World judged after another: only what a change reaches, and what time alone has turned, is judged anew."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

import msgspec
from msgspec.structs import replace

from rules.engine import Judgments, RuleSet
from rules.facts.table import FactTable
from rules.incremental.dues import Dues
from rules.incremental.reach import onward, touched
from rules.language import conditions
from rules.language.calendar import Calendar
from rules.language.conditions import Read
from rules.language.matchers import Moment, earliest
from rules.rule import Rule
from rules.unanswered import RuleSubject
from rules.world import World
from syncd.model.findings import About, Judgment, Subject, ToldOn
from syncd.model.identity import ItemId
from syncd.model.items import Stage
from syncd.model.truth import Truth

_WEEKDAYS = Calendar()
_ITEM = About.ITEM.value
_MANY = 0.5
"""Where so large a share of the subjects is to be judged, all of them are: that takes no longer."""


class _Answers(msgspec.Struct):
    """What is known of one subject: what holds, which rules are unknown, its ancestors for which ``when`` holds too."""

    holding: list[Judgment] = []
    unknown: list[str] = []
    also_when: list[RuleSubject] = []


class Judging:
    """Judges one World after another; each time the same is found as if every subject were judged anew.

    ``next_due`` of what is found can differ from that of a full sweep: what can't hold anyway is not waited for.
    ``judged_count`` is how many subjects were judged the last time.
    """

    def __init__(self, rules: RuleSet, calendar: Calendar = _WEEKDAYS) -> None:
        self.judged_count = 0
        self._rules = rules
        self._calendar = calendar
        self._last: tuple[World, datetime] | None = None
        self._answers: dict[Subject, _Answers] = {}
        self._dues: dict[Subject, datetime] = {}
        active = [rule for rule in rules.rules if rule.terms.stage is not Stage.OFF]
        about_items = [rule for rule in active if rule.about is About.ITEM]
        self._waiting = Dues(about_items, rules.sets, rules.vocabulary)
        self._topmost = {rule.terms.id for rule in active if rule.terms.told_on is ToldOn.TOPMOST}

    def judge(self, world: World, now: datetime) -> Judgments:
        """Judge every rule for every subject of a World, at or after the moment of the one before."""
        only = self._to_judge(world, now)
        found = self._rules.evaluate(world, now, calendar=self._calendar, only=only)
        judged = world.subjects if only is None else only
        moment = Moment(now, self._calendar)
        self.judged_count = len(judged)
        if only is None:
            self._answers, self._dues = {}, {}
        else:
            for subject in (*only, *[each for each in self._answers if each.about != _ITEM]):
                self._answers.pop(subject, None)
                self._dues.pop(subject, None)
        self._take(found, world)
        if only is not None:
            self._refresh_below(only, world, moment)
        self._note_dues(judged, world, moment)
        self._last = world, now
        return Judgments(
            holding=tuple([each for answers in self._answers.values() for each in answers.holding]),
            unknown=_Unknown({each: answers.unknown for each, answers in self._answers.items() if answers.unknown}),
            rules=found.rules,
            also_when=frozenset([pair for answers in self._answers.values() for pair in answers.also_when]),
            next_due=earliest([found.next_due, *self._dues.values()]),
        )

    def _to_judge(self, world: World, now: datetime) -> set[Subject] | None:
        """Return the subjects to judge anew; None: all."""
        if self._last is None or now < self._last[1]:
            return None
        reached = touched(self._last[0], world, self._last[1], now, self._calendar)
        if reached is None:
            return None
        only = {Subject(_ITEM, item_id) for item_id in reached}
        only.update(subject for subject, due in self._dues.items() if due <= now)
        if len(only) > _MANY * len(world.items):
            return None
        # All others count items, or are few.
        only.update(subject for subject in world.subjects if subject.about != _ITEM)
        return only

    def _take(self, found: Judgments, world: World) -> None:
        for judgment in found.holding:
            self._of(judgment.subject).holding.append(judgment)
            if judgment.rule.id in self._topmost and judgment.subject.about == _ITEM:
                above = self._above(judgment, world.ancestors(judgment.subject.id), found.also_when)
                self._of(judgment.subject).also_when.extend(above)
        for rule_id, subject in found.unknown:
            self._of(subject).unknown.append(rule_id)

    def _refresh_below(self, only: set[Subject], world: World, moment: Moment) -> None:
        """Bring up to date what of an answer hangs on ancestors alone: when they changed, and what is told on them."""
        above = {world.positions[each.id] for each in only if each.about == _ITEM and each.id in world.positions}
        whens = _Whens(self._rules, world, moment)
        for position in onward(above, world.children_of) - above:
            subject = Subject(_ITEM, world.rows[position].id)
            answers = self._answers.get(subject)
            if answers is None or not answers.holding:
                continue
            changed_at = world.changed_at(subject)
            answers.holding = [
                each if each.changed_at == changed_at else replace(each, changed_at=changed_at)
                for each in answers.holding
            ]
            ancestors = [Subject(_ITEM, each) for each in world.ancestors(subject.id)]
            told = [each.rule.id for each in answers.holding if each.rule.id in self._topmost]
            kept = [pair for pair in answers.also_when if pair[1] not in only]
            again = [(rule_id, each) for each in ancestors if each in only for rule_id in told]
            answers.also_when = [*kept, *(pair for pair in again if whens.hold(*pair))]

    def _of(self, subject: Subject) -> _Answers:
        answers = self._answers.get(subject)
        if answers is None:
            answers = self._answers[subject] = _Answers(holding=[], unknown=[], also_when=[])
        return answers

    def _above(
        self, judgment: Judgment, ancestors: Iterable[ItemId], also_when: AbstractSet[RuleSubject]
    ) -> Iterator[RuleSubject]:
        pairs = ((judgment.rule.id, Subject(_ITEM, each)) for each in ancestors)
        return (pair for pair in pairs if pair in also_when)

    def _note_dues(self, judged: Iterable[Subject], world: World, moment: Moment) -> None:
        there = ((each, world.items.get(each.id)) for each in judged if each.about == _ITEM)
        subjects = [subject for subject, item in there if item is not None and not item.is_change]
        self._dues.update(self._waiting.of(subjects, world, moment))


class _Whens:
    """Says whether the ``when`` of a rule holds for an item, whether or not the rule applies to it."""

    def __init__(self, rules: RuleSet, world: World, moment: Moment) -> None:
        self._rules = {rule.terms.id: rule for rule in rules.rules}
        self._given = rules
        self._world = world
        self._moment = moment
        self._known: dict[RuleSubject, bool] = {}

    def hold(self, rule_id: str, subject: Subject) -> bool:
        """Return whether it holds for sure."""
        pair = (rule_id, subject)
        found = self._known.get(pair)
        if found is None:
            found = self._known[pair] = self._judged(self._rules[rule_id], subject)
        return found

    def _judged(self, rule: Rule, subject: Subject) -> bool:
        item = self._world.item(subject.id)
        if item is None or item.is_change or self._world.is_dark_subject(subject) is not None:
            return False
        table = _table(self._given, self._world, [subject], self._moment)
        return conditions.judge(rule.when, _reader(table, 0), self._moment, self._given.sets) is Truth.YES


def _table(rules: RuleSet, world: World, subjects: Sequence[Subject], moment: Moment) -> FactTable:
    return FactTable(rules.vocabulary, world=world, subjects=subjects, now=moment.now, calendar=moment.calendar)


class _Unknown(AbstractSet[RuleSubject]):
    """The pairs that can't be judged, by subject."""

    def __init__(self, rules: Mapping[Subject, list[str]]) -> None:
        self._rules = rules

    def __contains__(self, pair: object) -> bool:
        return isinstance(pair, tuple) and len(pair) == 2 and pair[0] in self._rules.get(pair[1], ())

    def __iter__(self) -> Iterator[RuleSubject]:
        return ((rule_id, subject) for subject, rules in self._rules.items() for rule_id in rules)

    def __len__(self) -> int:
        return sum(map(len, self._rules.values()))


def _reader(table: FactTable, position: int) -> Read:
    return lambda name: table.column(name)[position]
