from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict, replace

from rules.engine import Judgments, RuleSet
from rules.facts.fact import FactType
from rules.facts.table import FactTable
from rules.facts.vocabulary import all_facts
from rules.incremental.dues import Dues
from rules.incremental.judging import Judging
from rules.incremental.reach import touched
from rules.incremental.ways import WIDEST
from rules.language.calendar import Calendar
from rules.language.matchers import Moment
from rules.loader import load_rules
from rules.world import World, WorldInput, build_world
from syncd.documents import parse_document, read_document
from syncd.model.findings import About, Subject
from syncd.model.items import StatusCategory
from syncd.model.words import Words
from tests.builders import NOW, blocked_by, blocks, item_id, make_item, make_link, make_place, make_state, place_id
from tests.rules.random_worlds import Story

DAY = timedelta(days=1)
CALENDAR = Calendar()
PACK = sorted(Path("config/default/rules").glob("*.yaml"))
MORE = """
defaults: {applies_to: {item.status_category: {not: done}}}
rules:
  - {id: idle, title: Idle, told_on: topmost, message: Quiet, when: {item.idle_for: {gte: 3wd}}}
  - {id: soon, title: Soon, message: "Due {item.due_on}.", when: {item.due_on: {within: 2d}}}
  - {id: over, title: Over, told_on: topmost, message: Over, when: {item.needed_by: {older_than: 0}}}
  - {id: stale, title: Stale, told_on: blocker, message: "{deps.open_blockers | names}",
     when: {deps.open_blockers: {some: {updated_at: {older_than: 2wd}}}}}
  - {id: many, title: Many, message: Many, when: {deps.open_blockers: {count: {gte: 2}}, item.in_play: true}}
  - {id: above, title: Above, told_on: topmost, message: "{trace.path | keys}",
     when: {item.is_parent: true, trace.level: {gte: 1}}}
"""


def pack() -> RuleSet:
    """Return the rules of the default pack, and some that look at the clock."""
    documents = [read_document(path, path.name) for path in PACK]
    return load_rules([*documents, parse_document(MORE, "more.yaml")], all_facts())


RULES = pack()


def found(judgments: Judgments) -> dict[str, Any]:
    """Return all that was judged, in an order of its own."""
    holding = sorted(judgments.holding, key=lambda each: (each.rule.id, each.subject))
    return {"holding": holding, "unknown": sorted(judgments.unknown), "also": sorted(judgments.also_when)}


@given(st.randoms(use_true_random=False), st.integers(min_value=1, max_value=5))
@settings(max_examples=80, deadline=None)
def test_days_judged_one_after_another_are_as_if_judged_alone(chance: Any, days: int) -> None:
    story, judging = Story(chance), Judging(RULES, many=2)  # never all
    for _ in range(days + 1):
        world = build_world(story.given())
        one, whole = judging.judge(world, story.now), RULES.evaluate(world, story.now)
        assert found(one) == found(whole)
        assert len(one.unknown) == len(whole.unknown)
        story.go_on()


TIMELESS = [
    fact.name for fact in RULES.vocabulary.values() if fact.type is not FactType.SPAN and About.ITEM in fact.about
]


