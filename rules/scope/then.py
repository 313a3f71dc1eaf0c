"""What items were at an instant that is over, one at a time, as far as their histories tell."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rules.facts.fact import FactContext
from rules.facts.together import Work
from rules.scope.holding import children_of
from rules.scope.texts import has_criteria_field
from rules.world import World
from syncd.model.baselines import Member
from syncd.model.events import ref_of
from syncd.model.identity import ContainerId
from syncd.model.items import ContainerKind, Event, History, Item

Events = Sequence[Event]


class Then:
    """What was where among the items of a World. Where a history does not reach back, what it tells last stands."""

    def __init__(self, world: World) -> None:
        self._world = world

    def history(self, position: int) -> History | None:
        """Return the history of an item."""
        return self._world.histories.get(self._world.rows[position].id)

    def reaches(self, position: int, at: datetime) -> bool:
        """Return whether it is known what an item was at an instant."""
        item = self._world.rows[position]
        if item.updated_at <= at or item.created_at > at:
            return True
        history = self.history(position)
        return history is not None and history.known_since <= max(at, item.created_at)

    def in_container(self, positions: Iterable[int], container: ContainerId, at: datetime) -> list[int]:
        """Return those of some items, and of those that left it, that were in a container."""
        name = str(container)
        field = "sprints" if container.kind == ContainerKind.SPRINT.value else "milestones"
        found = dict.fromkeys((*positions, *self._left.get((field, name), ())))
        return [each for each in found if self._was_there(each, at) and self._had(each, field, name, at)]

    def below(self, parent: int, at: datetime) -> list[int]:
        """Return the items that were children of another."""
        now = dict.fromkeys(children_of(self._world, parent))
        found = {**now, **dict.fromkeys(self._left.get(("parent", str(self._world.rows[parent].id)), ()))}
        return [each for each in found if self._was_there(each, at) and self._was_below(each, parent, each in now, at)]

    def _was_there(self, position: int, at: datetime) -> bool:
        item = self._world.rows[position]
        return item.created_at <= at and not item.is_change and self._world.darks[position] is None

    def _had(self, position: int, field: str, name: str, at: datetime) -> bool:
        """Return whether a field that holds several held one: what came or went first since then tells."""
        for event in self._later(position, field, at):
            if name in (event.before, event.after):
                return event.before == name
        item = self._world.rows[position]
        return name in map(str, item.sprints if field == "sprints" else item.milestones)

    def _was_below(self, position: int, parent: int, is_now: bool, at: datetime) -> bool:
        first = next(self._later(position, "parent", at), None)
        if first is not None:
            return self._parent(self._world.rows[position], first.before) == parent
        return is_now

    def _later(self, position: int, field: str, at: datetime) -> Iterator[Event]:
        item = self._world.rows[position]
        history = self.history(position) if item.updated_at > at else None
        return (event for event in (history.events if history else ()) if event.field == field and event.at > at)

    def _parent(self, item: Item, text: str) -> int | None:
        found = self._world.references.find(ref_of(text), item) if text else None
        return self._world.positions.get(found) if found is not None else None

    @property
    def _left(self) -> dict[tuple[str, str], list[int]]:
        """Return, by field and name, what was once in a container or below a parent and was taken out."""
        return self._world.once("left", self._all_left)

    def _all_left(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for position, item in enumerate(self._world.rows):
            history = self.history(position) if item.updated_at > item.created_at else None
            for event in history.events if history else ():
                if event.before and event.field in ("sprints", "milestones", "parent"):
                    name = event.before
                    if event.field == "parent":
                        parent = self._parent(item, name)
                        name = str(self._world.rows[parent].id) if parent is not None else name
                    found.setdefault((event.field, name), []).append(position)
        return found

    def estimate(self, position: int, at: datetime) -> float | None:
        """Return the estimate that an item had."""
        first = next(self._later(position, "estimate", at), None)
        if first is not None:
            return number_of(first.before)
        return self._world.lexicons[position].estimate(self._world.rows[position])

    def has_kept_text(self, position: int, at: datetime) -> bool | None:
        """Return whether an item's text is what it was; None where that is not known."""
        if next(self._later(position, "body", at), None) is not None:
            return False
        item = self._world.rows[position]
        if item.updated_at > at and has_criteria_field(item):
            return None
        return True if self.reaches(position, at) else None


def number_of(text: str) -> float | None:
    """Return the number that an event says; None for what is none."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


def then_of(world: World) -> Then:
    """Return what the items of a World were before."""
    return world.once("then", lambda: Then(world))


def members_at(context: FactContext, positions: Sequence[int], at: datetime, *, is_flat: bool) -> tuple[Member, ...]:
    """Return items as members of a baseline, as they were at an instant; ``is_flat``: each is counted."""
    counted = set(positions) if is_flat else set(Work(context, positions).counted)
    return tuple(member_at(context.world, each, at, is_counted=each in counted) for each in sorted(positions))


def member_at(world: World, position: int, at: datetime, *, is_counted: bool) -> Member:
    """Return an item as a member of a baseline, as it was at an instant."""
    item = world.rows[position]
    return Member(
        item=item.id,
        key=item.key,
        team=world.lexicons[position].team(item),
        estimate=then_of(world).estimate(position, at),
        is_counted=is_counted,
    )
