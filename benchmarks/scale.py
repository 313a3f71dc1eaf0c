"""What size costs: a full sweep beside a bare load, a pass after a hundred changes, a forecast, and memory.

``python -m benchmarks.scale [--items 1000000]``. Each side runs in a process of its own. A full sweep builds the World
from the store and judges thirty rules that read every declared fact, given the day's snapshot; then the shipped ones of
them alone.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks import forecast_speed
from benchmarks.scale_sides import Floor, Ours, Part, Side
from benchmarks.scale_store import write

SWEEP_GOAL, PASS_GOAL, MEMORY_GOAL, DRAWS_GOAL = 10.0, 100.0, 6000.0, 3.0


def main(count: int = 100_000) -> None:
    """Measure all and print what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "syncd.db"
        written = write(path, count)
        floor, ours = _run("floor", path, Floor), _run("ours", path, Ours)
    print(f"{written:,} items, {ours.edge_count:,} edges")
    print(f"{'bare load':24} {floor.seconds:8.2f} s   peak {floor.peak:6,.0f} MB")
    print(f"{'World from the store':24} {ours.build:8.2f} s")
    print(f"{'the daily snapshot':24} {ours.daily:8.2f} s   once a day")
    _tell(ours.every, ours.build, floor.seconds)
    _tell(ours.shipped, ours.build, floor.seconds)
    print(f"{'a reload':24} {ours.reload:8.2f} s   an edit of the roadmap, all rules judged twice")
    told = f"{ours.resident:,.0f} MB held, peak {ours.peak:,.0f}, with a reload {ours.reload_peak:,.0f}"
    print(f"{'memory':24} {told}   goal < {MEMORY_GOAL:,.0f}: {_word(ours.reload_peak < MEMORY_GOAL)}")
    print(f"{forecast_speed.line()}   goal <= {DRAWS_GOAL:g}")


def _tell(part: Part, build: float, bare: float) -> None:
    """Print what some rules cost."""
    sweep = build + part.sweep
    how = "in place" if part.is_in_place else "with a new World"
    how = f"{how}; {part.begun:.2f} s the first time"
    print(f"{part.rule_count} rules that read {part.fact_count} facts: {part.holding:,} hold, {part.unknown:,} unknown")
    print(f"  {'judging all':22} {part.sweep:8.2f} s")
    print(f"  {'100 changed':22} {part.changed:8.2f} s   {part.judged:,} judged, {how}")
    print(f"  {'100, some linked anew':22} {part.linked:8.2f} s   {part.linked_judged:,} judged")
    print(_line("full sweep / bare load", sweep / bare, SWEEP_GOAL, sweep / bare <= SWEEP_GOAL))
    ratio = sweep / part.changed
    print(_line("full sweep / 100 changed", ratio, PASS_GOAL, ratio >= PASS_GOAL, sign=">="))


def _line(name: str, ratio: float, goal: float, is_met: bool, sign: str = "<=") -> str:
    return f"  {name:24} {ratio:6.1f}     goal {sign} {goal:g}: {_word(is_met)}"


def _word(is_met: bool) -> str:
    return "met" if is_met else "missed"


def _run(side: str, path: Path, kind: type[Side]) -> Side:
    command = [sys.executable, "-m", "benchmarks.scale_sides", side, str(path)]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return msgspec.json.decode(out, type=kind)


def _count(arguments: Sequence[str]) -> int:
    return int(arguments[arguments.index("--items") + 1]) if "--items" in arguments else 100_000


if __name__ == "__main__":
    main(_count(sys.argv[1:]))
