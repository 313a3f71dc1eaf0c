"""Conditions as an admin wrote them, as sums of products: what is asked of which fact, wherever it stands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from rules.language.values import Reader, canonical
from syncd.documents import Data, Loc

_MOST = 256
"""So many products are looked at; a condition with more is taken to be all right."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A condition, or a part of one, as it stands in a file."""

    reader: Reader
    loc: Loc
    data: Data


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is asked of a fact (or field), and whether that must be so (or must not)."""

    name: str
    what: Written
    wanted: bool = True

    @property
    def key(self) -> tuple[str, str, bool]:
        """Return what is equal for equal questions; ``none`` is that there are not ``some``."""
        text = canonical(self.what.reader, self.what.loc, self.what.data)
        if self.asks("none"):
            return self.name, text.replace("none", "some", 1), not self.wanted
        return self.name, text, self.wanted

    def asks(self, operator: str) -> bool:
        """Return whether this is all that is asked with."""
        return isinstance(self.what.data, dict) and self.what.data.keys() == {operator}


Product: TypeAlias = tuple[Asked, ...]
Sets: TypeAlias = Mapping[str, Written]


class TooMany(Exception):  # noqa: N818 - never leaves this module's callers
    """A condition has more products than are looked at."""


def part(of: Written, *path: str | int) -> Written:
    """Return what stands under a key of a condition."""
    data = of.data
    for each in path:
        data = data[each]  # type: ignore[index]
    return Written(reader=of.reader, loc=(*of.loc, *path), data=data)


def products(condition: Written, sets: Sets, *, wanted: bool = True, level: int = 0) -> list[Product]:
    """Return the products whose sum the condition is: it holds where all of one of them is so; raises TooMany."""
    if not isinstance(condition.data, dict) or level > _MOST:
        raise TooMany
    parts = [_entry(condition, key, sets, wanted, level) for key in condition.data]
    return together(parts) if wanted else _any(parts)


def together(parts: Sequence[list[Product]]) -> list[Product]:
    """Return the products of several sums that must hold together; raises TooMany."""
    found: list[Product] = [()]
    for each in parts:
        found = [(*left, *right) for left in found for right in each]
        if len(found) > _MOST:
            raise TooMany
    return found


def _entry(condition: Written, key: str, sets: Sets, wanted: bool, level: int) -> list[Product]:
    below = part(condition, key)
    if key in ("all", "any"):
        members = below.data if isinstance(below.data, list) else []
        found = [products(part(below, at), sets, wanted=wanted, level=level + 1) for at in range(len(members))]
        return together(found) if (key == "all") is wanted else _any(found)
    if key == "not":
        return products(below, sets, wanted=not wanted, level=level + 1)
    if key == "set":
        if below.data not in sets:
            raise TooMany
        return products(sets[str(below.data)], sets, wanted=wanted, level=level + 1)
    return asked_of(key, below, wanted)


def asked_of(name: str, what: Written, wanted: bool) -> list[Product]:
    """Return what is asked of a fact, operator by operator, in the plainest form; raises TooMany."""
    data = what.data
    if isinstance(data, dict) and data.keys() & {"not", "not_in"} and len(data) == 1:
        return asked_of(name, part(what, *data), not wanted)
    if isinstance(data, dict) and data in ({"exists": False}, {"empty": False}):
        return asked_of(name, Written(reader=what.reader, loc=what.loc, data=dict.fromkeys(data, True)), not wanted)
    if isinstance(data, dict) and len(data) > 1 and not data.keys() & _OPERANDS:
        parts = [
            asked_of(name, Written(reader=what.reader, loc=what.loc, data={key: data[key]}), wanted) for key in data
        ]
        return together(parts) if wanted else _any(parts)
    return [(Asked(name=name, what=_plain(what), wanted=wanted),)]


_OPERANDS = {"fact", "param", "field"}
"""A mapping with one of these is something to compare with."""


def _plain(what: Written) -> Written:
    """Return ``{eq: x}``, ``{in: [x]}`` and ``[x]`` as ``x``."""
    for key in ("eq", "in"):
        if isinstance(what.data, dict) and what.data.keys() == {key}:
            what = part(what, key)
    if isinstance(what.data, list) and len(what.data) == 1:
        return part(what, 0)
    return what


def _any(parts: list[list[Product]]) -> list[Product]:
    found = [product for each in parts for product in each]
    if len(found) > _MOST:
        raise TooMany
    return found


def facts_of(condition: Written, sets: Sets) -> Iterator[tuple[str, Written]]:
    """Yield every fact that a condition itself names, with what is asked of it; those of its sets are not told."""
    data = condition.data
    for key in data if isinstance(data, dict) else ():
        below = part(condition, key)
        if key in ("all", "any"):
            for at in range(len(below.data)) if isinstance(below.data, list) else ():
                yield from facts_of(part(below, at), sets)
        elif key == "not":
            yield from facts_of(below, sets)
        elif key != "set":
            yield key, below
