"""The shape of a file of rule cases, as an admin writes it."""

from typing import Annotated, Any, Literal, TypeAlias

import pydantic
from pydantic import AfterValidator, Field, JsonValue

from rules.language import spans
from rules.roadmap.texts import OutcomeText
from rules.schema import DIALECT
from syncd.calendar_text import CalendarText
from syncd.testing import moments
from syncd.testing.expectations import KEY_PATTERN, SAID_PATTERN

Category: TypeAlias = Literal["todo", "in_progress", "done"]
EventField: TypeAlias = Literal[
    "status", "resolution", "title", "body", "type", "priority", "parent", "estimate", "due_on", "key", "labels",
    "components", "assignees", "milestones", "sprints",
]  # fmt: skip


def _is_span(text: str) -> str:
    if spans.span_of(text) is None:
        raise ValueError(f"read '{text[:60]}'; expected {spans.EXPECTED}")
    return text


MomentText = Annotated[str, Field(json_schema_extra={"pattern": moments.PATTERN})]
DayText = Annotated[
    str, Field(json_schema_extra={"pattern": moments.PATTERN}, description="A day: 2026-12-01, in 3wd, 2d ago, today.")
]
SpanText = Annotated[str, AfterValidator(_is_span), Field(json_schema_extra={"pattern": spans.PATTERN})]
Word = Annotated[str, Field(min_length=1)]
KeyText = Annotated[str, Field(min_length=1, json_schema_extra={"pattern": KEY_PATTERN})]
Words = str | list[Word]
Keys = KeyText | list[KeyText]
Targets = KeyText | list[KeyText] | dict[KeyText, Category]


# What stands for a whole list or mapping is text here and looked at later: a union with a literal tells of a mistake in
# the list twice.
Unknown = Annotated[str, Field(json_schema_extra={"const": "unknown"})]
Workspace = Annotated[str, Field(json_schema_extra={"const": "workspace"})]
Nothing = Annotated[str, Field(json_schema_extra={"const": "nothing"})]
All = Annotated[str, Field(json_schema_extra={"const": "all"})]


class _Text(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class ChangeText(_Text):
    """One change of one field of an item, in its past."""

    at: MomentText = Field(description="When it was changed.")
    field: EventField = Field(description="What was changed.")
    before: str = Field(default="", alias="from", description="What it was; of a member that came, nothing.")
    after: str = Field(default="", alias="to", description="What it became; of a member that went, nothing.")
    by: str = Field(default="", description="Who changed it.")


class ItemText(_Text):
    """One item. What is not said is as it is on an ordinary open item that nobody touched for two weeks."""

    type: str = Field(default="", description="The tracker's type; trackers.yaml makes a kind of it.")
    kind: Word | None = Field(default=None, description="Our kind, in place of a type: bug, feature, epic, …")
    title: str | None = None
    body: str = ""
    status: Word = Field(default="todo", description="todo, in_progress, done, or the tracker's own word.")
    category: Category | None = Field(default=None, description="What a status of the tracker's own is for us.")
    resolution: str = ""
    priority: str = ""
    rank: str = Field(default="", description="Its place in the backlog: text that sorts.")
    labels: Words = []
    components: Words = []
    assignees: Words = []
    reporter: str = ""
    team: str = Field(default="", description="The team that its field names, where trackers.yaml maps one.")
    estimate: float | None = None
    fields: dict[Word, str | float | bool | list[str]] = Field(default={}, description="Other fields by their names.")
    parent: KeyText | None = None
    sprint: Words = Field(default=[], description="active, future, closed, or a name; several as a list.")
    milestone: Words = Field(default=[], description="By title; several as a list.")
    version: Words = Field(default=[], description="By name; several as a list.")
    blocks: Targets = []
    blocked_by: Targets = []
    implements: Targets = []
    duplicates: Targets = []
    mirrors: Targets = []
    split_from: Targets = []
    relates_to: Targets = []
    closes: Targets = Field(default=[], description="Of a pull request: what it closes.")
    pull_request: bool = False
    due_on: DayText | None = None
    created: MomentText | None = Field(default=None, description="Without it, 60 days ago.")
    changed: MomentText | None = Field(default=None, description="The newest change; without it, two weeks ago.")
    active: MomentText | None = Field(default=None, description="The newest comment or change that isn't ours.")
    closed: MomentText | None = None
    restricted: bool = Field(default=False, description="Under a security level.")
    said_at_start: str | None = Field(default=None, description="What its text was when its work began.")
    history: list[ChangeText] | Unknown = Field(
        default=[], description="What was changed, or unknown; without it, nothing was since it was created."
    )


class ContainerText(_Text):
    """A sprint, milestone or version."""

    state: Literal["future", "active", "closed"] = "active"
    starts: DayText | None = None
    ends: DayText | None = None
    place: Word | None = Field(default=None, description="The project or repository of a milestone or version.")


class BaselineText(_Text):
    """What was agreed of an outcome, an epic or another parent, a sprint, milestone or version."""

    at: MomentText = Field(description="When it was taken.")
    items: list[KeyText] | dict[KeyText, float | None] = Field(
        default=[], description="Which items it held; as a mapping, with what each was estimated at then."
    )
    began: MomentText | None = Field(
        default=None, description="When the work began that the settling time counts from."
    )
    by: str = Field(default="", description="Who took it, where a person did.")
    reason: str = Field(default="", description="Why, where a person took it.")


Count = Annotated[int, Field(ge=0, le=1_000_000)]


class ForecastText(_Text):
    """What is forecast of an outcome, in place of what would be worked out."""

    p50: DayText | None = None
    p85: DayText | None = None
    late_probability: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="Of missing its target date, from 0 to 1."
    )
    remaining: Count = 0
    per_week: Annotated[float, Field(ge=0)] = Field(default=0.0, description="How many items are finished a week.")
    growth_per_week: Annotated[float, Field(ge=0)] = Field(default=0.0, description="How many items come a week.")
    unknown: str = Field(default="", description="Why there is none: too little history.")
    needed: Count = Field(default=0, description="How many more finished items it would take.")


