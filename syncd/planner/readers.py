"""What the readers of an item may read of what is told there: every leaf of a comment is checked, none slips by."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rules.subjects import container_of, outcome_of
from syncd.model.comments import Block, Bullets, Comment, Day, Fold, Heading, Leaf, Line, Paragraph, Quote, Reference
from syncd.model.comments import Text as Words
from syncd.model.findings import Evidence, Finding, Subject
from syncd.model.identity import PlaceId
from syncd.model.items import Item, Place
from syncd.planner.audience import Sight, may_be_named, sight, sight_of_restricted
from syncd.planner.stages import is_read_outside

if TYPE_CHECKING:
    from rules.world import World

HIDDEN = Words("(not shown here)")
ANOTHER_TRACKER = Words("an item in another tracker")
NOT_PUBLIC = Words("an item that is not public")


class Readership:
    """All places of a World, asked for their readers; what is the same for all items of a place is worked out once."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self._open_words: dict[PlaceId, frozenset[str]] = {}

    def of(self, item: Item, place: Place) -> "Readers":
        """Return the readers of an item, which is in ``place``."""
        return Readers(item, place, self)

    def open_words(self, place: Place) -> frozenset[str]:
        """Return the words of the roadmap that may be shown at a place where people from outside read."""
        found = self._open_words.get(place.id)
        if found is None:
            roadmap = self.world.roadmap
            named = [outcome for outcome in roadmap.outcomes if may_be_named(outcome, place)]
            words = {each for outcome in named for each in (outcome.id, outcome.title, outcome.why)}
            if roadmap.period is not None:
                words.add(roadmap.period.id)
            found = self._open_words[place.id] = frozenset(words)
        return found


