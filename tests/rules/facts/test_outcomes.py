"""Facts about outcomes: what serves them, gates, measures, what depends on what; what is not known is unknown."""

from datetime import UTC, date, datetime, timedelta

import pytest

from syncd.model.identity import PlaceId, Ref
from syncd.model.items import Person, StatusCategory
from syncd.model.outcomes import (
    Contradiction,
    Horizon,
    Launch,
    Measure,
    Outcome,
    OutcomeRevision,
    OutcomeStatus,
    Period,
    Reading,
)
from syncd.model.truth import Unknown
from syncd.model.words import OutcomeWords, Words
from tests.builders import (
    NOW,
    make_container,
    make_history,
    make_item,
    make_outcome,
    make_place,
    make_state,
    make_world,
)
from tests.rules.facts.asking import FACTS, ids, keys, of, state

DONE = StatusCategory.DONE
DARK = make_state("FRAUD", error="down")
NAMES = sorted(name for name in FACTS if name.startswith("outcome."))
PERIOD = Period(id="2026-Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))


def serving(key, **given):
    return make_item(key, **{"labels": ("outcome:checkout-latency",), **given})


def test_the_facts_of_an_outcome_are_what_the_roadmap_states():
    outcome = make_outcome(
        why="Carts are lost",
        horizon=Horizon.NOT_NOW,
        status=OutcomeStatus.PAUSED,
        reason="later",
        period="2026-Q4",
        owner=Person("Kim"),
        target_date=date(2026, 12, 18),
        launch=Launch(on=date(2026, 12, 9)),
        revisit=date(2027, 1, 4),
        decide_by=date(2026, 12, 1),
        stated_in="roadmap/checkout.yaml",
        split_into=("a", "b"),
        merged_into="c",
        labels=["speed"],
    )
    world = make_world([], [outcome])
    expected = {
        "id": "checkout-latency",
        "title": "Title of checkout-latency",
        "why": "Carts are lost",
        "horizon": "not_now",
        "status": "paused",
        "is_active": False,
        "reason": "later",
        "period": "2026-Q4",
        "owner": "Kim",
        "target_date": date(2026, 12, 18),
        "launch_on": date(2026, 12, 9),
        "revisit": date(2027, 1, 4),
        "decide_by": date(2026, 12, 1),
        "stated_in": "roadmap/checkout.yaml",
        "visibility": "internal",
        "split_into": ("a", "b"),
        "merged_into": "c",
        "has_place": True,
    }
    assert {name: of(world, f"outcome.{name}") for name in expected} == expected


def test_what_an_outcome_does_not_state_is_null():
    world = make_world([], [make_outcome()])
    for name in ("why", "reason", "period", "owner", "target_date", "launch_on", "revisit", "decide_by", "stated_in"):
        assert of(world, f"outcome.{name}") is None
    assert of(world, "outcome.has_place") is False
    for name in NAMES:
        of(world, name)


def test_every_fact_of_an_outcome_that_left_the_roadmap_is_unknown():
    world = make_world([], [make_outcome()])
    assert all(isinstance(of(world, name, "nowhere"), Unknown) for name in NAMES)


def test_parents_are_not_counted_beside_their_children():
    items = [
        serving("PAY-1"),
        make_item("PAY-2", parent="PAY-1"),
        make_item("PAY-3", parent="PAY-1", status_category=DONE),
        serving("PAY-4", status_category=DONE),
        make_item("PAY-5", parent="PAY-4", status_category=DONE),
        serving("acme/sdk#1", is_change=True),
        make_item("PAY-9"),
    ]
    world = make_world(items, [make_outcome()])
    assert of(world, "outcome.item_count") == 3
    assert keys(of(world, "outcome.open_items")) == ["PAY-2"]
    assert of(world, "outcome.done_share") == pytest.approx(2 / 3)
    assert of(world, "outcome.has_work") is True


def test_an_open_parent_whose_children_are_done_is_open_work():
    items = [serving("PAY-1"), make_item("PAY-2", parent="PAY-1", status_category=DONE)]
    assert keys(of(make_world(items, [make_outcome()]), "outcome.open_items")) == ["PAY-1"]


def test_an_item_that_states_an_outcome_is_no_work_for_it():
    words = Words(outcomes=OutcomeWords(types=("Initiative",)))
    initiative = make_item("PAY-7", type="Initiative")
    empty = make_world([initiative], places=[make_place(words=words)])
    assert of(empty, "outcome.title", "PAY-7") == "Title of PAY-7"
    assert of(empty, "outcome.has_work", "PAY-7") is False
    world = make_world([initiative, make_item("PAY-8", parent="PAY-7")], places=[make_place(words=words)])
    assert keys(of(world, "outcome.open_items", "PAY-7")) == ["PAY-8"]


def test_a_ring_of_parents_counts_as_one_item():
    items = [
        serving("PAY-1", parent="PAY-3"),
        make_item("PAY-2", parent="PAY-1"),
        make_item("PAY-3", parent="PAY-2"),
        serving("PAY-4"),
        make_item("PAY-5", parent="PAY-4"),
    ]
    world = make_world(items, [make_outcome()])
    assert of(world, "outcome.item_count") == 2
    assert sorted(keys(of(world, "outcome.open_items"))) == ["PAY-1", "PAY-5"]


def test_ten_thousand_items_above_each_other_are_one():
    items = [serving("PAY-1"), *(make_item(f"PAY-{number}", parent=f"PAY-{number - 1}") for number in range(2, 10_001))]
    assert of(make_world(items, [make_outcome()]), "outcome.item_count") == 1


def test_an_outcome_without_items_has_no_work_and_no_share():
    world = make_world([make_item()], [make_outcome()])
    assert of(world, "outcome.has_work") is False
    assert of(world, "outcome.done_share") is None
    assert (of(world, "outcome.item_count"), of(world, "outcome.open_items")) == (0, ())


def test_work_that_could_serve_either_of_two_serves_none_yet():
    outcomes = [make_outcome(milestones=[("jira:PAY", "M")]), make_outcome("two", milestones=[("jira:PAY", "M")])]
    container = make_container("M")
    world = make_world([make_item(milestones=(container.id,))], outcomes, containers=[container])
    assert of(world, "outcome.has_work") is False


def test_a_dark_place_may_hold_more():
    world = make_world([serving("PAY-1"), serving("FRAUD-1")], [make_outcome(), make_outcome("two")], states=[DARK])
    assert keys(of(world, "outcome.open_items")) == ["PAY-1", "?"]
    assert of(world, "outcome.has_work") is True
    assert isinstance(of(world, "outcome.has_work", "two"), Unknown)
    assert isinstance(of(world, "outcome.item_count"), Unknown)
    assert isinstance(of(world, "outcome.done_share"), Unknown)
    assert keys(of(world, "outcome.begun_items")) == ["?"]


def test_a_single_item_that_cannot_be_traced_makes_no_number_unknown():
    world = make_world([serving("PAY-1"), make_item("PAY-2", parent="HID-1")], [make_outcome(), make_outcome("two")])
    assert of(world, "outcome.item_count") == 1
    assert keys(of(world, "outcome.open_items")) == ["PAY-1", "?"]
    assert isinstance(of(world, "outcome.has_work", "two"), Unknown)


def test_work_that_somebody_does_for_it_and_whose_it_is():
    items = [serving("PAY-1", status_category=StatusCategory.IN_PROGRESS), serving("PAY-2")]
    world = make_world(items, [make_outcome()])
    assert keys(of(world, "outcome.begun_items")) == ["PAY-1"]
    assert of(world, "outcome.teams") == ("payments",)


def test_what_the_roadmap_hangs_it_on():
    world = make_world([make_item()], [make_outcome(items=["PAY-1", "PAY-404", "FRAUD-1"])], states=[DARK])
    assert keys(of(world, "outcome.tracked_items")) == ["PAY-1", "?"]


OLD, NEW = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC)


