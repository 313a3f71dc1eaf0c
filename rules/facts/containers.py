"""Facts about milestones, versions and sprints: what they hold, and what was put in after their first day."""

from bisect import insort
from collections.abc import Callable, Iterable, Mapping
from datetime import date

import msgspec

from rules.facts.dependencies import blockers_of
from rules.facts.fact import Fact, FactContext, FactType, FactValue, RecordType, Voice
from rules.facts.fields import Column
from rules.facts.history import past_of
from rules.facts.prose import has_acceptance_criteria
from rules.facts.together import Listed, Work, first_dark, growth
from rules.facts.trace.levels import levels_of
from rules.facts.trace.records import OutcomeRecord, outcome_record
from rules.facts.work import WorkRecord, records_of
from rules.subjects import container_of
from rules.world import World
from syncd.model.findings import About
from syncd.model.identity import ContainerId, PlaceId
from syncd.model.items import Container, ContainerKind, ContainerState, Item
from syncd.model.truth import Unknown

NOT_THERE = Unknown("the milestone, version or sprint is not there")
_ITSELF = "container.itself"
_NO_HISTORY = "a history is not read, or not so far back, or a place can't be read"
_DARK = "a place that it holds items of can't be read"


class ContainerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone, version or sprint; ``place`` of a sprint is that of all its items, where they have one."""

    title: str
    kind: str
    place: PlaceId | None
    restricted: bool = False


class Holdings:
    """What the containers of a World hold at a moment."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world: World = context.world
        self._held: dict[ContainerId, list[int]] = {}
        for position, item in enumerate(context.world.rows):
            if (item.sprints or item.milestones) and not item.is_change and context.world.darks[position] is None:
                for each in _containers_of(item):
                    self._held.setdefault(each, []).append(position)
        self._made: dict[ContainerId, Work] = {}
        self._added: dict[ContainerId, Listed] = {}

    def read_again(self, context: FactContext, before: Mapping[int, Item]) -> None:
        """Take in, in place, that some items, which can be read, are not what they were before."""
        self._context, self._made, self._added = context, {}, {}
        for position, old in before.items():
            item = self._world.rows[position]
            if not item.is_change and (item.sprints, item.milestones) != (old.sprints, old.milestones):
                for each in _containers_of(old):
                    self._held[each].remove(position)
                for each in _containers_of(item):
                    insort(self._held.setdefault(each, []), position)

    def work(self, container: Container) -> Work:
        """Return what a container holds."""
        found = self._made.get(container.id)
        if found is None:
            place, tracker = container.place, container.id.tracker
            dark = first_dark(self._world, lambda each: each == place if place else each.tracker == tracker)
            found = Work(self._context, self._held.get(container.id, ()), dark=dark)
            self._made[container.id] = found
        return found

    def place(self, container: Container) -> PlaceId | None:
        """Return the place of a container, of a sprint that of all its items; None where they have several."""
        if container.place is not None:
            return container.place
        places = {self._world.rows[each].place for each in self._held.get(container.id, ())}
        return places.pop() if len(places) == 1 else None

    def added(self, container: Container, starts_on: date) -> Listed:
        """Return what was put into a container, or created, after its first day."""
        found = self._added.get(container.id)
        if found is None:
            past, work, records = past_of(self._world), self.work(container), records_of(self._context)
            known: list[WorkRecord] = []
            unknown = work.dark
            for position in work.counted:
                is_late = past.is_put_in_after(self._context, position, container.id, starts_on)
                if isinstance(is_late, Unknown):
                    unknown = unknown or Unknown(is_late.reason)
                elif is_late:
                    known.append(records.at(position))
            found = self._added[container.id] = (*known, unknown) if unknown else tuple(known)
        return found


def _containers_of(item: Item) -> Iterable[ContainerId]:
    return dict.fromkeys((*item.sprints, *item.milestones))


def holdings_of(context: FactContext) -> Holdings:
    """Return what the containers of a context's World hold at its moment."""
    key = ("holdings", context.now, context.calendar)
    return context.world.once(key, lambda: Holdings(context))


Read = Callable[[FactContext, Container], FactValue]


def _of_container(read: Read) -> Column:
    def column(context: FactContext) -> list[FactValue]:
        found = (container_of(subject, context.world) for subject in context.subjects)
        return [NOT_THERE if each is None else read(context, each) for each in found]

    return column


def _itself(context: FactContext, container: Container) -> FactValue:
    place = holdings_of(context).place(container)
    return (ContainerRecord(title=container.title, kind=container.id.kind, place=place, restricted=place is None),)


def _added(context: FactContext, container: Container) -> FactValue:
    return holdings_of(context).added(container, container.starts_on) if container.starts_on is not None else ()


