"""A company in which every word is a secret of the item, place or outcome that it stands on, and who may read which."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from rules.engine import RuleSet
from rules.facts.fact import Fact, FactType
from rules.facts.vocabulary import all_facts
from rules.language.wording import FILTERS
from rules.loader import load_rules
from rules.roadmap.loader import Roadmap
from rules.world import World, WorldInput, build_world
from syncd.documents import parse_document
from syncd.model.findings import About
from syncd.model.identity import PlaceId
from syncd.model.items import Audience, AudienceKind, Item, Place, StatusCategory
from syncd.model.outcomes import Launch, Outcome, OutcomeStatus, Period
from syncd.model.words import Words
from tests.builders import (
    NOW,
    blocks,
    by_id,
    make_container,
    make_item,
    make_outcome,
    make_place,
    make_state,
    place_id,
)
from tests.planner.small_world import Desk, SmallWorld, words_of

PLACES = ("jira:PAY", "jira:SEC", "acme/open", "acme/shop")
KEYS = tuple(f"{place_id(place).key}{'#' if '/' in place else '-'}{number}" for place in PLACES for number in (1, 2, 3))
LONG_AGO = NOW - timedelta(days=30)
ERROR = "zqerrorzq"
OUTSIDE = (AudienceKind.PUBLIC, AudienceKind.CUSTOMERS)
KNOWN = st.builds(Audience, st.sampled_from(AudienceKind), st.sampled_from(["", "risk"]))
Draw = Any


def token(key: str) -> str:
    """Return what begins every word of an item."""
    return f"zq{KEYS.index(key):02}"


def secret_item(key: str, **given: Any) -> Item:
    """Return an item whose every field has a word, a number or a year of its own."""
    word, number = token(key), KEYS.index(key)
    place = place_id(key)
    return make_item(
        key,
        title=f"{word}title",
        url=f"https://{word}.example/",
        type=f"{word}type",
        status=f"{word}status",
        status_category=StatusCategory.IN_PROGRESS,
        resolution=f"{word}resolution",
        priority=f"{word}priority",
        components=(f"{word}component",),
        assignees=(f"{word}ada",),
        reporter=None,
        estimate=70000.0 + number,
        due_on=date(2040 + number, 1, 1),
        fields={"Team": f"{word}team"},
        milestones=(milestone_of(place).id,),
        created_at=LONG_AGO,
        updated_at=LONG_AGO,
        **{"labels": (f"{word}label",), **given},
    )


def milestone_of(place: PlaceId) -> Any:
    """Return the milestone of a place."""
    return make_container(f"zm{PLACES.index(named(place)):02}", place=named(place), ends_on=date(2070, 1, 1))


def named(place: PlaceId) -> str:
    """Return a place as it is written in PLACES."""
    return place.key if "/" in place.key else str(place)


def outcome(outcome_id: str, **given: Any) -> Outcome:
    """Return an outcome whose every field has a word of its own."""
    return make_outcome(
        f"zo{outcome_id}",
        title=f"zo{outcome_id}title",
        why=f"zo{outcome_id}why",
        reason=f"zn{outcome_id}reason",
        owner=replace(make_item(assignees=("x",)).assignees[0], name=f"zn{outcome_id}owner"),
        target_date=date(2060, 1, 1),
        launch=Launch(on=date(2061, 1, 1)),
        revisit=date(2062, 1, 1),
        **given,
    )


OUTCOMES = (
    outcome("closed", items=("PAY-1", "acme/shop#2"), milestones=(("jira:PAY", "zm00"), ("acme/open", "zm02"))),
    outcome("open", visibility="public", items=("acme/open#2", "SEC-2"), milestones=(("jira:SEC", "zm01"),)),
    outcome("parked", status=OutcomeStatus.PAUSED, items=("acme/open#3", "SEC-1"), depends_on=("zoopen",)),
    outcome(
        "parkedopen",
        status=OutcomeStatus.DROPPED,
        visibility="public",
        items=("acme/shop#1", "acme/open#1"),
        milestones=(("acme/shop", "zm03"),),
        depends_on=("zoclosed",),
    ),
)


@st.composite
def places(draw: Draw, audiences: st.SearchStrategy[Audience | None] = KNOWN) -> "Places":
    """Return the places with any readers; all of them may be written to."""
    words = Words(fields=(("team", ("Team",)),))
    made = [make_place(each, audience=draw(audiences), comments_allowed=True, words=words) for each in PLACES]
    return Places({place.id: place for place in made})


class Company(dict[str, Item]):
    """Items by key, told in short where a test fails."""

    def __repr__(self) -> str:
        def told(item: Item) -> str:
            above = item.parent.key if item.parent else ""
            blocked = [each.target.key for each in item.links]
            return f"{'restricted ' * item.restricted}^{above} >{blocked} {item.labels[1:]}"

        return "; ".join(f"{key}: {told(item)}" for key, item in self.items())


class Places(dict[PlaceId, Place]):
    """Places by id, told in short where a test fails."""

    def __repr__(self) -> str:
        return str(
            {str(each.id): each.audience and (each.audience.kind.value, each.audience.group) for each in self.values()}
        )


@st.composite
def items(draw: Draw) -> Company:
    """Return the items, in any families and rings, naming any outcomes; some under a security level."""
    names = st.sampled_from(["outcome:zoclosed", "outcome:zoopen", "outcome:zoparked", "outcome:zoparkedopen", ""])
    found = Company()
    for key in KEYS:
        label = draw(st.sampled_from(["", "outcome:", f"outcome:{token(key)}lost"])) or draw(names)
        found[key] = secret_item(
            key,
            parent=draw(st.one_of(st.none(), st.sampled_from(KEYS))),
            links=tuple(map(blocks, draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True)))),
            labels=(f"{token(key)}label", *([label] if label else [])),
            restricted=draw(st.sampled_from([False, False, True])),
        )
    return found


def world_of(given: Mapping[str, Item], where: Mapping[PlaceId, Place], dark: str = "") -> World:
    """Return the World; the place that is ``dark`` can't be read."""
    states = {each: make_state(named(each), error=ERROR if named(each) == dark else "") for each in where}
    return build_world(
        WorldInput(
            items=by_id(given.values()),
            places=where,
            states=states,
            containers={each.id: each for each in map(milestone_of, where)},
            roadmap=Roadmap(
                outcomes=OUTCOMES, period=Period(id="2026-Q4", starts_on=date(2063, 1, 1), ends_on=date(2064, 1, 1))
            ),
        )
    )


