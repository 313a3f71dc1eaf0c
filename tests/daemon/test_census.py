from datetime import timedelta

import msgspec
import pytest

from syncd.daemon.census import census, is_census_due, retry_problems, survey
from syncd.model.errors import TransientError
from syncd.model.items import Audience, AudienceKind

DAY = timedelta(days=1)


@pytest.fixture
def tracker(ground):
    return ground.trackers["memory"]


def count(ground, tracker):
    ground.pass_time(days=1)
    return census(tracker, ground.store, ground.clock)


def test_an_item_is_gone_when_two_counts_missed_it_and_its_id_leads_nowhere(ground, tracker):
    item, other = ground.board.add("one"), ground.board.add("other")
    ground.poll()
    ground.board.delete(item.id)

    assert count(ground, tracker) == 0
    assert item.id in ground.store.items()
    assert count(ground, tracker) == 1
    assert set(ground.store.items()) == {other.id}
    assert set(ground.store.gone()) == {item.id}


def test_what_two_counts_missed_and_its_id_finds_stays(ground, tracker):
    item = ground.board.add("one")
    ground.board.add("other")
    ground.poll()
    home = ground.board.items[item.id.native_id].place
    ground.board.edit(item.id, place=type(home)("memory", "ELSEWHERE"))

    count(ground, tracker)

    assert count(ground, tracker) == 0
    assert item.id in ground.store.items()


def test_a_place_that_fails_or_is_empty_says_nothing_is_gone(ground, tracker):
    item = ground.board.add("one")
    ground.poll()
    ground.board.failing[ground.place()] = "forbidden"
    count(ground, tracker)
    count(ground, tracker)
    del ground.board.failing[ground.place()]
    ground.board.items.clear()
    count(ground, tracker)

    assert count(ground, tracker) == 0
    assert item.id in ground.store.items()


def test_a_count_that_breaks_off_means_nothing(ground, tracker):
    item = ground.board.add("one")
    ground.board.add("other")
    ground.poll()
    ground.board.delete(item.id)
    count(ground, tracker)
    ground.board.is_down = True
    with pytest.raises(TransientError):
        count(ground, tracker)
    ground.board.is_down = False

    assert count(ground, tracker) == 1, "the unfinished count was none"


def test_a_stop_ends_a_count_and_nothing_follows_from_it(ground, tracker):
    item = ground.board.add("one")
    ground.board.add("other")
    ground.poll()
    ground.board.delete(item.id)
    count(ground, tracker)
    ground.clock.wait = lambda seconds: True

    assert count(ground, tracker) == 0
    assert item.id in ground.store.items()
    del ground.clock.wait
    assert count(ground, tracker) == 1


def test_what_is_gone_and_comes_back_is_there_again(ground, tracker):
    item = ground.board.add("one")
    ground.board.add("other")
    ground.poll()
    kept = ground.board.items.pop(item.id.native_id)
    count(ground, tracker)
    count(ground, tracker)
    ground.board.items[item.id.native_id] = kept

    count(ground, tracker)

    assert item.id in ground.store.items()


def test_a_count_is_due_for_places_that_were_read_whole_and_not_counted_lately(ground, tracker):
    def is_due():
        return is_census_due(ground.store, ground.board.places, ground.clock.now(), DAY)

    ground.board.add("one")
    assert not is_due()
    ground.poll()
    assert is_due()
    census(tracker, ground.store, ground.clock)
    assert not is_due()
    ground.pass_time(days=1)
    assert is_due()


def test_a_survey_also_asks_who_reads_the_places_now(ground, tracker):
    ground.board.add("one")
    ground.poll()
    ground.store.save_place_audiences({ground.place(): Audience(AudienceKind.PUBLIC)})

    survey(tracker, ground.store, ground.clock)

    assert ground.store.place_states()[ground.place()].audience == Audience(AudienceKind.INTERNAL)


class TestRetryingWhatWasSetAside:
    def test_an_item_that_can_be_read_now_is_set_aside_no_more(self, ground, tracker):
        item = ground.board.add("one")
        ground.board.unreadable[item.id.native_id] = "no title"
        ground.poll()
        del ground.board.unreadable[item.id.native_id]
        ground.pass_time(minutes=1)

        retry_problems(tracker, ground.store, ground.clock)

        assert ground.store.problems() == ()
        assert item.id in ground.store.items()

    def test_an_item_that_still_can_not_be_read_stays_set_aside(self, ground, tracker):
        item = ground.board.add("one")
        ground.board.unreadable[item.id.native_id] = "no title"
        ground.poll()

        retry_problems(tracker, ground.store, ground.clock)

        assert len(ground.store.problems()) == 1

    def test_an_item_that_was_deleted_meanwhile_is_forgotten(self, ground, tracker):
        item = ground.board.add("one")
        ground.board.unreadable[item.id.native_id] = "no title"
        ground.poll()
        del ground.board.unreadable[item.id.native_id]
        ground.board.delete(item.id)

        retry_problems(tracker, ground.store, ground.clock)

        assert ground.store.problems() == ()

    def test_an_item_that_was_read_before_is_not_held_to_be_gone_for_one_answer(self, ground, tracker):
        item = ground.board.add("one")
        ground.poll()
        ground.board.unreadable[item.id.native_id] = "no title"
        ground.board.edit(item.id, title="two")
        ground.poll()
        del ground.board.unreadable[item.id.native_id]
        ground.board.delete(item.id)

        retry_problems(tracker, ground.store, ground.clock)

        assert item.id in ground.store.items()


def test_what_a_count_reads_on_its_way_is_kept(ground, tracker):
    item = ground.board.add("one")
    ground.poll()
    blocked = msgspec.structs.replace(ground.store.item(item.id), title="another, undated")
    pages = [
        msgspec.structs.replace(page, items=(blocked,), observed_at=ground.clock.now() + DAY)
        for page in tracker.census("")
    ]
    tracker.census = lambda resume: iter(pages)

    assert count(ground, tracker) == 0

    assert ground.store.item(item.id).title == "another, undated"