@given(st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_no_fact_of_an_item_differs_that_is_out_of_reach(chance: Any) -> None:
    """All facts that there are, also those that no rule of ours asks for: who declares one need not think of this."""
    story = Story(chance)
    since, old = story.now, build_world(story.given())
    story.go_on()
    now, new = story.now, build_world(story.given())
    reached = touched(old, new, since, now, CALENDAR)
    if reached is None:
        return
    alike = [each for each in new.subjects if each.about == "item" and each.id not in reached]
    before, after = _facts(old, alike, since), _facts(new, alike, now)
    for name in TIMELESS:
        assert list(map(timeless, before.column(name))) == list(map(timeless, after.column(name))), name


def timeless(value: Any) -> Any:
    """Return a value without how long something has been so: what time turns there, conditions say."""
    if isinstance(value, tuple):
        return tuple(map(timeless, value))
    if isinstance(value, Struct):
        return {name: each for name, each in asdict(value).items() if not isinstance(each, timedelta)}
    return value


def _facts(world: World, subjects: list[Subject], now: Any) -> FactTable:
    return FactTable(RULES.vocabulary, world=world, subjects=subjects, now=now, calendar=CALENDAR)


TEAMS = 1
"""What is no item is judged every time; here that is the one team."""


def given_of(*items: Any) -> WorldInput:
    place = place_id("jira:PAY")
    return WorldInput(
        items={item.id: item for item in items}, places={place: make_place()}, states={place: make_state()}
    )


def test_only_what_a_change_reaches_is_judged() -> None:
    items = [make_item(f"PAY-{number}") for number in range(20)]
    items[1] = make_item("PAY-1", links=(blocks("PAY-2"),))
    judging = Judging(RULES)
    judging.judge(build_world(given_of(*items)), NOW)
    assert judging.judged_count == 20 + TEAMS
    items[1] = replace(items[1], status_category=StatusCategory.DONE)
    judging.judge(build_world(given_of(*items)), NOW)
    assert judging.judged_count == 2 + TEAMS


def test_what_time_turns_is_judged_without_a_change() -> None:
    due = (NOW + 5 * DAY).date()
    items = [make_item(f"PAY-{number}", due_on=due if number == 3 else None) for number in range(20)]
    rules = RULES.with_rules(["soon"])
    judging, world = Judging(rules), build_world(given_of(*items))
    assert judging.judge(world, NOW).holding == ()
    later = NOW + 4 * DAY
    assert [each.subject.id for each in judging.judge(world, later).holding] == [item_id("PAY-3")]
    assert judging.judged_count == 1 + TEAMS
    assert judging.judge(world, later + timedelta(hours=1)).holding
    assert judging.judged_count == TEAMS


def test_an_earlier_moment_is_judged_whole() -> None:
    world, judging = build_world(given_of(*[make_item(f"PAY-{number}") for number in range(9)])), Judging(RULES)
    judging.judge(world, NOW)
    judging.judge(world, NOW - DAY)
    assert judging.judged_count == 9 + TEAMS


def reached(before: WorldInput, after: WorldInput) -> set[Any]:
    ways = replace(WIDEST, learnt=False)
    found = touched(build_world(before), build_world(after), NOW, NOW, CALENDAR, ways)
    assert found is not None
    return found


def test_a_change_reaches_twins() -> None:
    twin, other = make_item("PAY-2", links=(make_link("mirrors", "PAY-1"),)), make_item("PAY-3")
    before = given_of(make_item("PAY-1"), twin, other)
    after = given_of(make_item("PAY-1", labels=("outcome:fast",)), twin, other)
    assert reached(before, after) == {item_id("PAY-1"), item_id("PAY-2")}


def test_a_pull_request_reaches_what_it_closes_and_what_waits_for_that() -> None:
    worked, waiting = make_item("acme/shop#1"), make_item("acme/shop#2", links=(blocked_by("acme/shop#1"),))
    change = make_item("acme/shop#3", is_change=True, body="Fixes #1")
    merged = replace(change, status_category=StatusCategory.DONE)
    found = reached(given_of(worked, waiting, change), given_of(worked, waiting, merged))
    assert found == {worked.id, waiting.id, change.id}


def test_what_waits_no_longer_reaches_what_waits_for_it() -> None:
    last = make_item("PAY-3", links=(blocked_by("PAY-2"),))
    first, middle = make_item("PAY-1"), make_item("PAY-2", links=(blocked_by("PAY-1"),))
    done = replace(first, status_category=StatusCategory.DONE)
    assert last.id in reached(given_of(first, middle, last), given_of(done, middle, last))


def test_a_rank_reaches_the_backlog_of_which_the_first_are_in_play() -> None:
    place = make_place(words=Words(in_play_top=1))
    items = [make_item(f"PAY-{number}", rank=str(number)) for number in range(3)]
    before = replace(given_of(*items), places={place.id: place})
    after = replace(given_of(*items[:2], replace(items[2], rank="")), places={place.id: place})
    assert reached(before, after) == {item.id for item in items}


def test_a_second_item_of_a_name_reaches_who_named_the_first() -> None:
    """A key that two other trackers have is nobody's."""
    named, waiting = make_item("OPS-1"), make_item("acme/shop#1", body="Blocked by: OPS-1")
    second = make_item("more:OPS-1")
    assert waiting.id in reached(given_of(named, waiting), given_of(named, waiting, second))


def test_what_can_not_hold_is_not_waited_for() -> None:
    """A closed item comes due some day, too, and nothing is said of it then."""
    due = (NOW + 5 * DAY).date()
    items = [make_item(f"PAY-{number}", due_on=due) for number in range(9)]
    items[0] = replace(items[0], status_category=StatusCategory.DONE)
    judging, world = Judging(RULES.with_rules(["soon"])), build_world(given_of(*items))
    first = judging.judge(world, NOW)
    assert first.next_due == CALENDAR.begin(due) - 2 * DAY
    assert len(judging.judge(world, first.next_due).holding) == 8


def test_nothing_waits_where_nothing_can_hold() -> None:
    done = make_item("PAY-1", due_on=(NOW + 5 * DAY).date(), status_category=StatusCategory.DONE)
    rules = RULES.with_rules(["soon"])
    assert (
        Dues(rules.rules, rules.sets, rules.vocabulary).of(
            [Subject("item", done.id)], build_world(given_of(done)), Moment(NOW)
        )
        == {}
    )
