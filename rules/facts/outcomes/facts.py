"""Facts about an outcome as the roadmap states it."""

from collections.abc import Callable

from rules.facts.fact import Fact, FactContext, FactType, FactValue, RecordType, Voice
from rules.facts.fields import Column
from rules.world import World
from syncd.model.findings import About
from syncd.model.outcomes import Horizon, Outcome, OutcomeStatus
from syncd.model.truth import Unknown

NOT_ON_ROADMAP = Unknown("the outcome is not on the roadmap")
Read = Callable[[FactContext, int], FactValue]


def numbers_of(world: World) -> dict[str, int]:
    """Return the numbers of a World's outcomes by their ids."""
    outcomes = world.roadmap.outcomes
    return world.once("numbers of outcomes", lambda: {outcome.id: number for number, outcome in enumerate(outcomes)})


def of_number(read: Read) -> Column:
    """Return the column of what ``read`` reads of an outcome by its number."""

    def column(context: FactContext) -> list[FactValue]:
        numbers = numbers_of(context.world)
        found = (numbers.get(subject.id.native_id) for subject in context.subjects)
        return [NOT_ON_ROADMAP if number is None else read(context, number) for number in found]

    return column


def outcome_fact(
    name: str,
    fact_type: FactType,
    meaning: str,
    read: Read,
    *,
    unknown_when: str = "",
    values: tuple[str, ...] = (),
    record: RecordType | None = None,
    fold_case: bool = False,
    voice: Voice = Voice.ROADMAP,
) -> Fact:
    """Return a fact about an outcome."""
    return Fact(
        name=f"outcome.{name}",
        type=fact_type,
        about=(About.OUTCOME,),
        meaning=meaning,
        column=of_number(read),
        unknown_when=unknown_when,
        values=values,
        record=record,
        fold_case=fold_case,
        voice=voice,
    )


def _stated(
    name: str,
    fact_type: FactType,
    meaning: str,
    read: Callable[[Outcome], FactValue],
    *,
    values: tuple[str, ...] = (),
    fold_case: bool = False,
) -> Fact:
    return outcome_fact(
        name,
        fact_type,
        meaning,
        lambda context, number: read(context.world.roadmap.outcomes[number]),
        values=values,
        fold_case=fold_case,
    )


def _left(
    name: str,
    fact_type: FactType,
    meaning: str,
    read: Callable[[Outcome], FactValue],
    *,
    values: tuple[str, ...] = (),
) -> Fact:
    """Return a fact that a file can leave to the tracker in which the outcome lives, too."""

    def value(context: FactContext, number: int) -> FactValue:
        found = read(context.world.roadmap.outcomes[number])
        return left_unread(context.world, number, name) or found if found is None or values else found

    return outcome_fact(name, fact_type, meaning, value, values=values, unknown_when=_LEFT)


_LEFT = "its file leaves it to a tracker that can't be read"


def left_unread(world: World, number: int, key: str) -> Unknown | None:
    """Return why nobody knows what a tracker says of an outcome whose file does not say it; None where it is known."""
    roadmap, outcome = world.roadmap, world.roadmap.outcomes[number]
    lives_on = key == "status" and (outcome.split_into or outcome.merged_into)
    is_stated = lives_on or outcome.id not in roadmap.stated or key in roadmap.stated[outcome.id]
    return None if is_stated else roadmap.unread


def _is_active(context: FactContext, number: int) -> FactValue:
    world, outcome = context.world, context.world.roadmap.outcomes[number]
    status, horizon = left_unread(world, number, "status"), left_unread(world, number, "horizon")
    if (status is None and outcome.status is not OutcomeStatus.ACTIVE) or (
        horizon is None and outcome.horizon is Horizon.NOT_NOW
    ):
        return False
    return status or horizon or outcome.is_active


def _has_place(outcome: Outcome) -> bool:
    return bool(outcome.tracked_in.items or outcome.tracked_in.milestones or outcome.tracked_in.labels)


STATED_FACTS: tuple[Fact, ...] = (
    _stated("id", FactType.TEXT, "Its id.", lambda outcome: outcome.id, fold_case=True),
    _stated("title", FactType.TEXT, "Its title.", lambda outcome: outcome.title),
    _stated("why", FactType.TEXT, "Why it matters.", lambda outcome: outcome.why or None),
    _left(
        "horizon",
        FactType.TEXT,
        "When it is worked on.",
        lambda outcome: outcome.horizon.value,
        values=tuple(each.value for each in Horizon),
    ),
    _left(
        "status",
        FactType.TEXT,
        "Where it is in its life.",
        lambda outcome: outcome.status.value,
        values=tuple(each.value for each in OutcomeStatus),
    ),
    outcome_fact(
        "is_active",
        FactType.BOOL,
        "Whether work may serve it: its status is active, its horizon is not not_now.",
        _is_active,
        unknown_when=_LEFT,
    ),
    _stated("reason", FactType.TEXT, "Why it is not now, paused or dropped.", lambda outcome: outcome.reason or None),
    _stated("period", FactType.TEXT, "The period that it is planned for.", lambda outcome: outcome.period or None),
    _left(
        "owner",
        FactType.TEXT,
        "Who answers for it.",
        lambda outcome: outcome.owner.name if outcome.owner else None,
    ),
    _left("target_date", FactType.DATE, "Its date.", lambda outcome: outcome.target_date),
    _stated("launch_on", FactType.DATE, "The day it ships.", lambda outcome: outcome.launch.on),
    _stated("revisit", FactType.DATE, "When to look at it again.", lambda outcome: outcome.revisit),
    _stated(
        "decide_by",
        FactType.DATE,
        "The day by which a dropped one's open work must be decided on.",
        lambda outcome: outcome.decide_by,
    ),
    _stated(
        "stated_in",
        FactType.TEXT,
        "The file, or the key of the item, that states it.",
        lambda outcome: outcome.stated_in or None,
    ),
    _stated(
        "visibility",
        FactType.TEXT,
        "Who may read of it: internal, or public.",
        lambda outcome: "public" if outcome.visibility == "public" else "internal",
        values=("internal", "public"),
    ),
    _stated(
        "merged_into",
        FactType.TEXT,
        "The id of the outcome that it was merged into.",
        lambda outcome: outcome.merged_into or None,
        fold_case=True,
    ),
    _stated(
        "split_into", FactType.TEXTS, "The ids of the outcomes it was split into.", lambda outcome: outcome.split_into
    ),
    _stated(
        "has_place",
        FactType.BOOL,
        "Whether the roadmap says where it is tracked: in items, milestones or labels.",
        _has_place,
    ),
)
