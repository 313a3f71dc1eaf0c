from typing import Any

from syncd.model.comments import Text
from syncd.model.findings import FindingState, Severity
from syncd.planner.leads import leads
from tests.builders import item_id, make_item
from tests.planner.small_world import SmallWorld, make_finding

WORLD: Any = SmallWorld(make_item(f"PAY-{number}", type="Epic") for number in range(1, 40))


def a_group(target, count, rule="no-outcome", **given):
    """Return findings of as many items that are all told on one."""
    return [make_finding(f"PAY-{number}", rule, told=[target], **given) for number in range(1, count + 1)]


def found(*groups):
    return [(lead.key, lead.rule_id, lead.finding_count) for lead in leads([f for g in groups for f in g], WORLD)]


def test_leads_begin_with_what_resolves_most():
    assert found(a_group("PAY-7", 3), a_group("PAY-9", 12)) == [
        ("PAY-9", "no-outcome", 12),
        ("PAY-7", "no-outcome", 3),
    ]


def test_equal_counts_are_ordered_by_severity_then_rule_then_key():
    late = a_group("PAY-10", 3, "late", severity=Severity.CRITICAL)
    groups = [a_group("PAY-10", 3), a_group("PAY-9", 3), late]
    assert found(*groups) == [("PAY-10", "late", 3), ("PAY-9", "no-outcome", 3), ("PAY-10", "no-outcome", 3)]


def test_there_are_five_at_most_and_none_for_a_single_finding():
    assert len(found(*(a_group(f"PAY-{target}", 2) for target in range(20, 30)))) == 5
    assert found(a_group("PAY-7", 1)) == []


def test_what_is_not_open_or_has_two_causes_gives_no_lead():
    pending = a_group("PAY-7", 3, state=FindingState.PENDING)
    two = [make_finding(f"PAY-{number}", told=["PAY-7", "PAY-8"]) for number in (1, 2, 3)]
    assert found(pending, two) == []


def test_a_lead_says_how_in_the_words_of_the_item_itself():
    own = make_finding("PAY-7", told=["PAY-7"], fix=((Text("Set its parent."),),))
    (lead,) = leads([*a_group("PAY-7", 3), own], WORLD)
    assert (lead.item, lead.kind, lead.fix) == (item_id("PAY-7"), "epic", own.fix)
