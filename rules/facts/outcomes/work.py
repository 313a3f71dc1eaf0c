"""Facts about what serves an outcome, its launch, measures, and other outcomes."""

from collections.abc import Callable, Iterator
from datetime import date

from rules.facts.fact import Fact, FactContext, FactType, FactValue
from rules.facts.outcomes.facts import left_unread, numbers_of, outcome_fact
from rules.facts.outcomes.gates import GateRecord, gates_of, open_gates
from rules.facts.outcomes.measured import MEASURE_FACTS
from rules.facts.outcomes.records import ContradictionRecord, contradiction_record, is_launched
from rules.facts.outcomes.serving import serving_of
from rules.facts.play import play_of
from rules.facts.together import Work
from rules.facts.trace.names import heirs_of
from rules.facts.trace.records import OutcomeRecord, outcome_record
from rules.facts.trace.state import traces_of
from rules.facts.work import WorkRecord
from rules.roadmap.changes import changed_at
from rules.world import World
from syncd.model.outcomes import Outcome, OutcomeStatus
from syncd.model.truth import Unknown

_WORK = "work that may serve it can't be read"
_DARK = "a place can't be read"


def _outcome(context: FactContext, number: int) -> Outcome:
    return context.world.roadmap.outcomes[number]


def _of_work(read: Callable[[Work], FactValue]) -> Callable[[FactContext, int], FactValue]:
    return lambda context, number: read(serving_of(context).work(number))


def _in_progress(context: FactContext, number: int) -> Callable[[int], bool | Unknown]:
    """Return what says of an item whether somebody works on it for an outcome: of one that is not active, and for no
    active one."""
    outcomes, reached = context.world.roadmap.outcomes, traces_of(context).levels.reached
    is_begun, is_active = play_of(context).is_begun, outcomes[number].is_active

    def test(position: int) -> bool | Unknown:
        serves_another = not is_active and any(outcomes[each].is_active for each in reached[position])
        return False if serves_another else is_begun(position)

    return test


def _in_progress_items(context: FactContext, number: int) -> FactValue:
    return serving_of(context).work(number).open_listed(_in_progress(context, number))


def _in_progress_count(context: FactContext, number: int) -> FactValue:
    work, test = serving_of(context).work(number), _in_progress(context, number)
    return work.dark or sum(test(each) is True for each in work.open)


def _begun(context: FactContext, number: int) -> FactValue:
    return serving_of(context).work(number).open_listed(play_of(context).is_begun)


def _gates(context: FactContext, number: int) -> tuple[GateRecord, ...]:
    return gates_of(context, _outcome(context, number))


def _depended_on(world: World, number: int) -> Iterator[Outcome]:
    """Yield the outcomes that one depends on, each once, as they are called now."""
    outcomes, names = world.roadmap.outcomes, heirs_of(world).by_name
    found = (heir for name in outcomes[number].depends_on for heir in names.get(name.casefold(), ()))
    return (outcomes[each] for each in dict.fromkeys(found))


def _day(outcome: Outcome) -> date | None:
    return outcome.target_date or outcome.launch.on


def _depends_on(context: FactContext, number: int) -> FactValue:
    found = tuple(outcome_record(each) for each in _depended_on(context.world, number))
    unread = context.world.roadmap.unread
    is_whole = len(found) >= len(_outcome(context, number).depends_on)
    return found if is_whole or unread is None else (*found, unread)


def _late_dependencies(context: FactContext, number: int) -> FactValue:
    own, unread = _day(_outcome(context, number)), context.world.roadmap.unread
    needed = tuple(_depended_on(context.world, number))
    late = tuple(
        outcome_record(each)
        for each in needed
        if each.status is not OutcomeStatus.ACHIEVED and own is not None and (day := _day(each)) and day > own
    )
    is_whole = len(needed) >= len(_outcome(context, number).depends_on)
    if own is None:
        # It may have a date all the same.
        is_whole = is_whole and left_unread(context.world, number, "target_date") is None
    return late if is_whole or unread is None else (*late, unread)


def _required_by(context: FactContext, number: int) -> FactValue:
    world = context.world
    return tuple(outcome_record(world.roadmap.outcomes[each]) for each in _dependants(world).get(number, ()))


def _dependants(world: World) -> dict[int, list[int]]:
    """Return, by outcome, those that depend on it."""

    def make() -> dict[int, list[int]]:
        numbers, found = numbers_of(world), dict[int, list[int]]()
        for number in range(len(world.roadmap.outcomes)):
            for each in _depended_on(world, number):
                found.setdefault(numbers[each.id], []).append(number)
        return found

    return world.once("dependants of outcomes", make)


