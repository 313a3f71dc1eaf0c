"""A tracker's words → ours: the map of one place, ready to be asked about many items."""

from collections.abc import Iterator
from datetime import date, timedelta

from rules.lines import Scanner, outcome_names
from syncd.model.items import FieldValue, Item, LinkKind, StatusCategory
from syncd.model.words import Selector, Words

CHANGE = "change"
OTHER = "other"
_DAY_LENGTH = len("2026-12-31")


class Lexicon:
    """What a place's words mean. ``team`` is the place's own, for items that name none."""

    def __init__(self, words: Words, team: str = "") -> None:
        self.scanner = Scanner(words.lines)
        self.in_progress = words.in_progress
        self.in_play_top = words.in_play_top
        self._team = team
        self._words = words
        self._fields = dict(words.fields)
        # Our own words are understood anywhere: trackers without names for their links use them.
        self._links = {kind.value: (kind, False) for kind in LinkKind}
        for kind, names in words.links:
            self._links.update({name.name.casefold(): (LinkKind(kind), name.reversed) for name in names})
        self._kinds: dict[tuple[str, tuple[str, ...]], str] = {}

    def kind(self, item: Item) -> str:
        """Return our kind of an item: of the first selector that fits, read from the top."""
        if item.is_change:
            return CHANGE
        seen = (item.type, item.labels)
        kind = self._kinds.get(seen)
        if kind is None:
            kind = self._kinds[seen] = self._kind(item)
        return kind

    def _kind(self, item: Item) -> str:
        labels = {label.casefold() for label in item.labels}
        for kind, selectors in self._words.kinds:
            if any(_fits(selector, item.type, labels) for selector in selectors):
                return kind
        return OTHER

    def link(self, name: str) -> tuple[LinkKind, bool] | None:
        """Return our kind of a link, and whether its direction is the other way; None where nobody mapped it."""
        return self._links.get(name.casefold())

    def team(self, item: Item) -> str:
        """Return the team that the item names, else its place's."""
        found = self._filled(item, "team") if item.fields else None
        if isinstance(found, tuple):
            found = found[0]
        return str(found) if found is not None else self._team

    def estimate(self, item: Item) -> float | None:
        """Return the size of an item in its team's unit."""
        for value in self._values(item, "estimate"):
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
        return item.estimate

    def needed_by(self, item: Item) -> date | None:
        """Return the day that the item itself is needed by, from the first mapped field that holds one."""
        return next((day for value in self._values(item, "needed_by") if (day := _day(value)) is not None), None)

    def outcomes(self, item: Item) -> list[str]:
        """Return the ids of outcomes that the item's fields name."""
        if not item.fields:
            return []
        values = [value for value in self._values(item, "outcome") if value is not None]
        texts = [each for value in values for each in (value if isinstance(value, tuple) else (value,))]
        return [name for text in texts for name in outcome_names(str(text))]

    def is_in_progress(self, item: Item) -> bool:
        """Return whether the item's own status says that it is being worked on."""
        if item.status_category is StatusCategory.DONE:
            return False
        return item.status_category is StatusCategory.IN_PROGRESS or item.status in self.in_progress.statuses

    @property
    def assigned_span(self) -> timedelta | None:
        """Return how recent activity must be for an assigned item to be in progress; None: being assigned says
        nothing."""
        days = self.in_progress.assigned_days
        return timedelta(days=days) if days else None

    def _filled(self, item: Item, word: str) -> FieldValue:
        return next((value for value in self._values(item, word) if value not in (None, "", ())), None)

    def _values(self, item: Item, word: str) -> Iterator[FieldValue]:
        for name in self._fields.get(word, ()) if item.fields else ():
            value = item.fields.get(name)
            if value is not None:
                yield value


def _fits(selector: Selector, item_type: str, labels: set[str]) -> bool:
    if not selector.type and not selector.label:
        return False
    return (not selector.type or selector.type == item_type) and (
        not selector.label or selector.label.casefold() in labels
    )


def _day(value: FieldValue) -> date | None:
    """Return the day that a field says: dates of fields are text, perhaps with a time."""
    if not isinstance(value, str) or len(value) < _DAY_LENGTH:
        return None
    try:
        return date.fromisoformat(value[:_DAY_LENGTH])
    except ValueError:
        return None
