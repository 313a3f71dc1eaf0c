"""Nouns with defaults, so that a test shows only what its case is about; shared by all tests, additive only."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rules.roadmap.loader import Roadmap
from rules.world import World, WorldInput, build_world
from syncd.model.baselines import Baseline, Confidence, KeptText, Member
from syncd.model.findings import Subject
from syncd.model.identity import ContainerId, ItemId, PlaceId, Ref
from syncd.model.items import (
    BEGINNING,
    Audience,
    AudienceKind,
    Container,
    ContainerKind,
    ContainerState,
    Direction,
    Event,
    History,
    Item,
    LinkRef,
    Person,
    Place,
    PlaceState,
    StatusCategory,
)
from syncd.model.outcomes import MilestoneName, Outcome, OutcomeRevision, TrackedIn
from syncd.model.words import Words

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
A_WEEK_AGO = NOW - timedelta(days=7)


def split_key(key: str) -> tuple[str, str]:
    """Return tracker and key: ``jira:PAY-1`` as it says; a bare ``PAY-1`` is of jira, ``acme/checkout#1`` of github."""
    tracker, colon, rest = key.partition(":")
    if colon and "/" not in tracker:
        return tracker, rest
    return ("github" if "#" in key else "jira"), key


def item_id(key: str) -> ItemId:
    """Return the id that ``make_item(key)`` gives: not the key itself, so that nobody takes one for the other."""
    tracker, bare = split_key(key)
    return ItemId(tracker, f"n{bare}")


def place_id(key: str) -> PlaceId:
    """Return the place of an item's key, or ``jira:PAY`` and ``github:acme/checkout`` as they are."""
    tracker, bare = split_key(key)
    if "#" in bare:
        return PlaceId(tracker, bare.rpartition("#")[0])
    if "/" in bare:
        return PlaceId("github" if ":" not in key else tracker, bare)
    return PlaceId(tracker, bare.rpartition("-")[0] or bare)


def url_of(key: str) -> str:
    """Return the address that ``make_item(key)`` gives."""
    tracker, bare = split_key(key)
    if "#" in bare:
        repository, _, number = bare.rpartition("#")
        return f"https://{tracker}.example/{repository}/issues/{number}"
    return f"https://{tracker}.example/browse/{bare}"


def make_ref(key: str) -> Ref:
    """Return a reference as an API gives it: with id and key."""
    tracker, bare = split_key(key)
    return Ref(tracker=tracker, native_id=item_id(key).native_id, key=bare)


def make_link(name: str, target: str, *, reads_in: bool = False, status: StatusCategory | None = None) -> LinkRef:
    """Return a link "this NAME target"; ``reads_in``: "target NAME this"."""
    direction = Direction.IN if reads_in else Direction.OUT
    return LinkRef(name=name, direction=direction, target=make_ref(target), target_status=status)


def blocks(target: str, status: StatusCategory | None = None) -> LinkRef:
    """Return the link of an item that blocks ``target``."""
    return make_link("blocks", target, status=status)


def blocked_by(target: str, status: StatusCategory | None = None) -> LinkRef:
    """Return the link of an item that is blocked by ``target``."""
    return make_link("blocks", target, reads_in=True, status=status)


def make_item(key: str = "PAY-1", *, parent: str | Ref | None = None, **given: Any) -> Item:
    """Return an open item, whole and a week old; ``assignees`` may be names."""
    _, bare = split_key(key)
    given["assignees"] = tuple(
        Person(each, account=each) if isinstance(each, str) else each for each in given.get("assignees", ())
    )
    defaults: dict[str, Any] = {
        "id": item_id(key),
        "key": bare,
        "place": place_id(key),
        "url": url_of(key),
        "title": f"Title of {bare}",
        "created_at": A_WEEK_AGO,
        "updated_at": A_WEEK_AGO,
        "status": "To Do",
        "status_category": StatusCategory.TODO,
        "parent": make_ref(parent) if isinstance(parent, str) else parent,
    }
    return Item(**{**defaults, **given})


def make_place(key: str = "jira:PAY", **given: Any) -> Place:
    """Return a configured place inside the company."""
    defaults: dict[str, Any] = {
        "id": place_id(key),
        "words": Words(),
        "audience": Audience(AudienceKind.INTERNAL),
        "team": "payments",
    }
    return Place(**{**defaults, **given})


def make_state(key: str = "jira:PAY", **given: Any) -> PlaceState:
    """Return the state of a place that was imported, read and counted."""
    defaults: dict[str, Any] = {
        "id": place_id(key),
        "imported_at": A_WEEK_AGO,
        "read_at": NOW,
        "census_at": NOW,
    }
    return PlaceState(**{**defaults, **given})


