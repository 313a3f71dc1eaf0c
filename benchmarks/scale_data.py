"""Items of a made-up company of any size, with what happened to them: six tenths in Jira, the others on GitHub.

Of each project's issues the first are initiatives; under them epics, each with stories, half of which have sub-tasks.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import msgspec
import numpy as np

from benchmarks.scale_company import (
    NOW,
    OUTCOME_COUNT,
    PROJECTS,
    REPOSITORIES,
    RUNNING,
    SPRINT_COUNT,
    VERSION_COUNT,
    item_id,
    item_key,
    ref,
    sprint_days,
    sprint_id,
    version_id,
)
from benchmarks.scale_links import Links
from benchmarks.scale_text import Texts
from syncd.model.identity import ContainerId, PlaceId
from syncd.model.items import BEGINNING, Direction, Event, History, Item, LinkRef, Person, StatusCategory

_IN_JIRA = 0.6
_FAMILY = 25
"""An epic, twelve stories and twelve sub-tasks of them."""
_DAYS = 1100
_LABELS = ("backend", "frontend", "q4", "security", "tech-debt", "incident", "customer", "mobile")
_STATUSES = {"To Do": StatusCategory.TODO, "In Progress": StatusCategory.IN_PROGRESS, "Done": StatusCategory.DONE}
_PEOPLE = tuple(Person(f"Person {number}", account=f"p{number}") for number in range(160))
_NOTHING: dict[int, list[LinkRef]] = {}


class Told(msgspec.Struct, frozen=True):
    """An item and what its tracker tells of its past."""

    item: Item
    history: History


class _Drawn:
    """What was drawn for the items of one place, by number."""

    def __init__(self, count: int, seed: tuple[int, int]) -> None:
        rng = np.random.default_rng(seed)
        size = count + 1
        # Later numbers were created later.
        ago = np.sort(rng.random(size) ** 1.3)[::-1] * _DAYS + 0.5
        self.ago: list[float] = ago.tolist()
        is_done = rng.random(size) < np.where(ago > 100, 0.85, 0.4)
        self.category = np.where(is_done, 2, rng.random(size) < 0.3).astype(int).tolist()
        self.number: list[int] = rng.integers(0, 1 << 40, size).tolist()
        self.share: list[list[float]] = rng.random((size, 6)).tolist()


def sizes(count: int) -> tuple[int, int]:
    """Return how many issues a project has, and how many a repository."""
    project = max(4, int(count * _IN_JIRA) // len(PROJECTS))
    return project, max(4, (count - project * len(PROJECTS)) // len(REPOSITORIES))


def items(count: int, seed: int = 7) -> Iterator[Told]:
    """Yield about so many items, place by place."""
    in_project, in_repository = sizes(count)
    links, texts = Links(in_project, in_repository, seed), Texts(seed)
    for number, place in enumerate(PROJECTS):
        drawn, shown = _Drawn(in_project, (seed, number)), links.of_project(number)
        for each in range(1, in_project + 1):
            yield _issue(place, each, drawn, shown, texts, in_project)
    for number, place in enumerate(REPOSITORIES):
        drawn = _Drawn(in_repository, (seed, 100 + number))
        for each in range(1, in_repository + 1):
            yield _on_github(place, each, drawn, texts, in_project)


def parent_number(number: int, count: int) -> int:
    """Return the number of an issue's parent among so many of its project; 0: it has none."""
    initiatives = 3 + count // 400
    if number <= initiatives:
        return 0
    family, member = divmod(number - initiatives - 1, _FAMILY)
    epic = initiatives + 1 + family * _FAMILY
    if member == 0:
        return 1 + family % initiatives if family % 4 else 0
    if member <= 12:
        return epic if member % 6 else 0
    return epic + 1 + (member - 13) % 6


def _type(number: int, count: int, drawn: int) -> str:
    initiatives = 3 + count // 400
    if number <= initiatives:
        return "Initiative"
    member = (number - initiatives - 1) % _FAMILY
    if member == 0:
        return "Epic"
    return ("Story", "Bug", "Story", "Task")[drawn % 4] if member <= 12 else "Sub-task"


def _issue(
    place: PlaceId, number: int, drawn: _Drawn, links: dict[int, list[LinkRef]], texts: Texts, count: int
) -> Told:
    what, share = drawn.number[number], drawn.share[number]
    kind, parent = _type(number, count, what), parent_number(number, count)
    created = NOW - timedelta(days=drawn.ago[number])
    category = (StatusCategory.TODO, StatusCategory.IN_PROGRESS, StatusCategory.DONE)[drawn.category[number]]
    sprints = () if kind in ("Initiative", "Epic") or share[0] < 0.4 else _sprints(place, created, category, what)
    due_on = (created + timedelta(days=20 + what % 200)).date() if share[1] < 0.12 else None
    fields: dict[str, str | float | bool | tuple[str, ...] | None] = {}
    if kind in ("Story", "Task") and share[2] < 0.7:
        fields["Story Points"] = float((1, 2, 3, 5, 8, 13)[what % 6])
    if share[2] > 0.96:
        fields["Team"] = f"team-{what % 20:02}"
    item = _made(place, number, created, share, what, category)
    item = msgspec.structs.replace(
        item,
        title=texts.title(number),
        body=texts.body(is_bug=kind == "Bug"),
        type=kind,
        status=("To Do", "In Progress", "Done")[drawn.category[number]],
        priority=("Highest", "High", "Medium", "Medium", "Low")[what % 5],
        rank=f"0|i{what % 1_000_000:06}:",
        sprints=sprints,
        milestones=(version_id(place, what % VERSION_COUNT),) if share[3] < 0.2 else (),
        parent=ref(place, parent) if parent else None,
        links=tuple(links.get(number, ())),
        due_on=due_on,
        fields=fields,
    )
    return _with_past(item, what, due_on)


