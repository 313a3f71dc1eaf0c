"""Facts about what blocks an item, across trackers, and about rings of items that block each other."""

from collections.abc import Callable

from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from rules.facts.fields import ABOUT_ITEM, of_position
from rules.facts.work import WorkRecord, record_of_dark, record_of_loose, records_of
from rules.refs import Absence
from rules.rings import Knot
from rules.world import NOWHERE
from syncd.model.findings import About
from syncd.model.items import LinkKind, StatusCategory
from syncd.model.truth import Unknown

_UNREADABLE = "a blocker can't be read"


class Blockers:
    """What blocks the items of a World, and what they block."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world = context.world
        self._records = records_of(context)
        self._targets: dict[int, list[int]] | None = None
        self._rings: dict[int, tuple[WorkRecord, ...] | Unknown] = {}

    def ring(self, knot: Knot) -> tuple[WorkRecord, ...] | Unknown:
        """Return the records of a ring, or why it can't be read; the same for all its members."""
        found = self._rings.get(knot.ring[0])
        if found is None:
            darks = (self._world.darks[each] for each in knot.ring)
            dark = next((each for each in darks if each is not None), None)
            found = dark or tuple(self._records.at(each) for each in knot.ring)
            self._rings[knot.ring[0]] = found
        return found

    def open(self, position: int) -> tuple[WorkRecord | Unknown, ...]:
        """Return the open blockers; what may be one stands at the end as unknown."""
        blockers = self._world.blockers.get(position, NOWHERE)
        readable = [each for each in blockers if self._world.darks[each] is None]
        rows, done = self._world.rows, StatusCategory.DONE
        found = [self._records.at(each) for each in readable if rows[each].status_category is not done]
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
        return self._those(position, lambda blocker: _state_is(blocker.trace_state, state))

    def waiting(self, position: int) -> tuple[WorkRecord | Unknown, ...]:
        """Return the open items that an item blocks; what may be one stands at the end as unknown."""
        if self._targets is None:
            self._targets = self._world.graph.targets(LinkKind.BLOCKS)
        return self._records.open(self._targets.get(position, NOWHERE))

    def of_other_teams(self, position: int) -> tuple[WorkRecord | Unknown, ...]:
        """Return the open blockers of another team than the item's; of an item without a team none is."""
        own = self._world.lexicons[position].team(self._world.rows[position])
        return self._those(position, lambda blocker: _is_other(own, blocker.team)) if own else ()

    def unassigned(self, position: int) -> tuple[WorkRecord | Unknown, ...]:
        """Return the open blockers that nobody is assigned to."""
        return self._those(position, lambda blocker: _is_empty(blocker.assignees))

    def teams(self, position: int) -> tuple[str | Unknown, ...]:
        """Return the other teams that an item waits for, in the order of their names."""
        others = self.of_other_teams(position)
        known = sorted({each.team for each in others if isinstance(each, WorkRecord) and isinstance(each.team, str)})
        return (*known, *[each for each in others if isinstance(each, Unknown)])

    def _those(self, position: int, test: Callable[[WorkRecord], bool | Unknown]) -> tuple[WorkRecord | Unknown, ...]:
        """Return the open blockers that pass a test; what may be one more stands at the end as unknown."""
        found: list[WorkRecord] = []
        unknown: Unknown | None = None
        for blocker in self.open(position):
            answer = blocker if isinstance(blocker, Unknown) else test(blocker)
            if isinstance(answer, Unknown):
                unknown = unknown or answer
            elif answer and isinstance(blocker, WorkRecord):
                found.append(blocker)
        return (*found, unknown) if unknown else tuple(found)


def _is_other(own: str, team: str | Unknown | None) -> bool | Unknown:
    return team if isinstance(team, Unknown) else team is not None and team != own


def _is_empty(names: tuple[str, ...] | Unknown) -> bool | Unknown:
    return names if isinstance(names, Unknown) else not names


def _state_is(known: str | Unknown | None, state: str) -> bool | Unknown:
    return known if isinstance(known, Unknown) else known == state


def blockers_of(context: FactContext) -> Blockers:
    """Return the blockers of a context's World at its moment."""
    key = ("blockers", context.now, context.calendar)
    return context.world.once(key, lambda: Blockers(context))


def _blocks_count(context: FactContext, position: int) -> FactValue:
    found = blockers_of(context).waiting(position)
    return found[-1] if found and isinstance(found[-1], Unknown) else len(found)


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
    Fact(
        name="deps.other_teams",
        type=FactType.TEXTS,
        about=ABOUT_ITEM,
        meaning="The other teams whose open items block it.",
        column=of_position(lambda context, position: blockers_of(context).teams(position)),
        unknown_when=_UNREADABLE,
        voice=Voice.ROADMAP,
    ),
    Fact(
        name="deps.blocks",
        type=FactType.RECORDS,
        about=ABOUT_ITEM,
        meaning="The open items that it blocks.",
        column=of_position(lambda context, position: blockers_of(context).waiting(position)),
        unknown_when="what it blocks can't be read",
        record=WorkRecord,
    ),
    Fact(
        name="deps.blocks_count",
        type=FactType.NUMBER,
        about=ABOUT_ITEM,
        meaning="How many open items it blocks.",
        column=of_position(_blocks_count),
        unknown_when="what it blocks can't be read",
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
