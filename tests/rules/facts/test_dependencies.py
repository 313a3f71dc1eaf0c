from datetime import date

import pytest

from syncd.model.items import StatusCategory
from syncd.model.outcomes import OutcomeStatus
from syncd.model.truth import Unknown
from tests.builders import (
    NOW,
    blocked_by,
    blocks,
    item_id,
    make_item,
    make_outcome,
    make_place,
    make_state,
    make_world,
    place_id,
)
from tests.rules.facts.asking import fact, keys

TODO, DONE = StatusCategory.TODO, StatusCategory.DONE
PAUSED = make_outcome("paused", status=OutcomeStatus.PAUSED)


def test_open_blockers_are_told_with_what_rules_ask_for():
    blocker = make_item("acme/sdk#1", labels=("outcome:x",), assignees=("Ann",), restricted=True)
    world = make_world(
        [make_item(links=(blocked_by("acme/sdk#1"),)), blocker],
        [make_outcome("x")],
        places=[make_place("acme/sdk", team="sdk")],
    )
    (record,) = fact(world, "deps.open_blockers")
    assert (record.key, record.title, record.url) == (blocker.key, blocker.title, blocker.url)
    assert (record.item, record.place, record.restricted) == (blocker.id, blocker.place, True)
    assert (record.team, record.status_category, record.trace_state) == ("sdk", "todo", "traced")
    assert (record.in_play, record.assignees) == (True, ("Ann",))


@pytest.mark.parametrize(
    ("item", "other"),
    [
        pytest.param({"links": (blocked_by("acme/sdk#1"),)}, {}, id="told-by-the-item"),
        pytest.param({}, {"links": (blocks("PAY-1"),)}, id="told-by-the-blocker"),
        pytest.param({"body": "Blocked by: acme/sdk#1"}, {}, id="line"),
        pytest.param({"body": "Depends on: https://github.example/acme/sdk/issues/1"}, {}, id="url"),
        pytest.param({}, {"body": "Blocks: PAY-1"}, id="line-of-the-blocker"),
    ],
)
def test_blockers_cross_trackers(item, other):
    world = make_world([make_item("PAY-1", **item), make_item("acme/sdk#1", **other)])
    assert keys(fact(world, "deps.open_blockers")) == ["acme/sdk#1"]
    assert fact(world, "deps.open_blockers", "acme/sdk#1") == ()


def test_a_blocker_that_is_done_or_gone_or_was_never_there_does_not_block():
    item = make_item(links=(blocked_by("PAY-2"), blocked_by("PAY-3")), body="Blocked by: PAY-99")
    world = make_world([item, make_item("PAY-2", status_category=DONE)], gone=[make_item("PAY-3")])
    assert fact(world, "deps.open_blockers") == ()
    assert fact(world, "deps.unreadable_blockers") == ()


@pytest.mark.parametrize(
    ("status", "open_keys", "unreadable"),
    [
        pytest.param(None, ["?"], ["LEG-1"], id="the-link-says-nothing"),
        pytest.param(TODO, ["LEG-1"], ["LEG-1"], id="the-link-says-open"),
        pytest.param(DONE, [], [], id="the-link-says-done"),
    ],
)
def test_a_blocker_in_a_place_that_is_not_read(status, open_keys, unreadable):
    world = make_world([make_item(links=(blocked_by("LEG-1", status),))])
    assert keys(fact(world, "deps.open_blockers")) == open_keys
    assert keys(fact(world, "deps.unreadable_blockers")) == unreadable
    for record in fact(world, "deps.unreadable_blockers"):
        assert (record.item, record.place, record.restricted) == (None, place_id("jira:LEG"), True)
        assert isinstance(record.title, Unknown)


