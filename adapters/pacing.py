"""How fast a credential may go: short waits are waited, walls are raised for the daemon to come back later."""

import threading
from collections import deque
from collections.abc import Mapping
from datetime import timedelta

import msgspec

from syncd.clock import Clock
from syncd.model.errors import UnsentError

LONGEST_PAUSE = 10.0
"""Seconds: what takes longer is a wall."""
_NARROW_REASONS = ("burst", "per-issue")


class Allowance(msgspec.Struct, frozen=True):
    """So many requests in any so many seconds."""

    count: int
    seconds: float


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """What a service allows one credential. ``creations`` holds for writes whose path ends in ``creation_paths``.

    ``reading_paths``: ends of paths that are asked with POST and write nothing.
    """

    writes: tuple[Allowance, ...] = ()
    creations: tuple[Allowance, ...] = ()
    creation_paths: tuple[str, ...] = ()
    reading_paths: tuple[str, ...] = ()


class Budget:
    """What is left for one credential; threads may share it."""

    def __init__(self, clock: Clock, pace: Pace | None = None) -> None:
        self._clock = clock
        self._pace = pace or Pace()
        self._lock = threading.Lock()
        self._wall_until = 0.0
        limits = ((False, self._pace.writes), (True, self._pace.creations))
        self._windows = [
            (is_creation, allowance, deque[float](maxlen=allowance.count))
            for is_creation, allowances in limits
            for allowance in allowances
        ]

    def is_write(self, method: str, path: str) -> bool:
        """Return whether a request may change something."""
        return method not in ("GET", "HEAD", "OPTIONS") and not path.endswith(self._pace.reading_paths or ("\n",))

    def admit(self, tracker: str, method: str, path: str) -> None:
        """Wait until a request may be sent.

        Raises:
            UnsentError: that is too long to wait, or a stop was asked for; ``retry_after`` says how long it is.
        """
        while (seconds := self._reserve(method, path)) > 0:
            if seconds > LONGEST_PAUSE:
                raise UnsentError(
                    "the credential's budget is used up for now",
                    tracker=tracker,
                    retry_after=timedelta(seconds=seconds),
                )
            if self._clock.wait(seconds):
                raise UnsentError("a stop was asked for before the request was sent", tracker=tracker)

    def note_wall(self, headers: Mapping[str, str], wall: timedelta | None) -> None:
        """Send nothing more with this credential until the service said; walls of one issue or endpoint don't count."""
        reason = next((value for name, value in headers.items() if name.lower() == "ratelimit-reason"), "")
        if wall is None or any(narrow in reason for narrow in _NARROW_REASONS):
            return
        with self._lock:
            self._wall_until = max(self._wall_until, self._clock.monotonic() + wall.total_seconds())

    def _reserve(self, method: str, path: str) -> float:
        """Take a place for a request, or return the seconds until there is one."""
        with self._lock:
            now = self._clock.monotonic()
            if now < self._wall_until:
                return self._wall_until - now
            if not self.is_write(method, path):
                return 0.0
            is_creation = method == "POST" and path.endswith(self._pace.creation_paths or ("\n",))
            windows = [(allowance, sent) for narrow, allowance, sent in self._windows if is_creation or not narrow]
            waits = [sent[0] + allowance.seconds - now for allowance, sent in windows if len(sent) == allowance.count]
            if (wait := max(waits, default=0.0)) > 0:
                return wait
            for _, sent in windows:
                sent.append(now)
            return 0.0