class Town(Desk):
    """A desk over the World that is built of items and places as they are at the moment, with rules that tell all."""

    def __init__(self, given: Mapping[str, Item], where: Mapping[PlaceId, Place], rules: RuleSet) -> None:
        small = SmallWorld(given.values())
        small.places = dict(where)
        super().__init__(small)
        self.rules = rules
        self.dark = ""

    def seen(self) -> World:
        return world_of({item.key: item for item in self.world.items.values()}, self.world.places, self.dark)

    def step(self) -> None:
        """Let one pass be made."""
        self.sync(self.rules.evaluate(self.seen(), self.now))


def nosy_rules(*, in_every_way: bool = False) -> RuleSet:
    """Return rules that hold for everything and tell every fact, wherever a rule may be told."""
    rules = "\n".join(
        [
            _rule("own", "item", "subject", "item.title: {exists: true}", in_every_way),
            _rule("top", "item", "topmost", "item.title: {exists: true}", in_every_way),
            _rule("blocking", "item", "blocker", "deps.open_blockers: {some: {key: {exists: true}}}", in_every_way),
            _rule("ring", "dependency", "edge", "deps.in_cycle: true", in_every_way),
            _rule("purpose", "outcome", "tracked_in", "outcome.title: {exists: true}", in_every_way),
            _rule("box", "container", "tracked_in", "container.title: {exists: true}", in_every_way),
            _rule("crew", "team", "subject", "team.id: {exists: true}", in_every_way),
            _rule("serving", "item", "tracked_in", "item.title: {exists: true}", in_every_way),
        ]
    )
    return load_rules([parse_document(f"rules:\n{rules}", "rules.yaml")], all_facts())


def _rule(rule_id: str, about: str, told_on: str, when: str, in_every_way: bool) -> str:
    facts = [each for each in all_facts() if About(about) in each.about and each.type is not FactType.SPAN]
    asked = ", ".join(f"{{{fact.name}: {_is_there(fact)}}}" for fact in facts)
    lines = [f'"{{{put}}}"' for fact in facts for put in (_puts(fact) if in_every_way else (fact.name,))]
    first = _FIRST[about]
    return (
        f"  - {{id: {rule_id}, title: Title, about: {about}, told_on: {told_on}, applies_to: {{{when}}},\n"
        f"     when: {{{when}, any: [{asked}]}}, message: 'It {first}.', why: 'For {lines[0][1:-1]}',\n"
        f"     fix: [{', '.join(lines)}]}}"
    )


