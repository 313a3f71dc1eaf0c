"""Whether anything at all can be what is asked of it: said only where it can be proved that nothing can."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from rules.facts.fact import FactType, FactValue
from rules.language.conditions import Atom
from rules.language.matchers import Moment
from rules.language.names import Names
from rules.language.parser import parse_condition
from rules.language.spans import span_of
from rules.language.values import Reader, ValueKind, fields_of, literal
from rules.lint.asked import Asked, Product, TooMany, Written, asked_of, part, products, together
from syncd.complaints import Scalar
from syncd.documents import Data, Loc
from syncd.model.findings import Span
from syncd.model.truth import Truth

_NOON = Moment(datetime(2026, 6, 3, 12, tzinfo=UTC))
"""Nothing below depends on when it is: what could is left out."""
_LISTS = (FactType.TEXTS, FactType.RECORDS)
_TIMES = (FactType.DATE, FactType.INSTANT)
_AGO = frozenset({"older_than", "newer_than", "within"})
_OF_VALUES = frozenset({"eq", "in", "not", "not_in", "exists", "empty", "lt", "lte", "gt", "gte", "between"})
_OF_LENGTH = frozenset({"empty", "exists", "count"})
_MEMBER = "member"
_TICK = timedelta.resolution
_DAY = timedelta(days=1)
_MANY = 10_000


def contradicted(product: Product, kinds: Mapping[str, ValueKind]) -> str | None:
    """Return the name of a fact of which nothing can be all that the product asks; None where that is not proved."""
    asked: dict[str, list[Asked]] = {}
    for each in product:
        asked.setdefault(each.name, []).append(each)
    return next((name for name, of_name in asked.items() if name in kinds and not _can_be(of_name, kinds[name])), None)


def _can_be(asked: Sequence[Asked], kind: ValueKind) -> bool:
    keys = {each.key for each in asked}
    if any((name, text, not wanted) in keys for name, text, wanted in keys):
        return False
    if kind.type in _LISTS:
        return _list_can_be(asked, kind)
    if kind.type in _TIMES:
        fixed = [each for each in asked if not _operators(each.what.data) & _AGO]
        moving = [each for each in asked if not _operators(each.what.data) - _AGO]
        return _one_can_be(fixed, kind, _fixed_times) and _one_can_be(moving, kind, _moving_times)
    return _one_can_be(asked, kind, _CANDIDATES[kind.type])


def _one_can_be(asked: Sequence[Asked], kind: ValueKind, candidates: "Candidates") -> bool:
    compared = [each for each in asked if not _operators(each.what.data) - _OF_VALUES - _AGO]
    atoms = _atoms(compared, kind)
    if len(atoms) < len(compared):
        return True
    values = candidates(compared, kind)
    return values is None or any(
        all(_is(atom, value, each.wanted) for atom, each in zip(atoms, compared, strict=True)) for value in values
    )


def _is(atom: Atom, value: FactValue, wanted: bool) -> bool:
    return atom.matcher.judge(value, _NOON) is (Truth.YES if wanted else Truth.NO)


def _atoms(asked: Iterable[Asked], kind: ValueKind) -> list[Atom]:
    """Return what is asked of a fact of this kind as matchers; without those that compare with what varies."""
    found = [_atom(each.what, kind) for each in asked if not _varies(each.what.data)]
    return [each for each in found if each is not None]


def _atom(what: Written, kind: ValueKind) -> Atom | None:
    reader = Reader(what.reader.document)
    last: Any = what.loc[-1]
    condition = parse_condition(
        reader, what.loc[:-1], {last: what.data}, Names(noun="field", kinds={last: kind}, words=())
    )
    return condition if isinstance(condition, Atom) and not reader.errors else None


def _varies(data: Data) -> bool:
    """Return whether something in there is another fact, field or param."""
    if isinstance(data, dict):
        return bool(data.keys() & {"fact", "field", "param"}) or any(map(_varies, data.values()))
    return any(map(_varies, data)) if isinstance(data, list) else False


def _operators(data: Data) -> set[str]:
    """Return the operators in what is asked of a fact that is no list."""
    if not isinstance(data, dict):
        return {"eq"}
    return {each for name, below in data.items() for each in ({name} | (_operators(below) if name == "not" else set()))}


Candidates = Callable[[Sequence[Asked], ValueKind], Sequence[FactValue] | None]
"""Gives values of which one passes if any value does; None where that can't be promised."""


def _written(asked: Iterable[Asked], kind: ValueKind) -> list[Any]:
    found = [_literal(each.what, path, kind) for each in asked for path in _scalars(each.what.data, ())]
    return [each for each in found if each is not None]


def _scalars(data: Data, path: Loc) -> Iterable[tuple[Loc, Scalar]]:
    if isinstance(data, dict):
        return [each for key, below in data.items() for each in _scalars(below, (*path, key))]
    if isinstance(data, list):
        return [each for at, below in enumerate(data) for each in _scalars(below, (*path, at))]
    return [(path, data)]


def _literal(what: Written, at: tuple[Loc, Scalar], kind: ValueKind) -> Any:
    path, value = at
    if path and path[-1] in ("exists", "empty"):
        return None
    found = literal(Reader(what.reader.document), (*what.loc, *path), value, kind)
    return found


def _texts(asked: Sequence[Asked], kind: ValueKind) -> Sequence[FactValue]:
    if kind.values:
        return (None, *kind.values)
    written = _written(asked, kind)
    return (None, "", "\0".join(["another", *written]), *written)


