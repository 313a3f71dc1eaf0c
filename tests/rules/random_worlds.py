"""Small worlds at random, and what somebody changes in them from one day to the next; the same seed, the same story."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from rules.roadmap.loader import load_roadmap
from rules.world import WorldInput
from syncd.documents import parse_document
from syncd.model.baselines import Baseline, Confidence, Member
from syncd.model.events import events_between
from syncd.model.findings import Subject
from syncd.model.identity import ContainerId, ItemId
from syncd.model.items import (
    BEGINNING,
    Container,
    ContainerKind,
    ContainerState,
    Event,
    History,
    Item,
    LinkRef,
    StatusCategory,
)
from syncd.model.truth import Unknown
from syncd.model.words import InProgress, Words
from tests.builders import (
    NOW,
    blocked_by,
    blocks,
    make_container,
    make_item,
    make_link,
    make_place,
    make_state,
    place_id,
)

DAY = timedelta(days=1)
KEYS = (
    *(f"PAY-{n}" for n in range(1, 8)),
    *(f"OPS-{n}" for n in range(1, 5)),
    *(f"acme/shop#{n}" for n in range(1, 5)),
)
PLACES = ("jira:PAY", "jira:OPS", "github:acme/shop")
LINES = (
    "",
    "Blocked by: PAY-1",
    "Part of: PAY-2",
    "Outcome: fast",
    "Outcome: lost",
    "Fixes #1",
    "Blocks: OPS-1, PAY-3",
)
LABELS = ("outcome:fast", "outcome:slow", "outcome:parked", "bug", "debt")
ROADMAP = load_roadmap(
    [
        parse_document(
            """
period: {id: 2026-Q4, from: 2026-10-01, to: 2026-12-31}
outcomes:
  - {id: fast, title: Fast, tracked_in: {items: ["jira:PAY-1", "github:acme/shop#2"]}, target_date: 2026-11-27}
  - {id: slow, title: Slow, horizon: next, tracked_in: {milestones: ["jira:PAY: M1"]}, launch: {date: 2026-12-01}}
  - {id: parked, title: Parked, status: paused, reason: Not now, revisit: 2026-11-28}
