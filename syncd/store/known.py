"""What items and containers are called that events name by key or title, as far as we know them."""

from functools import cached_property

import msgspec
from sqlalchemy import Connection, select

from syncd.model.events import link_parts
from syncd.model.identity import ItemId
from syncd.model.items import Container, ContainerKind, Event
from syncd.store.rows import all_of, bodies, driver_rows
from syncd.store.tables import aliases, containers, items
from syncd.store.times import instant

_NAMING = ("parent", "links", "milestones")
_container = msgspec.json.Decoder(Container).decode


class Known:
    """Puts ids for names into events, and lets equal texts of many events be one text."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace_id = workspace_id
        self._shared: dict[str, str] = {}

    def event(self, item: ItemId, at: int, field: str, before: str, after: str, actor: str = "") -> Event:
        """Return an event whose items and milestones are named by id where they are known; ``at`` in microseconds."""
        share = self._shared.setdefault
        if field in _NAMING:
            before, after = self._text(field, before), self._text(field, after)
        return Event(
            item=item,
            at=instant(at),
            field=share(field, field),
            before=share(before, before),
            after=share(after, after),
            actor=share(actor, actor),
        )

    def _text(self, field: str, text: str) -> str:
        if not text:
            return ""
        if field == "parent":
            return self._keys.get(text, text)
        return self._link(text) if field == "links" else self._titles.get(text, text)

    def _link(self, text: str) -> str:
        parts = link_parts(text)
        target = self._keys.get(parts[2]) if parts else None
        return f"{parts[0]} {parts[1]} {target}" if parts and target else text

    @cached_property
    def _keys(self) -> dict[str, str]:
        """Ids by tracker and key, as texts; old keys first, so that today's owner of a key has it."""
        found = {}
        for table in (aliases, items):
            statement = select(table.c.tracker, table.c.key, table.c.native_id).where(
                *all_of(table, self._workspace_id)
            )
            for tracker, key, native_id in driver_rows(self._connection, statement):
                found[f"{tracker}:{key}"] = f"{tracker}:{native_id}"
        return found

    @cached_property
    def _titles(self) -> dict[str, str]:
        """Ids of milestones by what they are called where only their title is told: ``place: title``."""
        kind = ContainerKind.MILESTONE.value
        return {
            f"{each.id.tracker}:{kind}:{each.place.key}: {each.title}": str(each.id)
            for each in map(_container, bodies(self._connection, containers, self._workspace_id))
            if each.id.kind == kind and each.place is not None
        }