def _contradictions(context: FactContext, number: int) -> FactValue:
    roadmap = context.world.roadmap
    told = roadmap.contradictions.get(roadmap.outcomes[number].id, ())
    found = tuple(contradiction_record(context.world, each) for each in told)
    return (*found, roadmap.unread) if roadmap.unread is not None else found


WORK_FACTS: tuple[Fact, ...] = (
    outcome_fact(
        "item_count",
        FactType.NUMBER,
        "How many items are known to serve it; a parent of such items is not counted beside them.",
        _of_work(lambda work: work.count()),
        unknown_when=_DARK,
    ),
    outcome_fact(
        "open_items",
        FactType.RECORDS,
        "The items that serve it and are not done; a parent only where no child of it is open.",
        _of_work(lambda work: work.listed(work.open)),
        unknown_when=_WORK,
        record=WorkRecord,
    ),
    outcome_fact(
        "begun_items",
        FactType.RECORDS,
        "Those of the open items that somebody works on.",
        _begun,
        unknown_when=_WORK,
        record=WorkRecord,
    ),
    outcome_fact(
        "in_progress_items",
        FactType.RECORDS,
        "Those of the begun items that are worked on for it: of an outcome that is not active, those that serve an "
        "active one too are left out.",
        _in_progress_items,
        unknown_when=_WORK,
        record=WorkRecord,
    ),
    outcome_fact(
        "in_progress_count",
        FactType.NUMBER,
        "How many these are known to be.",
        _in_progress_count,
        unknown_when=_DARK,
    ),
    outcome_fact(
        "has_work",
        FactType.BOOL,
        "Whether any item serves it.",
        _of_work(lambda work: work.has_any()),
        unknown_when=_WORK,
    ),
    outcome_fact(
        "done_share",
        FactType.NUMBER,
        "The share of the items that serve it that are done, from 0 to 1; nothing without items.",
        _of_work(lambda work: work.done_share()),
        unknown_when=_DARK,
    ),
    outcome_fact(
        "teams",
        FactType.TEXTS,
        "The teams of its open items, by name.",
        _of_work(lambda work: work.teams()),
        unknown_when=_WORK,
    ),
    outcome_fact(
        "tracked_items",
        FactType.RECORDS,
        "The items that the roadmap hangs it on.",
        lambda context, number: serving_of(context).tracked(number),
        unknown_when="one of them can't be read",
        record=WorkRecord,
    ),
    outcome_fact(
        "added_after_start",
        FactType.RECORDS,
        "The items that serve it and were created after the period's first day; a parent of such items is left out.",
        lambda context, number: serving_of(context).added(number),
        unknown_when=_WORK,
        record=WorkRecord,
    ),
    outcome_fact(
        "added_share",
        FactType.NUMBER,
        "How many these are beside the older ones: 0.25 is a quarter more; nothing where there are no older ones.",
        lambda context, number: serving_of(context).growth(number),
        unknown_when=_DARK,
    ),
    outcome_fact(
        "changed_at",
        FactType.INSTANT,
        "When it was last seen to be another outcome: the target of a measure changed, or its revision.",
        lambda context, number: changed_at(context.world, number),
    ),
    outcome_fact(
        "linked_before_change",
        FactType.RECORDS,
        "The open items that were linked to it before that.",
        lambda context, number: serving_of(context).linked_before_change(number),
        unknown_when="it is not known when work was linked",
        record=WorkRecord,
    ),
    outcome_fact(
        "gates", FactType.RECORDS, "The gates of its launch: items that must be done.", _gates, record=GateRecord
    ),
    outcome_fact(
        "open_gates",
        FactType.RECORDS,
        "The gates of its launch that are not done.",
        lambda context, number: open_gates(_gates(context, number)),
        unknown_when="a gate can't be read",
        record=GateRecord,
    ),
    outcome_fact(
        "is_launched",
        FactType.BOOL,
        "Whether its launch day is over; nothing where it has none.",
        lambda context, number: is_launched(context, _outcome(context, number)),
    ),
    *MEASURE_FACTS,
    outcome_fact(
        "depends_on",
        FactType.RECORDS,
        "The outcomes that it depends on.",
        _depends_on,
        unknown_when="a tracker that states outcomes can't be read",
        record=OutcomeRecord,
    ),
    outcome_fact(
        "late_dependencies",
        FactType.RECORDS,
        "Those of them that are not achieved and whose date is after its own.",
        _late_dependencies,
        unknown_when="a tracker that states outcomes can't be read",
        record=OutcomeRecord,
    ),
    outcome_fact(
        "required_by", FactType.RECORDS, "The outcomes that depend on it.", _required_by, record=OutcomeRecord
    ),
    outcome_fact(
        "contradictions",
        FactType.RECORDS,
        "What the roadmap's file and an item of a tracker say differently of it.",
        _contradictions,
        unknown_when="a tracker that states outcomes can't be read",
        record=ContradictionRecord,
    ),
)
