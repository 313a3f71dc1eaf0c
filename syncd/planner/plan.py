"""A Plan: changes in one order, with an id that says what they are."""

import hashlib
from collections.abc import Iterable

import msgspec

from syncd.model.changes import Action, Change, Plan
from syncd.planner.keys import natural

_ORDER = tuple(Action)
"""Labels before comments, as the verbs are listed."""


def plan_of(changes: Iterable[Change]) -> Plan:
    """Return the changes as a plan: by item key, labels before comments; equal changes make an equal id."""
    ordered = tuple(sorted(changes, key=_place_in_plan))
    digest = hashlib.sha256(msgspec.json.encode(ordered)).hexdigest()
    return Plan(id=digest[:12], changes=ordered)


def _place_in_plan(change: Change) -> tuple[object, ...]:
    return natural(change.key), change.target, _ORDER.index(change.action), change.label, change.comment_id
