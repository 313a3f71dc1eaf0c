"""The one place that reads the time and waits: a Clock is handed to whoever needs it."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits; a test hands in one whose time it moves itself."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start that never step back."""

    def wait(self, seconds: float) -> bool:
        """Wait, and return True as soon as a stop was asked for."""


class SystemClock:
    """The machine's clock; ``stop`` ends every wait at once."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic time in seconds."""
        return time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Wait up to ``seconds``; True when a stop was asked for."""
        return self._stop.wait(max(0.0, seconds))


class ManualClock:
    """A clock that stands still until it is moved; waiting moves it and takes no time."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._start = at
        self.waited: list[float] = []

    def now(self) -> datetime:
        """Return the instant it was last set or moved to."""
        return self._at

    def monotonic(self) -> float:
        """Return the seconds it was moved since it was made."""
        return (self._at - self._start).total_seconds()

    def wait(self, seconds: float) -> bool:
        """Move by ``seconds`` at once and record the wait."""
        self.waited.append(seconds)
        self._at += timedelta(seconds=max(0.0, seconds))
        return False

    def set(self, at: datetime) -> None:
        """Jump to an instant."""
        self._at = at
