"""YAML → conditions: every fact, operator and value checked, every mistake told at its place."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from rules.facts.fact import Fact, FactValue, Member
from rules.language import conditions
from rules.language.conditions import AllOf, AnyOf, Atom, Condition, Not, Read, SetUse
from rules.language.matchers import MemberTest, Moment, negated
from rules.language.reading import MatcherReading
from rules.language.values import Field, Reader, ValueKind, fields_of, kind_of
from syncd.complaints import did_you_mean, one_of, shown
from syncd.documents import Data, Loc
from syncd.model.findings import About
from syncd.model.truth import Truth

WORDS = ("all", "any", "not", "set")
WORDS_WITHOUT_SETS = ("all", "any", "not")


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What the keys of a condition may name: facts, or the fields of one kind of record."""

    noun: str
    kinds: Mapping[str, ValueKind]
    words: tuple[str, ...]
    sets: frozenset[str] = frozenset()
    about: About | None = None
    abouts: Mapping[str, tuple[About, ...]] = {}


def fact_names(
    vocabulary: Mapping[str, Fact],
    about: About | None,
    *,
    sets: frozenset[str] = frozenset(),
    words: tuple[str, ...] = WORDS,
) -> Names:
    """Return the names that a condition about one kind of thing can use; ``about`` None: about anything."""
    kinds = {name: kind_of(fact) for name, fact in vocabulary.items()}
    abouts = {name: fact.about for name, fact in vocabulary.items()}
    return Names(noun="fact", kinds=kinds, words=words, sets=sets, about=about, abouts=abouts)


def parse_condition(reader: Reader, loc: Loc, data: Data, names: Names) -> Condition | None:
    """Return the condition written at ``loc``; None after refusing it, all that is wrong with it at once."""
    if not isinstance(data, dict) or not data:
        example = "item.kind: bug" if names.noun == "fact" else "team: payments"
        read = "an empty mapping" if data == {} else shown(data)
        reader.refuse(loc, f"read {read}; expected a condition, such as {example}")
        return None
    parts = [_entry(reader, (*loc, key), key, value, names) for key, value in data.items()]
    found = tuple(part for part in parts if part is not None)
    if len(found) < len(parts):
        return None
    return found[0] if len(found) == 1 else AllOf(found)


def _entry(reader: Reader, loc: Loc, key: str, value: Data, names: Names) -> Condition | None:
    if key in names.kinds:
        return _atom(reader, loc, key, value, names)
    if key not in names.words:
        _refuse_key(reader, loc, key, names)
        return None
    if key in ("all", "any"):
        return _group(reader, loc, key, value, names)
    if key == "not":
        part = parse_condition(reader, loc, value, names)
        return Not(part) if part is not None else None
    name = set_name(reader, loc, value, names.sets)
    return SetUse(name) if name is not None else None


def set_name(reader: Reader, loc: Loc, value: Data, sets: frozenset[str]) -> str | None:
    """Return the value if it names one of the sets; None after refusing it."""
    if not isinstance(value, str):
        reader.refuse(loc, f"read {shown(value)}; expected the name of a set")
        return None
    if value not in sets:
        known = sorted(sets)
        near = did_you_mean(value, known) or (f" Defined: {one_of(known)}." if known else " None is defined.")
        reader.refuse_undefined(loc, f"unknown set '{value}'.{near}")
        return None
    return value


def _refuse_key(reader: Reader, loc: Loc, key: str, names: Names) -> None:
    ending = [name for name in names.kinds if name.endswith(f".{key}")]
    near = f" Did you mean '{ending[0]}'?" if ending else did_you_mean(key, [*names.kinds, *names.words])
    what = names.noun if "." in key or names.noun == "field" else "key"
    others = [*names.kinds] if names.noun == "field" else [*names.words]
    allowed = f" Allowed here: {one_of(others)}." if what != "fact" else ""
    reader.refuse(loc, f"unknown {what} '{key}'.{near or allowed}", on_key=True)


def _group(reader: Reader, loc: Loc, key: str, value: Data, names: Names) -> Condition | None:
    if not isinstance(value, list) or not value:
        read = "an empty list" if value == [] else shown(value)
        reader.refuse(loc, f"read {read}; expected a list of conditions under '{key}'")
        return None
    parts = [parse_condition(reader, (*loc, index), each, names) for index, each in enumerate(value)]
    found = tuple(part for part in parts if part is not None)
    if len(found) < len(parts):
        return None
    return AllOf(found) if key == "all" else AnyOf(found)


def _atom(reader: Reader, loc: Loc, name: str, value: Data, names: Names) -> Condition | None:
    abouts = names.abouts.get(name)
    if abouts and names.about and names.about not in abouts:
        meant = one_of([each.value for each in abouts])
        reader.refuse(loc, f"'{name}' is a fact about {meant}; this is about {names.about.value}", on_key=True)
        return None
    matcher = MatcherReading(reader, name, _member_test).matcher(loc, value, names.kinds[name])
    if matcher is None:
        return None
    return Atom(name=name, key=f"{name} {canonical(reader, loc, value)}", matcher=matcher)


def _member_test(reader: Reader, loc: Loc, data: Data, kind: ValueKind) -> MemberTest | None:
    """Return the test written for members of a list of records."""
    assert kind.record is not None
    record, fields = kind.record, fields_of(kind.record)
    names = Names(noun="field", kinds={name: field.kind for name, field in fields.items()}, words=WORDS_WITHOUT_SETS)
    condition = parse_condition(reader, loc, data, names)
    if condition is None:
        return None

    judged = _judged(condition, fields)

    def judge(member: Member, moment: Moment) -> Truth:
        return judged(member, moment) if isinstance(member, record) else Truth.UNKNOWN

    def due(member: Member, moment: Moment) -> datetime | None:
        if not isinstance(member, record):
            return None
        return conditions.due(condition, _field_reader(fields, member), moment)

    has_due = any(atom.matcher.due for atom in conditions.atoms(condition))
    return MemberTest(judge=judge, due=due if has_due else None)


def _judged(condition: Condition, fields: Mapping[str, Field]) -> Callable[[msgspec.Struct, Moment], Truth]:
    """Return a condition on the fields of a record as a closure: a list has many members."""
    if isinstance(condition, Atom):
        read, judge = fields[condition.name].read, condition.matcher.judge
        return lambda record, moment: judge(read(record), moment)
    if isinstance(condition, Not):
        part = _judged(condition.part, fields)
        return lambda record, moment: negated(part(record, moment))
    assert isinstance(condition, AllOf | AnyOf)
    parts = [_judged(each, fields) for each in condition.parts]
    fold = min if isinstance(condition, AllOf) else max
    return lambda record, moment: fold([each(record, moment) for each in parts])


def _field_reader(fields: Mapping[str, Field], record: msgspec.Struct) -> Read:
    def read(name: str) -> FactValue:
        return fields[name].read(record)

    return read


def canonical(reader: Reader, loc: Loc, data: Data) -> str:
    """Return a text that is equal for equal data, with numbers as they were written."""
    return json.dumps(_as_written(reader, loc, data), sort_keys=True)


def _as_written(reader: Reader, loc: Loc, data: Data) -> Data:
    if isinstance(data, dict):
        return {key: _as_written(reader, (*loc, key), value) for key, value in data.items()}
    if isinstance(data, list):
        return [_as_written(reader, (*loc, index), value) for index, value in enumerate(data)]
    return data if isinstance(data, bool | str) else reader.text(loc, data)
