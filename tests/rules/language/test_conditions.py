"""Conditions: how keys join, and Kleene's logic over what is not known."""

import itertools
from typing import Any

import pytest

from rules.language import conditions
from rules.language.conditions import SetUse
from rules.language.matchers import Moment
from syncd.model.findings import About
from syncd.model.truth import Truth, Unknown
from tests.rules.rulebook import NOW, Blocker, asked, read_condition

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
VALUES = {YES: True, NO: False, UNKNOWN: Unknown("dark")}
PAIRS = list(itertools.product(Truth, Truth))


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_all_is_false_where_one_is_false_whatever_is_unknown(left, right):
    facts = {"item_in_play": VALUES[left], "item_title": {YES: "a", NO: "b", UNKNOWN: Unknown("dark")}[right]}

    assert asked("{item.in_play: true, item.title: a}", **facts) is min(left, right)
    assert asked("all: [{item.in_play: true}, {item.title: a}]", **facts) is min(left, right)


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_any_is_true_where_one_is_true_whatever_is_unknown(left, right):
    facts = {"item_in_play": VALUES[left], "item_title": {YES: "a", NO: "b", UNKNOWN: Unknown("dark")}[right]}

    assert asked("any: [{item.in_play: true}, {item.title: a}]", **facts) is max(left, right)


@pytest.mark.parametrize(("of", "answer"), [(YES, NO), (NO, YES), (UNKNOWN, UNKNOWN)])
def test_not_unknown_is_unknown(of, answer):
    assert asked("not: {item.in_play: true}", item_in_play=VALUES[of]) is answer


def test_words_nest_and_stand_beside_facts():
    text = """
    item.in_play: true
    any:
      - item.kind: bug
      - not: {all: [{item.estimate: {lt: 3}}, {item.kind: debt}]}
    """

    assert asked(text, item_in_play=True, item_kind="debt", item_estimate=2) is NO
    assert asked(text, item_in_play=True, item_kind="debt", item_estimate=4) is YES
    assert asked(text, item_in_play=False, item_kind="bug") is NO


def test_ids_and_dates_are_read_by_their_text():
    assert asked("period.id: 2026", period_id="2026") is YES
    assert asked("item.title: 1.10", item_title="1.10") is YES
    assert asked("item.title: 1.10", item_title="1.1") is NO
    assert asked("item.title: [2026, 0x1]", item_title="0x1") is YES
    assert asked("item.kind: no", item_kind="no") is YES


def test_a_set_answers_as_its_condition_does():
    sets = {"open": read_condition("item.in_play: true"), "open_bugs": read_condition("item.kind: bug")}
    used = read_condition("{set: open, item.kind: bug}", sets=frozenset(sets))

    def ask(**facts):
        return conditions.judge(used, {name.replace("_", ".", 1): facts[name] for name in facts}.get, Moment(NOW), sets)

    assert ask(item_in_play=True, item_kind="bug") is YES
    assert ask(item_in_play=False, item_kind="bug") is NO
    assert [atom.name for atom in conditions.atoms(SetUse("open"), sets)] == ["item.in_play"]


FRAUD = Blocker(key="FRAUD-1", team="fraud")
PAY = Blocker(key="PAY-1", team="payments")
MATCHED = [
    ("deps.open_blockers: {some: {team: fraud}}", (FRAUD,)),
    ("deps.open_blockers: {empty: false}", (FRAUD, PAY)),
    ("deps.open_blockers: {count: {where: {team: payments}, gte: 1}}", (PAY,)),
    ("deps.open_blockers: {contains: PAY-1}", (PAY,)),
    ("deps.open_blockers: {none: {team: legal}}", ()),
    ("any: [{deps.open_blockers: {some: {team: legal}}}, {deps.open_blockers: {some: {team: fraud}}}]", (FRAUD,)),
    ("not: {deps.open_blockers: {some: {team: legal}}}", ()),
    ("item.in_play: true", ()),
]


@pytest.mark.parametrize(("text", "members"), MATCHED)
def test_the_members_that_made_a_condition_hold_are_told(text, members):
    facts: dict[str, Any] = {"deps.open_blockers": (FRAUD, PAY, Unknown("dark")), "item.in_play": True}

    found = conditions.matched(read_condition(text, About.ITEM), facts.get, Moment(NOW))

    assert found == members


def test_every_member_made_it_hold_where_every_one_must():
    condition = read_condition("deps.open_blockers: {every: {moved: 0}}")

    assert conditions.matched(condition, {"deps.open_blockers": (FRAUD, PAY)}.get, Moment(NOW)) == (FRAUD, PAY)
