"""What is judged: items, rings of them, outcomes, milestones and their like, and teams; and the ids of these."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from syncd.model.findings import About, Subject
from syncd.model.identity import ContainerId, ItemId
from syncd.model.items import Container
from syncd.model.outcomes import Outcome
from syncd.model.truth import Unknown

if TYPE_CHECKING:
    from rules.world import World

_NO_TRACKER = ""


def item_subject(item_id: ItemId) -> Subject:
    """Return an item as what is judged."""
    return Subject(About.ITEM.value, item_id)


def outcome_subject(outcome_id: str) -> Subject:
    """Return an outcome of the roadmap as what is judged."""
    return Subject(About.OUTCOME.value, ItemId(_NO_TRACKER, outcome_id))


def container_subject(container_id: ContainerId) -> Subject:
    """Return a milestone, version or sprint as what is judged."""
    native_id = f"{container_id.kind}:{container_id.native_id}"
    return Subject(About.CONTAINER.value, ItemId(container_id.tracker, native_id))


def team_subject(team: str) -> Subject:
    """Return a team as what is judged."""
    return Subject(About.TEAM.value, ItemId(_NO_TRACKER, team))


def outcome_of(subject: Subject, world: "World") -> Outcome | None:
    """Return the outcome that a subject is; None where it is none, or none of the roadmap."""
    return outcomes_by_id(world).get(subject.id.native_id) if subject.about == About.OUTCOME.value else None


def container_of(subject: Subject, world: "World") -> Container | None:
    """Return the container that a subject is; None where it is none, or none that is there."""
    if subject.about != About.CONTAINER.value:
        return None
    kind, _, native_id = subject.id.native_id.partition(":")
    return world.containers.get(ContainerId(subject.id.tracker, kind, native_id))


def outcomes_by_id(world: "World") -> dict[str, Outcome]:
    """Return the outcomes of the roadmap by their ids."""
    return world.once("outcomes by id", lambda: {outcome.id: outcome for outcome in world.roadmap.outcomes})


NAMED = ("outcome", "team", "container", "milestone", "version", "sprint")
"""How people call what is judged and is no item, before its name."""


def named(kind: str, name: str, world: "World") -> tuple[Subject, ...]:
    """Return what people call so: an outcome by its id or one it had, a team, or every container of a title."""
    folded = name.casefold()
    return tuple(subject for each, subject in _by_name(kind, world) if each.casefold() == folded)


def names_of(kind: str, world: "World") -> list[str]:
    """Return all names of a kind of subject."""
    return [name for name, _ in _by_name(kind, world)]


def _by_name(kind: str, world: "World") -> Iterator[tuple[str, Subject]]:
    if kind == "outcome":
        for outcome in world.roadmap.outcomes:
            yield from ((name, outcome_subject(outcome.id)) for name in (outcome.id, *outcome.was))
    elif kind == "team":
        yield from ((team, team_subject(team)) for team in teams_of(world))
    else:
        for container_id in sorted(world.containers):
            if kind in ("container", container_id.kind):
                yield world.containers[container_id].title, container_subject(container_id)


def teams_of(world: "World") -> tuple[str, ...]:
    """Return every team that a place or an open item names, in order."""
    return world.once("teams", lambda: tuple(sorted(_teams(world) - {""})))


def _teams(world: "World") -> set[str]:
    places = world.given.places
    found = {place.team for place in places.values()}
    own = {place_id for place_id, place in places.items() if "team" in dict(place.words.fields)}
    for position, item in enumerate(world.rows):
        if item.place in own and world.is_open(position):
            found.add(world.lexicons[position].team(item))
    return found


def subjects_of(world: "World") -> Iterator[Subject]:
    """Yield what is judged: each item that is no change, each ring of open blocking items, and what is no item."""
    yield from (item_subject(item.id) for item in world.rows if not item.is_change)
    yield from rings_of(world)
    yield from (outcome_subject(outcome.id) for outcome in world.roadmap.outcomes)
    yield from (container_subject(each) for each in sorted(world.containers))
    yield from map(team_subject, teams_of(world))


def subjects_among(only: Collection[Subject], world: "World") -> Iterator[Subject]:
    """Yield those of some subjects that are judged, items in the order of the rows."""
    found: dict[str, list[Subject]] = {}
    for subject in only:
        found.setdefault(subject.about, []).append(subject)
    positions, rows = world.positions, world.rows
    there = [positions[each.id] for each in found.get(About.ITEM.value, ()) if each.id in positions]
    yield from (item_subject(rows[each].id) for each in sorted(there) if not rows[each].is_change)
    wanted = {about: frozenset(subjects) for about, subjects in found.items()}
    yield from (each for each in rings_of(world) if each in wanted.get(About.DEPENDENCY.value, ()))
    outcomes = (outcome_subject(outcome.id) for outcome in world.roadmap.outcomes)
    yield from (each for each in outcomes if each in wanted.get(About.OUTCOME.value, ()))
    yield from sorted(each for each in wanted.get(About.CONTAINER.value, ()) if container_of(each, world))
    yield from (each for each in map(team_subject, teams_of(world)) if each in wanted.get(About.TEAM.value, ()))


def rings_of(world: "World") -> list[Subject]:
    """Return the rings of open items that block each other."""
    return [Subject(About.DEPENDENCY.value, world.rows[knot.ring[0]].id) for knot in world.knots]


def is_there(subject: Subject, world: "World") -> bool:
    """Say whether a subject is there, or may be: an outcome that lives where nothing can be read is not known to be
    gone."""
    if subject.about == About.OUTCOME.value:
        return outcome_of(subject, world) is not None or world.roadmap.unread is not None
    if subject.about == About.CONTAINER.value:
        return container_of(subject, world) is not None
    if subject.about == About.TEAM.value:
        return subject.id.native_id in teams_of(world)
    return subject.id in world.items


def darkness_of(subject: Subject, world: "World") -> Unknown | None:
    """Return why a subject that is no item can't be judged: its place is dark, or all where its work could be.

    Where only some of these are, its facts say themselves what they do not know.
    """
    if subject.about == About.OUTCOME.value and outcome_of(subject, world) is None:
        return world.roadmap.unread
    container = container_of(subject, world)
    if container is not None and container.place is not None:
        return world.is_dark(container.place)
    tracker = subject.id.tracker
    places = [each for each in sorted(world.given.places) if tracker in (_NO_TRACKER, each.tracker)]
    darks = [world.is_dark(each) for each in places]
    return None if None in darks else next(iter(darks), None)
