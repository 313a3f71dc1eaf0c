"""How long World and trace facts take, from the store on: beside a bare sqlite3, msgspec and rustworkx load of the
same rows and edges.

``python -m benchmarks.trace [ITEMS] [RUNS]``. Each side runs in processes of its own, in turns.
"""

import gc
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import rustworkx

from benchmarks import trace_data
from rules.facts.table import FactTable
from rules.facts.trace.facts import TRACE_FACTS
from rules.language.calendar import Calendar
from rules.world import World, WorldInput, build_world
from syncd.model.identity import ItemId
from syncd.model.items import Item, PlaceState
from syncd.model.reading import Page
from syncd.model.truth import Unknown
from syncd.store import open_store

GOAL = 4.0
_WORKSPACE = "default"
_PAGE = 2000
_INSIDE = 3
"""So many times each process works; the first is not counted."""


class Took(msgspec.Struct):
    """What one process measured: seconds of each time, megabytes at the peak, what it made."""

    seconds: list[float]
    peak: float
    made: str


def main(count: int = 100_000, runs: int = 3) -> None:
    """Measure both and print what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        _write(path, count)
        took: dict[str, list[Took]] = {"ours": [], "floor": []}
        for _ in range(runs):
            for side, results in took.items():
                command = [sys.executable, "-m", "benchmarks.trace", side, str(path)]
                out = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
                results.append(msgspec.json.decode(out, type=Took))
    seconds = {side: statistics.median(each for one in found for each in one.seconds) for side, found in took.items()}
    ratio = seconds["ours"] / seconds["floor"]
    for side, found in took.items():
        peak = statistics.median(each.peak for each in found)
        print(f"{side:6} {seconds[side] * 1000:7.0f} ms   peak {peak:5.0f} MB   {found[0].made}")
    print(f"ratio  {ratio:7.2f}      goal <= {GOAL:g}: {'met' if ratio <= GOAL else 'missed'}")


def _write(path: Path, count: int) -> None:
    """Write the items to a store, and the edges that the World finds in them beside it for the floor."""
    store = open_store(f"sqlite:///{path}")
    workspace = store.workspace(_WORKSPACE)
    items = list(trace_data.items(count))
    for tracker in ("jira", "github"):
        own = [item for item in items if item.id.tracker == tracker]
        held = tuple(each for each in trace_data.containers() if each.id.tracker == tracker)
        workspace.save_page(tracker, Page(observed_at=trace_data.NOW, containers=held))
        for begin in range(0, len(own), _PAGE):
            workspace.save_page(tracker, Page(observed_at=trace_data.NOW, items=tuple(own[begin : begin + _PAGE])))
    world = _world(path)
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("create table edges (source_tracker, source, target_tracker, target)")
        ends = ((link.source, link.target) for link in world.links())
        rows = ((source.tracker, source.native_id, target.tracker, target.native_id) for source, target in ends)
        connection.executemany("insert into edges values (?, ?, ?, ?)", rows)


def _world(path: Path) -> World:
    store = open_store(f"sqlite:///{path}")
    workspace = store.workspace(_WORKSPACE)
    places = trace_data.places()
    now = trace_data.NOW
    world = build_world(
        WorldInput(
            items=workspace.items(),
            gone=workspace.gone(),
            containers=workspace.containers(),
            places=places,
            states={place: PlaceState(id=place, imported_at=now, read_at=now, census_at=now) for place in places},
            aliases=workspace.aliases(),
            roadmap=trace_data.roadmap(),
        )
    )
    store.close()
    return world


def ours(path: Path) -> str:
    """Load, build the World, and compute every trace fact of every item."""
    world = _world(path)
    subjects = [subject for subject in world.subjects if subject.about == "item"]
    facts = {fact.name: fact for fact in TRACE_FACTS}
    table = FactTable(facts, world=world, subjects=subjects, now=trace_data.NOW, calendar=Calendar())
    for name in facts:
        table.column(name)
    states = Counter("unknown" if isinstance(state, Unknown) else str(state) for state in table.column("trace.state"))
    told = ", ".join(f"{count:,} {state}" for state, count in states.most_common())
    return f"{len(facts)} facts of {len(subjects):,} items: {told}"


def floor(path: Path) -> str:
    """Load the same rows into Items and the same edges into a graph, and nothing else."""
    decode = msgspec.json.Decoder(Item).decode
    with sqlite3.connect(path) as connection:
        loaded = [decode(body) for (body,) in connection.execute("select body from items where gone_at is null")]
        items: Mapping[ItemId, Item] = {item.id: item for item in loaded}
        graph: rustworkx.PyDiGraph[Item, None] = rustworkx.PyDiGraph()
        numbers = dict(zip(items, graph.add_nodes_from(list(items.values())), strict=True))
        rows = connection.execute("select source_tracker, source, target_tracker, target from edges")
        edges = [(numbers[ItemId(row[0], row[1])], numbers[ItemId(row[2], row[3])]) for row in rows]
        graph.add_edges_from_no_data(edges)
    return f"{graph.num_nodes():,} items, {graph.num_edges():,} edges"


def _measure(work: Callable[[Path], str], path: Path) -> Took:
    made = work(path)
    seconds = []
    for _ in range(_INSIDE):
        gc.collect()
        began = time.perf_counter()
        work(path)
        seconds.append(time.perf_counter() - began)
    return Took(seconds, _peak(), made)


def _peak() -> float:
    """Return the megabytes that this process held at most; ``ru_maxrss`` would count those of its parent too."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return float(line.split()[1]) / 1024
    return float("nan")


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["floor"]):
        took = _measure(ours if sys.argv[1] == "ours" else floor, Path(sys.argv[2]))
        sys.stdout.buffer.write(msgspec.json.encode(took))
    else:
        main(*(int(argument) for argument in sys.argv[1:3]))
