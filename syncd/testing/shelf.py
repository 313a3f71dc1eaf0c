"""The sprints, milestones and versions of a case: those it describes, and ordinary ones for those it only names."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from rules.language.calendar import Calendar
from syncd.complaints import did_you_mean
from syncd.documents import Loc
from syncd.model.identity import ContainerId, PlaceId
from syncd.model.items import Container, ContainerKind, ContainerState
from syncd.testing.ground import Ground
from syncd.testing.layers import Layer, Layered
from syncd.testing.moments import EXPECTED, day_of
from syncd.testing.notes import Notes
from syncd.testing.texts import ContainerText, SceneText

_SECTIONS: Mapping[ContainerKind, Literal["sprints", "milestones", "versions"]] = {
    ContainerKind.SPRINT: "sprints",
    ContainerKind.MILESTONE: "milestones",
    ContainerKind.VERSION: "versions",
}
_WEEK = timedelta(days=7)
_USUAL = {
    "closed": ("Last sprint", ContainerState.CLOSED, -3 * _WEEK),
    "active": ("This sprint", ContainerState.ACTIVE, -_WEEK),
    "future": ("Next sprint", ContainerState.FUTURE, _WEEK),
}
"""The three sprints that need no description: they last two weeks, and the active one is at its half."""


class Shelf:
    """What holds items for a time, by kind and title."""

    def __init__(self, ground: Ground, notes: Notes, calendar: Calendar) -> None:
        self.containers: dict[ContainerId, Container] = {}
        self._ground = ground
        self._notes = notes
        self._calendar = calendar
        self._described: dict[tuple[ContainerKind, str], Layered[ContainerText]] = {}

    def add(self, text: SceneText, loc: Loc, now: datetime) -> None:
        """Take what a layer describes."""
        for kind, section in _SECTIONS.items():
            for title, described in getattr(text, section).items():
                layer = Layer(described, (*loc, section, title), now)
                found = self._described.setdefault((kind, title), Layered(layer))
                if found.layers[0] is not layer:
                    found.add(layer)
                self._renew(kind, title)

    def sprint(self, title: str, tracker: str, loc: Loc, now: datetime) -> ContainerId:
        """Return the sprint of that title, or the usual one for ``active``, ``future`` or ``closed``."""
        if (ContainerKind.SPRINT, title) in self._described:
            return self._put(ContainerKind.SPRINT, title, tracker, None)
        if title in _USUAL:
            name, state, begins = _USUAL[title]
            container_id = ContainerId(tracker, ContainerKind.SPRINT.value, f"n{name}")
            first = self._calendar.day(now + begins)
            usual = Container(
                id=container_id, title=name, state=state, starts_on=first, ends_on=first + 2 * _WEEK - timedelta(1)
            )
            self.containers.setdefault(container_id, usual)
            return container_id
        near = did_you_mean(title, [*_USUAL, *self._titles(ContainerKind.SPRINT)])
        self._notes.refuse(loc, f"no sprint '{title}'.{near or ' Describe it under sprints, or write active.'}")
        return ContainerId(tracker, ContainerKind.SPRINT.value, f"n{title}")

    def of_place(self, kind: ContainerKind, title: str, place: PlaceId, loc: Loc) -> ContainerId:
        """Return the milestone or version of that title; one that is not described is open and has no date."""
        near = "" if (kind, title) in self._described else did_you_mean(title, self._titles(kind))
        if near:
            self._notes.refuse(loc, f"no {kind.value} '{title}'.{near}")
        return self._put(kind, title, place.tracker, place)

    def find(self, name: str) -> ContainerId | None:
        """Return the container that a title means, whatever its kind; None where none or several are of that title."""
        found = [each for each, container in self.containers.items() if container.title == name]
        return found[0] if len(found) == 1 else None

    def _titles(self, kind: ContainerKind) -> list[str]:
        return [title for each, title in self._described if each is kind]

    def _renew(self, kind: ContainerKind, title: str) -> None:
        """Bring what is on the shelf up to date with its description; put one there that nothing hangs in yet."""
        there = [each for each in self.containers.values() if each.id.kind == kind.value and each.title == title]
        for each in there:
            self._put(kind, title, each.id.tracker, each.place)
        described = self._described[kind, title]
        if there or (kind is not ContainerKind.SPRINT and not described.value("place")):
            return
        place = self._ground.place(described.value("place")) if kind is not ContainerKind.SPRINT else None
        if isinstance(place, str):
            self._notes.refuse(described.loc("place"), place)
        elif place is not None:
            self._put(kind, title, place.tracker, place)

    def _put(self, kind: ContainerKind, title: str, tracker: str, place: PlaceId | None) -> ContainerId:
        where = f"{place.key}: {title}" if place else title
        container_id = ContainerId(tracker, kind.value, f"n{where}")
        described = self._described.get((kind, title))
        self.containers[container_id] = Container(
            id=container_id,
            title=title,
            state=ContainerState(described.value("state")) if described else ContainerState.ACTIVE,
            place=place,
            starts_on=self._day(described, "starts"),
            ends_on=self._day(described, "ends"),
        )
        return container_id

    def _day(self, described: Layered[ContainerText] | None, field: str) -> date | None:
        written = described.value(field) if described else None
        if described is None or written is None:
            return None
        found = day_of(written, described.layer_of(field).now, self._calendar)
        if found is None:
            self._notes.refuse(described.loc(field), f"read '{written}'; expected {EXPECTED}")
        return found
