"""How the rules by hand put what they found: the same leaves as the templates of evaluate_rules.yaml."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from benchmarks.evaluate_facts import PLACE, Blocker, Row, Served
from syncd.model.comments import Day, Leaf, Line, Quote, Reference, Text
from syncd.model.truth import Unknown

_SHOWN = 5


def quote(words: object) -> Quote:
    """Return an item's words."""
    return Quote(str(words), source=PLACE)


def key(row: Row) -> Reference:
    """Return an item's key."""
    return Reference(row.item.key, url=row.item.url, item=row.item.id, source=PLACE)


def day(at: Any) -> Leaf:
    """Return a date."""
    return Day(at.date() if isinstance(at, datetime) else at, source=PLACE)


def listed(lines: Sequence[Line]) -> Line:
    """Return "a, b and c"."""
    rest = len(lines) - _SHOWN
    if rest > 1:
        lines = [*lines[:_SHOWN], (Text(f"{rest} more"),)]
    parts: list[Leaf] = []
    for index, line in enumerate(lines):
        if index:
            parts.append(Text(" and " if index == len(lines) - 1 else ", "))
        parts += line
    return tuple(parts)


def blocker_key(each: Blocker) -> Reference:
    """Return a blocker's key."""
    return Reference(each.key, url=each.url, item=each.item, source=each.place, restricted=each.restricted)


def blocker_title(each: Blocker) -> Quote:
    """Return a blocker's title."""
    return Quote(each.title, source=each.place, restricted=each.restricted, item=each.item)


def keys(members: Iterable[Blocker]) -> Line:
    """Return keys alone."""
    return listed([(blocker_key(each),) for each in members])


def names(members: Iterable[Blocker]) -> Line:
    """Return keys with titles."""
    return listed([(blocker_key(each), Text(" ("), blocker_title(each), Text(")")) for each in members])


def titles(members: Iterable[Served]) -> Line:
    """Return titles."""
    return listed([(Quote(each.title),) for each in members])


def words(value: Any) -> Line:
    """Return our words, a number or a boolean."""
    if value is None or value == ():
        return (Text("none"),)
    if value.__class__ is Unknown:
        return (Text("unknown"),)
    if isinstance(value, bool):
        return (Text("yes" if value else "no"),)
    return (Text(str(value)),)


def or_none(put: Callable[[Any], Line]) -> Callable[[Any], Line]:
    """Return ``put`` for values that may be missing."""
    return lambda value: words(value) if not value or value.__class__ is Unknown else put(value)


def around(before: str, line: Line, after: str) -> Line:
    """Return a line in a sentence; nothing around nothing."""
    if not line:
        return ()
    return (Text(before), *line, Text(after)) if before else (*line, Text(after))


def kind_line(before: str, row: Row, *after: object) -> Line:
    """Return a sentence with an item's kind; nothing where that is unknown."""
    if row.kind.__class__ is Unknown:
        return ()
    parts = [Text(part) if isinstance(part, str) else part for part in after]
    return (Text(before), *words(row.kind), *parts)  # type: ignore[arg-type]
