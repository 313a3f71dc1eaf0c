"""Jira's rows as items, containers and problems: pure, and strict only about what identifies an item."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from adapters.jira.fields import Fields
from adapters.jira.prose import plain_text
from adapters.jira.values import (
    Json,
    MalformedError,
    category_of,
    day_in,
    field_value,
    instant_in,
    object_in,
    objects_in,
    person_of,
    required,
    required_instant,
    text_in,
    texts_in,
)
from syncd.model.identity import ContainerId, Handle, ItemId, PlaceId, Ref
from syncd.model.items import (
    Container,
    ContainerKind,
    ContainerState,
    Direction,
    FieldValue,
    Item,
    LinkRef,
    StatusCategory,
)
from syncd.model.reading import Problem

_SPRINT_STATES = {
    "future": ContainerState.FUTURE,
    "active": ContainerState.ACTIVE,
    "closed": ContainerState.CLOSED,
}


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What rows are read against: the tracker's name, the site's address, our prefix, and the fields of the site."""

    tracker: str
    site: str
    prefix: str
    fields: Fields
    has_remote_links: bool = False
    """A row has not all the links of its issue: those to other sites are asked for apart."""


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What a page of rows holds."""

    items: tuple[Item, ...]
    containers: tuple[Container, ...]
    problems: tuple[Problem, ...]


def read_rows(rows: Iterable[object], frame: Frame, seen_at: datetime) -> Read:
    """Read a page of rows; one that is malformed is set aside and harms no other."""
    items: list[Item] = []
    problems: list[Problem] = []
    containers: dict[ContainerId, Container] = {}
    for row in rows:
        try:
            if not isinstance(row, dict):
                raise MalformedError("a row is not an object")
            item = item_of(row, frame)
            if not containers.keys() >= {*item.milestones, *item.sprints}:  # most are on many rows
                containers.update(containers_of(row, frame))
            items.append(item)
        except MalformedError as error:
            problems.append(_problem(row if isinstance(row, dict) else {}, str(error), frame, seen_at))
    return Read(items=tuple(items), containers=tuple(containers.values()), problems=tuple(problems))


def item_of(row: Json, frame: Frame) -> Item:
    """Return a row of a search, of bulkfetch or of a single issue as an Item.

    Raises:
        MalformedError: a part that must be there is missing, or a part has another shape than documented.
    """
    fields = object_in(row, "fields")
    native_id, key = required(row, "id"), required(row, "key")
    status, labels = object_in(fields, "status"), dict.fromkeys(texts_in(fields, "labels"))
    own = tuple(sorted(label for label in labels if is_own(label, frame.prefix)))
    category = category_of(status)
    assignee = person_of(object_in(fields, "assignee"))
    return Item(
        id=ItemId(frame.tracker, native_id),
        key=key,
        place=PlaceId(frame.tracker, place_key(key, fields)),
        url=f"{frame.site}/browse/{key}",
        title=text_in(fields, "summary"),
        created_at=required_instant(fields, "created"),
        updated_at=required_instant(fields, "updated"),
        body=plain_text(fields.get("description")),
        type=text_in(object_in(fields, "issuetype"), "name"),
        status=text_in(status, "name"),
        status_category=category,
        resolution=text_in(object_in(fields, "resolution"), "name"),
        priority=text_in(object_in(fields, "priority"), "name"),
        rank=next((rank for name in frame.fields.rank if (rank := text_in(fields, name))), ""),
        labels=tuple(label for label in labels if label not in own),
        own_labels=own,
        components=tuple(text_in(component, "name") for component in objects_in(fields, "components")),
        assignees=(assignee,) if assignee else (),
        reporter=person_of(object_in(fields, "reporter")),
        estimate=_estimate(fields, frame.fields),
        sprints=tuple(_id(ContainerKind.SPRINT, each, frame) for each in _sprint_rows(fields, frame)),
        milestones=tuple(_id(ContainerKind.VERSION, each, frame) for each in objects_in(fields, "fixVersions")),
        parent=_parent(native_id, fields, frame),
        links=tuple(link for row in objects_in(fields, "issuelinks") for link in _links(row, frame)),
        due_on=day_in(fields, "duedate"),
        closed_at=instant_in(fields, "resolutiondate") if category is StatusCategory.DONE else None,
        fields=_named_fields(fields, frame.fields),
        restricted=bool(fields.get("security")),
        has_all_links=not frame.has_remote_links,
    )


def containers_of(row: Json, frame: Frame) -> dict[ContainerId, Container]:
    """Return the versions and sprints that a row shows."""
    fields = object_in(row, "fields")
    return {container.id: container for container in (*_versions(fields, frame), *_sprints(fields, frame))}


def place_key(key: str, fields: Json) -> str:
    """Return the key of an issue's project; every issue key begins with it."""
    return text_in(object_in(fields, "project"), "key") or key.rpartition("-")[0]


