"""What is wrong with a condition: one line, at its place, with the way out."""

import pytest

from tests.rules.rulebook import errors_of, rule_text

OF_TEXT = "eq, not, in, not_in, contains, starts_with, ends_with, matches, exists, empty"
OF_NUMBER = "eq, not, in, not_in, lt, lte, gt, gte, between, exists"
OF_LIST = "contains, exists, empty, some, every, none, count"
OF_SPAN = "not, lt, lte, gt, gte, between, exists"
SPAN = "a length of time: an integer and m, h, d, w or wd (working days), such as 3d, or 0"

# A condition on line 5, and the column and words of its error.
CONDITIONS = [
    ("item.stauts: x", "12: unknown fact 'item.stauts'. Did you mean 'item.estimate'?"),
    ("itme.kind: bug", "12: unknown fact 'itme.kind'. Did you mean 'item.kind'?"),
    ("kind: bug", "12: unknown key 'kind'. Did you mean 'item.kind'?"),
    ("al: []", "12: unknown key 'al'. Did you mean 'all'?"),
    ("set: nope", "17: unknown set 'nope'. None is defined."),
    (
        "item.kind: {equals: bug}",
        f"24: unknown operator 'equals'. Possible: {OF_TEXT}.",
    ),
    (
        "item.kind: {gt: 3}",
        f"24: operator 'gt' does not fit 'item.kind' (text). Possible: {OF_TEXT}.",
    ),
    ("item.estimate: three", "27: read 'three'; expected a number"),
    ("item.estimate: '3'", "27: read '3'; expected a number"),
    ("item.in_play: yes", "26: read 'yes'; expected true or false; say true"),
    ("item.in_play: {exists: on}", "35: read 'on'; expected true or false; say true"),
    ("item.title: {empty: no}", "32: read 'no'; expected true or false; say false"),
    ("item.due_on: tomorrow", "25: read 'tomorrow'; expected a date such as 2026-12-31"),
    ("item.due_on: 2026-02-30", "25: read '2026-02-30'; expected a date such as 2026-12-31"),
    (
        "item.due_on: {older_than: 3}",
        f"38: read 3; expected {SPAN}",
    ),
    (
        "item.due_on: {older_than: 3 days}",
        f"38: read '3 days'; expected {SPAN}",
    ),
    ("item.due_on: {between: [2026-12-31]}", "35: read a list; expected a list of two values, the lower one first"),
    (
        "item.due_on: {between: [2026-12-31, 2026-01-01]}",
        "35: the first value is above the second; the lower one comes first",
    ),
    (
        "item.idle_for: {gt: 3s}",
        f"32: read '3s'; expected {SPAN}",
    ),
    ("item.idle_for: 3d", "27: read '3d'; a length of time is compared with lt, lte, gt, gte or between"),
    ("item.idle_for: [3d]", "27: read a list; a length of time is compared with lt, lte, gt, gte or between"),
    ("item.idle_for: {between: [3d, 1d]}", "37: the first value is above the second; the lower one comes first"),
    ("item.status_category: doen", "34: unknown value 'doen'. Did you mean 'done'?"),
    ("item.status_category: [todo, finished]", "41: unknown value 'finished'. Possible: todo, in_progress, done."),
    ("item.kind: null", "23: read nothing; expected text; say 'exists: false' for what has no value"),
    ("item.kind: {not: }", "29: read nothing; expected text; say 'exists: false' for what has no value"),
    ("item.kind: []", "23: read an empty list; expected values"),
    ("item.kind: {}", "23: read an empty mapping; expected a value or operators, such as {not: x}"),
    ("item.title: {matches: '(?=x)'}", "34: the regular expression '(?=x)' can't be used: invalid perl operator: (?="),
    ("item.title: {matches: '('}", "34: the regular expression '(' can't be used: missing ): ("),
    ("item.title: {matches: 3}", "34: read 3; expected a regular expression in quotes"),
    ("item.labels: fast", "25: read 'fast'; 'item.labels' is a list: ask with {contains: x} or the like"),
    (
        "item.labels: {eq: fast}",
        f"26: operator 'eq' does not fit 'item.labels' (texts). Possible: {OF_LIST}.",
    ),
    (
        "item.labels: {contains: [a, b]}",
        "36: read a list; expected one text, such as {contains: x}; for several use 'any'",
    ),
    ("item.labels: {some: {strts_with: a}}", "33: unknown operator 'strts_with'. Did you mean 'starts_with'?"),
    (
        "deps.open_blockers: {team: fraud}",
        "33: 'team' is a field of the members of 'deps.open_blockers': say {some: {team: …}}",
    ),
    ("deps.open_blockers: {some: {tem: fraud}}", "40: unknown field 'tem'. Did you mean 'team'?"),
    ("deps.open_blockers: {some: fraud}", "39: read 'fraud'; expected a condition, such as team: payments"),
    (
        "deps.open_blockers: {some: {set: x}}",
        "40: unknown field 'set'. Allowed here: key, item, title, url, team, place, restricted, expected_at, moved.",
    ),
    ("deps.open_blockers: {count: {where: {team: x}}}", "40: how many is missing, such as {where: …, gte: 2}"),
    ("deps.open_blockers: {count: {gte: many}}", "46: read 'many'; expected a number"),
    ("trace.outcomes: {contains: x}", "29: members of 'trace.outcomes' have no key; use 'some'"),
    (
        "item.kind: {fact: item.title}",
        "23: what is compared with stands to the right of an operator, such as {eq: {…}}",
    ),
    (
        "item.estimate: {param: max}",
        "27: what is compared with stands to the right of an operator, such as {eq: {…}}",
    ),
    ("item.idle_for: {param: x}", "27: what is compared with stands to the right of an operator, such as {lt: {…}}"),
    (
        "item.estimate: {changed: 3d}",
        f"28: operator 'changed' does not fit 'item.estimate' (number). Possible: {OF_NUMBER}.",
    ),
    ("item.estimate: {gte: {param: x}}", "41: unknown param 'x'. None is defined."),
    ("deps.length: 3", "12: 'deps.length' is a fact about dependency; this is about item"),
    ("all: []", "17: read an empty list; expected a list of conditions under 'all'"),
    ("all: {item.kind: bug}", "17: read a mapping; expected a list of conditions under 'all'"),
    ("any: [bug]", "18: read 'bug'; expected a condition, such as item.kind: bug"),
    ("not: [item.kind]", "17: read a list; expected a condition, such as item.kind: bug"),
    ("not: x", "17: read 'x'; expected a condition, such as item.kind: bug"),
    ("", "11: read an empty mapping; expected a condition, such as item.kind: bug"),
    (
        "item.kind: {item.title}",
        "24: read {item.title}, which YAML reads as a mapping; put text that begins with a brace in quotes",
    ),
    (
        "item.idle_for: {newer_than: 3d}",
        f"28: operator 'newer_than' does not fit 'item.idle_for' (span). Possible: {OF_SPAN}.",
    ),
    ("trace.state: unlinkd", "25: unknown value 'unlinkd'. Did you mean 'unlinked'?"),
    ("item.kind: {in: bug}", "28: read 'bug'; expected a list of values"),
    ("param: x", "12: unknown key 'param'. Allowed here: all, any, not, set."),
    ("item: x", "12: unknown key 'item'. Did you mean 'item.key'?"),
    ("set: [a]", "17: read a list; expected the name of a set"),
]


@pytest.mark.parametrize(("condition", "error"), CONDITIONS)
def test_a_wrong_condition_is_refused_at_its_place(condition, error):
    assert errors_of(rule_text(condition)) == [f"a.yaml:5:{error}"]


def test_all_mistakes_of_a_condition_are_told_at_once():
    first = "item.knd: bug, any: [{item.estimate: x}, {not: {item.labels: {smoe: a}}}]"
    second = "deps.open_blockers: {count: {where: {teem: x}, gte: y}}"

    assert errors_of(rule_text(f"{first}, {second}")) == [
        "a.yaml:5:12: unknown fact 'item.knd'. Did you mean 'item.kind'?",
        "a.yaml:5:49: read 'x'; expected a number",
        "a.yaml:5:74: unknown operator 'smoe'. Did you mean 'some'?",
        "a.yaml:5:124: unknown field 'teem'. Did you mean 'team'?",
        "a.yaml:5:139: read 'y'; expected a number",
    ]


def test_a_mixed_pair_of_spans_needs_a_date_to_compare_and_is_let_through():
    assert errors_of(rule_text("item.idle_for: {between: [3wd, 1d]}")) == []
