"""The shape of a roadmap file, as an admin writes it."""

import re
from datetime import date
from typing import Annotated, Literal

import pydantic
from pydantic import AfterValidator, Field, JsonValue

from syncd.model.identity import Ref
from syncd.model.outcomes import MilestoneName

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"
ITEM_PATTERN = (
    r"^[A-Za-z0-9_-]+:([A-Za-z][A-Za-z0-9_]*-[0-9]+|[A-Za-z0-9._-]+/[A-Za-z0-9._-]+#[0-9]+)$|^https?://[^\s]+$"
)
MILESTONE_PATTERN = r"^[A-Za-z0-9_-]+:[^\s:]+:\s+[^\s].*$"
SHARE_PATTERN = r"^([0-9]|[1-9][0-9]|100)%$"


def _fits(pattern: str, expected: str) -> AfterValidator:
    compiled = re.compile(pattern.replace("$", r"\Z"))

    def check(text: str) -> str:
        if not compiled.match(text):
            raise ValueError(f"read '{' '.join(text.split())[:60]}'; expected {expected}")
        return text

    return AfterValidator(check)


OutcomeId = Annotated[
    str,
    _fits(ID_PATTERN, "an id of letters, digits, '.', '_' and '-', at most 60 of them: it stands in a label"),
    Field(json_schema_extra={"pattern": ID_PATTERN}),
]
ItemText = Annotated[
    str,
    _fits(ITEM_PATTERN, "an item as tracker:key, such as jira:PAY-88 or github:acme/checkout#12, or its address"),
    Field(json_schema_extra={"pattern": ITEM_PATTERN}),
]
MilestoneText = Annotated[
    str,
    _fits(MILESTONE_PATTERN, "a milestone as 'tracker:place: title', such as 'jira:PAY: 26.12', in quotes"),
    Field(json_schema_extra={"pattern": MILESTONE_PATTERN}),
]
ShareText = Annotated[
    str, _fits(SHARE_PATTERN, "a share such as 20%"), Field(json_schema_extra={"pattern": SHARE_PATTERN})
]
MatchText = Annotated[JsonValue, Field(json_schema_extra={"match": True})]
"""A condition over an item's fields, kind, team and place; the schema puts that in its place."""
Words = Annotated[str, Field(min_length=1)]


def item_ref(text: str) -> Ref:
    """Return the reference that a valid ItemText is."""
    if text.startswith(("http://", "https://")):
        return Ref(url=text)
    tracker, _, key = text.partition(":")
    return Ref(tracker=tracker, key=key)


def milestone_name(text: str) -> MilestoneName:
    """Return the milestone that a valid MilestoneText names."""
    tracker, place, title = text.split(":", 2)
    return MilestoneName(tracker, place, title.strip())


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


class MeasureText(_Text):
    """How an outcome is measured."""

    id: Words
    name: str = ""
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    readings: str = Field(default="", description="A file of readings, beside the roadmap.")


class TrackedInText(_Text):
    """Where an outcome's work hangs."""

    items: list[ItemText] = Field(default=[], description="Items by tracker and key: work under them serves it.")
    milestones: list[MilestoneText] = Field(default=[], description="Milestones or versions by place and title.")
    labels: list[Words] = Field(default=[], description="Labels, besides outcome:ID, which always counts.")


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
        default="active", description="Where it is in its life."
    )
    reason: str = Field(default="", description="Why it is not now, paused or dropped.")
    revisit: date | None = Field(default=None, description="When to look at it again.")
    period: str = Field(default="", description="Its planning period, where it is not the roadmap's.")
    owner: OwnerText | None = Field(default=None, description="Who answers for it.")
    target_date: date | None = Field(default=None, description="When it should be true.")
    measures: list[MeasureText] = Field(default=[], description="How it is measured.")
    tracked_in: TrackedInText = Field(default=TrackedInText(), description="Where its work hangs in the trackers.")
    launch: LaunchText | None = Field(default=None, description="When it ships, and its gates.")
    visibility: Literal["internal", "public"] = Field(
        default="internal", description="Whether outsiders may read its title."
    )


class BudgetText(_Text):
    """The share of the work that standing work should take."""

    min: ShareText | None = None
    max: ShareText | None = None


class StandingText(_Text):
    """Work that is always right, without an outcome."""

    id: OutcomeId
    title: Words
    match: MatchText = Field(description="Which items: a condition over fields, kind, team and place.")
    budget: BudgetText = BudgetText()


class ExemptText(_Text):
    """Items that need no outcome, for a reason and until a day."""

    match: MatchText = Field(description="Which items: a condition over fields, kind, team and place.")
    reason: Words = Field(description="Why they need none.")
    until: date | None = Field(default=None, description="The last day on which this holds.")


class RoadmapText(_Text):
    """A roadmap file; several are read as one."""

    period: PeriodText | None = Field(default=None, description="The planning period.")
    outcomes: list[OutcomeText] = Field(default=[], description="What the work is for.")
    standing: list[StandingText] = Field(default=[], description="Work that is always right, without an outcome.")
    exempt: list[ExemptText] = Field(default=[], description="Items that need no outcome.")
