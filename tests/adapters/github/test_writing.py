"""What is sent, what it costs, and what becomes of it; and what is ours on an issue."""

from datetime import timedelta

import pytest

from adapters.github import mark
from syncd.model.changes import Action, Fate
from syncd.model.comments import Mark
from tests.adapters.github.simulated import CHECKOUT, SDK
from tests.adapters.steps import (
    LABEL,
    OWNER,
    add_label,
    change_of,
    comment_on,
    delete_of,
    edit_of,
    fates,
    observed,
    remove_label,
    send,
)


def test_the_requests_of_changes(tracker, hands):
    one, two = hands.add_item("one"), hands.add_item("two")
    changes = [add_label(one), add_label(one, "syncd:blocked"), remove_label(one, "syncd:a/b c"), comment_on(one)]

    batches = tracker.batches([*changes, add_label(two)])

    assert [[change.label or change.action for change in batch.changes] for batch in batches] == [
        [LABEL, "syncd:blocked"],
        ["syncd:a/b c"],
        [Action.CREATE_COMMENT],
        [LABEL],
    ]
    hands.requests()
    send(tracker, changes)
    assert hands.requests() == [
        f"POST /repos/{CHECKOUT}/issues/1/labels 200",
        f"DELETE /repos/{CHECKOUT}/issues/1/labels/syncd:a/b c 404",
        f"POST /repos/{CHECKOUT}/issues/1/comments 201",
    ]


def test_labels_alone_cost_one_request_and_an_edit_two(tracker, hands):
    item = hands.add_item("one")
    (created,) = send(tracker, [comment_on(item)])
    hands.requests()

    send(tracker, [add_label(item), add_label(item, "syncd:blocked")])
    assert len(hands.requests()) == 1
    send(tracker, [edit_of(item, created, "again")])
    assert [request.partition(" ")[0] for request in hands.requests()] == ["GET", "PATCH"]


def test_a_label_with_a_slash_and_a_space_can_be_taken_off(tracker, hands):
    item = hands.add_item("one", labels=["syncd:a/b c?#", "syncd:a"])

    assert fates(send(tracker, [remove_label(item, "syncd:a/b c?#")])) == [Fate.APPLIED]
    assert hands.labels(item) == {"syncd:a"}


def test_an_edit_that_was_done_before_is_not_done_again(tracker, hands):
    item = hands.add_item("one")
    (created,) = send(tracker, [comment_on(item)])
    change = edit_of(item, created, "again")
    (first,) = send(tracker, [change])
    hands.requests()

    (second,) = send(tracker, [change])

    assert (second.fate, second.body_hash) == (Fate.APPLIED, first.body_hash)
    assert len(hands.requests()) == 1


def limited(seconds):
    return {"status": 403, "headers": {"retry-after": str(seconds)}, "body": '{"message": "secondary rate limit"}'}


@pytest.mark.parametrize(
    ("fault", "fate"),
    [
        pytest.param({"drop": True}, Fate.UNKNOWN, id="no-answer"),
        pytest.param({"drop": True, "work": True}, Fate.UNKNOWN, id="done-and-no-answer"),
        pytest.param({"status": 502}, Fate.UNKNOWN, id="gateway"),
        pytest.param({"html": True}, Fate.UNKNOWN, id="html"),
        pytest.param({"status": 200, "body": '{"id": "x"}'}, Fate.UNKNOWN, id="nonsense"),
        pytest.param({"status": 503}, Fate.DEFERRED, id="down"),
        pytest.param(limited(600), Fate.DEFERRED, id="wall"),
        pytest.param({"status": 422, "body": '{"message": "Validation Failed"}'}, Fate.REFUSED, id="validation"),
        pytest.param({"status": 403, "body": '{"message": "Must have push access"}'}, Fate.REFUSED, id="permission"),
        pytest.param({"status": 401, "body": '{"message": "Bad credentials"}'}, Fate.REFUSED, id="token"),
        pytest.param({"status": 404, "body": '{"message": "Not Found"}'}, Fate.REFUSED, id="the-issue-is-there"),
        pytest.param({"status": 501, "body": "{}"}, Fate.REFUSED, id="not-offered"),
        pytest.param({"status": 301, "headers": {"location": "/x"}}, Fate.REFUSED, id="moved"),
    ],
)
def test_the_fate_of_a_comment(tracker, hands, fault, fate):
    item = hands.add_item("one")
    hands.fault(method="POST", **fault)

    (result,) = send(tracker, [comment_on(item)])

    assert result.fate is fate
    assert result.detail or fate is Fate.GONE
    assert "\n" not in result.detail
    assert len([request for request in hands.requests() if request.startswith("POST")]) == 1


