"""How long judging takes: 20 rules x 100,000 items with facts ready, beside the same rules written by hand in Python.

``python -m benchmarks.evaluate [ITEMS] [RUNS]``. The answers of both are compared before anything is measured.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec

from benchmarks.by_hand import judge_by_hand
from benchmarks.evaluate_facts import NOW, ReadyWorld, ready_rows, ready_vocabulary
from rules.loader import load_rules
from rules.world import World
from syncd.documents import read_document
from syncd.model.comments import Text
from syncd.model.findings import Judgment

GOAL = 2.0
_RULES = Path(__file__).with_name("evaluate_rules.yaml")


def main(items: int = 100_000, runs: int = 5) -> None:
    """Measure both and print what came of it."""
    rows = ready_rows(items)
    rules = load_rules([read_document(_RULES, _RULES.name)], ready_vocabulary(rows))
    world = cast(World, ReadyWorld(rows))
    terms = {rule.terms.id: rule.terms for rule in rules.rules}

    ours = rules.evaluate(world, NOW)
    holding, unknown = judge_by_hand(rows, terms)
    assert _sorted([*ours.holding]) == _sorted([_titled(each) for each in holding]), "the findings differ"
    assert set(ours.unknown) == unknown, "what is unknown differs"

    took = timed({"ours": lambda: rules.evaluate(world, NOW), "by hand": lambda: judge_by_hand(rows, terms)}, runs)
    ratio = took["ours"] / took["by hand"]
    print(f"{len(rules.rules)} rules x {items:,} items: {len(holding):,} hold, {len(unknown):,} unknown, same answers")
    print(f"ours     {took['ours'] * 1000:6.0f} ms   (median of {runs} runs)")
    print(f"by hand  {took['by hand'] * 1000:6.0f} ms")
    print(f"ratio    {ratio:6.2f}      goal <= {GOAL:g}: {'met' if ratio <= GOAL else 'missed'}")


def _titled(judgment: Judgment) -> Judgment:
    """Return a judgment as told: a message that has nothing to show is its title."""
    return judgment if judgment.message else msgspec.structs.replace(judgment, message=(Text(judgment.rule.title),))


def _sorted(judgments: list[Judgment]) -> list[Judgment]:
    return sorted(judgments, key=lambda each: (each.rule.id, each.subject))


def timed(works: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
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
