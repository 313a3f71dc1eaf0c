"""Facts about what blocks an item, across trackers, and about rings of items that block each other."""

from collections.abc import Callable

from rules.facts.fact import Fact, FactContext, FactType, FactValue
from rules.facts.fields import ABOUT_ITEM, of_position
from rules.facts.work import WorkRecord, record_of, record_of_dark, record_of_loose
from rules.refs import Absence
from rules.rings import Knot
from rules.world import NOWHERE
from syncd.model.findings import About
from syncd.model.items import LinkKind, StatusCategory
from syncd.model.truth import Unknown

_UNREADABLE = "a blocker can't be read"


class Blockers:
    """What blocks the items of a World; records of those that several items wait for are made once."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world = context.world
        self._records: dict[int, WorkRecord] = {}
        self._rings: dict[int, tuple[WorkRecord, ...] | Unknown] = {}

    def record(self, position: int) -> WorkRecord:
        """Return the record of an item that can be read."""
        found = self._records.get(position)
        if found is None:
            found = self._records[position] = record_of(self._context, position)
        return found

    def ring(self, knot: Knot) -> tuple[WorkRecord, ...] | Unknown:
        """Return the records of a ring, or why it can't be read; the same for all its members."""
        found = self._rings.get(knot.ring[0])
        if found is None:
            darks = (self._world.darks[each] for each in knot.ring)
            dark = next((each for each in darks if each is not None), None)
            found = dark or tuple(self.record(each) for each in knot.ring)
            self._rings[knot.ring[0]] = found
        return found

    def open(self, position: int) -> tuple[WorkRecord | Unknown, ...]:
        """Return the open blockers; what may be one stands at the end as unknown."""
        blockers = self._world.blockers.get(position, NOWHERE)
        readable = [each for each in blockers if self._world.darks[each] is None]
        found = [
            self.record(each) for each in readable if self._world.rows[each].status_category is not StatusCategory.DONE
        ]
        unreadable = self.unreadable(position)
        told = [record for record in unreadable if isinstance(record.status_category, str)]
        silent = [record for record in unreadable if isinstance(record.status_category, Unknown)]
        unknown = (Unknown(f"{silent[0].key} can't be read"),) if silent else ()
        return (*found, *told, *unknown)

    def unreadable(self, position: int) -> tuple[WorkRecord, ...]:
        """Return the blockers that can't be read and that the link does not call done."""
        found: list[WorkRecord] = []
        for blocker in self._world.blockers.get(position, NOWHERE):
            told = self._world.graph.told.get((blocker, position))
            if self._world.darks[blocker] is not None and told is not StatusCategory.DONE:
                found.append(record_of_dark(self._world.rows[blocker], told))
        for end in self._world.graph.loose.get(position, ()):
            is_blocker = end.kind is LinkKind.BLOCKS and end.is_source
            if is_blocker and end.absence is Absence.UNREADABLE and end.status is not StatusCategory.DONE:
                found.append(record_of_loose(self._context, end, self._world.rows[position]))
        return tuple(found)

    def open_in_state(self, position: int, state: str) -> tuple[WorkRecord | Unknown, ...]:
        """Return the open blockers whose trace is in a state; one whose trace is unknown may be one."""
        found: list[WorkRecord | Unknown] = []
        unknown: Unknown | None = None
        for blocker in self.open(position):
            known = blocker if isinstance(blocker, Unknown) else blocker.trace_state
            if isinstance(known, Unknown):
                unknown = unknown or known
            elif known == state:
                found.append(blocker)
        return (*found, unknown) if unknown else tuple(found)


def blockers_of(context: FactContext) -> Blockers:
    """Return the blockers of a context's World at its moment."""
    key = ("blockers", context.now, context.calendar)
    return context.world.once(key, lambda: Blockers(context))


def _in_cycle(context: FactContext, position: int) -> FactValue:
    knot = context.world.knot_of.get(position)
    ring = blockers_of(context).ring(knot) if knot else ()
    return ring if isinstance(ring, Unknown) else bool(ring)


def _cycle(context: FactContext, position: int) -> FactValue:
    knot = context.world.knot_of.get(position)
    ring = blockers_of(context).ring(knot) if knot else ()
    return (ring,) if isinstance(ring, Unknown) else ring


def _records(name: str, meaning: str, read: Callable[[FactContext, int], FactValue]) -> Fact:
    return Fact(
        name=f"deps.{name}",
        type=FactType.RECORDS,
        about=ABOUT_ITEM,
        meaning=meaning,
        column=of_position(read),
        unknown_when=_UNREADABLE,
        record=WorkRecord,
    )


DEPENDENCY_FACTS: tuple[Fact, ...] = (
    _records(
        "open_blockers",
        "The items that block it and are not done.",
        lambda context, position: blockers_of(context).open(position),
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
    Fact(
        name="deps.in_cycle",
        type=FactType.BOOL,
        about=(About.ITEM, About.DEPENDENCY),
        meaning="Whether it waits for itself, by way of what it blocks.",
        column=of_position(_in_cycle),
        unknown_when="a member of the ring can't be read",
    ),
    Fact(
        name="deps.cycle",
        type=FactType.RECORDS,
        about=(About.ITEM, About.DEPENDENCY),
        meaning="The ring that it is in, each blocking the next and the last one the first.",
        column=of_position(_cycle),
        unknown_when="a member of the ring can't be read",
        record=WorkRecord,
    ),
)
