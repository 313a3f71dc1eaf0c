"""One item of a case, as a tracker would have told it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from rules.language.calendar import Calendar
from rules.normalise import Lexicon
from syncd.complaints import did_you_mean, one_of
from syncd.documents import Loc
from syncd.model.identity import ContainerId, Ref
from syncd.model.items import (
    ContainerKind,
    Direction,
    FieldValue,
    Item,
    LinkKind,
    LinkRef,
    Person,
    Place,
    StatusCategory,
)
from syncd.model.words import Words
from syncd.testing.ground import Named
from syncd.testing.layers import Layered
from syncd.testing.moments import EXPECTED, moment_of
from syncd.testing.notes import Notes
from syncd.testing.shelf import Shelf
from syncd.testing.texts import ItemText

CREATED = timedelta(days=60)
CHANGED = timedelta(days=14)
"""How long ago an item was created and changed about which the case says nothing."""

_STATUSES = {
    **dict.fromkeys(("todo", "to do", "open", "backlog"), ("To Do", StatusCategory.TODO)),
    **dict.fromkeys(("in_progress", "in progress"), ("In Progress", StatusCategory.IN_PROGRESS)),
    **dict.fromkeys(("done", "closed", "resolved"), ("Done", StatusCategory.DONE)),
}
_LINKS = {
    "blocks": (LinkKind.BLOCKS, Direction.OUT),
    "blocked_by": (LinkKind.BLOCKS, Direction.IN),
    "implements": (LinkKind.IMPLEMENTS, Direction.OUT),
    "duplicates": (LinkKind.DUPLICATES, Direction.OUT),
    "mirrors": (LinkKind.MIRRORS, Direction.OUT),
    "split_from": (LinkKind.SPLIT_FROM, Direction.OUT),
    "relates_to": (LinkKind.RELATES_TO, Direction.OUT),
    "closes": (LinkKind.CLOSES, Direction.OUT),
}


class ItemBuilder:
    """Builds one item; ``find`` says which item a key means, and notes it where there is none."""

    def __init__(
        self,
        named: Named,
        said: Layered[ItemText],
        place: Place,
        shelf: Shelf,
        notes: Notes,
        calendar: Calendar,
        find: Callable[[str, Loc], Named | None],
    ) -> None:
        self._named = named
        self._said = said
        self._place = place
        self._shelf = shelf
        self._notes = notes
        self._calendar = calendar
        self._find = find

    def item(self) -> Item:
        """Return the item."""
        said, named = self._said, self._named
        kind_type, kind_label = self._kind()
        status, category = self._status()
        changed = self._changed()
        labels = (*_listed(said.value("labels")), *([kind_label] if kind_label else []))
        item = Item(
            id=named.id,
            key=named.key,
            place=named.place,
            url=f"https://{named.id.tracker}.example/{named.key.replace('#', '/issues/')}",
            title=said.value("title") if said.value("title") is not None else f"Title of {named.key}",
            created_at=self._created(changed),
            updated_at=changed,
            body=said.value("body"),
            type=said.value("type") or kind_type,
            is_change=said.value("pull_request"),
            status=status,
            status_category=category,
            resolution=said.value("resolution"),
            priority=said.value("priority"),
            rank=said.value("rank"),
            labels=tuple(dict.fromkeys(labels)),
            components=_listed(said.value("components")),
            assignees=tuple(Person(name, account=name) for name in _listed(said.value("assignees"))),
            reporter=Person(said.value("reporter"), said.value("reporter")) if said.value("reporter") else None,
            estimate=said.value("estimate"),
            sprints=self._sprints(),
            milestones=(*self._held(ContainerKind.MILESTONE), *self._held(ContainerKind.VERSION)),
            parent=self._parent(),
            links=self._links(),
            due_on=self._day("due_on"),
            closed_at=self._moment("closed") or (changed if category is StatusCategory.DONE else None),
            activity_at=self._moment("active"),
            fields=self._fields(),
            restricted=said.value("restricted"),
        )
        self._check_kind(item)
        return item

    def _kind(self) -> tuple[str, str]:
        """Return the type and the label by which the words of the place know the kind that was asked for."""
        kind = self._said.value("kind")
        if kind is None:
            return "", ""
        if self._said.value("type"):
            self._notes.refuse(self._said.loc("kind"), "a 'type' is given too; say one of them")
        kinds = dict(self._place.words.kinds)
        if kind not in kinds:
            near = did_you_mean(kind, kinds) or f" There is: {one_of(list(kinds))}."
            self._notes.refuse(self._said.loc("kind"), f"no kind '{kind}' in {self._place.id}.{near}")
            return "", ""
        first = kinds[kind][0]
        return first.type, first.label

    def _check_kind(self, item: Item) -> None:
        kind = self._said.value("kind")
        if kind is None or self._said.value("type") or kind not in dict(self._place.words.kinds):
            return
        found = _lexicon(self._place.words).kind(item)
        if found != kind:
            self._notes.refuse(self._said.loc("kind"), f"its labels make it '{found}' in trackers.yaml, not '{kind}'")

    def _status(self) -> tuple[str, StatusCategory]:
        written, category = self._said.value("status"), self._said.value("category")
        known = _STATUSES.get(written.casefold())
        # A category that was said of an earlier status says nothing of this one.
        layer, last = self._said.layer_of("status"), self._said.layer_of("category")
        if category is not None and (known is None or self._said.layers.index(last) >= self._said.layers.index(layer)):
            return written, StatusCategory(category)
        if known is None:
            message = f"read '{written}'; say its 'category' too: todo, in_progress or done"
            self._notes.refuse(self._said.loc("status"), message)
            return written, StatusCategory.TODO
        is_ours = written in ("todo", "in_progress", "done")
        return (known[0] if is_ours else written), known[1]

    def _changed(self) -> datetime:
        """Return when it was changed last: what a step says of an item changes it then."""
        steps = [layer for layer in self._said.layers if layer.is_step]
        if steps and "changed" not in steps[-1].text.model_fields_set:
            return steps[-1].now
        return self._moment("changed") or self._said.layers[0].now - CHANGED

    def _created(self, changed: datetime) -> datetime:
        """Return when it was created: what only a step speaks of comes with it."""
        first = self._said.layers[0]
        return self._moment("created") or min(first.now if first.is_step else first.now - CREATED, changed)

    def _sprints(self) -> tuple[ContainerId, ...]:
        loc, now = self._said.loc("sprint"), self._said.layer_of("sprint").now
        titles = _listed(self._said.value("sprint"))
        return tuple(self._shelf.sprint(title, self._named.id.tracker, loc, now) for title in titles)

    def _held(self, kind: ContainerKind) -> tuple[ContainerId, ...]:
        loc = self._said.loc(kind.value)
        titles = _listed(self._said.value(kind.value))
        return tuple(self._shelf.of_place(kind, title, self._named.place, loc) for title in titles)

    def _parent(self) -> Ref | None:
        key = self._said.value("parent")
        found = self._find(key, self._said.loc("parent")) if key is not None else None
        return ref_of(found) if found else None

    def _links(self) -> tuple[LinkRef, ...]:
        found = []
        for field, (kind, direction) in _LINKS.items():
            name, turned = self._word(kind)
            loc = self._said.loc(field)
            for place, key, status in _targets(self._said.value(field), loc):
                target = self._find(key, place)
                if target is not None:
                    pointing = _OTHER[direction] if turned else direction
                    found.append(LinkRef(name=name, direction=pointing, target=ref_of(target), target_status=status))
        return tuple(found)

    def _word(self, kind: LinkKind) -> tuple[str, bool]:
        """Return the tracker's word for a kind of link, and whether it points the other way."""
        words = dict(self._place.words.links).get(kind.value)
        return (words[0].name, words[0].reversed) if words else (kind.value, False)

    def _fields(self) -> dict[str, FieldValue]:
        given: Mapping[str, Any] = self._said.value("fields")
        fields = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
        team = self._said.value("team")
        if team:
            names = dict(self._place.words.fields).get("team", ())
            if names:
                fields[names[0]] = team
            else:
                message = f"trackers.yaml maps no field of {self._place.id} to the team"
                self._notes.refuse(self._said.loc("team"), message)
        return fields

    def _moment(self, field: str) -> datetime | None:
        written = self._said.value(field)
        if written is None:
            return None
        found = moment_of(written, self._said.layer_of(field).now, self._calendar)
        if found is None:
            self._notes.refuse(self._said.loc(field), f"read '{written}'; expected {EXPECTED}")
        return found

    def _day(self, field: str) -> date | None:
        found = self._moment(field)
        return self._calendar.day(found) if found else None


@lru_cache(maxsize=100)
def _lexicon(words: Words) -> Lexicon:
    return Lexicon(words)


_OTHER = {Direction.OUT: Direction.IN, Direction.IN: Direction.OUT}


def ref_of(named: Named) -> Ref:
    """Return the reference by which an API names an item."""
    return Ref(tracker=named.id.tracker, native_id=named.id.native_id, key=named.key)


def _listed(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else tuple(value)


def _targets(value: str | list[str] | dict[str, str], loc: Loc) -> list[tuple[Loc, str, StatusCategory | None]]:
    if isinstance(value, str):
        return [(loc, value, None)]
    if isinstance(value, dict):
        return [((*loc, key), key, StatusCategory(status)) for key, status in value.items()]
    return [((*loc, index), key, None) for index, key in enumerate(value)]
