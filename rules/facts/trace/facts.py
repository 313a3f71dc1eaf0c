"""Facts about how an item reaches outcomes."""

from collections.abc import Callable

from rules.facts.fact import Fact, FactContext, FactType, FactValue, RecordType, Voice
from rules.facts.fields import ABOUT_ITEM, Column, of_position
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

Read = Callable[[Traces, int], FactValue]


class TraceRecords:
    """Records of a World's outcomes and of what its items reach; equal ones are made once."""

    def __init__(self, traces: Traces) -> None:
        self.paths = Paths(traces.levels)
        self._records = [outcome_record(outcome) for outcome in traces.world.roadmap.outcomes]
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


def records_of(traces: Traces) -> TraceRecords:
    """Return the records of a World, made once; they do not depend on the moment."""
    return traces.world.once("trace records", lambda: TraceRecords(traces))


def _of_traces(read: Read) -> Column:
    def column(context: FactContext) -> list[FactValue]:
        traces = traces_of(context)
        return list(of_position(lambda _, position: read(traces, position))(context))

    return column


def _state(traces: Traces, position: int) -> FactValue:
    return traces.states[position]


def _level(traces: Traces, position: int) -> FactValue:
    state = traces.states[position]
    return state if isinstance(state, Unknown) else traces.levels.level[position] or None


def _outcomes(traces: Traces, position: int) -> FactValue:
    known = records_of(traces).outcomes(traces.levels.reached[position])
    state = traces.states[position]
    return (*known, state) if isinstance(state, Unknown) else known


def _path(traces: Traces, position: int) -> FactValue:
    return records_of(traces).paths.path(position)


def _named(traces: Traces, position: int) -> FactValue:
    return records_of(traces).outcomes(traces.levels.names.of(position))


def _inherited(traces: Traces, position: int) -> FactValue:
    return records_of(traces).outcomes(traces.levels.inherited(position))


def _broken(traces: Traces, position: int) -> FactValue:
    names, rows = traces.levels.names, traces.world.rows
    found: list[LostName] = []
    for origin in traces.levels.broken_origins(position):
        found += [lost_outcome(naming, rows[origin]) for naming in names.broken(origin)]
        found += [lost_thing(end, rows[origin]) for end in names.lost(origin)]
    return tuple(found)


def _unreadable(traces: Traces, position: int) -> FactValue:
    ends = traces.levels.unreadable_ends(position)
    item = traces.world.rows[position]
    return tuple(unreadable_name(traces.world, end, item) for end in ends)


def _standing(traces: Traces, position: int) -> FactValue:
    standing = traces.standing.get(position)
    return standing.id if standing else None


def _standing_title(traces: Traces, position: int) -> FactValue:
    standing = traces.standing.get(position)
    return standing.title if standing else None


def _exempt_reason(traces: Traces, position: int) -> FactValue:
    exempt = traces.exempt.get(position)
    return exempt.reason if exempt else None


def _exempt_until(traces: Traces, position: int) -> FactValue:
    exempt = traces.exempt.get(position)
    return exempt.until if exempt else None


def _of_main(read: Callable[[OutcomeRecord], FactValue]) -> Read:
    """Return the reading of the outcome that an item serves."""

    def value(traces: Traces, position: int) -> FactValue:
        state = traces.states[position]
        if isinstance(state, Unknown):
            return state
        record = records_of(traces).main(traces.levels.reached[position])
        return read(record) if record is not None else None

    return value


def _fact(
    name: str,
    fact_type: FactType,
    meaning: str,
    read: Read,
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
        column=_of_traces(read),
        unknown_when=_UNKNOWN_WHEN,
        values=values,
        record=record,
        voice=voice,
        fold_case=fold_case,
    )


_OUTCOME = "Of the outcome that it serves (the first active one it reaches, else the first): "

TRACE_FACTS: tuple[Fact, ...] = (
    _fact("state", FactType.TEXT, "How the item reaches an outcome, in one word.", _state, values=STATES),
    _fact("level", FactType.NUMBER, "The evidence that decides: 1 names, 2 ancestor, 3 milestone, 4 link.", _level),
    _fact("outcomes", FactType.RECORDS, "The outcomes that it reaches.", _outcomes, record=OutcomeRecord),
    _fact("path", FactType.RECORDS, "Every step of the way to them.", _path, record=Step),
    _fact("named", FactType.RECORDS, "The outcomes that it names itself.", _named, record=OutcomeRecord),
    _fact(
        "inherited",
        FactType.RECORDS,
        "The outcomes that its nearest naming ancestor names.",
        _inherited,
        record=OutcomeRecord,
    ),
    _fact(
        "broken",
        FactType.RECORDS,
        "What it (or the ancestor that it goes by) names and that is not there.",
        _broken,
        record=LostName,
    ),
    _fact(
        "unreadable",
        FactType.RECORDS,
        "What it names as parent or by a typed link and that can't be read.",
        _unreadable,
        record=UnreadableName,
    ),
    _fact(
        "standing",
        FactType.TEXT,
        "The id of the standing work that it is, where that is what makes it traced.",
        _standing,
        voice=Voice.OURS,
    ),
    _fact("standing_title", FactType.TEXT, "The title of that standing work.", _standing_title),
    _fact("exempt_reason", FactType.TEXT, "Why it needs no outcome, where it is exempt.", _exempt_reason),
    _fact("exempt_until", FactType.DATE, "The last day of its exemption.", _exempt_until),
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
)
