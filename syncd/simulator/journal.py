"""What the simulated trackers were asked, request by request."""

import threading
from collections import deque

import msgspec

KEPT = 100_000
"""So many entries are kept, the newest; a demo may run for days."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One request served; the path is below the tracker's address; status 0: the connection was dropped."""

    method: str
    path: str
    query: str
    status: int
    tracker: str


class Journal:
    """Entries in the order in which they were answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def add(self, entry: Entry) -> None:
        """Note a request."""
        with self._lock:
            self._entries.append(entry)

    def entries(self, tracker: str | None = None, *, method: str | None = None) -> list[Entry]:
        """Return what was asked since the last clearing, of one tracker or with one method where named."""
        with self._lock:
            found = list(self._entries)
        return [entry for entry in found if tracker in (None, entry.tracker) and method in (None, entry.method)]

    def clear(self) -> None:
        """Forget all entries."""
        with self._lock:
            self._entries.clear()
