"""JSON Schemas of what can be asked of each kind of fact, from the declarations that the loader reads by.

A mapping, a list and a single value share one schema instead of standing in an ``anyOf``: an editor that looks for the
branch that fits best would tell of a wrong type where a key is misspelt.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from rules.facts.fact import FactType
from rules.language import spans
from rules.language.changes import KEYS, is_history
from rules.language.names import WORDS_WITHOUT_SETS
from rules.language.operators import OPERATORS, Operand, operators_for
from rules.language.values import ValueKind, fields_of
from syncd.model.items import EVENT_FIELDS

Schema: TypeAlias = dict[str, Any]

SPAN_MEANING = "A length of time: an integer and m, h, d, w or wd (working days), or 0."
_LISTS = (FactType.TEXTS, FactType.RECORDS)
_TIMES = (FactType.DATE, FactType.INSTANT)
_DATE: Schema = {"type": ["string"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_SPAN: Schema = {"type": ["string", "integer"], "pattern": spans.PATTERN, "minimum": 0, "maximum": 0}
_VALUES: dict[FactType, Schema] = {
    FactType.TEXT: _TEXT,
    FactType.TEXTS: _TEXT,
    FactType.RECORDS: _TEXT,
    FactType.NUMBER: {"type": ["number"]},
    FactType.BOOL: {"type": ["boolean"]},
    FactType.DATE: _DATE,
    FactType.INSTANT: _DATE,
    FactType.SPAN: _SPAN,
}
_MAPPING: Schema = {"minProperties": 1, "additionalProperties": False}
_MEANINGS = {
    "all": "Holds where every part does.",
    "any": "Holds where a part does.",
    "not": "Holds where this does not.",
    "set": "Holds where the named set does.",
    "param": "The value of a param, for the subject's team.",
    "fact": "Another fact of the same subject.",
    "field": "Another field of the same record, inside some, every, none or where.",
    "plus": "So much more, or later.",
    "minus": "So much less, or earlier.",
}
_NUMBER = ValueKind(type=FactType.NUMBER)
_SPAN_KIND = ValueKind(type=FactType.SPAN)


class Matchers:
    """The schemas of conditions and matchers, each defined once.

    ``facts`` are what conditions can ask for; ``words`` are suggested as values, by the name of a fact, by
    ``Record.field``, or by the last part of either; ``sets`` and ``params`` as names.
    """

    def __init__(self, facts: Mapping[str, ValueKind], words: Mapping[str, tuple[str, ...]]) -> None:
        self.definitions: Schema = {}
        self._facts = facts
        self._words = words
        self._names: dict[tuple[ValueKind, tuple[str, ...]], str] = {}

    def condition(self, words: tuple[str, ...], meanings: Mapping[str, str]) -> None:
        """Define ``condition``: facts and what can be asked of them."""
        self.definitions["condition"] = {}  # the place of its first mention
        self.definitions["condition"] = self._condition("condition", words, self._facts, meanings)

    def _condition(
        self, own: str, words: tuple[str, ...], kinds: Mapping[str, ValueKind], meanings: Mapping[str, str]
    ) -> Schema:
        itself = {"$ref": f"#/$defs/{own}"}
        several = {"type": "array", "minItems": 1, "items": itself}
        of_words: Schema = {"all": several, "any": several, "not": itself, "set": self._named("set")}
        properties = {word: {**of_words[word], "description": _MEANINGS[word]} for word in words}
        for name, kind in kinds.items():
            full = name if own == "condition" else f"{own.removeprefix('record-')}.{name}"
            meaning = {"description": meanings[name]} if name in meanings else {}
            properties[name] = {**self._matcher(kind, full), **meaning}
        return {"type": "object", **_MAPPING, "properties": properties}

    def _named(self, word: str) -> Schema:
        return {"type": "string", **_examples(self._words.get(word, ()))}

    def _matcher(self, kind: ValueKind, name: str) -> Schema:
        """Return the reference to what can be asked of a kind; closed sets, records and what has suggestions are named
        by their first user."""
        suggested = () if kind.values else self._suggested(name)
        own = self._names.get((kind, suggested))
        if own is None:
            special = kind.values or kind.record or suggested
            own = self._names[(kind, suggested)] = f"matcher-{name if special else _plain_name(kind)}"
            self.definitions[own] = {}
            self.definitions[own] = self._asked(own, kind, suggested, {})
            if kind.type not in (*_LISTS, FactType.SPAN):
                # What is negated can also be something to compare with.
                self.definitions[f"not-{own}"] = self._asked(own, kind, suggested, self._references(kind))
        return {"$ref": f"#/$defs/{own}"}

    def _suggested(self, name: str) -> tuple[str, ...]:
        return self._words.get(name, self._words.get(name.rpartition(".")[2], ()))

    def _asked(self, own: str, kind: ValueKind, suggested: tuple[str, ...], references: Schema) -> Schema:
        operators = {name: self._operand(name, kind, own, suggested) for name in operators_for(kind.type)}
        if not is_history(kind):
            operators.pop("changed", None)
        asked = {**_MAPPING, "properties": {**operators, **references}}
        if kind.type in (*_LISTS, FactType.SPAN):
            return {"type": "object", **asked}
        several = {"minItems": 1, "items": self._value(own, kind, suggested)}
        return _or_value(kind, suggested, ["array", "object"], {**several, **asked})

    def _value(self, own: str, kind: ValueKind, suggested: tuple[str, ...] = ()) -> Schema:
        """Return the reference to a value of a kind, or what it is taken from."""
        name = f"value-{own.removeprefix('matcher-')}"
        if name not in self.definitions:
            self.definitions[name] = {}
            references = {**_MAPPING, "properties": self._references(kind)}
            self.definitions[name] = _or_value(kind, suggested, ["object"], references)
        return {"$ref": f"#/$defs/{name}"}

    def _span(self) -> Schema:
        return self._value("span", _SPAN_KIND)

    def _number_or_param(self) -> Schema:
        param = {"param": {"$ref": "#/$defs/param"}} if "param" in self._words else {}
        found = _or_value(_NUMBER, (), ["object"], {**_MAPPING, "properties": param})
        self.definitions.setdefault("value-number-alone", found)
        return {"$ref": "#/$defs/value-number-alone"}

    def _references(self, kind: ValueKind) -> Schema:
        """Return the keys of a mapping that names what a value is taken from."""
        found: Schema = {}
        if "param" in self._words:
            self.definitions.setdefault("param", {**self._named("param"), "description": _MEANINGS["param"]})
            found["param"] = {"$ref": "#/$defs/param"}
        if kind.type is FactType.SPAN:
            return found
        types = _TIMES if kind.type in _TIMES else (FactType.TEXT,) if kind.type in _LISTS else (kind.type,)
        family = "time" if kind.type in _TIMES else types[0].value
        names = [name for name, each in self._facts.items() if each.type in types]
        self.definitions.setdefault(f"facts-{family}", {"description": _MEANINGS["fact"], "enum": names})
        self.definitions.setdefault("field", {"type": "string", "description": _MEANINGS["field"]})
        found |= {"fact": {"$ref": f"#/$defs/facts-{family}"}, "field": {"$ref": "#/$defs/field"}}
        if kind.type is FactType.NUMBER or kind.type in _TIMES:
            by = self._span() if kind.type in _TIMES else self._number_or_param()
            found |= {word: {**by, "description": _MEANINGS[word]} for word in ("plus", "minus")}
        return found

    def _operand(self, name: str, kind: ValueKind, own: str, suggested: tuple[str, ...]) -> Schema:
        operator = OPERATORS[name]
        found = self._of_operand(operator.operand, kind, own, suggested)
        return {**found, "description": f"{operator.meaning}."}

    def _of_operand(self, operand: Operand, kind: ValueKind, own: str, suggested: tuple[str, ...]) -> Schema:
        if operand is Operand.MATCHER:
            return {"$ref": f"#/$defs/{own if kind.type is FactType.SPAN else f'not-{own}'}"}
        if operand is Operand.MEMBER:
            return self._member(kind, own)
        if operand is Operand.COUNT:
            return self._count(self._member(kind, own))
        if operand is Operand.CHANGED:
            return self._changed(own)
        if operand is Operand.FLAG:
            return {"type": "boolean"}
        if operand is Operand.SPAN:
            return self._span()
        if operand in (Operand.TEXT, Operand.PATTERN) and kind.type is not FactType.TEXTS:
            return self._value("text", ValueKind(type=FactType.TEXT))
        value = self._value(own, kind, suggested)
        if operand in (Operand.VALUES, Operand.PAIR):
            limits = {"minItems": 2, "maxItems": 2} if operand is Operand.PAIR else {"minItems": 1}
            several = {"type": ["array", "object"], **limits, "items": value}
            param = {"param": {"$ref": "#/$defs/param"}} if "param" in self._words else {}
            return {**several, **_MAPPING, "properties": param}
        return value

    def _member(self, kind: ValueKind, own: str) -> Schema:
        if kind.record is None:
            return self._matcher(kind.member, f"member-of-{own.removeprefix('matcher-')}")
        name = f"record-{kind.record.__name__}"
        if name not in self.definitions:
            self.definitions[name] = {}
            kinds = {each: field.kind for each, field in fields_of(kind.record).items()}
            self.definitions[name] = self._condition(name, WORDS_WITHOUT_SETS, kinds, {})
        return {"$ref": f"#/$defs/{name}"}

    def _number(self) -> Schema:
        own = self._matcher(_NUMBER, "number")["$ref"].rpartition("/")[2]
        return self._asked(own, _NUMBER, (), self._references(_NUMBER))

    def _count(self, member: Schema) -> Schema:
        number = self._number()
        where = {**member, "description": "Counts only those that are so."}
        return {**number, "properties": {"where": where, **number["properties"]}}

    def _changed(self, own: str) -> Schema:
        text = self._matcher(ValueKind(type=FactType.TEXT), f"{own}.value")
        described: Schema = {
            "field": {"enum": list(EVENT_FIELDS), "description": "The field that changed."},
            "within": {**self._span(), "description": f"So long ago at most. {SPAN_MEANING}"},
            "from": {**text, "description": "What it was before."},
            "to": {**text, "description": "What it became."},
            "count": {**self._number(), "description": "How many such changes; without it, one at least."},
        }
        return {
            "type": ["string", "object"],
            "anyOf": [{"enum": list(EVENT_FIELDS)}, {"type": "object"}],
            "required": ["field"],
            "additionalProperties": False,
            "properties": {key: described[key] for key in KEYS},
        }


def _or_value(kind: ValueKind, suggested: tuple[str, ...], others: list[str], of_others: Schema) -> Schema:
    """Return a value of a kind, or one of the other types, as one schema."""
    value = _VALUES[kind.type]
    found = {**value, "type": [*value["type"], *others], **of_others, **_examples(suggested)}
    if kind.values:
        found["type"] = ["string", *others]
        found["anyOf"] = [{"enum": list(kind.values)}, {"type": others}]
    return found


def _examples(words: tuple[str, ...]) -> Schema:
    return {"examples": list(words)} if words else {}


def _plain_name(kind: ValueKind) -> str:
    return f"{kind.type.value}-without-case" if kind.fold_case else kind.type.value
