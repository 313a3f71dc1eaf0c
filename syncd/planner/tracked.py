"""Where a finding about an outcome, or about what serves one, can be told: on the item that tracks the outcome."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from rules.subjects import container_of, outcome_of, outcomes_by_id
from rules.tracing import tracing_of
from syncd.model.findings import About, Subject
from syncd.model.identity import ItemId
from syncd.model.items import StatusCategory
from syncd.model.outcomes import Outcome

if TYPE_CHECKING:
    from rules.world import World


class Tracked:
    """Looks up what tracks outcomes; ``may_tell`` says of an item whether anything may be told there."""

    def __init__(self, world: "World", may_tell: Callable[[ItemId], bool]) -> None:
        self._world = world
        self._may_tell = may_tell

    def target(self, subject: Subject) -> ItemId | None:
        """Return the first open item, in the roadmap's order, that tracks the subject's outcomes and may be told on.

        Whether an outcome is active plays no part: of a dropped one, too, somebody has to decide what becomes of its
        work. None where there is no such item.
        """
        found = (each for outcome in self._outcomes(subject) for each in self._items(outcome))
        return next(found, None)

    def _outcomes(self, subject: Subject) -> Iterable[Outcome]:
        if subject.about == About.ITEM.value:
            known = outcomes_by_id(self._world)
            reached = tracing_of(self._world).reached(subject.id) if subject.id in self._world.items else ()
            return [known[each] for each in reached if each in known]
        if subject.about == About.CONTAINER.value:
            return self._of_container(subject)
        outcome = outcome_of(subject, self._world)
        return () if outcome is None else (outcome,)

    def _of_container(self, subject: Subject) -> Iterable[Outcome]:
        container = container_of(subject, self._world)
        if container is None or container.place is None:
            return ()
        where = container.place
        return self._by_milestone.get((where.tracker, where.key.casefold(), container.title.casefold()), ())

    @cached_property
    def _by_milestone(self) -> dict[tuple[str, str, str], list[Outcome]]:
        found: dict[tuple[str, str, str], list[Outcome]] = {}
        for outcome in self._world.roadmap.outcomes:
            for name in outcome.tracked_in.milestones:
                key = (name.tracker, name.place.casefold(), name.title.casefold())
                found.setdefault(key, []).append(outcome)
        return found

    def _items(self, outcome: Outcome) -> Iterable[ItemId]:
        for ref in outcome.tracked_in.items:
            item_id = self._world.resolve(ref, None)
            item = self._world.item(item_id) if item_id is not None else None
            is_open = item is not None and item.status_category is not StatusCategory.DONE
            if item_id is not None and is_open and self._may_tell(item_id):
                yield item_id