class Readers:
    """Those who read one item. ``may`` questions are about all of them: what one may not read is not shown."""

    def __init__(self, item: Item, place: Place, readership: Readership) -> None:
        self.item = item
        self.place = place
        self._readership = readership
        self._is_outside = is_read_outside(place)

    def may_hear_of(self, subject: Subject) -> bool:
        """Say whether they may read what is said about a subject; else it is named at most."""
        world = self._readership.world
        outcome, container = outcome_of(subject, world), container_of(subject, world)
        if outcome is not None:
            return may_be_named(outcome, self.place)
        if container is not None:
            return self._sight(container.place) is Sight.WORDS
        item = world.item(subject.id)
        return item is not None and (item.id == self.item.id or self._sight(item.place, item.restricted) is Sight.WORDS)

    def heard(self, finding: Finding) -> Finding:
        """Return a finding about what they may read as they may hear it.

        A reason, or an advice, with something hidden in it would be none: it disappears. Facts are for those inside.
        """
        evidence = [Evidence(each.fact, self.line(each.value)) for each in finding.evidence if not self._is_outside]
        return replace(
            finding,
            message=self.line(finding.message),
            why=() if self._hides(finding.why) else finding.why,
            fix=tuple(line for line in finding.fix if not self._hides(line)),
            evidence=tuple(each for each in evidence if HIDDEN not in each.value),
        )

    def _hides(self, line: Line) -> bool:
        return HIDDEN in self.line(line)

    def comment(self, tree: Comment) -> Comment:
        """Return a comment as they may see it."""
        return replace(tree, blocks=tuple(self._block(block) for block in tree.blocks))

    def may_no_longer_read(self, shown: Iterable[Leaf]) -> bool:
        """Say whether something that was shown is known to be none of theirs now.

        Of a place that is not configured, or whose readers nobody knows, nothing is known: what was told stays.
        """
        is_known = self.place.audience is not None
        return is_known and any(self._is_closed_now(leaf) for leaf in shown if not isinstance(leaf, Words))

    def _is_closed_now(self, leaf: Quote | Reference | Day) -> bool:
        sources = [leaf.source] if leaf.source is not None else []
        if leaf.item is not None:
            item = self._readership.world.item(leaf.item)
            # That it is gone says nothing of who may read what it was.
            leaf = leaf if item is not None else replace(leaf, item=None)
            sources += [item.place] if item is not None else []
        found = map(self._readership.world.place, sources)
        is_known = all(place is not None and place.audience is not None for place in found)
        return is_known and self.leaf(leaf) != leaf

    def _block(self, block: Block) -> Block:
        if isinstance(block, Fold):
            return Fold(block.title, tuple(self._block(each) for each in block.blocks))
        if isinstance(block, Bullets):
            return Bullets(self._lines(block.lines))
        if isinstance(block, Heading):
            return Heading(self.line(block.line))
        return Paragraph(self.line(block.line))

    def _lines(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return a list in which all lines about things that may not be named are one line that counts them."""
        shown = [self.line(line) for line in lines]
        counts = Counter(line for line in shown if line in _UNNAMED_LINES)
        named = [line for line in shown if line not in counts]
        return (*named, *((_counted(name, counts[(name,)]),) for name in _UNNAMED if counts[(name,)]))

    def line(self, line: Line) -> Line:
        """Return a line as they may see it."""
        for leaf in line:
            if not isinstance(leaf, Words) and self.leaf(leaf) is not leaf:
                return _merged(_without_empty_brackets(map(self.leaf, line)))
        return line

    def leaf(self, leaf: Leaf) -> Leaf:
        """Return a leaf as they may see it."""
        if isinstance(leaf, Words) or (isinstance(leaf, Reference) and leaf.item == self.item.id):
            return leaf
        if isinstance(leaf, Day) and self._is_outside:
            # An item's date can come from the roadmap.
            return HIDDEN
        if leaf.source is None and not leaf.restricted:
            return leaf if self._may_read_roadmap(leaf) else HIDDEN
        if isinstance(leaf, Reference):
            return self._reference(leaf)
        return leaf if self._sight_of(leaf) is Sight.WORDS else HIDDEN

    def _may_read_roadmap(self, leaf: Quote | Reference | Day) -> bool:
        """Say whether words of the roadmap may be shown: outside the names of its public outcomes, never its notes."""
        if not self._is_outside:
            return True
        words = "" if isinstance(leaf, Day) else leaf.key if isinstance(leaf, Reference) else leaf.text
        return words in self._readership.open_words(self.place)

    def _reference(self, leaf: Reference) -> Leaf:
        found = self._sight_of(leaf)
        if found is Sight.WORDS:
            return leaf
        if found is Sight.KEY:
            return replace(leaf, url="") if leaf.url else leaf
        is_near = leaf.source is not None and leaf.source.tracker == self.place.id.tracker
        return NOT_PUBLIC if is_near else ANOTHER_TRACKER

    def _sight_of(self, leaf: Quote | Reference | Day) -> Sight:
        """Return what they may see of what a leaf shows: as it was when it was put, and as its item is now."""
        found = self._sight(leaf.source, leaf.restricted)
        if leaf.item is None:
            return found
        item = self._readership.world.item(leaf.item)
        # What is gone may have been put out of sight.
        now = self._sight(item.place, item.restricted) if item else self._sight(leaf.source, restricted=True)
        return min(found, now)

    def _sight(self, source: PlaceId | None, restricted: bool = False) -> Sight:
        place = self._readership.world.place(source) if source is not None else None
        return sight_of_restricted(place, self.place) if restricted else sight(place, self.place)


_UNNAMED = (ANOTHER_TRACKER, NOT_PUBLIC)
_UNNAMED_LINES = tuple((name,) for name in _UNNAMED)
_COMMA, _AND = Words(", "), Words(" and ")


def _without_empty_brackets(leaves: Iterable[Leaf]) -> list[Leaf]:
    """Return a line in which a title in brackets that is hidden is gone with its brackets."""
    kept: list[Leaf] = []
    for leaf in leaves:
        if leaf == Words(")") and kept[-2:] == [Words(" ("), HIDDEN]:
            del kept[-2:]
        else:
            kept.append(leaf)
    return kept


def _merged(leaves: list[Leaf]) -> Line:
    """Return a line in which things that are not shown, one after the other in a list, are told once and counted."""
    kept: list[Leaf] = []
    counts: Counter[Leaf] = Counter()
    for leaf in leaves:
        if leaf not in (HIDDEN, *_UNNAMED):
            kept.append(leaf)
        elif leaf not in kept or kept[-1] not in (_COMMA, _AND):
            kept.append(leaf)
            counts[leaf] = 1
        else:
            counts[leaf] += 1
            if kept.pop() == _AND and _COMMA in kept:
                kept[len(kept) - 1 - kept[::-1].index(_COMMA)] = _AND
    return tuple(_counted(leaf, counts[leaf]) if leaf in _UNNAMED else leaf for leaf in kept)


def _counted(name: Leaf, count: int) -> Leaf:
    if count == 1 or not isinstance(name, Words):
        return name
    return Words(f"{count} {name.text.replace('an item', 'items', 1).replace('that is', 'that are')}")
