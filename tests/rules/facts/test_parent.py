"""An item's nearest parent; whose words its title is; what is not known of it."""

from datetime import date

import pytest

from rules.loader import load_rules
from syncd.documents import parse_document
from syncd.model.comments import Day, Quote
from syncd.model.items import StatusCategory
from syncd.model.truth import Unknown
from tests.builders import NOW, make_item, make_outcome, make_state, make_world
from tests.rules.facts.asking import FACTS, fact, keys

PARENT = make_item(
    "FRAUD-9",
    title="Fewer false alarms",
    status="Doing",
    status_category=StatusCategory.IN_PROGRESS,
    type="Epic",
    priority="High",
    estimate=8.0,
    due_on=date(2026, 12, 1),
    assignees=("Ann",),
    labels=("outcome:fraud",),
)
NAMES = sorted(name for name in FACTS if name.startswith("parent."))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("key", "FRAUD-9"),
        ("title", "Fewer false alarms"),
        ("kind", "other"),
        ("team", "payments"),
        ("type", "Epic"),
        ("status", "Doing"),
        ("status_category", "in_progress"),
        ("priority", "High"),
        ("estimate", 8.0),
        ("assignees", ("Ann",)),
        ("due_on", date(2026, 12, 1)),
        ("needed_by", date(2026, 12, 1)),
        ("in_play", True),
        ("trace_state", "traced"),
    ],
)
def test_the_facts_of_a_parent_are_its_own(name, expected):
    world = make_world([make_item(parent="FRAUD-9"), PARENT], [make_outcome("fraud")])
    assert fact(world, f"parent.{name}") == expected


def test_every_fact_of_a_parent_is_null_without_one():
    world = make_world([make_item()])
    assert [fact(world, name) for name in NAMES] == [() if name == "parent.item" else None for name in NAMES]


@pytest.mark.parametrize(
    "states", [pytest.param((), id="never-returned"), pytest.param((make_state("FRAUD", error="403"),), id="dark")]
)
def test_every_fact_of_a_parent_that_cannot_be_read_is_unknown(states):
    items = [make_item(parent="FRAUD-9"), *([PARENT] if states else [])]
    world = make_world(items, states=states)
    for name in NAMES:
        found = fact(world, name)
        if name == "parent.item":
            (found,) = found
            assert isinstance(found, Unknown) or (found.key, type(found.title)) == ("FRAUD-9", Unknown)
        else:
            assert isinstance(found, Unknown)


def test_a_parent_that_is_known_not_to_be_there_is_none():
    assert fact(make_world([make_item(body="Part of: PAY-404")]), "parent.key") is None


def test_of_several_parents_the_trackers_own_is_the_nearest():
    items = [make_item(parent="PAY-3", body="Part of: PAY-2"), make_item("PAY-2"), make_item("PAY-3")]
    assert fact(make_world(items), "parent.key") == "PAY-3"


def test_children_are_told_as_records_and_a_dark_one_may_be_open():
    items = [
        make_item(),
        make_item("PAY-2", parent="PAY-1"),
        make_item("PAY-3", parent="PAY-1", status_category=StatusCategory.DONE),
    ]
    assert keys(fact(make_world(items), "item.children")) == ["PAY-2", "PAY-3"]
    assert keys(fact(make_world(items), "item.open_children")) == ["PAY-2"]
    dark = [*items, make_item("FRAUD-1", parent="PAY-1")]
    world = make_world(dark, states=[make_state("FRAUD", error="down")])
    assert keys(fact(world, "item.open_children")) == ["PAY-2", "?"]
    assert keys(fact(world, "item.children")) == ["FRAUD-1", "PAY-2", "PAY-3"]


RULES = """
rules:
  - {id: under, title: Under it, message: "{parent.title} by {parent.due_on}", when: {parent.status: Doing}}
"""


def test_the_words_of_a_parent_are_told_as_its_own_places():
    world = make_world([make_item(parent="FRAUD-9"), PARENT])
    rules = load_rules([parse_document(RULES, "rules.yaml")], list(FACTS.values()))
    (judgment,) = rules.evaluate(world, NOW).holding
    (evidence,) = judgment.evidence
    quote, _, day = judgment.message
    assert (quote, day) == (
        Quote("Fewer false alarms", source=PARENT.place, item=PARENT.id),
        Day(date(2026, 12, 1), source=PARENT.place, item=PARENT.id),
    )
    assert evidence.value == (Quote("Doing", source=PARENT.place, item=PARENT.id),)
