"""``changed``: what is asked of a history, a list of changes of which the oldest may not be known."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import msgspec

from rules.facts.fact import FactType, FactValue, Member
from rules.language import lists, times
from rules.language.comparing import one_of_values
from rules.language.matchers import Matcher, MemberTest, Moment, earliest, known_not
from rules.language.operands import Operands, is_reference
from rules.language.other import Value
from rules.language.values import Field, Reader, ValueKind, Written, fields_of
from syncd.complaints import did_you_mean, one_of, shown
from syncd.documents import Data, Loc
from syncd.model.findings import Span
from syncd.model.items import EVENT_FIELDS
from syncd.model.truth import Truth, UnknownBefore

KEYS = ("field", "within", "from", "to", "count")
"""What can stand in the mapping under ``changed``; the field alone can stand without one."""

ReadMatcher: TypeAlias = Callable[[Loc, Data, ValueKind], Matcher | None]

_SPAN = ValueKind(type=FactType.SPAN)
_INSTANT = ValueKind(type=FactType.INSTANT)
_TEXT = ValueKind(type=FactType.TEXT)
_NUMBER = ValueKind(type=FactType.NUMBER)
_FIELD = ValueKind(type=FactType.TEXT, values=EVENT_FIELDS)


def is_history(kind: ValueKind) -> bool:
    """Return whether the members of a list are changes of fields."""
    return kind.record is not None and {"field", "at", "before", "after"} <= fields_of(kind.record).keys()


class ChangedReading:
    """Reads what stands under ``changed``; ``read_matcher`` reads what values, and how many changes, must be."""

    def __init__(self, reader: Reader, operands: Operands, kind: ValueKind, read_matcher: ReadMatcher) -> None:
        assert kind.record is not None
        self._reader = reader
        self._operands = operands
        self._record = kind.record
        self._fields = fields_of(kind.record)
        self._read_matcher = read_matcher

    def matcher(self, loc: Loc, data: Data) -> Matcher | None:
        """Return the matcher of a history; None after refusing it."""
        if isinstance(data, dict):
            return self._of_mapping(loc, data)
        if isinstance(data, str):
            return self._of_mapping(loc, {"field": data}, (loc, data))
        self._reader.refuse(loc, f"read {shown(data)}; expected a field, or a mapping such as {{field: status}}")
        return None

    def _of_mapping(self, loc: Loc, data: dict[str, Data], alone: tuple[Loc, Data] | None = None) -> Matcher | None:
        if not self._are_known(loc, data):
            return None
        tests = [self._field_test(*(alone or ((*loc, "field"), data["field"])))]
        tests += [self._value_test(loc, data, key) for key in ("from", "to") if key in data]
        span = None
        if "within" in data:
            span = self._operands.constant((*loc, "within"), data["within"], _SPAN)
            tests.append(self._at_test(span))
        number, limits = self._number((*loc, "count"), data.get("count", {"gte": 1}))
        known = [test for test in tests if test is not None]
        if len(known) < len(tests) or number is None:
            return None
        found = lists.count(_all_of(known, self._record), number.judge, limits)
        return _windowed(found, span) if isinstance(span, Span) else found

    def _are_known(self, loc: Loc, data: dict[str, Data]) -> bool:
        for key in data:
            if key not in KEYS:
                message = f"unknown key '{key}'." + (did_you_mean(key, KEYS) or f" Allowed here: {one_of(KEYS)}.")
                self._reader.refuse((*loc, key), message, on_key=True)
        is_known = all(key in KEYS for key in data)
        # A misspelt 'field' is one mistake, and told of.
        if "field" not in data and is_known:
            self._reader.refuse(loc, f"the key 'field' is missing: one of {', '.join(EVENT_FIELDS)}")
        return "field" in data and is_known

    def _field_test(self, loc: Loc, data: Data) -> "Asked | None":
        places = {(*loc, at): each for at, each in enumerate(data)} if isinstance(data, list) else {loc: data}
        unknown = {at: each for at, each in places.items() if isinstance(each, str) and each not in EVENT_FIELDS}
        for at, each in unknown.items():
            near = did_you_mean(each, EVENT_FIELDS) or f" Fields: {', '.join(EVENT_FIELDS)}."
            self._reader.refuse(at, f"unknown field '{each}'.{near}")
        if unknown:
            return None
        values = self._operands.several(loc, data if isinstance(data, list) or is_reference(data) else [data], _FIELD)
        return Asked(self._fields["field"], one_of_values(_FIELD, values)) if values else None

    def _value_test(self, loc: Loc, data: dict[str, Data], key: str) -> "Asked | None":
        found = self._read_matcher((*loc, key), data[key], _TEXT)
        return Asked(self._fields["before" if key == "from" else "after"], found) if found else None

    def _at_test(self, span: Written | None) -> "Asked | None":
        found = times.older_than(_INSTANT, span) if isinstance(span, Span) else None
        return Asked(self._fields["at"], known_not(found)) if found else None

    def _number(self, loc: Loc, data: Data) -> tuple[Matcher | None, list[Value]]:
        before = len(self._operands.read)
        number = self._read_matcher(loc, {"eq": data} if is_reference(data) else data, _NUMBER)
        return number, self._operands.read[before:]


class Asked(msgspec.Struct, frozen=True):
    """A field of a change, and what it must be."""

    field: Field
    matcher: Matcher


def _all_of(tests: list[Asked], record: type[msgspec.Struct]) -> MemberTest:
    parts = [(each.field.read, each.matcher.judge) for each in tests]
    dues = [(each.field.read, each.matcher.due) for each in tests if each.matcher.due]

    def judge(member: Member, moment: Moment) -> Truth:
        if not isinstance(member, record):
            return Truth.UNKNOWN
        return min(judge(read(member), moment) for read, judge in parts)

    def due(member: Member, moment: Moment) -> datetime | None:
        if not isinstance(member, record):
            return None
        return earliest([due(read(member), moment) for read, due in dues])

    return MemberTest(judge=judge, due=due if dues else None)


def _windowed(of: Matcher, span: Span) -> Matcher:
    """Return the matcher to which what is not known from before its window does not matter."""

    def seen(value: FactValue, moment: Moment) -> FactValue:
        last = _unknown_before(value)
        if last is None or not isinstance(value, tuple):
            return value
        return value[:-1] if last.at <= moment.calendar.open_from(moment.now, span) else value

    def due(value: FactValue, moment: Moment) -> datetime | None:
        last = _unknown_before(value)
        whole_at = moment.calendar.after(last.at, span) if last is not None else None
        found = of.due(value, moment) if of.due else None
        return earliest([found, whole_at if whole_at is not None and whole_at > moment.now else None])

    return Matcher(judge=lambda value, moment: of.judge(seen(value, moment), moment), due=due, matched=of.matched)


def _unknown_before(value: FactValue) -> UnknownBefore | None:
    last = value[-1] if isinstance(value, tuple) and value else None
    return last if isinstance(last, UnknownBefore) else None