_TEAM = re.compile(r"zq\d\dteam")
_FIRST = {
    "item": "{item.title} {item.kind}",
    "dependency": "{deps.cycle | names}",
    "outcome": "{outcome.title} {outcome.open_items}",
    "container": "{container.title} {container.open_items}",
    "team": "{team.id}",
}


def _is_there(fact: Fact) -> str:
    return "{empty: false}" if fact.type in (FactType.TEXTS, FactType.RECORDS) else "{exists: true}"


def _puts(fact: Fact) -> Iterator[str]:
    yield fact.name
    yield from (f"{fact.name} | {name}" for name, each in FILTERS.items() if each.fits(fact))


def readers(place: Place) -> set[str]:
    """Return who reads a place, as persons of whom each stands for many."""
    staff = {"employee", "risk of jira", "risk of github"}
    alone = {f"somebody of {place.id}"}
    kind = place.audience.kind if place.audience else None
    if kind is AudienceKind.PUBLIC:
        return {
            "stranger",
            *staff,
            *(f"{who} of {place_id(each)}" for each in PLACES for who in ("somebody", "customer", "unknown")),
        }
    if kind is AudienceKind.CUSTOMERS:
        return {f"customer of {place.id}", *alone}
    if kind is AudienceKind.INTERNAL:
        return {*staff, *(f"somebody of {place_id(each)}" for each in PLACES)}
    if kind is AudienceKind.GROUP and place.audience and place.audience.group:
        return {f"risk of {place.id.tracker}"}
    return alone if kind else {f"unknown of {place.id}"}


def may_read(source: Item, target: Item, where: Mapping[PlaceId, Place]) -> bool:
    """Say whether everybody who reads ``target`` may read ``source``."""
    if source.id == target.id:
        return True
    is_each_for_one = where[source.place].audience == Audience(AudienceKind.CUSTOMERS)
    return (
        not source.restricted and not is_each_for_one and readers(where[target.place]) <= readers(where[source.place])
    )


def leaks(words: str, target: Item, given: Mapping[str, Item], where: Mapping[PlaceId, Place]) -> list[str]:
    """Return what a comment on ``target`` tells to people who may not know it."""
    place = where[target.place]
    is_outside = place.audience is None or place.audience.kind in OUTSIDE
    found = [ERROR] if ERROR in words else []
    if not is_outside:
        # Who works on what is no secret of an item's: inside, everybody may know the teams.
        words = _TEAM.sub("", words)
    for key, item in given.items():
        if item.id == target.id or may_read(item, target, where):
            continue
        number = KEYS.index(key)
        found += [each for each in (token(key), f"{70000 + number}", f"{2040 + number}-") if each in words]
        is_key_open = not is_outside and item.place.tracker == target.place.tracker
        is_key_open |= item.place == target.place and not item.restricted
        if not is_key_open and re.search(rf"{re.escape(key)}\b", words):
            found.append(key)
    for each in where.values():
        if each.id != target.place and not readers(place) <= readers(each):
            hidden = (f"zm{PLACES.index(named(each.id)):02}", f"{each.id} ", f"{each.id}\n")
            found += [name for name in hidden if name in words]
    if is_outside:
        labels = {label for item in given.values() if may_read(item, target, where) for label in item.labels}
        ids = [each for each in ("zoclosed", "zoparked") if f"outcome:{each}" not in labels]
        notes = ("zn", "zoclosedtitle", "zoclosedwhy", "zoparkedtitle", "zoparkedwhy")
        found += [each for each in notes if each in words]
        found += [each for each in ids if re.search(rf"{each}\b", words)]
        found += re.findall(r"20[4-7]\d-\d\d-\d\d", words)
    return found


def told_secrets(desk: Town) -> list[tuple[str, list[str]]]:
    """Return what our comments tell people who may not know it, by the item they are on."""
    now = {item.key: item for item in desk.world.items.values()}
    return [
        (key, found)
        for key, item in now.items()
        for tree in desk.told_on(key)
        if named(item.place) != desk.dark
        if (found := leaks(words_of(tree) + "\n", item, now, desk.world.places))
    ]
