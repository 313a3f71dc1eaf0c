"""What searches see: every issue as it was a while ago, in the order of its last update."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from syncd.clock import Clock
from syncd.simulator.jira.records import Issue


class SearchIndex:
    """Issues by id as of ``lag`` ago; ``revision`` counts the changes that have arrived."""

    def __init__(self, clock: Clock, lag: timedelta) -> None:
        self.lag = lag
        self.revision = 0
        self._clock = clock
        self._seen: dict[str, Issue] = {}
        self._by_update: list[tuple[datetime, int]] = []
        self._coming: deque[tuple[datetime, str, Issue | None]] = deque()

    def note(self, issue_id: str, issue: Issue | None) -> None:
        """Take a change that happened now; nothing in place of an issue means it was deleted."""
        self._coming.append((self._clock.now(), issue_id, issue))

    def catch_up(self) -> None:
        """Index all that was noted at once, as after a long quiet time."""
        while self._coming:
            self._apply(*self._coming.popleft()[1:])

    def seen(self) -> Mapping[str, Issue]:
        """Return the issues that searches see at this moment."""
        until = self._clock.now() - self.lag
        while self._coming and self._coming[0][0] <= until:
            self._apply(*self._coming.popleft()[1:])
        return self._seen

    def updated_since(self, at: datetime) -> Iterable[Issue]:
        """Return what searches see of issues updated at or after ``at``, oldest first."""
        seen = self.seen()
        first = bisect_left(self._by_update, (at, -1))
        return [seen[str(number)] for _, number in self._by_update[first:]]

    def _apply(self, issue_id: str, issue: Issue | None) -> None:
        number = int(issue_id)
        if old := self._seen.pop(issue_id, None):
            del self._by_update[bisect_left(self._by_update, (old.updated_at, number))]
        if issue is not None:
            self._seen[issue_id] = issue
            insort(self._by_update, (issue.updated_at, number))
        self.revision += 1
