"""Ninety days of a made-up company for the benchmark of backtests: what happened to its items, and thirty rules."""

import random
from collections.abc import Mapping
from datetime import timedelta
from itertools import product

from msgspec.structs import replace

from benchmarks import trace_data
from rules.engine import RuleSet
from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.world import WorldInput
from syncd.documents import parse_document
from syncd.model.identity import ItemId
from syncd.model.items import BEGINNING, Event, History, Item, PlaceState, StatusCategory

DAYS = 90
_CHANGED = 0.01
"""So large a share of the items is changed by somebody each day."""
_STATUSES = {"To Do": StatusCategory.TODO, "Doing": StatusCategory.IN_PROGRESS, "Done": StatusCategory.DONE}
_PEOPLE = tuple(f"p{number}" for number in range(50))
_NAMES = {category: name for name, category in _STATUSES.items()}


def company(count: int) -> WorldInput:
    """Return what today's World is built from, with the histories of all items."""
    items = {item.id: _in_words(item) for item in trace_data.items(count)}
    places, now = trace_data.places(), trace_data.NOW
    return WorldInput(
        items=items,
        containers={each.id: each for each in trace_data.containers()},
        places=places,
        states={place: PlaceState(id=place, imported_at=now, read_at=now, census_at=now) for place in places},
        roadmap=trace_data.roadmap(),
        histories=_histories(items),
    )


def _in_words(item: Item) -> Item:
    return replace(item, status=_NAMES.get(item.status_category or StatusCategory.TODO, ""))


def _histories(items: dict[ItemId, Item]) -> Mapping[ItemId, History]:
    """Return what happened, made up backwards from today; who changed last is dated so in ``items``."""
    chance = random.Random(5)
    ids = list(items)
    then = dict(items)
    events: dict[ItemId, list[Event]] = {}
    for ago in range(DAYS):
        at = trace_data.NOW - timedelta(days=ago, hours=3)
        for item_id in chance.sample(ids, int(_CHANGED * len(ids))):
            item = then[item_id]
            if item.created_at >= at:
                continue
            happened = _event(chance, item, at)
            then[item_id] = replace(item, status=happened.before) if happened.field == "status" else item
            events.setdefault(item_id, []).insert(0, happened)
    for item_id, happened_to in events.items():
        last = max(happened_to[-1].at, items[item_id].updated_at)
        items[item_id] = replace(items[item_id], updated_at=last, activity_at=last)
    return {each: History(known_since=BEGINNING, events=tuple(events.get(each, ()))) for each in ids}


def _event(chance: random.Random, item: Item, at: object) -> Event:
    field = chance.choice(("status", "status", "priority", "due_on"))
    before, after = "", ""
    if field == "status":
        before, after = chance.choice([each for each in _STATUSES if each != item.status]), item.status
    return Event(item=item.id, at=at, field=field, before=before, after=after, actor=chance.choice(_PEOPLE))  # type: ignore[arg-type]


_RULE = """
  - id: {id}
    title: Rule {id}
    message: "{{item.key}} is told of by {{rule.id}}."
    told_on: {told_on}
    when: {{{when}}}"""
_SCOPE = "defaults: {applies_to: {item.status_category: {not: done}, item.in_play: true, item.labels: {contains: q4}}}"
_WHENS = (
    "item.idle_for: {{gte: {span}wd}}, item.kind: {kind}",
    "item.needed_by: {{within: {span}wd}}, item.kind: {kind}, item.assignees: {{empty: true}}",
    "deps.open_blockers: {{some: {{updated_at: {{older_than: {span}wd}}}}}}, item.kind: {kind}",
    "trace.state: {{in: [unlinked, broken]}}, item.age: {{gte: {span}wd}}, item.kind: {kind}",
    "trace.outcome.target_date: {{within: {span}wd}}, item.status_category: todo, item.kind: {kind}",
)


def thirty_rules(first_span: int = 5) -> RuleSet:
    """Return thirty rules that ask for what rules ask for: ages, dates, blockers, traces; the first with its span."""
    asked = product(_WHENS, (5, 20, 60), ("bug", "other"))
    rules = (
        _RULE.format(
            id=f"rule-{number}",
            told_on=("topmost", "subject")[number % 2],
            when=when.format(span=span if number else first_span, kind=kind),
        )
        for number, (when, span, kind) in enumerate(asked)
    )
    text = f"{_SCOPE}\nrules:{''.join(rules)}"
    return load_rules([parse_document(text, "rules.yaml")], all_facts())
