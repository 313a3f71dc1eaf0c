"""The declarations of facts about what blocks an item, what it blocks, and rings of items that block each other."""

from collections.abc import Callable

from rules.facts.dependencies.blockers import blockers_of
from rules.facts.dependencies.chains import CHAIN, ROOTS, chains_of
from rules.facts.dependencies.contradictions import DisagreementRecord, disagreements
from rules.facts.dependencies.counts import MOST, counts_of
from rules.facts.dependencies.cycles import cut_because, cut_rest, cycle, in_cycle, rings_of
from rules.facts.dependencies.records import BlockerRecord
from rules.facts.dependencies.risk import OutcomeRiskRecord, risks_of
from rules.facts.fact import Fact, FactContext, FactType, FactValue, RecordType, Voice
from rules.facts.fields import ABOUT_ITEM, of_position
from rules.facts.work import WorkRecord
from syncd.model.findings import About
from syncd.model.truth import Unknown

_UNREADABLE = "a blocker can't be read"
_ABOVE = "something above it can't be read"
_BELOW = "what it blocks can't be read"
_RING = "a member of the ring can't be read"
_KNOT = "something that waits for itself with it can't be read"
_OF_RINGS = (About.ITEM, About.DEPENDENCY)
Read = Callable[[FactContext, int], FactValue]


def _blocks_count(context: FactContext, position: int) -> FactValue:
    found = blockers_of(context).waiting(position)
    return found[-1] if found and isinstance(found[-1], Unknown) else len(found)


def _fact(
    name: str,
    fact_type: FactType,
    meaning: str,
    read: Read,
    unknown_when: str,
    *,
    about: tuple[About, ...] = ABOUT_ITEM,
    record: RecordType | None = None,
    voice: Voice = Voice.TRACKER,
) -> Fact:
    return Fact(
        name=f"deps.{name}",
        type=fact_type,
        about=about,
        meaning=meaning,
        column=of_position(read),
        unknown_when=unknown_when,
        record=record,
        voice=voice,
    )


def _records(
    name: str,
    meaning: str,
    read: Read,
    *,
    unknown_when: str = _UNREADABLE,
    about: tuple[About, ...] = ABOUT_ITEM,
    record: RecordType = BlockerRecord,
) -> Fact:
    return _fact(name, FactType.RECORDS, meaning, read, unknown_when, about=about, record=record)


_ONE_STEP: tuple[Fact, ...] = (
    _records(
        "open_blockers",
        "The items that block it and are not done. Of items that mirror each other, the one where the work is has all "
        "blockers, and is the blocker.",
        lambda context, position: blockers_of(context).open(position),
    ),
    _records(
        "late_blockers",
        "Open blockers that can be expected later than it is needed, or are overdue: their own day is over. Where only "
        "a forecast says when, and both serve one outcome, nothing is said; a day later counts where it is worked.",
        lambda context, position: blockers_of(context).late(position),
        unknown_when="a blocker can't be read, or when it can be expected or is needed is not known",
    ),
    _records(
        "unreadable_blockers",
        "What blocks it, can't be read, and is not done as far as the link says.",
        lambda context, position: blockers_of(context).unreadable(position),
    ),
    _records(
        "parked_blockers",
        "Open blockers whose own outcomes are all not now, paused, achieved or dropped.",
        lambda context, position: blockers_of(context).open_in_state(position, "inactive"),
    ),
    _records(
        "unlinked_blockers",
        "Open blockers without a path to an outcome.",
        lambda context, position: blockers_of(context).open_in_state(position, "unlinked"),
    ),
    _records(
        "idle_blockers",
        "Open blockers that were begun and on which nobody has done anything for five working days.",
        lambda context, position: blockers_of(context).idle(position),
    ),
    _records(
        "other_team_blockers",
        "Open blockers of another team than its own.",
        lambda context, position: blockers_of(context).of_other_teams(position),
    ),
    _records(
        "unassigned_blockers",
        "Open blockers that nobody is assigned to.",
        lambda context, position: blockers_of(context).unassigned(position),
    ),
    _fact(
        "other_teams",
        FactType.TEXTS,
        "The other teams whose open items block it.",
        lambda context, position: blockers_of(context).teams(position),
        _UNREADABLE,
        voice=Voice.ROADMAP,
    ),
    _records(
        "blocks",
        "The open items that it blocks.",
        lambda context, position: blockers_of(context).waiting(position),
        unknown_when=_BELOW,
        record=WorkRecord,
    ),
    _fact("blocks_count", FactType.NUMBER, "How many open items it blocks.", _blocks_count, _BELOW),
    _records(
        "contradictions",
        "Items that say otherwise: each blocks the other, a link that was read since calls a blocker done that is open "
        "(or open, and it is done), or of two that mirror each other one alone is done.",
        disagreements,
        unknown_when="the other end can't be read",
        record=DisagreementRecord,
    ),
)

