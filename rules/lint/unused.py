"""Names that the rules of a workspace define and nothing uses."""

from collections.abc import Iterator, Sequence

from rules.language.values import Reader
from syncd.documents import Data
from syncd.model.errors import ConfigError


def unused_names(readers: Sequence[Reader]) -> Iterator[ConfigError]:
    """Yield every set and param that no rule uses, by way of other sets either."""
    bodies = {name: data for reader in readers for name, data in _mapping(reader.document.data.get("sets")).items()}
    roots = [root for reader in readers for root in _roots(reader.document.data)]
    sets: set[str] = set()
    waiting = [name for root in roots for name in _named(root, "set")]
    waiting += [scope for root in roots if isinstance(scope := root.get("applies_to"), str)]
    params = {name for root in roots for name in _named(root, "param")}
    while waiting:
        name = waiting.pop()
        if name in bodies and name not in sets:
            sets.add(name)
            waiting += _named(bodies[name], "set")
            params |= set(_named(bodies[name], "param"))
    for reader in readers:
        for what, key, used in (("set", "sets", sets), ("param", "params", params)):
            for name in _mapping(reader.document.data.get(key)):
                if name not in used:
                    yield reader.document.error((key, name), f"the {what} '{name}' is used by no rule", on_key=True)


def _mapping(data: Data) -> dict[str, Data]:
    return data if isinstance(data, dict) else {}


def _roots(data: dict[str, Data]) -> Iterator[dict[str, Data]]:
    yield _mapping(data.get("defaults"))
    rules = data.get("rules")
    for rule in rules if isinstance(rules, list) else ():
        yield _mapping(rule)


def _named(data: Data, key: str) -> Iterator[str]:
    """Yield the texts that stand under a key, at any depth."""
    if isinstance(data, dict):
        for name, below in data.items():
            if name == key and isinstance(below, str):
                yield below
            yield from _named(below, key)
    elif isinstance(data, list):
        for each in data:
            yield from _named(each, key)
