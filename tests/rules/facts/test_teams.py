"""Facts about teams: what they work on, and the share of standing work beside its budget."""

import pytest

from rules.roadmap.loader import Standing
from syncd.model.items import StatusCategory
from syncd.model.outcomes import Budget
from syncd.model.truth import Unknown
from syncd.model.words import Words
from tests.builders import make_item, make_place, make_state, make_world
from tests.rules.conditions import condition
from tests.rules.facts.asking import FACTS, keys, of

NAMES = sorted(name for name in FACTS if name.startswith("team.") and not name.startswith("team.period_"))
DOING = StatusCategory.IN_PROGRESS
DARK = make_state("FRAUD", error="down")


def health(least=None, most=None):
    match = condition("{item.labels: {contains: debt}}")
    return Standing(id="health", title="Pay down debt", match=match, budget=Budget(least=least, most=most))


def working(debt, other, **budget):
    """Return a World with so many items in play of each kind, and one that is not in play."""
    items = [make_item(f"PAY-{number}", labels=("debt",), status_category=DOING) for number in range(1, debt + 1)]
    items += [make_item(f"PAY-{number + 100}", status_category=DOING) for number in range(other)]
    return make_world([*items, make_item("PAY-999", labels=("debt",))], standing=(health(**budget),))


@pytest.mark.parametrize(
    ("world", "share", "short", "over"),
    [
        pytest.param(working(1, 4, least=0.2), 0.2, False, False, id="just-enough"),
        pytest.param(working(1, 5, least=0.2), 1 / 6, True, False, id="too-little"),
        pytest.param(working(0, 5, least=0.2), 0, True, False, id="nothing"),
        pytest.param(working(2, 3, least=0.1, most=0.3), 0.4, False, True, id="too-much"),
        pytest.param(working(2, 3), 0.4, False, False, id="no-budget"),
        pytest.param(working(0, 0, least=0.2), None, False, False, id="nothing-in-play"),
    ],
)
def test_standing_work_beside_its_budget(world, share, short, over):
    (record,) = of(world, "team.budgets", "payments")
    assert record.share == (pytest.approx(share) if share is not None else None)
    assert (record.id, record.short, record.over) == ("health", short, over)


def test_a_budget_is_told_in_words():
    (record,) = of(working(1, 5, least=0.2, most=0.25), "team.budgets", "payments")
    assert record.title == "Pay down debt: 1 of 6 items in play, at least 20%, at most 25%"


def test_standing_work_that_serves_an_outcome_counts_too():
    items = [make_item(labels=("debt", "outcome:nowhere"), status_category=DOING)]
    (record,) = of(make_world(items, standing=(health(least=0.2),)), "team.budgets", "payments")
    assert record.share == 1.0


def test_what_a_team_works_on():
    world = make_world(
        [
            make_item("PAY-1"),
            make_item("PAY-2", parent="PAY-1", status_category=DOING),
            make_item("PAY-3"),
            make_item("PAY-4", status_category=StatusCategory.DONE),
        ]
    )
    counts = [of(world, f"team.{name}_count", "payments") for name in ("open", "in_play", "in_progress")]
    assert counts == [2, 1, 1]
    assert keys(of(world, "team.in_progress_items", "payments")) == ["PAY-2"]
    (kind,) = of(world, "team.kinds", "payments")
    assert (kind.kind, kind.count, kind.share, kind.title) == ("other", 1, 1.0, "other: 1 of 1")


def test_a_team_of_which_nobody_knows_has_nothing():
    world = make_world([make_item()], standing=(health(least=0.2),))
    for name in NAMES:
        assert of(world, name, "nobody") in ("nobody", 0, ()) or name == "team.budgets"


@pytest.mark.parametrize(
    ("place", "is_unknown"),
    [
        pytest.param(make_place("jira:FRAUD", team="payments"), True, id="its-own-place"),
        pytest.param(make_place("jira:FRAUD", team="fraud"), False, id="another-teams"),
        pytest.param(
            make_place("jira:FRAUD", team="fraud", words=Words(fields=(("team", ("Team",)),))),
            True,
            id="named-in-a-field",
        ),
    ],
)
def test_a_dark_place_leaves_those_unknown_who_may_work_there(place, is_unknown):
    world = make_world([make_item()], places=[place], states=[DARK], standing=(health(least=0.2),))
    found = [of(world, name, "payments") for name in NAMES if name != "team.id"]
    assert [isinstance(each[-1] if isinstance(each, tuple) and each else each, Unknown) for each in found] == [
        is_unknown
    ] * len(found)
