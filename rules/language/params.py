"""Params: values with a name, for all the files of a workspace, which can be others for some teams."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from rules.language.values import Reader, canonical
from syncd.documents import Data, Loc
from syncd.model.findings import About

TEAM_FACTS = {About.ITEM: "item.team", About.TEAM: "team.id"}
"""What says whose team's value a subject takes; the others take the default."""


class Param(msgspec.Struct, frozen=True, kw_only=True):
    """A value with a name, as it is written; by team, where they have their own."""

    name: str
    reader: Reader
    default: Loc
    teams: Mapping[str, Loc] = {}

    @property
    def place(self) -> str:
        """Return where it stands, as ``file:line``."""
        at = self.reader.document.error(("params", self.name), "", on_key=True)
        return f"{at.file}:{at.line}"

    @property
    def text(self) -> str:
        """Return what is equal for equal params."""
        loc: Loc = ("params", self.name)
        written = self.reader.document.data["params"]
        assert isinstance(written, dict)
        return canonical(self.reader, loc, written[self.name])

    def written(self, team: str | None) -> tuple[Loc, Data]:
        """Return where a team's value stands, and what is written there."""
        loc = self.default if team is None else self.teams.get(team, self.default)
        found: Data = self.reader.document.data
        for part in loc:
            assert isinstance(found, dict)
            found = found[str(part)]
        return loc, found


Params: TypeAlias = Mapping[str, Param | None]
"""By name; None where what is written is refused elsewhere."""

NO_PARAMS: Params = {}


def read_params(readers: Sequence[Reader]) -> dict[str, Param | None]:
    """Return the params of all files; their shape is checked with the rest of the file's."""
    found: dict[str, Param | None] = {}
    places: dict[str, Reader] = {}
    for reader in readers:
        written = reader.document.data.get("params")
        for name, data in written.items() if isinstance(written, dict) else ():
            if name in places:
                first = places[name].document.error(("params", name), "", on_key=True)
                message = f"param '{name}' is in {first.file}:{first.line} already"
                reader.refuse(("params", name), message, on_key=True)
            else:
                places[name] = reader
                found[name] = _param(reader, name, data)
    return found


def is_value(data: object) -> bool:
    """Return whether what is written is a value, or a list of values."""
    values = data if isinstance(data, list) and data else [data]
    return all(isinstance(each, str | int | float) for each in values)


def _param(reader: Reader, name: str, data: Data) -> Param | None:
    loc: Loc = ("params", name)
    if not isinstance(data, dict):
        return Param(name=name, reader=reader, default=loc) if is_value(data) else None
    teams = data.get("teams", {})
    if not isinstance(teams, dict) or not all(map(is_value, [data.get("default"), *teams.values()])):
        return None
    own = {team: (*loc, "teams", team) for team in teams}
    return Param(name=name, reader=reader, default=(*loc, "default"), teams=own)


def params_named(data: Data) -> Iterator[str]:
    """Yield the names of the params that are named anywhere in what is written."""
    if isinstance(data, dict):
        if isinstance(name := data.get("param"), str):
            yield name
        for each in data.values():
            yield from params_named(each)
    elif isinstance(data, list):
        for each in data:
            yield from params_named(each)


def teams_of(names: Iterator[str], params: Params) -> list[str]:
    """Return the teams that have their own value of one of these params."""
    found = (params.get(name) for name in names)
    return sorted({team for param in found if param is not None for team in param.teams})
