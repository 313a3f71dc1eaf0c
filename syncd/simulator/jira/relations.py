"""How issues of a site hang together: links in both directions, and what is below what."""

from collections.abc import Iterable

from syncd.simulator.jira.records import Issue, Link


class Relations:
    """Links and children by issue id; ends may be issues that are known only by name."""

    def __init__(self) -> None:
        self._links: dict[str, Link] = {}
        self._links_of: dict[str, dict[str, None]] = {}
        self._children: dict[str, dict[str, None]] = {}

    def links(self, issue_id: str) -> list[Link]:
        """Return the links of an issue, both directions."""
        return [self._links[link_id] for link_id in self._links_of.get(issue_id, ())]

    def put_link(self, link: Link) -> None:
        """Put a link in place, or replace the one with its id."""
        self._links[link.id] = link
        for end in (link.source_id, link.target_id):
            self._links_of.setdefault(end, {})[link.id] = None

    def remove_link(self, link_id: str) -> Link:
        """Remove a link and return it; KeyError where there is none."""
        link = self._links.pop(link_id)
        for end in (link.source_id, link.target_id):
            self._links_of[end].pop(link_id, None)
        return link

    def children(self, issue_id: str) -> Iterable[str]:
        """Return the ids of what is below an issue, in the order they came below it."""
        return tuple(self._children.get(issue_id, ()))

    def put_child(self, parent_id: str, child_id: str) -> None:
        """Remember that an issue is below another."""
        self._children.setdefault(parent_id, {})[child_id] = None

    def replace(self, old: Issue | None, new: Issue | None) -> None:
        """Move an issue below the parent that its new record names; without a new record it is below nothing."""
        was, now = old.parent_id if old else None, new.parent_id if new else None
        if was == now:
            return
        if old and was:
            self._children.get(was, {}).pop(old.id, None)
        if new and now:
            self.put_child(now, new.id)

    def forget(self, issue_id: str) -> Iterable[str]:
        """Forget what is below an issue, and return their ids."""
        return tuple(self._children.pop(issue_id, ()))
