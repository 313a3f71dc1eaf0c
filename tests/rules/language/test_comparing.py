"""A fact compared with another fact, or a record's field with another field, moved or not."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from rules.facts.fact import FactType, FactValue
from rules.language import conditions
from rules.language.matchers import Moment
from syncd.model.findings import About
from syncd.model.truth import Truth, Unknown
from tests.rules.rulebook import NOW, VOCABULARY, Blocker, asked, errors_of, read_condition, rule_text

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
DARK = Unknown("not imported yet")


def day(number: int) -> date:
    return date(2026, 12, number)


def at(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 12, number, hour, tzinfo=UTC)


class TestFacts:
    @pytest.mark.parametrize(
        ("text", "own", "other", "answer"),
        [
            ("item.due_on: {lt: {fact: item.needed_by}}", day(1), day(2), YES),
            ("item.due_on: {lt: {fact: item.needed_by}}", day(2), day(2), NO),
            ("item.due_on: {eq: {fact: item.needed_by}}", day(2), day(2), YES),
            ("item.due_on: {not: {fact: item.needed_by}}", day(2), day(2), NO),
            ("item.due_on: {not: {fact: item.needed_by}}", day(2), day(3), YES),
            ("item.due_on: {gt: {fact: item.needed_by, plus: 3d}}", day(5), day(2), NO),
            ("item.due_on: {gt: {fact: item.needed_by, plus: 3d}}", day(6), day(2), YES),
            ("item.due_on: {gte: {fact: item.needed_by, minus: 1w}}", day(2), day(9), YES),
            ("item.due_on: {gte: {fact: item.needed_by, minus: 1w}}", day(1), day(9), NO),
            # One working day after a Thursday is Friday, after a Friday, Saturday or Sunday it is Monday.
            ("item.due_on: {eq: {fact: item.needed_by, plus: 1wd}}", day(25), day(24), YES),
            ("item.due_on: {eq: {fact: item.needed_by, plus: 1wd}}", day(28), day(25), YES),
            ("item.due_on: {eq: {fact: item.needed_by, plus: 1wd}}", day(28), day(26), YES),
            ("item.due_on: {eq: {fact: item.needed_by, minus: 3wd}}", day(21), day(24), YES),
            ("item.due_on: {eq: {fact: item.needed_by, minus: 1wd}}", day(25), day(27), YES),
            ("item.due_on: {between: [2026-12-01, {fact: item.needed_by}]}", day(2), day(2), YES),
            ("item.due_on: {between: [2026-12-01, {fact: item.needed_by}]}", day(3), day(2), NO),
            ("item.due_on: {in: [2026-12-01, {fact: item.needed_by}]}", day(1), None, YES),
            ("item.due_on: {in: [2026-12-01, {fact: item.needed_by}]}", day(2), day(2), YES),
            ("item.due_on: {in: [2026-12-01, {fact: item.needed_by}]}", day(3), DARK, UNKNOWN),
            ("item.due_on: {not_in: [{fact: item.needed_by}]}", day(3), day(2), YES),
            ("item.due_on: {lt: {fact: item.needed_by}}", day(1), None, NO),
            ("item.due_on: {gt: {fact: item.needed_by}}", day(1), None, NO),
            ("item.due_on: {lt: {fact: item.needed_by}}", None, day(1), NO),
            ("item.due_on: {lt: {fact: item.needed_by}}", day(1), DARK, UNKNOWN),
            ("item.due_on: {lt: {fact: item.needed_by, plus: 2wd}}", day(1), DARK, UNKNOWN),
            ("item.due_on: {lt: {fact: item.needed_by, plus: 2wd}}", day(1), "soon", UNKNOWN),
            ("item.due_on: {lt: {fact: item.needed_by}}", DARK, day(1), UNKNOWN),
        ],
    )
    def test_dates_are_compared_by_day(self, text, own, other, answer):
        assert asked(text, item_due_on=own, item_needed_by=other) is answer

    @pytest.mark.parametrize(
        ("text", "own", "other", "answer"),
        [
            ("lt: {fact: item.created_at}", at(1, 9), at(1, 10), YES),
            ("lt: {fact: item.created_at, minus: 2h}", at(1, 9), at(1, 10), NO),
            ("gt: {fact: item.created_at, plus: 2wd}", at(3, 0), at(1, 10), NO),
            ("gt: {fact: item.created_at, plus: 2wd}", at(3, 1), at(1, 10), YES),
            ("eq: {fact: item.due_on}", at(1, 9), day(1), YES),
            ("lt: {fact: item.due_on}", at(1, 9), day(1), NO),
        ],
    )
    def test_instants_are_compared_exactly_but_with_a_date_by_their_day(self, text, own, other, answer):
        facts = {"item.activity_at": own, "item.created_at": other, "item.due_on": other}
        condition = read_condition(f"item.activity_at: {{{text}}}")
        assert conditions.judge(condition, facts.get, Moment(NOW)) is answer

    @pytest.mark.parametrize(
        ("text", "facts", "answer"),
        [
            ("item.estimate: {gt: {fact: item.limit}}", {"item_estimate": 3, "item_limit": 2}, YES),
            ("item.estimate: {gt: {fact: item.limit, plus: 1}}", {"item_estimate": 3, "item_limit": 2}, NO),
            ("item.estimate: {eq: {fact: item.limit, minus: 0.5}}", {"item_estimate": 1.5, "item_limit": 2}, YES),
            ("item.estimate: {gt: {fact: item.limit}}", {"item_estimate": 3, "item_limit": "2"}, UNKNOWN),
            ("item.kind: {eq: {fact: item.team}}", {"item_kind": "pay", "item_team": "pay"}, YES),
            ("item.kind: {starts_with: {fact: item.team}}", {"item_kind": "payments", "item_team": "pay"}, YES),
            ("item.component: {eq: {fact: item.team}}", {"item_component": "PAY", "item_team": "Pay"}, YES),
            ("item.labels: {contains: {fact: item.team}}", {"item_labels": ("a", "PAY"), "item_team": "pay"}, YES),
            ("item.labels: {contains: {fact: item.team}}", {"item_labels": ("a",), "item_team": DARK}, UNKNOWN),
            ("item.labels: {count: {gt: {fact: item.limit}}}", {"item_labels": ("a", "b"), "item_limit": 1}, YES),
            ("item.labels: {count: {fact: item.limit}}", {"item_labels": ("a", "b"), "item_limit": 2}, YES),
            ("item.labels: {count: {gt: {fact: item.limit}}}", {"item_labels": ("a", DARK), "item_limit": 0}, YES),
            ("item.labels: {count: {eq: {fact: item.limit}}}", {"item_labels": ("a", DARK), "item_limit": 7}, UNKNOWN),
        ],
    )
    def test_numbers_and_texts_are_compared_too(self, text, facts, answer):
        assert asked(text, **facts) is answer

    def test_a_number_that_is_too_large_to_be_moved_is_larger_than_any_other(self):
        facts = {"item_estimate": 5, "item_limit": 10**400}
        assert asked("item.estimate: {lt: {fact: item.limit, plus: 0.5}}", **facts) is YES

    def test_a_question_says_what_it_reads_beside_its_own_fact(self):
        atom = read_condition("item.due_on: {between: [{fact: item.needed_by, minus: 1d}, {fact: item.created_at}]}")

        assert atom.others == ("item.needed_by", "item.created_at")
        assert conditions.facts_read(atom) == ("item.due_on", "item.needed_by", "item.created_at")

    def test_without_the_other_facts_it_is_unknown(self):
        atom = read_condition("item.due_on: {lt: {fact: item.needed_by}}")

        assert atom.matcher.judge(day(1), Moment(NOW)) is UNKNOWN


LATE = Blocker(key="A", expected_at=day(10), moved=2)
SOON = Blocker(key="B", expected_at=day(3), moved=5)


class TestRecords:
    @pytest.mark.parametrize(
        ("text", "needed_by", "answer"),
        [
            ("some: {expected_at: {gt: {fact: item.needed_by}}}", day(9), YES),
            ("some: {expected_at: {gt: {fact: item.needed_by}}}", day(10), NO),
            ("some: {expected_at: {gt: {fact: item.needed_by}}}", None, NO),
            ("some: {expected_at: {gt: {fact: item.needed_by}}}", DARK, UNKNOWN),
            ("every: {expected_at: {lt: {fact: item.needed_by, plus: 1d}}}", day(10), YES),
            ("none: {not: {expected_at: {gt: {fact: item.needed_by}}}}", day(2), YES),
            ("count: {where: {expected_at: {gt: {fact: item.needed_by}}}, gte: 2}", day(2), YES),
            ("count: {where: {expected_at: {gt: {fact: item.needed_by}}}, gte: 2}", day(3), NO),
        ],
    )
    def test_inside_a_record_a_fact_is_still_that_of_the_subject(self, text, needed_by, answer):
        blockers = (LATE, SOON)
        assert asked(f"deps.open_blockers: {{{text}}}", deps_open_blockers=blockers, item_needed_by=needed_by) is answer

    def test_a_field_is_another_one_of_the_same_record(self):
        text = "deps.open_blockers: {some: {team: {eq: {field: title}}}}"

        assert asked(text, deps_open_blockers=(Blocker(key="A", team="x", title="y"),)) is NO
        assert asked(text, deps_open_blockers=(Blocker(key="A", team="x", title="x"),)) is YES

    def test_the_members_that_match_are_told(self):
        condition = read_condition("deps.open_blockers: {some: {expected_at: {gt: {fact: item.needed_by}}}}")
        facts: dict[str, FactValue] = {"deps.open_blockers": (LATE, SOON), "item.needed_by": day(5)}

        assert conditions.matched(condition, facts.get, Moment(NOW)) == (LATE,)
        assert conditions.facts_read(condition) == ("deps.open_blockers", "item.needed_by")


def test_time_alone_turns_what_looks_at_the_clock_beside_a_comparison():
    condition = read_condition("item.due_on: {lt: {fact: item.needed_by}, within: 5d}")
    facts = {"item.due_on": day(20), "item.needed_by": day(24)}

    assert conditions.due(condition, facts.get, Moment(NOW)) == at(15)


@pytest.mark.parametrize(
    ("when", "error"),
    [
        (
            "item.due_on: {lt: {fact: item.neded_by}}",
            "37: unknown fact 'item.neded_by'. Did you mean 'item.needed_by'?",
        ),
        ("item.due_on: {lt: {fact: item.due_on, plus: 1d}}", "37: 'item.due_on' is compared with itself"),
        ("item.due_on: {lt: {fact: deps.length}}", "37: 'deps.length' is a fact about dependency; this is about item"),
        (
            "item.due_on: {lt: {fact: item.estimate}}",
            "37: 'item.estimate' (number) can't be compared with 'item.due_on' (date)",
        ),
        (
            "item.due_on: {lt: {fact: item.labels}}",
            "37: 'item.labels' (texts) can't be compared with 'item.due_on' (date)",
        ),
        (
            "item.idle_for: {lt: {fact: item.idle_for}}",
            "39: 'item.idle_for' is compared with itself",
        ),
        (
            "item.due_on: {lt: {fact: item.idle_for}}",
            "37: a length of time can't be taken from a fact; write it, or use {param: …}",
        ),
        (
            "item.due_on: {older_than: {fact: item.needed_by}}",
            "38: a length of time can't be taken from another fact; write it, or use {param: …}",
        ),
        (
            "item.due_on: {lt: {fact: item.needed_by, plus: 3x}}",
            "59: read '3x'; expected a length of time: an integer and m, h, d, w or wd (working days)",
        ),
        ("item.due_on: {lt: {fact: item.needed_by, plus: 3h}}", "59: a date is moved by days: 3d, 2w or 5wd"),
        (
            "item.due_on: {lt: {fact: item.needed_by, plus: 3d, minus: 1d}}",
            "63: 'plus' and 'minus' can't stand together",
        ),
        ("item.due_on: {lt: {fact: item.needed_by, add: 3d}}", "53: unknown key 'add' beside 'fact'."),
        ("item.due_on: {lt: {fact: [a]}}", "37: read a list; expected the name of a fact"),
        ("item.due_on: {lt: {fact: }}", "37: read nothing; expected the name of a fact"),
        (
            "item.kind: {eq: {fact: item.team, plus: 1}}",
            "46: 'plus' stands beside dates and numbers; this is text",
        ),
        (
            "item.estimate: {gt: {fact: item.limit, plus: 1d}}",
            "57: read '1d'; expected a number",
        ),
        (
            "item.due_on: {lt: {field: needed_by}}",
            "30: a field is that of a record, inside some, every, none or where; say {fact: …}",
        ),
        (
            "deps.open_blockers: {some: {moved: {gt: {field: titel}}}}",
            "60: unknown field 'titel'. Did you mean 'title'?",
        ),
        ("deps.open_blockers: {some: {moved: {gt: {field: moved}}}}", "60: 'moved' is compared with itself"),
        (
            "deps.open_blockers: {some: {moved: {gt: {fact: item.limt}}}}",
            "59: unknown fact 'item.limt'. Did you mean 'item.limit'?",
        ),
        ("item.kind: {matches: {fact: item.team}}", "33: read a mapping; expected a regular expression in quotes"),
        ("item.kind: {exists: {fact: item.team}}", "32: read a mapping; expected true or false"),
    ],
)
def test_what_can_not_be_compared_is_refused_at_its_place(when, error):
    (told,) = errors_of(rule_text(when))
    assert told.startswith(f"a.yaml:5:{error}")


def test_a_set_that_compares_with_a_fact_about_something_else_is_told_where_it_is_used():
    sets = "sets: {s: {period.id: {eq: {fact: item.kind}}}}\n"
    rules = "rules:\n  - {id: x, about: dependency, title: T, message: M, when: {set: s}}\n"

    assert errors_of(sets + rules) == ["a.yaml:3:60: the set 's' asks for 'item.kind', which is not about dependency"]


def test_a_day_moved_out_of_reach_stays_a_day():
    text = "item.due_on: {lt: {fact: item.needed_by, plus: 99999wd}}"

    assert asked(text, item_due_on=day(1), item_needed_by=date.max) is YES
    assert asked(text.replace("plus", "minus"), item_due_on=date.min, item_needed_by=date.min) in (YES, NO)
    assert asked(text.replace("99999wd", "99999d"), item_due_on=day(1), item_needed_by=date.max) is YES


ODD = (
    None,
    DARK,
    "text",
    7,
    0.5,
    True,
    day(1),
    date.max,
    at(1),
    timedelta(days=2),
    (),
    (DARK, "x", LATE),
    float("nan"),
)
BESIDE = ("plus: 2wd", "minus: 99999wd", "plus: 99999d", "plus: 3", "minus: 2h")


@pytest.mark.parametrize("own", VOCABULARY, ids=lambda fact: fact.name)
def test_what_can_be_compared_is_judged_whatever_the_values_are(own):
    read_count = 0
    for other, operator, moved in product(VOCABULARY, ("eq", "lt", "contains"), ("", *BESIDE)):
        beside = f", {moved}" if moved else ""
        try:
            atom = read_condition(f"{own.name}: {{{operator}: {{fact: {other.name}{beside}}}}}")
        except AssertionError:
            continue
        read_count += 1
        for mine, theirs in product(ODD, ODD):
            facts = {own.name: mine, other.name: theirs}
            assert conditions.judge(atom, facts.get, Moment(NOW)) in (YES, NO, UNKNOWN)
    alone = (FactType.SPAN, FactType.RECORDS, FactType.BOOL)  # of the last there is one only
    assert read_count > 0 or own.type in alone or About.ITEM not in own.about
