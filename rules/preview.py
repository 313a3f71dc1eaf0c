"""What an edit of rules would change now: only the rules that it makes other ones are judged, before and after."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from rules.engine import RuleSet
from rules.language.calendar import Calendar
from rules.world import World
from syncd.model.findings import Judgment, Subject

_WEEKDAYS = Calendar()
_SHOWN = 5


class RulePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one rule: for how many subjects it holds that it did not hold for, and the other way round.

    ``changed_count``: for so many it holds as before, and says or weighs something else. Examples are a few of the
    subjects, in order.
    """

    rule_id: str
    title: str
    added_count: int = 0
    resolved_count: int = 0
    changed_count: int = 0
    added: tuple[Subject, ...] = ()
    resolved: tuple[Subject, ...] = ()
    changed: tuple[Subject, ...] = ()


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of every rule that is new, gone or another one than before, by id."""

    rules: tuple[RulePreview, ...] = ()

    @property
    def added_count(self) -> int:
        """Return how many findings would come."""
        return sum(rule.added_count for rule in self.rules)

    @property
    def resolved_count(self) -> int:
        """Return how many findings would go."""
        return sum(rule.resolved_count for rule in self.rules)


def edited(old: RuleSet, new: RuleSet) -> frozenset[str]:
    """Return the ids of the rules that only one set has, or that mean something else in the other."""
    before = {rule.terms.id: rule.terms.version for rule in old.rules}
    after = {rule.terms.id: rule.terms.version for rule in new.rules}
    return frozenset(each for each in before.keys() | after.keys() if before.get(each) != after.get(each))


def preview(
    old: RuleSet,
    new: RuleSet,
    world: World,
    now: datetime,
    calendar: Calendar = _WEEKDAYS,
    *,
    old_world: World | None = None,
    old_calendar: Calendar | None = None,
) -> Preview:
    """Judge the edited rules as they were and as they would be, and tell them apart; nothing else is judged.

    ``old_world`` is given where the roadmap or the places were edited too, ``old_calendar`` where the working days
    were: then every rule may find something else.
    """
    ids = edited(old, new)
    if old_world is not None or old_calendar is not None:
        ids = frozenset(rule.terms.id for rule in (*old.rules, *new.rules))
    before = _holding(old.with_rules(ids), old_world or world, now, old_calendar or calendar)
    after = _holding(new.with_rules(ids), world, now, calendar)
    titles = {rule.terms.id: rule.terms.title for rule in (*old.rules, *new.rules)}
    return Preview(
        rules=tuple(_told(each, titles[each], before.get(each, {}), after.get(each, {})) for each in sorted(ids))
    )


Found = dict[Subject, Judgment]


def _holding(rules: RuleSet, world: World, now: datetime, calendar: Calendar) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for judgment in rules.evaluate(world, now, calendar=calendar).holding:
        found.setdefault(judgment.rule.id, {})[judgment.subject] = judgment
    return found


def _told(rule_id: str, title: str, before: Found, after: Found) -> RulePreview:
    added, resolved = after.keys() - before.keys(), before.keys() - after.keys()
    both = before.keys() & after.keys()
    changed = [each for each in both if _said(before[each]) != _said(after[each])]
    return RulePreview(
        rule_id=rule_id,
        title=title,
        added_count=len(added),
        resolved_count=len(resolved),
        changed_count=len(changed),
        added=_first(added),
        resolved=_first(resolved),
        changed=_first(changed),
    )


def _said(judgment: Judgment) -> tuple[object, ...]:
    return judgment.severity, judgment.message, judgment.why, judgment.fix, judgment.fix_by_tracker


def _first(subjects: Iterable[Subject]) -> tuple[Subject, ...]:
    return tuple(sorted(subjects)[:_SHOWN])
