from datetime import timedelta
from typing import Any

import pytest

from rules.language.calendar import Calendar
from syncd.model.findings import FindingState, Span
from syncd.model.items import Stage
from syncd.planner.findings import settle
from tests.builders import NOW, make_item, place_id
from tests.planner.small_world import (
    SmallWorld,
    make_finding,
    make_judgment,
    make_judgments,
    make_rule,
    one_item,
    subject_of,
)

CALENDAR = Calendar()
PATIENT = make_rule(holds_for=Span(exact=timedelta(days=2)), clear_after=Span(exact=timedelta(hours=6)))


def settled(judgments, remembered=(), now=NOW, world=None):
    memory = {(finding.rule_id, finding.subject): finding for finding in remembered}
    anything: Any = world or one_item()
    return settle(judgments, anything, memory, now, CALENDAR)


def only(found):
    (finding,) = found.findings
    return finding


def test_what_held_for_long_enough_on_the_tracker_opens_at_first_sight():
    finding = only(settled(make_judgments(make_judgment(rule=PATIENT, changed_at=NOW - timedelta(days=3)))))
    assert (finding.state, finding.since) == (FindingState.OPEN, NOW - timedelta(days=3))


def test_what_began_lately_is_pending_until_it_held_for_long_enough():
    found = settled(make_judgments(make_judgment(rule=PATIENT, changed_at=NOW - timedelta(days=1))))
    assert only(found).state is FindingState.PENDING
    assert found.next_due == NOW + timedelta(days=1)


def test_a_change_of_the_item_does_not_begin_a_known_finding_anew():
    before = make_finding(rule=PATIENT, state=FindingState.PENDING, since=NOW - timedelta(days=2), opened_at=None)
    judgments = make_judgments(make_judgment(rule=PATIENT, changed_at=NOW))
    finding = only(settled(judgments, [before]))
    assert (finding.state, finding.opened_at) == (FindingState.OPEN, NOW)


def test_without_a_word_from_the_tracker_time_counts_from_now():
    finding = only(settled(make_judgments(make_judgment(rule=PATIENT, changed_at=None))))
    assert (finding.state, finding.since) == (FindingState.PENDING, NOW)


def test_working_days_are_counted_by_the_calendar():
    friday = NOW - timedelta(days=4)
    rule = make_rule(holds_for=Span(working_days=3))
    found = settled(make_judgments(make_judgment(rule=rule, changed_at=friday)))
    assert only(found).state is FindingState.PENDING
    assert found.next_due == NOW.replace(hour=0) + timedelta(days=1)


def test_an_open_finding_that_no_longer_holds_is_clearing_then_closed():
    clearing = settled(make_judgments(rules=[PATIENT]), [make_finding(rule=PATIENT)])
    assert only(clearing).state is FindingState.CLEARING
    assert clearing.next_due == NOW + timedelta(hours=6)
    later = settled(make_judgments(rules=[PATIENT]), clearing.findings, NOW + timedelta(hours=6))
    assert (only(later).state, only(later).closed_at) == (FindingState.CLOSED, NOW + timedelta(hours=6))
    assert later.next_due is None


def test_a_clearing_finding_that_holds_again_is_open_as_before():
    clearing = make_finding(rule=PATIENT, state=FindingState.CLEARING, cleared_at=NOW)
    finding = only(settled(make_judgments(make_judgment(rule=PATIENT, changed_at=NOW)), [clearing]))
    assert (finding.state, finding.since, finding.cleared_at) == (FindingState.OPEN, clearing.since, None)


def test_a_closed_finding_that_returns_begins_when_it_was_seen_to_stop_at_the_earliest():
    closed = make_finding(rule=PATIENT, state=FindingState.CLOSED, cleared_at=NOW - timedelta(hours=1))
    judgments = make_judgments(make_judgment(rule=PATIENT, changed_at=NOW - timedelta(days=9)))
    finding = only(settled(judgments, [closed]))
    assert (finding.state, finding.since) == (FindingState.PENDING, NOW - timedelta(hours=1))


@pytest.mark.parametrize("state", [FindingState.PENDING, FindingState.OPEN, FindingState.CLEARING])
def test_what_is_unknown_neither_opens_nor_closes(state):
    before = make_finding(rule=PATIENT, state=state, since=NOW - timedelta(days=9), cleared_at=NOW - timedelta(days=9))
    judgments = make_judgments(rules=[PATIENT], unknown=[("no-outcome", "PAY-1")])
    found = settled(judgments, [before])
    assert (only(found).state, only(found).known, only(found).message) == (state, False, before.message)
    assert found.next_due is None


def test_a_subject_that_is_no_longer_judged_stays_while_its_place_is_dark():
    world = SmallWorld([make_item("PAY-1")], dark=[place_id("PAY-1")])
    finding = only(settled(make_judgments(rules=[PATIENT]), [make_finding(rule=PATIENT)], world=world))
    assert (finding.state, finding.known) == (FindingState.OPEN, False)


def test_what_is_unknown_is_due_at_no_time():
    before = make_finding(rule=PATIENT, state=FindingState.PENDING, since=NOW)
    assert settled(make_judgments(rules=[PATIENT], unknown=[("no-outcome", "PAY-1")]), [before]).next_due is None


def test_a_pending_finding_that_no_longer_holds_is_closed_at_once():
    before = make_finding(rule=PATIENT, state=FindingState.PENDING)
    assert only(settled(make_judgments(rules=[PATIENT]), [before])).state is FindingState.CLOSED


@pytest.mark.parametrize(
    "judgments",
    [
        pytest.param(make_judgments(), id="rule-removed"),
        pytest.param(make_judgments(rules=[make_rule(stage=Stage.OFF)]), id="rule-off"),
    ],
)
def test_a_rule_that_is_no_longer_judged_closes_its_findings(judgments):
    assert only(settled(judgments, [make_finding(told=["PAY-1"])])).state is FindingState.CLOSED


def test_a_subject_that_is_gone_closes_its_findings_at_once():
    finding = only(settled(make_judgments(rules=[PATIENT]), [make_finding(rule=PATIENT)], world=SmallWorld()))
    assert (finding.state, finding.told) == (FindingState.CLOSED, ())


def test_closed_findings_stay_as_they_are():
    closed = make_finding(state=FindingState.CLOSED, closed_at=NOW - timedelta(days=9))
    assert only(settled(make_judgments(rules=[make_rule()]), [closed])) == closed


def test_an_open_finding_stays_open_when_its_rule_becomes_more_patient():
    judgments = make_judgments(make_judgment(rule=PATIENT, changed_at=NOW))
    assert only(settled(judgments, [make_finding(since=NOW)])).state is FindingState.OPEN


def test_a_finding_says_what_the_newest_judgment_says():
    judgment = make_judgment(severity=3, message=())
    finding = only(settled(make_judgments(judgment), [make_finding()]))
    assert (finding.severity, finding.message) == (3, ())


def test_time_in_the_tracker_that_is_ahead_of_ours_counts_as_now():
    finding = only(settled(make_judgments(make_judgment(changed_at=NOW + timedelta(hours=1)))))
    assert (finding.since, finding.subject) == (NOW, subject_of("PAY-1"))


def test_an_answer_that_turns_with_time_is_due_then():
    due = NOW + timedelta(hours=3)
    assert settled(make_judgments(make_judgment(), next_due=due)).next_due == due
