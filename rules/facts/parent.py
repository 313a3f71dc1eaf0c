"""Facts about an item's nearest parent: as its tracker holds it, else by a link, else by a line."""

from collections.abc import Callable

from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from rules.facts.fields import ABOUT_ITEM, of_position
from rules.facts.play import Need, play_of
from rules.facts.trace.state import STATES, traces_of
from rules.facts.work import WorkRecord, records_of
from rules.refs import Absence
from rules.world import NOWHERE, World
from syncd.model.items import LinkKind, StatusCategory
from syncd.model.truth import Unknown

_RECORD = "parent.item"
Read = Callable[[FactContext, int], FactValue]


def _parent(world: World, position: int) -> int | Unknown | None:
    """Return the position of the nearest parent, perhaps a dark one's; None where there is none."""
    found = world.parents.get(position, NOWHERE)
    if found:
        return found[0]
    for end in world.graph.loose.get(position, ()):
        if end.kind is LinkKind.PARENT and end.is_source and end.absence is Absence.UNREADABLE:
            return Unknown(f"{end.key} can't be read")
    return None


def _of_parent(read: Read) -> Read:
    """Return what is read of the parent's position; unknown where the parent can't be read."""

    def value(context: FactContext, position: int) -> FactValue:
        parent = _parent(context.world, position)
        if parent is None or isinstance(parent, Unknown):
            return parent
        return context.world.darks[parent] or read(context, parent)

    return value


def _record(context: FactContext, position: int) -> FactValue:
    parent = _parent(context.world, position)
    if parent is None:
        return ()
    return (parent,) if isinstance(parent, Unknown) else (records_of(context).at(parent),)


def _needed_by(context: FactContext, parent: int) -> FactValue:
    need = play_of(context).own_need(parent)
    return need.on if isinstance(need, Need) else need


def _trace_state(context: FactContext, parent: int) -> FactValue:
    return None if context.world.rows[parent].is_change else traces_of(context).states[parent]


def _status_category(context: FactContext, parent: int) -> FactValue:
    category = context.world.rows[parent].status_category
    return category.value if category is not None else None


def _fact(
    name: str,
    fact_type: FactType,
    meaning: str,
    read: Read,
    *,
    values: tuple[str, ...] = (),
    voice: Voice = Voice.TRACKER,
) -> Fact:
    return Fact(
        name=f"parent.{name}",
        type=fact_type,
        about=ABOUT_ITEM,
        meaning=f"Of its nearest parent: {meaning}.",
        column=of_position(_of_parent(read)),
        unknown_when="the parent can't be read",
        values=values,
        voice=voice,
        said_in=_RECORD,
    )


PARENT_FACTS: tuple[Fact, ...] = (
    Fact(
        name=_RECORD,
        type=FactType.RECORDS,
        about=ABOUT_ITEM,
        meaning="Its nearest parent, alone in a list: as its tracker holds it, else by a link, else by a line.",
        column=of_position(_record),
        unknown_when="the parent can't be read",
        record=WorkRecord,
    ),
    _fact("key", FactType.TEXT, "its key", lambda context, parent: context.world.rows[parent].key),
    _fact("title", FactType.TEXT, "its title", lambda context, parent: context.world.rows[parent].title),
    _fact(
        "kind",
        FactType.TEXT,
        "the kind of work, in our words",
        lambda context, parent: context.world.lexicons[parent].kind(context.world.rows[parent]),
        voice=Voice.OURS,
    ),
    _fact(
        "team",
        FactType.TEXT,
        "its team",
        lambda context, parent: context.world.lexicons[parent].team(context.world.rows[parent]) or None,
    ),
    _fact("type", FactType.TEXT, "its type", lambda context, parent: context.world.rows[parent].type),
    _fact("status", FactType.TEXT, "its status", lambda context, parent: context.world.rows[parent].status),
    _fact(
        "status_category",
        FactType.TEXT,
        "what its status means",
        _status_category,
        values=tuple(category.value for category in StatusCategory),
        voice=Voice.OURS,
    ),
    _fact(
        "priority",
        FactType.TEXT,
        "its priority",
        lambda context, parent: context.world.rows[parent].priority or None,
    ),
    _fact(
        "estimate",
        FactType.NUMBER,
        "its size",
        lambda context, parent: context.world.lexicons[parent].estimate(context.world.rows[parent]),
    ),
    _fact(
        "assignees",
        FactType.TEXTS,
        "who works on it, by name",
        lambda context, parent: tuple(person.name for person in context.world.rows[parent].assignees),
    ),
    _fact("due_on", FactType.DATE, "its due date", lambda context, parent: context.world.rows[parent].due_on),
    _fact("needed_by", FactType.DATE, "the day it is needed by, whatever waits for it", _needed_by),
    _fact(
        "in_play",
        FactType.BOOL,
        "whether it is worked on or meant to be soon",
        lambda context, parent: play_of(context).is_in_play(parent),
    ),
    _fact("trace_state", FactType.TEXT, "its trace.state", _trace_state, values=STATES, voice=Voice.OURS),
)
