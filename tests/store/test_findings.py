from syncd.model.changes import Action
from syncd.model.findings import FindingState, Subject
from syncd.model.outcomes import OutcomeStatus
from syncd.store import WorkspaceStore
from tests.builders import item_id, make_outcome
from tests.store.samples import make_change, make_finding, minutes

SPEED, SAFETY = make_outcome("speed"), make_outcome("safety")


def test_findings_come_back_by_rule_and_subject(store: WorkspaceStore):
    item, other = make_finding("PAY-1"), make_finding("PAY-2", "cycle", causes=(item_id("PAY-1"),))
    ring = make_finding(subject=Subject(about="dependency", id=item_id("PAY-1")))
    store.save_findings([item, other, ring], minutes(0))
    assert store.findings() == {(each.rule_id, each.subject): each for each in (item, other, ring)}


def test_a_finding_is_replaced_and_others_stay(store: WorkspaceStore):
    store.save_findings([make_finding("PAY-1"), make_finding("PAY-2")], minutes(0))
    closed = make_finding("PAY-1", state=FindingState.CLOSED, closed_at=minutes(1))
    store.save_findings([closed], minutes(1))
    assert set(store.findings().values()) == {closed, make_finding("PAY-2")}


def test_an_outcome_has_a_revision_when_it_is_first_stated(store: WorkspaceStore):
    store.save_outcomes([SPEED, SAFETY], minutes(0))
    told = [(revision.outcome, revision.seen_at, revision.gone) for revision in store.outcome_revisions()]
    assert told == [(SAFETY, minutes(0), False), (SPEED, minutes(0), False)]


def test_an_outcome_that_did_not_change_has_no_new_revision(store: WorkspaceStore):
    for at in range(3):
        store.save_outcomes([SPEED], minutes(at))
    assert len(store.outcome_revisions()) == 1


def test_every_change_of_an_outcome_is_a_revision(store: WorkspaceStore):
    paused = make_outcome("speed", status=OutcomeStatus.PAUSED)
    for at, outcome in enumerate([SPEED, paused, paused, SPEED]):
        store.save_outcomes([outcome], minutes(at))
    told = [(revision.outcome.status, revision.seen_at) for revision in store.outcome_revisions()]
    assert told == [
        (OutcomeStatus.ACTIVE, minutes(0)),
        (OutcomeStatus.PAUSED, minutes(1)),
        (OutcomeStatus.ACTIVE, minutes(3)),
    ]


def test_an_outcome_that_leaves_the_roadmap_and_returns_is_told_so(store: WorkspaceStore):
    for at, stated in enumerate([[SPEED], [], [], [SPEED]]):
        store.save_outcomes(stated, minutes(at))
    told = [(revision.seen_at, revision.gone) for revision in store.outcome_revisions()]
    assert told == [(minutes(0), False), (minutes(1), True), (minutes(3), False)]


def test_what_waits_is_replaced_as_a_whole(store: WorkspaceStore):
    first, second = make_change("PAY-2"), make_change("PAY-1", Action.CREATE_COMMENT)
    store.save_waiting([(first, "over 200 changes"), (second, "over 40 comments")], minutes(0))
    assert store.waiting() == [(first, "over 200 changes"), (second, "over 40 comments")]
    store.save_waiting([(second, "over 40 comments")], minutes(1))
    assert store.waiting() == [(second, "over 40 comments")]
    store.save_waiting([], minutes(2))
    assert store.waiting() == []
