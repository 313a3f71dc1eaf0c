"""What a case says was measured and forecast: the parts of a day's snapshot that it states; the rest is worked out."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from rules.language.calendar import Calendar
from syncd.complaints import did_you_mean, one_of
from syncd.documents import Loc
from syncd.model.outcomes import Outcome
from syncd.model.snapshots import Flow, Forecast, Snapshot
from syncd.testing.layers import Layer
from syncd.testing.moments import EXPECTED, day_of
from syncd.testing.notes import Notes
from syncd.testing.texts import FlowText, ForecastText, SceneText


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """Forecasts and flows as stated, by outcome and by team."""

    forecasts: Mapping[str, Forecast] = {}
    outcome_flows: Mapping[str, Flow] = {}
    team_flows: Mapping[str, Flow] = {}

    def __bool__(self) -> bool:
        """Say whether anything is stated."""
        return bool(self.forecasts or self.outcome_flows or self.team_flows)

    def over(self, worked_out: Snapshot) -> Snapshot:
        """Return a snapshot with what is stated in place of what was worked out."""
        return replace(
            worked_out,
            forecasts={**worked_out.forecasts, **self.forecasts},
            outcome_flows={**worked_out.outcome_flows, **self.outcome_flows},
            team_flows={**worked_out.team_flows, **self.team_flows},
        )


class Measurements:
    """What the layers of a case state of forecasts and flows; of each the last word counts."""

    def __init__(self, notes: Notes, calendar: Calendar) -> None:
        self._notes = notes
        self._calendar = calendar
        self._forecasts: dict[str, Layer[ForecastText]] = {}
        self._flows: dict[str, Layer[FlowText]] = {}

    def add(self, text: SceneText, loc: Loc, now: datetime) -> None:
        """Take what a layer says."""
        for name, forecast in text.forecasts.items():
            self._forecasts[name] = Layer(forecast, (*loc, "forecasts", name), now)
        for name, flow in text.flows.items():
            self._flows[name] = Layer(flow, (*loc, "flows", name), now)

    def stated(self, outcomes: Mapping[str, Outcome], teams: Collection[str]) -> Measured:
        """Return what is stated; what is wrong is noted."""
        forecasts = {
            name.removeprefix("outcome:"): self._forecast(layer, outcomes)
            for name, layer in self._forecasts.items()
            if self._is_known(name.removeprefix("outcome:"), "outcome", outcomes, layer.loc)
        }
        of_outcomes, of_teams = {}, {}
        for name, layer in self._flows.items():
            team = name.removeprefix("team:")
            if team != name or (name not in outcomes and name in teams):
                if self._is_known(team, "team", teams, layer.loc):
                    of_teams[team] = _flow(layer.text)
            elif self._is_known(name.removeprefix("outcome:"), "outcome", outcomes, layer.loc, teams):
                of_outcomes[name.removeprefix("outcome:")] = _flow(layer.text)
        return Measured(forecasts=forecasts, outcome_flows=of_outcomes, team_flows=of_teams)

    def _is_known(self, name: str, kind: str, known: Collection[str], loc: Loc, others: Collection[str] = ()) -> bool:
        if name in known:
            return True
        names = sorted({*known, *others})
        near = did_you_mean(name, names) or (f" There is: {one_of(names)}." if names else "")
        what = f"{kind} or team" if others else kind
        self._notes.refuse(loc, f"no {what} '{name}' in this case.{near}", on_key=True)
        return False

    def _forecast(self, layer: Layer[ForecastText], outcomes: Mapping[str, Outcome]) -> Forecast:
        text = layer.text
        outcome = outcomes[str(layer.loc[-1]).removeprefix("outcome:")]
        if text.unknown and text.model_fields_set & {"p50", "p85", "late_probability"}:
            self._notes.refuse(layer.loc, "it is either unknown, or has p50, p85 and late_probability")
        return Forecast(
            p50=self._day(layer, "p50"),
            p85=self._day(layer, "p85"),
            late_probability=text.late_probability,
            target_date=outcome.target_date,
            remaining_count=text.remaining,
            growth_per_week=text.growth_per_week,
            per_week=text.per_week,
            unknown=text.unknown,
            needed_count=text.needed,
        )

    def _day(self, layer: Layer[ForecastText], field: str) -> date | None:
        written = getattr(layer.text, field)
        if written is None:
            return None
        found = day_of(written, layer.now, self._calendar)
        if found is None:
            self._notes.refuse((*layer.loc, field), f"read '{written}'; expected {EXPECTED}")
        return found


def _flow(text: FlowText) -> Flow:
    return Flow(
        weekly=tuple(text.weekly),
        arrived=tuple(text.arrived),
        week_count=len(text.weekly),
        finished_count=sum(text.weekly),
        cycle_count=text.cycle_count if text.cycle_count is not None else sum(text.weekly),
        cycle_p50=text.cycle_p50,
        cycle_p85=text.cycle_p85,
        unknown=text.unknown,
    )