@pytest.mark.parametrize("last_read", [TODO, DONE])
@pytest.mark.parametrize(
    ("status", "open_keys", "unreadable"),
    [
        pytest.param(None, ["?"], ["acme/sdk#1"], id="the-link-says-nothing"),
        pytest.param(TODO, ["acme/sdk#1"], ["acme/sdk#1"], id="the-link-says-open"),
        pytest.param(DONE, [], [], id="the-link-says-done"),
    ],
)
def test_a_blocker_in_a_dark_place_is_as_the_link_says_and_not_as_read_last(status, open_keys, unreadable, last_read):
    items = [make_item(links=(blocked_by("acme/sdk#1", status),)), make_item("acme/sdk#1", status_category=last_read)]
    world = make_world(items, states=[make_state("acme/sdk", error="down")])
    assert keys(fact(world, "deps.open_blockers")) == open_keys
    assert keys(fact(world, "deps.unreadable_blockers")) == unreadable


def test_what_is_known_of_the_blockers_stands_before_what_may_be_one_more():
    item = make_item(links=(blocked_by("LEG-1"), blocked_by("PAY-2")))
    world = make_world([item, make_item("PAY-2")])
    assert keys(fact(world, "deps.open_blockers")) == ["PAY-2", "?"]


def test_parked_and_unlinked_blockers():
    item = make_item(links=tuple(blocked_by(f"PAY-{number}") for number in range(2, 6)))
    others = [
        make_item("PAY-2", labels=("outcome:paused",)),
        make_item("PAY-3"),
        make_item("PAY-4", labels=("outcome:x",)),
        make_item("PAY-5", labels=("outcome:paused",), status_category=DONE),
    ]
    world = make_world([item, *others], [PAUSED, make_outcome("x")])
    assert keys(fact(world, "deps.parked_blockers")) == ["PAY-2"]
    assert keys(fact(world, "deps.unlinked_blockers")) == ["PAY-3"]


def test_a_blocker_whose_trace_is_unknown_may_be_parked():
    items = [
        make_item("PAY-1", links=(blocked_by("PAY-2"), blocked_by("PAY-3"))),
        make_item("PAY-2", parent="PAY-77"),
        make_item("PAY-3", labels=("outcome:paused",)),
    ]
    world = make_world(items, [PAUSED])
    assert keys(fact(world, "deps.parked_blockers")) == ["PAY-3", "?"]
    assert keys(fact(world, "deps.unlinked_blockers")) == ["?"]


def test_an_open_pull_request_blocks_and_traces_to_nothing():
    world = make_world([make_item(body="Blocked by: acme/sdk#1"), make_item("acme/sdk#1", is_change=True)])
    (record,) = fact(world, "deps.open_blockers")
    assert (record.kind, record.trace_state) == ("change", None)
    assert fact(world, "deps.unlinked_blockers") == ()


RING = [
    make_item("PAY-1", links=(blocks("PAY-2"),)),
    make_item("PAY-2", links=(blocks("acme/sdk#3"),)),
    make_item("acme/sdk#3", body="Blocks: PAY-1"),
    make_item("PAY-4", links=(blocked_by("PAY-1"),)),
]


@pytest.mark.parametrize("about", ["item", "dependency"])
def test_a_ring_is_told_from_its_smallest_key(about):
    world = make_world(RING)
    assert fact(world, "deps.in_cycle", about=about) is True
    assert keys(fact(world, "deps.cycle", about=about)) == ["PAY-1", "PAY-2", "acme/sdk#3"]


def test_every_member_is_in_the_ring_and_nobody_else():
    world = make_world(RING)
    found = [fact(world, "deps.in_cycle", key) for key in ("PAY-1", "PAY-2", "acme/sdk#3", "PAY-4")]
    assert found == [True, True, True, False]
    assert fact(world, "deps.cycle", "PAY-4") == ()


def test_a_ring_through_a_dark_place_is_unknown():
    world = make_world(RING, states=[make_state("acme/sdk", error="down")])
    assert isinstance(fact(world, "deps.in_cycle"), Unknown)
    assert keys(fact(world, "deps.cycle", about="dependency")) == ["?"]


