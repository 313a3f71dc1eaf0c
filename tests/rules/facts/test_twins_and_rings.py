"""Twins are one piece of work; rings have a link to cut; what ends of a link say differently is evidence."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from syncd.model.items import StatusCategory
from syncd.model.truth import Unknown
from tests.builders import (
    NOW,
    blocked_by,
    blocks,
    make_item,
    make_link,
    make_outcome,
    make_place,
    make_state,
    make_world,
)
from tests.rules.facts.asking import fact, keys

TODO, DOING, DONE = StatusCategory.TODO, StatusCategory.IN_PROGRESS, StatusCategory.DONE


def mirrors(target):
    return make_link("mirrors", target)


def twins(**sdk):
    """PAY-1 waits for PAY-2, which acme/sdk#5 mirrors."""
    return [
        make_item("PAY-1", links=(blocked_by("PAY-2"),)),
        make_item("PAY-2"),
        make_item("acme/sdk#5", links=(mirrors("PAY-2"),), **sdk),
    ]


@pytest.mark.parametrize(
    ("sdk", "told"),
    [
        pytest.param({"status_category": DOING}, "acme/sdk#5", id="begun"),
        pytest.param({"assignees": ("Ann",)}, "acme/sdk#5", id="assigned"),
        pytest.param({}, "PAY-2", id="alike"),
        pytest.param({"status_category": DONE, "assignees": ("Ann",)}, "PAY-2", id="done"),
    ],
)
def test_a_blocker_is_told_as_the_twin_where_the_work_is(sdk, told):
    world = make_world(twins(**sdk))
    assert keys(fact(world, "deps.open_blockers")) == [told]
    assert keys(fact(world, "deps.blocks", told)) == ["PAY-1"]
    (other,) = {"PAY-2", "acme/sdk#5"} - {told}
    assert fact(world, "deps.blocks", other) == ()


def test_what_blocks_two_twins_is_one_blocker_and_blocks_one():
    items = [
        make_item("PAY-1", status_category=DOING, links=(blocked_by("PAY-3"),)),
        make_item("acme/sdk#1", links=(mirrors("PAY-1"), blocked_by("PAY-3"), blocked_by("acme/sdk#3"))),
        make_item("PAY-3"),
        make_item("acme/sdk#3", links=(mirrors("PAY-3"),)),
    ]
    world = make_world(items)
    assert keys(fact(world, "deps.open_blockers")) == ["PAY-3"]
    assert fact(world, "deps.open_blockers", "acme/sdk#1") == ()
    assert fact(world, "deps.blocks_count", "PAY-3") == 1
    assert fact(world, "deps.blocks_in_all_count", "PAY-3") == 1


def test_twins_that_mirror_each_other_in_a_ring_are_one():
    ring = [make_item(f"PAY-{n}", links=(mirrors(f"PAY-{n % 3 + 1}"), mirrors(f"PAY-{n}"))) for n in (1, 2, 3)]
    world = make_world([*ring, make_item("PAY-4", links=tuple(blocked_by(f"PAY-{n}") for n in (1, 2, 3)))])
    assert keys(fact(world, "deps.open_blockers", "PAY-4")) == ["PAY-1"]
    assert fact(world, "deps.in_cycle") is False


def test_a_ring_may_close_by_way_of_a_twin():
    items = [
        make_item("PAY-1", links=(blocks("PAY-2"),)),
        make_item("PAY-2"),
        make_item("acme/sdk#2", links=(mirrors("PAY-2"), blocks("PAY-1"))),
    ]
    world = make_world(items)
    assert keys(fact(world, "deps.cycle", about="dependency")) == ["PAY-1", "PAY-2"]
    assert fact(world, "deps.in_cycle", "acme/sdk#2") is True
    assert keys(fact(world, "deps.cycle_cut")) == ["PAY-1", "PAY-2"]


def test_where_the_twin_can_not_be_read_nobody_knows_whether_the_work_is_done():
    world = make_world(twins(status_category=DOING), states=[make_state("acme/sdk", error="down")])
    assert keys(fact(world, "deps.open_blockers")) == ["?"]
    assert keys(fact(world, "deps.unreadable_blockers")) == ["acme/sdk#5"]
    assert isinstance(fact(world, "deps.chain_length"), Unknown)


RING: dict[str, dict[str, Any]] = {
    "PAY-1": {"links": (blocks("PAY-2"),), "status_category": DOING},
    "PAY-2": {"links": (blocks("SDK-3"),), "status_category": DOING},
    "SDK-3": {"links": (blocks("PAY-1"),), "status_category": DOING},
}
SDK = make_place("jira:SDK", team="sdk")


def cut_of(about="dependency", **changes):
    items = [make_item(key, **{**given, **changes.get(key.replace("-", ""), {})}) for key, given in RING.items()]
    world = make_world(items, places=[SDK])
    return keys(fact(world, "deps.cycle_cut", about=about)), fact(world, "deps.cycle_cut_because", about=about)


@pytest.mark.parametrize(
    ("changes", "ends", "because"),
    [
        pytest.param(
            {"SDK3": {"links": (), "body": "Blocks: PAY-1"}},
            ["SDK-3", "PAY-1"],
            "only a line of text says so",
            id="a-line-is-cheaper-than-a-link",
        ),
        pytest.param(
            {"PAY2": {"status_category": TODO}},
            ["PAY-2", "SDK-3"],
            "nobody has begun what would be waited for",
            id="what-nobody-has-begun",
        ),
        pytest.param(
            {}, ["PAY-1", "PAY-2"], "both ends are of one team, which can decide it alone", id="inside-a-team"
        ),
        pytest.param(
            {"PAY1": {"links": (), "body": "Blocks: PAY-2"}, "PAY2": {"links": (), "body": "Blocks: SDK-3"}},
            ["PAY-1", "PAY-2"],
            "only a line of text says so; both ends are of one team, which can decide it alone",
            id="two-reasons",
        ),
    ],
)
def test_the_cheapest_link_of_a_ring_is_cut_and_why(changes, ends, because):
    assert cut_of(**changes) == (ends, because)


