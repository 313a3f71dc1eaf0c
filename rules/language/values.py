"""Values that conditions compare with: what kind a fact or a record's field is of, and the literals written for it."""

import enum
import json
import re
import types
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import msgspec

from rules.facts.fact import Fact, FactType, FactValue, RecordType
from rules.language import spans
from syncd.complaints import boolean_hint, did_you_mean, one_of, shown
from syncd.documents import Data, Document, Loc
from syncd.model.errors import ConfigError
from syncd.model.findings import Span
from syncd.model.identity import ContainerId, ItemId, PlaceId
from syncd.model.truth import Unknown

Written: TypeAlias = str | int | float | bool | date | Span
"""A value written in a rule, in the type that its fact compares with."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_IDENTITIES = (ItemId, PlaceId, ContainerId)
_EXPECTED = {
    FactType.TEXT: "text",
    FactType.TEXTS: "text",
    FactType.NUMBER: "a number",
    FactType.BOOL: "true or false",
    FactType.DATE: "a date such as 2026-12-31",
    FactType.INSTANT: "a date such as 2026-12-31",
    FactType.SPAN: spans.EXPECTED,
}


class ValueKind(msgspec.Struct, frozen=True, kw_only=True):
    """What a fact, a record's field, or a member of a list of texts is: its type and what its values can be."""

    type: FactType
    values: tuple[str, ...] = ()
    record: RecordType | None = None
    fold_case: bool = False

    @property
    def member(self) -> "ValueKind":
        """Return the kind of one member of a list of texts."""
        return ValueKind(type=FactType.TEXT, values=self.values, fold_case=self.fold_case)


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a record that rules can read."""

    name: str
    kind: ValueKind
    read: Callable[[msgspec.Struct], FactValue]


class Reader:
    """A document while its conditions and templates are read: what is wrong is collected, never raised.

    ``some_unread``: another file of the workspace could not be read, and may define what this one names.
    """

    def __init__(self, document: Document, *, some_unread: bool = False) -> None:
        self.document = document
        self.errors: list[ConfigError] = []
        self._some_unread = some_unread

    def refuse(self, loc: Loc, message: str, *, on_key: bool = False) -> None:
        """Remember that what stands at ``loc`` is wrong."""
        self.errors.append(self.document.error(loc, message, on_key=on_key))

    def refuse_undefined(self, loc: Loc, message: str) -> None:
        """Remember that what stands at ``loc`` names what no file defines, unless it may stand in an unread one."""
        if not self._some_unread:
            self.refuse(loc, message)

    def text(self, loc: Loc, value: Data) -> str | None:
        """Return a scalar as text, a number as it was written; None for null, lists and mappings."""
        if value is None or isinstance(value, dict | list):
            return None
        return value if isinstance(value, str) else self.document.source(loc) or str(value)


def kind_of(fact: Fact) -> ValueKind:
    """Return what values of a fact are."""
    return ValueKind(type=fact.type, values=fact.values, record=fact.record, fold_case=fact.fold_case)


def literal(reader: Reader, loc: Loc, value: Data, kind: ValueKind) -> Written | None:
    """Return the value written at ``loc`` for a fact of this kind; None after refusing what is no such value."""
    found = _literal(reader, loc, value, kind.type)
    if found is None:
        hint = "; say 'exists: false' for what has no value" if value is None else ""
        hint = hint or (boolean_hint(value) if kind.type is FactType.BOOL else "")
        reader.refuse(loc, f"read {shown(value)}; expected {_EXPECTED.get(kind.type, 'another value')}{hint}")
        return None
    if isinstance(found, str):
        return _of_closed_set(reader, loc, found, kind)
    return found


def _literal(reader: Reader, loc: Loc, value: Data, wanted: FactType) -> Written | None:
    text = reader.text(loc, value)
    if wanted in (FactType.TEXT, FactType.TEXTS):
        return text
    if wanted is FactType.NUMBER:
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if wanted is FactType.BOOL:
        return value if isinstance(value, bool) else None
    if wanted in (FactType.DATE, FactType.INSTANT):
        return _date(text or "")
    return spans.span_of(text or "") if wanted is FactType.SPAN else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.match(text) else None
    except ValueError:
        return None


def _of_closed_set(reader: Reader, loc: Loc, found: str, kind: ValueKind) -> str | None:
    if kind.values and found not in kind.values:
        near = did_you_mean(found, kind.values)
        reader.refuse(loc, f"unknown value '{found}'." + (near or f" Possible: {one_of(kind.values)}."))
        return None
    return found.casefold() if kind.fold_case else found


@cache
def fields_of(record: RecordType) -> dict[str, Field]:
    """Return the fields of a record that rules can read, by name, from its annotations."""
    hints = get_type_hints(record, include_extras=True)
    fields = [_field(name, hints[name]) for name in record.__struct_fields__]
    return {field.name: field for field in fields if field is not None}


def _field(name: str, annotation: object) -> Field | None:
    kind = _kind(annotation)
    if kind is None:
        return None

    as_it_is = attrgetter(name)

    def read(record: msgspec.Struct) -> FactValue:
        return _plain(as_it_is(record))

    return Field(name=name, kind=kind, read=as_it_is if _is_plain(annotation) else read)


def _is_plain(annotation: object) -> bool:
    """Return whether a field's values can be compared as they are."""
    of_union = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    return all(each in _PLAIN for each in of_union)


