"""Facts about what was agreed: growth, what was added and why, what went, what became larger or other words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts.table import FactTable, context_at
from rules.language.calendar import Calendar
from rules.scope.counting import counts
from rules.subjects import container_subject, item_subject, outcome_subject
from syncd.model.baselines import Baseline, Confidence, KeptText, Member
from syncd.model.identity import ItemId
from syncd.model.items import ContainerKind, ContainerState, Person, StatusCategory
from syncd.model.truth import Unknown
from syncd.model.words import Selector, Words
from tests.builders import (
    NOW,
    item_id,
    make_baseline,
    make_container,
    make_event,
    make_history,
    make_item,
    make_link,
    make_outcome,
    make_place,
    make_state,
    make_world,
)
from tests.rules.facts.asking import FACTS, keys

BEGUN, DONE = StatusCategory.IN_PROGRESS, StatusCategory.DONE
OLD = datetime(2026, 9, 1, tzinfo=UTC)
AGREED_AT = datetime(2026, 11, 7, tzinfo=UTC)
LATER = datetime(2026, 11, 12, tzinfo=UTC)
EPIC = item_subject(item_id("PAY-1"))
OUTCOME = outcome_subject("checkout-latency")
SPRINT = make_container("Run", ContainerKind.SPRINT, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 27))
RUN = container_subject(SPRINT.id)
NAMES = sorted(name for name in FACTS if name.startswith("scope."))


def ask(world, name, subject=EPIC, now=NOW):
    table = FactTable(FACTS, world=world, subjects=(subject,), now=now, calendar=Calendar())
    return table.column(f"scope.{name}")[0]


def old(key, **given):
    return make_item(key, **{"created_at": OLD, "updated_at": OLD, **given})


def new(key, **given):
    return make_item(key, **{"created_at": LATER, "updated_at": LATER, **given})


def agreed(*keys, of=EPIC, at=AGREED_AT, **given):
    return make_baseline(*keys, of=of, at=at, **given)


def sized(of=EPIC, team="payments", **estimates):
    members = tuple(
        Member(item=item_id(key.replace("_", "-")), key=key.replace("_", "-"), team=team, estimate=estimate)
        for key, estimate in estimates.items()
    )
    return Baseline(of=of, at=AGREED_AT, confidence=Confidence.OBSERVED, members=members)


def epic_world(*children, baseline=None, **given):
    baselines = [baseline] if baseline is not None else []
    return make_world([old("PAY-1"), *children], baselines=baselines, **given)


# growth


def test_growth_is_what_was_added_beside_what_was_agreed():
    children = [old(f"PAY-{n}", parent="PAY-1") for n in range(2, 6)] + [new("PAY-6", parent="PAY-1")]
    world = epic_world(*children, baseline=agreed("PAY-2", "PAY-3", "PAY-4", "PAY-5"))
    assert ask(world, "growth") == 0.25
    assert (ask(world, "baseline_count"), ask(world, "item_count")) == (4, 5)
    assert (ask(world, "state"), ask(world, "baseline_at"), ask(world, "confidence")) == (
        "agreed",
        AGREED_AT,
        "observed",
    )


def test_what_was_removed_makes_up_for_nothing():
    world = epic_world(old("PAY-2", parent="PAY-1"), old("PAY-3"), baseline=agreed("PAY-2", "PAY-3"))
    assert (ask(world, "growth"), keys(ask(world, "removed")), ask(world, "item_count")) == (0.0, ["PAY-3"], 1)


def test_an_agreed_item_that_became_larger_counts_as_growth_and_one_that_became_smaller_does_not():
    children = [
        old("PAY-2", parent="PAY-1", estimate=8.0),
        old("PAY-3", parent="PAY-1", estimate=1.0),
        old("PAY-4", parent="PAY-1", estimate=5.0),
        old("PAY-5", parent="PAY-1", estimate=2.0),
    ]
    world = epic_world(*children, baseline=sized(PAY_2=5.0, PAY_3=3.0, PAY_4=None, PAY_5=2.0))
    assert ask(world, "growth") == 0.25
    assert [(r.key, r.before, r.after, r.is_larger) for r in ask(world, "re_estimated")] == [
        ("PAY-2", 5.0, 8.0, True),
        ("PAY-3", 3.0, 1.0, False),
        ("PAY-4", None, 5.0, False),
    ]


def test_growth_in_estimates_is_of_one_team():
    children = [old("PAY-2", parent="PAY-1", estimate=8.0), new("PAY-3", parent="PAY-1", estimate=3.0)]
    assert ask(epic_world(*children, baseline=sized(PAY_2=6.0)), "estimate_growth") == pytest.approx(5 / 6)


@pytest.mark.parametrize(
    ("baseline", "estimate"),
    [
        pytest.param(sized(team="fraud", PAY_2=6.0), 3.0, id="two teams"),
        pytest.param(sized(PAY_2=6.0), None, id="no estimate"),
        pytest.param(sized(PAY_2=-6.0), 3.0, id="below zero"),
    ],
)
def test_growth_in_estimates_is_unknown_where_units_mix_or_sizes_lack(baseline, estimate):
    children = [old("PAY-2", parent="PAY-1", estimate=8.0), new("PAY-3", parent="PAY-1", estimate=estimate)]
    world = epic_world(*children, baseline=baseline)
    assert isinstance(ask(world, "estimate_growth"), Unknown)
    assert ask(world, "growth") == 2.0


def test_of_a_baseline_of_nothing_nobody_can_say_how_it_grew():
    world = epic_world(new("PAY-2", parent="PAY-1", estimate=3.0), baseline=agreed())
    assert (ask(world, "growth"), ask(world, "estimate_growth"), keys(ask(world, "added"))) == (None, None, ["PAY-2"])
    assert ask(world, "baseline_count") == 0


def test_nothing_is_known_of_how_it_grew_while_a_child_is_dark():
    world = epic_world(
        old("PAY-2", parent="PAY-1"),
        old("OPS-1", parent="PAY-1"),
        baseline=agreed("PAY-2", "OPS-1"),
        states=[make_state("jira:OPS", error="forbidden")],
    )
    assert isinstance(ask(world, "growth"), Unknown)
    assert keys(ask(world, "removed")) == ["?"]
    assert keys(ask(world, "added")) == ["?"]


def test_the_newest_baseline_counts_and_one_that_is_yet_to_come_does_not():
    newer = agreed("PAY-2", "PAY-3", at=LATER + timedelta(days=1), confidence=Confidence.STATED)
    future = agreed("PAY-9", at=NOW + timedelta(days=1))
    children = [old("PAY-2", parent="PAY-1"), new("PAY-3", parent="PAY-1")]
    world = make_world([old("PAY-1"), *children], baselines=[agreed("PAY-2"), newer, future])
    assert (ask(world, "growth"), ask(world, "confidence")) == (0.0, "stated")


# what counts


def test_what_is_below_an_agreed_item_is_a_part_of_it_unless_that_is_an_epic():
    words = Words(kinds=(("epic", (Selector(type="Epic"),)),))
    items = [
        old("PAY-1"),
        old("PAY-2", type="Story", parent="PAY-1"),
        old("PAY-3", type="Epic", parent="PAY-1"),
        new("PAY-4", parent="PAY-2"),
        new("PAY-5", parent="PAY-3"),
    ]
    world = make_world(
        items,
        [make_outcome(items=["PAY-1"])],
        baselines=[agreed("PAY-1", "PAY-2", "PAY-3", of=OUTCOME)],
        places=[make_place(words=words)],
    )
    # PAY-1 was no parent when it was agreed: that it is one now adds nothing either.
    assert keys(ask(world, "added", OUTCOME)) == []
    members = (
        Member(item=item_id("PAY-1"), key="PAY-1", is_counted=False),
        Member(item=item_id("PAY-2"), key="PAY-2"),
        Member(item=item_id("PAY-3"), key="PAY-3"),
    )
    baseline = Baseline(of=OUTCOME, at=AGREED_AT, confidence=Confidence.OBSERVED, members=members)
    world = make_world(items, [make_outcome(items=["PAY-1"])], baselines=[baseline], places=[make_place(words=words)])
    assert keys(ask(world, "added", OUTCOME)) == ["PAY-5"]
    assert (ask(world, "growth", OUTCOME), ask(world, "item_count", OUTCOME)) == (0.5, 3)


def test_an_agreed_item_that_nothing_is_below_any_more_is_no_addition():
    members = (
        Member(item=item_id("PAY-1"), key="PAY-1", is_counted=False),
        Member(item=item_id("PAY-2"), key="PAY-2"),
    )
    baseline = Baseline(of=OUTCOME, at=AGREED_AT, confidence=Confidence.OBSERVED, members=members)
    world = make_world([old("PAY-1"), old("PAY-2")], [make_outcome(items=["PAY-1"])], baselines=[baseline])
    assert ask(world, "added", OUTCOME) == ()
    assert keys(ask(world, "removed", OUTCOME)) == ["PAY-2"]


def test_a_pull_request_is_no_scope():
    world = epic_world(
        old("PAY-2", parent="PAY-1"), new("PAY-3", parent="PAY-1", is_change=True), baseline=agreed("PAY-2")
    )
    assert ask(world, "growth") == 0.0


# causes


ADA, BOB = Person("Ada", "ada"), Person("Bob", "bob")


def causes(world, subject=EPIC):
    return [(each.key, each.cause, each.evidence) for each in ask(world, "added", subject)]


def test_every_addition_has_a_cause_with_what_shows_it():
    children = [
        old("PAY-2", parent="PAY-1", assignees=(ADA,)),
        new("PAY-3", parent="PAY-1", links=(make_link("split_from", "PAY-2"),)),
        new("PAY-4", parent="PAY-1", reporter=ADA),
        old("PAY-5", parent="PAY-1", updated_at=LATER),
        new("PAY-6", parent="PAY-1", reporter=BOB),
    ]
    put_in = make_event("parent", "", "jira:nPAY-1", at=LATER, item=item_id("PAY-5"), actor="bob")
    world = epic_world(*children, baseline=agreed("PAY-2"), histories={"PAY-5": make_history(put_in)})
    assert causes(world) == [
        ("PAY-3", "split", "split from PAY-2"),
        ("PAY-4", "discovered", "written on 2026-11-12 by Ada, who works on PAY-2"),
        ("PAY-5", "adopted", "there since 2026-09-01, put in on 2026-11-12 by Bob"),
        ("PAY-6", "added", "written on 2026-11-12 by Bob"),
    ]
    assert ask(world, "causes") == ("1 split", "1 discovered", "1 adopted", "1 added")
    assert [each.added_at for each in ask(world, "added")] == [LATER] * 4


def test_what_is_written_below_an_agreed_parent_is_discovered():
    parent = Member(item=item_id("PAY-2"), key="PAY-2", is_counted=False)
    members = (parent, Member(item=item_id("PAY-3"), key="PAY-3"))
    baseline = Baseline(of=OUTCOME, at=AGREED_AT, confidence=Confidence.OBSERVED, members=members)
    items = [old("PAY-2"), old("PAY-3", parent="PAY-2"), new("PAY-4", parent="PAY-2", reporter=BOB)]
    world = make_world(items, [make_outcome(items=["PAY-2"])], baselines=[baseline])
    assert causes(world, OUTCOME) == [("PAY-4", "discovered", "written on 2026-11-12 below PAY-2")]


def test_when_something_was_put_in_may_not_be_known():
    world = epic_world(old("PAY-2", parent="PAY-1"), old("PAY-3", parent="PAY-1"), baseline=agreed("PAY-2"))
    (record,) = ask(world, "added")
    assert (record.cause, record.evidence) == ("adopted", "there since 2026-09-01, put in later")
    assert isinstance(record.added_at, Unknown)


def test_what_was_agreed_elsewhere_before_moved_in():
    other = agreed("PAY-3", of=item_subject(item_id("PAY-9")))
    items = [old("PAY-1"), old("PAY-9"), old("PAY-2", parent="PAY-1"), old("PAY-3", parent="PAY-1")]
    world = make_world(items, baselines=[agreed("PAY-2"), other])
    assert [(each.key, each.moved_from) for each in ask(world, "moved_in")] == [("PAY-3", "PAY-9")]


def test_what_a_history_shows_to_have_come_from_another_parent_moved_in():
    event = make_event("parent", "jira:nPAY-9", "jira:nPAY-1", at=LATER, item=item_id("PAY-3"))
    items = [old("PAY-1"), old("PAY-9"), old("PAY-2", parent="PAY-1"), old("PAY-3", parent="PAY-1", updated_at=LATER)]
    world = make_world(items, baselines=[agreed("PAY-2")], histories={"PAY-3": make_history(event)})
    assert [(each.key, each.moved_from) for each in ask(world, "moved_in")] == [("PAY-3", "PAY-9")]


def test_what_went_is_gone_or_was_taken_out():
    event = make_event("parent", "jira:nPAY-1", "", at=LATER, item=item_id("PAY-3"), actor="ada")
    items = [old("PAY-1"), old("PAY-2", parent="PAY-1"), old("PAY-3", updated_at=LATER, assignees=(ADA,))]
    world = make_world(
        items,
        gone=[old("PAY-4", parent="PAY-1")],
        baselines=[agreed("PAY-2", "PAY-3", "PAY-4")],
        histories={"PAY-3": make_history(event)},
    )
    out, gone = ask(world, "removed")
    assert (out.key, out.why, out.removed_at, out.removed_by) == ("PAY-3", "taken_out", LATER, "Ada")
    assert (gone.key, gone.why, gone.title) == ("PAY-4", "gone", "Title of PAY-4")


def test_what_can_not_be_found_any_more_is_not_said_to_be_removed():
    world = epic_world(old("PAY-2", parent="PAY-1"), baseline=agreed("PAY-2", "PAY-77"))
    assert keys(ask(world, "removed")) == ["?"]


# sprints


def test_a_sprint_grows_by_what_is_put_in_after_it_settled():
    name = str(SPRINT.id)
    event = make_event("sprints", "", name, at=LATER, item=item_id("PAY-2"), actor="ada")
    items = [old("PAY-1", sprints=(SPRINT.id,)), old("PAY-2", sprints=(SPRINT.id,), updated_at=LATER, assignees=(ADA,))]
    world = make_world(
        items, containers=[SPRINT], baselines=[agreed("PAY-1", of=RUN)], histories={"PAY-2": make_history(event)}
    )
    assert ask(world, "growth", RUN) == 1.0
    assert causes(world, RUN) == [("PAY-2", "adopted", "there since 2026-09-01, put in on 2026-11-12 by Ada")]


def test_what_earlier_sprints_did_not_finish_is_carried_over():
    before = make_container(
        "Walk",
        ContainerKind.SPRINT,
        state=ContainerState.CLOSED,
        starts_on=date(2026, 10, 19),
        ends_on=date(2026, 10, 30),
    )
    items = [old("PAY-1", sprints=(before.id, SPRINT.id)), old("PAY-2", sprints=(SPRINT.id,))]
    items.append(old("PAY-3", sprints=(before.id,), status_category=DONE, closed_at=OLD))
    world = make_world(items, containers=[before, SPRINT], histories={each.key: make_history() for each in items})
    assert keys(ask(world, "carried_over", RUN)) == ["PAY-1"]
    assert ask(world, "left_over", RUN) == ()
    assert keys(ask(world, "left_over", container_subject(before.id))) == ["PAY-1"]


def test_nothing_came_over_into_the_first_of_several_sprints():
    days = [date(2026, 10, 5), date(2026, 10, 19)]
    closed = [
        make_container(
            f"S{number}",
            ContainerKind.SPRINT,
            state=ContainerState.CLOSED,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=11),
        )
        for number, starts_on in enumerate(days, 1)
    ]
    items = [old("PAY-2", sprints=(*(each.id for each in closed), SPRINT.id))]
    world = make_world(items, containers=[*closed, SPRINT], histories={"PAY-2": make_history()})
    over = [keys(ask(world, "carried_over", container_subject(each.id))) for each in (*closed, SPRINT)]
    assert over == [[], ["PAY-2"], ["PAY-2"]]


def test_criteria_in_a_field_of_their_own_have_no_history_that_says_they_stayed():
    criteria = {"Acceptance criteria": "It answers in a second."}
    begun: dict[str, Any] = {"status": "Doing", "status_category": BEGUN}
    past = {"PAY-1": make_history(make_event("status", "To Do", "Doing", at=AGREED_AT))}
    for fields, known in (({}, 0.0), (criteria, None)):
        world = make_world([old("PAY-1", updated_at=LATER, fields=fields, **begun)], histories=past)
        found = ask(world, "rewritten_after_start")
        assert isinstance(found, Unknown) if known is None else found == known


# states


def test_where_a_subject_is_on_the_way_to_be_agreed():
    waiting = make_world([old("PAY-1"), old("PAY-2", parent="PAY-1")])
    going = make_world([old("PAY-1"), old("PAY-2", parent="PAY-1", status_category=BEGUN)])
    assert [ask(each, "state") for each in (waiting, going)] == ["none", "forming"]
    assert ask(going, "state", item_subject(item_id("PAY-2"))) == "none"
    outcomes = make_world([], [make_outcome(), make_outcome("other")])
    assert ask(outcomes, "state", OUTCOME) == "forming"
    assert ask(make_world(containers=[SPRINT]), "state", RUN) == "forming"


def test_facts_of_what_is_not_there_are_unknown():
    for subject in (EPIC, OUTCOME, RUN):
        world = make_world(baselines=[agreed("PAY-2", of=subject)])
        fits = [each for each in NAMES if subject.about in {about.value for about in FACTS[each].about}]
        assert all(isinstance(ask(world, each.removeprefix("scope."), subject), Unknown) for each in fits)


def test_without_a_baseline_there_is_nothing_to_say():
    world = make_world([old("PAY-1"), new("PAY-2", parent="PAY-1")])
    told = [ask(world, each) for each in ("growth", "baseline_at", "confidence", "baseline_count", "added", "removed")]
    assert told == [None, None, None, None, (), ()]


# texts


def kept(words, key="PAY-2", **given):
    return KeptText(item=item_id(key), at=AGREED_AT, words=words, **given)


def test_how_much_of_a_text_was_rewritten():
    item = old("PAY-2", parent="PAY-1", status_category=BEGUN, body="## Goal\n- It is **fast** and cheap\n")
    world = epic_world(item, baseline=agreed("PAY-2"), texts=[kept("goal it is fast and good")])
    subject = item_subject(item.id)
    assert ask(world, "rewritten_after_start", subject) == pytest.approx(2 / 12)
    assert [(each.key, each.share) for each in ask(world, "rewritten")] == [("PAY-2", pytest.approx(2 / 12))]


def test_a_text_that_no_history_saw_change_is_as_it_was():
    item = old("PAY-2", parent="PAY-1", status_category=BEGUN, body="It is fast", updated_at=LATER)
    moved = make_event("status", "To Do", "Doing", at=OLD, item=item.id)
    edited = make_event("body", "", "changed", at=LATER, item=item.id)
    subject = item_subject(item.id)
    told = [make_history(moved), make_history(moved, edited), make_history(known_since=LATER)]
    found = [ask(epic_world(item, histories={"PAY-2": each}), "rewritten_after_start", subject) for each in told]
    assert found[0] == 0.0
    assert all(isinstance(each, Unknown) for each in found[1:])


def test_a_text_is_nobodys_business_before_work_begins():
    assert (
        ask(epic_world(old("PAY-2", parent="PAY-1")), "rewritten_after_start", item_subject(item_id("PAY-2"))) is None
    )


def test_a_text_that_was_lost_is_not_known():
    item = old("PAY-2", parent="PAY-1", status_category=BEGUN)
    world = epic_world(item, texts=[kept("", is_lost=True)])
    assert isinstance(ask(world, "rewritten_after_start", item_subject(item.id)), Unknown)


# counts


def counted(world):
    return counts(context_at(world, NOW, Calendar()))


def test_counts_stand_beside_the_baseline():
    items = [old("PAY-2", status_category=DONE), new("PAY-3")]
    outcome = make_outcome(items=["PAY-2", "PAY-3"])
    found = counted(make_world(items, [outcome], baselines=[agreed("PAY-2", of=OUTCOME)]))["checkout-latency"]
    assert (found.baseline_count, found.item_count, found.done_count, found.added_count) == (1, 2, 1, 1)
    assert found.added_by_cause == {"added": 1}
    plain = counted(make_world(items, [outcome]))["checkout-latency"]
    assert (plain.baseline_count, plain.item_count, plain.done_count) == (None, 2, 1)


def test_nothing_is_counted_while_a_place_is_dark():
    world = make_world([old("PAY-2")], [make_outcome()], states=[make_state("jira:PAY", imported_at=None)])
    assert counted(world) == {}


# what always holds

KEYS = [f"PAY-{n}" for n in range(2, 9)]


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["PAY-1", "PAY-2", "PAY-3", None]), min_size=1),
    st.sets(st.sampled_from(KEYS)),
)
def test_what_is_there_is_what_was_agreed_less_what_went_and_what_came(parents, members):
    known = {"PAY-1", *parents}
    items = [make_item(key, parent=parent if parent in known - {key} else None) for key, parent in parents.items()]
    items.append(old("PAY-1"))
    gone = [old(key) for key in members - parents.keys()]
    sorted_members = sorted(members)
    for subject in (EPIC, OUTCOME):
        world = make_world(
            items, [make_outcome(items=["PAY-1"])], gone=gone, baselines=[agreed(*sorted_members, of=subject)]
        )
        added, removed = ask(world, "added", subject), ask(world, "removed", subject)
        assert ask(world, "item_count", subject) == len(members) - len(removed) + len(added)
        assert set(keys(added)).isdisjoint(members)
        assert set(keys(removed)) <= members
        assert sum(int(each.split()[0]) for each in ask(world, "causes", subject)) == len(added)
        growth = ask(world, "growth", subject)
        assert growth == (len(added) / len(members) if members else None)


def test_rings_of_parents_and_events_of_tomorrow_stop_nothing():
    tomorrow = NOW + timedelta(days=400)
    items = [
        make_item("PAY-1", parent="PAY-2", status_category=BEGUN, created_at=tomorrow),
        make_item("PAY-2", parent="PAY-1", status_category=DONE, closed_at=OLD, created_at=LATER),
    ]
    event = make_event("parent", "nonsense", "jira:nPAY-1", at=tomorrow, item=item_id("PAY-2"))
    histories = {"PAY-2": make_history(event, make_event("estimate", "three", "many", at=tomorrow))}
    for subject in (EPIC, OUTCOME, RUN):
        world = make_world(
            items,
            [make_outcome(items=["PAY-1"])],
            containers=[make_container("Run", ContainerKind.SPRINT)],
            baselines=[agreed("PAY-2", "PAY-9", of=subject)],
            histories=histories,
        )
        for name in NAMES:
            if subject.about in {about.value for about in FACTS[name].about}:
                ask(world, name.removeprefix("scope."), subject)


def test_a_subject_with_an_id_that_nothing_has_is_unknown():
    assert isinstance(ask(make_world(), "growth", item_subject(ItemId("jira", "n0"))), Unknown)
