"""The sprint that an item is in, and the ones it was carried over from."""

from datetime import date, datetime

from rules.facts.fact import FactContext, FactValue
from rules.facts.history import Past, past_of
from rules.world import World
from syncd.model.identity import ContainerId
from syncd.model.items import Container, ContainerState, StatusCategory
from syncd.model.truth import Unknown, UnknownBefore

_UNREAD = Unknown("a sprint of it was not read")
_ORDER = {ContainerState.ACTIVE: 0, ContainerState.FUTURE: 1}


class Sprints:
    """The sprints of a World's items at a moment."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world: World = context.world
        self._past: Past = past_of(context.world)

    def present(self, position: int) -> Container | Unknown | None:
        """Return the running sprint of an item, else the next to come; None where it is in neither."""
        ids = self._world.rows[position].sprints
        known = [found for each in ids if (found := self._world.containers.get(each)) is not None]
        open_ones = [each for each in known if each.state is not ContainerState.CLOSED]
        found = min(open_ones, key=_turn, default=None)
        if found is not None and (found.state is ContainerState.ACTIVE or len(known) == len(ids)):
            return found
        return None if len(known) == len(ids) else _UNREAD

    def added_at(self, position: int) -> FactValue:
        """Return when an item was put into its present sprint."""
        sprint = self.present(position)
        if sprint is None or isinstance(sprint, Unknown):
            return sprint
        return self._past.put_in_at(position, sprint.id)

    def is_added_late(self, position: int) -> FactValue:
        """Return whether an item was put into its present sprint (or created) after that one's first day."""
        sprint = self.present(position)
        if sprint is None or isinstance(sprint, Unknown):
            return sprint
        if sprint.starts_on is None:
            return None
        return self._past.is_put_in_after(self._context, position, sprint.id, sprint.starts_on)

    def carried_over(self, position: int) -> tuple[Container, ...] | Unknown:
        """Return the closed sprints at whose end an item was in them and not done, oldest first."""
        item, containers = self._world.rows[position], self._world.containers
        if any(each not in containers for each in item.sprints):
            return _UNREAD
        left: dict[ContainerId, datetime] = dict(self._past.left(position))
        found = [
            container
            for each in dict.fromkeys((*item.sprints, *left))
            if (container := containers.get(each)) is not None
            and container.state is ContainerState.CLOSED
            and self._was_in_at_end(container, None if each in item.sprints else left[each])
            and not self._is_done_by_end(position, container)
        ]
        return tuple(sorted(found, key=_turn))

    def _was_in_at_end(self, container: Container, left_at: datetime | None) -> bool:
        if left_at is None:
            return True
        # Trackers move what is left over when the sprint is closed: on its last day, or soon after.
        return container.ends_on is not None and self._context.calendar.day(left_at) >= container.ends_on

    def _is_done_by_end(self, position: int, container: Container) -> bool:
        item = self._world.rows[position]
        if item.status_category is not StatusCategory.DONE:
            return False
        if item.closed_at is None or container.ends_on is None:
            return True
        return self._context.calendar.day(item.closed_at) <= container.ends_on


def _turn(container: Container) -> tuple[int, date, ContainerId]:
    day = container.starts_on or container.ends_on or date.max
    return _ORDER.get(container.state, 2), day, container.id


def sprints_of(context: FactContext) -> Sprints:
    """Return the sprints of a context's World at its moment."""
    key = ("sprints", context.now, context.calendar)
    return context.world.once(key, lambda: Sprints(context))


def known(value: datetime | Unknown | None) -> FactValue:
    """Return an instant; one that is known to be early only is not known."""
    return Unknown(value.reason) if isinstance(value, UnknownBefore) else value
