"""Conditions as read: a small tree, and what it says of one thing whose facts can be read."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

import msgspec

from rules.facts.fact import FactValue, Member
from rules.language.matchers import Matcher, Moment, earliest, negated
from syncd.model.truth import Truth

Read: TypeAlias = Callable[[str], FactValue]
"""Gives the value of a fact (inside a record: of a field) by its name."""


class Atom(msgspec.Struct, frozen=True, kw_only=True):
    """One fact (inside a record: field) and what is asked of it; equal ``key`` means equal question.

    ``others`` are read beside it, to compare with. ``team`` is the fact by which values of params are chosen, empty
    where none is. ``outer`` are facts of the subject that a condition on a record compares with.
    """

    name: str
    key: str
    matcher: Matcher
    others: tuple[str, ...] = ()
    team: str = ""
    outer: tuple[str, ...] = ()

    @property
    def beside(self) -> tuple[str, ...]:
        """Return all that is read beside its own value."""
        return (*self.others, self.team) if self.team else self.others


class AllOf(msgspec.Struct, frozen=True):
    """Holds where every part does."""

    parts: "tuple[Condition, ...]"


class AnyOf(msgspec.Struct, frozen=True):
    """Holds where a part does."""

    parts: "tuple[Condition, ...]"


class Not(msgspec.Struct, frozen=True):
    """Holds where its part does not."""

    part: "Condition"


class SetUse(msgspec.Struct, frozen=True):
    """Holds where a named set does."""

    name: str


Condition: TypeAlias = Atom | AllOf | AnyOf | Not | SetUse
Sets: TypeAlias = Mapping[str, Condition]

NO_SETS: Sets = {}


def at(atom: Atom, read: Read, moment: Moment) -> Moment:
    """Return the moment with all that the question needs beside its own value."""
    beside = atom.beside
    return moment.beside({name: read(name) for name in beside}) if beside else moment


def judge(condition: Condition, read: Read, moment: Moment, sets: Sets = NO_SETS) -> Truth:
    """Return what the condition says of the one thing that ``read`` reads; raises nothing that a value can cause."""
    if isinstance(condition, Atom):
        return condition.matcher.judge(read(condition.name), at(condition, read, moment))
    if isinstance(condition, AllOf):
        return min(judge(part, read, moment, sets) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return max(judge(part, read, moment, sets) for part in condition.parts)
    if isinstance(condition, Not):
        return negated(judge(condition.part, read, moment, sets))
    return judge(sets[condition.name], read, moment, sets)


def atoms(condition: Condition, sets: Sets = NO_SETS) -> Iterator[Atom]:
    """Yield every question that a condition asks, those of its sets too, in order."""
    if isinstance(condition, Atom):
        yield condition
    elif isinstance(condition, Not):
        yield from atoms(condition.part, sets)
    elif isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from atoms(part, sets)
    elif condition.name in sets:
        yield from atoms(sets[condition.name], sets)


def facts_read(condition: Condition, sets: Sets = NO_SETS) -> tuple[str, ...]:
    """Return the names of all the facts that are read to judge a condition, each once."""
    return tuple(dict.fromkeys(name for atom in atoms(condition, sets) for name in (atom.name, *atom.beside)))


def question(condition: Condition) -> str:
    """Return a text that is equal for equal questions."""
    if isinstance(condition, Atom):
        return condition.key
    if isinstance(condition, SetUse):
        return f"set {condition.name}"
    parts = (condition.part,) if isinstance(condition, Not) else condition.parts
    return f"{type(condition).__name__}({'; '.join(map(question, parts))})"


def set_names(condition: Condition) -> set[str]:
    """Return the names of the sets that a condition itself uses."""
    if isinstance(condition, SetUse):
        return {condition.name}
    if isinstance(condition, Not):
        return set_names(condition.part)
    if isinstance(condition, AllOf | AnyOf):
        return {name for part in condition.parts for name in set_names(part)}
    return set()


def due(condition: Condition, read: Read, moment: Moment, sets: Sets = NO_SETS) -> datetime | None:
    """Return when time alone would change the answer to one of its questions, at the earliest."""
    return earliest([due_of(each, read, moment) for each in atoms(condition, sets) if each.matcher.due])


def due_of(atom: Atom, read: Read, moment: Moment) -> datetime | None:
    """Return when time alone would change the answer to one question."""
    return atom.matcher.due(read(atom.name), at(atom, read, moment)) if atom.matcher.due else None


def matched(condition: Condition, read: Read, moment: Moment, sets: Sets = NO_SETS) -> tuple[Member, ...]:
    """Return the members of lists that make a condition hold, which does hold; what is under ``not`` makes nothing
    hold."""
    if isinstance(condition, Atom):
        members = condition.matcher.matched
        return members(read(condition.name), at(condition, read, moment)) if members else ()
    if isinstance(condition, AllOf | AnyOf):
        parts = condition.parts
        if isinstance(condition, AnyOf):
            parts = tuple(part for part in parts if judge(part, read, moment, sets) is Truth.YES)
        return tuple(member for part in parts for member in matched(part, read, moment, sets))
    return matched(sets[condition.name], read, moment, sets) if isinstance(condition, SetUse) else ()
