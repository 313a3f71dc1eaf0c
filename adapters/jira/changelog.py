"""Jira's changelog rows as events: pure; what is no field of ours is left out."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from adapters.jira.mapping import Frame, is_own
from adapters.jira.values import Json, MalformedError, objects_in, required_instant, text_in
from syncd.model.events import CHANGED, number_text
from syncd.model.identity import ContainerId, ItemId
from syncd.model.items import ContainerKind, Direction, Event

_TEXTS = {
    "summary": "title",
    "status": "status",
    "resolution": "resolution",
    "priority": "priority",
    "issuetype": "type",
    "key": "key",
}
_PARENTS = ("issueparentassociation", "epic link", "parent")
_LINK = re.compile(r"(?s)This \S+ (.+) (\S+)")
_LAST_SECOND = 100_000_000_000
"""Milliseconds since 1970 are more than this, seconds are less, for three thousand years."""

Step = tuple[str, str, str]
"""A field of ours, its value before and after."""

Phrases = Mapping[str, tuple[str, Direction]]
"""The names of links by how they read: ``is blocked by`` is Blocks, read in."""


class Log(msgspec.Struct, frozen=True):
    """What rows are read against: the frame of the site, and how its links read."""

    frame: Frame
    phrases: Phrases


def phrases_of(rows: Iterable[Json]) -> Phrases:
    """Return how the link types of a site read; of one that reads alike from both ends nobody knows which it was."""
    found: dict[str, tuple[str, Direction]] = {}
    for row in rows:
        name, outward, inward = (text_in(row, word) for word in ("name", "outward", "inward"))
        if outward != inward:
            found.setdefault(outward, (name, Direction.OUT))
            found.setdefault(inward, (name, Direction.IN))
    return found


def events_of(rows: Iterable[Json], item: ItemId, log: Log) -> Iterator[Event]:
    """Yield the events of an issue's changes, oldest first.

    Raises:
        MalformedError: a change has no time, or is of another shape than documented.
    """
    changes = [(_instant(row), row) for row in rows]
    for at, row in sorted(changes, key=lambda change: change[0]):
        author = row.get("author")
        who = text_in(author, "accountId") or text_in(author, "displayName") if isinstance(author, dict) else ""
        # An epic is told twice, as a parent and as an epic.
        steps = dict.fromkeys(step for detail in objects_in(row, "items") for step in _steps(detail, log))
        for field, before, after in steps:
            if before != after:
                yield Event(item=item, at=at, field=field, before=before, after=after, actor=who)


def has_links(rows: Iterable[Json]) -> bool:
    """Say whether any change is of a link: only then is it worth asking how links read."""
    return any(_name(detail) == "link" for row in rows for detail in objects_in(row, "items"))


def _instant(row: Json) -> datetime:
    created = row.get("created")
    if isinstance(created, int | float) and not isinstance(created, bool) and abs(created) < _LAST_SECOND:
        return datetime.fromtimestamp(created, UTC)  # the documentation's example has seconds
    return required_instant(row, "created")


def _name(detail: Json) -> str:
    return (text_in(detail, "fieldId") or text_in(detail, "field")).casefold()


def _steps(detail: Json, log: Log) -> Iterator[Step]:
    field, name = _name(detail), text_in(detail, "field").casefold()
    if field in _TEXTS:
        yield _TEXTS[field], text_in(detail, "fromString"), text_in(detail, "toString")
    elif field == "description":
        yield "body", "", CHANGED
    elif field == "duedate":
        yield "due_on", _day(detail, "from", "fromString"), _day(detail, "to", "toString")
    elif text_in(detail, "fieldId") in log.frame.fields.points:
        yield "estimate", _number(detail, "fromString"), _number(detail, "toString")
    elif field in _PARENTS or name in _PARENTS:
        yield "parent", _target(detail, "from", "fromString", log), _target(detail, "to", "toString", log)
    else:
        yield from _member_steps(detail, field, log)


def _member_steps(detail: Json, field: str, log: Log) -> Iterator[Step]:
    """Yield the members that came or went of a field that holds several."""
    if field == "labels":
        yield from _moves("labels", *_both(detail, ("fromString", "toString"), lambda text: _labels(text, log)))
    elif field in ("components", "component"):
        yield from _moves("components", *_both(detail, ("fromString", "toString"), _whole))
    elif field == "assignee":
        yield from _moves("assignees", _person(detail, "from"), _person(detail, "to"))
    elif field in ("fixversions", "fix version"):
        kind = ContainerKind.VERSION.value
        yield from _moves("milestones", *_both(detail, ("from", "to"), lambda text: _ids(text, kind, log)))
    elif text_in(detail, "fieldId") in log.frame.fields.sprint or field == "sprint":
        kind = ContainerKind.SPRINT.value
        yield from _moves("sprints", *_both(detail, ("from", "to"), lambda text: _ids(text, kind, log)))
    elif field == "link":
        yield from _moves("links", *_both(detail, ("fromString", "toString"), lambda text: _link(text, log)))


def _moves(field: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Step]:
    for member in before:
        if member not in after:
            yield field, member, ""
    for member in after:
        if member not in before:
            yield field, "", member


def _both(
    detail: Json, names: tuple[str, str], read: Callable[[str], Sequence[str]]
) -> tuple[Sequence[str], Sequence[str]]:
    return read(text_in(detail, names[0])), read(text_in(detail, names[1]))


def _whole(text: str) -> Sequence[str]:
    return [text] if text else []


def _labels(text: str, log: Log) -> Sequence[str]:
    return [label for label in text.split() if not is_own(label, log.frame.prefix)]


def _ids(text: str, kind: str, log: Log) -> Sequence[str]:
    """Return the containers of a list of ids such as ``7, 8``."""
    ids = (each.strip() for each in text.split(","))
    return [str(ContainerId(log.frame.tracker, kind, each)) for each in ids if each]


def _person(detail: Json, name: str) -> Sequence[str]:
    return _whole(text_in(detail, name) or text_in(detail, f"{name}String"))


def _link(text: str, log: Log) -> Sequence[str]:
    """Return a link as it is told: ``This issue is blocked by PAY-2``."""
    found = _LINK.fullmatch(text)
    name, direction = log.phrases.get(found[1], ("", Direction.OUT)) if found else ("", Direction.OUT)
    return [f"{name} {direction.value} {log.frame.tracker}:{found[2]}"] if found and name else []


def _target(detail: Json, id_name: str, text_name: str, log: Log) -> str:
    name = text_in(detail, id_name) or text_in(detail, text_name)
    return f"{log.frame.tracker}:{name}" if name else ""


def _day(detail: Json, name: str, text_name: str) -> str:
    text = text_in(detail, name) or text_in(detail, text_name)
    return text[:10]


def _number(detail: Json, name: str) -> str:
    text = text_in(detail, name)
    try:
        return number_text(float(text)) if text else ""
    except ValueError:
        raise MalformedError(f"{name} of {text_in(detail, 'field')} is not a number") from None
