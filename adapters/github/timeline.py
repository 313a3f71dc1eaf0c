"""GitHub's timeline rows as events: pure; what is no field of ours is left out.

GitHub documents neither what the events of sub-issues and dependencies are told with, nor what those of types are: they
are read where they are told as in its webhooks. What is not told here is seen by polls.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from adapters.github.mapping import GHOST, Terms, plain, row_of
from adapters.github.rows import LabelRow, Stamp, TypeRow, UserRow
from adapters.github.settings import BLOCKS
from syncd.model.identity import ContainerId, ItemId, PlaceId
from syncd.model.items import BEGINNING, ContainerKind, Direction, Event

Step = tuple[str, str, str]
"""A field of ours, its value before and after."""

_OF_CHANGES = frozenset(
    ("merged", "committed", "reviewed", "review_requested", "ready_for_review", "convert_to_draft", "head_ref_deleted")
)
"""What only happens to pull requests."""


class RenameRow(msgspec.Struct):
    """Two titles."""

    before: str = msgspec.field(name="from")
    after: str = msgspec.field(name="to")


class TitleRow(msgspec.Struct):
    """A milestone, by its title of that day."""

    title: str


class OtherRow(msgspec.Struct):
    """The issue at the other end of a relation."""

    id: int


class EventRow(msgspec.Struct):
    """One entry of a timeline, of the kinds that are read."""

    event: str
    created_at: Stamp
    actor: UserRow | None = None
    label: LabelRow | None = None
    milestone: TitleRow | None = None
    rename: RenameRow | None = None
    assignee: UserRow | None = None
    state_reason: str | None = None
    issue_type: TypeRow | None = None
    prev_issue_type: TypeRow | None = None
    parent_issue: OtherRow | None = None
    blocking_issue: OtherRow | None = None


class Account(msgspec.Struct):
    """What an issue was like as far as its timeline was read; events of closing need it."""

    terms: Terms
    place: PlaceId
    is_change: bool
    status: str = "open"
    resolution: str = ""
    parent: str = ""


def known_since(values: Iterable[Any]) -> datetime:
    """Return since when a timeline tells all: an entry that does not say what came or went makes what was before it
    unknown.
    """
    named = ((_TOLD_WITH.get(str(value.get("event"))), value) for value in values if isinstance(value, Mapping))
    mute = [row_of(value, EventRow) for name, value in named if name and not value.get(name)]
    return max((row.created_at for row in mute), default=BEGINNING)


def events_of(values: Iterable[Any], item: ItemId, place: PlaceId, terms: Terms) -> Iterator[Event]:
    """Yield the events of a whole timeline, oldest first.

    Raises:
        MalformedError: an entry of a kind that is read is of another shape than documented.
    """
    named = [(str(value.get("event")), value) for value in values if isinstance(value, Mapping)]
    account = Account(terms, place, any(name in _OF_CHANGES for name, _ in named))
    rows = [row_of(value, EventRow) for name, value in named if name in _READ]
    for row in sorted(rows, key=lambda row: row.created_at):
        who = row.actor.login if row.actor is not None and row.actor.login != GHOST else ""
        for field, before, after in _READ[row.event](row, account):
            if before != after:
                yield Event(item=item, at=row.created_at, field=field, before=before, after=after, actor=who)


def _labelled(row: EventRow, account: Account) -> Iterator[Step]:
    name = row.label.name if row.label is not None else None
    if name and not name.casefold().startswith(account.terms.prefix.casefold()):
        yield _member("labels", name, is_in=row.event == "labeled")


def _milestoned(row: EventRow, account: Account) -> Iterator[Step]:
    if row.milestone is not None:
        # Only its title is told: whoever knows the milestones of the place knows which it is.
        native_id = f"{account.place.key}: {plain(row.milestone.title)}"
        name = str(ContainerId(account.terms.tracker, ContainerKind.MILESTONE.value, native_id))
        yield _member("milestones", name, is_in=row.event == "milestoned")


def _assigned(row: EventRow, _: Account) -> Iterator[Step]:
    if row.assignee is not None and row.assignee.login and row.assignee.login != GHOST:
        yield _member("assignees", row.assignee.login, is_in=row.event == "assigned")


def _renamed(row: EventRow, _: Account) -> Iterator[Step]:
    if row.rename is not None:
        yield "title", plain(row.rename.before), plain(row.rename.after)


def _merged(_: EventRow, account: Account) -> Iterator[Step]:
    yield from _resolved(account, "merged")


def _closed(row: EventRow, account: Account) -> Iterator[Step]:
    yield from _turned(account, "closed")
    if account.resolution != "merged":
        # Before there were reasons an issue that was closed was completed.
        yield from _resolved(account, row.state_reason or ("" if account.is_change else "completed"))


def _reopened(_: EventRow, account: Account) -> Iterator[Step]:
    yield from _turned(account, "open")
    yield from _resolved(account, "")


def _turned(account: Account, status: str) -> Iterator[Step]:
    # A closed issue is closed again where only the reason changes.
    yield "status", account.status, status
    account.status = status


def _resolved(account: Account, resolution: str) -> Iterator[Step]:
    yield "resolution", account.resolution, resolution
    account.resolution = resolution


def _typed(row: EventRow, _: Account) -> Iterator[Step]:
    name = (row.issue_type.name if row.issue_type else None) or ""
    before = (row.prev_issue_type.name if row.prev_issue_type else None) or ""
    if row.event == "issue_type_removed":
        name, before = "", name or before
    if name or before:
        yield "type", before, name


def _moved(row: EventRow, account: Account) -> Iterator[Step]:
    if row.parent_issue is not None:
        target = f"{account.terms.tracker}:{row.parent_issue.id}"
        after = target if row.event == "parent_issue_added" else ""
        yield "parent", account.parent if after else target, after
        account.parent = after


def _blocked(row: EventRow, account: Account) -> Iterator[Step]:
    if row.blocking_issue is not None:
        link = f"{BLOCKS} {Direction.IN.value} {account.terms.tracker}:{row.blocking_issue.id}"
        yield _member("links", link, is_in=row.event == "blocked_by_added")


def _member(field: str, member: str, *, is_in: bool) -> Step:
    return (field, "", member) if is_in else (field, member, "")


_TOLD_WITH = {
    **dict.fromkeys(("issue_type_added", "issue_type_changed", "issue_type_removed"), "issue_type"),
    **dict.fromkeys(("parent_issue_added", "parent_issue_removed"), "parent_issue"),
    **dict.fromkeys(("blocked_by_added", "blocked_by_removed"), "blocking_issue"),
}
_READ = {
    **dict.fromkeys(("labeled", "unlabeled"), _labelled),
    **dict.fromkeys(("milestoned", "demilestoned"), _milestoned),
    **dict.fromkeys(("assigned", "unassigned"), _assigned),
    **dict.fromkeys(("issue_type_added", "issue_type_changed", "issue_type_removed"), _typed),
    **dict.fromkeys(("parent_issue_added", "parent_issue_removed"), _moved),
    **dict.fromkeys(("blocked_by_added", "blocked_by_removed"), _blocked),
    "renamed": _renamed,
    "merged": _merged,
    "closed": _closed,
    "reopened": _reopened,
}
