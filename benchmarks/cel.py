"""How long judging takes beside an expression library: the 20 rules of benchmarks/evaluate_rules.yaml and the same
conditions in CEL, compiled by ``cel-expr-python`` (Google's own C++ evaluator).

``python -m benchmarks.cel [ITEMS] [RUNS]``. The answers of both are compared before anything is measured. CEL is spared
what it has no word for: items with unknown facts are left out, the facts stand ready as maps, each item's activation
is made once for all rules, and no message is written.
"""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import msgspec

from benchmarks.cel_rules import CONDITIONS, seconds_of
from benchmarks.evaluate import timed
from benchmarks.evaluate_facts import NOW, ReadyWorld, Row, ready_rows, ready_vocabulary
from rules.loader import load_rules
from rules.world import World
from syncd.documents import read_document
from syncd.model.findings import Subject
from syncd.model.truth import Unknown

GOAL = 5.0
_RULES = Path(__file__).with_name("evaluate_rules.yaml")


def main(items: int = 20_000, runs: int = 5) -> None:
    """Measure both and print what came of it."""
    try:
        from cel_expr_python import cel
    except ImportError:
        print("cel-expr-python is not there for this machine: nothing to compare with")
        return
    rows = [row for row in ready_rows(items) if not _is_unknown(row)]
    rules = load_rules([read_document(_RULES, _RULES.name)], ready_vocabulary(rows))
    world = cast(World, ReadyWorld(rows))
    data = [_as_map(row) for row in rows]
    env = cel.NewEnv(variables=dict.fromkeys(data[0], cel.Type.DYN))
    expressions = {rule_id: env.compile(text) for rule_id, text in CONDITIONS.items()}

    def by_cel() -> set[tuple[str, Subject]]:
        found = set()
        for row, values in zip(rows, data, strict=True):
            activation = env.Activation(values)
            for rule_id, expression in expressions.items():
                if expression.eval(activation).value() is True:
                    found.add((rule_id, row.subject))
        return found

    held = {(judgment.rule.id, judgment.subject) for judgment in rules.evaluate(world, NOW).holding}
    assert held == by_cel(), "the findings differ"
    took = timed({"ours": lambda: rules.evaluate(world, NOW), "cel": by_cel}, runs)
    ratio = took["cel"] / took["ours"]
    print(f"{len(expressions)} rules x {len(rows):,} items: {len(held):,} hold, same answers")
    print(f"ours, with messages    {took['ours'] * 1000:7.0f} ms   (median of {runs} runs)")
    print(f"cel, conditions alone  {took['cel'] * 1000:7.0f} ms")
    print(f"ours is faster         {ratio:7.1f} x    goal >= {GOAL:g}: {'met' if ratio >= GOAL else 'missed'}")


def _is_unknown(row: Row) -> bool:
    return any(isinstance(getattr(row, name), Unknown) for name in row.__struct_fields__)


def _as_map(row: Row) -> dict[str, Any]:
    """Return an item's facts in the types that CEL has."""
    fields = ("title", "kind", "status_category", "in_play", "labels", "assignees", "priority", "estimate")
    values = {name: _value(getattr(row, name)) for name in (*fields, "needed_by", "activity_at", "state")}
    outcomes = [_record(each) for each in row.outcomes]
    return {**values, "outcomes": outcomes, "blockers": [_record(each) for each in row.blockers]}


def _record(record: msgspec.Struct) -> dict[str, Any]:
    return {name: _value(getattr(record, name)) for name in ("team", "state", "expected_at") if hasattr(record, name)}


def _value(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, datetime):
        return int(value.timestamp())  # it takes no datetime from Python
    return seconds_of(value) if isinstance(value, date) else value


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
