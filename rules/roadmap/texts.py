"""The shape of a roadmap file, as an admin writes it."""

from datetime import date
from typing import Annotated, Literal

import pydantic
from pydantic import Field, JsonValue

from rules.roadmap.words import ItemText, MilestoneText, OutcomeId, ShareText, Words, share
from syncd.calendar_text import CalendarText

MatchText = Annotated[JsonValue, Field(json_schema_extra={"match": True})]
"""A condition over an item's fields, kind, team and place; the schema puts that in its place."""


class _Text(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class PeriodText(_Text):
    """The planning period; both days belong to it."""

    id: Words = Field(description="How people call it, such as 2026-Q4.")
    from_: date = Field(alias="from", description="Its first day.")
    to: date = Field(description="Its last day.")

    @pydantic.model_validator(mode="after")
    def _ends_after_it_starts(self) -> "PeriodText":
        if self.to < self.from_:
            raise ValueError(f"the period ends on {self.to}, before it begins on {self.from_}")
        return self


class OwnerText(_Text):
    """Who answers for an outcome."""

    name: Words = Field(description="For people to read.")
    accounts: dict[str, Words] = Field(default={}, description="The owner's account, by the tracker's name.")


Owner = Words | OwnerText
"""Who answers: a name, or a name with accounts."""


class ReadingText(_Text):
    """What a measure was on a day."""

    on: date = Field(description="The day it was read.")
    value: float = Field(description="What it was, in the measure's unit.", allow_inf_nan=False)


class MeasureText(_Text):
    """How an outcome is measured."""

    id: Words = Field(description="How `syncd measure` and files of readings call it.")
    name: str = Field(default="", description="For people to read.")
    unit: str = Field(default="", description="What its numbers are in, such as s or %.")
    baseline: float | None = Field(default=None, description="What it was before the work.", allow_inf_nan=False)
    target: float | None = Field(default=None, description="What it shall become.", allow_inf_nan=False)
    readings: Words | list[ReadingText] = Field(
        default=[], description="What it was on which day, oldest first; or a CSV file, by its path in the workspace."
    )


class TrackedInText(_Text):
    """Where an outcome's work hangs."""

    items: list[ItemText] = Field(default=[], description="Items by tracker and key: work under them serves it.")
    milestones: list[MilestoneText] = Field(default=[], description="Milestones or versions by place and title.")
    labels: list[Words] = Field(default=[], description="Labels, besides outcome:ID, which always counts.")

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is named."""
        return not (self.items or self.milestones or self.labels)


class LaunchText(_Text):
    """When an outcome ships, and what must be done first."""

    on: date = Field(alias="date", description="The day it ships.")
    gates: dict[str, ItemText] = Field(default={}, description="Items that must be done, by the gate's name.")


class OutcomeText(_Text):
    """One outcome."""

    id: OutcomeId = Field(description="Work names it: label outcome:ID, or a line 'Outcome: ID'.")
    title: Words = Field(description="What will be true, in the words of those it is for.")
    why: str = Field(default="", description="Why it matters.")
    horizon: Literal["now", "next", "later", "not_now"] = Field(
        default="now", description="When it is worked on; not_now with a reason and a day to look again."
    )
    status: Literal["active", "paused", "achieved", "dropped"] = Field(
        default="active", description="Where it is in its life; paused and dropped with a reason."
    )
    reason: str = Field(default="", description="Why it is not now, paused or dropped.")
    revisit: date | None = Field(default=None, description="When to look at it again.")
    decide_by: date | None = Field(
        default=None, description="Of a dropped outcome: the day by which its open work is decided on."
    )
    period: str = Field(default="", description="Its planning period, where it is not the roadmap's.")
    owner: Owner | None = Field(default=None, description="Who answers for it.")
    target_date: date | None = Field(default=None, description="When it should be true.")
    measures: list[MeasureText] = Field(default=[], description="How it is measured.")
    tracked_in: TrackedInText = Field(default=TrackedInText(), description="Where its work hangs in the trackers.")
    launch: LaunchText | None = Field(default=None, description="When it ships, and its gates.")
    depends_on: list[OutcomeId] = Field(default=[], description="Outcomes that must be true before it can be.")
    was: list[OutcomeId] = Field(default=[], description="Ids it had before: work that names one still serves it.")
    split_into: list[OutcomeId] = Field(default=[], description="The outcomes that it became.")
    merged_into: OutcomeId | None = Field(default=None, description="The outcome that it became a part of.")
    revision: str = Field(
        default="", description="Change it where the outcome's meaning changed: what was linked before is asked about."
    )
    visibility: Literal["internal", "public"] = Field(
        default="internal", description="Whether outsiders may read its title."
    )

    @property
    def is_succeeded(self) -> bool:
        """Return whether it lives on in others, and no longer itself."""
        return bool(self.split_into) or self.merged_into is not None


class BudgetText(_Text):
    """The share of the work that standing work should take."""

    min: ShareText | None = Field(default=None, description="At least so much, such as 20%.")
    max: ShareText | None = Field(default=None, description="At most so much, such as 40%.")

    @pydantic.model_validator(mode="after")
    def _leaves_room(self) -> "BudgetText":
        least, most = share(self.min), share(self.max)
        if least is not None and most is not None and most < least:
            raise ValueError(f"at most {self.max} is less than at least {self.min}")
        return self


class StandingText(_Text):
    """Work that is always right, without an outcome."""

    id: OutcomeId
    title: Words
    match: MatchText = Field(description="Which items: a condition over fields, kind, team and place.")
    budget: BudgetText = Field(default=BudgetText(), description="The share of the work that it should take.")


class ExemptText(_Text):
    """Items that need no outcome, for a reason and until a day."""

    match: MatchText = Field(description="Which items: a condition over fields, kind, team and place.")
    reason: Words = Field(description="Why they need none.")
    until: date | None = Field(default=None, description="The last day on which this holds.")


class RoadmapText(_Text):
    """A roadmap file; several are read as one."""

    owner: Owner | None = Field(default=None, description="Who answers for the outcomes of this file that name nobody.")
    period: PeriodText | None = Field(default=None, description="The planning period.")
    calendar: CalendarText | None = Field(
        default=None, description="Its working days, where they are not syncd.yaml's."
    )
    outcomes: list[OutcomeText] = Field(default=[], description="What the work is for.")
    standing: list[StandingText] = Field(default=[], description="Work that is always right, without an outcome.")
    exempt: list[ExemptText] = Field(default=[], description="Items that need no outcome.")
