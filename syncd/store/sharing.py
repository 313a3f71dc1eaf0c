"""Equal values of many items made one value: of a million items that is a gigabyte and a half."""

from collections.abc import Hashable

from msgspec.structs import force_setattr

from syncd.model.identity import Ref
from syncd.model.items import FieldValue, Item

_NO_FIELDS: dict[str, FieldValue] = {}
_NAMES = ("key", "place", "status", "type", "priority", "labels", "reporter", "assignees", "sprints", "milestones")


class Sharing:
    """Lets items that are read one after the other have equal values in common; nobody may have seen them yet."""

    def __init__(self) -> None:
        self._values: dict[Hashable, Hashable] = {}
        self._refs: dict[Ref, Ref] = {}
        self._fields: dict[Hashable, dict[str, FieldValue]] = {}

    def shared(self, item: Item) -> Item:
        """Return an item, parts of which others have too."""
        share = self._values.setdefault
        item_id = item.id
        force_setattr(item_id, "tracker", share(item_id.tracker, item_id.tracker))
        force_setattr(item_id, "native_id", share(item_id.native_id, item_id.native_id))
        for name in _NAMES:
            value = getattr(item, name)
            if value:
                force_setattr(item, name, share(value, value))
        if item.parent is not None:
            force_setattr(item, "parent", self._ref(item.parent))
        for link in item.links:
            force_setattr(link, "name", share(link.name, link.name))
            force_setattr(link, "target", self._ref(link.target))
        force_setattr(item, "fields", self._of_fields(item.fields))
        if item.activity_at == item.updated_at:
            force_setattr(item, "activity_at", item.updated_at)
        return item

    def _of_fields(self, fields: dict[str, FieldValue]) -> dict[str, FieldValue]:
        if not fields:
            return _NO_FIELDS
        # For Python True is 1.
        key = tuple([(name, value.__class__, value) for name, value in fields.items()])
        return self._fields.setdefault(key, fields)

    def _ref(self, ref: Ref) -> Ref:
        found = self._refs.setdefault(ref, ref)
        if found is ref:
            share = self._values.setdefault
            force_setattr(ref, "tracker", share(ref.tracker, ref.tracker))
            force_setattr(ref, "native_id", share(ref.native_id, ref.native_id))
            force_setattr(ref, "key", share(ref.key, ref.key))
        return found
