"""JSON Schemas for editors, from the declarations that the loader reads by: facts, operators and the shape of files."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import pydantic

from rules.facts.fact import Fact, FactType
from rules.facts.vocabulary import all_facts
from rules.language import spans
from rules.language.operators import OPERATORS, Operand, operators_for
from rules.language.parser import WORDS, WORDS_WITHOUT_SETS
from rules.language.values import ValueKind, fields_of, kind_of
from rules.language.wording import FILTERS
from rules.roadmap import MATCH_FACTS
from rules.roadmap_texts import RoadmapText
from rules.texts import RulesText

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MARKS = ("condition", "match", "scope", "template")
_LISTS = (FactType.TEXTS, FactType.RECORDS)
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_SPAN: Schema = {
    "description": "A length of time: an integer and m, h, d, w or wd (working days), or 0.",
    "anyOf": [{"type": "string", "pattern": spans.PATTERN}, {"const": 0}],
}
_DATE: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_VALUES: dict[FactType, Schema] = {
    FactType.TEXT: _TEXT,
    FactType.TEXTS: _TEXT,
    FactType.NUMBER: {"type": "number"},
    FactType.BOOL: {"type": "boolean"},
    FactType.DATE: _DATE,
    FactType.INSTANT: _DATE,
    FactType.SPAN: _SPAN,
}


def schemas() -> dict[str, Schema]:
    """Return the schemas of what is written in rules and roadmap, by file name."""
    facts = {fact.name: fact for fact in all_facts()}
    return {
        "rules.schema.json": _file_schema(RulesText, facts, WORDS),
        "roadmap.schema.json": _file_schema(RoadmapText, MATCH_FACTS, WORDS_WITHOUT_SETS),
    }


def _file_schema(model: type[pydantic.BaseModel], facts: Mapping[str, Fact], words: tuple[str, ...]) -> Schema:
    shape = model.model_json_schema()
    definitions: Schema = shape.pop("$defs")
    definitions.pop("JsonValue", None)
    kinds = _Kinds()
    condition = _condition(
        "condition", words, {name: (kind_of(fact), _meaning(fact)) for name, fact in facts.items()}, kinds
    )
    whole = {"$schema": DIALECT, **shape, "$defs": {**definitions, "condition": condition, **kinds.definitions}}
    return _polished(whole)  # type: ignore[no-any-return]


def _meaning(fact: Fact) -> str:
    unknown = f" Unknown where {fact.unknown_when}." if fact.unknown_when else ""
    return f"{fact.meaning}{unknown} About: {', '.join(each.value for each in fact.about)}."


def _condition(
    own_name: str, words: tuple[str, ...], named: Mapping[str, tuple[ValueKind, str]], kinds: "_Kinds"
) -> Schema:
    itself = {"$ref": f"#/$defs/{own_name}"}
    several = {"type": "array", "minItems": 1, "items": itself}
    of_words: Schema = {
        "all": {**several, "description": "Holds where every part does."},
        "any": {**several, "description": "Holds where a part does."},
        "not": {**itself, "description": "Holds where this does not."},
        "set": {"type": "string", "description": "Holds where the named set does."},
    }
    properties = {word: of_words[word] for word in words}
    for name, (kind, meaning) in named.items():
        first_user = name if own_name == "condition" else f"{own_name.removeprefix('record-')}.{name}"
        properties[name] = {**kinds.matcher(kind, first_user), **({"description": meaning} if meaning else {})}
    return {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": properties}


class _Kinds:
    """The matchers of every kind of fact or field, each defined once."""

    def __init__(self) -> None:
        self.definitions: Schema = {}
        self._names: dict[ValueKind, str] = {}

    def matcher(self, kind: ValueKind, first_user: str) -> Schema:
        """Return the reference to what can be asked of a kind; closed sets and records are named by their first
        user."""
        name = self._names.get(kind)
        if name is None:
            name = self._names[kind] = f"matcher-{first_user if kind.values or kind.record else _plain_name(kind)}"
            self.definitions[name] = {}  # the place of its first mention
            self.definitions[name] = self._matcher(kind, name)
        return {"$ref": f"#/$defs/{name}"}

    def _matcher(self, kind: ValueKind, name: str) -> Schema:
        operators = {each: self._operand(each, kind, name) for each in operators_for(kind.type)}
        asked = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": operators}
        if kind.type in _LISTS or kind.type is FactType.SPAN:
            return asked
        value = self._value(kind)
        return {"anyOf": [value, {"type": "array", "minItems": 1, "items": value}, asked]}

    def _value(self, kind: ValueKind) -> Schema:
        return {"enum": list(kind.values)} if kind.values else _VALUES[kind.type]

    def _operand(self, name: str, kind: ValueKind, own: str) -> Schema:
        operator = OPERATORS[name]
        return {**self._of_operand(operator.operand, kind, own), "description": f"{operator.meaning}."}

    def _of_operand(self, operand: Operand, kind: ValueKind, own: str) -> Schema:
        if operand is Operand.MATCHER:
            return {"$ref": f"#/$defs/{own}"}
        if operand is Operand.MEMBER:
            return self._member(kind, own)
        if operand is Operand.COUNT:
            return self._count(kind, own)
        if operand is Operand.TEXT:
            closed = kind.type is FactType.TEXTS and kind.values
            return self._value(kind) if closed else _TEXT
        value = self._value(kind) if kind.type is not FactType.RECORDS else _TEXT
        return {
            Operand.VALUE: value,
            Operand.VALUES: {"type": "array", "minItems": 1, "items": value},
            Operand.PAIR: {"type": "array", "minItems": 2, "maxItems": 2, "items": value},
            Operand.PATTERN: {"type": "string"},
            Operand.FLAG: {"type": "boolean"},
            Operand.SPAN: _SPAN,
            Operand.CHANGED: {"type": ["string", "object"]},
        }[operand]

    def _member(self, kind: ValueKind, own: str) -> Schema:
        if kind.record is None:
            return self.matcher(kind.member, f"member-of-{own.removeprefix('matcher-')}")
        name = f"record-{kind.record.__name__}"
        if name not in self.definitions:
            self.definitions[name] = {}
            fields = {each: (field.kind, "") for each, field in fields_of(kind.record).items()}
            self.definitions[name] = _condition(name, WORDS_WITHOUT_SETS, fields, self)
        return {"$ref": f"#/$defs/{name}"}

    def _count(self, kind: ValueKind, own: str) -> Schema:
        reference = self.matcher(ValueKind(type=FactType.NUMBER), "number")["$ref"]
        *values, asked = self._matcher(ValueKind(type=FactType.NUMBER), reference.rpartition("/")[2])["anyOf"]
        where = {**self._member(kind, own), "description": "Counts only those that are so."}
        with_where = {**asked, "properties": {"where": where, **asked["properties"]}}
        return {"anyOf": [*values, with_where]}


def _plain_name(kind: ValueKind) -> str:
    return f"{kind.type.value}-without-case" if kind.fold_case else kind.type.value


def _polished(schema: Any) -> Any:
    """Return a schema with what pydantic can't know, and without its titles: conditions in their places, text that
    looks like a number, and what templates can hold."""
    if isinstance(schema, list):
        return [_polished(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _polished(value) for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    condition = {"$ref": "#/$defs/condition"}
    marks = {mark for mark in _MARKS if found.get(mark) is True}
    for mark in marks:
        del found[mark]
    if marks & {"condition", "match"}:
        found.update(condition)
    elif "scope" in marks:
        del found["$ref"], found["default"]
        found["anyOf"] = [{"type": "string"}, condition]
    elif "template" in marks:
        found["description"] = f"{found['description']} {_template_hint()}"
    if found.get("pattern") == spans.PATTERN and "default" in found:
        found = {"description": found["description"], "default": found["default"], "anyOf": _SPAN["anyOf"]}
    elif found.get("type") == "string" and not found.keys() & {"enum", "const", "format"}:
        found["type"] = ["string", "number"]
    return found


def _template_hint() -> str:
    filters = "; ".join(f"{name}: {each.meaning}" for name, each in FILTERS.items())
    return f"Facts stand in braces, {{item.kind}}, with a filter if need be, {{deps.open_blockers | keys}} ({filters})."
