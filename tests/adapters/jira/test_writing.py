from datetime import timedelta

import pytest

from adapters.jira.writing import batches
from syncd.model.changes import Action, Fate
from syncd.model.comments import Comment, Mark
from syncd.model.identity import Handle
from syncd.simulator.bot import ACCOUNT_ID
from syncd.simulator.faults import Fault
from syncd.simulator.jira import JiraState
from syncd.simulator.jira.people import ADMINISTER_PROJECTS, BROWSE, COMMENT, EDIT, EDIT_OWN_COMMENTS
from tests.adapters.contract import OWNER, add_label, comment_on, fates, send
from tests.adapters.jira.company import ADA, adapter_for, handle_of, mark_property
from tests.adapters.steps import change_of, delete_of, edit_of, observed, remove_label


@pytest.fixture
def item(state: JiraState) -> Handle:
    return handle_of(state.add_issue("PAY", "one", labels=["bug", "syncd:old"]))


def test_all_label_verbs_of_an_item_are_one_request_and_a_comment_another(tracker, server, state, item):
    changes = [add_label(item), add_label(item, "syncd:blocked"), remove_label(item, "syncd:old"), comment_on(item)]

    results = send(tracker, changes)

    assert [(entry.method, entry.path) for entry in server.journal.entries()] == [
        ("PUT", f"/rest/api/3/issue/{item.id.native_id}"),
        ("POST", f"/rest/api/3/issue/{item.id.native_id}/comment"),
    ]
    assert fates(results) == [Fate.APPLIED] * 4
    assert set(state.issue("PAY-1").labels) == {"bug", "syncd:no-outcome", "syncd:blocked"}


def test_verbs_on_several_items_keep_their_order_and_stay_apart(item, state):
    other = handle_of(state.add_issue("PAY", "two"))
    changes = [add_label(item), comment_on(item), add_label(other), remove_label(other), comment_on(other)]

    assert [len(batch.changes) for batch in batches("jira", changes)] == [1, 1, 2, 1]


def test_a_label_is_added_though_somebody_else_labels_at_the_same_time(tracker, state, item):
    (batch,) = tracker.batches([add_label(item)])
    state.edit_issue("PAY-1", add_labels=["theirs"], remove_labels=["bug"])

    list(tracker.send(batch))

    assert set(state.issue("PAY-1").labels) == {"theirs", "syncd:old", "syncd:no-outcome"}


def test_a_comment_carries_its_mark_and_stays_inside(tracker, state, item):
    change = comment_on(item)
    (result,) = send(tracker, [change])

    comment, mark = state.comment(result.comment_id), change.mark
    assert mark is not None
    assert comment.author_id == ACCOUNT_ID
    assert set(comment.properties) == {"syncd", "sd.public.comment"}
    assert comment.properties["syncd"] == {
        "version": 1,
        "owner": "test/default",
        "hash": mark.hash,
    }
    assert comment.properties["sd.public.comment"] == {"internal": True}


def test_the_stamps_are_the_trackers(tracker, state, clock, item):
    clock.set(clock.now() + timedelta(seconds=5, milliseconds=250))

    label, comment = send(tracker, [add_label(item), comment_on(item)])

    assert label.stamp == state.issue("PAY-1").updated_at
    assert comment.stamp == state.comment(comment.comment_id).updated_at


def test_an_answer_without_the_issue_is_stamped_with_its_date(tracker, server, clock, item):
    server.faults.add(Fault(method="PUT", status=204))

    (result,) = send(tracker, [add_label(item)])

    assert (result.fate, result.stamp) == (Fate.APPLIED, clock.now())


def test_a_comment_by_a_previous_account_of_ours_is_ours(server, state, clock, transport, item):
    created = state.add_comment("PAY-1", "x", ADA, properties=mark_property(Mark(owner=OWNER, hash="1")))
    ours = adapter_for(server.jira_url, clock, transport, previous_authors=[ADA])
    theirs = adapter_for(server.jira_url, clock, transport)

    assert [comment.comment_id for comment in observed(ours, item).comments] == [created.id]
    assert observed(theirs, item).comments == ()


@pytest.mark.parametrize("value", [5, "x", {}, {"owner": "test/default"}, {"owner": 5, "hash": "x", "version": 1}])
def test_a_broken_mark_is_none(tracker, state, item, value):
    state.add_comment("PAY-1", "x", ACCOUNT_ID, properties={"syncd": value})

    seen = observed(tracker, item)

    assert (seen.comments, seen.foreign_owners) == ((), ())


def test_our_comment_is_found_among_very_many(tracker, state, clock, item, server):
    (created,) = send(tracker, [comment_on(item)])
    for number in range(1_100):
        state.add_comment("PAY-1", f"remark {number}", ADA)
    server.journal.clear()

    assert [comment.comment_id for comment in observed(tracker, item).comments] == [created.comment_id]
    assert len(server.journal.entries()) == 2


