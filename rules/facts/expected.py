"""When an item can be expected to be done: on the day that it is planned for, else as its outcome's forecast says."""

from datetime import date
from typing import Literal

import msgspec

from rules.facts.daily import forecasts_of
from rules.facts.fact import FactContext
from rules.facts.play import Need, play_of
from rules.facts.trace.state import traces_of
from syncd.model.items import StatusCategory
from syncd.model.truth import Unknown

ExpectedSource = Literal["field", "due_date", "sprint", "milestone", "version", "forecast"]
EXPECTED_SOURCES: tuple[ExpectedSource, ...] = ("field", "due_date", "sprint", "milestone", "version", "forecast")


class Expected(msgspec.Struct, frozen=True):
    """The day on which an item can be expected, and what says so."""

    on: date
    source: ExpectedSource


class Expectations:
    """When the items of a World can be expected to be done."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world = context.world
        self._play = play_of(context)
        self._known: dict[int, Expected | Unknown | None] = {}

    def of(self, position: int) -> Expected | Unknown | None:
        """Return when an item can be expected; None of what is done, and where nobody says."""
        if position not in self._known:
            self._known[position] = self._of(position)
        return self._known[position]

    def _of(self, position: int) -> Expected | Unknown | None:
        item = self._world.rows[position]
        dark = self._world.darks[position]
        if dark is not None:
            return dark
        if item.status_category is StatusCategory.DONE:
            return None
        planned = self._play.plan(position)
        if isinstance(planned, Need):
            return Expected(planned.on, planned.source)  # type: ignore[arg-type]
        return planned if planned is not None or item.is_change else self._forecast(position)

    def _forecast(self, position: int) -> Expected | Unknown | None:
        """Return the first day by which an active outcome that it serves is done with a certainty of 85 %."""
        traces = traces_of(self._context)
        doubt = traces.doubt(position)
        if doubt is not None:
            return doubt
        numbers = [each for each in traces.levels.reached[position] if traces.is_active[each]]
        if not numbers:
            return None
        forecasts, outcomes = forecasts_of(self._context), self._world.roadmap.outcomes
        found = [forecast for each in numbers if (forecast := forecasts.get(outcomes[each].id)) is not None]
        days = [forecast.p85 for forecast in found if forecast.p85 is not None]
        if days:
            return Expected(min(days), "forecast")
        why = next((forecast.unknown for forecast in found if forecast.unknown), "")
        return Unknown(why) if why else None


def expectations_of(context: FactContext) -> Expectations:
    """Return when the items of a context's World can be expected at its moment."""
    key = ("expectations", context.now, context.calendar)
    return context.world.once(key, lambda: Expectations(context))