def test_what_was_added_after_the_period_began():
    items = [serving(f"PAY-{number}", created_at=OLD) for number in (1, 2, 3, 4)] + [serving("PAY-5", created_at=NEW)]
    items[3] = serving("PAY-4", created_at=datetime(2026, 10, 1, 9, tzinfo=UTC))
    world = make_world(items, [make_outcome()], period=PERIOD)
    assert keys(of(world, "outcome.added_after_start")) == ["PAY-5"]
    assert of(world, "outcome.added_share") == 0.25


def test_growth_from_nothing_is_no_number_and_without_a_period_there_is_none():
    new = [serving("PAY-5", created_at=NEW)]
    assert of(make_world(new, [make_outcome()], period=PERIOD), "outcome.added_share") is None
    without = make_world(new, [make_outcome()])
    assert (of(without, "outcome.added_share"), of(without, "outcome.added_after_start")) == (None, ())


GATES = Launch(
    on=date(2026, 12, 9),
    gates=tuple((name, Ref(tracker="jira", key=key)) for name, key in [("load", "PAY-1"), ("legal", "LEG-1")]),
)


@pytest.mark.parametrize(
    ("items", "states", "expected", "done"),
    [
        pytest.param([make_item(), make_item("LEG-1", status_category=DONE)], [], ["PAY-1"], [False, True], id="one"),
        pytest.param([make_item(), make_item("LEG-2")], [], ["PAY-1", "LEG-1"], [False, False], id="not-there"),
        pytest.param([make_item()], [], ["PAY-1", "?"], [False, None], id="in-no-place-that-is-read"),
        pytest.param(
            [make_item(), make_item("LEG-1")], [make_state("LEG", error="x")], ["PAY-1", "?"], [False, None], id="dark"
        ),
        pytest.param(
            [make_item(), make_item("LEG-2")],
            [make_state("LEG", census_at=None)],
            ["PAY-1", "?"],
            [False, None],
            id="not-counted",
        ),
    ],
)
def test_gates_of_a_launch(items, states, expected, done):
    world = make_world(items, [make_outcome(launch=GATES)], states=states)
    gates = of(world, "outcome.gates")
    assert [(gate.name, gate.key) for gate in gates] == [("load", "PAY-1"), ("legal", "LEG-1")]
    assert [None if isinstance(gate.done, Unknown) else gate.done for gate in gates] == done
    assert keys(of(world, "outcome.open_gates")) == expected


