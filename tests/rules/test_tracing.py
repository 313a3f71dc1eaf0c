"""What is asked of traces beside the facts."""

import pytest

from rules.tracing import tracing_of
from tests.builders import item_id, make_item, make_outcome, make_ref, make_state, make_world

FAST = make_outcome("fast", items=["PAY-100"])
SAFE = make_outcome("safe", milestones=[("jira:PAY", "26.12")])
LATER = make_outcome("later", status="paused")


def served(key, *items, **world):
    return [each.id for each in tracing_of(make_world(items, (FAST, SAFE, LATER), **world)).served(item_id(key))]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param(("outcome:fast",), ["fast"], id="named"),
        pytest.param(("outcome:fast", "outcome:safe"), ["fast", "safe"], id="both-that-are-named"),
        pytest.param(("outcome:later",), [], id="not-active"),
        pytest.param((), [], id="none"),
    ],
)
def test_an_item_serves_the_active_outcomes_that_it_reaches(labels, expected):
    assert served("PAY-1", make_item("PAY-1", labels=labels)) == expected


def test_an_item_inherits_what_it_serves():
    assert served("PAY-1", make_item("PAY-1", parent="PAY-100"), make_item("PAY-100")) == ["fast"]


def test_what_can_not_be_read_leaves_it_in_doubt():
    dark = [make_state("jira:LEG", error="forbidden")]
    items = make_item("PAY-1", parent="LEG-1"), make_item("LEG-1", parent="PAY-100"), make_item("PAY-100")
    assert served("PAY-1", *items, states=dark) == []
    assert served("LEG-1", *items, states=dark) == []


def missing(key, *items):
    return tracing_of(make_world(items, (FAST,))).missing(item_id(key))


def test_a_missing_outcome_has_one_name_however_it_is_written():
    items = [make_item("PAY-1", labels=("Outcome:SLOW",)), make_item("PAY-2", body="Outcome: slow")]
    assert missing("PAY-1", *items) == missing("PAY-2", *items) == ("slow",)


def test_a_missing_thing_is_named_by_its_key():
    gone = make_item("PAY-9")
    world = make_world([make_item("PAY-1", parent=make_ref("PAY-9"))], (FAST,), gone=[gone])
    assert tracing_of(world).missing(item_id("PAY-1")) == ("jira pay-9",)


def test_an_item_speaks_of_what_its_epic_names():
    items = make_item("PAY-1", parent="PAY-2"), make_item("PAY-2", labels=("outcome:slow",))
    assert missing("PAY-1", *items) == ("slow",)
    assert missing("PAY-2", *items) == ("slow",)
