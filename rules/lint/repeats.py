"""Conditions that are written twice in the rules of a workspace: each is worth a name."""

from collections.abc import Iterator, Sequence

from rules.language.values import Reader, canonical
from rules.lint.asked import Written, part
from syncd.documents import Data
from syncd.model.errors import ConfigError

_WORTH_A_NAME = 2
"""So many things are asked in a condition that is worth one."""


def repeated_conditions(readers: Sequence[Reader]) -> Iterator[ConfigError]:
    """Yield where a condition stands that stands somewhere before, or that is a set's; the largest such part alone."""
    sets = {
        canonical(each.reader, each.loc, each.data): str(each.loc[1])
        for reader in readers
        for each in _under(reader, "sets")
        if _weight(each.data) >= _WORTH_A_NAME
    }
    seen: dict[str, Written] = {}
    for reader in readers:
        for whole in _conditions(reader):
            yield from _repeats(whole, sets, seen)


def _conditions(reader: Reader) -> Iterator[Written]:
    yield from _under(reader, "sets")
    top = Written(reader=reader, loc=(), data=reader.document.data)
    defaults = reader.document.data.get("defaults")
    if isinstance(defaults, dict) and "applies_to" in defaults:
        yield part(top, "defaults", "applies_to")
    rules = reader.document.data.get("rules")
    for at, rule in enumerate(rules if isinstance(rules, list) else ()):
        for key in ("applies_to", "when"):
            if isinstance(rule, dict) and key in rule:
                yield part(top, "rules", at, key)
        escalate = rule.get("escalate") if isinstance(rule, dict) else None
        for severity in escalate if isinstance(escalate, dict) else ():
            yield part(top, "rules", at, "escalate", severity)


def _under(reader: Reader, key: str) -> Iterator[Written]:
    found = reader.document.data.get(key)
    for name in found if isinstance(found, dict) else ():
        yield part(Written(reader=reader, loc=(), data=reader.document.data), key, name)


def _repeats(condition: Written, sets: dict[str, str], seen: dict[str, Written]) -> Iterator[ConfigError]:
    data, reader = condition.data, condition.reader
    if not isinstance(data, dict) or _weight(data) < _WORTH_A_NAME:
        return
    text = canonical(reader, condition.loc, data)
    name = sets.get(text)
    if name and condition.loc != ("sets", name):
        yield reader.document.error(condition.loc, f"this condition is what the set '{name}' says: name it instead")
        return
    before = seen.setdefault(text, condition)
    if before is not condition:
        place = before.reader.document.error(before.loc, "")
        where = f"{place.file}:{place.line}"
        message = f"this condition stands in {where} too: give it a name under 'sets', and write it once"
        yield reader.document.error(condition.loc, message)
        return
    for key, below in data.items():
        if key in ("all", "any") and isinstance(below, list):
            for at in range(len(below)):
                yield from _repeats(part(condition, key, at), sets, seen)
        elif key == "not":
            yield from _repeats(part(condition, key), sets, seen)


def _weight(data: Data) -> int:
    """Return how many things a condition asks; a set is one, and so is each field of a record."""
    if isinstance(data, dict):
        return sum(_weight(below) if isinstance(below, dict | list) else 1 for below in data.values())
    if isinstance(data, list):
        return sum(map(_weight, data)) if any(isinstance(each, dict) for each in data) else 1
    return 1