def _plain(value: Any) -> FactValue:
    if isinstance(value, enum.Enum):
        return value.value if isinstance(value.value, str) else value.name.lower()
    if isinstance(value, _IDENTITIES):
        return str(value)
    return value  # type: ignore[no-any-return]


_PLAIN = (str, bool, int, float, date, datetime, timedelta, type(None))
_SCALARS: dict[object, FactType] = {
    str: FactType.TEXT,
    bool: FactType.BOOL,
    int: FactType.NUMBER,
    float: FactType.NUMBER,
    date: FactType.DATE,
    datetime: FactType.INSTANT,
    timedelta: FactType.SPAN,
    **dict.fromkeys(_IDENTITIES, FactType.TEXT),
}


def _kind(annotation: object) -> ValueKind | None:
    """Return what values of an annotation are, None and Unknown aside; None where rules can't read them."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin in (Union, types.UnionType):
        kinds = [_kind(each) for each in arguments if each not in (type(None), Unknown)]
        return kinds[0] if kinds else None
    if origin is Literal:
        return ValueKind(type=FactType.TEXT, values=tuple(str(each) for each in arguments))
    if origin is tuple:
        return _list_kind(arguments)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return ValueKind(type=FactType.TEXT, values=tuple(str(_plain(each)) for each in annotation))
    scalar = _SCALARS.get(annotation)
    return ValueKind(type=scalar) if scalar else None


def _list_kind(arguments: Sequence[object]) -> ValueKind | None:
    member = arguments[0] if arguments else None
    if isinstance(member, type) and issubclass(member, msgspec.Struct) and member not in _IDENTITIES:
        return ValueKind(type=FactType.RECORDS, record=member)
    inner = _kind(member)
    return ValueKind(type=FactType.TEXTS, values=inner.values) if inner and inner.type is FactType.TEXT else None


def canonical(reader: Reader, loc: Loc, data: Data) -> str:
    """Return a text that is equal for equal data, with numbers as they were written."""
    return json.dumps(_as_written(reader, loc, data), sort_keys=True)


def _as_written(reader: Reader, loc: Loc, data: Data) -> Data:
    if isinstance(data, dict):
        return {key: _as_written(reader, (*loc, key), value) for key, value in data.items()}
    if isinstance(data, list):
        return [_as_written(reader, (*loc, index), value) for index, value in enumerate(data)]
    return data if isinstance(data, bool | str) else reader.text(loc, data)
