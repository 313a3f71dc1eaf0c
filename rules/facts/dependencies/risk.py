"""Which active outcomes wait for an item, through which shortest chain, and how late it is for them."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from rules.facts.dependencies.lateness import latenesses_of
from rules.facts.dependencies.records import Late, LateBecause, Lateness
from rules.facts.expected import Expected, ExpectedSource, expectations_of
from rules.facts.fact import FactContext
from rules.facts.needs import Day, earlier
from rules.facts.play import play_of
from rules.facts.trace.records import OutcomeRecord, outcome_record
from rules.facts.trace.state import traces_of
from rules.twins import twins_of
from rules.waiting import Web, waiting_of
from syncd.model.outcomes import Outcome
from syncd.model.truth import Unknown

MOST = 10_000
"""So many items above an outcome's are looked at in one web, the nearest first."""
_KEYS = 25
"""So many keys of a chain are told: the first ones and the last."""


class Reach(msgspec.Struct, frozen=True):
    """How an item reaches an outcome that waits for it: ``onward`` is the next item, ``steps`` how many there are to
    one that serves it, which is ``end``; ``need`` is the earliest day that those on the way, and the outcome, are
    planned for.
    """

    onward: int
    end: int
    steps: int
    need: Day


class OutcomeRiskRecord(OutcomeRecord, frozen=True, kw_only=True, cache_hash=True):
    """An outcome that waits for an item. ``chain`` has the keys from the item to one that serves the outcome."""

    chain: tuple[str, ...]
    steps: int
    needed_by: date | Unknown | None
    expected_at: date | Unknown | None
    expected_source: ExpectedSource | Unknown | None
    late_by: int | Unknown | None
    late_because: LateBecause | Unknown | None


Reached = Mapping[int, Mapping[int, Reach]]
"""By outcome (its number) and item."""


