"""What the traced work of each outcome is about, in weighted terms: made once a day, in one walk over the rows."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from rules.facts.fact import FactContext
from rules.facts.trace.state import traces_of
from rules.suggestions.terms import Terms, terms_of_item, terms_of_outcome
from rules.suggestions.weighing import THOUSAND, Rarity, counted
from rules.world import World
from syncd.model.items import AudienceKind, Item
from syncd.model.outcomes import Outcome
from syncd.model.snapshots import SuggestionIndex

_TERMS_OF_ITEM, _TERMS_OF_OUTCOME = 30, 30
_MOST_ROWS, _MOST_OF_OUTCOME, _LEAST_OF_OUTCOME = 10_000, 300, 10
_OTHERS = 1_000
"""So many items that serve nothing are read to know which words are common here."""
_TRACED = ("traced", "outcome_changed")


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """Traced work: the outcomes that it serves, its terms, the day on which it was written (its ordinal)."""

    outcomes: tuple[str, ...]
    terms: Terms
    day: int
    is_public: bool = False


def index_of_work(context: FactContext) -> SuggestionIndex:
    """Return the index that unlinked work is compared with. What is restricted teaches nothing."""
    world = context.world
    active = [outcome for outcome in world.roadmap.outcomes if outcome.is_active]
    if not active:
        return SuggestionIndex()
    serving, others = _sorted_out(context)
    if len(world.roadmap.outcomes) != len(active):
        serving = {number: found for number, found in serving.items() if world.roadmap.outcomes[number].is_active}
    chosen = _newest_of_each(world, serving)
    own = {outcome.id: terms_of_outcome(outcome, in_public=_is_public(outcome)) for outcome in active}
    return build_index(
        [_example(world, position, numbers) for position, numbers in chosen.items()],
        own,
        [_terms(world, position) for position in _spread(others, _OTHERS)],
    )


def _sorted_out(context: FactContext) -> tuple[dict[int, list[int]], list[int]]:
    """Return the positions of what serves each outcome, by its number, and of what may be read and serves none."""
    world, traces = context.world, traces_of(context)
    reached, states = traces.levels.reached, traces.states
    serving: dict[int, list[int]] = {}
    others: list[int] = []
    for position, item in enumerate(world.rows):
        if item.restricted or item.is_change or world.darks[position] is not None:
            continue
        if states[position] in _TRACED and reached[position]:
            for number in reached[position]:
                serving.setdefault(number, []).append(position)
        else:
            others.append(position)
    return serving, others


def _newest_of_each(world: World, serving: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Return the numbers of outcomes by the positions of the newest items that serve them, in order of these."""
    most = min(max(_MOST_ROWS // max(len(serving), 1), _LEAST_OF_OUTCOME), _MOST_OF_OUTCOME)
    found: dict[int, list[int]] = {}
    for number, positions in sorted(serving.items()):
        newest = sorted(positions, key=lambda each: (world.rows[each].created_at, -each), reverse=True)
        for position in newest[:most]:
            found.setdefault(position, []).append(number)
    return dict(sorted(found.items()))


def _example(world: World, position: int, numbers: Iterable[int]) -> Example:
    item = world.rows[position]
    return Example(
        outcomes=tuple(world.roadmap.outcomes[number].id for number in numbers),
        terms=_terms(world, position),
        day=item.created_at.toordinal(),
        is_public=_is_read_by_all(world, item),
    )


def _terms(world: World, position: int) -> dict[str, float]:
    item = world.rows[position]
    return terms_of_item(item, world.lexicons[position].team(item))


def _is_read_by_all(world: World, item: Item) -> bool:
    place = world.place(item.place)
    audience = place.audience if place is not None else None
    return audience is not None and audience.kind is AudienceKind.PUBLIC


def _is_public(outcome: Outcome) -> bool:
    return outcome.visibility == "public"


def _spread(positions: Sequence[int], most: int) -> Sequence[int]:
    """Return so many of some positions at most, from all over them."""
    return positions[:: max(-(-len(positions) // most), 1)]


def build_index(examples: Sequence[Example], own: Mapping[str, Terms], others: Sequence[Terms] = ()) -> SuggestionIndex:
    """Return the index of traced work; ``own`` are the terms of outcomes, ``others`` of texts that serve none."""
    counts, total = counted([*(each.terms for each in examples), *others])
    rarity = Rarity(counts, total)
    postings: dict[str, list[int]] = {}
    for row, example in enumerate(examples):
        for term, weight in rarity.weighed(example.terms, _TERMS_OF_ITEM).items():
            postings.setdefault(term, []).extend((row, round(weight * THOUSAND)))
    known = {outcome: rarity.weighed(terms, _TERMS_OF_OUTCOME) for outcome, terms in own.items()}
    return SuggestionIndex(
        terms={
            outcome: {term: round(weight, 3) for term, weight in terms.items()}
            for outcome, terms in known.items()
            if terms
        },
        rows=tuple(each.outcomes for each in examples),
        days=tuple(each.day for each in examples),
        public=frozenset(row for row, each in enumerate(examples) if each.is_public),
        postings={term: tuple(found) for term, found in postings.items()},
        counts={term: count for term, count in counts.items() if count > 1},
        document_count=total,
    )
