"""Facts about an item: its own fields, and what follows from where it stands."""

from collections.abc import Callable

import msgspec

from rules.facts.expected import EXPECTED_SOURCES, Expected, expectations_of
from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from rules.facts.fields import ABOUT_ITEM, FIELD_FACTS, of_item, of_position
from rules.facts.item_past import PAST_FACTS
from rules.facts.play import REASONS, SOURCES, Need, play_of
from rules.facts.prose import has_acceptance_criteria, has_problem_statement
from rules.facts.work import WorkRecord, records_of
from rules.world import NOWHERE
from syncd.model.identity import ItemId, PlaceId
from syncd.model.truth import Unknown

_UNREADABLE = "what it reaches can't be read, or a sprint or milestone of it was not"
_NEED_UNKNOWN = "so is the day of it, or of something that waits for it"
_EXPECTED_UNKNOWN = "a sprint or milestone of it was not read, or its outcome has no forecast for want of history"


def _in_play(context: FactContext, position: int) -> FactValue:
    return play_of(context).is_in_play(position)


def _in_play_because(context: FactContext, position: int) -> FactValue:
    return play_of(context).reasons(position)


def _is_parent(context: FactContext, position: int) -> FactValue:
    return position in context.world.children_of


def _children(context: FactContext, position: int) -> FactValue:
    records = records_of(context)
    return tuple(records.at(child) for child in context.world.children_of.get(position, NOWHERE))


def _open_children(context: FactContext, position: int) -> FactValue:
    return records_of(context).open(context.world.children_of.get(position, NOWHERE))


def _of_need(read: Callable[[Need], FactValue]) -> Callable[[FactContext, int], FactValue]:
    def value(context: FactContext, position: int) -> FactValue:
        need = play_of(context).need(position)
        return need if need is None or isinstance(need, Unknown) else read(need)

    return value


class NeedingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The item whose own day it is by which another, or itself, is needed."""

    key: str
    title: str
    url: str
    item: ItemId
    place: PlaceId
    restricted: bool


def _needed_by_item(context: FactContext, position: int) -> FactValue:
    need = play_of(context).need(position)
    if not isinstance(need, Need):
        return () if need is None else (need,)
    item = context.world.rows[position if need.by is None else need.by]
    return (
        NeedingRecord(
            key=item.key, title=item.title, url=item.url, item=item.id, place=item.place, restricted=item.restricted
        ),
    )


def _of_expected(read: Callable[[Expected], FactValue]) -> Callable[[FactContext, int], FactValue]:
    def value(context: FactContext, position: int) -> FactValue:
        expected = expectations_of(context).of(position)
        return read(expected) if isinstance(expected, Expected) else expected

    return value


def _age(context: FactContext, position: int) -> FactValue:
    return context.now - context.world.rows[position].created_at


def _idle_for(context: FactContext, position: int) -> FactValue:
    item = context.world.rows[position]
    return context.now - (item.activity_at or item.updated_at)


ITEM_FACTS: tuple[Fact, ...] = (
    *FIELD_FACTS,
    Fact(
        name="item.is_parent",
        type=FactType.BOOL,
        about=ABOUT_ITEM,
        meaning="Whether it has children, in any tracker.",
        column=of_position(_is_parent),
    ),
    Fact(
        name="item.in_play",
        type=FactType.BOOL,
        about=ABOUT_ITEM,
        meaning="Whether it is worked on or meant to be soon: in progress, in a sprint, milestone or version that is "
        "to come, at the top of its backlog, or serving an active outcome of now.",
        column=of_position(_in_play),
        unknown_when=_UNREADABLE,
    ),
    Fact(
        name="item.in_play_because",
        type=FactType.TEXTS,
        about=ABOUT_ITEM,
        meaning="What puts it into play: its status, an open change, an active assignee, its rank, a sprint, "
        "milestone or version to come, or an outcome of now.",
        column=of_position(_in_play_because),
        unknown_when=_UNREADABLE,
        values=REASONS,
        voice=Voice.OURS,
    ),
    Fact(
        name="item.needed_by",
        type=FactType.DATE,
        about=ABOUT_ITEM,
        meaning="The day it is needed by: its own, else its sprint's, milestone's, version's or outcome's; or the day "
        "by which something that waits for it, perhaps by way of others, is needed, where that is earlier.",
        column=of_position(_of_need(lambda need: need.on)),
        unknown_when=_NEED_UNKNOWN,
        said_in="item.needed_by_item",
    ),
    Fact(
        name="item.needed_by_item",
        type=FactType.RECORDS,
        about=ABOUT_ITEM,
        meaning="The item whose day that is, alone in a list: itself, or something that waits for it.",
        column=of_position(_needed_by_item),
        unknown_when=_NEED_UNKNOWN,
        record=NeedingRecord,
    ),
    Fact(
        name="item.needed_by_source",
        type=FactType.TEXT,
        about=ABOUT_ITEM,
        meaning="What says by when it is needed; dependent: something that waits for it.",
        column=of_position(_of_need(lambda need: need.source)),
        unknown_when=_NEED_UNKNOWN,
        values=SOURCES,
        voice=Voice.OURS,
    ),
    Fact(
        name="item.planned_for",
        type=FactType.DATE,
        about=ABOUT_ITEM,
        meaning="The day it is planned for: its own, else its sprint's, milestone's or version's; not its outcome's.",
        column=of_position(lambda context, position: play_of(context).planned_for(position)),
        unknown_when="a sprint or milestone of it was not read",
    ),
    Fact(
        name="item.expected_at",
        type=FactType.DATE,
        about=ABOUT_ITEM,
        meaning="The day on which it can be expected to be done: the one that it is planned for, else the day by which "
        "the outcome that it serves is done with a certainty of 85 %. Of what is done there is none.",
        column=of_position(_of_expected(lambda expected: expected.on)),
        unknown_when=_EXPECTED_UNKNOWN,
    ),
    Fact(
        name="item.expected_source",
        type=FactType.TEXT,
        about=ABOUT_ITEM,
        meaning="What says when it can be expected.",
        column=of_position(_of_expected(lambda expected: expected.source)),
        unknown_when=_EXPECTED_UNKNOWN,
        values=EXPECTED_SOURCES,
        voice=Voice.OURS,
    ),
    Fact(
        name="item.age",
        type=FactType.SPAN,
        about=ABOUT_ITEM,
        meaning="How long ago it was created.",
        column=of_position(_age),
    ),
    Fact(
        name="item.idle_for",
        type=FactType.SPAN,
        about=ABOUT_ITEM,
        meaning="How long ago somebody other than syncd last did something on it.",
        column=of_position(_idle_for),
    ),
    Fact(
        name="item.children",
        type=FactType.RECORDS,
        about=ABOUT_ITEM,
        meaning="Its children, in any tracker.",
        column=of_position(_children),
        record=WorkRecord,
    ),
    Fact(
        name="item.open_children",
        type=FactType.RECORDS,
        about=ABOUT_ITEM,
        meaning="Those of its children that are not done.",
        column=of_position(_open_children),
        unknown_when="a child can't be read",
        record=WorkRecord,
    ),
    Fact(
        name="item.has_problem_statement",
        type=FactType.BOOL,
        about=ABOUT_ITEM,
        meaning="Whether its text says what is wrong or what it is for: under a heading such as Problem, Why, "
        "Background, Goal or Steps to reproduce, as a story (As a shopper, I want …), or by how it is now (currently, "
        "can't, too slow). English words are known.",
        column=of_item(lambda item: has_problem_statement(item.body)),
    ),
    Fact(
        name="item.has_acceptance_criteria",
        type=FactType.BOOL,
        about=ABOUT_ITEM,
        meaning="Whether its text says how one will see that it is done: under a heading such as Acceptance criteria, "
        "Definition of done or Expected behavior, as Given, When and Then, or as a checklist of two. English words are "
        "known.",
        column=of_item(lambda item: has_acceptance_criteria(item.body)),
    ),
    Fact(
        name="item.body_length",
        type=FactType.NUMBER,
        about=ABOUT_ITEM,
        meaning="How many characters its text has.",
        column=of_item(lambda item: len(item.body.strip())),
    ),
    *PAST_FACTS,
)
