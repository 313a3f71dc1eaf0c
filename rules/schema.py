"""JSON Schemas for editors, from the declarations that the loader reads by: facts, operators and the shape of files."""

from collections.abc import Mapping
from typing import Any

import pydantic

from rules.facts.fact import Fact
from rules.facts.vocabulary import all_facts
from rules.language import spans
from rules.language.names import WORDS, WORDS_WITHOUT_SETS
from rules.language.values import kind_of
from rules.language.wording import FILTERS
from rules.matcher_schema import SPAN_MEANING, Matchers, Schema
from rules.roadmap.loader import MATCH_FACTS
from rules.roadmap.texts import RoadmapText
from rules.texts import RulesText

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS_OF_WORK = ("feature", "bug", "debt", "incident", "support", "epic", "change", "other")
OUTCOME_IDS = ("trace.outcome.id", "outcome.id", "OutcomeRecord.id", "depends_on", "split_into", "merged_into")
"""Where the id of an outcome can stand: in facts, in the field of a record, under keys of the roadmap."""

_MARKS = ("condition", "match", "scope", "template")
_A_RULE: Schema = {
    "label": "a rule",
    "description": "What is wrong, and what the team reads when it is.",
    "body": {
        "id": "${1:short-name}",
        "title": "${2:What is wrong, in a few words}",
        "when": {"${3:item.kind}": "${4:bug}"},
        "message": "${5:What is wrong with this one.}",
        "why": "${6:Why it matters.}",
        "fix": ["${7:What to do.}"],
    },
}


def schemas(words: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, Schema]:
    """Return the schemas of what is written in rules and roadmap, by file name.

    ``words`` are suggested, never required, for a file may define more: names under ``set`` and ``param``, values by
    the name of a fact, as ``Record.field``, or by the last part of either.
    """
    facts = {fact.name: fact for fact in all_facts()}
    suggested = {"kind": KINDS_OF_WORK, **(words or {})}
    in_rules = {"set": (), "param": (), **suggested}
    return {
        "rules.schema.json": _file_schema(RulesText, facts, WORDS, in_rules),
        "roadmap.schema.json": _file_schema(RoadmapText, MATCH_FACTS, WORDS_WITHOUT_SETS, suggested),
    }


def _file_schema(
    model: type[pydantic.BaseModel],
    facts: Mapping[str, Fact],
    words: tuple[str, ...],
    suggested: Mapping[str, tuple[str, ...]],
) -> Schema:
    shape = model.model_json_schema()
    definitions: Schema = shape.pop("$defs")
    definitions.pop("JsonValue", None)
    matchers = Matchers({name: kind_of(fact) for name, fact in facts.items()}, suggested)
    matchers.condition(words, {name: _meaning(fact) for name, fact in facts.items()})
    whole = {"$schema": DIALECT, **shape, "$defs": {**definitions, **matchers.definitions}}
    polished: Schema = _Polish(suggested).polished(whole, "")
    return polished


def _meaning(fact: Fact) -> str:
    unknown = f" Unknown where {fact.unknown_when}." if fact.unknown_when else ""
    return f"{fact.meaning}{unknown} About: {', '.join(each.value for each in fact.about)}."


class _Polish:
    """Puts in what pydantic can't know, and takes out its titles: conditions in their places, text that looks like a
    number, what templates can hold, names to suggest."""

    def __init__(self, suggested: Mapping[str, tuple[str, ...]]) -> None:
        self._suggested = suggested

    def polished(self, schema: Any, key: str) -> Any:
        """Return the schema of what stands under ``key``."""
        if isinstance(schema, list):
            return [self.polished(each, key) for each in schema]
        if not isinstance(schema, dict):
            return schema
        found = {
            name: self.polished(value, key if name in ("items", "anyOf") else name)
            for name, value in schema.items()
            if not (name == "title" and isinstance(value, str))
        }
        marks = {mark for mark in _MARKS if found.get(mark) is True}
        for mark in marks:
            del found[mark]
        if marks:
            found = self._marked(found, marks)
        elif found.get("pattern") == spans.PATTERN and "default" in found:
            return {**found, "description": f"{found['description']} {SPAN_MEANING}", **_SPAN_OR_NUMBER}
        if found.get("type") == "string" and not found.keys() & {"enum", "const", "format"}:
            found["type"] = ["string", "number"]
            if key in OUTCOME_IDS and self._suggested.get(key):
                found["examples"] = list(self._suggested[key])
        if found.get("$ref") == "#/$defs/RuleText" and key == "rules":
            found["defaultSnippets"] = [_A_RULE]
        return found

    def _marked(self, found: Schema, marks: set[str]) -> Schema:
        condition: Schema = {"$ref": "#/$defs/condition"}
        if marks & {"condition", "match"}:
            return {**{name: value for name, value in found.items() if name != "default"}, **condition}
        if "scope" in marks:
            names = self._suggested.get("set", ())
            of_name: Schema = {"type": "string", **({"examples": list(names)} if names else {})}
            kept = {name: value for name, value in found.items() if name not in ("$ref", "default")}
            return {**kept, "anyOf": [of_name, condition]}
        return {**found, "description": f"{found.get('description', '')} {_TEMPLATE_HINT}".strip()}


_SPAN_OR_NUMBER: Schema = {"type": ["string", "integer"], "minimum": 0, "maximum": 0}
_TEMPLATE_HINT = (
    "Facts stand in braces, {item.kind}, with a filter if need be, {deps.open_blockers | keys} "
    f"({'; '.join(f'{name}: {each.meaning}' for name, each in FILTERS.items())})."
)
