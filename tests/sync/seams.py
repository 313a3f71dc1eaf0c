"""Between the daemon and what it works on: where it can be killed, met by others, and told lies by a tracker."""

import enum
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from adapters.contract import Tracker
from syncd.model.changes import Batch, Change, Fate, Observation, Result
from syncd.model.errors import TransientError
from syncd.model.identity import Handle, ItemId
from syncd.model.reading import Capabilities, CensusPage, Cursor, HistoryPage, Page, Sighting
from syncd.store import WorkspaceStore
from tests.sync.clocks import OurClock, WorldClock

WALL = timedelta(hours=1)
LATENESS = timedelta(seconds=20)


class KilledError(BaseException):
    """The process is gone: nothing may catch this."""


class Seams:
    """Counts how often the daemon crosses from its own code to a tracker or the store, and what happens there."""

    def __init__(self) -> None:
        self._meanwhile: list[tuple[int, Callable[[], object]]] = []
        self._until_kill: int | None = None

    def kill(self, after: int) -> None:
        """Let the process end at a crossing, after so many others."""
        self._until_kill = after

    def meanwhile(self, after: int, happens: Callable[[], object]) -> None:
        """Let something happen at a crossing, after so many others."""
        self._meanwhile.append((after, happens))

    def calm(self) -> None:
        """Let nothing happen any more."""
        self._meanwhile.clear()
        self._until_kill = None

    def cross(self) -> None:
        if self._until_kill is not None:
            self._until_kill -= 1
            if self._until_kill < 0:
                self._until_kill = None
                raise KilledError
        self._meanwhile = [(left - 1, happens) for left, happens in self._meanwhile]
        due = [happens for left, happens in self._meanwhile if left < 0]
        self._meanwhile = [(left, happens) for left, happens in self._meanwhile if left >= 0]
        for happens in due:
            happens()


class SeamedStore:
    """A store before and after each of whose calls the process can be killed; what it did by then is kept.

    ``intended`` takes the number of each intent.
    """

    def __init__(self, store: WorkspaceStore, seams: Seams, intended: set[int]) -> None:
        self._store = store
        self._seams = seams
        self._intended = intended
        self.name = store.name

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def call(*args: object, **given: object) -> object:
            self._seams.cross()
            result = method(*args, **given)
            if name == "add_intents":
                self._intended.update(intent.id for intent in result)
            self._seams.cross()
            return result

        return call


class Trouble(enum.Enum):
    """What goes wrong with a batch that is sent; LATE: it is done after the answer was given up."""

    NONE = "none"
    LOST = "lost"
    NOT_DONE = "not done"
    LATE = "late"
    REFUSED = "refused"
    DEFERRED = "deferred"
    WALL = "wall"
    KILLED = "killed once it is done"
    KILLED_BEFORE = "killed before it is done"
    KILLED_LATE = "killed, and done afterwards"


class TroubledTracker:
    """A tracker on which reading fails and writing has its troubles; ``carrier`` takes note of what is written."""

    def __init__(
        self,
        inner: Tracker,
        seams: Seams,
        clocks: tuple[WorldClock, OurClock],
        carrier: Callable[[Batch, Callable[[], list[Result]]], Callable[[], list[Result]]],
    ) -> None:
        self.name = inner.name
        self.inner = inner
        self.troubles: deque[Trouble] = deque()
        self.reads_until_failure: int | None = None
        self._seams = seams
        self._world, self._clock = clocks
        self._carrier = carrier

    def calm(self) -> None:
        self.troubles.clear()
        self.reads_until_failure = None

    def poll(self, cursor: Cursor | None) -> Iterator[Page]:
        self._read()
        for page in self.inner.poll(cursor):
            yield page
            self._read()

    def census(self, resume: str) -> Iterator[CensusPage]:
        self._read()
        for page in self.inner.census(resume):
            yield page
            self._read()

    def read(self, handles: Sequence[Handle]) -> Iterator[Sighting]:
        self._read()
        yield from self.inner.read(handles)

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        self._read()
        yield from self.inner.history(handles)

    def probe(self) -> Capabilities:
        self._read()
        return self.inner.probe()

    def observe(self, handles: Collection[Handle], known: Mapping[ItemId, str]) -> Mapping[ItemId, Observation]:
        self._read()
        return self.inner.observe(handles, known)

    def batches(self, changes: Sequence[Change]) -> Sequence[Batch]:
        return self.inner.batches(changes)

    def send(self, batch: Batch) -> Iterator[Result]:
        self._seams.cross()
        for result in self._sent(batch, self.troubles.popleft() if self.troubles else Trouble.NONE):
            self._seams.cross()
            yield result

    def _read(self) -> None:
        self._seams.cross()
        if self.reads_until_failure is not None:
            self.reads_until_failure -= 1
            if self.reads_until_failure < 0:
                self.reads_until_failure = None
                raise TransientError("the connection broke", tracker=self.name)

    def _do(self, batch: Batch) -> list[Result]:
        return self._carried(batch)()

    def _carried(self, batch: Batch) -> Callable[[], list[Result]]:
        return self._carrier(batch, lambda: list(self.inner.send(batch)))

    def _sent(self, batch: Batch, trouble: Trouble) -> list[Result]:
        if trouble is Trouble.NONE:
            return self._do(batch)
        if trouble in (Trouble.LOST, Trouble.KILLED):
            self._do(batch)
        if trouble in (Trouble.LATE, Trouble.KILLED_LATE):
            self._world.later(LATENESS, self._carried(batch))
        if trouble in (Trouble.KILLED, Trouble.KILLED_BEFORE, Trouble.KILLED_LATE):
            raise KilledError
        fate = _FATES[trouble]
        until = self._clock.now() + WALL if trouble is Trouble.WALL else None
        return [Result(change=change, fate=fate, detail=trouble.value, until=until) for change in batch.changes]


_FATES = {
    Trouble.LOST: Fate.UNKNOWN,
    Trouble.NOT_DONE: Fate.UNKNOWN,
    Trouble.LATE: Fate.UNKNOWN,
    Trouble.REFUSED: Fate.REFUSED,
    Trouble.DEFERRED: Fate.DEFERRED,
    Trouble.WALL: Fate.DEFERRED,
}
