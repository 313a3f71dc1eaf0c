import pytest

from rules.roadmap.loader import Roadmap
from rules.world import WorldInput, build_world
from syncd.model.comments import Text
from syncd.model.findings import About, Evidence, Subject
from syncd.model.items import ContainerKind, ContainerState
from syncd.model.outcomes import Horizon
from syncd.model.words import Selector, Words
from syncd.planner.entries import FEWEST, entries
from tests.builders import by_id, make_container, make_item, make_outcome, make_place, make_state, place_id
from tests.planner.small_world import make_finding

MILESTONE = make_container("Fast checkout", ContainerKind.MILESTONE, place="jira:PAY")
UNLINKED = Evidence("trace.state", (Text("unlinked"),))
OLD = make_container("Long ago", ContainerKind.MILESTONE, place="jira:PAY", state=ContainerState.CLOSED)


def found(items, state="unlinked", outcomes=(), told=(), place=None):
    world = build_world(
        WorldInput(
            items=by_id(items),
            containers={each.id: each for each in (MILESTONE, OLD)},
            places={place.id: place} if place else {},
            states={place_id("jira:PAY"): make_state("jira:PAY")},
            roadmap=Roadmap(outcomes=tuple(outcomes)),
        )
    )
    evidence = (Evidence("trace.state", (Text(state),)),)
    findings = [make_finding(item.key, evidence=evidence, told=told) for item in items]
    return [(each.key, each.name, each.finding_count) for each in entries(findings, world)]


def some(count, first=1, **given):
    return [make_item(f"PAY-{number}", **given) for number in range(first, first + count)]


def test_what_most_have_in_common_comes_first_and_resolves_each_once():
    both = some(8, milestones=(MILESTONE.id,), labels=("speed",))
    labelled = some(6, first=20, labels=("speed",))
    assert found([*both, *labelled]) == [("label", "speed", 14)]
    assert found(both) == [("milestone", "jira:PAY: Fast checkout", 8)]


def test_a_milestone_that_is_over_is_no_entry():
    assert found(some(8, milestones=(OLD.id,))) == [("kind", "other", 8)]


def test_work_with_nothing_else_in_common_has_its_place():
    features = [make_item(f"PAY-{number}", type="Story") for number in range(1, 7)]
    labelled = some(5, first=20, type="Story", labels=("speed",))
    mixed = [*features, *some(FEWEST - 1, first=40, type="Story", labels=("rare",))]
    place = make_place("jira:PAY", words=Words(kinds=(("feature", (Selector(type="Story"),)),)))
    assert found(features, place=place) == [("place", "jira:PAY", 6)]
    assert found([*labelled, *mixed], place=place) == [("place", "jira:PAY", 10), ("label", "speed", 5)]


def test_a_few_are_answered_one_by_one():
    assert found(some(FEWEST - 1, labels=("speed",))) == []


def test_an_outcome_that_is_not_worked_on_is_named_where_much_work_serves_it():
    outcome = make_outcome("wallet", labels=["wallet"], horizon=Horizon.NOT_NOW)
    assert found(some(7, labels=("wallet",)), "inactive", [outcome]) == [("outcome", "wallet", 7)]


@pytest.mark.parametrize("state", ["broken", "ambiguous"])
def test_other_findings_have_no_entry(state):
    assert found(some(8, labels=("speed",)), state) == []


def test_what_is_told_at_its_cause_is_answered_there():
    assert found(some(8, labels=("speed",)), told=("PAY-1",)) == []


def test_only_findings_about_items_count():
    (item,) = items = some(1)
    findings = [
        make_finding(item.key, subject=Subject(About.OUTCOME.value, item.id), evidence=(UNLINKED,)) for _ in range(9)
    ]
    assert entries(findings, build_world(WorldInput(items=by_id(items)))) == ()
