"""What two sightings of an item say happened between them."""

from collections.abc import Callable, Iterator
from datetime import datetime

from syncd.model.identity import Ref
from syncd.model.items import Direction, Event, Item, LinkRef

_FIELDS: dict[str, Callable[[Item], str]] = {
    "status": lambda item: item.status,
    "title": lambda item: item.title,
    "labels": lambda item: ", ".join(sorted(item.labels)),
    "milestones": lambda item: ", ".join(sorted(str(container) for container in item.milestones)),
    "sprints": lambda item: ", ".join(sorted(str(container) for container in item.sprints)),
    "parent": lambda item: _target(item.parent) if item.parent else "",
    "estimate": lambda item: "" if item.estimate is None else f"{item.estimate:g}",
    "due_on": lambda item: item.due_on.isoformat() if item.due_on else "",
    "assignees": lambda item: ", ".join(sorted(person.account or person.name for person in item.assignees)),
    "links": lambda item: ", ".join(sorted(" ".join(_link(link)) for link in item.links)),
}


def events_between(before: Item, after: Item, at: datetime) -> Iterator[Event]:
    """Yield an event for each field that differs; of a body only that it does."""
    for field, words in _FIELDS.items():
        old, new = words(before), words(after)
        if old != new:
            yield Event(item=after.id, at=at, field=field, before=old, after=new)
    if before.body != after.body:
        yield Event(item=after.id, at=at, field="body", before="", after="changed")


def linked(item: Item) -> Iterator[tuple[str, str, str]]:
    """Yield name, direction and target of each link, the tracker's parent among them; a target's status is not ours."""
    if item.parent is not None:
        yield "parent", Direction.IN.value, _target(item.parent)
    for link in item.links:
        yield _link(link)


def _link(link: LinkRef) -> tuple[str, str, str]:
    return link.name, link.direction.value, _target(link.target)


def _target(ref: Ref) -> str:
    """Name what a link points at by its id where it is told: a key may change, and that is no new link."""
    return f"{ref.tracker}:{ref.native_id}" if ref.native_id else str(ref)
