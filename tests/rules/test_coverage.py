"""What the map of a tracker's words covers, and which rules are blind there."""

import pytest

from rules.coverage import Blind, coverage_of
from rules.facts.vocabulary import all_facts
from rules.language.calendar import Calendar
from rules.loader import load_rules
from syncd.documents import parse_document
from syncd.model.items import StatusCategory
from syncd.model.words import Selector, Words
from tests.builders import NOW, make_item, make_link, make_place, make_state, make_world

WORDS = Words(kinds=(("bug", (Selector(type="Bug"),)),))


def covered(items, rules="rules: []", tracker="jira", **world):
    loaded = load_rules([parse_document(rules, "rules.yaml")], all_facts())
    places = [make_place("jira:PAY", words=WORDS)]
    return coverage_of(tracker, make_world(items, places=places, **world), loaded, NOW, Calendar())


def rule(when: str, *more: str) -> str:
    return f"rules:\n  - {{id: r, title: R, message: m, when: {when}{''.join(f', {each}' for each in more)}}}"


def test_shares_count_open_items_of_the_tracker():
    items = [
        make_item("PAY-1", type="Bug", estimate=3.0),
        make_item("PAY-2", type="Epic"),
        make_item("PAY-3", type="Bug", status_category=StatusCategory.DONE),
        make_item("acme/sdk#1"),
    ]
    found = covered(items)
    shares = {share.name: (share.known_count, share.total) for share in found.shares}
    assert found.item_count == 2
    assert (shares["kind"], shares["estimate"], shares["team"]) == ((1, 2), (1, 2), (2, 2))


def test_words_that_nobody_mapped_come_with_how_many_use_them():
    links = (make_link("Cloners", "PAY-9"),)
    items = [
        make_item("PAY-1", type="Spike", status_category=None, status="Odd", links=links),
        make_item("PAY-2", type="Spike"),
        make_item("PAY-3", labels=("idea",)),
    ]
    found = covered(items)
    assert found.unmapped_types == (("Spike", 2),)
    assert found.unmapped_labels == (("idea", 1),)
    assert found.unmapped_statuses == (("Odd", 1),)
    assert found.unmapped_links == (("Cloners", 1),)


@pytest.mark.parametrize(
    ("rules", "fact"),
    [
        pytest.param(rule("{item.estimate: {gte: 5}}"), "item.estimate", id="when"),
        pytest.param(rule("{item.key: PAY-1}", "applies_to: {item.estimate: {gte: 5}}"), "item.estimate", id="scope"),
        pytest.param(rule("{item.needed_by: {lt: {fact: item.due_on}}}"), "item.needed_by", id="compared"),
        pytest.param(rule("{item.created_at: {lt: {fact: item.due_on}}}"), "item.due_on", id="compared-with"),
    ],
)
def test_a_rule_about_what_no_item_has_is_blind(rules, fact):
    found = covered([make_item()], rules)
    assert found.blind[0] == Blind(rule_id="r", fact=fact, reason="no open item has one")
    assert covered([make_item(estimate=5.0, due_on=NOW.date())], rules).blind == ()


def test_a_rule_about_what_nobody_can_know_is_blind():
    (blind,) = covered([make_item()], rule("{item.in_status_for: {gt: 2w}}")).blind
    assert blind.reason == "unknown everywhere: its history is not read yet"


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(rule("{item.estimate: {gte: 5}}", "stage: off"), id="off"),
        pytest.param(rule("{team.open_count: {gt: 5}}", "about: team"), id="about-a-team"),
    ],
)
def test_a_rule_that_asks_no_item_is_not_blind(rules):
    assert covered([make_item()], rules).blind == ()


def test_a_tracker_without_open_items_makes_no_rule_blind():
    found = covered([make_item()], rule("{item.estimate: {gte: 5}}"), tracker="github")
    assert (found.item_count, found.blind) == (0, ())
    assert all(share.total == 0 for share in found.shares)
    dark = covered([make_item()], rule("{trace.state: unlinked}"), states=[make_state("PAY", error="down")])
    assert dark.blind[0].reason.startswith("unknown everywhere: jira:PAY can't be read")
