"""Which item a reference means: by id, key, old key or address; and why one that means none does not."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import msgspec

from syncd.model.identity import ItemId, PlaceId, Ref
from syncd.model.items import Item

_DIGITS = "0123456789"


class Absence(enum.Enum):
    """Why a reference leads to no item. GONE: it was there. MISSING: a complete census lacks it. UNREADABLE: nobody
    here can tell.
    """

    GONE = "gone"
    MISSING = "missing"
    UNREADABLE = "unreadable"


class Named(msgspec.Struct, frozen=True):
    """A key as understood: its tracker where that is known, and the place that it begins with."""

    key: str
    tracker: str = ""

    @property
    def place(self) -> str:
        """Return the key of the project or repository."""
        return place_key(self.key)


class References:
    """Looks references up among the items; texts that name no tracker mean the nearest one."""

    def __init__(
        self,
        items: Mapping[ItemId, Item],
        gone: Mapping[ItemId, Item],
        aliases: Mapping[tuple[str, str], ItemId],
    ) -> None:
        self._items = items
        self._gone = gone
        self._aliases = {(tracker, key.casefold()): item_id for (tracker, key), item_id in aliases.items()}

    def find(self, ref: Ref, near: Item | None = None) -> ItemId | None:
        """Return the item meant, gone ones too; ``near`` is the item whose text says it."""
        if ref.native_id:
            item_id = ItemId(ref.tracker, ref.native_id)
            if item_id in self._items or item_id in self._gone:
                return item_id
        named = self.named(ref, near)
        if named is not None:
            found = self._by_key(named, near)
            if found is not None:
                return found
        return self._by_url.get(_plain_url(ref.url)) if ref.url else None

    def named(self, ref: Ref, near: Item | None = None) -> Named | None:
        """Return the key that a reference gives, whole, or that its address leads to; None where it has none."""
        if ref.key.startswith("#"):
            # Only where keys are numbers in a place does a bare number mean something.
            is_numbered = near is not None and "#" in near.key
            return Named(f"{near.place.key}{ref.key}", near.place.tracker) if near and is_numbered else None
        if ref.key:
            return Named(ref.key, ref.tracker)
        if ref.url:
            url = _plain_url(ref.url)
            stem = url.rstrip(_DIGITS)
            base = self._bases.get(stem)
            return Named(base.key + url[len(stem) :], base.tracker) if base and stem != url else None
        return None

    def trackers_for(self, tracker: str, near: Item | None) -> Sequence[str]:
        """Return the trackers that a key may be of, the nearest first."""
        if tracker:
            return (tracker,)
        others = self._keys.keys() if near is None else self._keys.keys() - {near.id.tracker}
        return ((near.id.tracker,) if near else ()) + tuple(sorted(others))

    def _by_key(self, named: Named, near: Item | None) -> ItemId | None:
        key = named.key.casefold()
        own = near.id.tracker if near else ""
        found: list[ItemId] = []
        for tracker in self.trackers_for(named.tracker, near):
            item_id = self._keys.get(tracker, {}).get(key) or self._aliases.get((tracker, key))
            if item_id is not None:
                found.append(item_id)
                if tracker == own:
                    break
        # A key that two other trackers have is nobody's.
        return found[0] if len(found) == 1 else None

    @cached_property
    def _keys(self) -> dict[str, dict[str, ItemId]]:
        keys: dict[str, dict[str, ItemId]] = {tracker: {} for tracker, _ in self._aliases}
        # What is there wins over what is gone.
        for items in (self._gone, self._items):
            for item_id, item in items.items():
                of_tracker = keys.get(item_id.tracker)
                if of_tracker is None:
                    of_tracker = keys[item_id.tracker] = {}
                of_tracker[item.key.casefold()] = item_id
        return keys

    @cached_property
    def _by_url(self) -> dict[str, ItemId]:
        return {_plain_url(item.url): item.id for item in self._all() if item.url}

    @cached_property
    def _bases(self) -> dict[str, Named]:
        """Addresses of places up to the number, learnt from their items, with what keys there begin with."""
        bases: dict[str, Named] = {}
        for item in self._all():
            if item.url:
                stem = _plain_url(item.url).rstrip(_DIGITS)
                bases.setdefault(stem, Named(item.key.rstrip(_DIGITS), item.id.tracker))
        return bases

    def _all(self) -> Iterable[Item]:
        yield from self._gone.values()
        yield from self._items.values()


def place_key(key: str) -> str:
    """Return the project or repository that an item's key begins with."""
    return key.rpartition("#")[0] if "#" in key else key.rpartition("-")[0]


def text_ref(name: str) -> Ref:
    """Return the reference that a name in a text is."""
    return Ref(url=name) if name.startswith("http") else Ref(key=name)


class PlaceNames:
    """The places that are known, by their keys without case."""

    def __init__(self, places: Iterable[PlaceId]) -> None:
        self._places = {(place.tracker, place.key.casefold()): place for place in places}

    def find(self, trackers: Iterable[str], key: str) -> PlaceId | None:
        """Return the first tracker's place of that key."""
        folded = key.casefold()
        return next((found for tracker in trackers if (found := self._places.get((tracker, folded)))), None)


def _plain_url(url: str) -> str:
    """Return an address without what does not change where it leads: a change and an item of a number are one."""
    plain = url.partition("#")[0].partition("?")[0].partition("://")[2].rstrip("/").casefold()
    return plain.replace("/pull/", "/issues/")
