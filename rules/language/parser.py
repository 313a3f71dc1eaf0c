"""YAML → conditions: every fact, operator and value checked, every mistake told at its place."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from rules.facts.fact import FactValue, Member
from rules.language import conditions
from rules.language.comparing import by_team
from rules.language.conditions import AllOf, AnyOf, Atom, Condition, Not, Read, SetUse
from rules.language.matchers import MemberTest, Moment, negated
from rules.language.names import WORDS, WORDS_WITHOUT_SETS, Names, fact_names
from rules.language.params import TEAM_FACTS, params_named, teams_of
from rules.language.reading import MatcherReading
from rules.language.values import Field, Reader, ValueKind, canonical, fields_of
from syncd.complaints import did_you_mean, one_of, shown
from syncd.documents import Data, Loc
from syncd.model.truth import Truth

__all__ = ["WORDS", "WORDS_WITHOUT_SETS", "Names", "canonical", "fact_names", "parse_condition", "set_name"]


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
    found = _read_atom(reader, loc, name, value, names)
    teams = teams_of(params_named(value), names.params) if names.team is None else []
    team_fact = _team_fact(name, names) if teams else ""
    if not team_fact:
        return found
    atoms = {team: _read_atom(reader, loc, name, value, replace(names, team=team)) for team in teams}
    known = {team: atom.matcher for team, atom in atoms.items() if atom is not None}
    if found is None or len(known) < len(teams):
        return None
    return replace(found, matcher=by_team(team_fact, found.matcher, known), team=team_fact)


def _read_atom(reader: Reader, loc: Loc, name: str, value: Data, names: Names) -> Atom | None:
    reading = MatcherReading(reader, name, names, _member_test)
    matcher = reading.matcher(loc, value, names.kinds[name])
    if matcher is None:
        return None
    key = f"{name} {canonical(reader, loc, value)}"
    if names.noun == "fact":
        return Atom(name=name, key=key, matcher=matcher, others=reading.facts)
    return Atom(name=name, key=key, matcher=matcher, others=reading.fields, outer=reading.facts)


def _team_fact(name: str, names: Names) -> str:
    """Return the fact that says whose params are meant; empty where the default is meant whoever it is."""
    abouts = [names.about] if names.about else names.abouts.get(name, ())
    found = next((TEAM_FACTS[about] for about in abouts if about in TEAM_FACTS), "")
    return found if found in names.kinds else ""


def _member_test(
    reader: Reader, loc: Loc, data: Data, kind: ValueKind, around: Names
) -> tuple[MemberTest, tuple[str, ...]] | None:
    """Return the test written for members of a list of records, and the facts around it that it compares with."""
    assert kind.record is not None
    record, fields = kind.record, fields_of(kind.record)
    names = Names(
        noun="field",
        kinds={name: field.kind for name, field in fields.items()},
        words=WORDS_WITHOUT_SETS,
        params=around.params,
        outer=around.facts,
        team=around.team or "",
    )
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

    asked = [*conditions.atoms(condition)]
    has_due = any(atom.matcher.due for atom in asked)
    outer = tuple(dict.fromkeys(fact for atom in asked for fact in atom.outer))
    return MemberTest(judge=judge, due=due if has_due else None), outer


def _judged(condition: Condition, fields: Mapping[str, Field]) -> Callable[[msgspec.Struct, Moment], Truth]:
    """Return a condition on the fields of a record as a closure: a list has many members."""
    if isinstance(condition, Atom):
        read, judge, others = fields[condition.name].read, condition.matcher.judge, condition.others
        if others:
            return lambda record, moment: judge(
                read(record), moment.beside({name: fields[name].read(record) for name in others})
            )
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
