"""Who may read what: every leaf of a comment is checked against the readers of the place it goes to.

Words of a place (titles, names, dates) are shown only where every reader of the target may read the source; else an
item is its key alone; and where even the key would tell that a place exists, it is "an item in another tracker".
Restricted words are shown nowhere.
"""

import enum
from typing import TYPE_CHECKING

from msgspec.structs import replace

from syncd.model.comments import Block, Bullets, Comment, Day, Fold, Heading, Leaf, Line, Paragraph, Quote, Reference
from syncd.model.comments import Text as Words
from syncd.model.identity import PlaceId
from syncd.model.items import Audience, AudienceKind, Item, Place
from syncd.model.outcomes import Outcome
from syncd.planner.stages import is_read_outside

if TYPE_CHECKING:
    from rules.world import World

HIDDEN = Words("(not shown here)")


class Sight(enum.IntEnum):
    """What readers of one place may see of another, in order."""

    NOTHING = 0
    KEY = 1
    WORDS = 2


def sight(source: Place | None, target: Place) -> Sight:
    """Return what the readers of ``target`` may see of ``source``; a place that nobody described hides everything."""
    if source is None:
        return Sight.NOTHING
    audience = audience_of(source)
    if source.id == target.id and audience.kind is AudienceKind.CUSTOMERS:
        # At a service desk each customer reads their own requests, not those of others.
        return Sight.KEY
    if source.id == target.id or audience.kind is AudienceKind.PUBLIC:
        return Sight.WORDS
    if is_read_outside(target):
        return Sight.NOTHING
    # Where nobody said who reads the target, words of elsewhere stay away from it too.
    is_inside = audience.kind is AudienceKind.INTERNAL and target.audience is not None
    if is_inside or _is_same_group(source, target):
        return Sight.WORDS
    return Sight.KEY if source.id.tracker == target.id.tracker else Sight.NOTHING


def sight_of_restricted(source: Place | None, target: Place) -> Sight:
    """Return what may be seen of an item under a security level: its key at most, inside, in its own tracker."""
    if source is None or is_read_outside(target) or source.id.tracker != target.id.tracker:
        return Sight.NOTHING
    return min(sight(source, target), Sight.KEY)


def audience_of(place: Place) -> Audience:
    """Return the readers of a place; where nobody said who reads it, a group of its own."""
    return place.audience or Audience(AudienceKind.GROUP)


def _is_same_group(source: Place, target: Place) -> bool:
    """Say whether two places have the same named group: a group without a name is nobody else's."""
    one, other = audience_of(source), audience_of(target)
    is_named = one.kind is AudienceKind.GROUP and one.group != ""
    return is_named and one == other and source.id.tracker == target.id.tracker


def may_be_named(outcome: Outcome, target: Place) -> bool:
    """Say whether an outcome may be named at a place: an internal one only where nobody outside reads."""
    return outcome.visibility == "public" or not is_read_outside(target)


def for_readers(comment: Comment, item: Item, place: Place, world: "World") -> Comment:
    """Return the comment as the readers of its item may see it; ``place`` is the item's."""
    masked = _Masking(item, place, world)
    return replace(comment, blocks=tuple(masked.block(block) for block in comment.blocks))


class _Masking:
    """Hides what the readers of one item may not see."""

    def __init__(self, item: Item, place: Place, world: "World") -> None:
        self._item = item
        self._place = place
        self._world = world
        named = [outcome for outcome in world.roadmap.outcomes if may_be_named(outcome, place)]
        self._open_words = {words for outcome in named for words in (outcome.id, outcome.title, outcome.why)}
        if world.roadmap.period is not None:
            self._open_words.add(world.roadmap.period.id)

    def block(self, block: Block) -> Block:
        if isinstance(block, Fold):
            return Fold(block.title, tuple(self.block(each) for each in block.blocks))
        if isinstance(block, Bullets):
            return Bullets(self._lines(block.lines))
        if isinstance(block, Heading):
            return Heading(self._line(block.line))
        return Paragraph(self._line(block.line))

    def _lines(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return a list in which all lines about things that may not be named are one line that counts them."""
        counts: dict[str, int] = {}
        for line in lines:
            name = self._hidden_subject(line)
            if name:
                counts[name] = counts.get(name, 0) + 1
        shown = [self._line(line) for line in lines if not self._hidden_subject(line)]
        shown += [(Words(_counted(name, count)),) for name, count in sorted(counts.items())]
        return tuple(shown)

    def _hidden_subject(self, line: Line) -> str:
        first = line[0] if line else None
        hidden = self._leaf(first) if isinstance(first, Reference) else None
        return hidden.text if isinstance(hidden, Words) else ""

    def _line(self, line: Line) -> Line:
        shown: list[Leaf] = []
        for leaf in line:
            put = self._leaf(leaf)
            if put == Words(")") and len(shown) > 1 and shown[-1] == HIDDEN and shown[-2] == Words(" ("):
                # A title in brackets goes with its brackets.
                del shown[-2:]
                continue
            shown.append(put)
        return tuple(shown)

    def _leaf(self, leaf: Leaf) -> Leaf:
        if isinstance(leaf, Words):
            return leaf
        if isinstance(leaf, Reference):
            return self._reference(leaf)
        may_read = self._may_know(leaf) if isinstance(leaf, Day) else self._may_read(leaf)
        return leaf if may_read else HIDDEN

    def _may_know(self, day: Day) -> bool:
        """Say whether a date may be shown: not outside, since an item's date can come from the roadmap."""
        return not is_read_outside(self._place) and not day.restricted and self._may_read_of(day.source)

    def _may_read_of(self, source: PlaceId | None) -> bool:
        return source is None or sight(self._world.place(source), self._place) is Sight.WORDS

    def _may_read(self, leaf: Quote | Reference) -> bool:
        if leaf.restricted or not self._may_read_of(leaf.source):
            return False
        if leaf.source is not None:
            return True
        # The roadmap's: its names go outside as each outcome says, its notes never do.
        words = leaf.key if isinstance(leaf, Reference) else leaf.text
        return words in self._open_words or not is_read_outside(self._place)

    def _reference(self, leaf: Reference) -> Leaf:
        if leaf.item == self._item.id or self._may_read(leaf):
            return leaf
        if leaf.source is None:
            return HIDDEN
        look = sight_of_restricted if leaf.restricted else sight
        if look(self._world.place(leaf.source), self._place) is not Sight.NOTHING:
            return Reference(leaf.key, item=leaf.item, source=leaf.source, restricted=leaf.restricted)
        return Words(_unnamed(leaf.source, self._place))


def _unnamed(source: PlaceId, target: Place) -> str:
    return ANOTHER_TRACKER if source.tracker != target.id.tracker else NOT_PUBLIC


ANOTHER_TRACKER = "an item in another tracker"
NOT_PUBLIC = "an item that is not public"


def _counted(name: str, count: int) -> str:
    return name if count == 1 else f"{count} {name.replace('an item', 'items', 1).replace('that is', 'that are')}"
