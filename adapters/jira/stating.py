"""Which issues state an outcome: those that the JQL selects which trackers.yaml has for the outcomes of a site."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from adapters.jira.searching import IDS_A_PAGE, search, selected_in
from adapters.jira.site import Site
from syncd.model.errors import AbsentError, AccessError, RefusedError, TransientError
from syncd.model.items import Item, Place

# Jira's own limit is not published: where this is above it, a search tells the same.
IDS_A_MATCH = 1_000


class Stated(msgspec.Struct, frozen=True):
    """Items that say whether they state an outcome; ``refusal``: why that is not known, in one line."""

    items: tuple[Item, ...]
    refusal: str = ""


class Selected(msgspec.Struct, frozen=True):
    """The ids of all issues that state an outcome; None where Jira does not say, with its ``refusal``."""

    ids: frozenset[str] | None
    refusal: str = ""


class Stating:
    """Asks by JQL what states an outcome, in the projects whose words have it; nothing is asked where none has."""

    def __init__(self, site: Site, places: Iterable[Place]) -> None:
        self._site = site
        found = {place.id.key: place.words.outcomes.jql for place in places if place.words.outcomes.jql}
        self._keys = tuple(found)
        self.jql = next(iter(found.values()), "")

    def of(self, items: Sequence[Item]) -> Stated:
        """Say of items whether they state an outcome: one request for a thousand."""
        asked = [item for item in items if item.place.key in self._keys]
        if not asked:
            return Stated(tuple(items))
        try:
            ids = self._matching(asked)
        except RefusedError as error:
            return Stated(self.marked(items, None), self.told(error))
        return Stated(self.marked(items, ids))

    def selected(self, keys: Iterable[str]) -> Selected:
        """Return all that state an outcome in projects that can be seen: one request for five thousand."""
        try:
            return Selected(self._searched(keys))
        except RefusedError as error:
            return Selected(None, self.told(error))

    def marked(self, items: Sequence[Item], ids: frozenset[str] | None) -> tuple[Item, ...]:
        """Return items that say whether they are among ``ids``, or that nobody knows."""
        if not self.jql:
            return tuple(items)
        return tuple(
            replace(item, states_outcome=None if ids is None else item.id.native_id in ids)
            if item.place.key in self._keys
            else item
            for item in items
        )

    def problem(self, keys: Iterable[str]) -> str:
        """Say why the JQL can't be asked; nothing where it can, or there is none. One request."""
        among = self._among(keys)
        try:
            if among:
                search(self._site, selected_in(among, self.jql), ["id"], size=1)
        except (RefusedError, AbsentError) as error:
            return self.told(error)
        return ""

    def told(self, error: RefusedError | AbsentError) -> str:
        """Return what is wrong with the JQL, and what follows."""
        where = f"trackers.yaml, trackers.{self._site.tracker}.outcomes.jql"
        return f"{where}: Jira {error.message.rstrip('.')}. What stated an outcome before still does"

    def _among(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(key for key in keys if key in self._keys)

    def _matching(self, items: Sequence[Item]) -> frozenset[str]:
        ids = [int(item.id.native_id) for item in items if item.id.native_id.isdecimal()]
        found: set[str] = set()
        try:
            for start in range(0, len(ids), IDS_A_MATCH):
                found.update(self._matched(ids[start : start + IDS_A_MATCH]))
        except (AbsentError, AccessError, RefusedError):
            # Not every Jira has it, nor for so many ids; and it says less of what is wrong than a search.
            return self._searched(dict.fromkeys(item.place.key for item in items))
        return frozenset(found)

    def _matched(self, ids: Sequence[int]) -> Iterable[str]:
        answer = self._site.ask("/jql/match", {"issueIds": list(ids), "jqls": [self.jql]})
        match answer.objects("matches"):
            case [{"errors": [_, *_] as errors}]:
                raise RefusedError("; ".join(map(str, errors)))
            case [{"matchedIssues": list(found)}]:
                return map(str, found)
        raise TransientError("answered without the issues that match")

    def _searched(self, keys: Iterable[str]) -> frozenset[str]:
        among = self._among(keys)
        found: set[str] = set()
        token, is_more = "", bool(among)
        while is_more:
            page = search(self._site, selected_in(among, self.jql), ["id"], size=IDS_A_PAGE, token=token)
            found.update(str(row.get("id")) for row in page.rows)
            token = page.token
            is_more = bool(token)
        return frozenset(found)
