"""Writes the tables of docs/rules.md from the declarations: ``python -m syncd.cli.reference [--check]``."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pydantic
import typer

from rules.facts.fact import Fact, FactType
from rules.facts.vocabulary import all_facts
from rules.language.changes import KEYS
from rules.language.operators import OPERATORS, Operand
from rules.language.values import ValueKind, fields_of
from rules.language.wording import FILTERS
from rules.texts import RulesText, RuleText, TermsText
from syncd.model.items import EVENT_FIELDS

FILE = Path(__file__).parents[2] / "docs" / "rules.md"
_TABLE = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_TYPES = {
    FactType.TEXT: "text",
    FactType.NUMBER: "number",
    FactType.BOOL: "yes or no",
    FactType.DATE: "date",
    FactType.INSTANT: "instant",
    FactType.SPAN: "length of time",
    FactType.TEXTS: "list of texts",
    FactType.RECORDS: "records",
}
_FAMILIES = {
    "all": frozenset(FactType),
    "all but lists": frozenset(FactType) - {FactType.TEXTS, FactType.RECORDS},
    "lists": frozenset({FactType.TEXTS, FactType.RECORDS}),
    "times": frozenset({FactType.DATE, FactType.INSTANT}),
}
_OPERANDS = {
    Operand.VALUE: "VALUE",
    Operand.VALUES: "[VALUE, …]",
    Operand.PAIR: "[LOW, HIGH]",
    Operand.TEXT: "TEXT",
    Operand.PATTERN: '"PATTERN"',
    Operand.FLAG: "true",
    Operand.SPAN: "3d",
    Operand.MATCHER: "MATCHER",
    Operand.MEMBER: "MEMBER",
    Operand.COUNT: "2",
    Operand.CHANGED: "FIELD",
}
_MANY = 12


def tables() -> dict[str, str]:
    """Return every table of the reference, as Markdown, by the name in its marker."""
    facts = all_facts()
    return {
        "file": _keys(RulesText, RulesText.model_fields),
        "rule": _keys(RuleText, ("id", "title", "when", "message", "why", "fix", "escalate")),
        "terms": _keys(TermsText, TermsText.model_fields),
        "operators": _table(("operator", "on", "holds where the fact"), map(_operator, OPERATORS)),
        "filters": _table(("filter", "on", "shows"), map(_filter, FILTERS)),
        "facts": "\n".join(_families(facts)),
        "records": _table(("record", "fields"), _records(facts)),
        "changed": f"Keys: {_listed(KEYS)}. Fields: {_listed(EVENT_FIELDS)}.\n",
    }


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(each.replace('|', chr(92) + '|') for each in line)} |\n" for line in lines)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _keys(model: type[pydantic.BaseModel], names: Iterable[str]) -> str:
    return _table(("key", "meaning", "without it"), (_key(model, name) for name in names))


def _key(model: type[pydantic.BaseModel], name: str) -> tuple[str, str, str]:
    field = model.model_fields[name]
    schema = model.model_json_schema()["properties"][field.alias or name]
    words = [word for each in (schema, *schema.get("anyOf", ())) for word in each.get("enum", ())]
    default = "required" if field.is_required() else _default(field.default)
    meaning = f"{field.description} {_listed(words)}".strip() if words else str(field.description)
    return f"`{field.alias or name}`", meaning, default


def _default(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if isinstance(value, str) and value else ""


def _operator(name: str) -> tuple[str, str, str]:
    declared = OPERATORS[name]
    return f"`{name}: {_OPERANDS[declared.operand]}`", _types(declared.types), declared.meaning


def _filter(name: str) -> tuple[str, str, str]:
    declared = FILTERS[name]
    return f"`{name}`", _types(declared.types), declared.meaning


def _types(types: frozenset[FactType]) -> str:
    for words, family in _FAMILIES.items():
        if types == family:
            return words
    return ", ".join(_TYPES[each] for each in FactType if each in types)


def _families(facts: Sequence[Fact]) -> Iterator[str]:
    by_family: dict[str, list[Fact]] = {}
    for fact in facts:
        by_family.setdefault(_family(fact.name), []).append(fact)
    for family, members in by_family.items():
        abouts = dict.fromkeys(about.value for fact in members for about in fact.about)
        yield f"### {family}.*\n\nFor rules about {', '.join(abouts)}.\n"
        yield _table(("fact", "type", "meaning"), (_fact(fact, list(abouts)) for fact in members))


def _family(name: str) -> str:
    return name.rpartition(".")[0]


def _fact(fact: Fact, abouts: Sequence[str]) -> tuple[str, str, str]:
    kind = ValueKind(type=fact.type, values=fact.values, record=fact.record)
    meaning = fact.meaning
    if fact.unknown_when:
        meaning += f" Unknown where {fact.unknown_when}."
    own = [about.value for about in fact.about]
    if own != list(abouts):
        meaning += f" About {', '.join(own)}."
    return f"`{fact.name}`", _type(kind), meaning


def _type(kind: ValueKind) -> str:
    if kind.record is not None:
        return f"{kind.record.__name__} records"
    if kind.values and len(kind.values) <= _MANY:
        many = "list of " if kind.type is FactType.TEXTS else ""
        return many + " or ".join(f"`{value}`" for value in kind.values)
    return _TYPES[kind.type]


def _records(facts: Sequence[Fact]) -> Iterator[tuple[str, str]]:
    for record in dict.fromkeys(fact.record for fact in facts if fact.record is not None):
        fields = (f"`{name}` ({_type(field.kind)})" for name, field in fields_of(record).items())
        yield record.__name__, ", ".join(fields)


def current(text: str) -> str:
    """Return the reference with its tables as the declarations are now; KeyError where a marker names no table."""
    made = tables()
    return _TABLE.sub(lambda found: f"{found[1]}{made[found[2]]}{found[3]}", text)


def main(arguments: list[str], file: Path = FILE) -> int:
    """Write the tables where they are stale; with ``--check`` only say it, and return 1."""
    text = file.read_text(encoding="utf-8")
    if current(text) == text:
        return 0
    if "--check" in arguments:
        typer.echo(f"{file} is not current: run `python -m syncd.cli.reference`")
        return 1
    file.write_text(current(text), encoding="utf-8")
    typer.echo(f"wrote {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
