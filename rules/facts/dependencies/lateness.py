"""Whether a blocker comes too late for what waits for it, by how much, and what says so."""

from datetime import date

from rules.facts.dependencies.records import Late, Lateness
from rules.facts.expected import Expected, expectations_of
from rules.facts.fact import FactContext
from rules.facts.needs import Day
from rules.facts.play import Need, play_of
from rules.facts.trace.state import traces_of
from rules.language.calendar import Calendar
from syncd.model.truth import Unknown


class Latenesses:
    """How late blockers are at a moment."""

    def __init__(self, context: FactContext) -> None:
        self._calendar = context.calendar
        self._today = context.calendar.day(context.now)
        self._play = play_of(context)
        self._traces = traces_of(context)
        self._expectations = expectations_of(context)

    def of_pair(self, blocker: int, waiting: int) -> Lateness:
        """Return how late a blocker is for an item that waits for it."""
        need = self._play.need(waiting)
        expected = self._expected(blocker, waiting)
        return lateness(expected, need.on if isinstance(need, Need) else need, self._today, self._calendar)

    def for_outcome(self, blocker: int, need: Day, outcome: int) -> Lateness:
        """Return how late a blocker is for an outcome (by its number) that needs it on a day."""
        is_own = outcome in self._traces.levels.reached[blocker]
        expected = None if is_own and self._play.plan(blocker) is None else self._expectations.of(blocker)
        return lateness(expected, need, self._today, self._calendar)

    def _expected(self, blocker: int, waiting: int) -> Expected | Unknown | None:
        """Return when a blocker can be expected; a forecast of an outcome that both serve says nothing of its parts."""
        if self._play.plan(blocker) is None:
            reached, active = self._traces.levels.reached, self._traces.is_active
            own = {each for each in reached[blocker] if active[each]}
            if own:
                doubt = self._traces.doubt(waiting)
                if doubt is not None:
                    return doubt
                if not own.isdisjoint(reached[waiting]):
                    return None
        return self._expectations.of(blocker)


def lateness(expected: Expected | Unknown | None, need: Day, today: date, calendar: Calendar) -> Lateness:
    """Return how late is what is open and can be expected on a day, where it is needed on another; None where it is in
    time, or nobody says when it comes. Days that nobody works between the two are no delay.
    """
    if not isinstance(expected, Expected):
        return expected
    if expected.source != "forecast" and calendar.worked_between(expected.on, today):
        if isinstance(need, Unknown):
            return Late(need, "overdue")
        since = expected.on if need is None else min(expected.on, need)
        return Late(calendar.worked_between(since, today), "overdue")
    if need is None or isinstance(need, Unknown):
        return need
    by = calendar.worked_between(need, expected.on)
    return Late(by, expected.source) if by else None


def latenesses_of(context: FactContext) -> Latenesses:
    """Return how late blockers are in a context's World at its moment."""
    key = ("latenesses", context.now, context.calendar)
    return context.world.once(key, lambda: Latenesses(context))
