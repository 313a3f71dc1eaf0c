from datetime import date

import pytest

from rules.telling import UNKNOWN
from syncd.model.comments import Day, Line, Quote, Reference, Text
from syncd.model.findings import Evidence, Severity, ToldOn
from syncd.planner.comment import RESOLVED, Telling, comment_on
from syncd.planner.topics import item_topic
from tests.builders import item_id, make_item, make_outcome
from tests.planner.small_world import make_finding, make_rule, words_of

BLOCKER = make_rule("blocked", title="Blocks work that is planned", told_on=ToldOn.BLOCKER)
TOPMOST = make_rule("no-outcome", title="Not linked to a roadmap outcome", told_on=ToldOn.TOPMOST)


def comment(*findings, outcomes=(), on="PAY-1", count=20, unheard=()):
    items = {item_id(f"PAY-{number}"): make_item(f"PAY-{number}") for number in range(1, count + 1)}
    tellings = [
        Telling(each, item_topic(items[each.subject.id]), each.subject.id not in map(item_id, unheard))
        for each in findings
    ]
    return comment_on(items[item_id(on)], tellings, outcomes, "syncd:{}".format)


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


def test_what_is_said_of_all_in_the_same_words_is_said_once_above_them():
    message = (Text("It serves what is put off."),)
    found = words_of(comment(*(make_finding(key, TOPMOST, message=message) for key in ("PAY-2", "PAY-3"))))
    assert "\nIt serves what is put off.\n" in found
    assert found.count("put off") == 1


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


def test_told_on_what_waits_it_says_which_blockers_it_is_told_for():
    names: Line = (*(Reference(key, item=item_id(key)) for key in ("PAY-2", "PAY-3", "PAY-4")), Text(" (Title)"))
    evidence = (Evidence("deps.open_blockers", names), Evidence("deps.parked_blockers", names[:2]))
    causes = (item_id("PAY-2"), item_id("PAY-3"))
    found = words_of(comment(make_finding("PAY-1", BLOCKER, evidence=evidence, causes=causes)))
    assert "\nIt is told here, since nothing is written there, for PAY-2 and PAY-3.\n" in found


@pytest.mark.parametrize(("key", "rule"), [("PAY-2", BLOCKER), ("PAY-1", TOPMOST)])
def test_told_on_a_blocker_or_by_another_rule_it_stands_in_for_nothing(key, rule):
    blocker = Reference("PAY-3", item=item_id("PAY-3"))
    finding = make_finding(key, rule, evidence=(Evidence("deps", (blocker,)),), causes=(item_id("PAY-3"),))
    assert "told here, since" not in words_of(comment(finding))


def test_what_is_critical_comes_first_and_says_so():
    idle = make_finding("PAY-1", "idle", severity=Severity.INFO)
    late = make_finding("PAY-1", "late", severity=Severity.CRITICAL)
    found = words_of(comment(idle, make_finding("PAY-1"), late))
    titles = [line for line in found.splitlines() if "Title of" in line and "PAY" not in line]
    assert titles == ["Critical: Title of late", "Title of no-outcome", "Title of idle"]
    assert "Remove syncd:late or syncd:no-outcome or syncd:idle, or delete" in found


def test_a_fact_that_could_not_be_read_is_no_evidence():
    known = Evidence("item.in_play", (Text("yes"),))
    found = words_of(comment(make_finding(evidence=(Evidence("trace.state", UNKNOWN), known))))
    assert "Facts behind no-outcome: item.in_play yes" in found


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


@pytest.mark.parametrize("changed", [{"message": ()}, {"severity": Severity.CRITICAL}, {"fix": ((Text("x"),),)}])
def test_what_changes_the_meaning_changes_the_hash(changed):
    assert comment(make_finding()).hash != comment(make_finding(**changed)).hash


def test_the_resolved_comment_is_one_line():
    assert RESOLVED.resolved
    assert len(words_of(RESOLVED).splitlines()) == 1


class TestASubjectThatItsReadersMayNotReadAbout:
    def test_is_named_alone(self):
        finding = make_finding("PAY-2", BLOCKER, why=(Text("Why."),), fix=((Text("Do."),),))
        found = words_of(comment(finding, unheard=["PAY-2"])).splitlines()
        assert found[:2] == [
            "Blocks work that is planned",
            "Told here for PAY-2<https://jira.example/browse/PAY-2> (Title of PAY-2).",
        ]
        assert found[2] == "How to answer"

    def test_stands_in_the_list_after_those_that_say_more(self):
        findings = [make_finding(f"PAY-{number}", BLOCKER) for number in (2, 3, 4)]
        found = words_of(comment(*findings, unheard=["PAY-2"])).splitlines()
        assert [line.partition("<")[0] for line in found if line.startswith("PAY-")] == ["PAY-3", "PAY-4", "PAY-2"]
        assert "wrong with PAY-2" not in "".join(found)

    def test_has_no_part_in_what_all_others_agree_on(self):
        heard = make_finding("PAY-3", BLOCKER, why=(Text("Why."),))
        unheard = make_finding("PAY-2", BLOCKER, why=(Text("Secret."),))
        found = words_of(comment(heard, unheard, unheard=["PAY-2"]))
        assert "\nWhy.\n" in found


def test_of_many_subjects_only_what_holds_for_all_of_them_is_told():
    both = (Text("Take it up."),)
    findings = [
        make_finding(f"PAY-{number}", BLOCKER, why=(Text(f"For {number}."),), fix=((Text(f"By {number}."),), both))
        for number in range(2, 8)
    ]
    found = words_of(comment(*findings))
    assert "\nWhat to do:\nTake it up.\n" in found
    assert "For 2" not in found
    assert "By 2" not in found


def test_a_few_lines_that_differ_from_one_subject_to_the_next_are_all_told():
    findings = [
        make_finding(f"PAY-{number}", BLOCKER, why=(Text(f"For {number}."),), fix=((Text("Do."),), (Text("By 9."),)))
        for number in (2, 3)
    ]
    found = words_of(comment(*findings))
    assert "\nFor 2.\nFor 3.\n" in found
    assert "\nWhat to do:\nDo.\nBy 9.\nHow" in found


def test_a_ring_is_the_own_matter_of_each_of_its_items():
    rule = make_rule("cycle", told_on=ToldOn.EDGE)
    assert "\nWhat is wrong with PAY-2.\n" in words_of(comment(make_finding("PAY-2", rule)))