def is_own(label: str, prefix: str) -> bool:
    """Return whether a label is under our prefix."""
    return label.casefold().startswith(prefix.casefold())


def _estimate(fields: Json, known: Fields) -> float | None:
    values = (fields.get(name) for name in known.points)
    return next((float(value) for value in values if isinstance(value, int | float)), None)


def _named_fields(fields: Json, known: Fields) -> dict[str, FieldValue]:
    values: dict[str, FieldValue] = {}
    for field_id, name in known.named:
        value = field_value(fields.get(field_id))
        if value not in (None, "", ()) and name not in values:
            values[name] = value
    return values


def _parent(native_id: str, fields: Json, frame: Frame) -> Ref | None:
    # A parent is shown with its key even to somebody who may not read it.
    parent = object_in(fields, "parent")
    if not parent or text_in(parent, "id") == native_id:
        return None
    return Ref(tracker=frame.tracker, native_id=text_in(parent, "id"), key=text_in(parent, "key"))


def _links(row: Json, frame: Frame) -> Iterable[LinkRef]:
    """Yield the end that a link row shows: ``outwardIssue`` is "this NAME other", ``inwardIssue`` "other NAME this"."""
    for member, direction in (("outwardIssue", Direction.OUT), ("inwardIssue", Direction.IN)):
        if other := object_in(row, member):
            yield LinkRef(
                name=text_in(object_in(row, "type"), "name"),
                direction=direction,
                target=Ref(tracker=frame.tracker, native_id=text_in(other, "id"), key=text_in(other, "key")),
                target_status=category_of(object_in(object_in(other, "fields"), "status")),
            )


def _versions(fields: Json, frame: Frame) -> Iterable[Container]:
    for version in objects_in(fields, "fixVersions"):
        is_over = version.get("released") is True or version.get("archived") is True
        project = text_in(object_in(fields, "project"), "key")
        yield Container(
            id=_id(ContainerKind.VERSION, version, frame),
            title=text_in(version, "name"),
            state=ContainerState.CLOSED if is_over else ContainerState.ACTIVE,
            place=PlaceId(frame.tracker, project) if project else None,
            starts_on=day_in(version, "startDate"),
            ends_on=day_in(version, "releaseDate"),
        )


def _sprints(fields: Json, frame: Frame) -> Iterable[Container]:
    for sprint in _sprint_rows(fields, frame):
        yield Container(
            id=_id(ContainerKind.SPRINT, sprint, frame),
            title=text_in(sprint, "name"),
            state=_SPRINT_STATES.get(text_in(sprint, "state").lower(), ContainerState.FUTURE),
            starts_on=day_in(sprint, "startDate"),
            ends_on=day_in(sprint, "endDate"),
        )


def _sprint_rows(fields: Json, frame: Frame) -> list[Json]:
    return [sprint for name in frame.fields.sprint for sprint in objects_in(fields, name)]


def _id(kind: ContainerKind, row: Json, frame: Frame) -> ContainerId:
    return ContainerId(frame.tracker, kind.value, required(row, "id"))


def _problem(row: Json, reason: str, frame: Frame, seen_at: datetime) -> Problem:
    """Name what can be named of a row that could not be read."""
    native_id, key = (str(row.get(name) or "") for name in ("id", "key"))
    handle = Handle(ItemId(frame.tracker, native_id or key or "?"), key or native_id or "?")
    place = PlaceId(frame.tracker, key.rpartition("-")[0])
    return Problem(handle=handle, place=place, error=f"can't be read: {reason}", seen_at=seen_at)
