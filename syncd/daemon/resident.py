"""What a service keeps of a workspace from pass to pass, so that only what changed since is read and judged."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from rules.incremental.judging import Judging
from rules.incremental.reach import readings
from rules.roadmap.loader import Roadmap, with_readings
from rules.scope.taking import due_baselines
from rules.world import World, build_world
from syncd.daemon.reconcile import Charter, Judged, bring_up_to_date, judged_of, world_of
from syncd.model.baselines import Baseline
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item, PlaceState, Stage
from syncd.model.outcomes import OutcomeRevision
from syncd.store import WorkspaceStore
from syncd.store.changes import BASELINES
from syncd.store.histories import Histories
from syncd.store.texts import KeptTexts


class _Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What any item may depend on; it is little, and read again for each pass."""

    day: date
    roadmap: Roadmap
    readings: Mapping[PlaceId, tuple[object, ...]]
    aliases: Mapping[tuple[str, str], ItemId]
    revisions: Mapping[str, tuple[OutcomeRevision, ...]]


class _Known(msgspec.Struct, frozen=True):
    items: Mapping[ItemId, Item]
    gone: Mapping[ItemId, Item]


class Resident:
    """Keeps the World of a workspace and what was found in it; any doubt, and everything is read and judged anew.

    That is so for another charter, roadmap or revision of an outcome, on another day, where places or keys are others
    than before, and where somebody else took a baseline. ``judged_count``: how many subjects the last pass judged.
    """

    def __init__(self) -> None:
        self._charter: Charter | None = None
        self._frame: _Frame | None = None
        self._judging: Judging | None = None
        self._number = 0

    @property
    def judged_count(self) -> int:
        """Return how many subjects the last pass judged."""
        return self._judging.judged_count if self._judging is not None else 0

    def forget(self) -> None:
        """Read and judge everything anew the next time."""
        self._charter = self._frame = self._judging = None
        self._number = 0

    def judge(self, charter: Charter, store: WorkspaceStore, now: datetime, stage: Stage | None = None) -> Judged:
        """Judge the workspace as ``reconcile.judge`` does, which finds the same but for baselines.

        Those that become due are taken with the first pass of a day, and where a milestone, version or sprint changed.
        """
        try:
            return self._judge(charter, store, now, stage)
        except BaseException:
            self.forget()
            raise

    def _judge(self, charter: Charter, store: WorkspaceStore, now: datetime, stage: Stage | None) -> Judged:
        news = store.changed_since(self._number)
        states = store.place_states()
        frame = _frame(charter, store, states, now)
        world = self._judging.world if self._judging is not None and charter is self._charter else None
        ids = news.ids if world is not None else None
        is_alike = frame == self._frame and (ids is None or BASELINES not in ids or _has_no_news(world, store))
        changed = ids - {BASELINES} if ids is not None else None
        self._number, self._frame, self._charter = news.number, frame, charter
        if world is None or changed is None or not is_alike:
            known = _brought_up(world, changed, store) if world is not None and changed is not None else None
            world = self._judging = None  # there is no room for two of them
            return self._anew(charter, store, known, now, stage)
        return self._go_on(charter, store, world, changed, states, now, stage)

    def _anew(
        self, charter: Charter, store: WorkspaceStore, known: _Known | None, now: datetime, stage: Stage | None
    ) -> Judged:
        """Judge everything; ``known`` items need not be read again."""
        world = world_of(charter, store, known)
        world.given = replace(world.given, items=world.items)
        taken = bring_up_to_date(world, store, now, charter.calendar)
        self._judging = Judging(charter.rules, charter.calendar)
        judgments = self._judging.judge(world, now)
        return judged_of(charter, store, world, judgments, now, stage, taken=taken)

    def _go_on(
        self,
        charter: Charter,
        store: WorkspaceStore,
        world: World,
        changed: frozenset[ItemId],
        states: Mapping[PlaceId, PlaceState],
        now: datetime,
        stage: Stage | None,
    ) -> Judged:
        """Judge what changed, and what that reaches."""
        assert self._judging is not None
        containers, found = store.containers(), store.items_of(changed)
        _look_again(world, changed)
        judgments = None
        if containers == world.containers and len(found) == len(changed):
            judgments = self._judging.judge_changed(found.values(), changed, now)
        if judgments is not None:
            return judged_of(charter, store, world, judgments, now, stage, changed=changed)
        known = _brought_up(world, changed, store)
        given = replace(world.given, items=known.items, gone=known.gone, containers=containers, states=states)
        after = build_world(given)
        taken: tuple[Baseline, ...] = ()
        after.given = replace(after.given, items=after.items)
        if containers != world.containers:
            taken = due_baselines(after, now, charter.calendar)
            after.agree(taken)
        judgments = self._judging.judge(after, now, changed)
        return judged_of(charter, store, after, judgments, now, stage, taken=taken, changed=changed)


def _frame(charter: Charter, store: WorkspaceStore, states: Mapping[PlaceId, PlaceState], now: datetime) -> _Frame:
    return _Frame(
        day=charter.calendar.day(now),
        roadmap=with_readings(charter.roadmap, store.readings()),
        readings=readings(states),
        aliases=store.aliases(),
        revisions=store.revisions(),
    )


def _has_no_news(world: World | None, store: WorkspaceStore) -> bool:
    """Return whether the baselines are those that we took ourselves."""
    return world is not None and store.baselines() == world.given.baselines


def _brought_up(world: World, changed: frozenset[ItemId], store: WorkspaceStore) -> _Known:
    """Return the items as they are now, of which some changed."""
    found = store.items_of(changed)
    items = {item_id: item for item_id, item in world.items.items() if item_id not in changed} | found
    is_gone = len(found) < len(changed) or not world.gone.keys().isdisjoint(changed)
    return _Known(items, store.gone() if is_gone else world.gone)


def _look_again(world: World, changed: frozenset[ItemId]) -> None:
    """Let what is read when it is asked for be read anew of what changed."""
    if isinstance(world.histories, Histories):
        world.histories.forget(changed)
    if isinstance(world.given.texts, KeptTexts):
        world.given.texts.look_again(changed)