def _on_github(place: PlaceId, number: int, drawn: _Drawn, texts: Texts, issues: int) -> Told:
    what, share = drawn.number[number], drawn.share[number]
    is_change = share[0] < 0.15
    category = StatusCategory.DONE if drawn.category[number] == 2 else StatusCategory.TODO
    links: tuple[LinkRef, ...] = ()
    end, before = "", max(1, number - 1 - what % 40)
    if is_change:
        end = f"Fixes #{before}"
    elif share[1] < 0.35 and number > 1:
        links = (LinkRef(name="blocks", direction=Direction.IN, target=ref(place, before)),)
    elif share[1] < 0.5:
        end = f"Blocked by: #{before}, {item_key(PROJECTS[what % 20], 1 + what % issues)}"
    elif share[1] < 0.6:
        end = f"Part of: {item_key(PROJECTS[what % 20], 1 + what % issues)}"
    parent = ref(place, 1 + number // 10) if number > 10 and not is_change and share[2] < 0.5 else None
    item = _made(place, number, NOW - timedelta(days=drawn.ago[number]), share, what, category)
    item = msgspec.structs.replace(
        item,
        title=texts.title(number),
        body=texts.body(is_bug=what % 3 == 0, end=end),
        is_change=is_change,
        status="closed" if category is StatusCategory.DONE else "open",
        milestones=(version_id(place, what % VERSION_COUNT),) if share[3] < 0.3 else (),
        parent=parent,
        links=links,
    )
    return _with_past(item, what, None)


def _made(
    place: PlaceId, number: int, created: datetime, share: list[float], what: int, category: StatusCategory
) -> Item:
    """Return what items of both trackers have."""
    labels = [label for bit, label in enumerate(_LABELS) if what >> 3 * bit & 7 == 0]
    if share[4] < 0.015:
        labels.append(f"outcome:outcome-{what % OUTCOME_COUNT}")
    elif share[4] < 0.03:
        labels.append(f"goal-{what % OUTCOME_COUNT}")
    key = item_key(place, number)
    url = f"https://acme.atlassian.net/browse/{key}"
    if place.tracker == "github":
        url = f"https://github.com/{key.replace('#', '/issues/')}"
    team = 8 * (what % 20)
    return Item(
        id=item_id(place, number),
        key=key,
        place=place,
        url=url,
        title="",
        created_at=created,
        updated_at=created,
        status_category=category,
        labels=tuple(labels),
        assignees=(_PEOPLE[team + what % 8],) if share[5] < 0.65 else (),
        reporter=_PEOPLE[what % len(_PEOPLE)],
        comment_count=what % 9,
    )


def _sprints(place: PlaceId, created: datetime, category: StatusCategory, what: int) -> tuple[ContainerId, ...]:
    """Return the sprints of an issue: one to three after it was created; what is open is in one that is not over."""
    first = max(0, (created.date() - sprint_days(0)[0]).days // 14 + 1)
    if category is StatusCategory.DONE:
        last = min(first + what % 3, RUNNING)
    elif what % 3 == 0:
        return ()
    else:
        last = min(RUNNING + (what % 5) // 3, SPRINT_COUNT - 1)
        first = max(first, last - what % 3)
    return tuple(sprint_id(place, number) for number in range(min(first, last), last + 1))


def _with_past(item: Item, what: int, due_on: date | None) -> Told:
    """Return an item whose dates agree with what happened to it, and that."""
    events = list(_events(item, what, due_on))
    last = events[-1].at if events else item.created_at
    touched = last + (NOW - last) * ((what >> 20) % 100 / 400)
    is_done = item.status_category is StatusCategory.DONE
    item = msgspec.structs.replace(item, updated_at=touched, activity_at=touched, closed_at=last if is_done else None)
    return Told(item, History(known_since=BEGINNING, events=tuple(events)))


def _events(item: Item, what: int, due_on: date | None) -> Iterator[Event]:
    """Yield what happened, in order: it was assigned, put into sprints, its date was moved, it went its way."""
    steps: list[tuple[str, str, str]] = []
    if item.assignees:
        steps.append(("assignees", "", item.assignees[0].account))
    for number, sprint in enumerate(map(str, item.sprints)):
        steps.append(("sprints", "", sprint))
        if number < len(item.sprints) - 1 and what % 3:
            steps.append(("sprints", sprint, ""))
    if due_on is not None:
        days = [due_on - timedelta(days=14 * moved) for moved in range(what % 4, -1, -1)]
        steps += [("due_on", one.isoformat(), other.isoformat()) for one, other in pairwise(days)]
    if what % 7 == 0:
        steps.append(("body", "", "changed"))
    states = ("To Do", "In Progress", "In Review", "Done") if item.id.tracker == "jira" else ("open", "closed")
    if item.status in states and item.status != states[0]:
        way = states[: states.index(item.status) + 1]
        way = (*way[:2], *way) if what % 5 == 0 and len(way) > 2 else way
        steps += [("status", one, other) for one, other in pairwise(way) if one != other]
    span = min(NOW - item.created_at, timedelta(days=8 + what % 60))
    for number, (field, before, after) in enumerate(steps, 1):
        at = (item.created_at + span * number / (len(steps) + 1)).replace(microsecond=0)
        yield Event(item=item.id, at=at, field=field, before=before, after=after, actor=f"p{(what + number) % 160}")
