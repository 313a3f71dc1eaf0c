"""Two clocks: the world's, which the trackers read and which only goes on, and ours, which may be wrong."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count


class WorldClock:
    """The time of the trackers; moving it lets happen what was due meanwhile."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._began = at
        self._due: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = count()

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return (self._at - self._began).total_seconds()

    def wait(self, seconds: float) -> bool:
        self.forward(timedelta(seconds=max(0.0, seconds)))
        return False

    def later(self, span: timedelta, happens: Callable[[], object]) -> None:
        """Let something happen when ``span`` has passed."""
        heapq.heappush(self._due, (self._at + span, next(self._numbers), happens))

    def forward(self, span: timedelta) -> None:
        until = self._at + span
        while self._due and self._due[0][0] <= until:
            at, _, happens = heapq.heappop(self._due)
            self._at = max(self._at, at)
            happens()
        self._at = max(self._at, until)


class OurClock:
    """The time of the machine that syncd runs on: the world's and an error; it is also what asks for a stop."""

    def __init__(self, world: WorldClock) -> None:
        self._world = world
        self.error = timedelta(0)
        self.waits_until_stop: int | None = None

    def now(self) -> datetime:
        return self._world.now() + self.error

    def monotonic(self) -> float:
        return self._world.monotonic()

    def wait(self, seconds: float) -> bool:
        if self.waits_until_stop is not None:
            self.waits_until_stop -= 1
            if self.waits_until_stop < 0:
                return True
        return self._world.wait(seconds)