def _added_share(context: FactContext, container: Container) -> FactValue:
    if container.starts_on is None:
        return None
    added = holdings_of(context).added(container, container.starts_on)
    last = added[-1] if added else None
    return last if isinstance(last, Unknown) else growth(len(added), len(_work(context, container).counted))


def _work(context: FactContext, container: Container) -> Work:
    return holdings_of(context).work(container)


def _unready(context: FactContext, container: Container) -> FactValue:
    rows, lexicons = context.world.rows, context.world.lexicons

    def is_unready(position: int) -> bool:
        item = rows[position]
        return lexicons[position].estimate(item) is None or not has_acceptance_criteria(item.body)

    return _work(context, container).open_listed(is_unready)


def _blocked(context: FactContext, container: Container) -> FactValue:
    blockers = blockers_of(context)

    def is_blocked(position: int) -> bool | Unknown:
        found = blockers.open(position)
        known = any(isinstance(each, WorkRecord) for each in found)
        return known or next((each for each in found if isinstance(each, Unknown)), False)

    return _work(context, container).open_listed(is_blocked)


def _outcomes(context: FactContext, container: Container) -> FactValue:
    numbers = levels_of(context.world).milestones.of_container.get(container.id, ())
    return tuple(outcome_record(context.world.roadmap.outcomes[number]) for number in numbers)


def _fact(
    name: str,
    fact_type: FactType,
    meaning: str,
    read: Read,
    *,
    unknown_when: str = "",
    values: tuple[str, ...] = (),
    record: RecordType | None = None,
    voice: Voice = Voice.TRACKER,
) -> Fact:
    return Fact(
        name=f"container.{name}",
        type=fact_type,
        about=(About.CONTAINER,),
        meaning=meaning,
        column=_of_container(read),
        unknown_when=unknown_when,
        values=values,
        record=record,
        voice=voice,
        said_in="" if fact_type is FactType.RECORDS else _ITSELF,
    )


CONTAINER_FACTS: tuple[Fact, ...] = (
    _fact("itself", FactType.RECORDS, "It, alone in a list.", _itself, record=ContainerRecord),
    _fact("title", FactType.TEXT, "Its title.", lambda _, container: container.title),
    _fact(
        "kind",
        FactType.TEXT,
        "What it is: milestone, version or sprint.",
        lambda _, container: container.id.kind,
        values=tuple(each.value for each in ContainerKind),
    ),
    _fact(
        "state",
        FactType.TEXT,
        "Where it is in its life: future, active or closed.",
        lambda _, container: container.state.value,
        values=tuple(each.value for each in ContainerState),
    ),
    _fact(
        "place",
        FactType.TEXT,
        "The project or repository that it is in; of a sprint that of all its items.",
        lambda context, container: str(place) if (place := holdings_of(context).place(container)) else None,
    ),
    _fact("starts_on", FactType.DATE, "Its first day.", lambda _, container: container.starts_on),
    _fact("ends_on", FactType.DATE, "Its last day.", lambda _, container: container.ends_on),
    _fact(
        "item_count",
        FactType.NUMBER,
        "How many items it holds; a parent of such items is not counted beside them.",
        lambda context, container: _work(context, container).count(),
        unknown_when=_DARK,
    ),
    _fact(
        "open_items",
        FactType.RECORDS,
        "The items in it that are not done; a parent only where no child of it in there is open.",
        lambda context, container: _work(context, container).listed(_work(context, container).open),
        unknown_when=_DARK,
        record=WorkRecord,
    ),
    _fact(
        "done_share",
        FactType.NUMBER,
        "The share of its items that are done, from 0 to 1; nothing without items.",
        lambda context, container: _work(context, container).done_share(),
        unknown_when=_DARK,
    ),
    _fact(
        "added_after_start",
        FactType.RECORDS,
        "The items that were put into it, or created, after its first day; none where it has no first day.",
        _added,
        unknown_when=_NO_HISTORY,
        record=WorkRecord,
    ),
    _fact(
        "added_share",
        FactType.NUMBER,
        "How many these are beside the others: 0.25 is a quarter more; nothing without a first day or others.",
        _added_share,
        unknown_when=_NO_HISTORY,
    ),
    _fact(
        "unready_items",
        FactType.RECORDS,
        "Its open items without an estimate or without acceptance criteria.",
        _unready,
        unknown_when=_DARK,
        record=WorkRecord,
    ),
    _fact(
        "blocked_items",
        FactType.RECORDS,
        "Its open items that an open item blocks.",
        _blocked,
        unknown_when="a blocker can't be read",
        record=WorkRecord,
    ),
    _fact("outcomes", FactType.RECORDS, "The outcomes that are tracked in it.", _outcomes, record=OutcomeRecord),
    _fact(
        "teams",
        FactType.TEXTS,
        "The teams of its open items, by name.",
        lambda context, container: _work(context, container).teams(),
        unknown_when=_DARK,
        voice=Voice.ROADMAP,
    ),
)
