"""Items looked up by number, and counts of what exists."""

import pytest

from syncd.model.errors import AccessError
from syncd.model.identity import Handle, ItemId
from tests.adapters.github.simulated import CHECKOUT, SDK
from tests.adapters.steps import items_of, settled


def sight(tracker, handle):
    (sighting,) = tracker.read([handle])
    return sighting


def test_an_item_is_read_with_its_blockers(tracker, hands):
    blocked, blocker = hands.add_item("blocked"), hands.add_item("blocker")
    hands.state.set_blocked_by(blocked.key, blocker.key)

    item = sight(tracker, blocked).item

    assert [link.target.key for link in item.links] == [blocker.key]
    assert len(hands.requests()) == 2


def test_a_deleted_item_is_gone_once_its_repository_is_known_to_be_readable(tracker, hands):
    gone = [hands.add_item("one"), hands.add_item("two")]
    for handle in gone:
        hands.delete_item(handle)
    hands.requests()

    assert all(sighting.gone and not sighting.error for sighting in tracker.read(gone))
    assert hands.requests().count(f"GET /repos/{CHECKOUT} 200") == 1


def test_an_item_of_a_repository_that_can_not_be_read_is_not_gone(tracker, hands):
    handle = hands.add_item("one")
    hands.break_place(CHECKOUT)

    sighting = sight(tracker, handle)

    assert (sighting.gone, sighting.item) == (False, None)
    assert "this token can't see it" in sighting.error


def test_an_item_whose_repository_switched_issues_off_is_not_gone(tracker, hands):
    handle = hands.add_item("one")
    hands.fault(path=r"/issues/1$", status=410, body='{"message": "Issues has been disabled in this repository."}')
    hands.fault(path=rf"/repos/{CHECKOUT}$", status=200, body='{"id": 1, "has_issues": false}')

    sighting = sight(tracker, handle)

    assert not sighting.gone
    assert "switched off" in sighting.error


def test_a_transferred_item_is_gone_here_and_says_where_it_is(tracker, hands):
    handle = hands.add_item("one")
    moved = hands.state.transfer_issue(handle.key, SDK)

    sighting = sight(tracker, handle)

    assert sighting.gone
    assert sighting.error == f"{handle.key} was transferred: it is {hands.state.key(moved)} now"


def test_an_item_of_a_renamed_repository_is_not_gone(tracker, hands):
    handle = hands.add_item("one")
    hands.state.rename_repository(CHECKOUT, "acme/checkout-2")

    sighting = sight(tracker, handle)

    assert not sighting.gone
    assert "acme/checkout-2#1" in sighting.error


def test_another_issue_under_the_same_number_means_that_ours_is_gone(tracker, hands):
    handle = hands.add_item("one")

    sighting = sight(tracker, Handle(ItemId("github", "77"), handle.key))

    assert sighting.gone
    assert sighting.item is None


@pytest.mark.parametrize("key", ["PAY-88", "acme/checkout#?", ""])
def test_what_is_no_key_is_an_error_and_no_request(tracker, hands, key):
    sighting = sight(tracker, Handle(ItemId("github", "1"), key))

    assert sighting.error
    assert not sighting.gone
    assert hands.requests() == []


def test_an_item_that_fails_alone_does_not_stop_the_others(tracker, hands):
    bad, good = hands.add_item("bad"), hands.add_item("good")
    hands.fault(path=r"/issues/1$", status=500, count=None)

    first, second = tracker.read([bad, good])

    assert (first.gone, first.item) == (False, None)
    assert first.error
    assert second.item is not None


def test_a_wrong_token_says_nothing_about_items(tracker, hands):
    handle = hands.add_item("one")
    hands.state.people.expire_token("ghp_test")

    with pytest.raises(AccessError):
        sight(tracker, handle)


def test_a_census_counts_pages_of_a_hundred_and_can_be_resumed(tracker, hands):
    handles = {hands.add_item(f"item {number}") for number in range(150)}
    first, *rest = tracker.census("")
    hands.requests()

    resumed = list(tracker.census(first.resume))

    assert len(first.handles) == 100
    assert not first.complete
    assert resumed == rest
    assert {handle for page in [first, *rest] for handle in page.handles} == handles
    assert len(hands.requests()) == 2


def test_a_census_that_can_not_be_resumed_begins_anew(tracker, hands):
    hands.add_item("one")

    assert list(tracker.census("nonsense")) == list(tracker.census('["acme/gone", {}]')) == list(tracker.census(""))


def test_a_census_with_a_row_that_is_nothing_is_not_complete(tracker, hands):
    hands.fault(path=f"/repos/{CHECKOUT}/issues", status=200, body='[{"id": 1}]')

    pages = [page for page in tracker.census("") if page.place.key == CHECKOUT]

    assert [page.complete for page in pages] == [False]
    assert pages[0].error


def test_a_census_reads_what_a_poll_can_not_see(tracker, hands):
    blocked, one, other = (hands.add_item(title) for title in ("blocked", "one", "other"))
    hands.state.set_blocked_by(blocked.key, one.key)
    cursor = settled(tracker, hands)
    hands.state.set_blocked_by(blocked.key, other.key)
    assert items_of(tracker.poll(cursor)) == [], "the row is as it was"

    read = {item.id: item for page in tracker.census("") for item in page.items}

    assert set(read) == {blocked.id, one.id, other.id}
    assert [link.target.key for link in read[blocked.id].links] == [other.key]


def test_blockers_that_can_not_be_read_leave_the_count_whole(tracker, hands):
    blocked, blocker = hands.add_item("blocked"), hands.add_item("blocker")
    hands.state.set_blocked_by(blocked.key, blocker.key)
    hands.fault(path="/dependencies/", status=502, count=None)

    pages = [page for page in tracker.census("") if page.place.key == CHECKOUT]

    assert {handle for page in pages for handle in page.handles} == {blocked, blocker}
    assert pages[-1].complete
    assert {item.id for page in pages for item in page.items} == {blocker.id}, "without its blockers it is not whole"
