"""How far syncd may go on the items of a team, whatever place they are in."""

from collections.abc import Iterator, Mapping, Sequence

from adapters.settings import TeamSettings
from syncd.complaints import did_you_mean
from syncd.documents import Document
from syncd.model.errors import ConfigError
from syncd.model.items import Place, Stage


def team_stages(teams: Mapping[str, TeamSettings]) -> dict[str, Stage]:
    """Return the stage of each team that has one of its own."""
    return {name: Stage[each.stage.upper()] for name, each in teams.items()}


def team_doubts(
    document: Document, teams: Mapping[str, TeamSettings], places: Sequence[Place]
) -> Iterator[ConfigError]:
    """Yield a warning for each team that no place has; items can name theirs, so it is no mistake for sure."""
    known = {place.team for place in places if place.team}
    is_read = any(names for place in places for word, names in place.words.fields if word == "team")
    for name in teams:
        if name not in known:
            elsewhere = "its stage counts only if items name it in their team's field" if is_read else "it has no items"
            message = f"no place has the team '{name}'; {elsewhere}.{did_you_mean(name, known)}"
            yield document.error(("teams", name), message, on_key=True)
