"""Whether an outcome became another one after work was linked to it: its target or its ``revision`` changed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from rules.facts.trace.levels import FAR, Levels, levels_of
from rules.facts.trace.names import Naming
from rules.world import NOWHERE, World
from syncd.model.outcomes import Outcome, OutcomeRevision
from syncd.model.truth import Unknown

_UNTOLD = Unknown("it is not known when it was linked to the outcome")


def changed_at(world: World, outcome: int) -> datetime | None:
    """Return when an outcome (by its number) was last seen to be another one than before; None where never."""
    change = _change(world, outcome)
    return change[1].seen_at if change is not None else None


def changed_since(world: World, outcome: int, position: int) -> bool | Unknown:
    """Return whether an outcome changed after the item at a position was linked to it, by the level that decides."""
    change = _change(world, outcome)
    if change is None:
        return False
    before, after = change
    if world.rows[position].created_at >= after.seen_at:
        return False
    return _all_of(_links(_Past(world, before.outcome, after.seen_at), outcome, position))


def _change(world: World, outcome: int) -> tuple[OutcomeRevision, OutcomeRevision] | None:
    """Return the newest revision by which an outcome became another one, behind the one before it."""
    return world.once(("outcome change", outcome), lambda: _newest_change(world, world.roadmap.outcomes[outcome]))


def _newest_change(world: World, outcome: Outcome) -> tuple[OutcomeRevision, OutcomeRevision] | None:
    names = {each.casefold() for each in (outcome.id, *outcome.was)}
    known = [each for name, told in world.revisions.items() if name.casefold() in names for each in told]
    stated = sorted((each for each in known if not each.gone), key=lambda each: each.seen_at)
    changes = [pair for pair in pairwise(stated) if is_another(pair[0].outcome, pair[1].outcome)]
    return changes[-1] if changes else None


def is_another(before: Outcome, after: Outcome) -> bool:
    """Return whether an outcome asks for something else: a target of a measure that both have, or its revision."""
    targets = {measure.id: measure.target for measure in before.measures}
    moved = any(targets.get(each.id, each.target) != each.target for each in after.measures)
    return moved or before.revision != after.revision


class _Past:
    """What was so at an instant; ``outcome`` is the outcome as it was stated until then."""

    def __init__(self, world: World, outcome: Outcome, at: datetime) -> None:
        self.world = world
        self.outcome = outcome
        self.at = at
        self.levels: Levels = levels_of(world)

    def kept(self, position: int, field: str, value: str = "") -> bool | Unknown:
        """Return whether a field of an item (or one value of it) is as it was, as far as its history tells."""
        history = self.world.histories.get(self.world.rows[position].id)
        later = [event for event in history.events if event.at > self.at] if history is not None else []
        if any(event.field == field and value in ("", event.after.casefold()) for event in later):
            return False
        return True if history is not None and history.known_since <= self.at else _UNTOLD

    def kept_parent(self, position: int) -> bool | Unknown:
        """Return whether an item's parent is the one that it had."""
        found = self.kept(position, "parent")
        seen = self.world.link_sightings.get(self.world.rows[position].id, {})
        was_seen = any(name == "parent" and first <= self.at for (name, _, _), first in seen.items())
        return True if isinstance(found, Unknown) and was_seen else found

    def named(self, position: int, naming: Naming) -> bool | Unknown:
        """Return whether an item named an outcome then as it does now."""
        if naming.how in ("label", "tracked_label"):
            return self.kept(position, "labels", naming.words.casefold())
        if naming.how == "tracked_item":
            own = self.world.rows[position].id
            return any(self.world.references.find(ref) == own for ref in self.outcome.tracked_in.items)
        if naming.how == "line":
            # Of a text only that it changed is told, not which line.
            return True if self.kept(position, "body") is True else _UNTOLD
        return self.kept(position, "links") if naming.how == "link" else _UNTOLD


def _links(past: _Past, outcome: int, position: int) -> Iterator[bool | Unknown]:
    """Yield, for every step from an item to an outcome, whether it was there at that instant."""
    level = past.levels.level[position]
    if level == 3:
        yield past.kept(position, "milestones") if past.world.rows[position].milestones else past.kept_parent(position)
        return
    if level == 4:
        yield past.kept(position, "links")
        return
    naming = past.levels.naming
    while level == 2 and position in naming.distance and outcome not in past.levels.gives.get(position, NOWHERE):
        yield past.kept_parent(position)
        position = _towards(past, position, outcome)
        if position < 0 or position >= len(past.world.rows):
            return
    namings = past.levels.names.namings.get(position, ())
    yield _any_of(past.named(position, each) for each in namings if each.outcome == outcome)


def _towards(past: _Past, position: int, outcome: int) -> int:
    """Return the parent that is one step nearer to an ancestor which names an outcome; -1 where there is none."""
    naming, gives = past.levels.naming, past.levels.gives
    for parent in past.world.parents.get(position, NOWHERE):
        if parent in gives:
            origins: tuple[int, ...] = (parent,)
        elif naming.distance.get(parent, FAR) < naming.distance[position]:
            origins = naming.origins[parent]
        else:
            continue
        if any(outcome in gives[origin] for origin in origins):
            return parent
    return -1


def _all_of(steps: Iterable[bool | Unknown]) -> bool | Unknown:
    """Return whether all steps are true; false where one is, else unknown where one is."""
    found = list(steps)
    if any(step is False for step in found):
        return False
    return next((step for step in found if isinstance(step, Unknown)), True)


def _any_of(ways: Iterable[bool | Unknown]) -> bool | Unknown:
    """Return whether one way is true, else unknown where one is; true where there is nothing to ask."""
    found = list(ways)
    if not found or any(way is True for way in found):
        return True
    return next((way for way in found if isinstance(way, Unknown)), False)
