"""Records of what came, went or changed after the baseline of a subject."""

from datetime import datetime
from typing import Any, Literal

from rules.facts.fact import FactContext
from rules.facts.history import container_named
from rules.facts.work import WorkRecord, record_of_dark, records_of
from rules.scope.causes import Cause, Causes, name_of
from rules.scope.drift import Drift
from rules.scope.rewriting import share_rewritten
from rules.scope.then import then_of
from rules.world import World
from syncd.model.baselines import Member
from syncd.model.findings import About
from syncd.model.items import Event
from syncd.model.truth import Unknown

_UNTOLD = Unknown("no history tells when it was taken out")


class AddedRecord(WorkRecord, frozen=True, kw_only=True):
    """An item that was added after the baseline, and why; ``evidence`` says what shows that."""

    cause: Cause
    evidence: str
    added_at: datetime | Unknown
    added_by: str
    """Who put it in, by name; empty where nobody tells."""
    moved_from: str
    """The key, outcome's id or title of what it was agreed in before, or was in until then; else empty."""


class RemovedRecord(WorkRecord, frozen=True, kw_only=True):
    """An item that was agreed and is not there any more: it is gone, or was taken out."""

    why: Literal["gone", "taken_out"]
    removed_at: datetime | Unknown
    removed_by: str


class ReEstimatedRecord(WorkRecord, frozen=True, kw_only=True):
    """An agreed item whose estimate is another one now, in its team's unit."""

    before: float | None
    after: float | None
    is_larger: bool


class RewrittenRecord(WorkRecord, frozen=True, kw_only=True):
    """An item whose text was rewritten after its work began; ``share`` of it, from 0 to 1."""

    share: float


def added_records(context: FactContext, drift: Drift) -> tuple[AddedRecord, ...]:
    """Return the records of what was added."""
    return tuple(
        AddedRecord(
            **_work(context, each.position),
            cause=each.cause,
            evidence=each.evidence,
            added_at=each.at,
            added_by=each.by,
            moved_from=each.moved_from,
        )
        for each in Causes(context, drift).additions()
    )


def removed_records(context: FactContext, drift: Drift) -> tuple[RemovedRecord | Unknown, ...]:
    """Return the records of what was removed; why more may have been stands at the end as unknown."""
    found = tuple(_removed(context, drift, each) for each in drift.removed)
    return (*found, drift.removed_unknown) if drift.removed_unknown is not None else found


def _removed(context: FactContext, drift: Drift, member: Member) -> RemovedRecord:
    world = context.world
    position = world.positions.get(member.item)
    if position is None:
        gone = world.gone[member.item]
        work = {**_fields(record_of_dark(gone, None)), "title": gone.title, "restricted": gone.restricted}
        return RemovedRecord(**work, why="gone", removed_at=_UNTOLD, removed_by="")
    event = _taken_out(world, drift, position)
    at = event.at if event is not None else _UNTOLD
    by = name_of(world, member.item.tracker, event.actor) if event is not None else ""
    return RemovedRecord(**_work(context, position), why="taken_out", removed_at=at, removed_by=by)


def _taken_out(world: World, drift: Drift, position: int) -> Event | None:
    """Return the change that took an item out of a container, or from below its parent; None where none is known."""
    history, about = then_of(world).history(position), drift.subject.about
    for event in reversed(history.events) if history is not None else ():
        if event.at <= drift.baseline.at:
            break
        if about == About.ITEM.value and event.field == "parent":
            return event
        if about == About.CONTAINER.value and event.field in ("sprints", "milestones") and event.before:
            named = container_named(event.before)
            if f"{named.kind}:{named.native_id}" == drift.subject.id.native_id:
                return event
    return None


def re_estimated_records(context: FactContext, drift: Drift) -> tuple[ReEstimatedRecord, ...]:
    """Return the records of the agreed items that have another estimate now."""
    larger = set(drift.upward)
    return tuple(
        ReEstimatedRecord(**_work(context, each), before=before, after=after, is_larger=each in larger)
        for each, before, after in drift.re_estimated
    )


def rewritten_records(context: FactContext, drift: Drift) -> tuple[RewrittenRecord | Unknown, ...]:
    """Return the records of what was rewritten of all that it holds; what is not known stands at the end as such."""
    found: list[RewrittenRecord | Unknown] = []
    unknown: Unknown | None = None
    for each in (*drift.kept, *drift.added):
        share = share_rewritten(context, each)
        if isinstance(share, Unknown):
            unknown = unknown or share
        elif share:
            found.append(RewrittenRecord(**_work(context, each), share=share))
    return (*found, unknown) if unknown is not None else tuple(found)


def _work(context: FactContext, position: int) -> dict[str, Any]:
    return _fields(records_of(context).at(position))


def _fields(record: WorkRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in WorkRecord.__struct_fields__}