def measured(*readings, launch=None, **given):
    read = tuple(Reading(date.fromisoformat(day), value) for day, value in readings)
    measure = Measure(**{"id": "p95", "name": "Checkout p95", "unit": "s", "readings": read, **given})
    return make_world([], [make_outcome(measures=(measure,), launch=Launch(on=launch))])


@pytest.mark.parametrize(
    ("world", "moved", "share"),
    [
        pytest.param(measured(("2026-11-01", 1.8), baseline=2.4, target=1.2), True, 0.5, id="halfway"),
        pytest.param(measured(("2026-11-01", 2.6), baseline=2.4, target=1.2), False, -1 / 6, id="away"),
        pytest.param(measured(("2026-11-01", 2.4), baseline=2.4, target=1.2), False, 0, id="not-at-all"),
        pytest.param(measured(("2026-11-01", 50), baseline=40, target=60), True, 0.5, id="upward"),
        pytest.param(measured(baseline=2.4, target=1.2), None, None, id="no-reading"),
        pytest.param(measured(("2026-11-01", 1.8), target=1.2), None, None, id="no-baseline"),
    ],
)
def test_whether_a_measure_moved_toward_its_target(world, moved, share):
    (record,) = of(world, "outcome.measures")
    assert record.share_to_target == (pytest.approx(share) if share is not None else None)
    assert (record.moved, of(world, "outcome.moved_toward_target")) == (moved, moved)
    assert record.is_reached is (None if share is None else False)


def test_a_measure_is_told_in_words():
    (record,) = of(measured(("2026-11-01", 1.8), baseline=2.4, target=1.2), "outcome.measures")
    assert record.title == "Checkout p95: 1.8 s on 2026-11-01, from 2.4 s, target 1.2 s"
    (record,) = of(measured(name="", unit=""), "outcome.measures")
    assert record.title == "p95: not measured yet"


@pytest.mark.parametrize(
    ("world", "launched", "expected"),
    [
        pytest.param(measured(("2026-11-20", 1.8), launch=date(2026, 11, 10)), True, True, id="measured"),
        pytest.param(measured(("2026-11-10", 1.8), launch=date(2026, 11, 10)), True, False, id="on-the-day"),
        pytest.param(measured(launch=date(2026, 11, 10)), True, False, id="never"),
        pytest.param(measured(launch=date(2026, 11, 24)), False, None, id="launches-today"),
        pytest.param(measured(("2026-11-20", 1.8)), None, None, id="no-launch"),
        pytest.param(make_world([], [make_outcome(launch=Launch(on=date(2026, 11, 1)))]), True, None, id="no-measure"),
    ],
)
def test_whether_it_was_measured_since_its_launch(world, launched, expected):
    assert of(world, "outcome.is_launched") is launched
    assert of(world, "outcome.measured_since_launch") is expected


