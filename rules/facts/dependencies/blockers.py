"""What blocks an item and what it blocks, one step away; twins are one piece of work, told where the work is."""

from collections.abc import Callable, Iterator

from rules.facts.dependencies.lateness import latenesses_of
from rules.facts.dependencies.records import BlockerRecord, blocker_records_of, unread_blocker
from rules.facts.fact import FactContext
from rules.facts.work import WorkRecord, record_of_dark, record_of_loose, records_of
from rules.refs import Absence
from rules.twins import twins_of
from rules.waiting import blocked_of, waiting_of
from rules.world import NOWHERE
from syncd.model.findings import Span
from syncd.model.items import LinkKind, StatusCategory
from syncd.model.truth import Unknown

IDLE = Span(working_days=5)
"""So long nobody has done anything on an idle blocker."""
_DONE = StatusCategory.DONE
Found = tuple[BlockerRecord | Unknown, ...]
Test = Callable[[BlockerRecord], bool | Unknown]


class Blockers:
    """What blocks the items of a World, and what they block."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world = context.world
        self._records = records_of(context)
        self._blocker_records = blocker_records_of(context)
        self._lateness = latenesses_of(context)
        self._twins = twins_of(context.world)
        self._waiting = waiting_of(context.world)
        self._blocked = blocked_of(context.world)
        self._open: dict[int, Found] = {}

    def open(self, position: int) -> Found:
        """Return the open blockers; what may be one stands at the end as unknown."""
        found = self._open.get(position)
        if found is None:
            found = self._open[position] = self._find_open(position)
        return found

    def _find_open(self, position: int) -> Found:
        if self._twins.home(position) != position:
            return self._of_twin(position)
        world = self._world
        found = [
            self._blocker_records.at(each, self._lateness.of_pair(each, position) if world.is_open(position) else None)
            for each in self._homes(position)
            if world.rows[each].status_category is not _DONE
        ]
        unreadable = self.unreadable(position)
        told = [record for record in unreadable if isinstance(record.status_category, str)]
        silent = [record for record in unreadable if isinstance(record.status_category, Unknown)]
        unknown = (Unknown(f"{silent[0].key} can't be read"),) if silent else ()
        return (*found, *told, *unknown)

    def _of_twin(self, position: int) -> tuple[Unknown, ...]:
        """Return nothing: what blocks an item is told on the twin where the work is, if that can be read."""
        dark = self._world.darks[self._twins.home(position)]
        return () if dark is None else (dark,)

    def _homes(self, position: int) -> dict[int, None]:
        """Return what blocks an item or a twin of it and can be read, as the twin where the work is."""
        return {self._twins.home(each): None for each, _ in self._pairs(position) if self._is_dark(each) is None}

    def _pairs(self, position: int) -> Iterator[tuple[int, int]]:
        """Yield what blocks an item or a twin of it, with the one that is blocked."""
        for face in self._twins.members(position):
            for blocker in self._world.blockers.get(face, NOWHERE):
                if self._twins.home(blocker) != position:
                    yield blocker, face

    def _is_dark(self, position: int) -> Unknown | None:
        return self._waiting.is_dark(position)

    def unreadable(self, position: int) -> tuple[BlockerRecord, ...]:
        """Return the blockers that can't be read and that the link does not call done."""
        if self._twins.home(position) != position:
            return ()
        found: dict[BlockerRecord, None] = {}
        for blocker, face in self._pairs(position):
            told = self._world.graph.told.get((blocker, face))
            if told is not _DONE and self._is_dark(blocker) is not None:
                members = self._twins.members(blocker)
                dark = next(each for each in (blocker, *members) if self._world.darks[each] is not None)
                found[unread_blocker(record_of_dark(self._world.rows[dark], told))] = None
        for face in self._twins.members(position):
            for end in self._world.graph.loose.get(face, ()):
                is_blocker = end.kind is LinkKind.BLOCKS and end.is_source
                if is_blocker and end.absence is Absence.UNREADABLE and end.status is not _DONE:
                    found[unread_blocker(record_of_loose(self._context, end, self._world.rows[face]))] = None
        return tuple(found)

    def waiting(self, position: int) -> tuple[WorkRecord | Unknown, ...]:
        """Return the open items that an item blocks; what may be one stands at the end as unknown."""
        if self._twins.home(position) != position:
            return self._of_twin(position)
        found: dict[int, None] = {}
        unknown: Unknown | None = None
        for face in self._twins.members(position):
            for target in self._blocked.get(face, NOWHERE):
                home, dark = self._twins.home(target), self._is_dark(target)
                if home != position and dark is not None:
                    unknown = unknown or dark
                elif home != position and self._world.is_open(home):
                    found[home] = None
        records = tuple(self._records.at(each) for each in found)
        return (*records, unknown) if unknown else records

    def late(self, position: int) -> Found:
        """Return the open blockers that come later than an item needs them; of one that is done none does."""
        return self._those(position, _is_late) if self._world.is_open(position) else ()

    def idle(self, position: int) -> Found:
        """Return the open blockers that were begun and on which nobody has done anything for a while."""
        return self._those(position, self._is_idle)

    def _is_idle(self, blocker: BlockerRecord) -> bool | Unknown:
        if blocker.begun is False:
            return False
        if isinstance(blocker.activity_at, Unknown):
            return blocker.activity_at
        return self._context.calendar.after(blocker.activity_at, IDLE) <= self._context.now and blocker.begun

    def open_in_state(self, position: int, state: str) -> Found:
        """Return the open blockers whose trace is in a state; one whose trace is unknown may be one."""
        return self._those(position, lambda blocker: _state_is(blocker.trace_state, state))

    def of_other_teams(self, position: int) -> Found:
        """Return the open blockers of another team than the item's; of an item without a team none is."""
        own = self._world.lexicons[position].team(self._world.rows[position])
        return self._those(position, lambda blocker: _is_other(own, blocker.team)) if own else ()

    def unassigned(self, position: int) -> Found:
        """Return the open blockers that nobody is assigned to."""
        return self._those(position, lambda blocker: _is_empty(blocker.assignees))

    def teams(self, position: int) -> tuple[str | Unknown, ...]:
        """Return the other teams that an item waits for, in the order of their names."""
        others = self.of_other_teams(position)
        known = sorted({each.team for each in others if isinstance(each, WorkRecord) and isinstance(each.team, str)})
        return (*known, *[each for each in others if isinstance(each, Unknown)])

    def _those(self, position: int, test: Test) -> Found:
        """Return the open blockers that pass a test; what may be one more stands at the end as unknown."""
        found: list[BlockerRecord] = []
        unknown: Unknown | None = None
        for blocker in self.open(position):
            answer = blocker if isinstance(blocker, Unknown) else test(blocker)
            if isinstance(answer, Unknown):
                unknown = unknown or answer
            elif answer and isinstance(blocker, BlockerRecord):
                found.append(blocker)
        return (*found, unknown) if unknown else tuple(found)


def _is_late(blocker: BlockerRecord) -> bool | Unknown:
    because = blocker.late_because
    return because if isinstance(because, Unknown) else because is not None


def _is_other(own: str, team: str | Unknown | None) -> bool | Unknown:
    return team if isinstance(team, Unknown) else team is not None and team != own


def _is_empty(names: tuple[str, ...] | Unknown) -> bool | Unknown:
    return names if isinstance(names, Unknown) else not names


def _state_is(known: str | Unknown | None, state: str) -> bool | Unknown:
    return known if isinstance(known, Unknown) else known == state


def blockers_of(context: FactContext) -> Blockers:
    """Return the blockers of a context's World at its moment."""
    key = ("blockers", context.now, context.calendar)
    return context.world.once(key, lambda: Blockers(context))