class FlowText(_Text):
    """How work of an outcome or a team was finished, in place of what would be measured."""

    weekly: list[Count] = Field(default=[], description="Finished items of each week, oldest first.")
    arrived: list[Count] = Field(default=[], description="Of an outcome: items added in each week.")
    cycle_p50: Annotated[float, Field(ge=0)] | None = Field(default=None, description="Days from begun to done.")
    cycle_p85: Annotated[float, Field(ge=0)] | None = Field(default=None, description="Days from begun to done.")
    cycle_count: Count | None = Field(default=None, description="Of how many items; without it, of all finished ones.")
    unknown: str = Field(default="", description="Why nothing of it is known.")


class FindingText(_Text):
    """What a rule shall say of one subject."""

    state: Literal["holds", "told", "labelled", "silent", "pending", "clearing", "unknown", "not"] = "told"
    told_on: Keys = Field(default=[], description="Where label and comment stand; without it, the item itself.")
    severity: Literal["info", "warning", "critical"] | None = None
    says: Words = Field(default=[], description="Words that its message, why or fix has in it.")


SaidText = Annotated[str, Field(json_schema_extra={"pattern": SAID_PATTERN})]
ExpectedText: TypeAlias = KeyText | list[KeyText] | dict[KeyText, SaidText | FindingText]
ExpectText: TypeAlias = Nothing | dict[Word, ExpectedText]


class SceneText(_Text):
    """What there is: items, what holds them, and what they are for."""

    items: dict[KeyText, ItemText | None] = Field(default={}, description="By key: PAY-1, acme/checkout#1, jira:PAY-1.")
    gone: list[KeyText] = Field(default=[], description="Items that were there and are not any more.")
    unreadable: list[KeyText] | None = Field(
        default=None, description="Places (FRAUD, acme/checkout) and single items that can't be read."
    )
    sprints: dict[Word, ContainerText] = {}
    milestones: dict[Word, ContainerText] = {}
    versions: dict[Word, ContainerText] = {}
    outcomes: list[Word] | dict[Word, dict[str, JsonValue] | None] = Field(
        default=[], description="Outcomes of the roadmap, by id: a list, or with what roadmap.yaml could say of each."
    )
    baselines: dict[Word, BaselineText] = Field(
        default={}, description="What was agreed, by outcome, by the key of a parent, or by the title of a container."
    )
    forecasts: dict[Word, ForecastText] = Field(default={}, description="What is forecast, by outcome.")
    flows: dict[Word, FlowText] = Field(default={}, description="What was measured, by outcome or by team:NAME.")


class StepText(SceneText):
    """What happens next, and what the rules shall say then."""

    after: SpanText | None = Field(default=None, description="How long after what was before.")
    now: MomentText | None = Field(default=None, description="When, instead of how long after.")
    removed: dict[KeyText, Words] = Field(
        default={},
        description="What a person took away, by item: the label of a rule, by its id, or our comment.",
    )
    expect: ExpectText = Field(description="By rule and subject; what is not named must not hold.")


class CaseText(SceneText):
    """One case."""

    name: Word = Field(description="What it shows, as a sentence.")
    now: MomentText | None = Field(default=None, description="Without it, the file's.")
    calendar: CalendarText | None = Field(default=None, description="Where working days are counted otherwise.")
    roadmap: Workspace | dict[str, JsonValue] | None = Field(
        default=None, description="period, standing, exempt as in roadmap.yaml; workspace: the real one."
    )
    rules: All | list[Word] | None = Field(default=None, description="Which rules are looked at.")
    expect: ExpectText = Field(description="By rule and subject; what is not named must not hold.")
    then: list[StepText] = Field(default=[], description="What happens next, step by step.")


class CasesText(SceneText):
    """A file of cases for the rules beside it. What stands at its top is there in every case."""

    trackers: dict[Word, JsonValue] | None = Field(
        default=None, description="In place of the workspace's, as in trackers.yaml but for url and auth."
    )
    now: MomentText | None = Field(default=None, description="Without it, 2026-11-25T12:00, a Wednesday.")
    calendar: CalendarText | None = Field(default=None, description="Where working days are counted otherwise.")
    roadmap: Workspace | dict[str, JsonValue] | None = Field(
        default=None, description="period, standing, exempt as in roadmap.yaml; workspace: the real one."
    )
    rules: All | list[Word] | None = Field(
        default=None, description="Which rules are looked at; without it, those of the rules file of the same name."
    )
    cases: list[CaseText] = Field(min_length=1, description="The cases.")


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema of a file of cases, for editors."""
    schema: dict[str, Any] = {"$schema": DIALECT, **CasesText.model_json_schema()}
    _polish(schema)
    return schema


def _polish(schema: Any) -> None:
    """Say of outcomes which keys they have; leave out what tells an editor nothing."""
    if isinstance(schema, list):
        for each in schema:
            _polish(each)
    elif isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            del schema["title"]
        outcomes = schema.get("properties", {}).get("outcomes", {})
        for each in outcomes.get("anyOf", ()):
            if each.get("type") == "object":
                each["additionalProperties"] = {"anyOf": [_OUTCOME, {"type": "null"}]}
        for value in schema.values():
            _polish(value)


_OUTCOME: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    # A case may write less than a roadmap: days such as `in 2w`, items without their tracker.
    "properties": {
        field.alias or name: {"description": field.description or ""}
        for name, field in OutcomeText.model_fields.items()
        if name != "id"
    },
}