def test_outcomes_that_depend_on_each_other():
    outcomes = [
        make_outcome(target_date=date(2026, 12, 1), depends_on=("late", "old-name", "done", "elsewhere", "same")),
        make_outcome("same", target_date=date(2026, 12, 1)),
        make_outcome("late", target_date=date(2026, 12, 2)),
        make_outcome("early", target_date=date(2026, 11, 30), was=("old-name",)),
        make_outcome("done", target_date=date(2026, 12, 2), status=OutcomeStatus.ACHIEVED),
    ]
    world = make_world([], outcomes)
    assert ids(of(world, "outcome.depends_on")) == ["late", "early", "done", "same"]
    assert ids(of(world, "outcome.late_dependencies")) == ["late"]
    assert ids(of(world, "outcome.required_by", "early")) == ["checkout-latency"]
    unread = make_world([], outcomes, unread=Unknown("jira is not read"))
    assert ids(of(unread, "outcome.depends_on")) == ["late", "early", "done", "same", "?"]
    assert ids(of(unread, "outcome.late_dependencies")) == ["late", "?"]


@pytest.mark.parametrize(
    ("stated", "given", "known"),
    [
        pytest.param("", {}, {}, id="all-is-left-to-the-tracker"),
        pytest.param("status horizon", {}, {"status": "active", "horizon": "now", "is_active": True}, id="life"),
        pytest.param(
            "horizon",
            {"horizon": Horizon.NOT_NOW},
            {"horizon": "not_now", "is_active": False},
            id="what-is-known-decides",
        ),
        pytest.param(
            "owner target_date",
            {"owner": Person("Ada"), "target_date": date(2026, 12, 18)},
            {"owner": "Ada", "target_date": date(2026, 12, 18)},
            id="owner-and-date",
        ),
    ],
)
def test_what_a_file_leaves_to_a_tracker_that_can_not_be_read_is_not_known(stated, given, known):
    outcome = make_outcome(**{"owner": None, **given})
    world = make_world([], [outcome], unread=Unknown("down"), stated={outcome.id: frozenset(stated.split())})
    left = {"status", "horizon", "is_active", "owner", "target_date"}
    found = {name: of(world, f"outcome.{name}") for name in left}
    assert {name: value for name, value in found.items() if not isinstance(value, Unknown)} == known


def test_what_file_and_tracker_say_differently():
    said = Contradiction(
        field="target_date", in_file="2026-12-18", in_tracker="2027-01-15", key="PAY-88", place=PlaceId("jira", "PAY")
    )
    world = make_world([], [make_outcome()], contradictions={"checkout-latency": (said,)})
    (record,) = of(world, "outcome.contradictions")
    assert record.title == "target date: 2026-12-18 in the roadmap, 2027-01-15 in the tracker"
    assert record.place == PlaceId("jira", "PAY")
    unread = make_world([], [make_outcome()], unread=Unknown("jira is not read"))
    assert isinstance(of(unread, "outcome.contradictions")[-1], Unknown)


def revision(outcome: Outcome, days_ago: int) -> OutcomeRevision:
    return OutcomeRevision(outcome=outcome, seen_at=NOW - timedelta(days=days_ago))


def changed_world():
    before, after = make_outcome(revision="1"), make_outcome(revision="2")
    items = [
        serving("PAY-1", created_at=NOW - timedelta(days=30)),
        serving("PAY-2", created_at=NOW - timedelta(days=1)),
        serving("PAY-3", created_at=NOW - timedelta(days=30)),
    ]
    return make_world(
        items,
        [after],
        revisions={"checkout-latency": (revision(before, 60), revision(after, 3))},
        histories={"PAY-1": make_history()},
    )


def test_work_that_was_linked_before_the_outcome_changed():
    world = changed_world()
    assert of(world, "outcome.changed_at") == NOW - timedelta(days=3)
    assert keys(of(world, "outcome.linked_before_change")) == ["PAY-1", "?"]


def test_the_state_of_such_work_says_so():
    world = changed_world()
    assert [state(world, key) for key in ("PAY-1", "PAY-2", "PAY-3")] == ["outcome_changed", "traced", "traced"]


def test_parents_that_are_shared_on_every_level_are_walked_once():
    """Walked for each way that leads up to them it would be 2**40 steps."""
    levels = range(40)
    items = [
        serving(f"PAY-{level * 2 + side}", body=f"Part of: PAY-{level * 2 + 3}, PAY-{level * 2 + 4}")
        for level in levels
        for side in (1, 2)
    ]
    items += [serving("PAY-81"), serving("PAY-82")]
    world = make_world(items, [make_outcome("checkout-latency")])

    assert {len(parents) for parents in world.parents.values()} == {2}
    assert of(world, "outcome.item_count", "checkout-latency") == 2
