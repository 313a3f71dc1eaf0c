"""GitHub's rows in our nouns: pure, and strict enough that a malformed row is set aside instead of half read."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from adapters.github.rows import IssueRow, MilestoneRow, NumberRow, UserRow
from adapters.github.settings import BLOCKS
from syncd.model.identity import ContainerId, Handle, ItemId, PlaceId, Ref
from syncd.model.items import (
    Container,
    ContainerKind,
    ContainerState,
    Direction,
    FieldValue,
    Item,
    LinkRef,
    Person,
    StatusCategory,
)

GHOST = "ghost"
"""The account that stands in for deleted ones."""

UNSEEN = "a blocker that can't be read"

_ISSUE_URL = re.compile(r"/repos/([^/]+/[^/]+)/issues/(\d+)$")
_STATES = {"open": StatusCategory.TODO, "closed": StatusCategory.DONE}
Row = TypeVar("Row")


class MalformedError(ValueError):
    """An answer is not of the shape that GitHub documents; the message is one line."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a mapping needs beside the row: the tracker's name, our prefix, the repositories as configured by folded
    name.
    """

    tracker: str
    prefix: str
    spelling: Mapping[str, str]

    def repository(self, name: str) -> str:
        """Return a repository's name as an admin wrote it: GitHub's names are without case."""
        return self.spelling.get(name.casefold(), name)


def row_of(value: object, shape: type[Row]) -> Row:
    """Return an answer as a row.

    Raises:
        MalformedError: something needed is missing or of another type.
    """
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise MalformedError(f"unexpected answer: {error}") from None


def item_from_row(row: IssueRow, place: PlaceId, terms: Terms, blockers: Sequence[IssueRow] = ()) -> Item:
    """Return an issue or pull request as an Item of its place.

    Raises:
        MalformedError: its state is none that GitHub documents.
    """
    if row.state not in _STATES:
        raise MalformedError(f"unexpected answer: state is '{row.state[:40]}'")
    labels, own_labels = _labels(row, terms.prefix)
    return Item(
        id=ItemId(terms.tracker, str(row.id)),
        key=key_of(place, row.number),
        place=place,
        url=row.html_url or "",
        title=plain(row.title),
        body=plain(row.body or ""),
        type=row.type.name or "" if row.type is not None else "",
        is_change=row.pull_request is not None,
        status=row.state,
        status_category=_STATES[row.state],
        resolution=_resolution(row),
        labels=labels,
        own_labels=own_labels,
        assignees=tuple(person for user in row.assignees or () if (person := person_from_row(user)) is not None),
        reporter=person_from_row(row.user),
        milestones=(milestone_id(row.milestone, place, terms),) if row.milestone is not None else (),
        parent=_parent(row.parent_issue_url, terms),
        links=links_from_blockers(row, blockers, terms),
        fields=_fields(row),
        created_at=row.created_at or row.updated_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
        comment_count=row.comments,
    )


def container_from_row(row: MilestoneRow, place: PlaceId, terms: Terms) -> Container:
    """Return a milestone as a Container; GitHub keeps the day it is due as an instant of that day."""
    return Container(
        id=milestone_id(row, place, terms),
        title=plain(row.title),
        state=ContainerState.CLOSED if row.state == "closed" else ContainerState.ACTIVE,
        place=place,
        ends_on=row.due_on.date() if row.due_on is not None else None,
    )


def milestone_id(row: MilestoneRow, place: PlaceId, terms: Terms) -> ContainerId:
    """Return the identity of a milestone; one that is shown without its id is known by its title in its place."""
    native_id = f"{place.key}: {row.title}" if row.id is None else str(row.id)
    return ContainerId(terms.tracker, ContainerKind.MILESTONE.value, native_id)


def links_from_blockers(row: IssueRow, blockers: Sequence[IssueRow], terms: Terms) -> tuple[LinkRef, ...]:
    """Return who blocks an issue, one more link where GitHub counts more open blockers than it lists: they are there,
    but not for this credential."""
    links = tuple(link_from_blocker(blocker, terms) for blocker in blockers)
    summary = row.issue_dependencies_summary
    open_count = sum(blocker.state == "open" for blocker in blockers)
    if not links or summary is None or (summary.blocked_by or 0) <= open_count:
        return links
    unseen = LinkRef(name=BLOCKS, direction=Direction.IN, target=Ref(tracker=terms.tracker, key=UNSEEN))
    return (*links, unseen)


def link_from_blocker(row: IssueRow, terms: Terms) -> LinkRef:
    """Return what an entry of ``dependencies/blocked_by`` stands for: it blocks the issue that was asked for."""
    return LinkRef(
        name=BLOCKS,
        direction=Direction.IN,
        target=Ref(
            tracker=terms.tracker, native_id=str(row.id), key=key_from_url(row.url, terms), url=row.html_url or ""
        ),
        target_status=_STATES.get(row.state),
    )


def person_from_row(row: UserRow | None) -> Person | None:
    """Return an account, nothing for one that was deleted."""
    if row is None or not row.login or row.login == GHOST:
        return None
    return Person(name=row.login, account=row.login)


def key_of(place: PlaceId, number: int) -> str:
    """Return an item's key: ``acme/checkout#12``."""
    return f"{place.key}#{number}"


def handle_from_row(row: NumberRow, place: PlaceId, tracker: str) -> Handle:
    """Return the identity and key of a row."""
    return Handle(ItemId(tracker, str(row.id)), key_of(place, row.number))


def handle_from_malformed(value: object, place: PlaceId, tracker: str) -> Handle:
    """Return what a malformed row lets us call it; a row without an id is called by its number."""
    found: Mapping[str, Any] = value if isinstance(value, dict) else {}
    number = found.get("number")
    key = key_of(place, number) if isinstance(number, int) else f"{place.key}#?"
    native_id = found.get("id")
    return Handle(ItemId(tracker, str(native_id) if isinstance(native_id, int) else key), key)


def split_key(key: str) -> tuple[str, int] | None:
    """Return the repository and the number of a key, nothing where it isn't one."""
    repository, _, number = key.rpartition("#")
    return (repository, int(number)) if repository and number.isascii() and number.isdecimal() else None


def plain(text: str) -> str:
    """Return text with Unix line ends and without the NUL that no database takes."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _labels(row: IssueRow, prefix: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of labels that are not ours and of those that are, sorted: GitHub's order means nothing."""
    names = {name for label in row.labels or () if (name := label if isinstance(label, str) else label and label.name)}
    own = {name for name in names if name.casefold().startswith(prefix.casefold())}
    return tuple(sorted(names - own)), tuple(sorted(own))


def _resolution(row: IssueRow) -> str:
    if row.pull_request is not None and row.pull_request.merged_at is not None:
        return "merged"
    return row.state_reason or "" if row.state == "closed" else ""


def _fields(row: IssueRow) -> dict[str, FieldValue]:
    return {"draft": True} if row.draft and row.pull_request is not None else {}


def _parent(url: str | None, terms: Terms) -> Ref | None:
    key = key_from_url(url, terms)
    return Ref(tracker=terms.tracker, key=key) if key else None


def key_from_url(url: str | None, terms: Terms) -> str:
    """Return the key that an API address of an issue stands for."""
    found = _ISSUE_URL.search(url or "")
    return f"{terms.repository(found[1])}#{found[2]}" if found else ""
