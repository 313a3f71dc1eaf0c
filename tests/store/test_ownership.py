from typing import Any

import pytest

from syncd.model.changes import Action, Fate, Observation, OwnedLabel, Ownership, Removed
from syncd.model.comments import Bullets, Comment, Fold, Paragraph, Quote, Text
from syncd.store import WorkspaceStore
from syncd.store.ownership import owned_after
from tests.builders import item_id, make_item, place_id
from tests.store.samples import TREE, make_change, make_owned_comment, make_page, make_result, minutes, write

PAY_1 = item_id("PAY-1")
LABEL = OwnedLabel("syncd:no-outcome", minutes(1))
OTHER = OwnedLabel("syncd:cycle", minutes(0))
COMMENT = make_owned_comment()


def owned(**given: Any) -> Ownership:
    return Ownership(item=PAY_1, **given)


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        pytest.param({}, make_change(), {"labels": (LABEL,)}, id="first-label"),
        pytest.param({"labels": (OTHER,)}, make_change(), {"labels": (OTHER, LABEL)}, id="second-label"),
        pytest.param(
            {"labels": (OwnedLabel("SYNCD:No-Outcome", minutes(0)),)}, make_change(), {"labels": (LABEL,)}, id="again"
        ),
        pytest.param(
            {"labels": (OTHER, LABEL)}, make_change(action=Action.REMOVE_LABEL), {"labels": (OTHER,)}, id="label-taken"
        ),
        pytest.param({}, make_change(action=Action.REMOVE_LABEL), {}, id="label-that-was-not-ours"),
        pytest.param(
            {},
            make_change(action=Action.CREATE_COMMENT),
            {"comment": make_owned_comment(rule_ids=("no-outcome",))},
            id="comment-created",
        ),
        pytest.param(
            {"comment": make_owned_comment(hash="other", edited=True)},
            make_change(action=Action.EDIT_COMMENT, rule_ids=("a", "b")),
            {"comment": make_owned_comment(rule_ids=("a", "b"))},
            id="comment-rewritten",
        ),
        pytest.param({"comment": COMMENT}, make_change(action=Action.DELETE_COMMENT), {}, id="comment-deleted"),
        pytest.param(
            {"comment": COMMENT},
            make_change(action=Action.DELETE_COMMENT, comment_id="c2"),
            {"comment": COMMENT},
            id="a-second-comment-deleted",
        ),
    ],
)
def test_an_applied_change_is_ours_from_then_on(before: dict, change: Any, after: dict):
    result = make_result(change)
    assert owned_after(owned(**before), result, minutes(7)) == owned(**after, written_at=minutes(1))


def test_what_a_comment_quotes_is_remembered_with_it(store: WorkspaceStore):
    title = Quote("Fast checkout", source=place_id("FRAUD-7"), item=item_id("FRAUD-7"))
    tree = Comment((Paragraph((Text("It waits for "), title)), Fold("More", (Bullets(((title,), (Text("x"),))),))))
    write(store, make_change(action=Action.CREATE_COMMENT, comment=tree))
    comment = store.ownership()[PAY_1].comment
    assert comment is not None
    assert comment.quoted == (title,)


def test_the_newest_write_is_remembered():
    before = owned(written_at=minutes(5))
    assert owned_after(before, make_result(make_change()), minutes(7)).written_at == minutes(5)


def test_a_write_without_a_stamp_is_dated_by_our_clock():
    after = owned_after(owned(), make_result(make_change(), stamp=None), minutes(7))
    assert after == owned(labels=(OwnedLabel("syncd:no-outcome", minutes(7)),), written_at=minutes(7))


def test_a_comment_knows_whether_all_was_resolved():
    tree = type(TREE)(TREE.blocks, resolved=True)
    change = make_change(action=Action.EDIT_COMMENT, comment=tree)
    after = owned_after(owned(comment=COMMENT), make_result(change), minutes(7))
    assert after.comment is not None
    assert after.comment.resolved
    assert after.comment.hash == tree.hash


@pytest.mark.parametrize("fate", [Fate.UNKNOWN, Fate.REFUSED, Fate.GONE, Fate.DEFERRED])
@pytest.mark.parametrize("action", list(Action))
def test_what_was_not_applied_changes_nothing_of_ours(fate: Fate, action: Action):
    before = owned(labels=(LABEL,), comment=COMMENT, written_at=minutes(0))
    assert owned_after(before, make_result(make_change(action=action), fate), minutes(7)) == before