class Risks:
    """What outcomes of a World wait for at a moment, web by web."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world = context.world
        self._play = play_of(context)
        self._traces = traces_of(context)
        self._twins = twins_of(context.world)
        self._waiting = waiting_of(context.world)
        self._lateness = latenesses_of(context)
        self._expectations = expectations_of(context)
        self._reached: dict[int, Reached] = {}
        self._doubts: dict[int, list[Unknown | None]] = {}

    def reached(self, web: Web) -> Reached:
        """Return what of a web each outcome waits for."""
        found = self._reached.get(web.nodes[0])
        if found is None:
            serving: dict[int, list[int]] = {}
            for node in web.nodes:
                for number in self.served(node):
                    serving.setdefault(number, []).append(node)
            found = {number: self._climb(web, number, nodes) for number, nodes in sorted(serving.items())}
            self._reached[web.nodes[0]] = found
        return found

    def served(self, node: int) -> list[int]:
        """Return the active outcomes that an item, or a twin of it, serves for sure."""
        traces, found = self._traces, set[int]()
        for face in self._twins.members(node):
            is_sure = traces.states[face] != "ambiguous" and traces.doubt(face) is None
            if is_sure and not self._world.rows[face].is_change:
                found.update(number for number in traces.levels.reached[face] if traces.is_active[number])
        return sorted(found)

    def _climb(self, web: Web, number: int, serving: Iterable[int]) -> Mapping[int, Reach]:
        """Return what an outcome's work waits for, the nearest first."""
        starts = set(serving)
        day = _day_of(self._world.roadmap.outcomes[number])
        found: dict[int, Reach] = {}
        level = sorted(starts)
        while level:
            nearer: dict[int, Reach] = {}
            for each in level:
                before = found[each] if each not in starts else Reach(each, each, 0, day)
                need = earlier(self._play.planned_for(each), before.need)
                for blocker in web.blockers.get(each, ()):
                    there = nearer.get(blocker)
                    if blocker not in found and (there is None or _is_sooner(need, there.need)):
                        nearer[blocker] = Reach(each, before.end, before.steps + 1, need)
            for blocker in sorted(nearer)[: MOST - len(found)]:
                found[blocker] = nearer[blocker]
            level = [blocker for blocker in sorted(nearer) if blocker in found and blocker not in starts]
        return found

    def lateness(self, position: int, number: int, reach: Reach) -> Lateness:
        """Return how late an item is for an outcome."""
        return self._lateness.for_outcome(position, reach.need, number)

    def waiting(self, position: int) -> tuple[OutcomeRiskRecord | Unknown, ...]:
        """Return the outcomes that wait for an item, the nearest first."""
        web = self._waiting.web(position)
        if web is None:
            dark = self._waiting.why_alone(position)
            return (dark,) if dark is not None else ()
        pairs = [(number, ways[position]) for number, ways in self.reached(web).items() if position in ways]
        found = tuple(self._record(web, position, *each) for each in sorted(pairs, key=lambda pair: pair[1].steps))
        doubt = self._doubt(web)[web.part_of[position]]
        return (*found, doubt) if doubt is not None else found

    def at_risk(self, position: int) -> tuple[OutcomeRiskRecord | Unknown, ...]:
        """Return those of them for which it comes too late."""
        found: list[OutcomeRiskRecord] = []
        unknown: Unknown | None = None
        for each in self.waiting(position):
            because = each if isinstance(each, Unknown) else each.late_because
            if isinstance(because, Unknown):
                unknown = unknown or because
            elif because is not None and isinstance(each, OutcomeRiskRecord):
                found.append(each)
        return (*found, unknown) if unknown else tuple(found)

    def _doubt(self, web: Web) -> list[Unknown | None]:
        """Return, by part, why an outcome may wait for it that is not known to."""
        found = self._doubts.get(web.nodes[0])
        if found is None:
            found = self._doubts[web.nodes[0]] = []
            for number, part in enumerate(web.parts):
                below = web.below(number)
                reasons = [web.unread_below.get(each) for each in part]
                reasons += [self._traces.doubt(each) for each in (*below, *(part if len(part) > 1 else ()))]
                reasons += [found[web.part_of[each]] for each in below]
                found.append(next((each for each in reasons if each is not None), None))
        return found

    def _record(self, web: Web, position: int, number: int, reach: Reach) -> OutcomeRiskRecord:
        late, expected = self.lateness(position, number, reach), self._expectations.of(position)
        base = msgspec.structs.asdict(outcome_record(self._world.roadmap.outcomes[number]))
        return OutcomeRiskRecord(
            **base,
            chain=self.keys(web, position, number),
            steps=reach.steps,
            needed_by=reach.need,
            expected_at=expected.on if isinstance(expected, Expected) else expected,
            expected_source=expected.source if isinstance(expected, Expected) else expected,
            late_by=late.by if isinstance(late, Late) else late,
            late_because=late.because if isinstance(late, Late) else late,
        )

    def keys(self, web: Web, position: int, number: int) -> tuple[str, ...]:
        """Return the keys of the shortest chain from an item to one that serves an outcome; of a long one not all."""
        ways, way = self.reached(web)[number], [position]
        reach = ways[position]
        while len(way) < min(reach.steps, _KEYS - 1):
            way.append(ways[way[-1]].onward)
        return tuple(self._world.rows[each].key for each in (*way, reach.end))


def _is_sooner(one: Day, other: Day) -> bool:
    """Return whether the one of two equally short chains is needed sooner; what is not known may be."""
    return one != other and earlier(one, other) == one and not isinstance(other, Unknown)


def _day_of(outcome: Outcome) -> date | None:
    days = [day for day in (outcome.launch.on, outcome.target_date) if day is not None]
    return min(days, default=None)


def risks_of(context: FactContext) -> Risks:
    """Return what outcomes of a context's World wait for at its moment."""
    key = ("risks", context.now, context.calendar)
    return context.world.once(key, lambda: Risks(context))
