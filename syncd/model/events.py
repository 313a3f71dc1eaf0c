"""What happened to an item, as text: how fields read in events, and the events that two sightings tell of."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from syncd.model.identity import Ref
from syncd.model.items import SET_FIELDS, Direction, Event, Item, LinkRef

CHANGED = "changed"
"""What an event of a body says: that it changed, and no more."""

_SCALARS: Mapping[str, Callable[[Item], str]] = {
    "status": lambda item: item.status,
    "resolution": lambda item: item.resolution,
    "title": lambda item: item.title,
    "type": lambda item: item.type,
    "priority": lambda item: item.priority,
    "parent": lambda item: target_text(item.parent) if item.parent else "",
    "estimate": lambda item: number_text(item.estimate),
    "due_on": lambda item: item.due_on.isoformat() if item.due_on else "",
    "key": lambda item: item.key,
}
_MEMBERS: Mapping[str, Callable[[Item], tuple[str, ...]]] = {
    "labels": lambda item: item.labels,
    "components": lambda item: item.components,
    "assignees": lambda item: tuple(person.account or person.name for person in item.assignees),
    "milestones": lambda item: tuple(str(container) for container in item.milestones),
    "sprints": lambda item: tuple(str(container) for container in item.sprints),
    "links": lambda item: tuple(" ".join(link_names(link)) for link in item.links),
}
_LINK = re.compile(r"(?s)(.*) (in|out) ([^ :]*:.*|.*)")


def text_of(item: Item, field: str) -> str:
    """Return a field of an item as events say it; empty for what an item doesn't hold in one text."""
    words = _SCALARS.get(field)
    return words(item) if words is not None else ""


def members_of(item: Item, field: str) -> tuple[str, ...]:
    """Return the members of one of SET_FIELDS as events say them."""
    return _MEMBERS[field](item)


def events_between(before: Item, after: Item, at: datetime) -> Iterator[Event]:
    """Yield an event for each field that differs, and for each member that came or went; of a body only that it did."""
    for field, words in _SCALARS.items():
        old, new = words(before), words(after)
        if old != new:
            yield Event(item=after.id, at=at, field=field, before=old, after=new)
    for field in SET_FIELDS:
        earlier, later = set(members_of(before, field)), set(members_of(after, field))
        for member in sorted(earlier - later):
            yield Event(item=after.id, at=at, field=field, before=member, after="")
        for member in sorted(later - earlier):
            yield Event(item=after.id, at=at, field=field, before="", after=member)
    if before.body != after.body:
        yield Event(item=after.id, at=at, field="body", before="", after=CHANGED)


def linked(item: Item) -> Iterator[tuple[str, str, str]]:
    """Yield name, direction and target of each link, the tracker's parent among them; a target's status is not ours."""
    if item.parent is not None:
        yield "parent", Direction.IN.value, target_text(item.parent)
    for link in item.links:
        yield link_names(link)


def link_names(link: LinkRef) -> tuple[str, str, str]:
    """Return the name, direction and target that tell a link apart."""
    return link.name, link.direction.value, target_text(link.target)


def link_parts(text: str) -> tuple[str, str, str] | None:
    """Return name, direction and target of a link as an event says it; None for a text that is none."""
    found = _LINK.fullmatch(text)
    return (found[1], found[2], found[3]) if found else None


def target_text(ref: Ref) -> str:
    """Name what a link points at by its id where it is told: a key may change, and that is no new link."""
    return f"{ref.tracker}:{ref.native_id}" if ref.native_id else str(ref)


def ref_of(text: str) -> Ref:
    """Return what a target's text names: an item by its address or its id, or by its key, which has a sign that no id
    has.
    """
    if text.startswith(("https://", "http://")):
        return Ref(url=text)
    tracker, _, name = text.partition(":")
    is_key = any(sign in name for sign in "-#/ ")
    return Ref(tracker=tracker, native_id=name, key=name if is_key else "")


def number_text(value: float | None) -> str:
    """Return a number as events say it."""
    return "" if value is None else f"{value:g}"
