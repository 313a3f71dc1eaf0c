"""When work began: of an item by its statuses, of an outcome by the roadmap, of a container by its first day."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from rules.facts.fact import FactContext
from rules.facts.history import is_whole
from rules.past.undo import Learnt
from rules.scope.holding import children_of
from rules.scope.then import then_of
from rules.world import World
from syncd.model.items import Container, ContainerState, Item, StatusCategory
from syncd.model.outcomes import Horizon, Outcome, OutcomeRevision

_TODO = StatusCategory.TODO
_BEGUN = (StatusCategory.IN_PROGRESS, StatusCategory.DONE)


class Beginning(msgspec.Struct, frozen=True, order=True):
    """When something began; ``is_guess``: it may have been earlier."""

    at: datetime
    is_guess: bool = False


class Beginnings:
    """Says when the work of a World's items, containers and outcomes began, by the moment of its context."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world: World = context.world

    def is_begun(self, position: int) -> bool:
        """Return whether an item's status says that its work began."""
        item = self._world.rows[position]
        is_done = item.status_category is StatusCategory.DONE
        return is_done or self._world.lexicons[position].is_in_progress(item)

    def of_items(self, positions: Iterable[int]) -> Beginning | None:
        """Return when the first of some items began; None where none did."""
        begun = (each for each in positions if self.is_begun(each) and self._world.darks[each] is None)
        return min((self.of_item(each) for each in begun), default=None)

    def of_item(self, position: int) -> Beginning:
        """Return when the work on an item that is begun began."""
        item, found = self._world.rows[position], self._of_item(position)
        # Clocks differ, and people enter days: nothing begins before it is there, nor after today.
        return Beginning(min(max(found.at, item.created_at), self._context.now), found.is_guess)

    def _of_item(self, position: int) -> Beginning:
        item, history = self._world.rows[position], then_of(self._world).history(position)
        moves = [event for event in (history.events if history else ()) if event.field == "status"]
        is_known = history is not None and is_whole(history, item)
        if moves and self._means_begun(item, moves[0].before):
            return Beginning(item.created_at if is_known or history is None else history.known_since, not is_known)
        for event in moves:
            if event.at <= self._context.now and self._means_begun(item, event.after):
                # It was seen to begin; whether it had begun once before, and was put back, matters to nobody.
                return Beginning(event.at, not is_known and self._learnt.category(item, event.before) is not _TODO)
        if item.status_category is StatusCategory.DONE and item.closed_at is not None:
            return Beginning(item.closed_at, not is_known)
        if is_known:
            return Beginning(item.created_at)
        return Beginning(min(item.updated_at, history.known_since) if history is not None else item.updated_at, True)

    def _means_begun(self, item: Item, status: str) -> bool:
        if status in self._world.lexicons[self._world.positions[item.id]].in_progress.statuses:
            return True
        return self._learnt.category(item, status) in _BEGUN

    @property
    def _learnt(self) -> Learnt:
        return self._world.once("learnt", lambda: Learnt(self._world.rows))

    def of_parent(self, position: int) -> Beginning | None:
        """Return when the first child of an item, or the item itself, began."""
        children = (each for each in children_of(self._world, position) if not self._world.rows[each].is_change)
        return self.of_items((position, *children))

    def of_container(self, container: Container, positions: Iterable[int]) -> Beginning | None:
        """Return when a container began: on its first day, and where it has none with the first of its items."""
        if container.state is ContainerState.FUTURE:
            return None
        if container.starts_on is None:
            return self.of_items(positions)
        at = self._context.calendar.begin(container.starts_on)
        return Beginning(at) if at <= self._context.now else None

    def of_outcome(self, outcome: Outcome) -> Beginning | None:
        """Return since when work on an outcome is meant for now; None where it is not.

        What was so before anybody watched was so from the first day of the period.
        """
        if not _is_now(outcome):
            return None
        seen = _seen(self._world, outcome)
        since = _since(seen)
        first_watched = min((each[0].seen_at for each in self._world.revisions.values() if each), default=None)
        if first_watched is not None and (since is None or since is not seen[0] or since.seen_at != first_watched):
            return Beginning(since.seen_at if since is not None else self._context.now)
        watched_at = first_watched or self._context.now
        period = self._world.roadmap.period
        began = self._context.calendar.begin(period.starts_on) if period is not None else watched_at
        return Beginning(min(began, watched_at))


def _is_now(outcome: Outcome) -> bool:
    return outcome.is_active and outcome.horizon is Horizon.NOW


def _seen(world: World, outcome: Outcome) -> list[OutcomeRevision]:
    names = {each.casefold() for each in (outcome.id, *outcome.was)}
    known = [each for name, told in world.revisions.items() if name.casefold() in names for each in told]
    # Under a new name it is there, when the old one goes.
    there = {each.seen_at for each in known if not each.gone}
    return sorted((each for each in known if not each.gone or each.seen_at not in there), key=lambda each: each.seen_at)


def _since(seen: list[OutcomeRevision]) -> OutcomeRevision | None:
    """Return the revision since which an outcome is meant for now without a break; None where the newest is not."""
    since = None
    for each in reversed(seen):
        if each.gone or not _is_now(each.outcome):
            break
        since = each
    return since


def beginnings_of(context: FactContext) -> Beginnings:
    """Return when the work of a context's World began."""
    key = ("beginnings", context.now, context.calendar)
    return context.world.once(key, lambda: Beginnings(context))
