"""The sides of the benchmark of size, each for a process of its own; what one measured is printed as JSON.

``python -m benchmarks.scale_sides floor|ours STORE``.
"""

import gc
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
import rustworkx
from msgspec.structs import replace

from benchmarks.scale_changes import LATER, changed, linked_anew
from benchmarks.scale_company import NOW
from benchmarks.scale_rules import read_by, shipped_ids
from benchmarks.scale_store import WORKSPACE, charter
from rules.daily import take_snapshot
from rules.engine import Judgments, RuleSet
from rules.incremental.judging import Judging
from rules.world import World, WorldInput, build_world
from syncd.daemon.edits import edit_of
from syncd.daemon.reconcile import Charter, world_of
from syncd.model.identity import ItemId
from syncd.model.items import Item
from syncd.store import WorkspaceStore, open_store

Made = TypeVar("Made")
COMPARED = 200_000
"""Of more items the answers of a pass are not compared with those of a sweep: that takes a second World."""


class Floor(msgspec.Struct, frozen=True, kw_only=True):
    """A bare load: seconds, and megabytes at the peak."""

    seconds: float
    peak: float


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds of some rules: ``sweep`` of all subjects, ``changed``: a pass after a hundred changes; ``begun``: the
    first such of a World, which makes what the later ones keep.

    ``linked``: one after a hundred others, after which the graph is another one, too. They judged ``judged`` and
    ``linked_judged`` subjects; ``is_in_place``: the first pass did without building a World anew.
    """

    rule_count: int
    fact_count: int
    sweep: float
    holding: int
    unknown: int
    begun: float
    changed: float
    judged: int
    is_in_place: bool
    linked: float
    linked_judged: int


class Ours(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds and megabytes. ``build``: from the store to the World. ``daily``: the day's snapshot.

    ``every``: rules that read every fact, ``shipped``: those of them that ship. ``resident`` is held after
    a pass of the first; ``reload``: what an edit of the roadmap changes is worked out beside it.
    """

    build: float
    daily: float
    edge_count: int
    every: Part
    shipped: Part
    resident: float
    peak: float
    reload: float
    reload_peak: float


Side = TypeVar("Side", Floor, Ours)


def floor(path: Path) -> Floor:
    """Load the rows into Items by position, and the links between them into a graph, and nothing else."""
    seconds = sorted(timed(lambda: bare_load(path))[0] for _ in range(3))[1]
    return Floor(seconds=seconds, peak=peak())


def bare_load(path: Path) -> tuple[list[Item], "rustworkx.PyDiGraph[int, None]"]:
    """Return the items of a store and the graph of their parents and links."""
    decode = msgspec.json.Decoder(Item).decode
    with sqlite3.connect(path) as connection:
        rows = [decode(body) for (body,) in connection.execute("select body from items where gone_at is null")]
    positions = {item.id: position for position, item in enumerate(rows)}
    graph: rustworkx.PyDiGraph[int, None] = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(len(rows)))
    edges = []
    for position, item in enumerate(rows):
        ends = [link.target for link in item.links]
        for end in (*ends, item.parent) if item.parent is not None else ends:
            other = positions.get(ItemId(end.tracker, end.native_id))
            if other is not None:
                edges.append((position, other))
    graph.add_edges_from_no_data(edges)
    return rows, graph


def ours(path: Path) -> Ours:
    """Load, build the World, take the day's snapshot, judge everything, then what a hundred changes reach; reload."""
    store = open_store(f"sqlite:///{path}")
    workspace, given = store.workspace(WORKSPACE), charter()
    build, world = timed(lambda: world_of(given, workspace))
    edges = sum(map(len, world.graph.edges.values()))
    daily, snapshot = timed(partial(take_snapshot, world, NOW, given.calendar))
    # From here on each judges a World of which nothing was asked yet.
    told = replace(world.given, snapshot=snapshot)
    del world
    shipped, _ = _part(given.rules.with_rules(shipped_ids(given.rules)), told)
    every, judging = _part(given.rules, told)
    held, most = resident(), peak()
    reload, _ = timed(lambda: _reload(given, workspace))
    assert judging.world is not None  # it is kept all the while
    store.close()
    return Ours(
        build=build,
        daily=daily,
        edge_count=edges,
        every=every,
        shipped=shipped,
        resident=held,
        peak=most,
        reload=reload,
        reload_peak=peak(),
    )


def _part(rules: RuleSet, told: WorldInput) -> tuple[Part, Judging]:
    """Judge all, then after a hundred changes of single items, then after such that move items and link them."""
    world = build_world(told)
    sweep, swept = timed(lambda: rules.evaluate(world, NOW))
    holding, unknown = len(swept.holding), len(swept.unknown)
    del world, swept
    world, judging = build_world(told), Judging(rules)
    judging.judge(world, NOW)
    begun, _ = timed(lambda: _judged_anyhow(judging, world, changed(world.rows, seed=2)))
    world = judging.world or world
    some = changed(world.rows)
    seconds, found = timed(lambda: judging.judge_changed(some, [item.id for item in some], LATER))
    is_in_place = found is not None
    if found is None:
        seconds, found = timed(lambda: judging.judge(_with(world, some), LATER))
    judged, world = judging.judged_count, judging.world or world
    others = linked_anew(changed(world.rows, seed=4), world.rows)
    linked, again = timed(lambda: _judged_anyhow(judging, world, others))
    linked_judged = judging.judged_count
    if len(world.rows) <= COMPARED:
        assert _answers(again) == _answers(rules.evaluate(_with(world, others), LATER)), "the findings differ"
    part = Part(
        rule_count=len(rules.rules),
        fact_count=len(read_by(rules)),
        sweep=sweep,
        holding=holding,
        unknown=unknown,
        begun=begun,
        changed=seconds,
        judged=judged,
        is_in_place=is_in_place,
        linked=linked,
        linked_judged=linked_judged,
    )
    return part, judging


def _judged_anyhow(judging: Judging, world: World, some: Sequence[Item]) -> Judgments:
    found = judging.judge_changed(some, [item.id for item in some], LATER)
    return found if found is not None else judging.judge(_with(world, some), LATER)


def _with(world: World, some: Sequence[Item]) -> World:
    items = {**world.items, **{item.id: item for item in some}}
    return build_world(replace(world.given, items=items))


def _answers(found: Judgments) -> tuple[object, ...]:
    holding = sorted(found.holding, key=lambda each: (each.rule.id, each.subject))
    return holding, set(found.unknown), found.also_when


def _reload(given: Charter, workspace: WorkspaceStore) -> None:
    """Work out what an edit of the roadmap changes, while the last World is still there."""
    outcomes = given.roadmap.outcomes
    edited = replace(given.roadmap, outcomes=(replace(outcomes[0], target_date=NOW.date()), *outcomes[1:]))
    edit_of(given, replace(given, roadmap=edited, map_version="edited"), workspace, NOW)


def timed(work: Callable[[], Made]) -> tuple[float, Made]:
    """Return the seconds that a work takes, and what it makes."""
    gc.collect()
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made


def peak() -> float:
    """Return the megabytes that this process held at most; ``ru_maxrss`` would count those of its parent too."""
    return _status("VmHWM")


def resident() -> float:
    """Return the megabytes that this process holds now."""
    return _status("VmRSS")


def _status(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return float(line.split()[1]) / 1024
    return float("nan")


if __name__ == "__main__":
    measured = {"floor": floor, "ours": ours}[sys.argv[1]](Path(sys.argv[2]))
    sys.stdout.buffer.write(msgspec.json.encode(measured))
