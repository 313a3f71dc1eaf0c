"""Facts about how an item reaches outcomes."""

from collections.abc import Callable, Iterable

import msgspec

from rules.facts.fact import Fact, FactContext, FactType, FactValue, RecordType, Voice
from rules.facts.fields import ABOUT_ITEM, NOT_THERE, Column
from rules.facts.trace.levels import Levels
from rules.facts.trace.names import NONE, Outcomes
from rules.facts.trace.path import Paths
from rules.facts.trace.records import (
    LostName,
    OutcomeRecord,
    Step,
    UnreadableName,
    lost_outcome,
    lost_thing,
    outcome_record,
    unreadable_name,
)
from rules.facts.trace.state import STATES, Traces, traces_of
from syncd.model.outcomes import Horizon, OutcomeStatus
from syncd.model.truth import Unknown

_UNKNOWN_WHEN = "what would decide can't be read: a parent, or a tracker that is down or not yet imported"


class TraceRecords:
    """Records of a World's outcomes and of what its items reach; equal ones are made once."""

    def __init__(self, levels: Levels) -> None:
        self.paths = Paths(levels)
        self._records = [outcome_record(outcome) for outcome in levels.world.roadmap.outcomes]
        self._several: dict[Outcomes, tuple[OutcomeRecord, ...]] = {NONE: ()}

    def outcomes(self, numbers: Outcomes) -> tuple[OutcomeRecord, ...]:
        """Return the records of outcomes."""
        found = self._several.get(numbers)
        if found is None:
            found = self._several[numbers] = tuple(self._records[number] for number in numbers)
        return found

    def main(self, numbers: Outcomes) -> OutcomeRecord | None:
        """Return the outcome that work serves: the first active one, else the first."""
        records = self.outcomes(numbers)
        return next((record for record in records if record.is_active), records[0] if records else None)


class View(msgspec.Struct, frozen=True):
    """What the columns of traces are read from."""

    traces: Traces
    levels: Levels
    records: TraceRecords


Read = Callable[[View, int], FactValue]


def view_of(context: FactContext) -> View:
    """Return the traces of a context's World at its moment, with records that no moment changes."""
    traces = traces_of(context)
    return View(traces, traces.levels, context.world.once("trace records", lambda: TraceRecords(traces.levels)))


def _of_traces(read: Read) -> Column:
    def column(context: FactContext) -> list[FactValue]:
        view = view_of(context)
        positions = context.world.positions_of(context.subjects)
        return [NOT_THERE if position is None else read(view, position) for position in positions]

    return column


class Mains(msgspec.Struct, frozen=True):
    """The outcome that each item serves, by position: ``codes`` says which of ``served``."""

    served: list[OutcomeRecord | Unknown | None]
    codes: list[int]


def _mains(view: View) -> Mains:
    served: dict[OutcomeRecord | Unknown | None, int] = {}
    of_known = {
        numbers: served.setdefault(view.records.main(numbers), len(served)) for numbers in set(view.levels.reached)
    }
    codes = [
        of_known[numbers] if (doubt := view.traces.doubt(position)) is None else served.setdefault(doubt, len(served))
        for position, numbers in enumerate(view.levels.reached)
    ]
    return Mains(list(served), codes)


def mains_again(mains: Mains, view: View, positions: Iterable[int]) -> None:
    """Find again, in place, which outcomes some items serve."""
    codes = {served: code for code, served in enumerate(mains.served)}
    for position in positions:
        doubt = view.traces.doubt(position)
        served = view.records.main(view.levels.reached[position]) if doubt is None else doubt
        mains.codes[position] = codes.setdefault(served, len(codes))
    mains.served[:] = codes


def _of_main(read: Callable[[OutcomeRecord], FactValue]) -> Column:
    """Return the column of what is read of the outcome that an item serves."""

    def column(context: FactContext) -> list[FactValue]:
        view = view_of(context)
        mains = context.world.once(("main outcomes", context.now, context.calendar), lambda: _mains(view))
        values = [read(each) if isinstance(each, OutcomeRecord) else each for each in mains.served]
        codes = mains.codes
        positions = context.world.positions_of(context.subjects)
        return [NOT_THERE if position is None else values[codes[position]] for position in positions]

    return column


def _state(view: View, position: int) -> FactValue:
    return view.traces.states[position]


def _level(view: View, position: int) -> FactValue:
    return view.traces.doubt(position) or view.levels.level[position] or None


def _outcomes(view: View, position: int) -> FactValue:
    known, doubt = view.records.outcomes(view.levels.reached[position]), view.traces.doubt(position)
    return (*known, doubt) if doubt is not None else known


def _path(view: View, position: int) -> FactValue:
    known, doubt = view.records.paths.path(position), view.traces.doubt(position)
    return (*known, doubt) if doubt is not None else known


def _named(view: View, position: int) -> FactValue:
    return view.records.outcomes(view.levels.names.of(position))


def _inherited(view: View, position: int) -> FactValue:
    levels = view.levels
    known = view.records.outcomes(levels.inherited(position))
    if levels.hides(position):
        return (*known, levels.unreadable_reason(levels.unreadable.origins[position][0]))
    return known


def _broken(view: View, position: int) -> FactValue:
    names, rows = view.levels.names, view.levels.world.rows
    found: list[LostName] = []
    for origin in view.levels.broken_origins(position):
        found += [lost_outcome(naming, rows[origin]) for naming in names.broken(origin)]
        found += [lost_thing(end, rows[origin]) for end in names.lost(origin)]
    state, unreadable = view.traces.states[position], view.levels.unreadable_ends(position)
    doubt = Unknown(f"{unreadable[0].key} can't be read") if unreadable else None
    if isinstance(state, Unknown):
        doubt = state
    return (*found, doubt) if doubt is not None else tuple(found)


