"""Links that Jira keeps apart from the issue: to issues of other sites and of GitHub. One request for each issue.

So only open work that is under way or planned is asked about, when it changes after the first import, once for each
change, and so many at most in a poll. Of all others it stays as it was said before.
"""

import re
from collections.abc import Iterable, Iterator, Set

from msgspec.structs import replace

from adapters.jira.site import Site
from adapters.jira.values import Json, MalformedError, object_in, text_in
from syncd.model.errors import AbsentError, TrackerError
from syncd.model.identity import ContainerId, Ref
from syncd.model.items import ContainerKind, ContainerState, Direction, Item, LinkRef, StatusCategory
from syncd.model.reading import Page

Asked = tuple[tuple[str, float], ...]
"""Issues that were asked about, by id, and as of which change of theirs."""

REQUESTS_A_POLL = 50
UNNAMED = "remote link"
_ITEM = re.compile(r"https?://[^\s/]+/(?:[^\s]+/)?(?:browse/[A-Z][A-Z0-9_]+-\d+|(?:issues|pull)/\d+)/?(?:[?#]\S*)?")
_WORDS = {
    "blocks": ("Blocks", Direction.OUT),
    "is blocked by": ("Blocks", Direction.IN),
    "blocked by": ("Blocks", Direction.IN),
    "depends on": ("Blocks", Direction.IN),
    "waits for": ("Blocks", Direction.IN),
    "is depended on by": ("Blocks", Direction.OUT),
    "implements": ("Implements", Direction.OUT),
    "is implemented by": ("Implements", Direction.IN),
    "duplicates": ("Duplicate", Direction.OUT),
    "is duplicated by": ("Duplicate", Direction.IN),
    "mirrors": ("Mirrors", Direction.OUT),
    "is mirrored by": ("Mirrors", Direction.IN),
    "split from": ("Issue split", Direction.IN),
    "split to": ("Issue split", Direction.OUT),
    "relates to": ("Relates", Direction.OUT),
}


class RemoteLinks:
    """Reads remote links of a site; nothing is asked where they are turned off."""

    def __init__(self, site: Site, *, is_on: bool) -> None:
        self._site = site
        self._is_on = is_on

    def polled(self, asked: Asked, budget: int = REQUESTS_A_POLL) -> "Round":
        """Begin a poll; ``asked`` is what the one before it asked about, ``budget`` how many requests it may make."""
        return Round(self._site, dict(asked), budget, is_on=self._is_on)


class Round:
    """What one poll asks about, page by page."""

    def __init__(self, site: Site, before: dict[str, float], budget: int, *, is_on: bool) -> None:
        self._site = site
        self._before = before
        self._is_on = is_on
        self._budget = budget
        self._asked: dict[str, float] = {}
        self._failed: list[str] = []
        self._reason = ""

    @property
    def asked(self) -> Asked:
        """Return what was asked about, now or before, of all that was on the pages."""
        return tuple(self._asked.items())

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what could not be asked, in one line with the way out."""
        if not self._failed:
            return ()
        first, *others = self._failed
        named = f"{first} and {len(others)} more" if others else first
        way_out = f"`remote_links: false` under trackers.{self._site.tracker} asks no more"
        told = f"remote links of {named} can't be read: {self._reason.rstrip('.')}. What was known stays; {way_out}"
        return (told,)

    def linked(self, page: Page) -> Page:
        """Return a page of changes whose items in play have their remote links, too."""
        if not self._is_on:
            return page
        open_sprints = {
            each.id
            for each in page.containers
            if each.id.kind == ContainerKind.SPRINT.value and each.state is not ContainerState.CLOSED
        }
        return replace(
            page, items=tuple(self._linked(each) if is_asked(each, open_sprints) else each for each in page.items)
        )

    def _linked(self, item: Item) -> Item:
        native_id, changed_at = item.id.native_id, item.updated_at.timestamp()
        if self._before.get(native_id) == changed_at:
            self._asked[native_id] = changed_at
            return item
        if self._budget <= 0:
            return item
        self._budget -= 1
        try:
            rows = self._site.get(f"/issue/{native_id}/remotelink").objects()
            links = tuple(links_of(rows))
        except TrackerError as error:
            self._failed.append(item.key)
            self._reason = error.message
            if not isinstance(error, AbsentError | MalformedError):
                self._budget = 0
            return item
        self._asked[native_id] = changed_at
        return replace(item, links=(*item.links, *links), has_all_links=True)


def is_asked(item: Item, open_sprints: Set[ContainerId]) -> bool:
    """Return whether an item is worth a request: open, and begun or in a sprint that is not over."""
    if item.status_category is StatusCategory.DONE:
        return False
    return item.status_category is StatusCategory.IN_PROGRESS or not open_sprints.isdisjoint(item.sprints)


def links_of(rows: Iterable[Json]) -> Iterator[LinkRef]:
    """Yield the links that lead to an issue or a pull request, by their addresses.

    Raises:
        MalformedError: a row is of another shape than documented.
    """
    for row in rows:
        thing = object_in(row, "object")
        url = text_in(thing, "url").strip()
        if _ITEM.fullmatch(url):
            said = " ".join(text_in(row, "relationship").split())
            name, direction = _WORDS.get(said.casefold(), (said or UNNAMED, Direction.OUT))
            is_over = object_in(thing, "status").get("resolved") is True
            yield LinkRef(
                name=name,
                direction=direction,
                target=Ref(url=url),
                target_status=StatusCategory.DONE if is_over else None,
            )
