"""What a condition says of what is not known, it says of whatever that may turn out to be."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language import conditions
from rules.language.matchers import Moment
from syncd.model.truth import Truth, Unknown, UnknownBefore
from tests.rules.rulebook import NOW, Blocker, Change, load, read_condition, rule_text

DARK = Unknown("down")
DATES = st.none() | st.dates(date(2026, 11, 20), date(2026, 12, 1))
NUMBERS = st.none() | st.integers(0, 3)
TEAMS = st.sampled_from([None, "payments", "web"])
BLOCKERS = st.lists(st.builds(Blocker, key=st.just("A"), team=TEAMS, expected_at=DATES), max_size=3).map(tuple)
AGES = st.integers(1, 60).map(lambda days: NOW - timedelta(days=days))
CHANGES = st.lists(
    st.builds(Change, field=st.sampled_from(["status", "due_on"]), at=AGES, after=st.sampled_from("ab")), max_size=4
).map(lambda found: tuple(sorted(found, key=lambda each: each.at)))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "item.due_on": DATES,
    "item.needed_by": DATES,
    "item.estimate": NUMBERS,
    "item.limit": NUMBERS,
    "item.team": TEAMS,
    "deps.open_blockers": BLOCKERS,
    "item.history": CHANGES,
}
PARAMS = "params: {slack: {default: 1, teams: {payments: 2}}}\n"
ASKED = [
    "item.due_on: {lt: {fact: item.needed_by, plus: 2wd}}",
    "item.due_on: {not: {fact: item.needed_by, minus: 1d}}",
    "item.due_on: {not_in: [2026-11-25, {fact: item.needed_by}]}",
    "item.due_on: {between: [{fact: item.needed_by}, 2026-11-28]}",
    "item.estimate: {gte: {fact: item.limit, plus: 1}}",
    "item.estimate: {gt: {param: slack}}",
    "item.estimate: {not: {gt: {fact: item.limit, plus: {param: slack}}}}",
    "deps.open_blockers: {some: {expected_at: {gt: {fact: item.due_on, minus: 1d}}, team: web}}",
    "deps.open_blockers: {none: {team: {not: {fact: item.team}}}}",
    "deps.open_blockers: {every: {expected_at: {lte: {fact: item.needed_by}}}}",
    "deps.open_blockers: {count: {where: {team: web}, gte: {fact: item.limit}}}",
    "deps.open_blockers: {count: {lt: {param: slack}}}",
    "item.history: {changed: {field: status, within: 30d, count: {gte: 2}}}",
    "item.history: {changed: {field: [status, due_on], to: a, count: 1}}",
    "not: {any: [item.history: {changed: {field: due_on, count: {lt: {param: slack}}}}, item.team: web]}",
]


def judged(text: str, facts: dict[str, Any]) -> Truth:
    condition = load(PARAMS, rule_text(text)).rules[0].when if "param" in text else read_condition(text)
    return conditions.judge(condition, facts.get, Moment(NOW))


@pytest.mark.parametrize("text", ASKED)
@given(st.data())
def test_what_is_said_of_an_unknown_fact_is_said_of_every_value(text, data):
    facts = {name: data.draw(values) for name, values in VALUES.items()}
    hidden = data.draw(st.sampled_from(sorted(VALUES)))
    answer = judged(text, {**facts, hidden: DARK})
    assert answer in (Truth.UNKNOWN, judged(text, facts))


@pytest.mark.parametrize("text", [each for each in ASKED if "deps.open_blockers" in each or "item.history" in each])
@given(st.data())
def test_what_is_said_of_a_list_whose_end_is_unknown_is_said_with_whatever_stands_there(text, data):
    facts = {name: data.draw(values) for name, values in VALUES.items()}
    for name in ("deps.open_blockers", "item.history"):
        members = facts[name]
        kept = data.draw(st.integers(0, len(members)))
        known = members[kept:] if name == "item.history" else members[:kept]
        first = known[0].at if name == "item.history" and known else NOW
        end: datetime = members[kept - 1].at + timedelta(hours=1) if name == "item.history" and kept else first
        rest = UnknownBefore("cut", end) if name == "item.history" and kept else DARK
        answer = judged(text, {**facts, name: (*known, rest)})
        assert answer in (Truth.UNKNOWN, judged(text, facts))
