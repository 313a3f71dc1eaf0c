"""The middle step of a pass: build the World from the store, judge it, and remember what came of it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from rules.daily import take_snapshot
from rules.engine import Judgments, RuleSet
from rules.language.calendar import Calendar
from rules.roadmap.loader import Roadmap, with_readings
from rules.scope.rewriting import texts_to_keep
from rules.scope.taking import due_baselines
from rules.world import World, WorldInput, build_world
from syncd.daemon.lazy import Lazy
from syncd.model.baselines import Baseline, KeptText
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item, Place, Stage
from syncd.planner.limits import Limits
from syncd.planner.reconcile import Memory, Policy, Reconciled, reconcile
from syncd.store import WorkspaceStore

LIMIT_WINDOW = timedelta(hours=24)
REFUSALS_WINDOW = timedelta(hours=24)


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A reconciled workspace together with the World it was judged in, and what else the planner was given.

    ``taken`` are the baselines that became due with it, ``texts`` what items say whose work began.
    """

    world: World
    reconciled: Reconciled
    judgments: Judgments
    memory: Memory
    taken: tuple[Baseline, ...] = ()
    texts: tuple[KeptText, ...] = ()


class Charter(msgspec.Struct, frozen=True, kw_only=True):
    """What a workspace's configuration says about judging and writing; ``owner`` is ``installation/workspace``."""

    places: dict[PlaceId, Place]
    roadmap: Roadmap
    rules: RuleSet
    owner: str
    prefix: str
    stage: Stage
    limits: Limits
    calendar: Calendar = Calendar()
    team_stages: Mapping[str, Stage] = {}
    map_version: str = ""
    """Another one where the roadmap's or the trackers' files are others."""


def policy_of(charter: Charter, stage: Stage | None = None) -> Policy:
    """Return what the workspace allows; ``stage`` tries another."""
    return Policy(
        owner=charter.owner,
        prefix=charter.prefix,
        stage=charter.stage if stage is None else stage,
        limits=charter.limits,
        calendar=charter.calendar,
        team_stages=charter.team_stages,
    )


class Items(Protocol):
    """What was read before: the items that are there, and those that are gone."""

    @property
    def items(self) -> Mapping[ItemId, Item]:
        """Return the items that are there."""

    @property
    def gone(self) -> Mapping[ItemId, Item]:
        """Return those that are gone, as they were read last."""


def world_of(charter: Charter, store: WorkspaceStore, like: Items | None = None) -> World:
    """Build the World from everything the store holds; its items are those of ``like``, where one was built before."""
    return build_world(
        WorldInput(
            items=store.items() if like is None else like.items,
            gone=store.gone() if like is None else like.gone,
            containers=store.containers(),
            places=charter.places,
            states=store.place_states(),
            aliases=store.aliases(),
            roadmap=with_readings(charter.roadmap, store.readings()),
            histories=store.histories(),
            revisions=store.revisions(),
            link_sightings=Lazy(store.link_sightings),
            baselines=store.baselines(),
            texts=store.texts(),
        )
    )


def bring_up_to_date(world: World, store: WorkspaceStore, now: datetime, calendar: Calendar) -> tuple[Baseline, ...]:
    """Give a World the baselines that are due, which are returned, and the day's snapshot."""
    taken = due_baselines(world, now, calendar)
    world.agree(taken)
    newest = store.snapshot()
    if newest is None or newest.day != calendar.day(now):
        newest = take_snapshot(world, now, calendar)
    world.keep(newest)
    return taken


def judge(charter: Charter, store: WorkspaceStore, now: datetime, stage: Stage | None = None) -> Judged:
    """Judge the workspace and plan what brings its trackers up to date; writes nothing; ``stage`` tries another."""
    world = world_of(charter, store)
    taken = bring_up_to_date(world, store, now, charter.calendar)
    judgments = charter.rules.evaluate(world, now, calendar=charter.calendar)
    return judged_of(charter, store, world, judgments, now, stage, taken=taken)


def judged_of(
    charter: Charter,
    store: WorkspaceStore,
    world: World,
    judgments: Judgments,
    now: datetime,
    stage: Stage | None = None,
    *,
    taken: tuple[Baseline, ...] = (),
    changed: Collection[ItemId] | None = None,
) -> Judged:
    """Plan what follows from the judgments of a World; ``changed``: nothing else changed since the last ones."""
    in_flight = frozenset(
        intent.change.target
        for name in {place.tracker for place in charter.places}
        for intent in store.open_intents(name)
    )
    memory = Memory(
        findings=store.findings(),
        ownership=store.ownership(),
        observations=store.observations(),
        in_flight=in_flight,
        recent_writes=store.recent_writes(now - LIMIT_WINDOW),
        refusals=store.refusals(now - REFUSALS_WINDOW),
    )
    return Judged(
        world=world,
        reconciled=reconcile(judgments, world, memory, policy_of(charter, stage), now),
        judgments=judgments,
        memory=memory,
        taken=taken,
        texts=texts_to_keep(world, now, charter.calendar, taken, changed),
    )


def at_stage(judged: Judged, charter: Charter, stage: Stage, now: datetime) -> Reconciled:
    """Return what would come of the same judgments at another stage."""
    return reconcile(judged.judgments, judged.world, judged.memory, policy_of(charter, stage), now)


def remember(judged: Judged, store: WorkspaceStore, now: datetime) -> None:
    """Store what the next pass must know: findings, what people took away, outcome revisions, what waits for review,
    what was agreed, what items say whose work began, the day's snapshot."""
    store.save_findings(judged.reconciled.findings, now)
    store.save_ownership(judged.reconciled.ownership)
    store.save_outcomes(judged.world.roadmap.outcomes, now)
    store.save_waiting([(waiting.change, waiting.reason) for waiting in judged.reconciled.waiting], now)
    store.add_baselines(judged.taken)
    store.keep_texts(judged.texts)
    if judged.world.given.snapshot is not None:
        store.save_snapshot(judged.world.given.snapshot)
