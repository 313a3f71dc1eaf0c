"""What sprints hand on: what came over from earlier ones, and what a closed one left undone."""

from collections.abc import Sequence

from rules.facts.containers import holdings_of
from rules.facts.fact import FactContext
from rules.facts.sprints import sprints_of
from rules.facts.together import Listed
from rules.facts.work import WorkRecord, records_of
from syncd.model.items import Container, ContainerKind, ContainerState
from syncd.model.truth import Unknown


def carried_over(context: FactContext, container: Container) -> Listed:
    """Return the items of a sprint that earlier sprints did not finish."""
    return _listed(context, container, earlier=True)


def left_over(context: FactContext, container: Container) -> Listed:
    """Return the items that a closed sprint still names, and that were not done at its end."""
    return _listed(context, container, earlier=False) if container.state is ContainerState.CLOSED else ()


def _listed(context: FactContext, container: Container, *, earlier: bool) -> Listed:
    if container.id.kind != ContainerKind.SPRINT.value:
        return ()
    work, sprints, records = holdings_of(context).work(container), sprints_of(context), records_of(context)
    found: list[WorkRecord] = []
    unknown = work.dark
    for position in work.counted:
        from_ones = sprints.carried_over(position)
        if isinstance(from_ones, Unknown):
            unknown = unknown or from_ones
        elif _is_among(container, from_ones, earlier=earlier):
            found.append(records.at(position))
    return (*found, unknown) if unknown is not None else tuple(found)


def _is_among(container: Container, from_ones: Sequence[Container], *, earlier: bool) -> bool:
    """Return whether a sprint, or one before it, is among those that did not finish an item, oldest first."""
    ids = [each.id for each in from_ones]
    if not earlier:
        return container.id in ids
    return ids.index(container.id) > 0 if container.id in ids else bool(ids)
