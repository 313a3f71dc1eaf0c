from datetime import timedelta

import pytest

from syncd.model.changes import Action, Change, RecentWrite
from syncd.model.findings import Severity
from syncd.planner.limits import Limits, Unit, admit
from tests.builders import NOW, item_id, place_id

LIMITS = Limits(changes=100, share=1.0, removals=100, new_comments=100)
ADD, REMOVE, CREATE, EDIT = Action.ADD_LABEL, Action.REMOVE_LABEL, Action.CREATE_COMMENT, Action.EDIT_COMMENT


def make_unit(key, *actions, rules=("no-outcome",), severity=Severity.WARNING):
    changes = tuple(
        Change(target=item_id(key), key=key, place=place_id(key), action=action, rule_ids=rules) for action in actions
    )
    return Unit(changes=changes, severity=severity)


def make_write(key, action=ADD, rule_id="no-outcome", **ago):
    return RecentWrite(rule_id=rule_id, action=action, at=NOW - timedelta(**ago), item=item_id(key))


def admitted(units, *, recent=(), open_item_count=1000, **limits):
    """Return what may be sent, and what waits, by keys and verbs."""
    found = admit(units, Limits(**{**_all_of(LIMITS), **limits}), recent, open_item_count, NOW)
    sent = [(change.key, change.action) for change in found.changes]
    return sent, [(waiting.change.key, waiting.reason) for waiting in found.waiting]


def _all_of(limits):
    return {name: getattr(limits, name) for name in limits.__struct_fields__}


@pytest.mark.parametrize(
    ("action", "limit"),
    [
        pytest.param(CREATE, {"new_comments": 2}, id="new-comments"),
        pytest.param(REMOVE, {"removals": 2}, id="removals"),
        pytest.param(EDIT, {"changes": 2}, id="changes"),
    ],
)
def test_what_is_over_waits_and_the_rest_goes_on(action, limit):
    units = [*(make_unit(f"PAY-{n}", action) for n in (1, 2, 3)), make_unit("PAY-4", action, rules=("idle",))]
    sent, waiting = admitted(units, **limit)
    assert [key for key, _ in sent] == ["PAY-1", "PAY-2", "PAY-4"]
    what = next(iter(limit)).replace("_", " ")
    assert waiting == [("PAY-3", f"over the limit of 2 {what} in 24 hours for the rule no-outcome")]


def test_what_was_written_in_the_last_24_hours_counts():
    recent = [make_write("PAY-8", CREATE, hours=23), make_write("PAY-9", CREATE, hours=24)]
    sent, waiting = admitted([make_unit(f"PAY-{n}", CREATE) for n in (1, 2)], recent=recent, new_comments=2)
    assert ([key for key, _ in sent], len(waiting)) == (["PAY-1"], 1)


def test_a_label_and_its_comment_go_together_or_not_at_all():
    sent, waiting = admitted([make_unit("PAY-1", ADD, CREATE)], new_comments=0)
    assert (sent, [key for key, _ in waiting]) == ([], ["PAY-1", "PAY-1"])


def test_a_rule_at_its_limit_of_comments_may_still_take_labels_away():
    recent = [make_write(f"PAY-{n}", CREATE, hours=1) for n in (1, 2)]
    assert admitted([make_unit("PAY-1", REMOVE)], recent=recent, new_comments=1)[1] == []


def test_a_comment_that_tells_two_rules_waits_for_both():
    units = [make_unit("PAY-1", CREATE, rules=("idle",)), make_unit("PAY-2", CREATE, rules=("blocked", "idle"))]
    assert [key for key, _ in admitted(units, new_comments=1)[1]] == ["PAY-2"]


def test_what_is_critical_goes_first():
    units = [make_unit("PAY-1", CREATE), make_unit("PAY-2", CREATE, severity=Severity.CRITICAL)]
    assert admitted(units, new_comments=1)[0] == [("PAY-2", CREATE)]


def test_a_share_counts_items_not_changes():
    units = [make_unit(f"PAY-{n}", ADD, CREATE) for n in range(30)]
    sent, waiting = admitted(units, share=0.2, open_item_count=100)
    assert (len(sent), len(waiting)) == (40, 20)
    assert waiting[0][1] == "over the limit of 20 items in 24 hours for the rule no-outcome"


def test_items_that_were_written_on_already_cost_no_further_share():
    recent = [make_write(f"PAY-{n}", hours=1) for n in range(20)]
    units = [make_unit("PAY-3", EDIT), make_unit("PAY-99", EDIT)]
    assert [key for key, _ in admitted(units, recent=recent, share=0.2, open_item_count=100)[1]] == ["PAY-99"]


@pytest.mark.parametrize("open_item_count", [0, 6, 30])
def test_a_small_workspace_may_always_be_written_on_ten_items(open_item_count):
    units = [make_unit(f"PAY-{n}", ADD) for n in range(12)]
    sent, waiting = admitted(units, share=0.3, open_item_count=open_item_count)
    assert (len(sent), len(waiting)) == (10, 2)


def test_a_change_that_no_rule_asked_for_is_not_counted():
    assert admitted([make_unit("PAY-1", Action.DELETE_COMMENT, rules=())], changes=0, removals=0)[1] == []
