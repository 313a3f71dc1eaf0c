"""How far syncd may go on an item: the lowest stage of workspace, place, team and rule wins."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from syncd.model.findings import RuleTerms
from syncd.model.items import AudienceKind, Item, Place, Stage

if TYPE_CHECKING:
    from rules.world import World

OUTSIDE = (AudienceKind.PUBLIC, AudienceKind.CUSTOMERS)
"""Audiences with readers from outside."""


def is_read_outside(place: Place) -> bool:
    """Say whether people from outside may read a place; where nobody said who reads it, they may."""
    return place.audience is None or place.audience.kind in OUTSIDE


def place_stage(place: Place | None, workspace_stage: Stage) -> Stage:
    """Return how far any rule may go at a place; a place that nobody configured is off."""
    if place is None:
        return Stage.OFF
    stage = min(place.stage, workspace_stage)
    return min(stage, Stage.LABELS) if is_closed_to_comments(place) else stage


def is_closed_to_comments(place: Place) -> bool:
    """Say whether a place may only be labelled: people from outside may read it, and no admin opened it."""
    return is_read_outside(place) and not place.comments_allowed


def team_stage(team: str, team_stages: Mapping[str, Stage]) -> Stage:
    """Return how far any rule may go on the items of a team; of which nobody said so, as far as elsewhere."""
    return team_stages.get(team, Stage.COMMENT)


def item_stage(item: Item, world: "World", workspace_stage: Stage, team_stages: Mapping[str, Stage]) -> Stage:
    """Return how far any rule may go on an item of the World."""
    stage = place_stage(world.place(item.place), workspace_stage)
    return min(stage, team_stage(world.team(item.id), team_stages)) if team_stages else stage


def stage_of(rule: RuleTerms, place: Place | None, workspace_stage: Stage, team: Stage = Stage.COMMENT) -> Stage:
    """Return how far a rule may go at a place, on items of a team that may go as far as ``team``."""
    return min(rule.stage, team, place_stage(place, workspace_stage))
