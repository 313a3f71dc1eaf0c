"""Which issue is below which, and which blocks which, by id; across repositories too."""


class Relations:
    """Sub-issues and blockers in the order they were added."""

    def __init__(self) -> None:
        self._children: dict[int, dict[int, None]] = {}
        self._blockers: dict[int, dict[int, None]] = {}
        self._blocked: dict[int, dict[int, None]] = {}

    def children(self, parent_id: int) -> list[int]:
        """Return the sub-issues of an issue."""
        return list(self._children.get(parent_id, ()))

    def blockers(self, issue_id: int) -> list[int]:
        """Return what blocks an issue, open or closed."""
        return list(self._blockers.get(issue_id, ()))

    def blocked(self, issue_id: int) -> list[int]:
        """Return what an issue blocks."""
        return list(self._blocked.get(issue_id, ()))

    def move(self, child_id: int, old_parent_id: int | None, new_parent_id: int | None) -> None:
        """Take an issue from below one parent and put it below another, or below none."""
        if old_parent_id is not None:
            self._children.get(old_parent_id, {}).pop(child_id, None)
        if new_parent_id is not None:
            self._children.setdefault(new_parent_id, {})[child_id] = None

    def block(self, issue_id: int, blocker_id: int) -> None:
        """Let one issue be blocked by another."""
        self._blockers.setdefault(issue_id, {})[blocker_id] = None
        self._blocked.setdefault(blocker_id, {})[issue_id] = None

    def unblock(self, issue_id: int, blocker_id: int) -> None:
        """Let one issue be blocked by another no more."""
        self._blockers.get(issue_id, {}).pop(blocker_id, None)
        self._blocked.get(blocker_id, {}).pop(issue_id, None)

    def forget(self, issue_id: int) -> None:
        """Remove an issue from every relation it is in, as an end of it."""
        for blocker_id in self.blockers(issue_id):
            self.unblock(issue_id, blocker_id)
        for blocked_id in self.blocked(issue_id):
            self.unblock(blocked_id, issue_id)
        self._children.pop(issue_id, None)
