"""The terms of texts: what is counted, and what is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.suggestions.terms import spoken, terms_of_item, terms_of_outcome, words_of
from syncd.model.outcomes import Measure
from tests.builders import make_item, make_outcome


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Checkout answers slowly", ["checkout", "answer", "slowly"], id="words"),
        pytest.param("The user should be able to pay", ["user", "pay"], id="words-that-say-nothing"),
        pytest.param("queries, classes, status, bus", ["query", "classe", "status", "bus"], id="plurals"),
        pytest.param("PaymentService fails", ["paymentservice", "payment", "service", "fail"], id="humps"),
        pytest.param("load_test of jira-import", ["load", "test", "jira", "import"], id="joined"),
        pytest.param("PAY-88 and acme/checkout#12 and #3 block it", ["block"], id="keys"),
        pytest.param("in 2026, build 4711, at 5f3a9c1d", ["build"], id="numbers-and-hashes"),
        pytest.param("Die Zahlung über Überweisung wird langsam", ["zahlung", "überweisung", "langsam"], id="german"),
        pytest.param("Le paiement échoue avec la carte", ["paiement", "échoue", "carte"], id="french"),
        pytest.param("оплата картой", ["оплата", "картой"], id="cyrillic"),
        pytest.param("提供后端接口", ["提供", "供后", "后端", "端接", "接口"], id="without-spaces"),
        pytest.param("\uff30\uff21\uff39 now", ["pay"], id="wide-letters"),
        pytest.param("a b ½ ... !?", [], id="nothing"),
        pytest.param("x" * 31, [], id="no-word-is-so-long"),
    ],
)
def test_words(text, words):
    assert list(words_of(text)) == words


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("pay\n```\nsecret = code()\n```\n", id="fence"),
        pytest.param("pay\n```\nsecret code without end", id="fence-without-end"),
        pytest.param("pay\n{code:java}\nsecret code\n{code}\n", id="wiki-code"),
        pytest.param("pay {noformat}secret log{noformat}", id="wiki-log"),
        pytest.param("pay https://secret.example/code?log=1", id="address"),
        pytest.param("pay, asks secret.person@code.example", id="mail"),
        pytest.param("pay\n    at com.secret.Code.run(Code.java:12)\nCaused by: secret.Code: log", id="java-stack"),
        pytest.param('pay\nTraceback (most recent call last):\n  File "secret.py", line 1, in code', id="python-stack"),
        pytest.param("pay\n2026-11-24T12:00:00 secret code\n[ERROR] secret", id="log-lines"),
        pytest.param("pay\n> secret quote", id="quote"),
        pytest.param("pay <!-- secret hint -->", id="comment"),
        pytest.param("pay !secret.png|thumbnail!", id="picture"),
        pytest.param("pay\r\n$ secret --code", id="command"),
    ],
)
def test_what_is_no_speech_is_left_out(body):
    words = set(words_of(spoken(body)))
    assert "pay" in words
    assert not words & {"secret", "code", "log"}


def test_a_title_weighs_more_than_a_body_and_repeating_a_word_says_little_more():
    terms = terms_of_item(make_item(title="checkout", body="latency " * 50))
    assert terms["checkout"] == terms["latency"] == 3.0
    assert terms_of_item(make_item(title="", body="latency"))["latency"] == 1.0


def test_labels_components_place_and_team_are_terms_but_the_name_of_an_outcome_is_not():
    item = make_item(labels=("Billing", "outcome:checkout-latency", "Outcome: x"), components=("Web Shop",), title="")
    assert set(terms_of_item(item, "Payments")) == {
        "label:billing",
        "component:web shop",
        "place:jira:pay",
        "team:payments",
    }


def test_what_is_not_public_of_an_outcome_is_left_out_where_anybody_reads():
    outcome = make_outcome(title="Fast checkout", why="Carts are lost", measures=(Measure(id="p95", name="Latency"),))
    assert set(terms_of_outcome(outcome)) == {"fast", "checkout", "cart", "lost", "latency"}
    assert set(terms_of_outcome(outcome, in_public=True)) == {"fast", "checkout", "cart", "lost"}


def test_a_text_without_end_is_read_in_part():
    terms = terms_of_item(make_item(body=" ".join(f"wordno{number:x}g" for number in range(200_000))))
    assert len(terms) < 1000


@given(st.text(), st.text())
def test_any_text_has_terms_with_positive_weights(title, body):
    assert all(weight > 0 and term for term, weight in terms_of_item(make_item(title=title, body=body)).items())
