"""What time alone will change, in order: when each subject is due, and when an assignee was active for too long ago."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

from rules.world import World
from syncd.model.findings import Subject
from syncd.model.items import StatusCategory


class Agenda:
    """When to judge each subject again at the latest; the next one is found without a look at all others."""

    def __init__(self) -> None:
        self._at: dict[Subject, datetime] = {}
        self._waiting: list[tuple[datetime, Subject]] = []

    def put(self, subject: Subject, at: datetime | None) -> None:
        """Note when a subject is due, in place of what was noted before; None: never."""
        if at is None:
            self._at.pop(subject, None)
        elif self._at.get(subject) != at:
            self._at[subject] = at
            heapq.heappush(self._waiting, (at, subject))

    def until(self, now: datetime) -> list[Subject]:
        """Return what is due by now."""
        found = []
        while (first := self._first()) is not None and first[0] <= now:
            heapq.heappop(self._waiting)
            found.append(first[1])
        for subject in found:
            # It stays due until it is judged.
            heapq.heappush(self._waiting, (self._at[subject], subject))
        return list(dict.fromkeys(found))

    @property
    def next(self) -> datetime | None:
        """Return when the first one is due."""
        first = self._first()
        return first[0] if first is not None else None

    def _first(self) -> tuple[datetime, Subject] | None:
        while self._waiting and self._at.get(self._waiting[0][1]) != self._waiting[0][0]:
            heapq.heappop(self._waiting)
        return self._waiting[0] if self._waiting else None


class Activity:
    """When the assignees of a World's items will have been active for too long ago to be at work on them."""

    def __init__(self, world: World, since: datetime) -> None:
        self._world = world
        ats = ((self._at(position), position) for position in range(len(world.rows)))
        self._waiting = [(at, position) for at, position in ats if at is not None and at >= since]
        heapq.heapify(self._waiting)

    def _at(self, position: int) -> datetime | None:
        item = self._world.rows[position]
        span = self._world.lexicons[position].assigned_span if item.assignees else None
        if span is None or item.status_category is StatusCategory.DONE:
            return None
        return (item.activity_at or item.updated_at) + span

    def put(self, positions: Iterable[int]) -> None:
        """Take in items that became others."""
        for position in positions:
            at = self._at(position)
            if at is not None:
                heapq.heappush(self._waiting, (at, position))

    def before(self, now: datetime) -> Iterator[int]:
        """Yield, once each, the items whose assignee was active lately and is not any more."""
        while self._waiting and self._waiting[0][0] < now:
            at, position = heapq.heappop(self._waiting)
            if self._at(position) == at:
                yield position
