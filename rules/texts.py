"""The shape of a rules file, as an admin writes it."""

from typing import Annotated, Literal

import pydantic
from pydantic import AfterValidator, Field, JsonValue

from rules.language import spans
from rules.language.params import is_value
from syncd.complaints import shown

_LONGEST_ID = 40


def _is_rule_id(text: str) -> str:
    if not text or len(text) > _LONGEST_ID or text.strip("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise ValueError(
            f"read '{text[:60]}'; a rule's id becomes a label: a-z, 0-9 and '-', at most {_LONGEST_ID} characters"
        )
    return text


def _is_span(text: str) -> str:
    if spans.span_of(text) is None:
        raise ValueError(f"read '{text[:60]}'; expected {spans.EXPECTED}")
    return text


def _is_value(value: JsonValue) -> JsonValue:
    if not is_value(value):
        read = "an empty list" if value == [] else shown(value)
        raise ValueError(f"read {read}; expected a value, or a list of values")
    return value


_VALUE: dict[str, JsonValue] = {"type": ["string", "number", "boolean"]}
_VALUE_OR_LIST: dict[str, JsonValue] = {"anyOf": [_VALUE, {"type": "array", "minItems": 1, "items": _VALUE}]}

SpanText = Annotated[str, AfterValidator(_is_span), Field(json_schema_extra={"pattern": spans.PATTERN})]
RuleId = Annotated[str, AfterValidator(_is_rule_id), Field(json_schema_extra={"pattern": "^[a-z0-9-]{1,40}$"})]
ConditionText = Annotated[JsonValue, Field(json_schema_extra={"condition": True})]
"""Read by the language of conditions, which knows the facts; the schema puts that in its place."""
ScopeText = Annotated[JsonValue, Field(json_schema_extra={"scope": True})]
TemplateText = Annotated[str, Field(json_schema_extra={"template": True})]
TemplateLines = str | list[str]
ParamValue = Annotated[JsonValue, AfterValidator(_is_value), pydantic.WithJsonSchema(_VALUE_OR_LIST)]
"""A text, number, yes or no, date or length of time, or a list of such: what it is compared with says which."""


class _Text(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class TermsText(_Text):
    """What a file can set for all its rules, and each rule for itself."""

    about: Literal["item", "outcome", "container", "team", "dependency"] = Field(
        default="item", description="What kind of thing is judged."
    )
    applies_to: ScopeText = Field(
        default=None, description="Which of them: the name of a set, or a condition. Without it, all that is open."
    )
    severity: Literal["info", "warning", "critical"] = Field(
        default="warning", description="How much a finding matters."
    )
    for_: SpanText = Field(
        default="0", alias="for", description="How long it must have held before anything is written."
    )
    clear_after: SpanText = Field(
        default="0", description="How long it must have stopped to hold before what was written is taken back."
    )
    told_on: Literal["subject", "topmost", "tracked_in", "blocker", "edge"] | None = Field(
        default=None,
        description="Where it is told, once: on the item, its farthest such ancestor, what tracks its outcome, the "
        "blocker, a ring's edge.",
    )
    stage: Literal["off", "report", "labels", "comment"] = Field(
        default="comment",
        description="How far the rule may go; the lowest stage of workspace, place, team and rule wins.",
    )
    enabled: bool = Field(default=True, description="false: the rule is kept and checked, but not judged.")


class FixText(_Text):
    """What to do, by the kind of tracker on which it is told; ``any`` is told on every one."""

    any: TemplateLines = Field(default=[], description="On every tracker.", json_schema_extra={"template": True})
    jira: TemplateLines = Field(default=[], description="More, in Jira.", json_schema_extra={"template": True})
    github: TemplateLines = Field(default=[], description="More, on GitHub.", json_schema_extra={"template": True})


class EscalateText(_Text):
    """When a finding matters more than the rule's severity says; the highest that holds wins."""

    warning: ConditionText = Field(default=None, description="A warning where this holds.")
    critical: ConditionText = Field(default=None, description="Critical where this holds.")


class RuleText(TermsText):
    """One rule."""

    id: RuleId = Field(description="Becomes the label; unique in the workspace.")
    title: str = Field(min_length=1, description="What is wrong, in a few words.")
    when: ConditionText = Field(description="The condition under which something is wrong.")
    message: TemplateText = Field(min_length=1, description="What is wrong with this one.")
    why: TemplateText = Field(default="", description="Why it matters.")
    fix: TemplateLines | FixText = Field(
        default=[],
        description="What to do, a line each, or lines by kind of tracker; a line whose fact has no value disappears.",
        json_schema_extra={"template": True},
    )
    escalate: EscalateText = Field(default=EscalateText(), description="When it matters more: a condition by severity.")


class ParamText(_Text):
    """A value with a name, which can be another one for some teams."""

    default: ParamValue = Field(description="The value for all that have no other.")
    teams: dict[str, ParamValue] = Field(default={}, description="The values of teams, by the team's name.")


ParamOrValue = Annotated[
    Annotated[ParamValue, pydantic.Tag("a value")] | Annotated[ParamText, pydantic.Tag("a value by team")],
    pydantic.Discriminator(lambda data: "a value by team" if isinstance(data, dict | ParamText) else "a value"),
]


class RulesText(_Text):
    """A file of rules."""

    owner: str = Field(default="", description="Who answers for these rules.")
    params: dict[str, ParamOrValue] = Field(
        default={}, description="Values with a name, for all rules of the workspace: {param: NAME}."
    )
    sets: dict[str, ConditionText] = Field(
        default={}, description="Conditions with a name, for all rules of the workspace."
    )
    defaults: TermsText = Field(
        default=TermsText(), description="What holds for each rule of this file that says nothing else."
    )
    rules: list[RuleText] = Field(default=[], description="The rules of this file.")
