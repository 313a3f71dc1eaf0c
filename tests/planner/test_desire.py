import pytest

from syncd.model.findings import ToldOn
from syncd.model.items import Audience, AudienceKind, Stage
from tests.builders import item_id, make_item, make_outcome, make_place
from tests.planner.small_world import (
    Desk,
    SmallWorld,
    actions_of,
    make_judgment,
    make_judgments,
    make_policy,
    make_rule,
    words_of,
)

PUBLIC, CUSTOMERS = Audience(AudienceKind.PUBLIC), Audience(AudienceKind.CUSTOMERS)
FAST = make_outcome("fast", title="Fast checkout", why="Carts are lost.")
LABEL = ("PAY-1", "add_label syncd:no-outcome")
COMMENT = ("PAY-1", "create_comment")


def planned(*, workspace=Stage.COMMENT, rule=Stage.COMMENT, outcomes=(), serves=(), **place):
    world = SmallWorld(
        [make_item("PAY-1")], places=[make_place("jira:PAY", **place)], outcomes=outcomes, serves={"PAY-1": serves}
    )
    desk = Desk(world, make_policy(stage=workspace))
    return desk.reconcile(make_judgments(make_judgment(rule=make_rule(stage=rule)))).plan


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        pytest.param({}, [LABEL, COMMENT], id="nothing-holds-it-back"),
        pytest.param({"rule": Stage.LABELS}, [LABEL], id="rule"),
        pytest.param({"stage": Stage.LABELS}, [LABEL], id="place"),
        pytest.param({"workspace": Stage.LABELS}, [LABEL], id="workspace"),
        pytest.param({"rule": Stage.REPORT}, [], id="rule-reports"),
        pytest.param({"stage": Stage.OFF}, [], id="place-off"),
        pytest.param({"workspace": Stage.REPORT, "rule": Stage.LABELS}, [], id="the-lowest-wins"),
        pytest.param({"audience": PUBLIC}, [LABEL], id="public"),
        pytest.param({"audience": CUSTOMERS}, [LABEL], id="customers"),
        pytest.param({"audience": PUBLIC, "comments_allowed": True}, [LABEL, COMMENT], id="public-and-opened"),
        pytest.param({"audience": None}, [LABEL], id="nobody-said-who-reads"),
        pytest.param({"audience": None, "comments_allowed": True}, [LABEL, COMMENT], id="an-admin-opened-it"),
    ],
)
def test_the_lowest_stage_wins(stages, expected):
    assert actions_of(planned(**stages)) == expected


def test_a_comment_begins_with_the_outcome_that_the_item_serves():
    comment = planned(outcomes=[FAST], serves=("fast",)).changes[1].comment
    assert words_of(comment).startswith("Outcome: Fast checkout. Carts are lost.\n")


def test_an_outcome_that_may_not_be_named_is_passed_over_in_silence():
    comment = planned(outcomes=[FAST], serves=("fast",), audience=PUBLIC, comments_allowed=True).changes[1].comment
    assert words_of(comment).startswith("Title of no-outcome\n")


def test_a_place_that_is_not_configured_is_off():
    world = SmallWorld([make_item("PAY-1")])
    world.places.clear()
    assert actions_of(Desk(world).reconcile(make_judgments(make_judgment())).plan) == []


def test_labels_are_those_of_the_rules_under_our_prefix():
    desk = Desk(SmallWorld([make_item("PAY-1")]), make_policy(prefix="plan:"))
    plan = desk.sync(make_judgments(make_judgment(), make_judgment(rule="idle")))
    assert [change.label for change in plan.changes] == ["plan:idle", "plan:no-outcome", ""]
    assert plan.changes[2].rule_ids == ("idle", "no-outcome")
    assert plan.changes[2].target == item_id("PAY-1")


def test_of_a_subject_that_readers_may_not_read_only_the_key_is_told():
    risk = make_place("jira:RISK", audience=Audience(AudienceKind.GROUP, "risk"))
    world = SmallWorld([make_item("PAY-1"), make_item("RISK-2")], places=[risk])
    judgment = make_judgment("RISK-2", make_rule(told_on=ToldOn.BLOCKER), causes=["PAY-1"])
    comment = Desk(world).reconcile(make_judgments(judgment)).plan.changes[1].comment
    assert comment is not None
    assert "Told here for RISK-2." in words_of(comment)
    assert "What is wrong" not in words_of(comment)


def test_a_subject_that_is_gone_is_not_told():
    world = SmallWorld([make_item("PAY-1"), make_item("PAY-2")])
    blocker = make_rule(told_on=ToldOn.BLOCKER)
    holds = make_judgments(*(make_judgment(key, blocker, causes=["PAY-1"]) for key in ("PAY-2", "PAY-3")))
    comment = Desk(world).reconcile(holds).plan.changes[1].comment
    assert comment is not None
    assert "PAY-2" in words_of(comment)
    assert "PAY-3" not in words_of(comment)
