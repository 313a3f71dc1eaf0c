"""Random edits, polls and readings of histories: undone, a history leads to what every earlier reading showed."""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.requests_cases import NOW
from benchmarks.service import Ground, ground
from rules.past.asof import as_of
from rules.world import WorldInput
from syncd.clock import ManualClock
from syncd.daemon.backfill import backfill
from syncd.daemon.poll import poll
from syncd.model.events import members_of, text_of
from syncd.model.identity import Handle, ItemId
from syncd.model.items import EVENT_FIELDS, SET_FIELDS, Event, Item
from syncd.simulator.server import empty_states

SCHEDULES = int(os.environ.get("SYNCD_SCHEDULES", "0"))
POLL, READ = "poll", "read the history"
QUICK = settings(
    max_examples=SCHEDULES or 40,
    deadline=None,
    derandomize=not SCHEDULES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def edits(**values: Sequence[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return edits of one field each, to one of the values that are named for it."""
    return st.sampled_from([{name: value} for name, among in values.items() for value in among])


def steps(edit: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.one_of(edit, edit, st.sampled_from([POLL, READ])), max_size=12)


LABELS = [[], ["a"], ["a", "b"], ["b", "c"]]
JIRA_STEPS = steps(
    edits(
        labels=LABELS,
        status=["To Do", "In Progress", "Done"],
        summary=["One", "Two"],
        assignee=[None, "ada", "bob"],
        story_points=[None, 1, 2.5],
        due_date=[None, "2026-12-01", "2026-12-24"],
        sprints=[[], ["S1"], ["S1", "S2"]],
        fix_versions=[[], ["1.0"], ["2.0"]],
        components=[[], ["api"]],
        parent=[None, "PAY-1", "PAY-2"],
        type=["Story", "Bug"],
        priority=["Medium", "High"],
        description=["long", "longer"],
    )
)
CLOSED = [{"state": "closed", "state_reason": reason} for reason in ("completed", "not_planned")]
GITHUB_STEPS = steps(
    st.one_of(
        edits(
            labels=LABELS,
            title=["One", "Two"],
            assignees=[[], ["ada"], ["ada", "bob"]],
            milestone=[None, "Beta", "Gamma"],
            type=[None, "Bug", "Task"],
            body=["long", "longer"],
        ),
        st.sampled_from([*CLOSED, {"state": "open", "state_reason": None}]),
    )
)


@pytest.fixture(scope="module")
def on() -> Iterator[Ground]:
    clock = ManualClock(NOW)
    jira, github = empty_states(clock)
    jira.catalogue.add_project("PAY")
    for name in ("PAY-1", "PAY-2"):
        jira.add_issue("PAY", name, type="Epic")
        jira.catalogue.add_sprint(f"S{name[-1]}")
        jira.catalogue.add_version("PAY", f"{name[-1]}.0")
    for name in ("ada", "bob"):
        jira.people.add(name, name.capitalize(), permissions=())
    github.add_repository("acme/checkout")
    for title in ("Beta", "Gamma"):
        github.add_milestone("acme/checkout", title)
        github.add_issue("acme/checkout", title, milestone=title)
    with ground(jira, github, clock) as found:
        found.poll()
        yield found


@given(played=JIRA_STEPS)
@QUICK
def test_a_past_of_jira_is_what_was_there(on: Ground, played: list[Any]):
    issue = on.jira.add_issue("PAY", "One", labels=["a"])
    Past(on, "jira", Handle(ItemId("jira", issue.id), issue.key)).check(played)


@given(played=GITHUB_STEPS)
@QUICK
def test_a_past_of_github_is_what_was_there(on: Ground, played: list[Any]):
    issue = on.github.add_issue("acme/checkout", "One", labels=["a"])
    Past(on, "github", Handle(ItemId("github", str(issue.id)), on.github.key(issue))).check(played)


class Past:
    """One item, and what is done with it."""

    def __init__(self, on: Ground, tracker: str, item: Handle) -> None:
        self.on = on
        self.item = item
        self.tracker = on.workspace.trackers[tracker]
        self.edit = on.jira.edit_issue if tracker == "jira" else on.github.edit_issue

    def check(self, played: Sequence[Any]) -> None:
        """Play it, looking past the store after each edit, and compare these looks with the history at the end."""
        self.poll()
        looks = [self.look()]
        for step in played:
            self.on.later()
            if step == POLL:
                self.poll()
            elif step == READ:
                backfill(self.tracker, self.on.workspace.store, self.on.clock)
            else:
                self.edit(self.item.key, **step)
                looks.append(self.look())
        self.on.later()
        self.poll()
        backfill(self.tracker, self.on.workspace.store, self.on.clock)
        store = self.on.workspace.store
        given = WorldInput(items=store.items(), containers=store.containers(), histories=store.histories())
        events = given.histories[self.item.id].events
        _, now = self.look()
        for at, then in looks:
            assert fields_of(now, [event for event in events if event.at > at]) == fields_of(then)
            past, _ = as_of(given, at)
            assert fields_of(past.items[self.item.id]) == fields_of(then)
            assert past.items[self.item.id].status_category == then.status_category

    def poll(self) -> None:
        poll(self.tracker, self.on.workspace.store, self.on.workspace.places_of(self.tracker.name), self.on.clock)

    def look(self) -> tuple[datetime, Item]:
        (sighting,) = self.tracker.read([self.item])
        assert sighting.item is not None
        return self.on.clock.now(), sighting.item


def fields_of(item: Item, undone: Sequence[Event] = ()) -> dict[str, object]:
    """Return what an item's fields said before the events that are to be undone."""
    texts = {field: text_of(item, field) for field in EVENT_FIELDS if field not in SET_FIELDS}
    members = {field: set(members_of(item, field)) for field in SET_FIELDS}
    for event in reversed(undone):
        if event.field not in SET_FIELDS:
            texts[event.field] = event.before
        elif event.after:
            members[event.field].discard(event.after)
        else:
            members[event.field].add(event.before)
    return {**texts, **members}
