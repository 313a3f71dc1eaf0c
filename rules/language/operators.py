"""The operators of matchers, declared: the loader reads by these, the JSON Schema and the docs are made from them."""

import enum

import msgspec

from rules.facts.fact import FactType


class Operand(enum.Enum):
    """What stands to the right of an operator."""

    VALUE = "a value of the fact's type"
    VALUES = "a list of values of the fact's type"
    PAIR = "a list of two values, the lower one first"
    TEXT = "text"
    PATTERN = "a regular expression that RE2 reads"
    FLAG = "true or false"
    SPAN = "a length of time such as 3d, 2w or 5wd"
    MATCHER = "a value, a list of values, or a mapping of operators"
    MEMBER = "what a member must be: for records, a mapping of their fields"
    COUNT = "a number, or a mapping of 'where' and operators on numbers"
    CHANGED = "the name of a field, or a mapping of 'field', and 'within', 'from', 'to' and 'count'"


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """One operator: on which types of facts it can stand, what it takes, what it means."""

    name: str
    types: frozenset[FactType]
    operand: Operand
    meaning: str


_LISTS = frozenset({FactType.TEXTS, FactType.RECORDS})
_SCALARS = frozenset(FactType) - _LISTS
_TIMES = frozenset({FactType.DATE, FactType.INSTANT})
_NAMED = frozenset({FactType.TEXT, FactType.NUMBER, FactType.BOOL}) | _TIMES
_ORDERED = frozenset({FactType.NUMBER, FactType.SPAN}) | _TIMES
_TEXT = frozenset({FactType.TEXT})
_RECORDS = frozenset({FactType.RECORDS})


def _declared(name: str, types: frozenset[FactType], operand: Operand, meaning: str) -> Operator:
    return Operator(name=name, types=types, operand=operand, meaning=meaning)


_ALL = (
    _declared("eq", _NAMED, Operand.VALUE, "is the value"),
    _declared("not", _SCALARS, Operand.MATCHER, "does not match; what has no value is not anything"),
    _declared("in", _NAMED, Operand.VALUES, "is one of the values"),
    _declared("not_in", _NAMED, Operand.VALUES, "is none of the values"),
    _declared("lt", _ORDERED, Operand.VALUE, "is less than, or before"),
    _declared("lte", _ORDERED, Operand.VALUE, "is at most, or not after"),
    _declared("gt", _ORDERED, Operand.VALUE, "is more than, or after"),
    _declared("gte", _ORDERED, Operand.VALUE, "is at least, or not before"),
    _declared("between", _ORDERED, Operand.PAIR, "is between the two, both included"),
    _declared("contains", _TEXT | _LISTS, Operand.TEXT, "has the text in it, as a member, or as a member's key"),
    _declared("starts_with", _TEXT, Operand.TEXT, "begins with the text"),
    _declared("ends_with", _TEXT, Operand.TEXT, "ends with the text"),
    _declared("matches", _TEXT, Operand.PATTERN, "has a place that fits the regular expression"),
    _declared("exists", frozenset(FactType), Operand.FLAG, "is known and has a value (false: has none)"),
    _declared("empty", _TEXT | _LISTS, Operand.FLAG, "has no members or no text (false: has some)"),
    _declared("older_than", _TIMES, Operand.SPAN, "was at least so long ago; a day is over at its end"),
    _declared("newer_than", _TIMES, Operand.SPAN, "was less than so long ago, or is still to come"),
    _declared("within", _TIMES, Operand.SPAN, "is not over and begins in at most so long from now"),
    _declared("some", _LISTS, Operand.MEMBER, "has a member that is so"),
    _declared("every", _LISTS, Operand.MEMBER, "has only members that are so, or none at all"),
    _declared("none", _LISTS, Operand.MEMBER, "has no member that is so"),
    _declared("count", _LISTS, Operand.COUNT, "has so many members, or so many that are as 'where' says"),
    _declared("changed", _RECORDS, Operand.CHANGED, "of a history: has changes of the field, one at least"),
)

OPERATORS: dict[str, Operator] = {operator.name: operator for operator in _ALL}


def operators_for(wanted: FactType) -> list[str]:
    """Return the names of the operators that can stand on facts of a type."""
    return [operator.name for operator in _ALL if wanted in operator.types]
