"""A made-up company of any size: twenty teams with a Jira project and a GitHub repository each, and fifty outcomes."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from rules.roadmap.loader import Roadmap, load_roadmap
from syncd.documents import parse_document
from syncd.model.identity import ContainerId, ItemId, PlaceId, Ref
from syncd.model.items import Container, ContainerKind, ContainerState, Person, Place
from syncd.model.outcomes import (
    Horizon,
    Launch,
    Measure,
    MilestoneName,
    Outcome,
    OutcomeStatus,
    TrackedIn,
)
from syncd.model.words import LinkWord, Selector, Words

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TODAY = NOW.date()
TEAMS = tuple(f"team-{number:02}" for number in range(20))
PROJECTS = tuple(PlaceId("jira", f"T{number:02}") for number in range(20))
REPOSITORIES = tuple(PlaceId("github", f"acme/service-{number:02}") for number in range(20))
PLACES = (*PROJECTS, *REPOSITORIES)
OUTCOME_COUNT = 50
SPRINT_COUNT = 27
"""Sprints of two weeks of each project: a year of them, the last but two is running."""
RUNNING = SPRINT_COUNT - 3
VERSION_COUNT = 12
_SPRINT = timedelta(days=14)
_FIRST_SPRINT = TODAY - timedelta(days=5) - RUNNING * _SPRINT
_STANDING = """
period: {id: 2026-Q4, from: 2026-10-01, to: 2026-12-31}
standing: [{id: health, title: Pay down technical debt, match: {item.kind: debt}, budget: {min: 20%}}]
exempt: [{match: {item.kind: incident}, reason: Handled by those on call, until: 2026-12-31}]
"""
_NUMBERS = {place: number for number, place in enumerate(PLACES)}
_WORDS = {
    "jira": Words(
        kinds=(
            ("incident", (Selector(label="incident"),)),
            ("debt", (Selector(type="Task", label="tech-debt"),)),
            ("epic", (Selector(type="Initiative"), Selector(type="Epic"))),
            ("bug", (Selector(type="Bug"),)),
            ("feature", (Selector(type="Story"),)),
        ),
        links=(
            ("blocks", (LinkWord("Blocks"), LinkWord("Depends", reversed=True))),
            ("relates_to", (LinkWord("Relates"),)),
            ("mirrors", (LinkWord("Synchronised with"),)),
        ),
        fields=(("estimate", ("Story Points",)), ("team", ("Team",)), ("needed_by", ("Target end",))),
    ),
    "github": Words(
        kinds=(
            ("bug", (Selector(label="bug"),)),
            ("debt", (Selector(label="tech-debt"),)),
            ("feature", (Selector(label="enhancement"),)),
        ),
    ),
}


def item_id(place: PlaceId, number: int) -> ItemId:
    """Return the id of the item that has a number in its place."""
    return ItemId(place.tracker, str(10_000_000 * (1 + _NUMBERS[place]) + number))


def item_key(place: PlaceId, number: int) -> str:
    """Return the key of the item that has a number in its place."""
    return f"{place.key}-{number}" if place.tracker == "jira" else f"{place.key}#{number}"


def ref(place: PlaceId, number: int) -> Ref:
    """Return how an API names that item."""
    return Ref(tracker=place.tracker, native_id=item_id(place, number).native_id, key=item_key(place, number))


def places() -> dict[PlaceId, Place]:
    """Return the places as configured."""
    teams = dict(zip(PROJECTS, TEAMS, strict=True)) | dict(zip(REPOSITORIES, TEAMS, strict=True))
    return {place: Place(id=place, words=_WORDS[place.tracker], team=teams[place]) for place in PLACES}


def sprint_id(place: PlaceId, number: int) -> ContainerId:
    """Return the id of a project's sprint."""
    return ContainerId(place.tracker, ContainerKind.SPRINT.value, str(1000 * (1 + _NUMBERS[place]) + number))


def sprint_days(number: int) -> tuple[date, date]:
    """Return the first and the last day of the sprints of a number."""
    first = _FIRST_SPRINT + number * _SPRINT
    return first, first + _SPRINT - timedelta(days=1)


def version_id(place: PlaceId, number: int) -> ContainerId:
    """Return the id of a project's version, or of a repository's milestone."""
    kind = ContainerKind.VERSION if place.tracker == "jira" else ContainerKind.MILESTONE
    return ContainerId(place.tracker, kind.value, str(1000 * (1 + _NUMBERS[place]) + 500 + number))


def containers() -> list[Container]:
    """Return the sprints, versions and milestones of all places."""
    found = []
    for place in PROJECTS:
        for number in range(SPRINT_COUNT):
            state = ContainerState.ACTIVE if number == RUNNING else ContainerState.CLOSED
            state = ContainerState.FUTURE if number > RUNNING else state
            starts_on, ends_on = sprint_days(number)
            title = f"{place.key} sprint {number + 1}"
            found.append(
                Container(
                    id=sprint_id(place, number),
                    title=title,
                    state=state,
                    place=place,
                    starts_on=starts_on,
                    ends_on=ends_on,
                )
            )
    for place in PLACES:
        for number in range(VERSION_COUNT):
            ends_on = TODAY + timedelta(days=30 * (number - VERSION_COUNT + 4))
            is_over = number < VERSION_COUNT - 4
            state = ContainerState.CLOSED if is_over else ContainerState.ACTIVE
            title = f"Release {number + 1}"
            found.append(
                Container(id=version_id(place, number), title=title, state=state, place=place, ends_on=ends_on)
            )
    return found


def roadmap() -> Roadmap:
    """Return fifty outcomes: twenty for now, the others for later or put off; some launch, some are over."""
    stated = load_roadmap([parse_document(_STANDING, "roadmap.yaml")])
    return msgspec.structs.replace(stated, outcomes=tuple(map(_outcome, range(OUTCOME_COUNT))))


def _outcome(number: int) -> Outcome:
    horizon = (Horizon.NOW, Horizon.NEXT, Horizon.NOW, Horizon.LATER, Horizon.NOT_NOW)[number % 5]
    status = OutcomeStatus.ACHIEVED if number % 17 == 16 else OutcomeStatus.ACTIVE
    status = OutcomeStatus.DROPPED if number % 19 == 18 else status
    place, repository = PROJECTS[number % 20], REPOSITORIES[(number * 7) % 20]
    launch = Launch(on=date(2026, 12, 9) + timedelta(days=number)) if number % 4 == 0 else Launch()
    return Outcome(
        id=f"outcome-{number}",
        title=f"Outcome {number}: merchants wait less",
        horizon=horizon,
        status=status,
        reason="The vendor is not ready." if horizon is Horizon.NOT_NOW else "",
        revisit=date(2027, 2, 1) if horizon is Horizon.NOT_NOW else None,
        owner=Person(f"Owner {number % 12}", account=f"o{number % 12}") if number % 6 else None,
        target_date=date(2026, 12, 1) + timedelta(days=3 * number) if number % 3 else None,
        measures=(Measure(id="p95", unit="s", baseline=2.4, target=1.2),) if number % 2 else (),
        launch=launch,
        depends_on=(f"outcome-{number - 1}",) if number % 7 == 6 else (),
        tracked_in=TrackedIn(
            items=(ref(place, 1 + number // 20),),
            milestones=(MilestoneName(repository.tracker, repository.key, f"Release {10 + number % 3}"),),
            labels=(f"goal-{number}",),
        ),
    )
