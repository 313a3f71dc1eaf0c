from datetime import timedelta

import pytest

from syncd.model.changes import Action, Fate, OwnedLabel
from syncd.store import WorkspaceStore
from tests.builders import item_id
from tests.store.samples import make_change, make_finding, make_owned_comment, make_result, minutes, write

PAY_1 = item_id("PAY-1")
LABEL = OwnedLabel("syncd:no-outcome", minutes(1))


def test_a_batch_is_written_down_in_order_before_it_is_sent(store: WorkspaceStore):
    changes = [make_change("PAY-2"), make_change("PAY-1"), make_change("PAY-1", Action.CREATE_COMMENT)]
    intents = store.add_intents(7, "batch", changes, minutes(1))
    assert [intent.change for intent in intents] == changes
    assert {intent.batch_id for intent in intents} == {"batch"}
    assert store.open_intents("jira") == intents
    assert store.open_intents("github") == []


def test_an_empty_batch_is_nothing(store: WorkspaceStore):
    assert store.add_intents(7, "batch", [], minutes(1)) == []


def test_numbers_are_never_given_out_twice(store: WorkspaceStore):
    first = write(store, make_change())
    assert store.open_intents("jira") == []
    assert write(store, make_change()).id > first.id


@pytest.mark.parametrize("fate", [fate for fate in Fate if fate is not Fate.UNKNOWN])
def test_a_known_fate_closes_the_intent(store: WorkspaceStore, fate: Fate):
    write(store, make_change(), fate)
    assert store.open_intents("jira") == []


def test_a_lost_answer_leaves_the_intent_open(store: WorkspaceStore):
    write(store, make_change(), Fate.UNKNOWN, at=3)
    (intent,) = store.open_intents("jira")
    assert (intent.unknown_at, intent.created_at, intent.readbacks) == (minutes(3), minutes(3), 0)


def test_the_instant_from_which_an_answer_was_lost_stays(store: WorkspaceStore):
    write(store, make_change(), Fate.UNKNOWN, at=3)
    (intent,) = store.open_intents("jira")
    store.settle(intent, make_result(intent.change, Fate.UNKNOWN), minutes(4))
    store.count_readback(intent, minutes(5))
    (intent,) = store.open_intents("jira")
    assert (intent.unknown_at, intent.readbacks) == (minutes(3), 1)


def test_a_lost_answer_is_settled_by_reading_back(store: WorkspaceStore):
    write(store, make_change(), Fate.UNKNOWN, at=3)
    (intent,) = store.open_intents("jira")
    store.settle(intent, make_result(intent.change, detail="read back"), minutes(5))
    assert store.open_intents("jira") == []
    assert store.ownership()[PAY_1].labels == (LABEL,)
    assert [entry.fate for entry in store.ledger()] == [Fate.APPLIED, Fate.UNKNOWN]


def test_an_applied_change_is_ours(store: WorkspaceStore):
    write(store, make_change())
    write(store, make_change(action=Action.CREATE_COMMENT), stamp=minutes(2))
    mine = store.ownership()[PAY_1]
    assert mine.labels == (LABEL,)
    assert mine.comment == make_owned_comment(written_at=minutes(2), rule_ids=("no-outcome",))
    assert mine.written_at == minutes(2)


def test_settling_twice_equals_settling_once(store: WorkspaceStore):
    intent = write(store, make_change())
    once = (store.ownership(), store.ledger(), store.recent_writes(minutes(0)))
    store.settle(intent, make_result(intent.change), minutes(1))
    assert (store.ownership(), store.ledger(), store.recent_writes(minutes(0))) == once


def test_a_late_answer_counts_though_another_process_gave_the_write_up(store: WorkspaceStore):
    intent = write(store, make_change(), Fate.DEFERRED)
    store.settle(intent, make_result(intent.change), minutes(2))
    assert store.ownership()[PAY_1].labels == (LABEL,)
    assert store.ledger()[0].fate is Fate.APPLIED


