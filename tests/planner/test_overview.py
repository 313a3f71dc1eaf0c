"""What a workspace is told in numbers, and what is left out."""

from rules.engine import RuleSet
from syncd.model.items import Stage, StatusCategory
from syncd.planner.overview import LeftOut, is_told, overview
from tests.builders import NOW, make_item, make_place, make_world
from tests.planner.small_world import make_finding, make_policy, make_rule


def left_out(**team_stages):
    items = [
        make_item("PAY-1"),
        make_item("PAY-2"),
        make_item("PAY-3", status_category=StatusCategory.DONE),
        make_item("OPS-1"),
        make_item("OFF-1"),
    ]
    places = [
        make_place("jira:PAY", team="payments"),
        make_place("jira:OPS", team="ops"),
        make_place("jira:OFF", team="ops", stage=Stage.OFF),
    ]
    findings = [make_finding(key) for key in ("PAY-1", "OPS-1", "OFF-1")]
    policy = make_policy(team_stages=team_stages)
    return overview(make_world(items, places=places), RuleSet(), findings, (), policy, NOW).left_out


PLACE = LeftOut(name="jira:OFF", item_count=1, finding_count=1)


def test_places_and_teams_that_are_off_are_counted_and_left_out():
    assert left_out(payments=Stage.OFF, ops=Stage.LABELS) == (
        PLACE,
        LeftOut(name="the team payments", item_count=2, finding_count=1),
    )


def test_a_team_that_is_off_and_has_no_open_work_is_not_worth_a_line():
    assert left_out(nobody=Stage.OFF) == (PLACE,)


def test_what_stands_in_the_report_alone_is_the_cause_of_no_annotation():
    report = make_rule("no-owner", stage=Stage.REPORT)
    findings = [
        make_finding("PAY-1", told=["PAY-9"]),
        make_finding("PAY-2", told=["PAY-9"]),
        make_finding("PAY-3", report, told=["PAY-8"]),
        make_finding("PAY-4", "below-budget"),
    ]
    found = overview(make_world([]), RuleSet(), findings, (), make_policy(), NOW)
    assert (found.finding_count, found.cause_count) == (4, 1)
    assert [is_told(each) for each in findings] == [True, True, False, False]