class TestQuiet:
    @pytest.fixture
    def tracker(self, server, clock, transport):
        return adapter_for(server.jira_url, clock, transport, quiet=True)

    def test_who_may_be_quiet_is(self, tracker, server, item):
        assert fates(send(tracker, [add_label(item)])) == [Fate.APPLIED]
        assert [entry.query for entry in server.journal.entries()] == ["notifyUsers=false&returnIssue=true"]

    def test_who_may_not_is_loud_and_remembers_it(self, tracker, state, server, item):
        state.people.add(ACCOUNT_ID, email="bot@example.com", token="simulator", permissions={BROWSE, EDIT, COMMENT})

        assert fates(send(tracker, [add_label(item)])) == [Fate.APPLIED]
        assert fates(send(tracker, [add_label(item, "syncd:b")])) == [Fate.APPLIED]
        assert [entry.query.startswith("notify") for entry in server.journal.entries()] == [True, False, False]

    def test_another_refusal_is_one(self, tracker, state, item):
        state.people.permit(ACCOUNT_ID, "PAY", {BROWSE, ADMINISTER_PROJECTS, EDIT})

        assert fates(send(tracker, [add_label(item, "syncd:with space")])) == [Fate.REFUSED]


class TestTrouble:
    @pytest.mark.parametrize("permissions", [{BROWSE}, {BROWSE, EDIT_OWN_COMMENTS}])
    def test_a_missing_permission_refuses_with_jiras_words(self, tracker, state, item, permissions):
        state.people.add(ACCOUNT_ID, email="bot@example.com", token="simulator", permissions=permissions)

        label, comment = send(tracker, [add_label(item), comment_on(item)])

        assert (label.fate, comment.fate) == (Fate.REFUSED, Fate.REFUSED)
        assert "permission to edit issues" in label.detail
        assert "permission to comment" in comment.detail

    def test_a_wrong_token_refuses(self, server, clock, transport, item):
        tracker = adapter_for(server.jira_url, clock, transport, token="wrong")

        results = send(tracker, [add_label(item), comment_on(item)])

        assert fates(results) == [Fate.REFUSED] * 2
        assert "wrong" in results[0].detail
        assert "simulator" not in str(results)

    def test_a_wall_defers_until_it_is_over_and_nothing_is_sent_twice(self, tracker, server, clock, item):
        server.faults.add(Fault(method="POST", status=429, headers={"Retry-After": "60"}))

        (result,) = send(tracker, [comment_on(item)])

        assert (result.fate, result.until) == (Fate.DEFERRED, clock.now() + timedelta(seconds=60))
        assert len(server.journal.entries()) == 1

    @pytest.mark.parametrize(
        ("fault", "fate"),
        [
            pytest.param({"html": True, "work": True}, Fate.UNKNOWN, id="a-login-page"),
            pytest.param({"half": True}, Fate.UNKNOWN, id="half-an-answer"),
            pytest.param({"status": 502, "work": True}, Fate.UNKNOWN, id="a-gateway-gave-up"),
            pytest.param({"drop": True, "work": True}, Fate.UNKNOWN, id="dropped"),
            pytest.param({"status": 200, "body": "{}"}, Fate.UNKNOWN, id="no-comment-in-it"),
            pytest.param({"status": 200, "body": "[]"}, Fate.UNKNOWN, id="another-shape"),
            pytest.param({"status": 200, "body": "{oops}"}, Fate.UNKNOWN, id="no-json"),
            pytest.param({"status": 503}, Fate.DEFERRED, id="not-now"),
            pytest.param({"status": 413}, Fate.REFUSED, id="too-many-comments"),
            pytest.param({"status": 404}, Fate.REFUSED, id="no-comments-on-an-item-that-is-there"),
        ],
    )
    def test_what_becomes_of_a_comment_that_goes_wrong(self, tracker, server, item, fault, fate):
        server.faults.add(Fault(method="POST", path="/comment", count=None, **fault))

        assert fates(send(tracker, [comment_on(item)])) == [fate]
        sent = [entry for entry in server.journal.entries() if entry.method == "POST"]
        assert len(sent) == 1, "it was sent again"

    def test_a_tracker_that_can_not_be_reached_defers(self, clock, transport, item, server):
        tracker = adapter_for("http://127.0.0.1:9", clock, transport)

        assert fates(send(tracker, [add_label(item), comment_on(item)])) == [Fate.DEFERRED] * 2

    def test_a_conflict_between_edits_is_tried_again(self, tracker, server, state, item):
        server.faults.add(Fault(method="PUT", status=409))

        assert fates(send(tracker, [add_label(item)])) == [Fate.APPLIED]
        assert "syncd:no-outcome" in state.issue("PAY-1").labels

    def test_an_edit_whose_check_fails_is_not_sent(self, tracker, server, item):
        (created,) = send(tracker, [comment_on(item)])
        server.faults.add(Fault(method="GET", status=500, count=None))
        server.journal.clear()

        results = send(tracker, [edit_of(item, created, "x"), delete_of(item, created)])

        assert fates(results) == [Fate.DEFERRED] * 2
        assert {entry.method for entry in server.journal.entries()} == {"GET"}

    def test_a_comment_without_text_is_never_written(self, tracker, server, item):
        change = change_of(item, Action.CREATE_COMMENT)

        assert fates(send(tracker, [change])) == [Fate.REFUSED]
        assert server.journal.entries() == []

    def test_an_empty_comment_is_a_document_that_jira_takes(self, tracker, item):
        assert fates(send(tracker, [change_of(item, Action.CREATE_COMMENT, Comment(()))])) == [Fate.APPLIED]
