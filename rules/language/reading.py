"""The matcher of one fact, read from YAML: which operator, with what, and whether both fit the fact's type."""

import operator
from collections.abc import Callable
from typing import TypeAlias

import re2

from rules.facts.fact import FactType, FactValue
from rules.language import lists, matchers, times
from rules.language.changes import ChangedReading, is_history
from rules.language.comparing import TEXT_TESTS, compared, is_above, one_of_values, ordered, text_test
from rules.language.matchers import Matcher, MemberTest
from rules.language.names import Names
from rules.language.operands import Operands, is_reference
from rules.language.operators import OPERATORS, Operand, operators_for
from rules.language.values import Reader, ValueKind, fields_of
from syncd.complaints import boolean_hint, did_you_mean, one_of, shown
from syncd.documents import Data, Loc
from syncd.model.findings import Span

RecordTest: TypeAlias = Callable[[Reader, Loc, Data, ValueKind, Names], tuple[MemberTest, tuple[str, ...]] | None]
"""Gives the test of members, and the facts of the subject that it compares with."""

_NUMBER = ValueKind(type=FactType.NUMBER)
_LISTS = (FactType.TEXTS, FactType.RECORDS)


class MatcherReading:
    """Reads what is asked of the fact ``name``; ``record_test`` reads conditions on the fields of records."""

    def __init__(self, reader: Reader, name: str, names: Names, record_test: RecordTest) -> None:
        self._reader = reader
        self._name = name
        self._names = names
        self._record_test = record_test
        self._operands = Operands(reader, name, names)
        self._outer: dict[str, None] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields of the same record that are compared with."""
        return tuple(self._operands.fields)

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the facts of the subject that are compared with, inside records too."""
        return tuple({**self._operands.facts, **self._outer})

    def matcher(self, loc: Loc, data: Data, kind: ValueKind) -> Matcher | None:
        """Return the matcher written at ``loc``; None after refusing it."""
        if is_reference(data):
            operator = "lt" if kind.type is FactType.SPAN else "eq"
            return self._refuse(
                loc, f"what is compared with stands to the right of an operator, such as {{{operator}: {{…}}}}"
            )
        if isinstance(data, dict):
            return self._operators(loc, data, kind)
        if kind.type in _LISTS:
            example = "contains: x" if kind.type is FactType.TEXTS else "empty: false"
            return self._refuse(
                loc, f"read {shown(data)}; '{self._name}' is a list: ask with {{{example}}} or the like"
            )
        if isinstance(data, list):
            return self._one_of(loc, data, kind)
        if kind.type is FactType.SPAN:
            return self._refuse(
                loc, f"read {shown(data)}; a length of time is compared with lt, lte, gt, gte or between"
            )
        return self._equal(loc, data, kind)

    def _refuse(self, loc: Loc, message: str, *, on_key: bool = False) -> Matcher | None:
        self._reader.refuse(loc, message, on_key=on_key)
        return None

    def _operators(self, loc: Loc, data: dict[str, Data], kind: ValueKind) -> Matcher | None:
        if not data:
            return self._refuse(loc, "read an empty mapping; expected a value or operators, such as {not: x}")
        found = [self._operator((*loc, name), name, value, kind) for name, value in data.items()]
        known = [each for each in found if each is not None]
        return matchers.all_of(known) if len(known) == len(found) else None

    def _operator(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        declared = OPERATORS.get(name)
        if declared is None:
            return self._refuse(loc, self._unknown(name, data, kind), on_key=True)
        if kind.type not in declared.types:
            possible = one_of(operators_for(kind.type))
            what = f"'{self._name}' ({kind.type.value})"
            return self._refuse(loc, f"operator '{name}' does not fit {what}. Possible: {possible}.", on_key=True)
        return _READ[declared.operand](self, loc, name, data, kind)

    def _unknown(self, name: str, data: Data, kind: ValueKind) -> str:
        if kind.record is not None and name in fields_of(kind.record):
            return f"'{name}' is a field of the members of '{self._name}': say {{some: {{{name}: …}}}}"
        if data is None:
            return f"read {{{name}}}, which YAML reads as a mapping; put text that begins with a brace in quotes"
        possible = operators_for(kind.type)
        return f"unknown operator '{name}'." + (did_you_mean(name, possible) or f" Possible: {one_of(possible)}.")

    def _value(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        if name == "eq":
            return self._equal(loc, data, kind)
        limit = self._operands.one(loc, data, kind)
        return ordered(name, kind, limit) if limit is not None else None

    def _equal(self, loc: Loc, data: Data, kind: ValueKind) -> Matcher | None:
        wanted = self._operands.one(loc, data, kind)
        return compared(kind, operator.eq, wanted) if wanted is not None else None

    def _values(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        found = self._one_of(loc, data, kind)
        return matchers.negation(found) if found and name == "not_in" else found

    def _one_of(self, loc: Loc, data: Data, kind: ValueKind) -> Matcher | None:
        if kind.type is FactType.SPAN:
            return self._refuse(loc, "read a list; a length of time is compared with lt, lte, gt, gte or between")
        values = self._operands.several(loc, data, kind)
        return one_of_values(kind, values) if values else None

    def _pair(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        expected = "expected a list of two values, the lower one first"
        if not is_reference(data) and (not isinstance(data, list) or len(data) != 2):
            return self._refuse(loc, f"read {shown(data)}; {expected}")
        limits = self._operands.several(loc, data, kind)
        if limits is None:
            return None
        if len(limits) != 2:
            return self._refuse(loc, f"the param has {len(limits)} values; {expected}")
        if is_above(*limits):
            return self._refuse(loc, "the first value is above the second; the lower one comes first")
        return matchers.all_of([ordered("gte", kind, limits[0]), ordered("lte", kind, limits[1])])

    def _text(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        if isinstance(data, list):
            return self._refuse(loc, f"read a list; expected one text, such as {{{name}: x}}; for several use 'any'")
        if name == "contains" and kind.type is FactType.RECORDS:
            if kind.record is None or "key" not in fields_of(kind.record):
                return self._refuse(loc, f"members of '{self._name}' have no key; use 'some'", on_key=True)
            test = self._of_record(loc, {"key": {"eq": data} if is_reference(data) else data}, kind)
            return lists.some(test) if test else None
        whole = kind.member if name == "contains" and kind.type is FactType.TEXTS else None
        wanted = self._operands.one(loc, data, whole or ValueKind(type=FactType.TEXT, fold_case=kind.fold_case))
        if wanted is None:
            return None
        if whole:
            return lists.some(text_test(compared(whole, operator.eq, wanted)))
        return compared(kind, TEXT_TESTS[name], wanted)

    def _pattern(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        written, data = data, self._operands.pattern(loc, data)
        if data is None and is_reference(written):
            return None
        if not isinstance(data, str):
            return self._refuse(loc, f"read {shown(data)}; expected a regular expression in quotes")
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = not kind.fold_case
        try:
            pattern = re2.compile(data, options)
        except re2.error as error:
            reason = error.args[0]
            said = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
            return self._refuse(loc, f"the regular expression {shown(data)} can't be used: {said}")
        # The pattern itself takes no account of case: folding would turn "ß" into "ss" under it.
        as_it_is = ValueKind(type=kind.type)
        return compared(as_it_is, lambda value, _: pattern.search(_encodable(value)) is not None, "")

    def _flag(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        if not isinstance(data, bool):
            return self._refuse(loc, f"read {shown(data)}; expected true or false{boolean_hint(data)}")
        if name == "exists":
            return matchers.exists(data)
        if kind.type in _LISTS:
            return lists.empty(data)
        filled = matchers.scalar(kind, lambda value, _: value != "")
        return matchers.negation(filled) if data else filled

    def _span(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        span = self._operands.constant(loc, data, ValueKind(type=FactType.SPAN))
        if not isinstance(span, Span):
            return None
        if name == "within":
            return times.within(kind, span)
        older = times.older_than(kind, span)
        return older if name == "older_than" else matchers.known_not(older)

    def _negated(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        found = self._equal(loc, data, kind) if is_reference(data) else self.matcher(loc, data, kind)
        return matchers.negation(found) if found else None

    def _member(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        test = self._test(loc, data, kind)
        return _LIST_MATCHERS[name](test) if test else None

    def _test(self, loc: Loc, data: Data, kind: ValueKind) -> MemberTest | None:
        if kind.type is FactType.RECORDS:
            return self._of_record(loc, data, kind)
        found = self.matcher(loc, data, kind.member)
        return text_test(found) if found else None

    def _of_record(self, loc: Loc, data: Data, kind: ValueKind) -> MemberTest | None:
        found = self._record_test(self._reader, loc, data, kind, self._names)
        if found is None:
            return None
        test, outer = found
        self._outer.update(dict.fromkeys(outer))
        return test

    def _count(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        wanted = {key: value for key, value in data.items() if key != "where"} if isinstance(data, dict) else data
        if wanted == {}:
            return self._refuse(loc, "how many is missing, such as {where: …, gte: 2}")
        before = len(self._operands.read)
        number = self._equal(loc, wanted, _NUMBER) if is_reference(wanted) else self.matcher(loc, wanted, _NUMBER)
        limits = self._operands.read[before:]
        test = None
        if isinstance(data, dict) and "where" in data:
            test = self._test((*loc, "where"), data["where"], kind)
            if test is None:
                return None
        return lists.count(test, number.judge, limits) if number else None

    def _changed(self, loc: Loc, name: str, data: Data, kind: ValueKind) -> Matcher | None:
        if not is_history(kind):
            return self._refuse(loc, f"'{self._name}' is no history; 'changed' is asked of item.history", on_key=True)
        return ChangedReading(self._reader, self._operands, kind, self.matcher).matcher(loc, data)


_READ: dict[Operand, Callable[[MatcherReading, Loc, str, Data, ValueKind], Matcher | None]] = {
    Operand.VALUE: MatcherReading._value,
    Operand.VALUES: MatcherReading._values,
    Operand.PAIR: MatcherReading._pair,
    Operand.TEXT: MatcherReading._text,
    Operand.PATTERN: MatcherReading._pattern,
    Operand.FLAG: MatcherReading._flag,
    Operand.SPAN: MatcherReading._span,
    Operand.MATCHER: MatcherReading._negated,
    Operand.MEMBER: MatcherReading._member,
    Operand.COUNT: MatcherReading._count,
    Operand.CHANGED: MatcherReading._changed,
}
_LIST_MATCHERS = {"some": lists.some, "every": lists.every, "none": lists.none}


def _encodable(value: FactValue) -> str:
    """Return text that RE2 can take: halves of surrogate pairs, which UTF-8 can't hold, become question marks."""
    return str(value).encode(errors="replace").decode()