standing: [{id: health, title: Health, match: {item.labels: {contains: debt}}}]
exempt: [{match: {item.labels: {contains: bug}}, reason: On call, until: 2026-11-27}]
""",
            "roadmap.yaml",
        )
    ]
)
FIELDS = ("status_category", "labels", "assignees", "parent", "links", "milestones", "due_on", "body", "rank", "title")
"""What may change alone."""
ALONE = (
    "status_category",
    "status",
    "labels",
    "assignees",
    "milestones",
    "sprints",
    "due_on",
    "rank",
    "title",
    "estimate",
)
"""What may change without another link."""


class Story:
    """A world that somebody works in."""

    def __init__(self, chance: random.Random, *, has_past: bool = False) -> None:
        self.now = NOW
        self._has_past = has_past
        self._histories: dict[ItemId, History] = {}
        self._baselines: dict[Subject, tuple[Baseline, ...]] = {}
        self._chance = chance
        words = Words(
            in_progress=InProgress(assigned_days=chance.choice([0, 5, 30])), in_play_top=chance.choice([0, 2])
        )
        self._places = {place_id(key): make_place(key, words=words, team=key[-3:]) for key in PLACES}
        self._states = {place: make_state(str(place)) for place in self._places}
        self._containers: dict[ContainerId, Container] = {}
        self._items: dict[str, Item] = {}
        self._gone: dict[str, Item] = {}
        self._veiled: set[str] = set()
        for title, kind in (
            ("M1", ContainerKind.MILESTONE),
            ("S1", ContainerKind.SPRINT),
            ("V1", ContainerKind.VERSION),
        ):
            self._close(make_container(title, kind, ends_on=(NOW + 5 * DAY).date()))
        for key in KEYS:
            if chance.random() < 0.8:
                self._items[key] = self._item(key)
        if has_past:
            self._histories = {item.id: self._history(item) for item in self._items.values() if chance.random() < 0.8}
            self._agree()

    def given(self) -> WorldInput:
        """Return what the world is built from today."""
        items = {item.id: item for item in self._items.values()}
        return WorldInput(
            items=items,
            gone={item.id: item for item in self._gone.values()},
            containers=dict(self._containers),
            places=self._places,
            states=self._states,
            roadmap=ROADMAP,
            histories=dict(self._histories),
            baselines=dict(self._baselines),
            veiled={self._items[key].id: Unknown(f"{key} is veiled") for key in self._veiled if key in self._items},
        )

    def edit(self, field_names: Sequence[str] = ALONE) -> list[ItemId]:
        """Let a few minutes pass, and somebody change some items; return those of which history tells something new."""
        chance = self._chance
        self.now += chance.choice([timedelta(0), timedelta(minutes=1), timedelta(minutes=20)])
        heard = []
        for key in chance.sample(sorted(self._items), min(len(self._items), chance.choice([0, 1, 1, 2, 4]))):
            old = self._items[key]
            field = chance.choice(field_names)
            item = replace(old, updated_at=self.now, activity_at=self.now, **{field: getattr(self._item(key), field)})
            self._items[key] = item
            history = self._histories.get(item.id)
            if history is not None:
                seen = tuple(events_between(old, item, self.now))
                self._histories[item.id] = replace(history, events=(*history.events, *seen))
        if self._has_past and self._items and chance.random() < 0.3:
            item = self._items[chance.choice(sorted(self._items))]
            self._histories[item.id] = self._history(item)
            heard.append(item.id)
        return heard

    def _history(self, item: Item) -> History:
        at = self.now - self._chance.choice([1, 3, 9]) * DAY
        events = (
            Event(item=item.id, at=at, field="status", before="To Do", after=item.status),
            Event(item=item.id, at=at + timedelta(hours=1), field="due_on", before="2026-11-20", after="2026-11-27"),
        )
        return History(known_since=self._chance.choice([BEGINNING, at]), events=events)

    def _agree(self) -> None:
        subjects = [
            Subject("outcome", ItemId("", "fast")),
            *(Subject("item", each.id) for each in self._items.values()),
        ]
        subjects += [
            Subject("container", ItemId(each.tracker, f"{each.kind}:{each.native_id}")) for each in self._containers
        ]
        for subject in self._chance.sample(subjects, min(len(subjects), 4)):
            some = self._chance.sample(sorted(self._items), min(len(self._items), 3))
            members = tuple(Member(item=self._items[key].id, key=key, estimate=3.0) for key in some)
            at = self.now - 3 * DAY
            self._baselines[subject] = (Baseline(of=subject, at=at, confidence=Confidence.OBSERVED, members=members),)

    def go_on(self) -> None:
        """Let some time pass, and somebody change something."""
        chance = self._chance
        self.now += chance.choice([timedelta(hours=3), DAY, 2 * DAY, 4 * DAY])
        for _ in range(chance.choice([0, 1, 1, 2])):
            key = chance.choice(KEYS)
            deed = chance.choice(["edit", "edit", "edit", "edit", "go", "come", "veil", "close"])
            if deed == "go" and key in self._items:
                self._gone[key] = self._items.pop(key)
            elif deed == "veil":
                self._veiled ^= {key}
            elif deed == "close":
                self._close(chance.choice(list(self._containers.values())))
            elif deed == "edit" and key in self._items:
                field = chance.choice(FIELDS)
                value = getattr(self._item(key), field)
                self._items[key] = replace(self._items[key], updated_at=self.now, **{field: value})
            else:
                self._gone.pop(key, None)
                self._items[key] = self._item(key)

    def _close(self, container: Container) -> None:
        state = self._chance.choice([ContainerState.ACTIVE, ContainerState.CLOSED, ContainerState.FUTURE])
        self._containers[container.id] = replace(container, state=state)

    def _item(self, key: str) -> Item:
        chance = self._chance
        status, category = chance.choice(STATUSES)
        at = self._lately()
        held = list(self._containers)
        return make_item(
            key,
            parent=chance.choice([None, None, *[KEYS[KEYS.index(key) - 1]] * 2, chance.choice(KEYS)]),
            title=f"{key} as of {self.now:%d}",
            body=chance.choice(LINES),
            is_change="#" in key and chance.random() < 0.4,
            status=status,
            status_category=category,
            labels=tuple(sorted({chance.choice(LABELS) for _ in range(chance.choice([0, 0, 1, 2]))})),
            assignees=("ann",) if chance.random() < 0.5 else (),
            rank=chance.choice(["", "a", "b", "c"]),
            links=tuple(self._links()),
            milestones=tuple(each for each in held if each.kind != "sprint" and chance.random() < 0.2),
            sprints=tuple(each for each in held if each.kind == "sprint" and chance.random() < 0.3),
            due_on=chance.choice([None, (self.now + chance.randrange(-3, 9) * DAY).date()]),
            estimate=chance.choice([None, 3.0]),
            updated_at=at,
            activity_at=chance.choice([None, at]),
        )

    def _links(self) -> Iterator[LinkRef]:
        for _ in range(self._chance.choice([0, 0, 1, 2])):
            target = self._chance.choice(KEYS)
            yield self._chance.choice([blocks, blocked_by, _mirrors, _implements, _relates])(target)

    def _lately(self) -> datetime:
        return self.now - self._chance.choice([timedelta(hours=1), 2 * DAY, 6 * DAY, 29 * DAY])


STATUSES = (
    ("To Do", StatusCategory.TODO),
    ("Doing", StatusCategory.IN_PROGRESS),
    ("Done", StatusCategory.DONE),
    ("Odd", None),
)


def _mirrors(target: str) -> LinkRef:
    return make_link("mirrors", target)


def _implements(target: str) -> LinkRef:
    return make_link("implements", target)


def _relates(target: str) -> LinkRef:
    return make_link("relates_to", target)
