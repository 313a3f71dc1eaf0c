"""Names of outcomes that are called otherwise now, were merged into another, or were split into several."""

import pytest

from syncd.model.outcomes import OutcomeStatus
from tests.builders import make_container, make_item, make_outcome, make_world
from tests.rules.facts.asking import fact, ids, state


def gone(outcome_id, **given):
    """Return an outcome that was merged or split and stays written in the file."""
    return make_outcome(outcome_id, status=OutcomeStatus.DROPPED, **given)


def test_a_name_that_an_outcome_had_names_the_living_one():
    world = make_world([make_item(labels=("outcome:Old-Name",))], [make_outcome("new", was=("old-name",))])
    assert (state(world), ids(fact(world, "trace.outcomes"))) == ("traced", ["new"])
    assert fact(world, "trace.outcome.id") == "new"


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(make_item(labels=("outcome:merged",)), id="label"),
        pytest.param(make_item(body="Outcome: merged"), id="line"),
        pytest.param(make_item("PAY-9"), id="tracked-item"),
        pytest.param(make_item(labels=("speed",)), id="tracked-label"),
        pytest.param(make_item(milestones=(make_container("M").id,)), id="tracked-milestone"),
    ],
)
def test_work_that_hangs_on_a_merged_outcome_serves_the_one_it_went_into(item):
    merged = gone(
        "merged", merged_into="heir", items=["PAY-9"], labels=["speed"], milestones=[("jira:PAY", "M")], was=("older",)
    )
    world = make_world([item], [merged, make_outcome("heir")], containers=[make_container("M")])
    assert (state(world, item.key), ids(fact(world, "trace.outcomes", item.key))) == ("traced", ["heir"])


def test_names_lead_over_several_mergers_and_renamings():
    outcomes = [gone("a", merged_into="b"), gone("b", merged_into="c"), make_outcome("c", was=("x",))]
    world = make_world([make_item(labels=("outcome:a",)), make_item("PAY-2", labels=("outcome:x",))], outcomes)
    assert [ids(fact(world, "trace.outcomes", key)) for key in ("PAY-1", "PAY-2")] == [["c"], ["c"]]


def test_work_that_names_a_split_outcome_reaches_those_it_was_split_into():
    outcomes = [gone("whole", split_into=("one", "two")), make_outcome("one"), make_outcome("two")]
    world = make_world([make_item(labels=("outcome:whole",))], outcomes)
    assert (state(world), ids(fact(world, "trace.outcomes"))) == ("traced", ["one", "two"])


def test_a_milestone_of_a_split_outcome_says_not_which_of_them():
    outcomes = [
        gone("whole", split_into=("one", "two"), milestones=[("jira:PAY", "M")]),
        make_outcome("one"),
        make_outcome("two"),
    ]
    item = make_item(milestones=(make_container("M").id,))
    world = make_world([item], outcomes, containers=[make_container("M")])
    assert state(world) == "ambiguous"


def test_naming_the_merged_one_under_its_heir_contradicts_nothing():
    items = [make_item("PAY-1", labels=("outcome:heir",)), make_item("PAY-2", parent="PAY-1", labels=("outcome:old",))]
    world = make_world(items, [gone("old", merged_into="heir"), make_outcome("heir")])
    assert state(world, "PAY-2") == "traced"


def test_what_was_merged_into_nothing_known_stays_itself():
    world = make_world([make_item(labels=("outcome:old",))], [gone("old", merged_into="elsewhere")])
    assert (state(world), ids(fact(world, "trace.outcomes"))) == ("inactive", ["old"])
