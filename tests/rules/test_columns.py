"""Judging many subjects at once says what judging each alone says."""

from datetime import date, timedelta
from typing import Any

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rules.columns import TruthColumns
from rules.engine import RuleSet
from rules.facts.fact import FactValue
from rules.facts.table import FactTable
from rules.language import conditions
from rules.language.calendar import Calendar
from rules.language.conditions import AllOf, AnyOf, Condition, Not, SetUse
from rules.language.matchers import Moment
from syncd.model.truth import Unknown
from tests.rules.rulebook import NOW, VOCABULARY, Blocker, FakeWorld, load, read_condition, rule_text

FACTS = {fact.name: fact for fact in VOCABULARY}
DARK = st.just(Unknown("dark"))
BLOCKERS = st.builds(Blocker, key=st.sampled_from("AB"), team=st.sampled_from([None, "x", "y"]))
VALUES: dict[str, st.SearchStrategy[FactValue]] = {
    "item.kind": st.sampled_from([None, "bug", "debt"]),
    "item.in_play": st.booleans(),
    "item.estimate": st.sampled_from([None, 0, 1, 2.5]),
    "item.due_on": st.none() | st.integers(-5, 5).map(lambda days: NOW.date() + timedelta(days=days)),
    "item.needed_by": st.none() | st.integers(-5, 5).map(lambda days: NOW.date() + timedelta(days=days)),
    "item.team": st.sampled_from([None, "x", "y"]),
    "item.labels": st.lists(st.sampled_from(["A", "b"]) | DARK, max_size=2).map(tuple),
    "deps.open_blockers": st.lists(BLOCKERS | DARK, max_size=2).map(tuple),
}
SUBJECTS = st.lists(
    st.fixed_dictionaries({name: values | DARK for name, values in VALUES.items()}), min_size=1, max_size=8
)
PARAMS = "params: {slack: {default: 2d, teams: {x: 1wd}}, most: {default: 1, teams: {y: 2}}}\n"
ATOMS = st.sampled_from(
    [
        read_condition(text, params=PARAMS)
        for text in (
            "item.kind: bug",
            "item.in_play: {not: true}",
            "item.estimate: {lt: 2}",
            "item.due_on: {older_than: 1d}",
            "item.due_on: {within: 2wd}",
            "item.due_on: {lt: {fact: item.needed_by, plus: 2wd}}",
            "item.due_on: {within: 2d, lt: {fact: item.needed_by}}",
            "item.due_on: {older_than: {param: slack}}",
            "item.labels: {contains: {fact: item.team}}",
            "deps.open_blockers: {some: {team: {eq: {fact: item.team}}}}",
            "deps.open_blockers: {count: {where: {team: x}, lt: {param: most}}}",
            "item.labels: {contains: a}",
            "item.labels: {count: {gte: 2}}",
            "deps.open_blockers: {some: {team: x}}",
            "deps.open_blockers: {every: {team: {exists: false}}}",
        )
    ]
)
SETS = {"a": read_condition("item.kind: [bug, debt]"), "b": Not(SetUse("a"))}


def _positions(chosen: list[int]) -> np.ndarray:
    return np.array(chosen, np.intp)


def _joined(child: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(child, min_size=1, max_size=3).map(tuple)
    return st.builds(AllOf, parts) | st.builds(AnyOf, parts) | st.builds(Not, child)


CONDITIONS = st.recursive(ATOMS | st.sampled_from([SetUse("a"), SetUse("b")]), _joined, max_leaves=6)


@given(subjects=SUBJECTS, several=st.lists(CONDITIONS, min_size=1, max_size=3), data=st.data())
def test_a_column_is_what_each_says(subjects, several, data):
    world = FakeWorld({str(number): facts for number, facts in enumerate(subjects)})
    moment = Moment(NOW)
    table = FactTable(FACTS, world=world, subjects=world.subjects, now=NOW, calendar=Calendar())  # type: ignore[arg-type]
    chosen = data.draw(st.lists(st.sampled_from(range(len(subjects))), unique=True))
    everywhere = TruthColumns(table, moment, SETS)
    there = TruthColumns(table, moment, SETS, _positions(chosen))

    for condition in several:
        alone = [conditions.judge(condition, facts.get, moment, SETS) for facts in subjects]
        assert everywhere.truth(condition).tolist() == alone
        assert there.truth(condition).tolist() == [alone[position] for position in chosen]


@given(subjects=SUBJECTS)
def test_the_next_turn_is_the_soonest_of_all(subjects):
    world = FakeWorld({str(number): facts for number, facts in enumerate(subjects)})
    table = FactTable(FACTS, world=world, subjects=world.subjects, now=NOW, calendar=Calendar())  # type: ignore[arg-type]
    condition = read_condition("item.due_on: {older_than: 1d, within: 3d}")
    columns = TruthColumns(table, Moment(NOW), {})

    columns.truth(condition)

    dues = [conditions.due(condition, facts.get, Moment(NOW)) for facts in subjects]
    assert columns.next_due == min((due for due in dues if due), default=None)


def test_each_distinct_value_is_asked_once():
    asked: list[FactValue] = []
    facts = {str(number): {"item.due_on": date(2026, 11, 1 + number % 2)} for number in range(10)}
    world = FakeWorld(facts)
    table = FactTable(FACTS, world=world, subjects=world.subjects, now=NOW, calendar=Calendar())  # type: ignore[arg-type]
    atom = read_condition("item.due_on: {older_than: 0}")

    def judge(value, moment):
        asked.append(value)
        return atom.matcher.judge(value, moment)

    spied = conditions.Atom(name=atom.name, key=atom.key, matcher=msgspec.structs.replace(atom.matcher, judge=judge))
    columns = TruthColumns(table, Moment(NOW), {"s": spied})
    for condition in (spied, SetUse("s"), Not(SetUse("s"))):
        columns.truth(condition)

    assert len(asked) == 2


@given(subjects=SUBJECTS, condition=CONDITIONS, data=st.data())
def test_judging_a_part_says_of_it_what_judging_all_says(subjects, condition, data):
    world: Any = FakeWorld({str(number): facts for number, facts in enumerate(subjects)})
    (rule,) = load(rule_text("item.kind: bug")).rules
    rules = RuleSet(
        rules=(msgspec.structs.replace(rule, when=condition, applies_to=None),), sets=SETS, vocabulary=FACTS
    )
    only = data.draw(st.sets(st.sampled_from(world.subjects)))

    whole, part = rules.evaluate(world, NOW), rules.evaluate(world, NOW, only=only)

    assert part.holding == tuple(each for each in whole.holding if each.subject in only)
    assert set(part.unknown) == {pair for pair in whole.unknown if pair[1] in only}
