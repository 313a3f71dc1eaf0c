"""A page of rows, read: what is an item, what is malformed, and what was handed over just like that before. Pure."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from adapters.github.mapping import (
    MalformedError,
    Terms,
    container_from_row,
    handle_from_malformed,
    item_from_row,
    row_of,
)
from adapters.github.rows import IssueRow
from syncd.model.identity import ContainerId, PlaceId
from syncd.model.items import Container, Item
from syncd.model.reading import Problem


class Seen(msgspec.Struct, frozen=True):
    """A row that is an item; its blockers are not read yet. ``digest`` changes with all that we read of it."""

    row: IssueRow
    item: Item
    digest: str

    @property
    def native_id(self) -> str:
        """Return the id by which it is remembered."""
        return self.item.id.native_id


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """A page of rows in the order of the page."""

    seen: tuple[Seen, ...]
    containers: tuple[Container, ...]
    problems: tuple[Problem, ...]

    @property
    def newest(self) -> datetime | None:
        """Return the newest ``updated_at`` on the page."""
        return max((each.item.updated_at for each in self.seen), default=None)

    @property
    def oldest(self) -> datetime | None:
        """Return the oldest ``updated_at`` on the page."""
        return min((each.item.updated_at for each in self.seen), default=None)


def read_rows(values: Iterable[Any], place: PlaceId, terms: Terms, at: datetime) -> Rows:
    """Read a page; a malformed row is set aside and hides no other."""
    seen: list[Seen] = []
    problems: list[Problem] = []
    containers: dict[ContainerId, Container] = {}
    for value in values:
        try:
            row = row_of(value, IssueRow)
            item = item_from_row(row, place, terms)
        except MalformedError as error:
            problems.append(problem_of(value, place, terms, error, at))
            continue
        seen.append(Seen(row, item, _digest(row, item)))
        if row.milestone is not None:
            container = container_from_row(row.milestone, place, terms)
            containers[container.id] = container
    return Rows(seen=tuple(seen), containers=tuple(containers.values()), problems=tuple(problems))


def problem_of(value: Any, place: PlaceId, terms: Terms, error: MalformedError, at: datetime) -> Problem:
    """Return a row that is set aside."""
    handle = handle_from_malformed(value, place, terms.tracker)
    return Problem(handle=handle, place=place, error=str(error), seen_at=at)


def _digest(row: IssueRow, item: Item) -> str:
    # A new blocker may leave `updated_at` as it was: the counts in the row tell.
    content = msgspec.json.encode((item, row.issue_dependencies_summary))
    return hashlib.blake2b(content, digest_size=6).hexdigest()
