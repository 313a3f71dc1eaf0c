"""The whole path from items to a plan, with the real World and facts, and the packs about how work hangs together."""

from datetime import timedelta
from pathlib import Path

import pytest

from rules.engine import RuleSet
from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.roadmap.loader import Roadmap
from rules.world import World, WorldInput, build_world
from syncd.documents import read_document
from syncd.model.changes import Action, Change
from syncd.model.comments import Comment
from syncd.model.items import StatusCategory
from syncd.model.outcomes import OutcomeStatus
from syncd.planner.reconcile import Memory, Reconciled, reconcile
from tests.builders import NOW, blocks, by_id, item_id, make_item, make_outcome, make_place, make_state, place_id
from tests.planner.small_world import make_policy, words_of

RULES = Path(__file__).parents[2] / "config" / "default" / "rules"
LONG_AGO = NOW - timedelta(days=30)
FAST = make_outcome("fast", title="Fast checkout", items=["PAY-100"])
LATER = make_outcome("later", title="Wallets", items=["FRAUD-100"], status=OutcomeStatus.PAUSED)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    documents = [read_document(RULES / name, name) for name in ("traceability.yaml", "dependencies.yaml")]
    return load_rules(documents, all_facts())


def work(key, **given):
    """Return an item that has been worked on for long."""
    dates = {"created_at": LONG_AGO, "updated_at": LONG_AGO}
    return make_item(key, **{"status_category": StatusCategory.IN_PROGRESS, **dates, **given})


def world_of(*items, outcomes=(FAST,)) -> World:
    keys = ("jira:PAY", "jira:FRAUD", "acme/checkout")
    return build_world(
        WorldInput(
            items=by_id(items),
            places={place_id(key): make_place(key) for key in keys},
            states={place_id(key): make_state(key) for key in keys},
            roadmap=Roadmap(outcomes=tuple(outcomes)),
        )
    )


def reconciled(rules: RuleSet, world: World, memory: Memory | None = None) -> Reconciled:
    return reconcile(rules.evaluate(world, NOW), world, memory or Memory(), make_policy(), NOW)


def told_by(change: Change) -> Comment:
    assert change.comment is not None
    return change.comment


def test_an_unlinked_epic_with_forty_stories_is_one_label_and_one_comment(rules):
    stories = [work(f"PAY-{number}", parent="PAY-1") for number in range(2, 42)]
    found = reconciled(rules, world_of(work("PAY-1", type="Epic"), *stories))
    assert [(change.key, change.label) for change in found.plan.changes] == [
        ("PAY-1", "syncd:no-outcome"),
        ("PAY-1", ""),
    ]
    assert len(found.findings) == 41
    assert set(found.told.values()) == {(item_id("PAY-1"),)}
    assert "and 30 more" in words_of(told_by(found.plan.changes[1]))
    (lead,) = found.leads
    assert (lead.key, lead.finding_count) == ("PAY-1", 41)


def test_a_ring_is_one_finding_told_on_both_ends_of_the_link_to_cut(rules):
    ring = [work("PAY-2", links=(blocks("PAY-3"),)), work("PAY-3", links=(blocks("PAY-2"),))]
    outcome = make_outcome("fast", items=["PAY-2", "PAY-3"])
    found = reconciled(rules, world_of(*ring, outcomes=[outcome]))
    assert [finding.rule_id for finding in found.findings] == ["cycle"]
    assert [(change.key, change.action) for change in found.plan.changes] == [
        ("PAY-2", Action.ADD_LABEL),
        ("PAY-2", Action.CREATE_COMMENT),
        ("PAY-3", Action.ADD_LABEL),
        ("PAY-3", Action.CREATE_COMMENT),
    ]


def test_a_name_that_many_items_mean_and_nobody_knows_is_told_on_the_eldest(rules):
    named = [work(f"PAY-{number}", labels=("outcome:slow",)) for number in (1, 2)]
    eldest = work("PAY-3", labels=("outcome:slow",), created_at=LONG_AGO - timedelta(days=1))
    found = reconciled(rules, world_of(*named, eldest))
    assert {change.key for change in found.plan.changes} == {"PAY-3"}
    assert len(found.findings) == 3


def test_a_parked_blocker_is_told_on_the_blocker_with_what_waits_for_it(rules):
    parked = work("FRAUD-7", labels=("outcome:later",), links=(blocks("PAY-1"),))
    waits = work("PAY-1", labels=("outcome:fast",))
    found = reconciled(rules, world_of(parked, waits, outcomes=[FAST, LATER]))
    told = {change.key: change for change in found.plan.changes if "parked-blocker" in change.rule_ids}
    assert set(told) == {"FRAUD-7"}
    assert "PAY-1" in words_of(told_by(told["FRAUD-7"]))


def test_work_that_serves_an_outcome_is_left_in_peace(rules):
    found = reconciled(rules, world_of(work("PAY-100"), work("PAY-1", parent="PAY-100")))
    assert (found.plan.changes, found.findings, found.leads) == ((), (), ())


def test_a_plan_is_the_same_each_time_and_another_where_the_world_is(rules):
    one, same = (reconciled(rules, world_of(work("PAY-1"))).plan for _ in range(2))
    other = reconciled(rules, world_of(work("PAY-2"))).plan
    assert one == same
    assert one.id != other.id
