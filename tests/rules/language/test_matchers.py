"""What a matcher says of a value: every operator, on every type it stands on."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.language.matchers import Moment
from syncd.model.outcomes import OutcomeStatus
from syncd.model.truth import Truth, Unknown
from tests.rules.rulebook import NOW, Blocker, Served, asked, read_condition

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
DARK = Unknown("not imported yet")
ONE = Blocker(key="FRAUD-1", team="fraud", expected_at=date(2026, 12, 20), moved=2)
TWO = Blocker(key="PAY-2", team="payments")
NO_TEAM = Blocker(key="PAY-3")

SCALARS = [
    ("item.kind: bug", "bug", YES),
    ("item.kind: bug", "Bug", NO),
    ("item.kind: bug", None, NO),
    ("item.kind: bug", DARK, UNKNOWN),
    ("item.kind: bug", 7, UNKNOWN),
    ("item.kind: [bug, debt]", "debt", YES),
    ("item.kind: [bug, debt]", "feature", NO),
    ("item.kind: {eq: bug}", "bug", YES),
    ("item.kind: {in: [bug, debt]}", "debt", YES),
    ("item.kind: {not_in: [bug, debt]}", "debt", NO),
    ("item.kind: {not_in: [bug, debt]}", None, YES),
    ("item.kind: {not_in: [bug, debt]}", DARK, UNKNOWN),
    ("item.kind: {not: bug}", "debt", YES),
    ("item.kind: {not: bug}", None, YES),
    ("item.kind: {not: bug}", DARK, UNKNOWN),
    ("item.kind: {not: [bug, debt]}", "debt", NO),
    ("item.kind: {not: {starts_with: b}}", "bug", NO),
    ("item.kind: {starts_with: b, ends_with: g}", "bug", YES),
    ("item.kind: {starts_with: b, ends_with: x}", "bug", NO),
    ("item.title: {contains: pay}", "we pay late", YES),
    ("item.title: {contains: pay}", "Pay", NO),
    ("item.title: {empty: true}", "", YES),
    ("item.title: {empty: true}", None, YES),
    ("item.title: {empty: false}", "x", YES),
    ("item.title: {empty: true}", DARK, UNKNOWN),
    ("item.title: {exists: true}", "", YES),
    ("item.title: {exists: false}", None, YES),
    ("item.title: {exists: false}", "x", NO),
    ("item.title: {exists: true}", DARK, UNKNOWN),
    ("item.estimate: 3", 3, YES),
    ("item.estimate: 3", 3.0, YES),
    ("item.estimate: [1, 2]", 2, YES),
    ("item.estimate: {lt: 3}", 3, NO),
    ("item.estimate: {lte: 3}", 3, YES),
    ("item.estimate: {gt: 3}", 3, NO),
    ("item.estimate: {gte: 2.5}", 3, YES),
    ("item.estimate: {gte: 1, lt: 3}", 3, NO),
    ("item.estimate: {between: [1, 3]}", 3, YES),
    ("item.estimate: {between: [1, 3]}", 1, YES),
    ("item.estimate: {between: [1, 3]}", 3.1, NO),
    ("item.estimate: {lt: 3}", None, NO),
    ("item.estimate: {lt: 3}", float("nan"), NO),
    ("item.estimate: {not: {lt: 3}}", None, YES),
    ("item.estimate: {lt: 3}", DARK, UNKNOWN),
    ("item.estimate: 1", True, UNKNOWN),
    ("item.in_play: true", True, YES),
    ("item.in_play: false", True, NO),
    ("item.in_play: {not: true}", DARK, UNKNOWN),
    ("item.component: Payment", "PAYMENT", YES),
    ("item.component: {contains: AY}", "Payment", YES),
]


@pytest.mark.parametrize(("matcher", "value", "truth"), SCALARS)
def test_a_matcher_of_one_value_answers(matcher, value, truth):
    fact = matcher.partition(":")[0].replace(".", "_")

    assert asked(matcher, **{fact: value}) is truth


@pytest.mark.parametrize(
    ("matcher", "value", "truth"),
    [
        ('"cut-?over"', "the cutover plan", YES),
        ('"^cut-?over"', "the cutover plan", NO),
        ('"(?i)CUT"', "cutover", YES),
        ('"\\\\bPAY-[0-9]+\\\\b"', "see PAY-12.", YES),
        ('"x"', "half a pair \ud800 x", YES),
        ('"x"', None, NO),
        ('"x"', DARK, UNKNOWN),
    ],
)
def test_matches_searches_anywhere_with_re2(matcher, value, truth):
    assert asked(f"item.title: {{matches: {matcher}}}", item_title=value) is truth


def test_a_pattern_that_would_hang_another_engine_answers_at_once():
    assert asked('item.title: {matches: "(a+)+$"}', item_title="a" * 50_000 + "b") is NO


def test_a_pattern_of_labels_takes_no_account_of_case_and_folds_nothing():
    assert asked("item.labels: {some: {matches: STRASSE}}", item_labels=("strasse",)) is YES
    assert asked("item.labels: {some: {matches: straße}}", item_labels=("Straße",)) is YES


TEXTS = [
    ("contains: Fast", ("fast", "b"), YES),
    ("contains: as", ("fast",), NO),
    ("some: fast", ("FAST",), YES),
    ("some: [a, b]", ("c", "B"), YES),
    ("some: {starts_with: FA}", ("fast",), YES),
    ("every: {starts_with: f}", ("fast", "slow"), NO),
    ("every: {starts_with: f}", (), YES),
    ("none: fast", ("slow",), YES),
    ("none: fast", (), YES),
    ("count: 2", ("a", "b"), YES),
    ("count: {gte: 3}", ("a", "b"), NO),
    ("count: {where: {starts_with: a}, lt: 2}", ("ab", "ac", "x"), NO),
    ("empty: true", (), YES),
    ("empty: false", (), NO),
    ("empty: true", None, YES),
    ("exists: true", (), YES),
    ("exists: false", None, YES),
    ("contains: fast", DARK, UNKNOWN),
    ("contains: fast", ("fast", DARK), YES),
    ("contains: fast", ("slow", DARK), UNKNOWN),
    ("none: fast", ("slow", DARK), UNKNOWN),
    ("none: fast", ("fast", DARK), NO),
    ("every: slow", ("slow", DARK), UNKNOWN),
    ("every: slow", ("fast", DARK), NO),
    ("empty: true", (DARK,), UNKNOWN),
    ("empty: true", ("a", DARK), NO),
    ("count: {gte: 1}", ("a", DARK), YES),
    ("count: {gte: 2}", ("a", DARK), UNKNOWN),
    ("count: {lt: 1}", ("a", DARK), NO),
    ("count: {not: 0}", ("a", DARK), YES),
    ("count: {between: [0, 5]}", ("a", DARK), UNKNOWN),
]


@pytest.mark.parametrize(("matcher", "value", "truth"), TEXTS)
def test_a_matcher_of_texts_answers(matcher, value, truth):
    assert asked(f"item.labels: {{{matcher}}}", item_labels=value) is truth


RECORDS = [
    ("some: {team: fraud}", (ONE, TWO), YES),
    ("some: {team: fraud, moved: {gt: 2}}", (ONE, TWO), NO),
    ("some: {any: [{team: x}, {moved: 2}]}", (ONE,), YES),
    ("some: {not: {team: fraud}}", (ONE,), NO),
    ("some: {team: {exists: false}}", (NO_TEAM,), YES),
    ("some: {team: {not: fraud}}", (NO_TEAM,), YES),
    ("some: {team: fraud}", (NO_TEAM,), NO),
    ("every: {team: fraud}", (ONE, NO_TEAM), NO),
    ("none: {team: legal}", (ONE, TWO), YES),
    ("count: {where: {team: fraud}, eq: 1}", (ONE, TWO), YES),
    ("count: {gte: 2}", (ONE, TWO), YES),
    ("contains: PAY-2", (ONE, TWO), YES),
    ("contains: PAY-9", (ONE, DARK), UNKNOWN),
    ("some: {expected_at: {gt: 2026-12-18}}", (ONE,), YES),
    ("some: {item: {exists: false}}", (ONE,), YES),
    ("some: {team: fraud}, count: {lt: 2}", (ONE, TWO), NO),
    ("some: {team: legal}", (ONE, DARK), UNKNOWN),
    ("some: {team: fraud}", (ONE, DARK), YES),
    ("every: {team: fraud}", (ONE, DARK), UNKNOWN),
    ("empty: false", (ONE,), YES),
    ("some: {team: fraud}", (), NO),
    ("some: {team: fraud}", "odd", UNKNOWN),
    ("some: {team: fraud}", ("odd",), UNKNOWN),
]


@pytest.mark.parametrize(("matcher", "value", "truth"), RECORDS)
def test_a_matcher_of_records_answers(matcher, value, truth):
    assert asked(f"deps.open_blockers: {{{matcher}}}", deps_open_blockers=value) is truth


def test_a_closed_set_from_an_enum_is_read_by_its_words():
    paused = Served(id="x", title="X", status=OutcomeStatus.PAUSED)

    assert asked("trace.outcomes: {some: {status: paused}}", trace_outcomes=(paused,)) is YES


# NOW is Wednesday 25 November 2026, 12:00 UTC.
TIMES = [
    ("item.due_on: {older_than: 1d}", date(2026, 11, 23), YES),
    ("item.due_on: {older_than: 1d}", date(2026, 11, 24), NO),
    ("item.due_on: {older_than: 0}", date(2026, 11, 24), YES),
    ("item.due_on: {older_than: 0}", date(2026, 11, 25), NO),
    ("item.due_on: {older_than: 3wd}", date(2026, 11, 19), YES),
    ("item.due_on: {older_than: 3wd}", date(2026, 11, 20), NO),
    ("item.due_on: {newer_than: 1d}", date(2026, 11, 24), YES),
    ("item.due_on: {newer_than: 1d}", date(2026, 11, 23), NO),
    ("item.due_on: {newer_than: 1d}", None, NO),
    ("item.due_on: {newer_than: 1d}", DARK, UNKNOWN),
    ("item.due_on: {within: 2d}", date(2026, 11, 27), YES),
    ("item.due_on: {within: 2d}", date(2026, 11, 28), NO),
    ("item.due_on: {within: 2d}", date(2026, 11, 25), YES),
    ("item.due_on: {within: 2d}", date(2026, 11, 24), NO),
    ("item.due_on: {within: 3wd}", date(2026, 11, 28), YES),
    ("item.due_on: {within: 3wd}", date(2026, 11, 30), NO),
    ("item.due_on: {lt: 2026-11-25}", date(2026, 11, 24), YES),
    ("item.due_on: 2026-11-25", date(2026, 11, 25), YES),
    ("item.due_on: {between: [2026-11-25, 2026-11-26]}", date(2026, 11, 26), YES),
    ("item.activity_at: {older_than: 2h}", datetime(2026, 11, 25, 10, 0, tzinfo=UTC), YES),
    ("item.activity_at: {older_than: 2h}", datetime(2026, 11, 25, 10, 1, tzinfo=UTC), NO),
    ("item.activity_at: {older_than: 90m}", datetime(2026, 11, 25, 10, 30, tzinfo=UTC), YES),
    ("item.activity_at: {newer_than: 1w}", datetime(2026, 11, 20, tzinfo=UTC), YES),
    ("item.activity_at: {within: 1d}", datetime(2026, 11, 26, 11, 0, tzinfo=UTC), YES),
    ("item.activity_at: {within: 1d}", datetime(2026, 11, 26, 13, 0, tzinfo=UTC), NO),
    ("item.activity_at: 2026-11-25", datetime(2026, 11, 25, 23, 59, tzinfo=UTC), YES),
    ("item.activity_at: {gte: 2026-11-25}", datetime(2026, 11, 24, 23, 59, tzinfo=UTC), NO),
    ("item.activity_at: {older_than: 2h}", datetime(2026, 11, 25, 8, tzinfo=UTC).replace(tzinfo=None), UNKNOWN),
    ("item.idle_for: {gt: 3d}", timedelta(days=3), NO),
    ("item.idle_for: {gte: 3d}", timedelta(days=3), YES),
    ("item.idle_for: {lt: 3d}", timedelta(days=2), YES),
    ("item.idle_for: {lte: 3d}", timedelta(days=3), YES),
    ("item.idle_for: {lte: 3d}", timedelta(days=3, seconds=1), NO),
    ("item.idle_for: {between: [1d, 3d]}", timedelta(days=3), YES),
    ("item.idle_for: {gte: 3wd}", timedelta(days=5), YES),
    ("item.idle_for: {gt: 3wd}", timedelta(days=5, hours=12), NO),
    ("item.idle_for: {gte: 3wd}", timedelta(days=2), NO),
    ("item.idle_for: {gte: 3d}", None, NO),
    ("item.idle_for: {gte: 99999w}", timedelta.max, YES),
]


@pytest.mark.parametrize(("matcher", "value", "truth"), TIMES)
def test_a_matcher_of_a_time_answers(matcher, value, truth):
    fact = matcher.partition(":")[0].replace(".", "_")

    assert asked(matcher, **{fact: value}) is truth


DUES = [
    ("item.due_on: {older_than: 1d}", date(2026, 11, 25)),
    ("item.due_on: {newer_than: 2wd}", date(2026, 11, 24)),
    ("item.due_on: {within: 2d}", date(2026, 11, 30)),
    ("item.due_on: {within: 3wd}", date(2026, 12, 2)),
    ("item.due_on: {within: 2d}", date(2026, 11, 26)),
    ("item.activity_at: {older_than: 36h}", datetime(2026, 11, 25, 10, 0, tzinfo=UTC)),
    ("item.activity_at: {within: 2wd}", datetime(2026, 11, 30, 10, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("matcher", "value"), DUES)
def test_what_is_due_is_exactly_when_time_alone_changes_the_answer(matcher, value):
    condition = read_condition(matcher)
    due = condition.matcher.due(value, Moment(NOW))
    now = condition.matcher.judge(value, Moment(NOW))

    assert due > NOW
    assert condition.matcher.judge(value, Moment(due - timedelta(microseconds=1))) is now
    assert condition.matcher.judge(value, Moment(due)) is not now


def test_what_time_will_not_change_is_never_due():
    for matcher, value in [
        ("item.due_on: {older_than: 1d}", date(2026, 11, 1)),
        ("item.due_on: {within: 1d}", date(2026, 11, 1)),
        ("item.due_on: {older_than: 1d}", None),
        ("item.due_on: {older_than: 1d}", DARK),
    ]:
        assert read_condition(matcher).matcher.due(value, Moment(NOW)) is None


def test_a_span_that_must_be_exceeded_is_due_just_after_it():
    matcher = read_condition("item.idle_for: {gt: 3d}").matcher

    assert matcher.due(timedelta(days=3), Moment(NOW)) == NOW + timedelta(microseconds=1)


def test_a_time_in_a_record_is_due_too():
    matcher = read_condition("deps.open_blockers: {some: {expected_at: {older_than: 0}}}").matcher

    assert matcher.due((ONE, TWO, DARK), Moment(NOW)) == datetime(2026, 12, 21, tzinfo=UTC)