def test_the_ledger_has_every_write(store: WorkspaceStore):
    store.save_findings([make_finding(version="v3")], minutes(0))
    pass_id = store.begin_pass("apply", minutes(0))
    (intent,) = store.add_intents(pass_id, "b1", [make_change(rule_ids=("no-outcome", "unheard-of"))], minutes(1))
    store.settle(intent, make_result(intent.change), minutes(2))
    store.finish_pass(pass_id, minutes(3))
    (entry,) = store.ledger(PAY_1)
    assert (entry.pass_id, entry.batch_id, entry.intent_id) == (pass_id, "b1", intent.id)
    assert entry.change == intent.change
    assert entry.rule_versions == {"no-outcome": "v3"}
    assert (entry.before, entry.after) == (None, LABEL)
    assert (entry.fate, entry.at, entry.stamp) == (Fate.APPLIED, minutes(2), minutes(1))


def test_the_ledger_has_a_comment_before_and_after(store: WorkspaceStore):
    write(store, make_change(action=Action.CREATE_COMMENT))
    write(store, make_change(action=Action.EDIT_COMMENT), at=2, stamp=minutes(2), body_hash="body2")
    entry = store.ledger(PAY_1)[0]
    assert entry.comment_before is not None
    assert entry.comment_after is not None
    assert (entry.comment_before.body_hash, entry.comment_after.body_hash) == ("body1", "body2")
    assert (entry.before, entry.after) == (None, None)


def test_the_ledger_tells_the_newest_first(store: WorkspaceStore):
    for at, key in enumerate(["PAY-1", "PAY-2", "PAY-1", "PAY-3"]):
        write(store, make_change(key), at=at)
    assert [entry.change.key for entry in store.ledger(limit=3)] == ["PAY-3", "PAY-1", "PAY-2"]
    assert [entry.at for entry in store.ledger(PAY_1)] == [minutes(2), minutes(0)]


def test_a_refusal_is_in_the_ledger_with_its_reason(store: WorkspaceStore):
    write(store, make_change(), Fate.REFUSED, detail="the issue is locked")
    (entry,) = store.ledger()
    assert (entry.fate, entry.detail) == (Fate.REFUSED, "the issue is locked")


def test_limits_count_what_was_written_once_per_rule(store: WorkspaceStore):
    write(store, make_change(action=Action.CREATE_COMMENT, rule_ids=("a", "b")), at=5)
    write(store, make_change("PAY-2"), Fate.REFUSED, at=6)
    found = store.recent_writes(minutes(5))
    assert [(each.rule_id, each.action, each.at, each.item) for each in found] == [
        ("a", Action.CREATE_COMMENT, minutes(5), PAY_1),
        ("b", Action.CREATE_COMMENT, minutes(5), PAY_1),
    ]


def test_limits_count_what_may_have_been_written(store: WorkspaceStore):
    write(store, make_change(), Fate.UNKNOWN, at=1)
    store.add_intents(1, "b2", [make_change("PAY-2")], minutes(2))
    assert [each.item for each in store.recent_writes(minutes(0))] == [PAY_1, item_id("PAY-2")]


def test_limits_forget_what_is_older(store: WorkspaceStore):
    write(store, make_change(), at=1)
    assert store.recent_writes(minutes(1)) != ()
    assert store.recent_writes(minutes(1) + timedelta(microseconds=1)) == ()


def test_passes_are_numbered(store: WorkspaceStore):
    first = store.begin_pass("apply", minutes(0))
    store.finish_pass(first, minutes(1))
    assert store.begin_pass("apply", minutes(2)) == first + 1


def test_what_was_refused_is_remembered_with_its_reason(store: WorkspaceStore):
    locked = make_change(action=Action.CREATE_COMMENT)
    write(store, locked, Fate.REFUSED, at=1, detail="the conversation is locked")
    write(store, make_change("PAY-2"), Fate.GONE, at=2)
    write(store, make_change("PAY-3"), Fate.STALE, at=3)
    write(store, make_change("PAY-4"), at=4)
    found = store.refusals(minutes(1))
    assert [(each.change.key, each.at, each.reason) for each in found] == [
        ("PAY-1", minutes(1), "the conversation is locked"),
        ("PAY-2", minutes(2), ""),
    ]
    assert found[0].change == locked
    assert [each.change.key for each in store.refusals(minutes(2))] == ["PAY-2"]