def test_a_stale_edit_says_that_a_person_edited_our_comment():
    change = make_change(action=Action.EDIT_COMMENT)
    after = owned_after(owned(comment=COMMENT), make_result(change, Fate.STALE), minutes(7))
    assert after == owned(comment=make_owned_comment(edited=True))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(make_change(action=Action.EDIT_COMMENT, comment_id="c2"), id="of-another-comment"),
        pytest.param(make_change(action=Action.ADD_LABEL), id="of-a-label"),
        pytest.param(make_change(action=Action.CREATE_COMMENT), id="of-a-new-comment"),
    ],
)
def test_a_stale_change_elsewhere_says_nothing_of_our_comment(change: Any):
    before = owned(comment=COMMENT)
    assert owned_after(before, make_result(change, Fate.STALE), minutes(7)) == before


def test_what_is_ours_is_kept(store: WorkspaceStore):
    mine = owned(
        labels=(LABEL,),
        comment=COMMENT,
        removed=(Removed("comment", "cycle", minutes(0)),),
        foreign_labels=("syncd:blocked",),
        written_at=minutes(1),
    )
    store.save_ownership([mine])
    assert store.ownership() == {PAY_1: mine}


def test_what_was_worked_out_before_a_write_can_not_forget_it(store: WorkspaceStore):
    worked_out = owned(removed=(Removed("syncd:cycle", "cycle", minutes(0)),))
    write(store, make_change())
    store.save_ownership([worked_out])
    assert store.ownership()[PAY_1].labels == (LABEL,)


def test_what_was_worked_out_after_a_write_is_kept(store: WorkspaceStore):
    write(store, make_change())
    emptied = owned(removed=(Removed(LABEL.name, "no-outcome", minutes(2)),), written_at=minutes(1))
    store.save_ownership([emptied])
    assert store.ownership()[PAY_1] == emptied


def test_the_newest_observation_stays(store: WorkspaceStore):
    old, new = Observation(item=PAY_1, stamp=minutes(1)), Observation(item=PAY_1, stamp=minutes(2), labels=("a",))
    store.save_observations([new])
    store.save_observations([old])
    assert store.observations() == {PAY_1: new}


def test_of_two_observations_of_one_instant_the_later_saved_stays(store: WorkspaceStore):
    for gone in (False, True):
        store.save_observations([Observation(item=PAY_1, stamp=minutes(1), gone=gone)])
    assert store.observations()[PAY_1].gone


@pytest.mark.parametrize(
    ("updated", "looked", "is_told"),
    [
        pytest.param(3, None, True, id="changed-and-never-looked-at"),
        pytest.param(3, 2, True, id="changed-after-the-look"),
        pytest.param(3, 3, True, id="changed-in-the-instant-of-the-look"),
        pytest.param(3, 4, False, id="looked-at-after-the-change"),
        pytest.param(1, None, False, id="our-own-write"),
    ],
)
def test_what_changed_after_our_write_is_to_be_looked_at(
    store: WorkspaceStore, updated: int, looked: int | None, is_told: bool
):
    write(store, make_change())
    store.save_page("jira", make_page(make_item(updated_at=minutes(updated)), make_item("PAY-2"), at=minutes(5)))
    if looked is not None:
        store.save_observations([Observation(item=PAY_1, stamp=minutes(looked))])
    assert store.unobserved("jira") == ([PAY_1] if is_told else [])
    assert store.unobserved("github") == []


def test_what_is_gone_is_not_looked_at(store: WorkspaceStore):
    write(store, make_change())
    store.save_page("jira", make_page(make_item(updated_at=minutes(3)), at=minutes(5)))
    store.mark_gone([PAY_1], minutes(6))
    assert store.unobserved("jira") == []


@pytest.mark.parametrize(
    ("seen_at", "is_gone"),
    [
        pytest.param(3, False, id="seen-since"),
        pytest.param(2, True, id="seen-in-the-instant-of-the-look"),
        pytest.param(1, True, id="seen-before"),
    ],
)
def test_what_was_gone_when_it_was_looked_at_is_back_when_it_is_seen(
    store: WorkspaceStore, seen_at: int, is_gone: bool
):
    store.save_observations([Observation(item=PAY_1, stamp=minutes(2), gone=True)])
    store.save_observations([Observation(item=item_id("PAY-2"), stamp=minutes(0))])
    store.save_page("jira", make_page(make_item(), make_item("PAY-2"), at=minutes(seen_at)))

    assert (PAY_1 in store.observations()) is is_gone
    assert item_id("PAY-2") in store.observations(), "only an absence is over"
