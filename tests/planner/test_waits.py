from rules.world import WorldInput, build_world
from syncd.model.items import StatusCategory
from syncd.planner.waits import DEEPEST, waits_for
from tests.builders import blocks, by_id, item_id, make_item


def chain(key, *items):
    world = build_world(WorldInput(items=by_id(items)))
    return [(each.depth, each.item.key, each.again) for each in waits_for(item_id(key), world)]


def test_each_blocker_is_followed_by_its_own():
    assert chain(
        "PAY-1",
        make_item("PAY-1"),
        make_item("PAY-10", links=(blocks("PAY-1"),)),
        make_item("PAY-9", links=(blocks("PAY-1"),)),
        make_item("FRAUD-1", links=(blocks("PAY-9"),)),
    ) == [(0, "PAY-9", False), (1, "FRAUD-1", False), (0, "PAY-10", False)]


def test_what_is_done_is_not_waited_for():
    done = make_item("PAY-2", status_category=StatusCategory.DONE, links=(blocks("PAY-1"),))
    assert chain("PAY-1", make_item("PAY-1"), done) == []


def test_a_ring_ends_where_it_began():
    assert chain(
        "PAY-1",
        make_item("PAY-1", links=(blocks("PAY-2"),)),
        make_item("PAY-2", links=(blocks("PAY-1"),)),
    ) == [(0, "PAY-2", False), (1, "PAY-1", True)]


def test_a_long_chain_is_cut():
    items = [make_item(f"PAY-{number}", links=(blocks(f"PAY-{number - 1}"),)) for number in range(2, 20)]
    assert len(chain("PAY-1", make_item("PAY-1"), *items)) == DEEPEST


def test_what_is_not_there_waits_for_nothing():
    assert chain("PAY-404", make_item("PAY-1")) == []