def test_a_record_is_the_same_however_many_wait_for_it():
    items = [make_item(f"PAY-{number}", links=(blocked_by("PAY-9"),)) for number in (1, 2)]
    world = make_world([*items, make_item("PAY-9")])
    first, second = (fact(world, "deps.open_blockers", key)[0] for key in ("PAY-1", "PAY-2"))
    assert first == second
    assert first.item == item_id("PAY-9")


def test_open_blockers_of_other_teams_and_those_that_nobody_has():
    items = [
        make_item(links=(blocked_by("PAY-2"), blocked_by("SDK-1"), blocked_by("SDK-2"))),
        make_item("PAY-2", assignees=("Ann",)),
        make_item("SDK-1"),
        make_item("SDK-2", status_category=StatusCategory.DONE),
    ]
    world = make_world(items, places=[make_place("jira:SDK", team="sdk")])
    assert keys(fact(world, "deps.other_team_blockers")) == ["SDK-1"]
    assert keys(fact(world, "deps.unassigned_blockers")) == ["SDK-1"]
    assert fact(world, "deps.other_teams") == ("sdk",)


def test_a_blocker_that_cannot_be_read_may_be_another_teams():
    items = [make_item(links=(blocked_by("SDK-1"),)), make_item("SDK-1")]
    world = make_world(items, states=[make_state("SDK", error="down")])
    for name in ("other_team_blockers", "unassigned_blockers", "other_teams"):
        assert isinstance(fact(world, f"deps.{name}")[-1], Unknown)


def test_of_an_item_without_a_team_no_blocker_is_another_teams():
    items = [make_item(links=(blocked_by("SDK-1"),)), make_item("SDK-1")]
    world = make_world(items, places=[make_place(team=""), make_place("jira:SDK", team="sdk")])
    assert fact(world, "deps.other_team_blockers") == ()


def test_a_blocker_without_a_team_is_not_another_teams():
    items = [make_item(links=(blocked_by("SDK-1"),)), make_item("SDK-1")]
    world = make_world(items, places=[make_place("jira:SDK", team="")])
    assert fact(world, "deps.other_team_blockers") == ()


def test_what_an_item_blocks():
    items = [
        make_item(links=(blocks("PAY-2"), blocks("PAY-3"))),
        make_item("PAY-2"),
        make_item("PAY-3", status_category=StatusCategory.DONE),
    ]
    assert keys(fact(make_world(items), "deps.blocks")) == ["PAY-2"]
    assert fact(make_world(items), "deps.blocks_count") == 1
    dark = make_world([*items, make_item("SDK-1", links=(blocked_by("PAY-1"),))], states=[make_state("SDK", error="x")])
    assert keys(fact(dark, "deps.blocks")) == ["PAY-2", "?"]
    assert isinstance(fact(dark, "deps.blocks_count"), Unknown)


def test_a_blocker_is_told_with_what_plans_need():
    items = [
        make_item(links=(blocked_by("PAY-2"),)),
        make_item("PAY-2", priority="High", estimate=5.0, due_on=date(2026, 12, 1), activity_at=NOW),
    ]
    (record,) = fact(make_world(items), "deps.open_blockers")
    assert (record.priority, record.estimate, record.due_on, record.activity_at) == (
        "High",
        5.0,
        date(2026, 12, 1),
        NOW,
    )


def test_a_blocker_says_whether_it_waits_itself():
    items = [
        make_item("PAY-1", links=(blocked_by("PAY-2"), blocked_by("PAY-3"), blocked_by("PAY-4"), blocked_by("PAY-5"))),
        make_item("PAY-2", links=(blocked_by("PAY-6"),)),
        make_item("PAY-3", links=(blocked_by("PAY-7"),)),
        make_item("PAY-4", links=(blocked_by("LEG-1"),)),
        make_item("PAY-5", links=(blocked_by("LEG-2", TODO),)),
        make_item("PAY-6"),
        make_item("PAY-7", status_category=DONE),
    ]
    found = [each.waits for each in fact(make_world(items), "deps.open_blockers")]
    assert [each for each in found if not isinstance(each, Unknown)] == [True, False, True]
    assert isinstance(found[2], Unknown)
