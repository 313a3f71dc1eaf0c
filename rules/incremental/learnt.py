"""What all items of a World teach together: what statuses mean and what people are called."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping

from rules.world import World
from syncd.model.items import Item

Lessons = Counter[Hashable]


def lessons_of(world: World) -> Lessons:
    """Return how often each lesson is taught in a World."""
    return world.once("lessons", lambda: Counter(each for item in world.rows for each in _taught(item)))


def is_taught_otherwise(world: World, changed: Mapping[int, Item]) -> bool:
    """Return whether something else is taught when some items, by position, are others: a new lesson, or none more."""
    lessons = lessons_of(world)
    difference = Counter(each for item in changed.values() for each in _taught(item))
    difference.subtract(each for position in changed for each in _taught(world.rows[position]))
    return any(count and (lessons[each] == 0) != (lessons[each] + count == 0) for each, count in difference.items())


def learn(world: World, before: Iterable[Item], after: Iterable[Item]) -> None:
    """Take in that some items are others."""
    lessons = lessons_of(world)
    lessons.update(each for item in after for each in _taught(item))
    for each in (each for item in before for each in _taught(item)):
        lessons[each] -= 1
        if not lessons[each]:
            del lessons[each]


def _taught(item: Item) -> Iterator[Hashable]:
    yield item.place, item.status, item.status_category
    for person in (*item.assignees, item.reporter):
        if person is not None:
            yield item.id.tracker, person.account, person.name
