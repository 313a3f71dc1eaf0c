"""Links of issues to things on other sites: kept apart from the links between issues, told one issue at a time."""

from collections.abc import Sequence

import msgspec

from syncd.simulator.jira.records import RemoteLink


class RemoteLinks:
    """Remote links by issue id, in the order in which they were made."""

    def __init__(self) -> None:
        self._of: dict[str, list[RemoteLink]] = {}
        self._last_id = 10_000

    def of(self, issue_id: str) -> Sequence[RemoteLink]:
        """Return the remote links of an issue."""
        return tuple(self._of.get(issue_id, ()))

    def put(self, issue_id: str, url: str, title: str, relationship: str, *, is_resolved: bool = False) -> RemoteLink:
        """Add a link, or replace the one of its address."""
        self._last_id += 1
        link = RemoteLink(
            id=str(self._last_id), url=url, title=title, relationship=relationship, is_resolved=is_resolved
        )
        others = [other for other in self.of(issue_id) if other.url != url]
        self._of[issue_id] = [*others, link]
        return link

    def remove(self, issue_id: str, url: str) -> None:
        """Remove the link to an address; KeyError where there is none."""
        left = [other for other in self.of(issue_id) if other.url != url]
        if len(left) == len(self.of(issue_id)):
            raise KeyError(f"no remote link to {url!r}")
        self._of[issue_id] = left

    def lead(self, site: str, other_site: str) -> None:
        """Let all links to a site lead to another one."""
        for issue_id, links in self._of.items():
            self._of[issue_id] = [
                msgspec.structs.replace(link, url=other_site + link.url.removeprefix(site))
                if link.url.startswith(f"{site}/")
                else link
                for link in links
            ]
