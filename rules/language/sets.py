"""Sets: conditions with a name, for all the files of a workspace."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter

import msgspec

from rules.facts.fact import Fact
from rules.language.conditions import Condition, set_names
from rules.language.names import Names, fact_names
from rules.language.params import NO_PARAMS, Params, params_named
from rules.language.parser import parse_condition
from rules.language.values import Reader, canonical
from syncd.documents import Data, Loc

_MAX_LEVELS = 20


class WrittenSet(msgspec.Struct, frozen=True):
    """A set as read; ``condition`` is None where it was refused."""

    condition: Condition | None
    text: str
    params: frozenset[str] = frozenset()


def read_sets(
    readers: Sequence[Reader], facts: Mapping[str, Fact], params: Params = NO_PARAMS
) -> dict[str, WrittenSet]:
    """Return the sets of all files by name, those that were refused too."""
    places: dict[str, tuple[Reader, Data]] = {}
    for reader, name, data in _written_sets(readers):
        if name in places:
            first = places[name][0].document.error(("sets", name), "", on_key=True)
            reader.refuse(("sets", name), f"set '{name}' is in {first.file}:{first.line} already", on_key=True)
        else:
            places[name] = (reader, data)
    names = fact_names(facts, None, sets=frozenset(places), params=params)
    sets = {name: _written(reader, name, data, names) for name, (reader, data) in places.items()}
    _refuse_rings(_refuse_towers(sets, places), sets, places)
    return sets


def _written(reader: Reader, name: str, data: Data, names: Names) -> WrittenSet:
    loc: Loc = ("sets", name)
    condition = parse_condition(reader, loc, data, names)
    return WrittenSet(condition, canonical(reader, loc, data), frozenset(params_named(data)))


def _written_sets(readers: Sequence[Reader]) -> Iterator[tuple[Reader, str, Data]]:
    for reader in readers:
        written = reader.document.data.get("sets")
        for name, data in written.items() if isinstance(written, dict) else ():
            yield reader, name, data


def _refuse_towers(sets: dict[str, WrittenSet], places: Mapping[str, tuple[Reader, Data]]) -> list[str]:
    """Refuse sets that stand on too many levels of others, for judging goes down them; return those that stand on a
    ring."""
    used = {name: set_names(each.condition) if each.condition else set() for name, each in sets.items()}
    sorter = TopologicalSorter({name: others & used.keys() for name, others in used.items()})
    with suppress(CycleError):
        sorter.prepare()
    level = 0
    while ready := sorter.get_ready():
        level += 1
        for name in ready if level > _MAX_LEVELS else ():
            message = f"sets stand on each other over more than {_MAX_LEVELS} levels"
            places[name][0].refuse(("sets", name), message, on_key=True)
            sets[name] = WrittenSet(None, "")
        sorter.done(*ready)
        for name in ready:
            del used[name]
    return list(used)


def _refuse_rings(names: list[str], sets: dict[str, WrittenSet], places: Mapping[str, tuple[Reader, Data]]) -> None:
    for name in names:
        path = _ring(sets, name)
        if path:
            shown = " → ".join(path)
            places[name][0].refuse(("sets", name), f"sets name each other in a ring: {shown}", on_key=True)
            for each in path:
                sets[each] = WrittenSet(None, "")


def _ring(sets: Mapping[str, WrittenSet], start: str) -> list[str]:
    """Return the way from a set back to itself, or nothing."""
    paths = [[start]]
    seen: set[str] = set()
    while paths:
        path = paths.pop()
        condition = sets[path[-1]].condition if path[-1] in sets else None
        for name in sorted(set_names(condition)) if condition is not None else ():
            if name == start:
                return [*path, start]
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return []


def closure(condition: Condition, sets: Mapping[str, Condition]) -> set[str]:
    """Return the names of all the sets that a condition uses, by way of others too."""
    found: set[str] = set()
    waiting = list(set_names(condition))
    while waiting:
        name = waiting.pop()
        if name not in found and name in sets:
            found.add(name)
            waiting += set_names(sets[name])
    return found
