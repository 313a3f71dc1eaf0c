"""The first level of evidence: which outcomes an item names itself, and what it names that is not there."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from rules.graph import LooseEnd
from rules.refs import Absence
from rules.roadmap.life import living
from rules.world import World
from syncd.model.identity import Ref
from syncd.model.items import Item, LinkKind

Outcomes = tuple[int, ...]
"""Numbers of outcomes in the order of the roadmap, each once."""
How = Literal["label", "field", "link", "line", "tracked_item", "tracked_label"]

NONE: Outcomes = ()
LABEL_PREFIX = "outcome:"
EVIDENT = (LinkKind.IMPLEMENTS, LinkKind.SPLIT_FROM, LinkKind.DUPLICATES)
"""Typed links that are evidence from source to target; mirrors are both ways."""


class Naming(msgspec.Struct, frozen=True):
    """An item names an outcome: how, in which words, and which; ``outcome`` None: the roadmap has no such."""

    how: How
    words: str
    outcome: int | None


class Heirs:
    """Which outcomes of the roadmap a name means: ids they had lead to them, and what was split or merged to what it
    became.
    """

    def __init__(self, world: World) -> None:
        outcomes = world.roadmap.outcomes
        numbers = {outcome.id: number for number, outcome in enumerate(outcomes)}
        self.by_name: dict[str, Outcomes] = {
            name: tuple(sorted(numbers[each] for each in found)) for name, found in living(outcomes).items()
        }
        self.by_number: list[Outcomes] = [self.by_name[outcome.id.casefold()] for outcome in outcomes]


class Names:
    """What every item of a World names."""

    def __init__(self, world: World) -> None:
        self._world = world
        outcomes = world.roadmap.outcomes
        heirs = heirs_of(world)
        self._by_id = heirs.by_name
        self._by_label: dict[str, list[int]] = {}
        self.tracked: dict[int, list[int]] = {}
        """Outcomes that the roadmap itself hangs on an item, by the item's position."""
        self._tracked_keys: dict[tuple[str, str], list[int]] = {}
        for outcome, numbers in zip(outcomes, heirs.by_number, strict=True):
            for label in outcome.tracked_in.labels:
                self._by_label.setdefault(label.casefold(), []).extend(numbers)
            for ref in outcome.tracked_in.items:
                self._track(numbers, ref)
        self._of_labels: dict[tuple[str, ...], tuple[Naming, ...]] = {(): ()}
        self.namings: dict[int, tuple[Naming, ...]] = {}
        for position, item in enumerate(world.rows):
            found = self._namings(position, item)
            if found:
                self.namings[position] = found

    def read_again(self, position: int) -> bool:
        """Read what an item names that became another one; return whether it names otherwise."""
        before, found = self.namings.pop(position, ()), self._namings(position, self._world.rows[position])
        if found:
            self.namings[position] = found
        return found != before

    def _track(self, numbers: Outcomes, ref: Ref) -> None:
        item_id = self._world.references.find(ref)
        position = self._world.positions.get(item_id) if item_id is not None else None
        if position is not None:
            self.tracked.setdefault(position, []).extend(numbers)
        named = self._world.references.named(ref)
        if named is not None:
            self._tracked_keys.setdefault((named.tracker, named.key.casefold()), []).extend(numbers)

    def of(self, position: int) -> Outcomes:
        """Return the outcomes that an item names."""
        found = self.namings.get(position)
        if found is None:
            return NONE
        numbers = {naming.outcome for naming in found if naming.outcome is not None}
        return tuple(sorted(numbers))

    def of_tracked(self, position: int) -> Outcomes:
        """Return the outcomes that the roadmap hangs on an item, which takes no reading of the item."""
        return tuple(sorted(set(self.tracked.get(position, NONE))))

    def of_key(self, end: LooseEnd) -> Outcomes:
        """Return the outcomes that the roadmap hangs on something that can't be read, by its key."""
        return tuple(sorted(set(self._tracked_keys.get((end.ref.tracker, end.key.casefold()), NONE))))

    def broken(self, position: int) -> list[Naming]:
        """Return what an item names that is no outcome of the roadmap."""
        return [naming for naming in self.namings.get(position, ()) if naming.outcome is None]

    def lost(self, position: int) -> list[LooseEnd]:
        """Return the things that an item names as its way to an outcome and that are known not to be there."""
        ends = self._world.graph.loose.get(position, ())
        return [end for end in ends if is_way(end) and end.absence is not Absence.UNREADABLE]

    def _namings(self, position: int, item: Item) -> tuple[Naming, ...]:
        labels = self._of_labels.get(item.labels)
        if labels is None:
            labels = self._of_labels[item.labels] = tuple(self._in_labels(item.labels))
        said = self._world.graph.outcomes.get(position)
        tracked = self.tracked.get(position)
        if said is None and tracked is None:
            return labels
        texts = (each for told_by, name in said or () for each in self._named(told_by, name, name.casefold()))
        hung = (Naming("tracked_item", item.key, number) for number in tracked or ())
        return tuple(dict.fromkeys((*labels, *texts, *hung)))

    def _in_labels(self, labels: tuple[str, ...]) -> Iterator[Naming]:
        for label in labels:
            folded = label.casefold()
            if folded.startswith(LABEL_PREFIX) and (name := folded.removeprefix(LABEL_PREFIX).strip()):
                yield from self._named("label", label, name)
            for number in self._by_label.get(folded, NONE):
                yield Naming("tracked_label", label, number)

    def _named(self, how: How, words: str, folded: str) -> Iterator[Naming]:
        """Yield a naming of each outcome that a name means; of none where the roadmap has no such."""
        for number in self._by_id.get(folded, (None,)):
            yield Naming(how, words, number)


def heirs_of(world: World) -> Heirs:
    """Return which outcomes names mean in a World, made once."""
    return world.once("heirs of outcomes", lambda: Heirs(world))


def is_way(end: LooseEnd) -> bool:
    """Return whether a loose end would be evidence: a parent, or the target of a typed link."""
    if end.kind is LinkKind.PARENT:
        return end.is_source
    return end.kind is LinkKind.MIRRORS or (end.kind in EVIDENT and not end.is_source)
