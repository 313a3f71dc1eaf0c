"""Facts about what a team did in the planning period, by items and by estimate: tables by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.roadmap.loader import Exemption, Standing
from syncd.model.items import StatusCategory
from syncd.model.outcomes import Budget, Horizon, Period
from syncd.model.truth import Unknown
from tests.builders import NOW, make_event, make_history, make_item, make_outcome, make_state, make_world
from tests.rules.conditions import condition
from tests.rules.facts.asking import of

DOING, DONE = StatusCategory.IN_PROGRESS, StatusCategory.DONE
Q4 = Period(id="2026-Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
IN_OCTOBER, IN_MAY = datetime(2026, 10, 7, tzinfo=UTC), datetime(2026, 5, 7, tzinfo=UTC)


def health(least=None, most=None):
    match = condition("{item.labels: {contains: debt}}")
    return Standing(id="health", title="Pay down debt", match=match, budget=Budget(least=least, most=most))


def done(key, at=IN_OCTOBER, **given):
    return make_item(key, status_category=DONE, closed_at=at, created_at=IN_MAY, updated_at=at, **given)


def doing(key, **given):
    return make_item(key, status_category=DOING, **given)


def world(*items, budget=None, period=Q4, outcomes=(), **given):
    standing = (health(**(budget or {})),)
    return make_world(items, outcomes, standing=standing, period=period, **given)


def budget_of(given, now=NOW):
    (record,) = of(given, "team.period_budgets", "payments", now=now)
    return record


WORK = (
    done("PAY-1", labels=("debt",)),
    done("PAY-2"),
    doing("PAY-3"),
    doing("PAY-4"),
    doing("PAY-5"),
    # None of these was finished in the period, or is worked on.
    done("PAY-6", IN_MAY, labels=("debt",)),
    make_item("PAY-7", labels=("debt",)),
)


@pytest.mark.parametrize(
    ("budget", "short", "over"),
    [
        pytest.param({}, False, False, id="none-agreed"),
        pytest.param({"least": 0.2}, False, False, id="just-enough"),
        pytest.param({"least": 0.25}, True, False, id="too-little"),
        pytest.param({"most": 0.1}, False, True, id="too-much"),
    ],
)
def test_what_was_finished_and_what_is_worked_on_beside_the_budget(budget, short, over):
    record = budget_of(world(*WORK, budget=budget))
    assert (record.count, record.share, record.short, record.over) == (1, pytest.approx(0.2), short, over)
    assert (record.estimate, record.estimate_share, record.short_by_estimate) == (None, None, False)
    assert of(world(*WORK), "team.period_count", "payments") == 5


def test_a_budget_is_told_in_words():
    assert budget_of(world(*WORK, budget={"least": 0.25})).title == "Pay down debt: 1 of 5 items, at least 25%"


def test_a_team_that_estimates_is_told_both():
    items = [done("PAY-1", labels=("debt",), estimate=1), done("PAY-2", estimate=8), doing("PAY-3", estimate=3)]
    record = budget_of(world(*items, budget={"least": 0.25}))
    assert (record.share, record.short) == (pytest.approx(1 / 3), False)
    assert (record.estimate, record.estimate_share, record.short_by_estimate) == (1, pytest.approx(1 / 12), True)
    assert record.title == "Pay down debt: 1 of 3 items, 1 of 12 by estimate, at least 25%"


@pytest.mark.parametrize(
    ("estimates", "total"),
    [
        pytest.param((1, 2, 3, 4, None), 10, id="four-in-five"),
        pytest.param((1, 2, 3, None, None), None, id="too-few"),
        pytest.param((1, 2, 3, -4, 0), None, id="negative-and-none-are-no-estimates"),
        pytest.param((1, 2, 3, float("nan"), float("inf")), None, id="no-numbers-are-no-estimates"),
    ],
)
def test_where_few_have_an_estimate_none_are_summed_up(estimates, total):
    items = [doing(f"PAY-{number}", estimate=each) for number, each in enumerate(estimates)]
    (kind,) = of(world(*items), "team.period_kinds", "payments")
    assert kind.estimate == total


def test_kinds_the_most_frequent_first():
    (kind,) = of(world(*WORK), "team.period_kinds", "payments")
    assert (kind.kind, kind.count, kind.share, kind.title) == ("other", 5, 1.0, "other: 5 of 5")


def test_what_it_was_for():
    items = [
        done("PAY-1", labels=("outcome:speed",)),
        done("PAY-2", labels=("debt",)),
        done("PAY-3", labels=("incident",)),
        done("PAY-4", labels=("outcome:later",)),
        done("PAY-5"),
        done("PAY-6"),
    ]
    exempt = (Exemption(match=condition("{item.labels: {contains: incident}}"), reason="on call"),)
    outcomes = (make_outcome("speed"), make_outcome("later", horizon=Horizon.NOT_NOW))
    found = of(world(*items, outcomes=outcomes, exempt=exempt), "team.period_purposes", "payments")
    assert [(each.purpose, each.count) for each in found] == [
        ("outcome", 1),
        ("standing", 1),
        ("exempt", 1),
        ("inactive", 1),
        ("unlinked", 2),
    ]
    assert found[3].title == "for outcomes that are not being worked on: 1 of 6"


def test_a_parent_is_not_counted_beside_its_children():
    items = [doing("PAY-1"), doing("PAY-2", parent="PAY-1"), done("PAY-3", parent="PAY-1")]
    assert of(world(*items), "team.period_count", "payments") == 2


def test_parents_in_a_ring_end():
    items = [doing("PAY-1", parent="PAY-2"), doing("PAY-2", parent="PAY-1")]
    assert of(world(*items), "team.period_count", "payments") == 1


@pytest.mark.parametrize(
    ("now", "count"),
    [
        pytest.param(datetime(2026, 9, 30, tzinfo=UTC), 0, id="before-it"),
        pytest.param(NOW, 5, id="in-it"),
        pytest.param(datetime(2027, 1, 5, tzinfo=UTC), 2, id="after-it-what-was-finished"),
    ],
)
def test_the_period_decides(now, count):
    assert of(world(*WORK), "team.period_count", "payments", now=now) == count
    assert budget_of(world(*WORK), now=now).share == (pytest.approx(1 / count) if count else None)


def test_without_a_period_there_is_nothing():
    given = world(*WORK, period=None)
    assert of(given, "team.period_count", "payments") is None
    for name in ("budgets", "kinds", "purposes"):
        assert of(given, f"team.period_{name}", "payments") == ()


def test_what_is_done_without_a_date_is_dated_by_its_history_else_nothing_is_known():
    undated = make_item("PAY-9", status="Done", status_category=DONE, created_at=IN_MAY, updated_at=IN_OCTOBER)
    found = of(world(*WORK, undated), "team.period_budgets", "payments")
    assert [type(each) for each in found] == [Unknown]
    assert isinstance(of(world(*WORK, undated), "team.period_count", "payments"), Unknown)
    moved = make_event("status", "To Do", "Done", at=IN_OCTOBER)
    told = world(*WORK, undated, histories={"PAY-9": make_history(moved)})
    assert of(told, "team.period_count", "payments") == 6


def test_what_is_said_to_be_closed_tomorrow_is_not_known():
    given = world(done("PAY-1", NOW + timedelta(days=1)))
    assert isinstance(of(given, "team.period_count", "payments"), Unknown)


def test_a_dark_place_of_the_team_leaves_it_unknown():
    given = world(*WORK, states=[make_state("jira:PAY", error="down")])
    assert isinstance(of(given, "team.period_count", "payments"), Unknown)


def test_a_team_of_which_nobody_knows_has_nothing():
    assert of(world(*WORK), "team.period_count", "nobody") == 0
    assert of(world(*WORK), "team.period_kinds", "nobody") == ()


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["todo", "doing", "done", "long ago"]),
            st.booleans(),
            st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)),
        ),
        max_size=12,
    )
)
def test_shares_are_shares_and_add_up(rows):
    items = []
    for number, (state, is_debt, estimate) in enumerate(rows):
        given_ = {"labels": ("debt",) if is_debt else (), "estimate": estimate}
        key = f"PAY-{number}"
        made = {"todo": make_item, "doing": doing}.get(state)
        items.append(made(key, **given_) if made else done(key, IN_OCTOBER if state == "done" else IN_MAY, **given_))
    found = world(*items)
    count = sum(state in ("doing", "done") for state, _, _ in rows)
    assert of(found, "team.period_count", "payments") == count
    for name in ("kinds", "purposes"):
        records = of(found, f"team.period_{name}", "payments")
        assert sum(each.count for each in records) == count
        assert all(0 < each.share <= 1 for each in records)
        assert all(each.estimate_share is None or 0 <= each.estimate_share <= 1 for each in records)
    record = budget_of(found)
    assert record.count == sum(is_debt and state in ("doing", "done") for state, is_debt, _ in rows)
