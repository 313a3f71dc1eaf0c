"""Ready facts of many items for the benchmark of judging: the same values as columns and as rows."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from syncd.model.findings import About, Subject
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item
from syncd.model.truth import Unknown

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PLACE = PlaceId("jira", "PAY")
STATES = ("exempt", "contradicted", "traced", "broken", "ambiguous", "inactive", "unknown", "unlinked")
_DARK = Unknown("FRAUD is not imported yet")
_LABELS = tuple(f"area-{number}" for number in range(20))
_DAY = timedelta(days=1)
_VERBS = ("WIP", *("Fast", "Retry", "Ship", "Move", "Find", "Guard") * 4)
_TEAMS = ("payments", "fraud", "checkout")


class Blocker(msgspec.Struct, frozen=True, kw_only=True):
    """An open item that blocks."""

    key: str
    title: str
    url: str
    item: ItemId
    place: PlaceId
    restricted: bool
    team: str
    state: str
    expected_at: date | None


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome that is reached."""

    id: str
    title: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """All facts of one item."""

    subject: Subject
    item: Item
    title: str
    kind: Any
    status_category: Any
    in_play: Any
    labels: Any
    assignees: Any
    priority: Any
    estimate: Any
    needed_by: Any
    activity_at: Any
    state: Any
    outcomes: Any
    blockers: Any


class ReadyWorld:
    """What the engine asks of a World; nothing is dark and nothing has parents."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.subjects = [row.subject for row in rows]
        self.item = {row.item.id: row.item for row in rows}.get

    def is_dark_subject(self, subject: Subject) -> None:
        """Return that the subject is known."""

    def changed_at(self, subject: Subject) -> datetime:
        """Return when the facts changed."""
        return NOW

    def ancestors(self, item_id: ItemId) -> tuple[ItemId, ...]:
        """Return no ancestors."""
        return ()


def ready_rows(count: int) -> list[Row]:
    """Return the facts of ``count`` items, a seventh of them in play, two in a hundred values unknown."""
    chance = random.Random(7)
    blockers = [_blocker(chance, number) for number in range(count // 20)]
    outcomes = [Served(id=f"o{number}", title=f"Outcome {number}") for number in range(12)]
    return [_row(chance, number, blockers, outcomes) for number in range(count)]


def _blocker(chance: random.Random, number: int) -> Blocker:
    return Blocker(
        key=f"FRAUD-{number}",
        title=f"Blocker {number}",
        url=f"https://acme.example/FRAUD-{number}",
        item=ItemId("jira", f"9{number}"),
        place=PlaceId("jira", "FRAUD"),
        restricted=chance.random() < 0.05,
        team=chance.choice(_TEAMS),
        state=chance.choice(STATES),
        expected_at=chance.choice([None, NOW.date() + chance.randint(-10, 60) * _DAY]),
    )


def _row(chance: random.Random, number: int, blockers: list[Blocker], outcomes: list[Served]) -> Row:
    def perhaps(value: FactValue) -> FactValue:
        return _DARK if chance.random() < 0.02 else value

    at = NOW - chance.random() * 45 * _DAY
    key = f"PAY-{number}"
    title = f"{chance.choice(_VERBS)} number {number}"
    item_id = ItemId("jira", str(number))
    url = f"https://acme.example/{key}"
    waits = chance.random() < 0.06
    done = chance.random() < 0.7
    return Row(
        subject=Subject("item", item_id),
        item=Item(id=item_id, key=key, place=PLACE, url=url, title=title, created_at=at, updated_at=at),
        title=title,
        kind=perhaps(chance.choice(["feature", "bug", "debt", "incident", "epic", "other"])),
        status_category="done" if done else chance.choice(["todo", "in_progress"]),
        in_play=perhaps(not done and chance.random() < 0.5),
        labels=tuple(chance.sample(["launch", "launch-eu", "parked", *_LABELS], chance.randint(0, 3))),
        assignees=tuple(chance.sample(["Ada", "Bo", "Cy"], chance.choice([0, 1, 1, 1, 2]))),
        priority=chance.choice(["Highest", "High", "Medium", "Low"]),
        estimate=perhaps(chance.choice([None, 1, 2, 3, 5, 8, 13, 21])),
        needed_by=perhaps(chance.choice([None, None, NOW.date() + chance.randint(-20, 90) * _DAY])),
        activity_at=at,
        state=perhaps(chance.choices(STATES, [3, 1, 70, 1, 3, 4, 3, 15])[0]),
        outcomes=tuple(chance.sample(outcomes, chance.choice([0, 1, 1, 1, 2, 3]))),
        blockers=perhaps(tuple(chance.sample(blockers, chance.choice([1, 1, 1, 2, 3]))) if waits else ()),
    )


_DECLARED: dict[str, tuple[str, FactType]] = {
    "item.title": ("title", FactType.TEXT),
    "item.kind": ("kind", FactType.TEXT),
    "item.status_category": ("status_category", FactType.TEXT),
    "item.in_play": ("in_play", FactType.BOOL),
    "item.labels": ("labels", FactType.TEXTS),
    "item.assignees": ("assignees", FactType.TEXTS),
    "item.priority": ("priority", FactType.TEXT),
    "item.estimate": ("estimate", FactType.NUMBER),
    "item.needed_by": ("needed_by", FactType.DATE),
    "item.activity_at": ("activity_at", FactType.INSTANT),
    "trace.state": ("state", FactType.TEXT),
    "trace.outcomes": ("outcomes", FactType.RECORDS),
    "deps.open_blockers": ("blockers", FactType.RECORDS),
}
_RECORDS: dict[str, type[msgspec.Struct]] = {"trace.outcomes": Served, "deps.open_blockers": Blocker}
_VALUES = {"trace.state": STATES, "item.status_category": ("todo", "in_progress", "done")}


class _Positions:
    """The rows of some of the subjects, looked up once: a World's facts have them ready, too."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._all = {row.subject: position for position, row in enumerate(rows)}
        self._found: tuple[Sequence[Subject], list[int]] = ((), [])

    def positions(self, subjects: Sequence[Subject]) -> list[int]:
        """Return the row of each subject."""
        if self._found[0] is not subjects:
            self._found = (subjects, [self._all[subject] for subject in subjects])
        return self._found[1]


def ready_vocabulary(rows: Sequence[Row]) -> list[Fact]:
    """Return the declarations; their columns are computed already."""
    where = _Positions(rows)
    columns: dict[str, tuple[FactType, list[FactValue]]] = {
        name: (type_, [getattr(row, field) for row in rows]) for name, (field, type_) in _DECLARED.items()
    }
    columns["item.key"] = (FactType.TEXT, [row.item.key for row in rows])
    columns["period.id"] = (FactType.TEXT, ["2026-Q4"] * len(rows))
    return [_fact(name, type_, values, where) for name, (type_, values) in columns.items()]


def _fact(name: str, type_: FactType, values: list[FactValue], where: "_Positions") -> Fact:
    def column(context: FactContext) -> Sequence[FactValue]:
        if len(context.subjects) == len(values):
            return values
        return list(map(values.__getitem__, where.positions(context.subjects)))

    voice = {"period.id": Voice.ROADMAP, "item.kind": Voice.OURS}.get(name, Voice.TRACKER)
    return Fact(
        name=name,
        type=type_,
        about=(About.ITEM,),
        meaning="ready",
        column=column,
        voice=voice,
        values=_VALUES.get(name, ()),
        record=_RECORDS.get(name),
        fold_case=name == "item.labels",
    )
