"""Keys in the order in which people count: PAY-9 before PAY-10."""

import re

from syncd.model.identity import ItemId
from syncd.model.items import Item

# At most 18 digits at once: a longer run is split, and no number is too large to compare.
_NUMBER = re.compile(r"([0-9]{1,18})")

Natural = tuple[str | int, ...]


def natural(key: str) -> Natural:
    """Return what sorts keys as people count."""
    return tuple(int(part) if index % 2 else part for index, part in enumerate(_NUMBER.split(key)))


def by_key(item: Item) -> tuple[Natural, ItemId]:
    """Return what sorts items by key; the identity decides where two trackers have the same key."""
    return natural(item.key), item.id
