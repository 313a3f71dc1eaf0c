"""How much of what items say was rewritten after their work began, and which texts to keep so that this can be told."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from rules.facts.fact import FactContext
from rules.facts.table import context_at
from rules.language.calendar import Calendar
from rules.scope.beginnings import beginnings_of
from rules.scope.texts import rewritten_share, words_of
from rules.scope.then import then_of
from rules.subjects import container_of
from rules.world import World
from syncd.model.baselines import Baseline, KeptText
from syncd.model.identity import ItemId
from syncd.model.items import ContainerKind
from syncd.model.truth import Unknown

_UNKEPT = Unknown("it is not known what it said when its work began")
_TIMELY = timedelta(days=1)


def share_rewritten(context: FactContext, position: int) -> float | Unknown | None:
    """Return how much of an item's text was rewritten after its work began; None where it did not begin."""
    world, item = context.world, context.world.rows[position]
    kept = world.given.texts.get(item.id)
    if kept is not None and kept.at <= context.now:
        return _UNKEPT if kept.is_lost else rewritten_share(kept.words, words_of(item))
    beginnings = beginnings_of(context)
    if not beginnings.is_begun(position):
        return None
    began = beginnings.of_item(position)
    is_kept = not began.is_guess and then_of(world).has_kept_text(position, began.at)
    return 0.0 if is_kept else _UNKEPT


def texts_to_keep(
    world: World,
    now: datetime,
    calendar: Calendar,
    taken: Iterable[Baseline] = (),
    only: Collection[ItemId] | None = None,
) -> tuple[KeptText, ...]:
    """Return the texts that are to be kept now: of what began, and of what is in the sprints whose baselines were
    taken now. One that was changed since is lost, and noted so. ``only``: of the others nothing changed."""
    context = context_at(world, now, calendar)
    looked_at: Iterable[int] = range(len(world.rows))
    if only is not None:
        looked_at = (world.positions[each] for each in only if each in world.positions)
    found_begun = ((each, beginnings_of(context).of_item(each)) for each in _begun(context, looked_at))
    began = {each: beginning.at for each, beginning in found_begun if not beginning.is_guess}
    for position, at in _in_sprints(world, taken):
        began[position] = min(at, began.get(position, at))
    found = (_kept(context, position, at) for position, at in began.items())
    return tuple(each for each in found if each is not None)


def _begun(context: FactContext, positions: Iterable[int]) -> Iterator[int]:
    """Yield those of some items that are open, worked on, and have no text yet."""
    world, beginnings = context.world, beginnings_of(context)
    for position in positions:
        if world.is_open(position) and beginnings.is_begun(position) and _lacks_text(world, position):
            yield position


def _in_sprints(world: World, taken: Iterable[Baseline]) -> Iterator[tuple[int, datetime]]:
    for baseline in taken:
        container = container_of(baseline.of, world)
        if container is not None and container.id.kind == ContainerKind.SPRINT.value:
            positions = (world.positions.get(each.item) for each in baseline.members)
            yield from ((each, baseline.at) for each in positions if each is not None and _lacks_text(world, each))


def _lacks_text(world: World, position: int) -> bool:
    return world.darks[position] is None and world.rows[position].id not in world.given.texts


def _kept(context: FactContext, position: int, at: datetime) -> KeptText | None:
    """Return the text of an item as it was; None where that may still be told by a history that is not read yet."""
    item = context.world.rows[position]
    has_kept = then_of(context.world).has_kept_text(position, at)
    if has_kept is False:
        return KeptText(item=item.id, at=at, is_lost=True)
    if has_kept is None and context.now - at > _TIMELY:
        return None
    return KeptText(item=item.id, at=at, words=words_of(item))
