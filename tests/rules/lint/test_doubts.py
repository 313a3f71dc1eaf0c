"""What is legal and dead is told; and what is told is true: nothing that can hold is called dead."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts.vocabulary import all_facts
from rules.language import conditions
from rules.language.matchers import Moment
from rules.lint.doubts import Closed, Surroundings, doubts
from rules.loader import load_rules
from syncd.documents import parse_document
from syncd.model.truth import Truth
from tests.rules.rulebook import VOCABULARY, Blocker

NEVER = "nothing can be all that it asks of"


def told(*texts, vocabulary=None, around=None):
    """Return the lines of what is doubtful in files a.yaml, b.yaml, …, in the order of their places."""
    documents = [parse_document(text, f"{name}.yaml") for name, text in zip("abc", texts, strict=False)]
    rules = load_rules(documents, vocabulary or all_facts())
    return [str(each) for each in sorted(doubts(rules, documents, around), key=lambda each: (each.file, each.line))]


def rule(when, rule_id="x", **more):
    keys = "".join(f", {key}: {value}" for key, value in more.items())
    return f"  - {{id: {rule_id}, title: T, message: M, when: {{{when}}}{keys}}}\n"


def rules(*texts):
    return "rules:\n" + "".join(texts)


DEAD = [
    "deps.open_blockers: {some: {team: a}, none: {team: a}}",
    "item.kind: {eq: bug, not: bug}",
    "item.kind: bug, not: {item.kind: [bug, debt]}",
    "all: [{item.kind: bug}, {item.kind: debt}]",
    "item.kind: {exists: false, eq: bug}",
    "item.kind: {empty: true, in: [bug, debt]}",
    "item.labels: {contains: x, none: X}",
    "item.in_play: {not: [true, false], exists: true}",
    "item.status_category: {not: [todo, in_progress, done], exists: true}",
    "trace.state: unlinked, not: {trace.state: {not: traced}}",
    "item.estimate: {lt: 1, gt: 2}",
    "item.estimate: {gt: 1, lte: 1}",
    "item.estimate: {between: [1, 2], eq: 3}",
    "item.needed_by: {lt: 2026-01-01, gte: 2026-01-01}",
    "item.created_at: {lt: 2026-01-01, eq: 2026-02-01}",
    "item.created_at: {older_than: 5d, newer_than: 3d}",
    "item.needed_by: {within: 2w, older_than: 1d}",
    "item.age: {gt: 5d, lt: 3d}",
    "item.age: {between: [1w, 2w], gt: 20d}",
    "item.labels: {empty: true, some: x}",
    "item.labels: {some: x, none: x}",
    "item.labels: {some: x, every: {not: x}}",
    "item.labels: {count: {gt: 3, lte: 3}}",
    "item.labels: {count: 2, empty: true}",
    "deps.open_blockers: {some: {team: {eq: a, not: a}}}",
    "deps.open_blockers: {some: {team: a, begun: true}, none: {team: a}}",
    "deps.open_blockers: {every: {team: b}, some: {any: [{team: a}, {team: c}]}}",
    "any: [{item.kind: {eq: a, not: a}}, {item.estimate: {gt: 2, lt: 1}}]",
]
ALIVE = [
    "item.kind: {not: bug}",
    "item.kind: {not: [bug, debt], exists: true}",
    "item.kind: {exists: false, not: bug}",
    "item.title: {starts_with: a, ends_with: b, contains: c}",
    "item.title: {matches: ^a, not: {matches: b}}",
    "item.estimate: {gt: 1, lt: 2}",
    "item.estimate: {gte: 1, lte: 1}",
    "item.estimate: {not: {gt: 1}, exists: false}",
    "item.status_category: {not: [todo, done]}",
    "item.needed_by: {older_than: 3d, newer_than: 5d}",
    "item.needed_by: {newer_than: 3wd, older_than: 2wd}",
    "item.needed_by: {newer_than: 1h, older_than: 0}",
    "item.needed_by: {within: 2w, gt: 2026-01-01}",
    "item.created_at: {older_than: 3wd, newer_than: 2d}",
    "item.age: {gte: 3d, lte: 3d}",
    "item.labels: {some: x, none: y, every: {not: z}, count: {gte: 5}}",
    "item.labels: {every: x, none: x}",
    "deps.open_blockers: {some: {trace_state: broken}, none: {trace_state: unlinked}}",
    "item.labels: {contains: x, some: {not: x}}",
    "deps.open_blockers: {some: {team: a}, none: {team: b}, count: {where: {team: c}, lt: 1}}",
    "deps.open_blockers: {some: {expected_at: {lt: 2026-01-01}, title: {matches: x}}}",
    "any: [{item.kind: bug}, {trace.state: unlinked}]",
    "item.status_category: {not: in_progress}",
]


@pytest.mark.parametrize("when", DEAD)
def test_a_condition_that_can_never_hold(when):
    (line,) = told(rules(rule(when)))

    assert re.match(rf"a\.yaml:2:\d+: rule 'x' can never hold: {NEVER} '", line)


@pytest.mark.parametrize("when", [each.replace("expected_at", "needed_by") for each in ALIVE])
def test_a_condition_that_can_hold_is_not_doubted(when):
    assert told(rules(rule(when))) == []


def test_what_is_done_under_the_scope_of_what_is_open():
    (line,) = told(rules(rule("item.status_category: done")))

    assert line == (
        "a.yaml:2:41: rule 'x' can never hold: it looks only at what is open, as it has no 'applies_to' "
        "('item.status_category')"
    )
    assert told(rules(rule("item.status_category: done", applies_to="{item.status_category: done}"))) == []


def test_a_condition_that_its_own_scope_leaves_out():
    (line,) = told(rules(rule("item.kind: bug", applies_to="{item.kind: [debt, feature]}")))

    assert "can never hold: 'applies_to' leaves out all for which it could ('item.kind')" in line


def test_a_scope_that_is_empty():
    (line,) = told(rules(rule("item.kind: bug", applies_to="{item.age: {gt: 3d, lt: 2d}}")))

    assert line.startswith("a.yaml:2:71: rule 'x' applies to nothing")


def test_a_set_that_can_never_hold_makes_rules_that_can_not():
    lines = told("sets: {s: {item.kind: {eq: a, not: a}}}\n" + rules(rule("set: s")))

    assert lines == [
        f"a.yaml:1:8: the set 's' can never hold: {NEVER} 'item.kind'",
        f"a.yaml:3:41: rule 'x' can never hold: {NEVER} 'item.kind'",
    ]


def test_a_set_and_what_it_excludes():
    lines = told("sets: {bugs: {item.kind: bug}}\n" + rules(rule("set: bugs, item.kind: {not: bug}")))

    assert len(lines) == 1
    assert "can never hold" in lines[0]


def test_a_part_of_any_that_is_dead():
    (line,) = told(rules(rule("any: [{item.kind: bug}, {item.status_category: done}]")))

    assert line.startswith("a.yaml:2:66: rule 'x' never holds because of this part")


def test_two_rules_that_hold_for_the_same():
    same = rule("item.kind: bug, item.in_play: true")
    other = rule("all: [{item.in_play: {eq: true}}, {item.kind: [bug]}]", "y")

    (line,) = told(rules(same), rules(other))

    assert line == "b.yaml:2:10: rule 'y' holds for the very same as 'x' (a.yaml:2): one of the two is enough"


@pytest.mark.parametrize(
    "more", [{"told_on": "topmost"}, {"for": "2w"}, {"applies_to": "{item.kind: bug}"}, {"about": "dependency"}]
)
def test_two_rules_that_differ_in_where_or_when_they_are_told_are_two(more):
    when = "deps.cycle: {empty: false}"

    assert told(rules(rule(when), rule(when, "y", **more))) == []


def test_a_condition_that_is_written_twice():
    both = "{item.kind: bug, item.in_play: true}"
    lines = told(
        rules(rule("trace.state: unlinked", applies_to=both), rule("trace.state: broken", "y", applies_to=both))
    )

    assert lines == [
        "a.yaml:3:76: this condition stands in a.yaml:2 too: give it a name under 'sets', and write it once"
    ]


def test_a_condition_that_a_set_says_already():
    both = "{item.kind: bug, item.in_play: true}"
    lines = told(f"sets: {{mine: {both}}}\n" + rules(rule("set: mine"), rule(f"not: {both}", "y")))

    assert lines == ["a.yaml:4:47: this condition is what the set 'mine' says: name it instead"]


def test_a_short_condition_may_stand_twice():
    assert told(rules(rule("item.kind: bug, trace.state: broken"), rule("item.kind: bug", "y"))) == []


def test_a_set_that_no_rule_uses():
    lines = told("sets: {a: {set: b}, b: {item.kind: bug}, c: {set: b}}\n" + rules(rule("set: a")))

    assert lines == ["a.yaml:1:42: the set 'c' is used by no rule"]


def test_a_rule_at_stage_off():
    (line,) = told(rules(rule("item.kind: bug", stage="off")))

    assert line.startswith("a.yaml:2:66: rule 'x' is at stage off")


def test_what_no_tracker_provides():
    around = Surroundings(
        absent={"item.sprints": "github has none"}, closed={"item.kind": Closed(("bug", "other"), "trackers.yaml")}
    )
    text = "sets: {s: {item.sprints: {empty: true}}}\n" + rules(
        rule("set: s, item.kind: {not: bgu}"), rule("item.kind: {starts_with: b}", "y")
    )

    assert told(text, around=around) == [
        "a.yaml:1:12: the set 's' asks for 'item.sprints', which no configured tracker provides: github has none",
        "a.yaml:3:67: rule 'x' asks for 'item.kind' 'bgu', which trackers.yaml never gives. Did you mean 'bug'?",
    ]


def test_a_rule_that_is_kept_but_not_judged_is_no_doubt():
    assert told(rules(rule("item.kind: bug", enabled="false"))) == []


def test_a_severity_that_is_never_reached():
    lines = told(
        rules(
            rule(
                "item.kind: bug",
                severity="info",
                escalate="{critical: {item.kind: debt}, warning: {item.age: {gt: 2w}}}",
            )
        )
    )

    assert lines == [
        "a.yaml:2:96: rule 'x' is never critical: nothing for which it holds can be all that is asked of 'item.kind'"
    ]


def test_a_param_that_no_rule_uses():
    params = "params: {slack: 3d, most: {default: 3, teams: {a: 5}}, moved: 1d}\n"
    when = "item.age: {gt: {param: slack}}, item.due_on: {lt: {fact: period.ends_on, plus: {param: moved}}}"

    assert told(params + rules(rule(when))) == ["a.yaml:1:21: the param 'most' is used by no rule"]


def test_what_is_compared_with_what_varies_is_not_doubted():
    params = "params: {slack: 3d, most: {default: 3, teams: {a: 5}}, kinds: [bug]}\n"
    ages = "item.age: {gt: {param: slack}, lt: 1d}"
    most = "item.estimate: {gt: {param: most}, lt: 1}, item.kind: {in: {param: kinds}, not: bug}"
    days = "item.due_on: {gt: {fact: period.ends_on}, lt: {fact: period.starts_on}}"
    past = "item.history: {changed: status, empty: false}"

    assert told(params + rules(rule(f"{ages}, {most}"), rule(f"{days}, {past}", "y"))) == []


TEXT = st.sampled_from(["bug", "debt", "", "Bug"])
NUMBER = st.sampled_from([0, 1, 2, 2.5])
DAY = st.sampled_from(["2026-11-20", "2026-11-25", "2026-11-26"])
SPAN = st.sampled_from(["0", "1h", "3d", "4d", "2wd"])


def operators(of, *names):
    return st.dictionaries(st.sampled_from(names), of, min_size=1, max_size=2)


def asked_of(values, *names):
    one = st.one_of(
        values,
        st.lists(values, min_size=1, max_size=3),
        operators(values, "eq", "not", *names),
        operators(st.lists(values, min_size=1, max_size=2), "in", "not_in"),
        operators(st.booleans(), "exists"),
    )
    return st.one_of(one, st.builds(lambda each: {"not": each}, one))


LABELS = st.one_of(
    operators(st.one_of(TEXT, operators(TEXT, "eq", "not", "starts_with")), "some", "every", "none"),
    operators(TEXT, "contains"),
    operators(st.booleans(), "empty", "exists"),
    operators(st.one_of(NUMBER, operators(NUMBER, "gt", "lte", "not")), "count"),
)
FIELDS = st.fixed_dictionaries({}, optional={"team": asked_of(TEXT), "moved": asked_of(NUMBER, "lt", "gt")})
OF_ONE_FACT = [
    st.builds(lambda each: {"item.kind": each}, asked_of(TEXT, "starts_with", "contains")),
    st.builds(lambda each: {"item.component": each}, asked_of(TEXT)),
    st.builds(lambda each: {"item.status_category": each}, asked_of(st.sampled_from(["todo", "done"]))),
    st.builds(lambda each: {"item.estimate": each}, asked_of(NUMBER, "lt", "lte", "gt", "gte")),
    st.builds(
        lambda each: {"item.due_on": each},
        st.one_of(asked_of(DAY, "lt", "gte"), operators(SPAN, "older_than", "newer_than", "within")),
    ),
    st.builds(
        lambda each: {"item.activity_at": each},
        st.one_of(asked_of(DAY, "lt", "gte"), operators(SPAN, "older_than", "newer_than", "within")),
    ),
    st.builds(lambda each: {"item.idle_for": each}, operators(SPAN, "lt", "lte", "gt", "gte")),
    st.builds(lambda each: {"item.labels": each}, LABELS),
    st.builds(lambda each: {"deps.open_blockers": each}, operators(FIELDS.filter(bool), "some", "every", "none")),
]
ATOMS = st.one_of(OF_ONE_FACT)
MIXED = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=2, max_size=2)),
        st.builds(lambda each: {"not": each}, inner),
    ),
    max_leaves=5,
)
CLASHING = st.sampled_from(OF_ONE_FACT).flatmap(lambda atoms: st.lists(atoms, min_size=2, max_size=3))
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
AGES = [timedelta(hours=each) for each in (0, 0.5, 1, 2, 71, 72, 73, 95, 96, 97, 200)]
BLOCKERS = [Blocker(key="K", team=team, moved=moved) for team in (None, "bug", "x") for moved in (0, 1, 2, 3)]
VALUES: dict[str, list[Any]] = {
    "item.kind": [None, "bug", "debt", "", "Bug", "other"],
    "item.component": [None, "bug", "debt", "", "Bug", "other"],
    "item.status_category": [None, "todo", "in_progress", "done"],
    "item.estimate": [None, -1, 0, 0.5, 1, 1.5, 2, 2.2, 2.5, 3],
    "item.due_on": [None, *(date(2026, 11, 15) + timedelta(days=each) for each in range(20))],
    "item.activity_at": [None, *(NOW - each for each in AGES), *(NOW + each for each in AGES)],
    "item.idle_for": [None, *AGES],
    "item.labels": [each for n in range(4) for each in product(("bug", "Bug", "debt", "x"), repeat=n)],
    "deps.open_blockers": [each for n in range(3) for each in product(BLOCKERS, repeat=n)],
}
WORLDS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})


def judged_of(when):
    """Return what judges a condition of a rule that is called dead; None where it is not."""
    raw = {"id": "x", "title": "T", "message": "M", "applies_to": {"item.key": {"exists": True}}, "when": when}
    document = parse_document(json.dumps({"rules": [raw]}), "a.yaml")
    loaded = load_rules([document], VOCABULARY)
    if not any("can never hold" in str(each) for each in doubts(loaded, [document])):
        return None
    return lambda values: conditions.judge(loaded.rules[0].when, values.get, Moment(NOW))


@settings(max_examples=300, deadline=None)
@given(CLASHING)
def test_what_is_called_dead_holds_for_no_value_of_its_fact(parts):
    judged = judged_of({"all": parts})
    (name,) = {name for part in parts for name in part}

    assert judged is None or all(judged({name: value}) is not Truth.YES for value in VALUES[name])


@settings(max_examples=100, deadline=None)
@given(MIXED, st.lists(WORLDS, min_size=20, max_size=40))
def test_what_is_called_dead_holds_for_nothing(when, worlds):
    judged = judged_of(when)

    assert judged is None or all(judged(world) is not Truth.YES for world in worlds)
