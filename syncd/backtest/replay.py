"""One history, replayed for one set of rules or for two: judged, settled and told day by day, as a pass would do it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec

from rules.engine import Judgments, RuleSet
from rules.incremental.judging import Judging
from rules.language.calendar import Calendar
from rules.past.asof import Share, replay
from rules.preview import edited
from rules.unanswered import Joined
from rules.world import World, WorldInput, build_world
from syncd.backtest.costs import Costs, Desk
from syncd.backtest.episodes import Episode, Episodes, Figures, figures_of
from syncd.model.findings import Finding
from syncd.model.identity import ItemId
from syncd.model.items import Stage
from syncd.planner.findings import settle
from syncd.planner.telling import tell_once
from syncd.planner.terms import FindingKey

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many days are done, and of how many."""

_NEW, _OLD = 0, 1


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A set of rules, and what it is called."""

    name: str
    rules: RuleSet


class VariantRun(msgspec.Struct, frozen=True, kw_only=True):
    """What one set of rules would have said and cost; ``figures`` of each rule, then of each of its teams."""

    name: str
    figures: tuple[Figures, ...]
    costs: Costs


class RuleDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What an edit of one rule changes over the whole time: subjects that only one of the two sets tells of."""

    rule_id: str
    how: str
    """``added``, ``removed`` or ``edited``."""
    added: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()
    both_count: int = 0


class Backtest(msgspec.Struct, frozen=True, kw_only=True):
    """A history replayed. ``shares`` say of each day how much of it is known. ``old`` and ``differences`` where two
    sets of rules were compared."""

    since: datetime
    until: datetime
    shares: tuple[Share, ...]
    titles: Mapping[str, str]
    new: VariantRun
    old: VariantRun | None = None
    differences: tuple[RuleDifference, ...] = ()


def run(
    given: WorldInput,
    moments: Sequence[datetime],
    new: Variant,
    old: Variant | None = None,
    *,
    calendar: Calendar,
    gone_at: Mapping[ItemId, datetime],
    team_stages: Mapping[str, Stage] = {},
    progress: Progress = lambda done, total: None,
) -> Backtest:
    """Replay the moments, which ascend, for one set of rules; with ``old``, for both, and say where they differ."""
    comparing = _Comparing(new, old, calendar, team_stages)
    shares = []
    for number, day in enumerate(replay(given, moments, gone_at=gone_at, calendar=calendar), 1):
        comparing.judge(build_world(day.given), day.at)
        shares.append(day.share)
        progress(number, len(moments))
    until = moments[-1]
    runs = [memory.result(until) for memory in comparing.memories]
    rules = [rule.terms for variant in (new, old) if variant is not None for rule in variant.rules.rules]
    return Backtest(
        since=moments[0],
        until=until,
        shares=tuple(shares),
        titles={terms.id: terms.title for terms in reversed(rules)},
        new=runs[_NEW],
        old=runs[_OLD] if old is not None else None,
        differences=tuple(comparing.differences(new, old)) if old is not None else (),
    )


class _Comparing:
    """Judges each day once for the rules that two sets share, and once more for each of the edited ones."""

    def __init__(self, new: Variant, old: Variant | None, calendar: Calendar, team_stages: Mapping[str, Stage]) -> None:
        variants = [new] if old is None else [new, old]
        ids = edited(old.rules, new.rules) if old is not None else frozenset[str]()
        kept = [rule.terms.id for rule in new.rules.rules if rule.terms.id not in ids]
        self._shared = Judging(new.rules.with_rules(kept), calendar)
        self._own = [Judging(variant.rules.with_rules(ids), calendar) for variant in variants] if ids else []
        self.memories = [_Memory(variant, calendar, team_stages) for variant in variants]
        self._edited = ids

    def judge(self, world: World, at: datetime) -> None:
        """Judge one day for all."""
        shared = self._shared.judge(world, at)
        own = [judging.judge(world, at) for judging in self._own]
        for index, memory in enumerate(self.memories):
            memory.take(_joined(shared, own[index]) if own else shared, world, at)

    def differences(self, new: Variant, old: Variant) -> list[RuleDifference]:
        """Return what each edited rule says otherwise."""
        said = [memory.said() for memory in self.memories]
        ids = [{rule.terms.id for rule in variant.rules.rules} for variant in (new, old)]
        found = []
        for rule_id in sorted(self._edited):
            after, before = (each.get(rule_id, {}) for each in said)
            how = "added" if rule_id not in ids[_OLD] else "removed" if rule_id not in ids[_NEW] else "edited"
            found.append(
                RuleDifference(
                    rule_id=rule_id,
                    how=how,
                    added=tuple(sorted(after[each] for each in after.keys() - before.keys())),
                    resolved=tuple(sorted(before[each] for each in before.keys() - after.keys())),
                    both_count=len(after.keys() & before.keys()),
                )
            )
        return found


class _Memory:
    """What passes with one set of rules would have left behind."""

    def __init__(self, variant: Variant, calendar: Calendar, team_stages: Mapping[str, Stage]) -> None:
        self._variant = variant
        self._calendar = calendar
        self._findings: dict[FindingKey, Finding] = {}
        self._episodes = Episodes()
        self._team_stages = team_stages
        self._desk = Desk(team_stages)

    def take(self, judgments: Judgments, world: World, at: datetime) -> None:
        """Settle and tell what was judged."""
        settled = settle(judgments, world, self._findings, at, self._calendar)
        findings = tell_once(settled.findings, judgments, world, self._team_stages)
        self._findings = {(each.rule_id, each.subject): each for each in findings}
        self._episodes.note(findings, world, at)
        self._desk.note(findings, world, at)

    def said(self) -> dict[str, dict[object, str]]:
        """Return, by rule, the subjects of all that stood at any time, and what they are called."""
        found: dict[str, dict[object, str]] = {}
        for each in self._episodes.all:
            found.setdefault(each.rule_id, {})[each.subject] = each.key
        return found

    def result(self, until: datetime) -> VariantRun:
        """Return what came of all days."""
        by_rule: dict[str, list[Episode]] = {rule.terms.id: [] for rule in self._variant.rules.rules}
        by_team: dict[tuple[str, str], list[Episode]] = {}
        for each in self._episodes.all:
            by_rule.setdefault(each.rule_id, []).append(each)
            by_team.setdefault((each.rule_id, each.team), []).append(each)
        figures = [figures_of(rule_id, None, found, until) for rule_id, found in by_rule.items()]
        figures += [figures_of(*key, found, until) for key, found in sorted(by_team.items())]
        return VariantRun(name=self._variant.name, figures=tuple(figures), costs=self._desk.costs())


def _joined(some: Judgments, others: Judgments) -> Judgments:
    """Return the judgments of two sets of rules without a common one."""
    return Judgments(
        holding=some.holding + others.holding,
        unknown=Joined([some.unknown, others.unknown]),
        rules=some.rules + others.rules,
        also_when=some.also_when | others.also_when,
    )
