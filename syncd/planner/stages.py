"""How far syncd may go at a place: the lowest stage of workspace, place and rule wins."""

from syncd.model.findings import RuleTerms
from syncd.model.items import AudienceKind, Place, Stage

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


def stage_of(rule: RuleTerms, place: Place | None, workspace_stage: Stage) -> Stage:
    """Return how far a rule may go at a place."""
    return min(rule.stage, place_stage(place, workspace_stage))


def may_be_annotated(place: Place | None) -> bool:
    """Say whether a place may carry annotations, whatever the workspace's stage tries today."""
    return place_stage(place, Stage.COMMENT) >= Stage.LABELS
