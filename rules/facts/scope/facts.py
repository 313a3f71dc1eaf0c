"""The declared facts ``scope.*``: what was agreed of a subject, how it grew and why."""

from collections import Counter
from collections.abc import Callable, Sequence

from rules.facts.containers import NOT_THERE as NO_CONTAINER
from rules.facts.fact import Fact, FactContext, FactType, FactValue, RecordType, Voice
from rules.facts.fields import NOT_THERE, Column, of_position
from rules.facts.outcomes.facts import NOT_ON_ROADMAP
from rules.facts.scope.carried import carried_over, left_over
from rules.facts.scope.records import (
    AddedRecord,
    ReEstimatedRecord,
    RemovedRecord,
    RewrittenRecord,
    added_records,
    re_estimated_records,
    removed_records,
    rewritten_records,
)
from rules.facts.together import Listed
from rules.facts.work import WorkRecord
from rules.scope.causes import CAUSES, Causes
from rules.scope.drift import Drift, drifts_of
from rules.scope.rewriting import share_rewritten
from rules.scope.taking import is_begun
from rules.subjects import container_of, outcome_of
from syncd.model.baselines import Confidence
from syncd.model.findings import About, Subject
from syncd.model.items import Container
from syncd.model.truth import Unknown

_ABOUT = (About.ITEM, About.OUTCOME, About.CONTAINER)
_DARK = "a place that it holds items of can't be read"
_DOUBTFUL = "what may be one more can't be read"
Read = Callable[[FactContext, Drift], FactValue]


def _absent(context: FactContext, subject: Subject) -> Unknown | None:
    """Return why nothing is known of a subject: it is not there."""
    if subject.about == About.OUTCOME.value:
        return NOT_ON_ROADMAP if outcome_of(subject, context.world) is None else None
    if subject.about == About.CONTAINER.value:
        return NO_CONTAINER if container_of(subject, context.world) is None else None
    return NOT_THERE if subject.id not in context.world.positions else None


def _are_items(context: FactContext) -> bool:
    return bool(context.subjects) and context.subjects[0].about == About.ITEM.value


def _of_drift(read: Read, otherwise: FactValue = None) -> Column:
    """Return the column of what ``read`` reads of a subject that has a baseline; ``otherwise`` of one that has none."""

    def column(context: FactContext) -> Sequence[FactValue]:
        drifts = drifts_of(context)
        if _are_items(context):
            positions = context.world.positions_of(context.subjects)
            return [
                NOT_THERE
                if position is None
                else otherwise
                if position not in drifts.positions
                else _value(context, read, drifts.of(drifts.positions[position]), otherwise)
                for position in positions
            ]
        return [
            _absent(context, subject) or _value(context, read, drifts.of(subject), otherwise)
            for subject in context.subjects
        ]

    return column


def _value(context: FactContext, read: Read, drift: Drift | None, otherwise: FactValue) -> FactValue:
    return otherwise if drift is None else read(context, drift)


def _counted(read: Callable[[Drift], FactValue]) -> Column:
    """Return the column of a number, which is not known where a part of the items is dark."""
    return _of_drift(lambda _, drift: drift.held.dark or read(drift))


def _state(context: FactContext) -> Sequence[FactValue]:
    drifts = drifts_of(context)

    def state(subject: Subject) -> str:
        if drifts.of(subject) is not None:
            return "agreed"
        return "forming" if is_begun(context, subject) else "none"

    if _are_items(context):
        children = context.world.children_of
        return [
            NOT_THERE if position is None else state(subject) if position in children else "none"
            for subject, position in zip(context.subjects, context.world.positions_of(context.subjects), strict=True)
        ]
    return [_absent(context, subject) or state(subject) for subject in context.subjects]


def _added(context: FactContext, drift: Drift) -> FactValue:
    found: Listed = added_records(context, drift)
    return (*found, drift.held.doubtful) if drift.held.doubtful is not None else found


def _moved_in(context: FactContext, drift: Drift) -> FactValue:
    found: Listed = tuple(each for each in added_records(context, drift) if each.moved_from)
    return (*found, drift.held.doubtful) if drift.held.doubtful is not None else found


def _causes(context: FactContext, drift: Drift) -> FactValue:
    causes = Causes(context, drift)
    count = Counter(causes.cause(each) for each in drift.added)
    found = tuple(f"{count[cause]} {cause}" for cause in CAUSES if count[cause])
    return (*found, drift.held.doubtful) if drift.held.doubtful is not None else found


def _of_container(read: Callable[[FactContext, Container], FactValue]) -> Column:
    def column(context: FactContext) -> list[FactValue]:
        found = (container_of(subject, context.world) for subject in context.subjects)
        return [NO_CONTAINER if each is None else read(context, each) for each in found]

    return column