def _unreadable(view: View, position: int) -> FactValue:
    ends = view.levels.unreadable_ends(position)
    item = view.levels.world.rows[position]
    return tuple(unreadable_name(view.levels.world, end, item) for end in ends)


def _standing(view: View, position: int) -> FactValue:
    standing = view.traces.standing.get(position)
    return standing.id if standing else None


def _standing_title(view: View, position: int) -> FactValue:
    standing = view.traces.standing.get(position)
    return standing.title if standing else None


def _exempt_reason(view: View, position: int) -> FactValue:
    exempt = view.traces.exempt.get(position)
    return exempt.reason if exempt else None


def _exempt_until(view: View, position: int) -> FactValue:
    exempt = view.traces.exempt.get(position)
    return exempt.until if exempt else None


def _fact(
    name: str,
    fact_type: FactType,
    meaning: str,
    column: Column,
    *,
    values: tuple[str, ...] = (),
    record: RecordType | None = None,
    voice: Voice = Voice.ROADMAP,
    fold_case: bool = False,
) -> Fact:
    return Fact(
        name=f"trace.{name}",
        type=fact_type,
        about=ABOUT_ITEM,
        meaning=meaning,
        column=column,
        unknown_when=_UNKNOWN_WHEN,
        values=values,
        record=record,
        voice=voice,
        fold_case=fold_case,
    )


_OUTCOME = "Of the outcome that it serves (the first active one it reaches, else the first): "

TRACE_FACTS: tuple[Fact, ...] = (
    _fact(
        "state",
        FactType.TEXT,
        "How the item reaches an outcome, in one word.",
        _of_traces(_state),
        values=STATES,
        voice=Voice.OURS,
    ),
    _fact(
        "level",
        FactType.NUMBER,
        "The evidence that decides: 1 names, 2 ancestor, 3 milestone, 4 link.",
        _of_traces(_level),
    ),
    _fact("outcomes", FactType.RECORDS, "The outcomes that it reaches.", _of_traces(_outcomes), record=OutcomeRecord),
    _fact("path", FactType.RECORDS, "Every step of the way to them.", _of_traces(_path), record=Step),
    _fact("named", FactType.RECORDS, "The outcomes that it names itself.", _of_traces(_named), record=OutcomeRecord),
    _fact(
        "inherited",
        FactType.RECORDS,
        "The outcomes that its nearest naming ancestor names.",
        _of_traces(_inherited),
        record=OutcomeRecord,
    ),
    _fact(
        "broken",
        FactType.RECORDS,
        "What it (or the ancestor that it goes by) names and that is not there.",
        _of_traces(_broken),
        record=LostName,
    ),
    _fact(
        "unreadable",
        FactType.RECORDS,
        "What it names as parent or by a typed link and that can't be read.",
        _of_traces(_unreadable),
        record=UnreadableName,
    ),
    _fact(
        "standing",
        FactType.TEXT,
        "The id of the standing work that it is, where that is what makes it traced.",
        _of_traces(_standing),
    ),
    _fact("standing_title", FactType.TEXT, "The title of that standing work.", _of_traces(_standing_title)),
    _fact("exempt_reason", FactType.TEXT, "Why it needs no outcome, where it is exempt.", _of_traces(_exempt_reason)),
    _fact("exempt_until", FactType.DATE, "The last day of its exemption.", _of_traces(_exempt_until)),
    _fact("outcome.id", FactType.TEXT, f"{_OUTCOME}its id.", _of_main(lambda of: of.id), fold_case=True),
    _fact("outcome.title", FactType.TEXT, f"{_OUTCOME}its title.", _of_main(lambda of: of.title)),
    _fact("outcome.why", FactType.TEXT, f"{_OUTCOME}why it matters.", _of_main(lambda of: of.why or None)),
    _fact(
        "outcome.horizon",
        FactType.TEXT,
        f"{_OUTCOME}when it is worked on.",
        _of_main(lambda of: of.horizon.value),
        values=tuple(each.value for each in Horizon),
    ),
    _fact(
        "outcome.status",
        FactType.TEXT,
        f"{_OUTCOME}where it is in its life.",
        _of_main(lambda of: of.status.value),
        values=tuple(each.value for each in OutcomeStatus),
    ),
    _fact(
        "outcome.reason",
        FactType.TEXT,
        f"{_OUTCOME}why it is not now, paused or dropped.",
        _of_main(lambda of: of.reason or None),
    ),
    _fact("outcome.revisit", FactType.DATE, f"{_OUTCOME}when to look at it again.", _of_main(lambda of: of.revisit)),
    _fact("outcome.owner", FactType.TEXT, f"{_OUTCOME}who answers for it.", _of_main(lambda of: of.owner or None)),
    _fact("outcome.target_date", FactType.DATE, f"{_OUTCOME}its date.", _of_main(lambda of: of.target_date)),
    _fact("outcome.launch_on", FactType.DATE, f"{_OUTCOME}the day it ships.", _of_main(lambda of: of.launch_on)),
    _fact(
        "outcome.decide_by",
        FactType.DATE,
        f"{_OUTCOME}the day by which a dropped one's open work must be decided on.",
        _of_main(lambda of: of.decide_by),
    ),
    _fact("outcome.period", FactType.TEXT, f"{_OUTCOME}its period.", _of_main(lambda of: of.period or None)),
    _fact(
        "outcome.is_active", FactType.BOOL, f"{_OUTCOME}whether work may serve it.", _of_main(lambda of: of.is_active)
    ),
)
