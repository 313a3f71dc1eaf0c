"""Open work that reaches no outcome: how much each team has, and the topmost items, where one link mends most."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import msgspec

from syncd.model.findings import Subject
from syncd.model.truth import Unknown
from syncd.planner.keys import by_key
from syncd.web.report.given import Facts, records_in
from syncd.web.report.naming import Naming, words
from syncd.web.report.nouns import Count, ItemName

SHOWN = 15
TEAMS = 12


class Unlinked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Work above which nothing reaches an outcome; ``count`` of open items are resolved by linking it.

    ``suggestions``: outcomes whose work it resembles, with what they have in common.
    """

    item: ItemName
    count: int
    suggestions: tuple[str, ...] = ()


class NotLinked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Open work that reaches no outcome. ``unknown_count``: of so many open items nobody can tell."""

    open_count: int
    count: int
    in_play_count: int
    unknown_count: int
    teams: tuple[Count, ...] = ()
    more_teams: int = 0
    topmost: tuple[Unlinked, ...] = ()
    topmost_count: int = 0
    is_known: bool = True


def not_linked(facts: Facts, naming: Naming) -> NotLinked:
    """Return the open work that reaches no outcome."""
    states, in_play = facts.of_open("trace.state"), facts.of_open("item.in_play")
    positions = facts.open_positions
    found = [index for index, state in enumerate(states) if state == "unlinked"]
    unlinked = {positions[index] for index in found}
    world = facts.world
    teams = Counter(world.lexicons[each].team(world.rows[each]) for each in unlinked)
    named = sorted(teams.items(), key=lambda each: (-each[1], each[0]))
    topmost = Counter(_topmost(facts, each, unlinked) for each in sorted(unlinked))
    first = sorted(topmost.items(), key=lambda each: (-each[1], by_key(world.rows[each[0]])))[:SHOWN]
    suggested = _suggestions(facts, naming, [position for position, _ in first])
    return NotLinked(
        open_count=len(positions),
        count=len(found),
        in_play_count=sum(in_play[index] is True for index in found),
        unknown_count=sum(isinstance(state, Unknown) for state in states),
        teams=tuple(Count(name=name, count=count) for name, count in named[:TEAMS]),
        more_teams=max(0, len(named) - TEAMS),
        topmost=tuple(
            Unlinked(item=naming.at(position), count=count, suggestions=words_of)
            for (position, count), words_of in zip(first, suggested, strict=True)
        ),
        topmost_count=len(topmost),
        is_known=facts.has("trace.state"),
    )


def _topmost(facts: Facts, position: int, unlinked: AbstractSet[int]) -> int:
    """Return the farthest open ancestor that reaches no outcome either, else the item."""
    above = [each for each in facts.world.ancestor_positions(position) if each in unlinked]
    return above[-1] if above else position


def _suggestions(facts: Facts, naming: Naming, positions: Sequence[int]) -> list[tuple[str, ...]]:
    """Return, for some items, the outcomes that they resemble, with terms that are the item's own words."""
    if not facts.has("trace.suggestions"):
        return [()] * len(positions)
    rows, told = facts.world.rows, list[tuple[str, ...]]()
    for position in positions:
        if naming.at(position).is_hidden:
            told.append(())
            continue
        records, _ = records_in(facts.of("trace.suggestions", Subject("item", rows[position].id)))
        told.append(tuple(_suggestion(record) for record in records))
    return told


def _suggestion(record: msgspec.Struct) -> str:
    name = words(getattr(record, "title", "")) or words(getattr(record, "id", ""))
    terms = getattr(record, "terms", ())
    shared = ", ".join(map(str, terms)) if isinstance(terms, tuple) else words(terms)
    return f"{name} ({shared})" if shared else name
