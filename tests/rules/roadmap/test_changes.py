"""An outcome that became another one after work was linked to it: by its target or its revision, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from rules.roadmap.changes import changed_at, changed_since, is_another
from rules.world import World
from syncd.model.items import Event, History
from syncd.model.outcomes import Measure, Outcome, OutcomeRevision, OutcomeStatus, Reading
from syncd.model.truth import Unknown
from tests.builders import A_WEEK_AGO, NOW, container_id, item_id, make_container, make_item, make_outcome, make_world

LONG_AGO, CHANGE = A_WEEK_AGO - timedelta(days=30), A_WEEK_AGO
BEFORE, AFTER = CHANGE - timedelta(days=2), CHANGE + timedelta(days=2)
NAMES: dict[str, Any] = {"labels": ("outcome:speed",)}
WHOLE = History(known_since=LONG_AGO)
READ = Reading(NOW.date(), 1)
HALF = History(known_since=AFTER)


def measured(target: float | None, **given) -> Outcome:
    return make_outcome("speed", measures=(Measure(id="p95", target=target),), **given)


def told(*stated: Outcome, gone: int | None = None) -> tuple[OutcomeRevision, ...]:
    """Return revisions, each a day older than the next, the last seen at CHANGE."""
    first = CHANGE - timedelta(days=len(stated) - 1)
    return tuple(
        OutcomeRevision(outcome=each, seen_at=first + timedelta(days=number), gone=number == gone)
        for number, each in enumerate(stated)
    )


def event(key: str, field: str, after: str, at=AFTER) -> Event:
    return Event(item=item_id(key), at=at, field=field, before="", after=after)


def history(key: str, field: str, after: str, at=AFTER) -> History:
    return History(known_since=LONG_AGO, events=(event(key, field, after, at),))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"measures": (Measure(id="p95", target=1.0),)}, True, id="a-target"),
        pytest.param({"measures": (Measure(id="p95"),)}, True, id="a-target-taken-away"),
        pytest.param({"revision": "2"}, True, id="the-revision"),
        pytest.param({"title": "Other", "why": "Other", "status": OutcomeStatus.PAUSED}, False, id="its-words"),
        pytest.param(
            {"measures": (Measure(id="p95", target=1.2, readings=(Reading(NOW.date(), 1),)),)}, False, id="read"
        ),
        pytest.param({"measures": (Measure(id="p95", target=1.2, baseline=3, unit="s"),)}, False, id="a-baseline"),
        pytest.param(
            {"measures": (Measure(id="p95", target=1.2), Measure(id="new", target=1))}, False, id="a-measure-more"
        ),
        pytest.param({"measures": ()}, False, id="a-measure-less"),
    ],
)
def test_only_a_target_or_the_revision_makes_it_another(change, expected):
    assert is_another(measured(1.2), replace(measured(1.2), **change)) is expected


@pytest.mark.parametrize(
    ("revisions", "expected"),
    [
        pytest.param({}, None, id="nothing-known"),
        pytest.param({"speed": told(measured(1.2))}, None, id="first-seen"),
        pytest.param({"speed": told(measured(1.2), measured(1.0))}, CHANGE, id="another-target"),
        pytest.param(
            {"speed": told(measured(1.2), measured(1.0), measured(1.0, title="T"))},
            CHANGE - timedelta(days=1),
            id="then-other-words",
        ),
        pytest.param({"speed": told(measured(1.2), measured(9), measured(1.2), gone=1)}, None, id="gone-and-back"),
        pytest.param({"Fast": told(measured(1.2))[:1], "speed": told(measured(1.0))}, CHANGE, id="renamed-and-changed"),
    ],
)
def test_when_it_was_last_seen_to_be_another(revisions, expected):
    if "Fast" in revisions:
        older = replace(revisions["Fast"][0], seen_at=BEFORE)
        revisions = {**revisions, "Fast": (older,)}
    world = make_world([], [measured(1.0, was=("fast",))], revisions=revisions)
    assert changed_at(world, 0) == expected


def world_with(*items, outcome: Outcome | None = None, before: Outcome | None = None, **given) -> World:
    now = outcome or measured(1.0)
    first = before or replace(now, measures=(Measure(id="p95", target=1.2),))
    return make_world(items, [now], revisions={"speed": told(first, now)}, **given)


def since(world: World, key: str) -> bool | Unknown:
    return changed_since(world, 0, world.positions[item_id(key)])


def old(key: str = "PAY-1", **given):
    return make_item(key, **{"created_at": LONG_AGO, **given})


def test_work_that_was_linked_before_is_asked_about_and_later_work_is_not():
    assert since(world_with(old(**NAMES), histories={"PAY-1": WHOLE}), "PAY-1") is True
    labelled_before = history("PAY-1", "labels", "outcome:speed", BEFORE)
    assert since(world_with(old(**NAMES), histories={"PAY-1": labelled_before}), "PAY-1") is True
    labelled = history("PAY-1", "labels", "Outcome:Speed")
    assert since(world_with(old(**NAMES), histories={"PAY-1": labelled}), "PAY-1") is False
    other_label = history("PAY-1", "labels", "checkout")
    assert since(world_with(old(**NAMES), histories={"PAY-1": other_label}), "PAY-1") is True
    assert since(world_with(make_item("PAY-1", created_at=AFTER, **NAMES)), "PAY-1") is False


def test_without_a_history_that_reaches_back_it_is_not_known():
    assert isinstance(since(world_with(old(**NAMES)), "PAY-1"), Unknown)
    assert isinstance(since(world_with(old(**NAMES), histories={"PAY-1": HALF}), "PAY-1"), Unknown)
    found = History(known_since=AFTER, events=(event("PAY-1", "labels", "outcome:speed", NOW),))
    assert since(world_with(old(**NAMES), histories={"PAY-1": found}), "PAY-1") is False


def test_an_outcome_that_did_not_change_asks_nobody():
    same = measured(1.0)
    assert since(world_with(old(**NAMES), outcome=same, before=same), "PAY-1") is False


def family(**given) -> World:
    items = (old("PAY-1", **NAMES), old("PAY-2", parent="PAY-1"), old("PAY-3", parent="PAY-2"))
    return world_with(*items, **given)


def test_below_an_ancestor_every_step_must_have_been_there():
    kept = {"PAY-1": WHOLE, "PAY-2": WHOLE, "PAY-3": WHOLE}
    assert since(family(histories=kept), "PAY-3") is True
    for key in ("PAY-2", "PAY-3"):
        moved = {**kept, key: history(key, "parent", "jira:n1")}
        assert since(family(histories=moved), "PAY-3") is False, key
    named = {**kept, "PAY-1": history("PAY-1", "labels", "outcome:speed")}
    assert since(family(histories=named), "PAY-3") is False
    assert isinstance(since(family(histories={"PAY-1": WHOLE, "PAY-3": WHOLE}), "PAY-3"), Unknown)


def test_a_parent_that_we_saw_before_was_there_though_no_history_was_read():
    seen = {item_id(key): {("parent", "in", "jira:x"): BEFORE} for key in ("PAY-2", "PAY-3")}
    assert since(family(histories={"PAY-1": WHOLE}, link_sightings=seen), "PAY-3") is True


def test_an_item_that_the_roadmap_tracks_was_linked_when_the_roadmap_said_so():
    tracked = replace(make_outcome("speed", items=["PAY-1"]), measures=measured(1.0).measures)
    before = replace(tracked, measures=measured(1.2).measures)
    assert since(world_with(old(), outcome=tracked, before=before), "PAY-1") is True
    assert since(world_with(old(), outcome=tracked, before=measured(1.2)), "PAY-1") is False


def test_a_milestone_that_came_later_was_no_link():
    tracked = replace(make_outcome("speed", milestones=[("jira:PAY", "M")]), measures=measured(1.0).measures)
    item = old(milestones=(container_id("M"),))
    for past, expected in ((WHOLE, True), (history("PAY-1", "milestones", str(container_id("M"))), False)):
        world = world_with(item, outcome=tracked, containers=[make_container("M")], histories={"PAY-1": past})
        assert since(world, "PAY-1") is expected


def test_of_a_line_in_a_text_only_that_the_text_stayed_is_known():
    item = old(body="Outcome: speed")
    assert since(world_with(item, histories={"PAY-1": WHOLE}), "PAY-1") is True
    edited = history("PAY-1", "body", "changed")
    assert isinstance(since(world_with(item, histories={"PAY-1": edited}), "PAY-1"), Unknown)
