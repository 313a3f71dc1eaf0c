"""What a subject holds now beside what was agreed: what came, what went, what became larger; in positions."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from rules.facts.fact import FactContext
from rules.facts.trace.state import traces_of
from rules.scope.holding import Held, baseline_of, held_by
from rules.world import NOWHERE, World
from syncd.model.baselines import Baseline, Member
from syncd.model.findings import About, Subject
from syncd.model.identity import ItemId
from syncd.model.truth import Unknown

EPIC = "epic"
"""The kind of items that don't stand for what is below them."""
_LOST = Unknown("an item that was agreed can't be found")


class Drift:
    """One subject beside its newest baseline. Everything is worked out when it is first asked for, and is linear."""

    def __init__(self, context: FactContext, subject: Subject, baseline: Baseline, held: Held) -> None:
        self.context = context
        self.subject = subject
        self.baseline = baseline
        self.held = held
        self._world: World = context.world

    @cached_property
    def agreed(self) -> dict[int, Member]:
        """Return the agreed items that can be read now, by position, wherever they are; those not counted, too."""
        positions = self._world.positions
        return {positions[each.item]: each for each in self.baseline.members if each.item in positions}

    @cached_property
    def kept(self) -> Sequence[int]:
        """Return the items that were agreed and counted, and are still there."""
        return [each for each, member in self.agreed.items() if member.is_counted and each in self.held.members]

    @cached_property
    def added(self) -> Sequence[int]:
        """Return what counts now and was not agreed. What is below an agreed item that counted is a part of that one,
        unless it is an epic: an epic's work is written one by one."""
        return [each for each in self.held.counted if each not in self.agreed and each not in self._parts]

    @cached_property
    def _parts(self) -> set[int]:
        world, waiting = self._world, [each for each in self.kept if self._stands_for_parts(each)]
        found: set[int] = set()
        for each in waiting:
            for child in world.children_of.get(each, NOWHERE):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return found

    def _stands_for_parts(self, position: int) -> bool:
        return self._world.lexicons[position].kind(self._world.rows[position]) != EPIC

    @cached_property
    def removed(self) -> Sequence[Member]:
        """Return the items that were agreed and counted, and are not there any more, as far as that is known."""
        return [each for each in self._missing if self._doubt(each) is None]

    @cached_property
    def removed_unknown(self) -> Unknown | None:
        """Return why more may have been removed."""
        return next((why for each in self._missing if (why := self._doubt(each)) is not None), None)

    @property
    def _missing(self) -> Iterator[Member]:
        positions, members = self._world.positions, self.held.members
        return (each for each in self.baseline.counted if positions.get(each.item, -1) not in members)

    def _doubt(self, member: Member) -> Unknown | None:
        """Return why it is not known whether an item that does not show was taken out."""
        position = self._world.positions.get(member.item)
        if position is None:
            return None if member.item in self._world.gone else _LOST
        dark = self._world.darks[position]
        if dark is None and self.subject.about == About.OUTCOME.value:
            return traces_of(self.context).doubt(position)
        return dark

    @cached_property
    def re_estimated(self) -> Sequence[tuple[int, float | None, float | None]]:
        """Return the agreed items that have another estimate now: position, then, now."""
        rows, lexicons = self._world.rows, self._world.lexicons
        pairs = ((each, self.agreed[each].estimate, lexicons[each].estimate(rows[each])) for each in self.kept)
        return [pair for pair in pairs if pair[1] != pair[2]]

    @cached_property
    def upward(self) -> Sequence[int]:
        """Return those of them that became larger; a first estimate makes nothing larger."""
        return [each for each, then, now in self.re_estimated if then is not None and now is not None and now > then]

    @property
    def growth(self) -> float | None:
        """Return how much was added or became larger, in items, beside what was agreed; None where that is nothing."""
        agreed = len(self.baseline.counted)
        return (len(self.added) + len(self.upward)) / agreed if agreed else None

    @property
    def estimate_growth(self) -> float | Unknown | None:
        """Return the same in the one team's unit; unknown where the units of several mix, or an estimate lacks."""
        agreed, rows, lexicons = self.baseline.counted, self._world.rows, self._world.lexicons
        teams = {each.team for each in agreed} | {lexicons[each].team(rows[each]) for each in self.added}
        if len(teams) > 1:
            return Unknown("it is the work of several teams, whose units differ")
        came = [(rows[each].key, lexicons[each].estimate(rows[each])) for each in self.added]
        sizes = [(each.key, each.estimate) for each in agreed] + came
        lacking = next((key for key, size in sizes if size is None), None)
        if lacking is not None:
            return Unknown(f"{lacking} has no estimate")
        if any(size is not None and size < 0 for _, size in sizes):
            return Unknown("an estimate is below zero")
        total = sum(each.estimate or 0 for each in agreed)
        larger = sum(now - then for _, then, now in self.re_estimated if then is not None and now and now > then)
        return (sum(size or 0 for _, size in came) + larger) / total if total else None

    @property
    def item_count(self) -> int:
        """Return how many there are now: those agreed, without what was removed and with what was added."""
        return len(self.kept) + len(self.added)

    @property
    def done_count(self) -> int:
        """Return how many of these are done."""
        return sum(not self._world.is_open(each) for each in (*self.kept, *self.added))


class Drifts:
    """What became of everything that has a baseline."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._baselines = context.world.given.baselines
        self._made: dict[Subject, Drift | None] = {}
        positions = context.world.positions
        self.positions = {
            positions[each.id]: each
            for each in self._baselines
            if each.about == About.ITEM.value and each.id in positions
        }
        """The items that have a baseline, by position."""

    @cached_property
    def agreed_in(self) -> dict[ItemId, list[Subject]]:
        """Return what each item was agreed to be in, by the newest baselines."""
        found: dict[ItemId, list[Subject]] = {}
        for subject in self._baselines:
            baseline = baseline_of(self._context.world, subject, self._context.now)
            for member in baseline.counted if baseline is not None else ():
                found.setdefault(member.item, []).append(subject)
        return found

    def of(self, subject: Subject) -> Drift | None:
        """Return a subject beside its baseline; None where it has none, or is not there."""
        if subject not in self._made:
            self._made[subject] = self._drift(subject)
        return self._made[subject]

    def _drift(self, subject: Subject) -> Drift | None:
        baseline = baseline_of(self._context.world, subject, self._context.now)
        held = held_by(self._context, subject) if baseline is not None else None
        return Drift(self._context, subject, baseline, held) if baseline is not None and held is not None else None


def drifts_of(context: FactContext) -> Drifts:
    """Return what became of everything that has a baseline in a context's World, at its moment."""
    given = context.world.given.baselines
    # ``World.agree`` makes another mapping; the old one is kept alive by what was made of it, so ids are not reused.
    return context.world.once(("drifts", context.now, context.calendar, id(given)), lambda: Drifts(context))
