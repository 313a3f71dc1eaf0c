"""Facts about what unlinked work resembles: of whom they are asked, what they read, and who may read it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.daily import take_snapshot
from rules.facts.daily import index_of
from rules.facts.table import FactTable, context_at
from rules.language.calendar import Calendar
from rules.language.wording import FILTERS, Speaker
from rules.suggestions.indexing import index_of_work
from rules.world import WorldInput, build_world
from syncd.model.comments import Quote
from syncd.model.findings import Subject
from syncd.model.items import Audience, AudienceKind
from syncd.model.outcomes import Horizon, OutcomeStatus
from syncd.model.snapshots import SuggestionIndex
from syncd.model.truth import Unknown
from tests.builders import A_WEEK_AGO, NOW, item_id, make_item, make_outcome, make_place, make_state, make_world
from tests.rules.facts.asking import FACTS, fact, ids, state

SPEED, REFUNDS = make_outcome(title="Fast checkout"), make_outcome("refunds", title="Refunds within a day")
TRACED = (
    make_item("PAY-1", labels=("outcome:checkout-latency",), title="Checkout waits for fraud answers"),
    make_item("PAY-2", parent="PAY-1", title="Cache fraud answers at checkout"),
    make_item("PAY-3", parent="PAY-1", title="Checkout shows a spinner"),
    make_item("PAY-4", labels=("outcome:refunds",), title="Refund a card payment automatically"),
    make_item("PAY-5", parent="PAY-4", title="Refund receipt by mail"),
)
ASKED = make_item("PAY-9", title="Fraud answers come late at checkout", body="Shoppers wait.")
NOISE = tuple(make_item(f"PAY-{number}", title=f"Chore {chr(97 + number % 26) * 5}") for number in range(20, 40))
PUBLIC = make_place("jira:PAY", audience=Audience(AudienceKind.PUBLIC), comments_allowed=True)


def world(*asked, outcomes=(SPEED, REFUNDS), traced=TRACED, **given):
    return make_world([*traced, *NOISE, *(asked or (ASKED,))], outcomes, **given)


def suggested(of, key="PAY-9"):
    return ids(fact(of, "trace.suggestions", key))


def test_unlinked_work_is_compared_with_traced_work():
    (found,) = fact(world(), "trace.suggestions", "PAY-9")
    assert (found.id, found.title, found.horizon) == ("checkout-latency", "Fast checkout", Horizon.NOW)
    assert 0.06 <= found.score <= 1
    assert set(found.terms) <= {"fraud", "answer", "checkout", "wait"}
    assert fact(world(), "trace.suggestion_terms", "PAY-9") == found.terms


def test_a_message_names_the_outcome_by_its_title():
    line = FILTERS["names"].put(fact(world(), "trace.suggestions", "PAY-9"), Speaker())
    assert line == (Quote("Fast checkout"),)


@pytest.mark.parametrize(
    ("asked", "is_known"),
    [
        pytest.param(make_item("PAY-9", title="Water the office plants"), True, id="nothing-alike"),
        pytest.param(make_item("PAY-9", title=""), True, id="no-words"),
        pytest.param(make_item("PAY-9", title=ASKED.title, labels=("outcome:refunds",)), True, id="traced"),
        pytest.param(make_item("PAY-9", title=ASKED.title, labels=("outcome:nowhere",)), True, id="broken"),
    ],
)
def test_nothing_is_suggested_for(asked, is_known):
    assert fact(world(asked), "trace.suggestions", "PAY-9") == ()
    assert fact(world(asked), "trace.suggestion_terms", "PAY-9") == ()


def test_where_it_is_not_known_whether_it_is_unlinked_nothing_is_known():
    asked = make_item("PAY-9", title=ASKED.title, parent="LEG-1")
    found = fact(world(asked, states=[make_state("jira:LEG", error="down")]), "trace.suggestions", "PAY-9")
    assert isinstance(found[-1], Unknown)
    assert isinstance(fact(world(), "trace.suggestions", "PAY-404"), Unknown)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"status": OutcomeStatus.PAUSED}, id="paused"),
        pytest.param({"status": OutcomeStatus.DROPPED}, id="dropped"),
        pytest.param({"horizon": Horizon.NOT_NOW}, id="not-now"),
    ],
)
def test_an_outcome_that_no_work_may_serve_is_not_suggested(given):
    assert suggested(world(outcomes=(make_outcome(title="Fast checkout", **given), REFUNDS))) == []


def test_what_is_restricted_or_dark_teaches_nothing():
    secret = [make_item(each.key, title=each.title, labels=each.labels, restricted=True) for each in TRACED]
    assert suggested(world(traced=secret)) == []
    dark = [
        make_item(f"LEG-{number}", title=each.title, labels=("outcome:checkout-latency",))
        for number, each in enumerate(TRACED)
    ]
    assert suggested(world(traced=dark)) == ["checkout-latency"]
    assert suggested(world(traced=dark, states=[make_state("jira:LEG", error="down")])) == []


def test_where_outsiders_read_what_is_said_only_what_all_may_read_is_compared():
    speed = make_outcome(title="Fast checkout", visibility="public")
    inside = [
        make_item(f"LEG-{number}", title=each.title, labels=("outcome:checkout-latency",))
        for number, each in enumerate(TRACED[:3])
    ]
    assert suggested(world(outcomes=(speed,), traced=TRACED[:3], places=[PUBLIC])) == ["checkout-latency"]
    assert suggested(world(outcomes=(SPEED,), traced=TRACED[:3], places=[PUBLIC])) == []
    assert suggested(world(outcomes=(speed,), traced=inside, places=[PUBLIC])) == []
    closed = make_place("jira:PAY", audience=Audience(AudienceKind.PUBLIC))
    assert suggested(world(outcomes=(speed,), traced=inside, places=[closed])) == ["checkout-latency"]


def test_the_days_index_is_compared_with_and_no_other():
    given = world()
    snapshot = take_snapshot(given, NOW, Calendar())
    assert snapshot.index == index_of_work(context_at(given, NOW, Calendar()))
    later = world(traced=())
    later.keep(snapshot)
    assert index_of(context_at(later, NOW, Calendar())) is snapshot.index
    assert suggested(later) == ["checkout-latency"]
    without = world(traced=(), outcomes=(REFUNDS,))
    without.keep(snapshot)
    assert suggested(without) == []


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(world(outcomes=()), id="no-outcomes"),
        pytest.param(world(traced=()), id="no-traced-work"),
        pytest.param(make_world(), id="no-items"),
    ],
)
def test_an_empty_corpus_is_no_error(given):
    index = index_of_work(context_at(given, NOW, Calendar()))
    assert index.rows == ()
    if given.rows:
        assert fact(given, "trace.suggestions", "PAY-9") == ()


def test_of_much_work_the_newest_is_kept():
    many = [
        make_item(
            f"PAY-{number}",
            labels=("outcome:checkout-latency",),
            title="Old wiring" if number < 1200 else "New checkout",
            created_at=A_WEEK_AGO - timedelta(days=1500 - number),
        )
        for number in range(1000, 1500)
    ]
    index = index_of_work(context_at(world(traced=many), NOW, Calendar()))
    assert len(index.rows) == 300
    assert "wiring" not in index.postings


def test_a_column_works_out_only_what_is_read():
    given = world()
    subjects = [Subject("item", each.id) for each in given.rows]
    column = FactTable(FACTS, world=given, subjects=subjects, now=NOW, calendar=Calendar()).column("trace.suggestions")
    assert len(column) == len(subjects)
    assert ids(column[subjects.index(Subject("item", item_id("PAY-9")))]) == ["checkout-latency"]
    assert list(column[:2]) == list(column)[:2]


WORDS = st.lists(st.sampled_from(["checkout", "fraud", "refund", "card", "slow", "mail"]), max_size=5).map(" ".join)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(WORDS, st.sampled_from(["", "outcome:checkout-latency", "outcome:refunds"])), max_size=12),
    st.randoms(use_true_random=False),
)
def test_traced_work_gets_none_and_the_order_of_rows_changes_nothing(texts, chance):
    items = [
        make_item(f"PAY-{number}", title=title, labels=(label,) if label else ())
        for number, (title, label) in enumerate(texts)
    ]
    one = make_world(items, (SPEED, REFUNDS))
    shuffled = list(items)
    chance.shuffle(shuffled)
    other = make_world(shuffled, (SPEED, REFUNDS))
    for item in items:
        found = fact(one, "trace.suggestions", item.key)
        assert found == fact(other, "trace.suggestions", item.key)
        assert state(one, item.key) == "unlinked" or found == ()
        assert all(0 <= each.score <= 1 for each in found)


def test_an_index_of_nothing_is_asked_for_nothing():
    given = build_world(WorldInput(items={ASKED.id: ASKED}))
    assert index_of_work(context_at(given, NOW, Calendar())) == SuggestionIndex()