_FARTHER: tuple[Fact, ...] = (
    _records(
        "chain",
        "The longest chain of open blockers, the one that blocks it first, to one that waits for nothing. Of a ring "
        f"only the member is told by which the chain comes into it; of a chain longer than {CHAIN} the first ones and "
        "the last.",
        lambda context, position: chains_of(context).chain(position),
        unknown_when=_ABOVE,
    ),
    _fact(
        "chain_length",
        FactType.NUMBER,
        "How many items that chain has, all of them counted; a ring is one.",
        lambda context, position: chains_of(context).length(position),
        _ABOVE,
    ),
    _records(
        "root_blockers",
        "The open items at the ends of all chains above it, which wait for nothing themselves (of a ring there its "
        f"first member); {ROOTS} at most, the first by key.",
        lambda context, position: chains_of(context).roots(position),
        unknown_when=_ABOVE,
    ),
    _fact(
        "blocks_in_all_count",
        FactType.NUMBER,
        f"How many open items wait for it, directly or by way of others; {MOST} where there are as many or more.",
        lambda context, position: counts_of(context).in_all(position),
        _BELOW,
    ),
    _records(
        "outcomes_waiting",
        "The active outcomes whose open items wait for it, directly or by way of others, the nearest first, each with "
        "the shortest chain.",
        lambda context, position: risks_of(context).waiting(position),
        unknown_when=_BELOW,
        record=OutcomeRiskRecord,
    ),
    _records(
        "outcomes_at_risk",
        "Those of them for which it comes too late: after the day that an item on that chain is planned for, or the "
        "outcome's own, or it is overdue.",
        lambda context, position: risks_of(context).at_risk(position),
        unknown_when="what it blocks can't be read, or when it can be expected or is needed is not known",
        record=OutcomeRiskRecord,
    ),
)

_OF_CYCLES: tuple[Fact, ...] = (
    _fact(
        "in_cycle",
        FactType.BOOL,
        "Whether it waits for itself, by way of what it blocks.",
        in_cycle,
        _RING,
        about=_OF_RINGS,
    ),
    _records(
        "cycle",
        "The ring that it is in, each blocking the next and the last one the first.",
        cycle,
        unknown_when=_RING,
        about=_OF_RINGS,
        record=WorkRecord,
    ),
    _records(
        "cycle_cut",
        "The link to cut there: the blocker, and what waits for it. It is the one that leaves the fewest items waiting "
        "for themselves; of several one that only a line of text tells, then one whose blocker nobody has begun, then "
        "one inside a team, then the first by key.",
        lambda context, position: rings_of(context).cut_ends(position),
        unknown_when=_KNOT,
        about=_OF_RINGS,
    ),
    _fact(
        "cycle_cut_because",
        FactType.TEXT,
        "What speaks for that link.",
        cut_because,
        _KNOT,
        about=_OF_RINGS,
        voice=Voice.OURS,
    ),
    _fact(
        "cycle_rest_count",
        FactType.NUMBER,
        "How many items still wait for themselves without that link; 0 where it was one simple ring.",
        cut_rest,
        _KNOT,
        about=_OF_RINGS,
    ),
)

DEPENDENCY_FACTS: tuple[Fact, ...] = (*_ONE_STEP, *_FARTHER, *_OF_CYCLES)
