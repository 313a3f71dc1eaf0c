"""One World judged after another: only what a change reaches, and what time alone has turned, is judged anew."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from msgspec.structs import replace

from rules.engine import Judgments, RuleSet
from rules.incremental.dues import Dues
from rules.incremental.others import every_other, others_of, rank_again, retold
from rules.incremental.patching import Patch, patch
from rules.incremental.reach import onward, spread, touched
from rules.incremental.turns import Activity, Agenda
from rules.incremental.ways import reads_daily, ways_of
from rules.incremental.whens import Whens
from rules.language.calendar import Calendar
from rules.language.matchers import Moment, earliest
from rules.unanswered import RuleSubject
from rules.world import World
from syncd.model.findings import About, Judgment, Subject
from syncd.model.identity import ItemId
from syncd.model.items import Item, Stage

_WEEKDAYS = Calendar()
_ITEM = About.ITEM.value
MANY = 0.5
"""To judge all takes no longer than to judge so large a share of the subjects."""


class Judging:
    """Judges one World after another; each time the same is found as if every subject were judged anew.

    ``next_due`` of what is found can differ from that of a full sweep: what can't hold anyway is not waited for.
    ``judged_count`` is how many subjects were judged the last time. Where a share of ``many`` of them is to be judged,
    all of them are.
    """

    def __init__(self, rules: RuleSet, calendar: Calendar = _WEEKDAYS, *, many: float = MANY) -> None:
        self.judged_count = 0
        self._many = many
        active = [rule for rule in rules.rules if rule.terms.stage is not Stage.OFF]
        about_items = [rule for rule in active if rule.about is About.ITEM]
        ids = {rule.terms.id for rule in rules.rules if rule.about is About.ITEM}
        self._of_items = rules.with_rules(ids)
        self._of_others = rules.with_rules({rule.terms.id for rule in rules.rules} - ids)
        self._terms = tuple(rule.terms for rule in rules.rules)
        self._calendar = calendar
        self._ways = ways_of(rules)
        self._reads_daily = reads_daily(rules)
        self._waiting = Dues(about_items, rules.sets, rules.vocabulary)
        self._last: tuple[World, datetime] | None = None
        self._whens = Whens(rules)
        self._holding: dict[Subject, list[Judgment]] = {}
        self._unknown: dict[Subject, list[str]] = {}
        self._also_when: dict[Subject, list[RuleSubject]] = {}
        self._agenda = Agenda()
        self._others_due: datetime | None = None
        self._activity: Activity | None = None

    @property
    def world(self) -> World | None:
        """Return the World that was judged last."""
        return self._last[0] if self._last is not None else None

    def judge(self, world: World, now: datetime, heard: Collection[ItemId] = ()) -> Judgments:
        """Judge every rule for every subject of a World, at or after the moment of the one before.

        ``heard``: of these items something that happened was told since, where both Worlds have the same histories.
        """
        only = self._to_judge(world, now, heard)
        self._activity = None
        return self._judged(world, now, only, only or ())

    def judge_changed(self, items: Iterable[Item], heard: Collection[ItemId], now: datetime) -> Judgments | None:
        """Bring the World that was judged last up to date, in place, and judge it.

        ``items`` became others, of those in ``heard`` something that happened was told. None: that takes a World that
        is built anew, and the one that was judged last is as it was.
        """
        if self._last is None or now < self._last[1] or self._calendar.day(self._last[1]) != self._calendar.day(now):
            return None  # what is worked out once a day is another one then, and exemptions end
        world, since = self._last
        patched = patch(world, items, heard, now, self._calendar)
        if patched is None:
            return None
        self._last = None  # until it has gone well nothing is known
        only = self._changed(world, patched, since, now)
        changed = {Subject(_ITEM, world.rows[position].id) for position in patched.before}
        return self._judged(world, now, only, changed)

    def _changed(self, world: World, patched: Patch, since: datetime, now: datetime) -> set[Subject] | None:
        """Return what is to be judged of a World that was brought up to date; None: all."""
        if self._activity is None:
            self._activity = Activity(world, since)
        else:
            self._activity.put(patched.before)
        changed = {*patched.heard, *self._activity.before(now), *rank_again(world, patched.before)}
        went = spread(world, changed, {*patched.traced}, self._ways)
        judged = went.judged | retold(world, patched.before, self._ways)
        others = others_of(world, patched, went.told, now, self._calendar)
        only = {Subject(_ITEM, world.rows[position].id) for position in judged}
        only.update(self._agenda.until(now))
        if len(only) > self._many * len(world.rows):
            return None
        if self._others_due is not None and self._others_due <= now:
            others |= every_other(world)
        return only | others

    def _to_judge(self, world: World, now: datetime, heard: Collection[ItemId]) -> set[Subject] | None:
        """Return the subjects to judge anew; None: all."""
        if self._last is None or now < self._last[1] or (self._reads_daily and world.given.snapshot is None):
            return None
        reached = touched(self._last[0], world, self._last[1], now, self._calendar, self._ways, heard)
        if reached is None:
            return None
        only = {Subject(_ITEM, item_id) for item_id in reached}
        only.update(self._agenda.until(now))
        if len(only) > self._many * len(world.items):
            return None
        # All others count items, or are few.
        only.update(each for each in (*self._holding, *self._unknown) if each.about != _ITEM)
        return only | every_other(world)

    def _judged(
        self, world: World, now: datetime, only: set[Subject] | None, changed: Collection[Subject]
    ) -> Judgments:
        """Judge some subjects, and put what is found beside what is known of all others."""
        moment = Moment(now, self._calendar)
        parts = [
            rules.evaluate(world, now, calendar=self._calendar, only=only)
            for rules in (self._of_items, self._of_others)
        ]
        judged = world.subjects if only is None else only
        self.judged_count = len(judged)
        if only is None:
            self._agenda, self._others_due = Agenda(), None
            for known in (self._holding, self._unknown, self._also_when):
                known.clear()
            self._whens.clear()
        for subject in only or ():
            self._holding.pop(subject, None)
            self._unknown.pop(subject, None)
            self._also_when.pop(subject, None)
        self._others_due = earliest([self._others_due, parts[1].next_due])
        turned = self._whens.ask_again(only or (), world, moment)
        for found in parts:
            self._take(found, world)
        if only is not None:
            self._refresh_below(only, (*changed, *turned), world)
        self._note_dues(judged, world, moment)
        self._last = world, now
        return Judgments(
            holding=tuple([each for held in self._holding.values() for each in held]),
            unknown=_Unknown(dict(self._unknown)),
            rules=self._terms,
            also_when=frozenset([pair for pairs in self._also_when.values() for pair in pairs]),
            next_due=earliest([self._agenda.next, self._others_due]),
        )

    def _take(self, found: Judgments, world: World) -> None:
        for judgment in found.holding:
            subject = judgment.subject
            self._holding.setdefault(subject, []).append(judgment)
            if self._whens.asks(judgment.rule.id):
                above = [Subject(_ITEM, each) for each in world.ancestors(subject.id)]
                self._whens.take(judgment.rule.id, above, found.also_when)
                if pairs := self._whens.of([judgment.rule.id], above):
                    self._also_when.setdefault(subject, []).extend(pairs)
        for rule_id, subject in found.unknown:
            self._unknown.setdefault(subject, []).append(rule_id)

    def _refresh_below(self, only: AbstractSet[Subject], above: Iterable[Subject], world: World) -> None:
        """Bring up to date what of an answer hangs on ancestors alone: when they changed, and what is told on them."""
        starts = {world.positions[each.id] for each in above if each.about == _ITEM and each.id in world.positions}
        below = onward(starts, world.children_of)
        subjects = {Subject(_ITEM, world.rows[position].id) for position in below}
        rings = (knot.ring[0] for position in below if (knot := world.knot_of.get(position)) is not None)
        subjects.update(Subject(About.DEPENDENCY.value, world.rows[first].id) for first in rings)
        for subject in subjects & self._holding.keys() - only:
            changed_at = world.changed_at(subject)
            self._holding[subject] = held = [
                each if each.changed_at == changed_at else replace(each, changed_at=changed_at)
                for each in self._holding[subject]
            ]
            told = [each.rule.id for each in held if self._whens.asks(each.rule.id)]
            if told:
                ancestors = [Subject(_ITEM, each) for each in world.ancestors(subject.id)]
                self._also_when[subject] = self._whens.of(told, ancestors)

    def _note_dues(self, judged: Iterable[Subject], world: World, moment: Moment) -> None:
        there = ((each, world.items.get(each.id)) for each in judged if each.about == _ITEM)
        subjects = [subject for subject, item in there if item is not None and not item.is_change]
        dues = self._waiting.of(subjects, world, moment)
        for subject in judged:
            if subject.about == _ITEM:
                self._agenda.put(subject, dues.get(subject))


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