def make_event(field: str, before: str = "", after: str = "", *, at: datetime = A_WEEK_AGO, **given: Any) -> Event:
    """Return a change of a field of ``PAY-1``."""
    return Event(**{"item": item_id("PAY-1"), "at": at, "field": field, "before": before, "after": after, **given})


def make_history(*events: Event, known_since: datetime = BEGINNING) -> History:
    """Return a history that its tracker told whole, unless it is known since later."""
    return History(known_since=known_since, events=events)


def container_id(title: str, kind: ContainerKind = ContainerKind.MILESTONE, tracker: str = "jira") -> ContainerId:
    """Return the id that ``make_container`` gives."""
    return ContainerId(tracker, kind.value, f"n{title}")


def make_container(
    title: str, kind: ContainerKind = ContainerKind.MILESTONE, *, place: str = "jira:PAY", **given: Any
) -> Container:
    """Return an active milestone, version or sprint."""
    where = place_id(place)
    defaults: dict[str, Any] = {
        "id": container_id(title, kind, where.tracker),
        "title": title,
        "state": ContainerState.ACTIVE,
        "place": None if kind is ContainerKind.SPRINT else where,
    }
    return Container(**{**defaults, **given})


def make_outcome(
    outcome_id: str = "checkout-latency",
    *,
    items: Iterable[str] = (),
    milestones: Iterable[tuple[str, str]] = (),
    labels: Iterable[str] = (),
    **given: Any,
) -> Outcome:
    """Return an active ``now`` outcome; ``items`` are keys, ``milestones`` pairs of place and title."""
    tracked_in = TrackedIn(
        items=tuple(Ref(tracker=split_key(key)[0], key=split_key(key)[1]) for key in items),
        milestones=tuple(
            MilestoneName(place_id(place).tracker, place_id(place).key, title) for place, title in milestones
        ),
        labels=tuple(labels),
    )
    defaults: dict[str, Any] = {"id": outcome_id, "title": f"Title of {outcome_id}", "tracked_in": tracked_in}
    return Outcome(**{**defaults, **given})


def by_id(items: Iterable[Item]) -> Mapping[ItemId, Item]:
    """Return items by their ids."""
    return {item.id: item for item in items}


def make_world(
    items: Iterable[Item] = (),
    outcomes: Iterable[Outcome] = (),
    *,
    gone: Iterable[Item] = (),
    containers: Iterable[Container] = (),
    places: Iterable[Place] = (),
    states: Iterable[PlaceState] = (),
    aliases: Mapping[tuple[str, str], ItemId] | None = None,
    histories: Mapping[str, History] | None = None,
    revisions: Mapping[str, tuple[OutcomeRevision, ...]] | None = None,
    link_sightings: Mapping[ItemId, Mapping[tuple[str, str, str], datetime]] | None = None,
    baselines: Iterable[Baseline] = (),
    texts: Iterable[KeptText] = (),
    **roadmap: Any,
) -> World:
    """Return a World whose places are configured (as of ``make_place``), imported, read and counted unless given
    otherwise; ``histories`` go by keys; ``roadmap`` are its period, standing and exempt work.
    """
    items, gone, given = tuple(items), tuple(gone), {place.id: place for place in places}
    known = {item.place for item in (*items, *gone)} | given.keys()
    told = {place: PlaceState(id=place, imported_at=A_WEEK_AGO, read_at=NOW, census_at=NOW) for place in known}
    told.update({state.id: state for state in states})
    team = make_place().team
    configured = {place: Place(id=place, words=Words(), team=team) for place in known}
    agreed: dict[Subject, tuple[Baseline, ...]] = {}
    for each in sorted(baselines, key=lambda baseline: baseline.at):
        agreed[each.of] = (*agreed.get(each.of, ()), each)
    return build_world(
        WorldInput(
            items=by_id(items),
            gone=by_id(gone),
            containers={container.id: container for container in containers},
            places={**configured, **given},
            states=told,
            aliases=aliases or {},
            histories={item_id(key): history for key, history in (histories or {}).items()},
            revisions=revisions or {},
            link_sightings=link_sightings or {},
            baselines=agreed,
            texts={each.item: each for each in texts},
            roadmap=Roadmap(outcomes=tuple(outcomes), **roadmap),
        )
    )


def make_baseline(*keys: str, of: Subject | None = None, at: datetime = NOW, **given: Any) -> Baseline:
    """Return a baseline of some items, of an outcome where nothing else is said."""
    given.setdefault("confidence", Confidence.OBSERVED)
    members = tuple(Member(item=item_id(key), key=split_key(key)[1]) for key in keys)
    return Baseline(of=of or Subject("outcome", ItemId("", "checkout-latency")), at=at, members=members, **given)