def _numbers(asked: Sequence[Asked], kind: ValueKind) -> Sequence[FactValue]:
    written = sorted(set(_written(asked, kind))) or [0]
    between = [(low + high) / 2 for low, high in pairwise(written)]
    return (None, written[0] - 1, written[-1] + 1, *written, *between)


def _flags(asked: Sequence[Asked], kind: ValueKind) -> Sequence[FactValue]:
    return (None, True, False)


def _fixed_times(asked: Sequence[Asked], kind: ValueKind) -> Sequence[FactValue] | None:
    written = [each for each in _written(asked, kind) if date(2, 1, 1) < each < date(9998, 1, 1)]
    days = sorted({day for each in written for day in (each - _DAY, each, each + _DAY)}) or [date(2026, 6, 3)]
    if kind.type is FactType.DATE:
        return (None, *days)
    return (None, *[datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in days])


def _moving_times(asked: Sequence[Asked], kind: ValueKind) -> Sequence[FactValue] | None:
    spans = _spans(asked)
    if spans is None or (kind.type is FactType.DATE and any(each % _DAY for each in spans)):
        return None
    now = _NOON.now
    at = sorted(
        {
            now + sign * each + step
            for each in (*spans, 0 * _DAY)
            for sign in (-1, 1)
            for step in (-_DAY, -_TICK, 0 * _TICK, _TICK, _DAY)
        }
    )
    at += [low + (high - low) / 2 for low, high in pairwise(at)]
    return (None, *({each.date() for each in at} if kind.type is FactType.DATE else at))


def _ages(asked: Sequence[Asked], kind: ValueKind) -> Sequence[FactValue] | None:
    spans = _spans(asked)
    if spans is None:
        return None
    ages = sorted({max(each + step, 0 * _TICK) for each in (*spans, 0 * _DAY) for step in (-_TICK, 0 * _TICK, _TICK)})
    return (None, *ages, *[low + (high - low) / 2 for low, high in pairwise(ages)])


def _spans(asked: Sequence[Asked]) -> list[timedelta] | None:
    """Return the lengths of time that are written, unless one counts working days or is longer than a lifetime."""
    found = []
    for each in asked:
        for _, value in _scalars(each.what.data, ()):
            span = span_of(str(value)) or Span()
            if span.working_days or span.exact > _MANY * _DAY:
                return None
            if not isinstance(value, bool):
                found.append(span.exact)
    return found


_CANDIDATES: dict[FactType, Candidates] = {
    FactType.TEXT: _texts,
    FactType.NUMBER: _numbers,
    FactType.BOOL: _flags,
    FactType.SPAN: _ages,
}


def _list_can_be(asked: Sequence[Asked], kind: ValueKind) -> bool:
    compared = [each for each in asked if not _varies(each.what.data)]
    atoms = _atoms(compared, kind)
    if len(atoms) < len(compared):
        return True
    pairs = list(zip(atoms, compared, strict=True))
    if any(all(_is(atom, value, each.wanted) for atom, each in pairs) for value in (None, ())):
        return True
    of_length = [(atom, each) for atom, each in pairs if _is_of_length(each.what.data)]
    lengths = _lengths([each for _, each in of_length])
    fits = any(all(_is(atom, (object(),) * n, each.wanted) for atom, each in of_length) for n in lengths)  # type: ignore[arg-type]
    return fits and _members_can_be(compared, kind)


def _is_of_length(data: Data) -> bool:
    count = data.get("count") if isinstance(data, dict) else None
    return (
        isinstance(data, dict) and not data.keys() - _OF_LENGTH and not (isinstance(count, dict) and "where" in count)
    )


def _lengths(asked: Sequence[Asked]) -> list[int]:
    numbers = [value for each in asked for _, value in _scalars(each.what.data, ())]
    whole = {int(value) for value in numbers if isinstance(value, int | float) and abs(value) < _MANY}
    return sorted({1, *(each + step for each in whole for step in (-1, 0, 1, 2) if each + step > 0)})


def _members_can_be(asked: Sequence[Asked], kind: ValueKind) -> bool:
    """Return whether each member that must be there can be: as ``some`` says, and as ``every`` says of all."""
    has = {"some": True, "contains": True, "none": False} if kind.record is None else {"some": True, "none": False}
    every = [part(each.what, "every") for each in asked if each.wanted and each.asks("every")]
    found = [
        (part(each.what, word), each.wanted is must) for each in asked for word, must in has.items() if each.asks(word)
    ]
    some, never = ([what for what, is_there in found if is_there is wanted] for wanted in (True, False))
    return all(_member_can_be([each, *every], never, kind) for each in some) and (
        not every or _member_can_be(every, never, kind)
    )


def _member_can_be(all_of: Sequence[Written], none_of: Sequence[Written], kind: ValueKind) -> bool:
    def read(condition: Written, wanted: bool) -> list[Product]:
        if kind.record is None:
            return asked_of(_MEMBER, condition, wanted)
        return products(condition, {}, wanted=wanted)

    kinds = {_MEMBER: kind.member}
    if kind.record is not None:
        kinds = {name: field.kind for name, field in fields_of(kind.record).items()}
    try:
        found = together([*(read(each, True) for each in all_of), *(read(each, False) for each in none_of)])
    except TooMany:
        return True
    return any(contradicted(product, kinds) is None for product in found)
