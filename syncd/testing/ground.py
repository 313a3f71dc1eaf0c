"""What the cases of a workspace stand on: its rules, places, roadmap and policy, as its files say."""

from collections.abc import Iterable, Mapping

import msgspec

from rules.engine import RuleSet
from rules.refs import place_key
from rules.roadmap.loader import Roadmap
from syncd.complaints import did_you_mean, one_of
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Place
from syncd.planner.terms import Policy


class Named(msgspec.Struct, frozen=True):
    """An item that a case names: who it is, its key in the tracker, and where it is."""

    id: ItemId
    key: str
    place: PlaceId


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """The workspace that cases are run in; ``policy`` has its calendar, and how far teams may go."""

    rules: RuleSet
    roadmap: Roadmap
    places: Mapping[PlaceId, Place]
    policy: Policy

    @property
    def trackers(self) -> tuple[str, ...]:
        """Return the names of the trackers, in order."""
        return tuple(sorted({place.tracker for place in self.places}))

    def item(self, written: str) -> Named | str:
        """Return the item that ``PAY-1``, ``jira:PAY-1`` or ``acme/checkout#1`` names, or what is wrong with it."""
        tracker, key = self._parts(written)
        number = key[len(place_key(key)) + 1 :]
        if not place_key(key) or not number.isdigit():
            return f"read '{written}'; expected an item's key, such as PAY-1, acme/checkout#1 or jira:PAY-1"
        place = self.place(f"{tracker}:{place_key(key)}" if tracker else place_key(key))
        return place if isinstance(place, str) else Named(ItemId(place.tracker, f"n{key}"), key, place)

    def place(self, written: str) -> PlaceId | str:
        """Return the place that ``FRAUD``, ``jira:FRAUD`` or ``acme/checkout`` names, or what is wrong with it."""
        tracker, key = self._parts(written)
        found = [each for each in self.places if each.key == key and tracker in ("", each.tracker)]
        if len(found) == 1:
            return found[0]
        if found:
            return f"'{key}' is in several trackers: write {' or '.join(str(each) for each in sorted(found))}"
        keys = self._place_keys()
        return f"no place '{key}' in trackers.yaml.{did_you_mean(key, keys) or f' There is: {one_of(keys)}.'}"

    def _parts(self, written: str) -> tuple[str, str]:
        tracker, colon, rest = written.partition(":")
        return (tracker, rest) if colon and tracker in self.trackers else ("", written)

    def _place_keys(self) -> list[str]:
        return _once(each.key for each in sorted(self.places))


def _once(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(keys))
