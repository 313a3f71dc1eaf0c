"""Whatever the items are: their order changes nothing, and a place that goes dark accuses nobody."""

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts.table import FactTable
from rules.language.calendar import Calendar
from syncd.model.items import StatusCategory
from syncd.model.outcomes import OutcomeStatus
from syncd.model.truth import Unknown
from tests.builders import (
    NOW,
    blocked_by,
    blocks,
    container_id,
    make_container,
    make_item,
    make_link,
    make_outcome,
    make_state,
    make_world,
)
from tests.rules.facts.asking import FACTS

KEYS = ("PAY-1", "PAY-2", "PAY-3", "PAY-4", "acme/sdk#1", "acme/sdk#2", "acme/sdk#3")
TARGETS = st.sampled_from((*KEYS, "PAY-8", "acme/sdk#9", "LEG-1"))
OUTCOMES = (
    make_outcome("one", items=["PAY-4", "LEG-1"]),
    make_outcome("two", milestones=[("jira:PAY", "M")]),
    make_outcome("three", status=OutcomeStatus.PAUSED, milestones=[("jira:PAY", "N")], labels=["slow"]),
)
CONTAINERS = (make_container("M"), make_container("N"))
ACCUSED = {"contradicted", "broken", "ambiguous", "inactive", "unlinked"}


@st.composite
def an_item(draw, key):
    words = st.sampled_from(("Blocked by", "Blocks", "Part of"))
    line = st.builds("{}: {}".format, words, TARGETS) | st.sampled_from(
        ("Outcome: one", "Outcome: typo", "Fixes PAY-1")
    )
    named = st.sampled_from(("implements", "mirrors"))
    link = TARGETS.map(blocks) | TARGETS.map(blocked_by) | st.builds(make_link, named, TARGETS)
    return make_item(
        key,
        parent=draw(st.none() | TARGETS),
        body="\n".join(draw(st.lists(line, max_size=2))),
        links=tuple(draw(st.lists(link, max_size=2))),
        labels=tuple(
            draw(st.lists(st.sampled_from(("outcome:one", "outcome:two", "outcome:typo", "slow")), max_size=1))
        ),
        milestones=tuple(draw(st.lists(st.sampled_from(("M", "N")).map(container_id), max_size=2, unique=True))),
        status_category=draw(st.sampled_from(StatusCategory)),
        is_change=draw(st.booleans()) and "#" in key,
    )


ITEMS = st.tuples(*map(an_item, KEYS)).flatmap(
    lambda items: st.tuples(st.just(items), st.permutations(items), st.sets(st.sampled_from(KEYS), max_size=2))
)


def everything(world):
    """Return every fact of every subject."""
    found: dict[Any, Any] = {}
    for about in ("item", "dependency", "outcome", "container", "team"):
        subjects = [subject for subject in world.subjects if subject.about == about]
        facts = {name: fact for name, fact in FACTS.items() if about in [each.value for each in fact.about]}
        table = FactTable(facts, world=world, subjects=subjects, now=NOW, calendar=Calendar())
        found.update({(about, name): list(table.column(name)) for name in facts})
    found["subjects"] = list(world.subjects)
    found["links"] = world.links()
    found["changed"] = [world.changed_at(subject) for subject in world.subjects]
    found["ancestors"] = [world.ancestors(subject.id) for subject in world.subjects]
    return found


def world_of(items, gone, *, dark=False):
    states = [make_state("acme/sdk", error="down")] if dark else []
    there = [item for item in items if item.key not in gone]
    lost = [item for item in items if item.key in gone]
    return make_world(there, OUTCOMES, gone=lost, containers=CONTAINERS, states=states)


@settings(max_examples=60, deadline=None)
@given(ITEMS)
def test_the_order_of_input_never_changes_output(drawn):
    items, shuffled, gone = drawn
    assert everything(world_of(items, gone)) == everything(world_of(shuffled, gone))


@settings(max_examples=60, deadline=None)
@given(ITEMS)
def test_a_place_that_goes_dark_accuses_nobody_who_was_fine(drawn):
    items, _, gone = drawn
    light, dark = world_of(items, gone), world_of(items, gone, dark=True)
    before, after = everything(light)["item", "trace.state"], everything(dark)["item", "trace.state"]
    for subject, was, now in zip(light.subjects, before, after, strict=False):
        if was == "traced":
            assert isinstance(now, Unknown) or now not in ACCUSED, subject


@settings(max_examples=40, deadline=None)
@given(ITEMS)
def test_no_work_is_denied_to_an_outcome_while_a_place_is_dark(drawn):
    items, _, gone = drawn
    dark = everything(world_of(items, gone, dark=True))
    assert False not in dark["outcome", "outcome.has_work"]
    for name in ("outcome.item_count", "outcome.done_share"):
        assert all(isinstance(each, Unknown) for each in dark["outcome", name])


GROWS_IN_THE_DARK = {"deps.unreadable_blockers", "trace.unreadable"}
LEARNT = {"trace.suggestions", "trace.suggestion_terms"}
"""What resembles what is learnt from all that can be read; it suggests, and claims nothing."""
OF_STATES = {"trace.state", "parent.trace_state", "deps.parked_blockers", "deps.unlinked_blockers", "trace.broken"}
"""What is gone is broken in the light; in the dark only the rest of an item's state is known."""


def agrees(light, dark):
    """Return whether what is known in the dark is so in the light; the end of a list may not be known."""
    if isinstance(dark, Unknown) or isinstance(light, Unknown) or light == dark:
        return True
    if isinstance(dark, tuple) and isinstance(light, tuple):
        is_whole = not any(isinstance(each, Unknown) for each in (*dark[-1:], *light[-1:]))
        return not is_whole or (len(light) == len(dark) and all(map(agrees, light, dark)))
    if isinstance(dark, msgspec.Struct) and type(dark) is type(light):
        hidden = ("item", "restricted", "trace_state")
        fields = [each for each in dark.__struct_fields__ if each not in hidden]
        return all(agrees(getattr(light, each), getattr(dark, each)) for each in fields)
    return False


@settings(max_examples=60, deadline=None)
@given(ITEMS)
def test_what_is_known_while_a_place_is_dark_is_so(drawn):
    items, _, gone = drawn
    light, dark = world_of(items, gone), world_of(items, gone, dark=True)
    before, after = everything(light), everything(dark)
    for about in ("item", "outcome", "team"):
        subjects = [each for each in light.subjects if each.about == about]
        judged = {each for each in dark.subjects if dark.is_dark_subject(each) is None}
        for name in (name for kind, name in (key for key in before if isinstance(key, tuple)) if kind == about):
            if name not in GROWS_IN_THE_DARK | OF_STATES | LEARNT:
                pairs = zip(subjects, before[about, name], after[about, name], strict=True)
                wrong = [(each, was, now) for each, was, now in pairs if each in judged and not agrees(was, now)]
                assert not wrong, name
