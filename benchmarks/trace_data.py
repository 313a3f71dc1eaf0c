"""A made-up company for the benchmark of tracing: Jira hierarchies, GitHub issues, links, milestones, labels, texts."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from rules.roadmap.loader import Roadmap
from syncd.model.identity import ContainerId, ItemId, PlaceId, Ref
from syncd.model.items import (
    Container,
    ContainerKind,
    ContainerState,
    Direction,
    Item,
    LinkRef,
    Person,
    Place,
    StatusCategory,
)
from syncd.model.outcomes import Horizon, MilestoneName, Outcome, OutcomeStatus, TrackedIn
from syncd.model.words import LinkWord, Selector, Words

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PROJECTS = tuple(PlaceId("jira", f"P{number:02}") for number in range(20))
REPOSITORIES = tuple(PlaceId("github", f"acme/service-{number:02}") for number in range(20))
_OUTCOME_COUNT = 60
_SPEECH = (
    "Shoppers wait on the payment step while the token is fetched; the parent service answers late. ",
    "Steps: open the cart, choose a card, pay. Expected: a receipt. See https://wiki.example/page?id=12 for more. ",
    "This is part of a longer story: retries hide the cause, and nobody sees which call blocks the others.\n\n",
    "- measure first\n- change one thing\n- measure again\n",
)
_WORDS = Words(
    kinds=(("bug", (Selector(type="Bug"), Selector(label="bug"))), ("epic", (Selector(type="Epic"),))),
    links=(("blocks", (LinkWord("Blocks"), LinkWord("Depends", reversed=True))),),
)


def places() -> dict[PlaceId, Place]:
    """Return the places as configured."""
    return {place: Place(id=place, words=_WORDS, team=place.key) for place in (*PROJECTS, *REPOSITORIES)}


def containers() -> list[Container]:
    """Return ten milestones or versions of every place, the first of which serves an outcome."""
    return [
        Container(
            id=_container_id(place, number),
            title=f"Release {number}",
            state=ContainerState.ACTIVE,
            place=place,
            ends_on=date(2026, 12, 1) + timedelta(days=number),
        )
        for place in (*PROJECTS, *REPOSITORIES)
        for number in range(10)
    ]


def _container_id(place: PlaceId, number: int) -> ContainerId:
    kind = ContainerKind.VERSION if place.tracker == "jira" else ContainerKind.MILESTONE
    return ContainerId(place.tracker, kind.value, f"{place.key}-{number}")


def roadmap() -> Roadmap:
    """Return sixty outcomes, tracked in labels, milestones and items."""
    every = (*PROJECTS, *REPOSITORIES)
    return Roadmap(
        outcomes=tuple(
            Outcome(
                id=f"outcome-{number}",
                title=f"Outcome {number}",
                horizon=Horizon.NOW if number % 3 else Horizon.NEXT,
                status=OutcomeStatus.PAUSED if number % 10 == 0 else OutcomeStatus.ACTIVE,
                target_date=date(2026, 12, 18),
                tracked_in=TrackedIn(
                    items=tuple(Ref(tracker="jira", key=f"{place.key}-{1 + number}") for place in PROJECTS[:10]),
                    milestones=(MilestoneName(*_names(every[number % len(every)])),),
                    labels=(f"goal-{number}",),
                ),
            )
            for number in range(_OUTCOME_COUNT)
        )
    )


def _names(place: PlaceId) -> tuple[str, str, str]:
    return place.tracker, place.key, "Release 0"


def items(count: int) -> Iterator[Item]:
    """Yield so many items: six tenths in Jira, four deep; the others in GitHub, a tenth of them pull requests."""
    chance = random.Random(11)
    in_project = count * 6 // 10 // len(PROJECTS)
    in_repository = (count - in_project * len(PROJECTS)) // len(REPOSITORIES)
    for place in PROJECTS:
        for number in range(1, in_project + 1):
            yield _issue(chance, place, number)
    for place in REPOSITORIES:
        for number in range(1, in_repository + 1):
            yield _github(chance, place, number)


def _issue(chance: random.Random, place: PlaceId, number: int) -> Item:
    # Eight children under each: the first are initiatives, then epics, stories and sub-tasks.
    parent = (number - 2) // 8
    kind = "Epic" if number < 80 else chance.choice(("Story", "Bug", "Task"))
    links = []
    if chance.random() < 0.15 and number > 10:
        other = chance.randrange(1, number)
        links.append(LinkRef(name="Blocks", direction=Direction.IN, target=_ref(place, other)))
    if chance.random() < 0.05 and number > 10:
        links.append(LinkRef(name="Relates", direction=Direction.OUT, target=_ref(place, chance.randrange(1, number))))
    return _item(
        chance, place, number, type=kind, links=tuple(links), parent=_ref(place, parent) if parent > 0 else None
    )


def _github(chance: random.Random, place: PlaceId, number: int) -> Item:
    is_change = chance.random() < 0.1
    parent = Ref(tracker="github", key=f"{place.key}#{(number - 2) // 6}") if number > 200 and not is_change else None
    end = ""
    if is_change:
        end = f"\n\nFixes #{chance.randrange(1, number + 1)}"
    elif chance.random() < 0.1:
        end = f"\n\nPart of: {chance.choice(PROJECTS).key}-{chance.randrange(1, 400)}"
    elif chance.random() < 0.1:
        end = f"\n\nBlocked by: #{chance.randrange(1, number + 1)}, {chance.choice(PROJECTS).key}-{number}"
    return _item(chance, place, number, end=end, is_change=is_change, parent=parent)


def _item(
    chance: random.Random,
    place: PlaceId,
    number: int,
    *,
    end: str = "",
    type: str = "",
    is_change: bool = False,
    links: tuple[LinkRef, ...] = (),
    parent: Ref | None = None,
) -> Item:
    is_jira = place.tracker == "jira"
    key = f"{place.key}-{number}" if is_jira else f"{place.key}#{number}"
    labels = [label for label in ("bug", "frontend", "q4", "security") if chance.random() < 0.2]
    if chance.random() < 0.02:
        labels.append(f"outcome:outcome-{chance.randrange(_OUTCOME_COUNT + 2)}")
    if chance.random() < 0.01:
        labels.append(f"goal-{chance.randrange(_OUTCOME_COUNT)}")
    created = NOW - timedelta(days=chance.randrange(2, 400), seconds=chance.randrange(80_000))
    return Item(
        id=_id(place, number),
        key=key,
        place=place,
        url=f"https://{place.tracker}.example/{key.replace('#', '/issues/')}",
        title=f"Item {number} of {place.key}: payments answer in time",
        created_at=created,
        updated_at=created + timedelta(hours=chance.randrange(1, 40)),
        body="".join(chance.choices(_SPEECH, k=chance.randrange(2, 12))) + end,
        type=type,
        is_change=is_change,
        status="Open",
        status_category=chance.choice(tuple(StatusCategory)),
        labels=tuple(labels),
        assignees=(Person(f"Person {number % 50}", account=f"p{number % 50}"),) if number % 3 else (),
        reporter=Person(f"Person {number % 70}", account=f"p{number % 70}"),
        milestones=(_container_id(place, chance.randrange(10)),) if chance.random() < 0.25 else (),
        parent=parent,
        links=links,
    )


def _id(place: PlaceId, number: int) -> ItemId:
    return ItemId(place.tracker, str((PROJECTS + REPOSITORIES).index(place) * 1_000_000 + number))


def _ref(place: PlaceId, number: int) -> Ref:
    return Ref(tracker=place.tracker, native_id=_id(place, number).native_id, key=f"{place.key}-{number}")
