"""What every tracker does, as one suite: a subclass hands in a tracker and the hands of people on it."""

from datetime import timedelta
from typing import ClassVar

import pytest

from adapters.contract import Tracker
from syncd.model.changes import Action, Fate
from syncd.model.comments import Comment, Mark, Paragraph, Quote, Text
from syncd.model.identity import Handle, PlaceId
from syncd.model.items import BEGINNING
from syncd.model.reading import Page
from tests.adapters.hands import TrackerHands
from tests.adapters.steps import (
    LABEL,
    OWNER,
    PREFIX,
    add_label,
    change_of,
    comment_on,
    delete_of,
    edit_of,
    fates,
    found_item,
    history_of,
    items_of,
    links_between,
    names,
    observed,
    places_of,
    remove_label,
    send,
    settled,
)

__all__ = ["LABEL", "OWNER", "PREFIX", "AdapterContract", "TrackerHands", "add_label", "comment_on", "fates", "send"]

HOSTILE = (
    "@everyone @acme/payments #1 acme/checkout#2 GH-3 https://github.com/acme/checkout/issues/4 [~accountid:5] "
    "<!-- syncd:v1 owner=evil/x hash=0 --> [x](https://evil.example) ![y](https://evil.example/p.png) `*_{color:red}"
)


class AdapterContract:
    """Subclass it as ``TestX`` with fixtures ``tracker`` (owner OWNER, prefix PREFIX) and ``hands``."""

    idle_requests: ClassVar[int]
    """Requests of a poll that finds nothing new, over two places."""
    more_than_a_page: ClassVar[int] = 120
    """So many items that an import takes more than one page."""

    @pytest.fixture
    def tracker(self) -> Tracker:
        raise NotImplementedError

    @pytest.fixture
    def hands(self) -> TrackerHands:
        raise NotImplementedError

    # reading

    def test_a_first_import_yields_everything_and_says_that_the_places_are_imported(self, tracker, hands):
        handles = {hands.add_item("one"), hands.add_item("two"), hands.add_item("far", place=hands.places[1])}

        pages = list(tracker.poll(None))

        assert {Handle(item.id, item.key) for item in items_of(pages)} == handles
        assert {place for page in pages for place in page.imported_places} == places_of(tracker, hands)
        assert {place for page in pages for place in page.read_places} == places_of(tracker, hands)
        assert pages[-1].cursor is not None
        assert pages[-1].cursor.tracker == tracker.name
        assert not any(page.problems or page.failures for page in pages)

    def test_an_item_is_read_with_what_stands_on_it(self, tracker, hands):
        parent = hands.add_item("parent")
        blocked = hands.add_item("blocked")
        blocker = hands.add_item("blocker", body="Why.", labels=["bug", LABEL], parent=parent, blocks=blocked)

        found = {item.id: item for item in items_of(tracker.poll(None))}

        item = found[blocker.id]
        assert (item.key, item.title, item.labels, item.own_labels) == (blocker.key, "blocker", ("bug",), (LABEL,))
        assert "Why." in item.body
        assert item.place == PlaceId(tracker.name, hands.places[0])
        assert item.url.startswith("http")
        assert item.status_category is not None
        assert item.parent is not None
        assert names(item.parent, parent)
        assert links_between(found, blocker, blocked), "neither end tells of the link"

    def test_a_poll_that_finds_nothing_yields_nothing_and_costs_the_idle_budget(self, tracker, hands):
        hands.add_item("one")
        hands.add_item("far", place=hands.places[1])
        cursor = settled(tracker, hands)
        before = hands.request_count()

        pages = list(tracker.poll(cursor))

        assert items_of(pages) == []
        assert hands.request_count() - before == self.idle_requests
        assert {place for page in pages for place in page.read_places} == places_of(tracker, hands)
        assert pages[-1].cursor is not None

    def test_an_item_that_changed_comes_again(self, tracker, hands):
        item = hands.add_item("before")
        hands.add_item("quiet")
        cursor = settled(tracker, hands)
        hands.edit_title(item, "after")
        hands.pass_time(timedelta(minutes=1))

        found = items_of(tracker.poll(cursor))

        assert [(each.id, each.title) for each in found] == [(item.id, "after")]

    def test_an_item_that_is_new_comes(self, tracker, hands):
        hands.add_item("old")
        cursor = settled(tracker, hands)
        item = hands.add_item("new", place=hands.places[1])
        hands.pass_time(timedelta(minutes=1))

        assert [each.id for each in items_of(tracker.poll(cursor))] == [item.id]

    def test_the_same_window_read_twice_yields_the_same(self, tracker, hands):
        item = hands.add_item("before")
        cursor = settled(tracker, hands)
        hands.edit_title(item, "after")
        hands.pass_time(timedelta(minutes=1))

        assert items_of(tracker.poll(cursor)) == items_of(tracker.poll(cursor))

    def test_a_change_made_while_a_poll_runs_is_not_lost(self, tracker, hands):
        first = hands.add_item("first")
        hands.add_item("second", place=hands.places[1])
        last = None
        for page in tracker.poll(None):
            if last is None:
                hands.edit_title(first, "changed meanwhile")
            last = page
        assert last is not None
        hands.pass_time(timedelta(minutes=1))

        assert (first.id, "changed meanwhile") in {
            (each.id, each.title) for each in items_of(tracker.poll(last.cursor))
        }

    def test_an_import_goes_on_from_any_cursor_it_handed_out(self, tracker, hands):
        handles = []
        for number in range(self.more_than_a_page):
            handles.append(hands.add_item(f"item {number}"))
            if number % 30 == 29:
                hands.pass_time(timedelta(minutes=10))
        first: list[Page] = []
        for page in tracker.poll(None):
            first.append(page)
            if page.cursor is not None:
                break
        assert len(items_of(first)) < len(handles), "the import took one page: nothing to resume"

        rest = list(tracker.poll(first[-1].cursor))

        assert {item.id for item in items_of([*first, *rest])} == {handle.id for handle in handles}
        assert len(items_of(rest)) < len(handles), "it began again from the beginning"
        assert {place for page in rest for place in page.imported_places} >= {PlaceId(tracker.name, hands.places[0])}

    def test_a_place_that_fails_alone_does_not_stop_the_others(self, tracker, hands):
        good = hands.add_item("good")
        hands.add_item("bad", place=hands.places[1])
        hands.break_place(hands.places[1])

        pages = list(tracker.poll(None))

        assert [item.id for item in items_of(pages)] == [good.id]
        assert {failure.place.key for page in pages for failure in page.failures} == {hands.places[1]}
        assert all(failure.error and "\n" not in failure.error for page in pages for failure in page.failures)
        assert {place.key for page in pages for place in page.imported_places} == {hands.places[0]}

    def test_an_item_that_can_not_be_read_is_set_aside_and_blocks_nobody(self, tracker, hands):
        good, bad = hands.add_item("good"), hands.add_item("bad")
        hands.break_item(bad)
        hands.pass_time(timedelta(minutes=1))

        pages = list(tracker.poll(None))

        assert [item.id for item in items_of(pages)] == [good.id]
        problems = [problem for page in pages for problem in page.problems]
        assert {problem.handle.id for problem in problems} == {bad.id}
        assert all(problem.error and "\n" not in problem.error for problem in problems)
        assert {place for page in pages for place in page.imported_places} == places_of(tracker, hands)
        (sighting,) = tracker.read([bad])
        assert sighting.item is None
        assert not sighting.gone
        assert sighting.error

    def test_the_census_lists_everything(self, tracker, hands):
        here = {hands.add_item(f"item {number}") for number in range(3)}
        there = {hands.add_item("far", place=hands.places[1])}

        pages = list(tracker.census(""))

        counted = {
            key: {handle for page in pages if page.place.key == key for handle in page.handles} for key in hands.places
        }
        assert counted == {hands.places[0]: here, hands.places[1]: there}
        assert {page.place.key for page in pages if page.complete} == set(hands.places)

    def test_the_census_of_a_place_that_can_not_be_counted_means_nothing(self, tracker, hands):
        hands.add_item("good")
        hands.add_item("bad", place=hands.places[1])
        hands.break_place(hands.places[1])

        pages = list(tracker.census(""))

        assert {page.place.key for page in pages if page.complete} == {hands.places[0]}
        assert any(page.error for page in pages if page.place.key == hands.places[1])

    def test_nothing_is_gone_because_its_place_can_not_be_read(self, tracker, hands):
        item = hands.add_item("one", place=hands.places[1])
        hands.break_place(hands.places[1])

        (sighting,) = tracker.read([item])

        assert (sighting.item, sighting.gone) == (None, False)
        assert sighting.error
        assert not any(seen.gone for seen in tracker.observe([item], {}).values())

    def test_what_is_gone_is_confirmed_by_its_id(self, tracker, hands):
        stays, goes = hands.add_item("stays"), hands.add_item("goes")
        hands.delete_item(goes)

        found = {sighting.handle: sighting for sighting in tracker.read([stays, goes])}

        assert found[goes].gone
        assert found[goes].item is None
        assert not found[stays].gone
        assert found[stays].item is not None
        assert found[stays].item.title == "stays"

    def test_a_probe_says_who_we_are_and_what_we_may_do_where(self, tracker, hands):
        hands.add_item("one")

        found = tracker.probe()

        assert found.account.account
        reports = {report.id: report for report in found.places}
        assert set(reports) >= places_of(tracker, hands)
        for place in places_of(tracker, hands):
            report = reports[place]
            assert (report.can_read, report.can_label, report.can_comment, report.problem) == (True, True, True, "")
            assert report.audience is not None

    def test_a_probe_says_what_is_wrong_with_a_place(self, tracker, hands):
        hands.break_place(hands.places[1])

        reports = {report.id.key: report for report in tracker.probe().places}

        assert reports[hands.places[0]].can_read
        assert not reports[hands.places[1]].can_read
        assert reports[hands.places[1]].problem

    # history

    def test_the_history_of_an_item_tells_what_people_did(self, tracker, hands):
        item = hands.add_item("before", labels=["old"])
        hands.pass_time(timedelta(minutes=1))
        hands.edit_title(item, "after")
        hands.pass_time(timedelta(minutes=1))
        hands.add_label(item, "bug")
        hands.pass_time(timedelta(minutes=1))
        hands.remove_label(item, "old")

        history = history_of(tracker, item)

        assert history.known_since == BEGINNING
        assert [(each.item, each.field, each.before, each.after) for each in history.events] == [
            (item.id, "title", "before", "after"),
            (item.id, "labels", "", "bug"),
            (item.id, "labels", "old", ""),
        ]
        assert len({each.at for each in history.events}) == 3
        assert sorted(history.events, key=lambda each: each.at) == list(history.events)

    def test_what_we_write_is_no_history_of_the_work(self, tracker, hands):
        item = hands.add_item("one")
        send(tracker, [add_label(item), comment_on(item)])
        hands.pass_time(timedelta(minutes=1))
        send(tracker, [remove_label(item)])

        assert history_of(tracker, item).events == ()

    def test_histories_of_many_items_are_each_told_once(self, tracker, hands):
        handles = [hands.add_item(f"item {number}") for number in range(30)]
        handles.append(hands.add_item("far", place=hands.places[1]))
        for handle in handles:
            hands.edit_title(handle, f"{handle.key} renamed")

        pages = list(tracker.history(handles))

        told = [item_id for page in pages for item_id in page.histories]
        assert sorted(told) == sorted(handle.id for handle in handles)
        assert all(len(history.events) == 1 for page in pages for history in page.histories.values())
        assert not any(page.failures for page in pages)

    def test_an_item_that_is_gone_hides_no_other_s_history(self, tracker, hands):
        gone, there = hands.add_item("gone"), hands.add_item("there")
        hands.edit_title(there, "still there")
        hands.delete_item(gone)

        pages = list(tracker.history([gone, there]))

        assert [len(page.histories[there.id].events) for page in pages if there.id in page.histories] == [1]
        assert all(not page.histories[gone.id].events for page in pages if gone.id in page.histories)

    def test_nobody_s_history_costs_nothing(self, tracker, hands):
        before = hands.request_count()

        assert list(tracker.history([])) == []
        assert hands.request_count() == before

    # labels

    def test_batches_ask_nothing_and_hold_every_change_in_order(self, tracker, hands):
        item, other = hands.add_item("one"), hands.add_item("two")
        changes = [add_label(item), comment_on(item), add_label(other, "syncd:blocked"), comment_on(other)]
        before = hands.request_count()

        batches = tracker.batches(changes)

        assert hands.request_count() == before
        assert [change for batch in batches for change in batch.changes] == changes
        assert {batch.tracker for batch in batches} == {tracker.name}
        assert tracker.batches(changes) == batches

    def test_a_first_annotation_costs_two_requests_one_for_each_batch(self, tracker, hands):
        item = hands.add_item("one")
        batches = tracker.batches([add_label(item), comment_on(item)])
        before = hands.request_count()

        for batch in batches:
            list(tracker.send(batch))

        assert hands.request_count() - before == len(batches) <= 2

    def test_labels_come_and_go_one_by_one_and_others_stay(self, tracker, hands):
        item = hands.add_item("one", labels=["bug"])

        send(tracker, [add_label(item), add_label(item, "syncd:blocked")])
        hands.add_label(item, "checkout")
        send(tracker, [remove_label(item)])

        assert hands.labels(item) == {"bug", "checkout", "syncd:blocked"}

    def test_applying_a_label_twice_equals_applying_it_once(self, tracker, hands):
        item = hands.add_item("one", labels=["bug"])

        assert [fates(send(tracker, [add_label(item)])) for _ in range(2)] == [[Fate.APPLIED]] * 2
        assert hands.labels(item) == {"bug", LABEL}
        assert [fates(send(tracker, [remove_label(item)])) for _ in range(2)] == [[Fate.APPLIED]] * 2
        assert hands.labels(item) == {"bug"}

    def test_a_label_that_a_person_removed_is_not_there_in_the_next_poll(self, tracker, hands):
        item = hands.add_item("one")
        send(tracker, [add_label(item)])
        cursor = settled(tracker, hands)
        hands.remove_label(item, LABEL)
        hands.pass_time(timedelta(minutes=1))

        assert [each.own_labels for each in items_of(tracker.poll(cursor))] == [()]

    def test_the_stamp_of_a_write_is_never_before_the_items_own_time_and_never_after_a_later_edit(self, tracker, hands):
        item = hands.add_item("one")
        hands.pass_time(timedelta(minutes=1))
        results = send(tracker, [add_label(item), comment_on(item)])
        stamps = [result.stamp for result in results if result.stamp is not None]
        assert len(stamps) == len(results)

        assert found_item(tracker, item).updated_at <= max(stamps)
        hands.pass_time(timedelta(minutes=1))
        hands.edit_title(item, "later")
        assert found_item(tracker, item).updated_at > max(stamps)

    # comments

    def test_a_comment_is_found_by_its_mark_and_by_its_id(self, tracker, hands):
        item = hands.add_item("one")
        change = comment_on(item)

        (result,) = send(tracker, [change])

        assert result.fate is Fate.APPLIED
        assert hands.comment_ids(item) == [result.comment_id]
        for known in ({}, {item.id: result.comment_id}):
            seen = tracker.observe([item], known)[item.id]
            (comment,) = seen.comments
            assert (comment.comment_id, comment.mark, comment.body_hash) == (
                result.comment_id,
                change.mark,
                result.body_hash,
            )
            assert comment.created_at <= comment.updated_at <= seen.stamp

    def test_an_observation_of_a_known_comment_costs_one_request(self, tracker, hands):
        item = hands.add_item("one")
        (result,) = send(tracker, [comment_on(item)])
        before = hands.request_count()

        tracker.observe([item], {item.id: result.comment_id})

        assert hands.request_count() - before == 1

    def test_a_comment_is_edited_in_place_with_its_new_mark(self, tracker, hands):
        item = hands.add_item("one")
        (created,) = send(tracker, [comment_on(item)])

        change = edit_of(item, created, "Now it is blocked, too.")
        (edited,) = send(tracker, [change])

        assert edited.fate is Fate.APPLIED
        assert edited.comment_id == created.comment_id
        assert edited.body_hash not in ("", created.body_hash)
        (comment,) = observed(tracker, item).comments
        assert (comment.comment_id, comment.mark, comment.body_hash) == (
            created.comment_id,
            change.mark,
            edited.body_hash,
        )

    def test_a_comment_that_a_person_edited_is_seen_and_not_overwritten(self, tracker, hands):
        item = hands.add_item("one")
        (created,) = send(tracker, [comment_on(item)])
        hands.edit_comment(item, created.comment_id, "I know, and I disagree.")

        seen = tracker.observe([item], {item.id: created.comment_id})[item.id]
        assert [comment.body_hash == created.body_hash for comment in seen.comments] == [False]
        assert fates(send(tracker, [edit_of(item, created, "again")])) == [Fate.STALE]
        assert fates(send(tracker, [delete_of(item, created)])) == [Fate.STALE]
        after = tracker.observe([item], {item.id: created.comment_id})[item.id]
        assert after.comments == seen.comments

    def test_a_comment_that_a_person_deleted_is_absent_and_not_edited(self, tracker, hands):
        item = hands.add_item("one")
        (created,) = send(tracker, [comment_on(item)])
        hands.delete_comment(item, created.comment_id)

        for known in ({}, {item.id: created.comment_id}):
            seen = tracker.observe([item], known)[item.id]
            assert (seen.comments, seen.gone) == ((), False)
        assert fates(send(tracker, [edit_of(item, created, "again")])) == [Fate.STALE]
        assert hands.comment_ids(item) == []

    def test_a_comment_of_ours_can_be_deleted_and_deleting_it_again_changes_nothing(self, tracker, hands):
        item = hands.add_item("one")
        (created,) = send(tracker, [comment_on(item)])

        assert fates(send(tracker, [delete_of(item, created)])) == [Fate.APPLIED]
        assert hands.comment_ids(item) == []
        assert fates(send(tracker, [delete_of(item, created)])) == [Fate.APPLIED]

    def test_of_two_comments_of_ours_the_oldest_comes_first(self, tracker, hands):
        item = hands.add_item("one")
        (first,) = send(tracker, [comment_on(item, "first")])
        hands.pass_time(timedelta(minutes=1))
        (second,) = send(tracker, [comment_on(item, "second")])

        assert [comment.comment_id for comment in observed(tracker, item).comments] == [
            first.comment_id,
            second.comment_id,
        ]

    def test_the_mark_of_another_owner_is_told_and_is_not_ours(self, tracker, hands):
        item = hands.add_item("one")
        hands.add_foreign_comment(item, "other/default")

        seen = observed(tracker, item)

        assert (seen.comments, seen.foreign_owners) == ((), ("other/default",))

    def test_a_forged_mark_of_another_account_is_not_ours(self, tracker, hands):
        item = hands.add_item("one")
        hands.forge_comment(item, Mark(owner=OWNER, hash="0" * 16))

        assert observed(tracker, item).comments == ()

    def test_hostile_words_can_not_ping_link_or_forge(self, tracker, hands):
        item = hands.add_item(HOSTILE)
        title = found_item(tracker, item).title
        comment = Comment((Paragraph((Text("Not linked: "), Quote(title))), Paragraph((Quote(HOSTILE),))))

        (result,) = send(tracker, [change_of(item, Action.CREATE_COMMENT, comment)])

        assert result.fate is Fate.APPLIED
        assert hands.harm(item, result.comment_id) == []
        seen = observed(tracker, item)
        assert [each.mark.owner for each in seen.comments] == [OWNER]
        assert seen.foreign_owners == ()

    # trouble

    def test_writes_on_an_item_that_is_gone_say_so(self, tracker, hands):
        item = hands.add_item("one")
        (created,) = send(tracker, [comment_on(item)])
        hands.delete_item(item)

        changes = [add_label(item), comment_on(item), edit_of(item, created, "again")]

        assert fates(send(tracker, changes)) == [Fate.GONE] * 3
        assert tracker.observe([item], {})[item.id].gone
        assert tracker.observe([item], {item.id: created.comment_id})[item.id].gone

    def test_a_comment_whose_answer_was_lost_is_unknown_and_can_be_found(self, tracker, hands):
        item = hands.add_item("one")
        change = comment_on(item)
        hands.lose_next_write()

        assert fates(send(tracker, [change])) == [Fate.UNKNOWN]

        assert len(hands.comment_ids(item)) == 1, "it was sent again"
        (comment,) = observed(tracker, item).comments
        assert comment.mark == change.mark

    def test_a_label_whose_answer_was_lost_is_there_once_and_never_refused(self, tracker, hands):
        item = hands.add_item("one")
        hands.lose_next_write()

        assert set(fates(send(tracker, [add_label(item)]))) <= {Fate.APPLIED, Fate.UNKNOWN}
        assert hands.labels(item) == {LABEL}
