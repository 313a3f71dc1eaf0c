from datetime import date
from typing import Any

import pytest

from syncd.model.comments import Day, Quote, Reference, Text
from syncd.model.findings import Evidence, Severity, ToldOn
from syncd.planner.comment import RESOLVED, comment_on
from tests.builders import item_id, make_item, make_outcome
from tests.planner.small_world import SmallWorld, make_finding, make_rule, words_of

BLOCKER = make_rule("blocked", title="Blocks work that is planned", told_on=ToldOn.BLOCKER)
TOPMOST = make_rule("no-outcome", title="Not linked to a roadmap outcome", told_on=ToldOn.TOPMOST)


def comment(*findings, outcomes=(), on="PAY-1", count=20):
    world: Any = SmallWorld(make_item(f"PAY-{number}") for number in range(1, count + 1))
    return comment_on(world.item(item_id(on)), findings, outcomes, "syncd:{}".format, world.item)


def test_a_finding_of_the_item_itself_reads_from_what_it_is_for_to_how_to_answer():
    finding = make_finding(
        "PAY-1",
        TOPMOST,
        message=(Text("No path from this story to an outcome of "), Quote("2026-Q4"), Text(".")),
        why=(Text("It competes with work that has one."),),
        evidence=(Evidence("trace.state", (Text("unlinked"),)), Evidence("item.due", (Day(date(2026, 12, 9)),))),
        fix=((Text("Set its parent."),), (Text("Or label it."),)),
    )
    outcome = make_outcome("fast", title="Fast checkout", why="Carts are lost.")
    assert words_of(comment(finding, outcomes=[outcome])).splitlines() == [
        "Outcome: Fast checkout. Carts are lost.",
        "Not linked to a roadmap outcome",
        "No path from this story to an outcome of 2026-Q4.",
        "It competes with work that has one.",
        "What to do:",
        "Set its parent.",
        "Or label it.",
        "How to answer",
        "Put it right in the tracker or on the roadmap; this comment is kept up to date.",
        "To say which outcome this serves, set its parent or add the label outcome:ID.",
        "Remove syncd:no-outcome, or delete this comment: what you take away stays away while it lasts.",
        "Facts behind no-outcome: trace.state unlinked; item.due 2026-12-09",
    ]


def test_stories_are_listed_on_their_epic_the_first_ten_by_key():
    found = words_of(comment(*(make_finding(f"PAY-{number}", TOPMOST) for number in range(14, 0, -1))))
    assert "What is wrong with PAY-1." in found
    listed = [line for line in found.splitlines() if line.startswith("PAY-")]
    assert [line.partition("<")[0] for line in listed] == [f"PAY-{number}" for number in range(2, 12)]
    assert "and 3 more" in found


def test_an_epic_that_has_no_finding_of_its_own_lists_those_it_stands_for():
    found = words_of(comment(make_finding("PAY-2", TOPMOST), make_finding("PAY-3", TOPMOST)))
    assert "Told here for all of these:\nPAY-2<https://jira.example/browse/PAY-2> (Title of PAY-2)\nPAY-3<" in found


def test_one_subject_elsewhere_is_named_in_the_message():
    found = words_of(comment(make_finding("PAY-2", BLOCKER)))
    assert "PAY-2<https://jira.example/browse/PAY-2> (Title of PAY-2): What is wrong with PAY-2." in found
    assert "Told here" not in found


def test_a_message_that_begins_with_its_subject_does_not_name_it_twice():
    message = (Reference("PAY-2", item=item_id("PAY-2")), Text(" waits."))
    assert "\nPAY-2 waits.\n" in words_of(comment(make_finding("PAY-2", BLOCKER, message=message)))


def test_on_a_blocker_each_waiting_item_says_what_it_waits_for():
    found = words_of(comment(make_finding("PAY-2", BLOCKER), make_finding("PAY-3", BLOCKER)))
    assert "(Title of PAY-3): What is wrong with PAY-3." in found


def test_what_is_critical_comes_first_and_says_so():
    idle = make_finding("PAY-1", "idle", severity=Severity.INFO)
    late = make_finding("PAY-1", "late", severity=Severity.CRITICAL)
    found = words_of(comment(idle, make_finding("PAY-1"), late))
    titles = [line for line in found.splitlines() if "Title of" in line and "PAY" not in line]
    assert titles == ["Critical: Title of late", "Title of no-outcome", "Title of idle"]
    assert "Remove syncd:late or syncd:no-outcome or syncd:idle, or delete" in found


def test_a_fact_that_could_not_be_read_is_no_evidence():
    finding = make_finding(evidence=(Evidence("trace.state", (Text("unknown: SECRET can't be read"),)),))
    assert "SECRET" not in words_of(comment(finding))


def test_a_fact_that_the_message_names_already_is_not_read_out_again():
    blocker = Reference("PAY-2", item=item_id("PAY-2"))
    evidence = (Evidence("deps.open_blockers", (blocker,)), Evidence("item.in_play", (Text("yes"),)))
    found = words_of(comment(make_finding(message=(Text("It waits for "), blocker), evidence=evidence)))
    assert "Facts behind no-outcome: item.in_play yes" in found
    assert "deps.open_blockers" not in found


def test_the_order_of_what_is_given_changes_nothing():
    findings = [make_finding(f"PAY-{number}", rule) for number in (3, 1, 2) for rule in (TOPMOST, BLOCKER)]
    outcomes = [make_outcome("b"), make_outcome("a")]
    one = comment(*findings, outcomes=outcomes)
    assert one.hash == comment(*reversed(findings), outcomes=outcomes[::-1]).hash


def test_a_subject_that_is_gone_is_not_told():
    assert "PAY-3" not in words_of(comment(make_finding("PAY-1", TOPMOST), make_finding("PAY-3", TOPMOST), count=2))


@pytest.mark.parametrize("changed", [{"message": ()}, {"severity": Severity.CRITICAL}, {"fix": ((Text("x"),),)}])
def test_what_changes_the_meaning_changes_the_hash(changed):
    assert comment(make_finding()).hash != comment(make_finding(**changed)).hash


def test_the_resolved_comment_is_one_line():
    assert RESOLVED.resolved
    assert len(words_of(RESOLVED).splitlines()) == 1
