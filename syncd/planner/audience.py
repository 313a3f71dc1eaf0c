"""Who may read what: how much the readers of one place may see of another place, and of the roadmap.

Words of a place (titles, names, dates) are shown only where every reader of the target may read the source; else an
item is its key alone; and where even the key would tell that a place exists, it is not named at all.
"""

import enum

from syncd.model.items import Audience, AudienceKind, Place
from syncd.model.outcomes import Outcome
from syncd.planner.stages import is_read_outside


class Sight(enum.IntEnum):
    """What readers of one place may see of another, in order."""

    NOTHING = 0
    KEY = 1
    WORDS = 2


def sight(source: Place | None, target: Place) -> Sight:
    """Return what the readers of ``target`` may see of ``source``; a place that nobody described hides everything."""
    if source is None:
        return Sight.NOTHING
    audience = audience_of(source)
    if source.id == target.id and audience.kind is AudienceKind.CUSTOMERS:
        # At a service desk each customer reads their own requests, not those of others.
        return Sight.KEY
    if source.id == target.id or audience.kind is AudienceKind.PUBLIC:
        return Sight.WORDS
    if is_read_outside(target):
        return Sight.NOTHING
    if audience.kind is AudienceKind.INTERNAL or _is_same_group(source, target):
        return Sight.WORDS
    return Sight.KEY if source.id.tracker == target.id.tracker else Sight.NOTHING


def sight_of_restricted(source: Place | None, target: Place) -> Sight:
    """Return what may be seen of an item under a security level: its key at most, inside, in its own tracker."""
    if source is None or is_read_outside(target) or source.id.tracker != target.id.tracker:
        return Sight.NOTHING
    return min(sight(source, target), Sight.KEY)


def audience_of(place: Place) -> Audience:
    """Return the readers of a place; where nobody said who reads it, a group of its own."""
    return place.audience or Audience(AudienceKind.GROUP)


def _is_same_group(source: Place, target: Place) -> bool:
    """Say whether two places have the same named group: a group without a name is nobody else's."""
    one, other = audience_of(source), audience_of(target)
    is_named = one.kind is AudienceKind.GROUP and one.group != ""
    return is_named and one == other and source.id.tracker == target.id.tracker


def may_be_named(outcome: Outcome, target: Place) -> bool:
    """Say whether an outcome may be named at a place: an internal one only where nobody outside reads."""
    return outcome.visibility == "public" or not is_read_outside(target)
