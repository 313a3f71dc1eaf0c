"""A pass that speaks only for some rules, places or teams: everything else is judged, and its stage is report.

A lower stage leaves what is there as it is, so a narrow pass takes nothing back that a wide one wrote.
"""

from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from rules.rule import Rule
from syncd.complaints import did_you_mean, one_of
from syncd.daemon.reconcile import Charter, world_of
from syncd.model.errors import ConfigError
from syncd.model.items import Stage
from syncd.store import WorkspaceStore


class _Heard(dict[str, Stage]):
    """The stages of the teams that are heard; that of every other team is report."""

    def get(self, team: str, default: Stage = Stage.COMMENT) -> Stage:  # type: ignore[override]
        return super().get(team, Stage.REPORT)


def narrowed(
    charter: Charter,
    store: WorkspaceStore,
    *,
    rules: Sequence[str] = (),
    places: Sequence[str] = (),
    teams: Sequence[str] = (),
) -> Charter:
    """Return a charter under which only these may be told; without names all may.

    Raises:
        ConfigError: a rule, a place or a team that there is not.
    """
    if rules:
        _check("rule", rules, [rule.terms.id for rule in charter.rules.rules])
        charter = replace(charter, rules=replace(charter.rules, rules=tuple(_quieted_rules(charter, rules))))
    if places:
        known = {str(place): place for place in charter.places} | {place.key: place for place in charter.places}
        _check("place", places, list(known))
        spoken = {known[name] for name in places}
        quiet = {
            place_id: place if place_id in spoken else replace(place, stage=min(place.stage, Stage.REPORT))
            for place_id, place in charter.places.items()
        }
        charter = replace(charter, places=quiet)
    if teams:
        world = world_of(charter, store)
        _check("team", teams, sorted({world.team(item_id) for item_id in world.items} - {""}))
        heard = {team: charter.team_stages.get(team, Stage.COMMENT) for team in teams}
        charter = replace(charter, team_stages=_Heard(heard))
    return charter


def _quieted_rules(charter: Charter, named: Collection[str]) -> Iterator[Rule]:
    for rule in charter.rules.rules:
        is_heard = rule.terms.id in named
        terms = rule.terms if is_heard else replace(rule.terms, stage=min(rule.terms.stage, Stage.REPORT))
        yield replace(rule, terms=terms)


def _check(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            near = did_you_mean(name, known) or f" There is: {one_of(sorted(known))}."
            raise ConfigError(f"no {what} '{name}'.{near}")