def test_a_wall_says_until_when(tracker, hands):
    item = hands.add_item("one")
    hands.fault(method="POST", **limited(600))

    (result,) = send(tracker, [comment_on(item)])

    assert result.until == hands.clock.now() + timedelta(seconds=600)


def test_a_write_in_a_renamed_repository_is_refused(tracker, hands):
    item = hands.add_item("one")
    hands.state.rename_repository(CHECKOUT, "acme/checkout-2")

    (label, comment) = send(tracker, [add_label(item), comment_on(item)])

    assert (label.fate, comment.fate) == (Fate.REFUSED, Fate.REFUSED)
    assert "renamed" in comment.detail


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_label_verb_is_sent_again_where_its_answer_was_lost(tracker, hands, method):
    item = hands.add_item("one", labels=[] if method == "POST" else [LABEL])
    hands.fault(method=method, drop=True, work=True)

    (result,) = send(tracker, [add_label(item) if method == "POST" else remove_label(item)])

    assert result.fate is Fate.APPLIED
    assert hands.labels(item) == ({LABEL} if method == "POST" else set())


def test_a_comment_of_ours_whose_mark_was_taken_out_is_still_ours_by_its_id(tracker, hands):
    item = hands.add_item("one")
    (created,) = send(tracker, [comment_on(item)])
    hands.state.edit_comment(int(created.comment_id), "No mark any more.")

    (comment,) = tracker.observe([item], {item.id: created.comment_id})[item.id].comments

    assert comment.mark == Mark(owner=OWNER, hash="")
    assert comment.body_hash != created.body_hash
    assert fates(send(tracker, [delete_of(item, created)])) == [Fate.STALE]


def test_our_comment_is_found_behind_more_than_a_page_of_others(tracker, hands):
    item = hands.add_item("one")
    for number in range(130):
        hands.state.add_comment(item.key, f"talk {number}", "ada")
    (created,) = send(tracker, [comment_on(item)])
    hands.requests()

    assert [comment.comment_id for comment in observed(tracker, item).comments] == [created.comment_id]
    assert len(hands.requests()) == 2, "two pages; who we are is known from the write"
    observed(hands.adapter(), item)
    assert len(hands.requests()) == 3, "two pages, and once who we are"


def test_a_foreign_mark_is_believed_from_people_with_a_role_alone(tracker, hands):
    item = hands.add_item("far", place=SDK)
    for author, owner in (("ada", "staging/default"), ("mallory", "evil/default")):
        hands.state.add_comment(item.key, mark.line(Mark(owner=owner, hash="0" * 16)), author)

    assert observed(tracker, item).foreign_owners == ("staging/default",)


def test_an_item_that_can_not_be_looked_at_is_left_out(tracker, hands):
    good, bad = hands.add_item("good"), hands.add_item("bad", place=SDK)
    hands.break_place(SDK)

    assert set(tracker.observe([good, bad], {})) == {good.id}


def test_a_change_without_a_before_is_sent_without_a_look(tracker, hands):
    item = hands.add_item("one")
    (created,) = send(tracker, [comment_on(item)])
    hands.requests()

    assert fates(send(tracker, [change_of(item, Action.DELETE_COMMENT, comment_id=created.comment_id)])) == [
        Fate.APPLIED
    ]
    assert len(hands.requests()) == 1
