"""A late blocker is told on itself, to the other team, and says there only what its readers may read."""

from datetime import date

import pytest

from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.world import WorldInput, build_world
from syncd.documents import parse_document
from syncd.model.items import Audience, AudienceKind, Stage, StatusCategory
from syncd.planner.reconcile import Memory, reconcile
from tests.builders import NOW, blocked_by, by_id, make_item, make_place, make_state
from tests.planner.small_world import make_policy, words_of

TEXT = """
rules:
  - id: late
    title: Comes too late
    told_on: blocker
    when: {deps.late_blockers: {some: {late_by: {gte: 2}, late_because: [due_date, overdue]}}}
    message: "{item.title} is needed by {item.needed_by} and waits for {deps.late_blockers | names}."
"""
RULES = load_rules([parse_document(TEXT, "rules.yaml")], all_facts())
NEEDED = date(2026, 11, 27)


def told(**audience):
    """Return what is said on each item of SDK, which PAY-1 waits for: one late, one overdue, a day late, in time."""
    days = {1: date(2026, 12, 3), 2: date(2026, 11, 18), 3: date(2026, 11, 30), 4: NEEDED}
    doing = StatusCategory.IN_PROGRESS
    items = [
        make_item("PAY-1", title="Secret", due_on=NEEDED, links=tuple(blocked_by(f"SDK-{each}") for each in days)),
        *(make_item(f"SDK-{each}", due_on=day, status_category=doing) for each, day in days.items()),
    ]
    places = [make_place(), make_place("jira:SDK", team="sdk", **audience)]
    world = build_world(
        WorldInput(
            items=by_id(items),
            places={place.id: place for place in places},
            states={place.id: make_state(str(place.id)) for place in places},
        )
    )
    changes = reconcile(RULES.evaluate(world, NOW), world, Memory(), make_policy(), NOW).plan.changes
    return {change.key: words_of(change.comment) if change.comment else "" for change in changes}


def test_each_blocker_that_is_so_late_is_told_and_no_other():
    found = told()
    assert found.keys() == {"SDK-1", "SDK-2"}
    assert all("Secret is needed by 2026-11-27" in words for words in found.values())


@pytest.mark.parametrize("kind", [AudienceKind.PUBLIC, AudienceKind.CUSTOMERS])
def test_who_may_not_read_what_waits_reads_neither_its_title_nor_its_day(kind):
    found = told(audience=Audience(kind), comments_allowed=True)
    assert found.keys() == {"SDK-1", "SDK-2"}
    assert not any("Secret" in words or "2026-11-27" in words for words in found.values())


def test_where_nothing_may_be_written_on_the_blocker_it_is_told_on_what_waits():
    assert told(stage=Stage.OFF).keys() == {"PAY-1"}