def _fact(
    name: str,
    fact_type: FactType,
    meaning: str,
    column: Column,
    *,
    about: tuple[About, ...] = _ABOUT,
    unknown_when: str = "",
    values: tuple[str, ...] = (),
    record: RecordType | None = None,
) -> Fact:
    return Fact(
        name=f"scope.{name}",
        type=fact_type,
        about=about,
        meaning=meaning,
        column=column,
        unknown_when=unknown_when,
        values=values,
        record=record,
        voice=Voice.OURS,
    )


SCOPE_FACTS: tuple[Fact, ...] = (
    _fact(
        "state",
        FactType.TEXT,
        "What of it is agreed: none (it has not begun, or holds nothing), forming (it began, and its plan may still be "
        "put together), agreed (a baseline was taken).",
        _state,
        values=("none", "forming", "agreed"),
    ),
    _fact(
        "baseline_at",
        FactType.INSTANT,
        "When what it held was taken as agreed; nothing without a baseline.",
        _of_drift(lambda _, drift: drift.baseline.at),
    ),
    _fact(
        "confidence",
        FactType.TEXT,
        "How that is known: stated (a person took it), observed (we watched), reconstructed (histories tell), dated "
        "(of a part only when it was created).",
        _of_drift(lambda _, drift: drift.baseline.confidence.value),
        values=tuple(each.value for each in Confidence),
    ),
    _fact(
        "baseline_count",
        FactType.NUMBER,
        "How many items were agreed.",
        _of_drift(lambda _, drift: len(drift.baseline.counted)),
    ),
    _fact(
        "item_count",
        FactType.NUMBER,
        "How many items there are now, counted alike: those agreed, less what was removed, and what was added.",
        _counted(lambda drift: drift.removed_unknown or drift.item_count),
        unknown_when=_DARK,
    ),
    _fact(
        "growth",
        FactType.NUMBER,
        "How many items were added or estimated larger, beside those agreed: 0.25 is a quarter more; nothing where "
        "nothing was agreed.",
        _counted(lambda drift: drift.growth),
        unknown_when=_DARK,
    ),
    _fact(
        "estimate_growth",
        FactType.NUMBER,
        "The same in estimates, where all of it is one team's work.",
        _counted(lambda drift: drift.estimate_growth),
        unknown_when="an item has no estimate, or it is the work of several teams, whose units differ",
    ),
    _fact(
        "added",
        FactType.RECORDS,
        "What was added after the baseline, each with its `cause`: split (from an agreed item), discovered (written "
        "later, below an agreed item or by somebody who works on one), adopted (written before, put in later), added "
        "(written later by others).",
        _of_drift(_added, ()),
        unknown_when=_DOUBTFUL,
        record=AddedRecord,
    ),
    _fact(
        "causes",
        FactType.TEXTS,
        "How many were added for each cause: 2 split, 1 added.",
        _of_drift(_causes, ()),
        unknown_when=_DOUBTFUL,
    ),
    _fact(
        "moved_in",
        FactType.RECORDS,
        "Those of them that were agreed in another outcome, item or container of its kind, or came from one.",
        _of_drift(_moved_in, ()),
        unknown_when=_DOUBTFUL,
        record=AddedRecord,
    ),
    _fact(
        "removed",
        FactType.RECORDS,
        "What was agreed and is not there any more; it makes up for nothing that was added.",
        _of_drift(removed_records, ()),
        unknown_when="what was agreed can't be read",
        record=RemovedRecord,
    ),
    _fact(
        "re_estimated",
        FactType.RECORDS,
        "The agreed items that have another estimate now.",
        _of_drift(re_estimated_records, ()),
        record=ReEstimatedRecord,
    ),
    _fact(
        "rewritten",
        FactType.RECORDS,
        "The items whose text was rewritten after their work began, each with the `share` of it.",
        _of_drift(rewritten_records, ()),
        unknown_when="it is not known what an item said when its work began",
        record=RewrittenRecord,
    ),
    _fact(
        "carried_over",
        FactType.RECORDS,
        "Of a sprint, the items that earlier sprints did not finish.",
        _of_container(carried_over),
        about=(About.CONTAINER,),
        unknown_when="a sprint was not read",
        record=WorkRecord,
    ),
    _fact(
        "left_over",
        FactType.RECORDS,
        "Of a closed sprint, the items that were not done at its end.",
        _of_container(left_over),
        about=(About.CONTAINER,),
        unknown_when="a sprint was not read",
        record=WorkRecord,
    ),
    _fact(
        "rewritten_after_start",
        FactType.NUMBER,
        "How much of its description and acceptance criteria was rewritten after its work began, from 0 to 1; nothing "
        "where it did not begin.",
        of_position(share_rewritten),
        about=(About.ITEM,),
        unknown_when="it is not known what it said then",
    ),
)