def test_where_all_links_cost_the_same_the_first_by_key_is_cut():
    items = [make_item("PAY-1", links=(blocks("PAY-2"),)), make_item("PAY-2", links=(blocks("PAY-1"),))]
    world = make_world(items)
    assert keys(fact(world, "deps.cycle_cut")) == ["PAY-1", "PAY-2"]
    assert fact(world, "deps.cycle_cut_because") == "none is cheaper to cut, and it is the first by key"


def test_a_link_that_several_rings_go_through_is_cut_before_a_cheaper_one():
    items = [
        make_item("PAY-1", links=(blocks("PAY-2"),)),
        make_item("PAY-2", links=(blocks("PAY-3"), blocks("PAY-4"))),
        make_item("PAY-3", body="Blocks: PAY-1"),
        make_item("PAY-4", links=(blocks("PAY-1"),)),
    ]
    world = make_world(items)
    assert keys(fact(world, "deps.cycle_cut")) == ["PAY-1", "PAY-2"]
    assert fact(world, "deps.cycle_cut_because") == "without it nothing waits for itself any more"
    assert fact(world, "deps.cycle_rest_count") == 0


def test_a_knot_that_no_one_cut_unties_says_how_many_are_left():
    pairs = [(1, 2), (2, 1), (2, 3), (3, 2)]
    items = [make_item(f"PAY-{n}", links=tuple(blocks(f"PAY-{b}") for a, b in pairs if a == n)) for n in (1, 2, 3)]
    world = make_world(items)
    assert fact(world, "deps.cycle_rest_count") == 2
    assert "only 2 of 3" in fact(world, "deps.cycle_cut_because")


def test_of_a_knot_of_many_links_every_link_is_tried():
    ring = [f"PAY-{number}" for number in range(102, 172)]
    items = [make_item(key, links=(blocks(after),)) for key, after in pairwise([*ring, ring[0]])]
    items[0] = make_item("PAY-102", links=(blocks("PAY-103"), blocks("PAY-101")))
    world = make_world([*items, make_item("PAY-101", links=(blocks("PAY-102"),))])
    assert keys(fact(world, "deps.cycle_cut", "PAY-101")) == ["PAY-102", "PAY-103"]
    assert "only 2 of 71" in fact(world, "deps.cycle_cut_because", "PAY-101")


def test_a_ring_with_a_member_that_can_not_be_read_has_no_known_cut():
    items = [make_item(key, **given) for key, given in RING.items()]
    world = make_world(items, states=[make_state("jira:SDK", error="down")])
    assert keys(fact(world, "deps.cycle_cut", about="dependency")) == ["?"]
    assert isinstance(fact(world, "deps.cycle_cut_because"), Unknown)


def said(world, key="PAY-1"):
    return [(each.what, each.key) for each in fact(world, "deps.contradictions", key)]


def test_two_ends_that_each_say_they_block_the_other():
    world = make_world([make_item("PAY-1", links=(blocks("PAY-2"),)), make_item("PAY-2", body="Blocks: PAY-1")])
    assert said(world) == [("each_blocks_the_other", "PAY-2")]
    assert said(world, "PAY-2") == [("each_blocks_the_other", "PAY-1")]


@pytest.mark.parametrize(
    ("told", "is_done", "what"),
    [
        pytest.param(DONE, False, ["link_says_done"], id="said-done-and-is-open"),
        pytest.param(TODO, True, ["link_says_open"], id="said-open-and-is-done"),
        pytest.param(DONE, True, [], id="agreed"),
    ],
)
def test_a_link_that_was_read_since_says_otherwise_than_the_blocker(told, is_done, what):
    blocker = make_item("PAY-2", status_category=DONE if is_done else TODO)
    waiting = make_item("PAY-1", links=(blocked_by("PAY-2", told),), updated_at=NOW)
    assert [each for each, _ in said(make_world([waiting, blocker]))] == what
    older = make_item("PAY-1", links=waiting.links, updated_at=blocker.updated_at - timedelta(days=1))
    assert said(make_world([older, blocker])) == []


def test_twins_of_which_one_alone_is_done():
    world = make_world(twins(status_category=DONE))
    assert said(world, "PAY-2") == [("twin_is_done", "acme/sdk#5")]
    assert said(world, "acme/sdk#5") == [("twin_is_open", "PAY-2")]


def test_told_twice_is_one_edge():
    world = make_world([make_item("PAY-1", links=(blocked_by("PAY-2"),)), make_item("PAY-2", body="Blocks: PAY-1")])
    assert keys(fact(world, "deps.open_blockers")) == ["PAY-2"]
    assert said(world) == []


def test_an_outcome_waits_for_the_twin_where_the_work_is():
    items = [*twins(status_category=DOING), make_item("PAY-9")]
    items[0] = make_item("PAY-1", links=(blocked_by("PAY-2"),), labels=("outcome:fast",))
    world = make_world(items, [make_outcome("fast")])
    (record,) = fact(world, "deps.outcomes_waiting", "acme/sdk#5")
    assert (record.id, record.chain, record.late_because) == ("fast", ("acme/sdk#5", "PAY-1"), record.late_because)
