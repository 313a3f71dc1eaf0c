"""Facts that an item itself gives: its fields, kind, team and place; all that ``match`` in a roadmap can ask for."""

from collections.abc import Callable, Sequence
from enum import Enum

from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from rules.normalise import Lexicon
from syncd.model.findings import About
from syncd.model.identity import ContainerId
from syncd.model.items import ContainerKind, Item, Person, StatusCategory
from syncd.model.truth import Unknown

Column = Callable[[FactContext], Sequence[FactValue]]
ABOUT_ITEM = (About.ITEM,)
NOT_THERE = Unknown("the item is not there")


def of_item(read: Callable[[Item], FactValue]) -> Column:
    """Return the column of what ``read`` reads of an item."""

    def column(context: FactContext) -> Sequence[FactValue]:
        rows = context.world.rows
        positions = context.world.positions_of(context.subjects)
        return [NOT_THERE if position is None else read(rows[position]) for position in positions]

    return column


def of_position(read: Callable[[FactContext, int], FactValue]) -> Column:
    """Return the column of what ``read`` reads at an item's position in the World."""

    def column(context: FactContext) -> Sequence[FactValue]:
        positions = context.world.positions_of(context.subjects)
        return [NOT_THERE if position is None else read(context, position) for position in positions]

    return column


def of_words(read: Callable[[Lexicon, Item], FactValue]) -> Column:
    """Return the column of what the words of an item's place make of it."""

    def read_at(context: FactContext, position: int) -> FactValue:
        return read(context.world.lexicons[position], context.world.rows[position])

    return of_position(read_at)


def _field(
    name: str,
    fact_type: FactType,
    meaning: str,
    column: Column,
    *,
    values: tuple[str, ...] = (),
    fold_case: bool = False,
    voice: Voice = Voice.TRACKER,
) -> Fact:
    return Fact(
        name=f"item.{name}",
        type=fact_type,
        about=ABOUT_ITEM,
        meaning=meaning,
        column=column,
        values=values,
        fold_case=fold_case,
        voice=voice,
    )


def _word(value: Enum | None) -> str | None:
    return str(value.value) if value is not None else None


def _names(people: tuple[Person, ...]) -> tuple[str, ...]:
    return tuple(person.name for person in people)


def _titles(kind: ContainerKind) -> Column:
    """Return the column of the titles of an item's containers of a kind."""

    def of_position_in(context: FactContext, position: int) -> FactValue:
        item = context.world.rows[position]
        ids = item.sprints if kind is ContainerKind.SPRINT else item.milestones
        return tuple(title for each in ids if (title := title_of(context, each, kind)))

    return of_position(of_position_in)


def title_of(context: FactContext, container_id: ContainerId, kind: ContainerKind) -> str:
    """Return the title of a container of that kind; empty where it is another, or was not read."""
    container = context.world.containers.get(container_id)
    return container.title if container is not None and container_id.kind == kind.value else ""


FIELD_FACTS: tuple[Fact, ...] = (
    _field("key", FactType.TEXT, "The item's key, such as PAY-88.", of_item(lambda item: item.key)),
    _field("title", FactType.TEXT, "The item's title.", of_item(lambda item: item.title)),
    _field("url", FactType.TEXT, "The item's address.", of_item(lambda item: item.url)),
    _field(
        "tracker",
        FactType.TEXT,
        "The tracker's name in trackers.yaml.",
        of_item(lambda item: item.id.tracker),
        voice=Voice.OURS,
    ),
    _field("place", FactType.TEXT, "Its project or repository: jira:PAY.", of_item(lambda item: str(item.place))),
    _field("type", FactType.TEXT, "The item type, in the tracker's word.", of_item(lambda item: item.type)),
    _field(
        "kind",
        FactType.TEXT,
        "The kind of work, as `kinds` in trackers.yaml maps types and labels: feature (a story, say), bug, debt, "
        "incident, support, epic, change, other, or your own word.",
        of_words(lambda words, item: words.kind(item)),
        voice=Voice.OURS,
    ),
    _field(
        "team",
        FactType.TEXT,
        "The team that the item names, else its place's.",
        of_words(lambda words, item: words.team(item) or None),
    ),
    _field("status", FactType.TEXT, "The status, in the tracker's word.", of_item(lambda item: item.status)),
    _field(
        "status_category",
        FactType.TEXT,
        "What the status means: todo, in_progress or done.",
        of_item(lambda item: _word(item.status_category)),
        values=tuple(category.value for category in StatusCategory),
    ),
    _field("resolution", FactType.TEXT, "How it was closed.", of_item(lambda item: item.resolution or None)),
    _field(
        "priority", FactType.TEXT, "The priority, in the tracker's word.", of_item(lambda item: item.priority or None)
    ),
    _field(
        "labels",
        FactType.TEXTS,
        "The labels, without ours; compared without case.",
        of_item(lambda item: item.labels),
        fold_case=True,
    ),
    _field("components", FactType.TEXTS, "The components.", of_item(lambda item: item.components)),
    _field("assignees", FactType.TEXTS, "Who works on it, by name.", of_item(lambda item: _names(item.assignees))),
    _field(
        "reporter",
        FactType.TEXT,
        "Who wrote it, by name.",
        of_item(lambda item: item.reporter.name if item.reporter else None),
    ),
    _field(
        "estimate",
        FactType.NUMBER,
        "Its size, in its team's unit.",
        of_words(lambda words, item: words.estimate(item)),
    ),
    _field("created_at", FactType.INSTANT, "When it was created.", of_item(lambda item: item.created_at)),
    _field("updated_at", FactType.INSTANT, "When anything on it last changed.", of_item(lambda item: item.updated_at)),
    _field(
        "activity_at",
        FactType.INSTANT,
        "When somebody other than syncd last did something on it.",
        of_item(lambda item: item.activity_at or item.updated_at),
    ),
    _field("closed_at", FactType.INSTANT, "When it was closed.", of_item(lambda item: item.closed_at)),
    _field("due_on", FactType.DATE, "Its due date in the tracker.", of_item(lambda item: item.due_on)),
    _field("milestones", FactType.TEXTS, "Titles of its milestones.", _titles(ContainerKind.MILESTONE)),
    _field("versions", FactType.TEXTS, "Names of the versions it is planned for.", _titles(ContainerKind.VERSION)),
    _field("sprints", FactType.TEXTS, "Names of its sprints, past ones too.", _titles(ContainerKind.SPRINT)),
)
