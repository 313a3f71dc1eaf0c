"""How long the preview of a rule edit takes: only what was edited is judged, beside all rules, before and after.

``python -m benchmarks.preview [ITEMS] [RUNS]``. One of thirty rules gets another threshold.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable

from benchmarks import trace_data
from benchmarks.backtest_data import company, thirty_rules
from rules.engine import Judgments, RuleSet
from rules.preview import Preview, edited, preview
from rules.world import World, build_world
from syncd.model.findings import Subject

_EDITED = "rule-0"
_NOW = trace_data.NOW


def main(count: int = 100_000, runs: int = 5) -> None:
    """Measure both and print what came of it."""
    world = build_world(company(count))
    old, new = thirty_rules(), thirty_rules(first_span=6)
    assert edited(old, new) == {_EDITED}
    found, whole = preview(old, new, world, _NOW), _all(old, new, world)
    assert _counts(found) == whole, "the previews differ"
    works: dict[str, Callable[[], object]] = {
        "only the edited rule": lambda: preview(old, new, world, _NOW),
        "all rules": lambda: _all(old, new, world),
    }
    took = _timed(works, runs)
    print(f"{count:,} items, {len(new.rules)} rules, one of them edited: {whole[0]:,} added, {whole[1]:,} resolved")
    for name, seconds in took.items():
        print(f"{name:22} {seconds * 1000:7.0f} ms   (median of {runs} runs)")
    print(f"ratio                  {took['all rules'] / took['only the edited rule']:7.1f}")


def _all(old: RuleSet, new: RuleSet, world: World) -> tuple[int, int]:
    """Judge everything before and after, and tell it apart."""
    before, after = (_pairs(rules.evaluate(world, _NOW)) for rules in (old, new))
    return len(after - before), len(before - after)


def _pairs(found: Judgments) -> set[tuple[str, Subject]]:
    return {(each.rule.id, each.subject) for each in found.holding}


def _counts(found: Preview) -> tuple[int, int]:
    return found.added_count, found.resolved_count


def _timed(works: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Return the median seconds of each, run in turns so that a busy machine is fair to both."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            gc.collect()
            began = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - began)
    return {name: statistics.median(each) for name, each in seconds.items()}


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
