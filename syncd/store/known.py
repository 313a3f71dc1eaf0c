"""What items and containers are called that events name by key or title, as far as we know them."""

from collections.abc import Collection, Iterable, Mapping

import msgspec
from sqlalchemy import Connection, select

from syncd.model.events import link_parts, ref_of
from syncd.model.identity import ItemId
from syncd.model.items import Container, ContainerKind, Event
from syncd.store.rows import bodies, driver_rows
from syncd.store.tables import aliases, containers, items
from syncd.store.times import instant

_NAMING = ("parent", "links", "milestones")
_UNIQUE = frozenset({"title", "key", "parent", "links", "estimate", "due_on"})
"""Fields whose texts are hardly ever the same twice."""
_MOST_SHARED = 100_000
_AT_ONCE = 5000
_container = msgspec.json.Decoder(Container).decode


class Step(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An event without its item, as the rows of ``histories`` hold it; ``at`` in microseconds."""

    at: int
    field: str
    before: str
    after: str
    actor: str = ""


class Known:
    """Puts ids for names into events, and lets equal texts of many events be one text."""

    def __init__(self, workspace_id: str) -> None:
        self._workspace_id = workspace_id
        self._shared: dict[str, str] = {}
        self._titles: Mapping[str, str] | None = None

    def forget(self) -> None:
        """Look milestones up anew."""
        self._titles = None

    def names_any(self, steps: Iterable[Step]) -> bool:
        """Say whether any of some steps may name an item or a milestone otherwise than by its id."""
        return any(step.field in _NAMING for step in steps)

    def ids(self, connection: Connection, steps: Iterable[Step]) -> dict[str, str]:
        """Return the ids of items that are named by key, as far as they are known."""
        keys: dict[str, set[str]] = {}
        for step in steps:
            if step.field == "milestones":
                self._read_titles(connection)
            elif step.field in _NAMING:
                for text in (step.before, step.after):
                    ref = ref_of(_target(text) if step.field == "links" else text)
                    if ref.key:
                        keys.setdefault(ref.tracker, set()).add(ref.key)
        found: dict[str, str] = {}
        for tracker, named in keys.items():
            found.update(self._named(connection, tracker, sorted(named)))
        return found

    def event(self, item: ItemId, step: Step, ids: Mapping[str, str]) -> Event:
        """Return an event whose items (by ``ids``) and milestones are named by id where that is known."""
        field, before, after = step.field, step.before, step.after
        if len(self._shared) > _MOST_SHARED:
            self._shared.clear()
        share = self._shared.setdefault
        if field == "links":
            before, after = _link(before, ids), _link(after, ids)
        elif field in _NAMING:
            named = ids if field == "parent" else self._titles or ids
            before, after = named.get(before, before), named.get(after, after)
        if field not in _UNIQUE:
            before, after = share(before, before), share(after, after)
        actor = step.actor
        return Event(
            item=item,
            at=instant(step.at),
            field=share(field, field),
            before=before,
            after=after,
            actor=share(actor, actor),
        )

    def _named(self, connection: Connection, tracker: str, keys: Collection[str]) -> dict[str, str]:
        """Return ids by tracker and key, as texts; old keys first, so that today's owner of a key has it."""
        found = {}
        listed = list(keys)
        for begin in range(0, len(listed), _AT_ONCE):
            some = listed[begin : begin + _AT_ONCE]
            for table in (aliases, items):
                statement = select(table.c.key, table.c.native_id).where(
                    table.c.workspace_id == self._workspace_id, table.c.tracker == tracker, table.c.key.in_(some)
                )
                for key, native_id in driver_rows(connection, statement):
                    found[f"{tracker}:{key}"] = f"{tracker}:{native_id}"
        return found

    def _read_titles(self, connection: Connection) -> None:
        """Learn the ids of milestones by what they are called where only their title is told: ``place: title``."""
        if self._titles is None:
            kind = ContainerKind.MILESTONE.value
            self._titles = {
                f"{each.id.tracker}:{kind}:{each.place.key}: {each.title}": str(each.id)
                for each in map(_container, bodies(connection, containers, self._workspace_id))
                if each.id.kind == kind and each.place is not None
            }


def _target(text: str) -> str:
    parts = link_parts(text)
    return parts[2] if parts else ""


def _link(text: str, ids: Mapping[str, str]) -> str:
    parts = link_parts(text)
    target = ids.get(parts[2]) if parts else None
    return f"{parts[0]} {parts[1]} {target}" if parts and target else text
