"""Facts about unlinked items: which outcomes they resemble, by the day's index; worked out when they are asked for."""

from collections.abc import Callable, Sequence
from typing import overload

import msgspec

from rules.facts.daily import index_of
from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from rules.facts.fields import ABOUT_ITEM, NOT_THERE, Column
from rules.facts.trace.records import OutcomeRecord, outcome_record
from rules.facts.trace.state import traces_of
from rules.suggestions.matching import Match, Matcher
from rules.suggestions.terms import terms_of_item
from rules.world import World
from syncd.model.items import AudienceKind, Place
from syncd.model.truth import Unknown

_OUTSIDE = (AudienceKind.PUBLIC, AudienceKind.CUSTOMERS)


class SuggestionRecord(OutcomeRecord, frozen=True, kw_only=True):
    """An outcome whose work an unlinked item resembles: how much, from 0 to 1, and the strongest terms they share."""

    score: float
    terms: tuple[str, ...]


class Suggesting:
    """The suggestions for a World's items at a moment; those of each are worked out once, when they are asked for."""

    def __init__(self, context: FactContext) -> None:
        self._world: World = context.world
        self._states = traces_of(context).states
        active = {outcome.id: outcome for outcome in self._world.roadmap.outcomes if outcome.is_active}
        public = [outcome.id for outcome in active.values() if outcome.visibility == "public"]
        self._outcomes = {name: msgspec.structs.asdict(outcome_record(each)) for name, each in active.items()}
        self._matcher = Matcher(index_of(context), active, public)
        self._found: dict[int, tuple[SuggestionRecord, ...]] = {}

    def of(self, position: int) -> tuple[SuggestionRecord | Unknown, ...]:
        """Return the outcomes that an unlinked item resembles, the nearest first; none of any other."""
        state = self._states[position]
        if isinstance(state, Unknown):
            return (state,)
        if state != "unlinked":
            return ()
        found = self._found.get(position)
        if found is None:
            found = self._found[position] = tuple(map(self._record, self._matches(position)))
        return found

    def _matches(self, position: int) -> Sequence[Match]:
        item = self._world.rows[position]
        terms = terms_of_item(item, self._world.lexicons[position].team(item))
        is_read_outside = _is_told_outside(self._world.place(item.place))
        return self._matcher.suggested(terms, item.created_at.toordinal(), is_read_outside=is_read_outside)

    def _record(self, match: Match) -> SuggestionRecord:
        return SuggestionRecord(**self._outcomes[match.outcome], score=round(match.score, 3), terms=match.terms)


def _is_told_outside(place: Place | None) -> bool:
    """Return whether people from outside may read what is told at a place: then nothing inside may guide it."""
    if place is None or not place.comments_allowed:
        return False
    return place.audience is None or place.audience.kind in _OUTSIDE


def suggesting_of(context: FactContext) -> Suggesting:
    """Return the suggestions for a context's World at its moment."""
    key = ("suggesting", context.now, context.calendar)
    return context.world.once(key, lambda: Suggesting(context))


class _Lazy(Sequence[FactValue]):
    """A column whose values are worked out one by one, as they are read."""

    def __init__(self, positions: Sequence[int | None], read: Callable[[int], FactValue]) -> None:
        self._positions = positions
        self._read = read

    @overload
    def __getitem__(self, index: int) -> FactValue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FactValue]: ...
    def __getitem__(self, index: int | slice) -> FactValue | Sequence[FactValue]:
        if isinstance(index, slice):
            return _Lazy(self._positions[index], self._read)
        position = self._positions[index]
        return NOT_THERE if position is None else self._read(position)

    def __len__(self) -> int:
        return len(self._positions)


def _lazily(read: Callable[[Suggesting, int], FactValue]) -> Column:
    def column(context: FactContext) -> Sequence[FactValue]:
        positions = context.world.positions_of(context.subjects)
        return _Lazy(positions, lambda position: read(suggesting_of(context), position))

    return column


def _shared_terms(suggesting: Suggesting, position: int) -> FactValue:
    found = suggesting.of(position)
    first = found[0] if found else None
    return (first,) if isinstance(first, Unknown) else first.terms if first is not None else ()


_UNKNOWN_WHEN = "trace.state is unknown"

SUGGESTION_FACTS: tuple[Fact, ...] = (
    Fact(
        name="trace.suggestions",
        type=FactType.RECORDS,
        about=ABOUT_ITEM,
        meaning="Up to three active outcomes whose work an unlinked item resembles, the nearest first; none where "
        "nothing is near enough. `score` is from 0 to 1, `terms` are the strongest that it shares with that work.",
        column=_lazily(lambda suggesting, position: suggesting.of(position)),
        unknown_when=_UNKNOWN_WHEN,
        record=SuggestionRecord,
        voice=Voice.ROADMAP,
        daily=True,
    ),
    # An item's own words, so who reads it has read them.
    Fact(
        name="trace.suggestion_terms",
        type=FactType.TEXTS,
        about=ABOUT_ITEM,
        meaning="The terms of its own that it shares with the work of the first of these.",
        column=_lazily(_shared_terms),
        unknown_when=_UNKNOWN_WHEN,
        voice=Voice.TRACKER,
        daily=True,
    ),
)
