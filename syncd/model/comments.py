"""The comment syncd writes, as a small tree: adapters render and neutralise its leaves.

Leaves that ``wobble`` tell what is worked out anew every day, as a forecast is: see planner/steady.py.

The middle of the program never builds Markdown, wiki markup or ADF; a comment's hash is over the tree, so that a new
renderer alone rewrites nothing.
"""

import hashlib
from collections.abc import Iterator
from datetime import date

import msgspec

from syncd.model.identity import ItemId, PlaceId


class Text(msgspec.Struct, frozen=True, tag="text", omit_defaults=True):
    """Our own words; ``strong`` is shown in bold, ``code`` as code (then it is never both)."""

    text: str
    strong: bool = False
    code: bool = False
    wobbles: bool = False


class Quote(msgspec.Struct, frozen=True, tag="quote", omit_defaults=True):
    """Words of somebody else: they must not ping, link, format or forge.

    ``source`` is the place whose readers may see them, None where they come from the roadmap. ``item`` is the other
    item that is quoted, if it is one: who may read it is asked anew whenever it is told. ``restricted`` words are never
    shown.
    """

    text: str
    source: PlaceId | None = None
    restricted: bool = False
    item: ItemId | None = None
    wobbles: bool = False


class Reference(msgspec.Struct, frozen=True, tag="reference", omit_defaults=True):
    """An item by its key, with its address; ``item`` and ``source`` let the audience be checked before it is shown."""

    key: str
    url: str = ""
    item: ItemId | None = None
    source: PlaceId | None = None
    restricted: bool = False
    wobbles: bool = False


class Day(msgspec.Struct, frozen=True, tag="day", omit_defaults=True):
    """A date, never an age; ``source``, ``restricted`` and ``item`` as of a quote."""

    on: date
    source: PlaceId | None = None
    restricted: bool = False
    item: ItemId | None = None
    wobbles: bool = False


Leaf = Text | Quote | Reference | Day
Line = tuple[Leaf, ...]


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """One line of leaves."""

    line: Line


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A line that opens a part."""

    line: Line


class Bullets(msgspec.Struct, frozen=True, tag="bullets"):
    """A list of lines."""

    lines: tuple[Line, ...]


class Fold(msgspec.Struct, frozen=True, tag="fold"):
    """Blocks hidden behind a title until the reader opens them."""

    title: str
    blocks: "tuple[Block, ...]"


Block = Paragraph | Heading | Bullets | Fold


class Comment(msgspec.Struct, frozen=True, omit_defaults=True):
    """What syncd says on one item. ``resolved``: one line, nothing is open any more."""

    blocks: tuple[Block, ...]
    resolved: bool = False

    @property
    def quoted(self) -> tuple[Leaf, ...]:
        """Return what is quoted, named or dated, each once: all that not everybody may read."""
        leaves = (leaf for block in self.blocks for leaf in _leaves(block))
        return tuple(dict.fromkeys(leaf for leaf in leaves if not isinstance(leaf, Text)))

    @property
    def hash(self) -> str:
        """Return 16 hexadecimal digits that change when, and only when, the tree does."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]


def _leaves(block: Block) -> Iterator[Leaf]:
    if isinstance(block, Fold):
        for inner in block.blocks:
            yield from _leaves(inner)
    else:
        for line in block.lines if isinstance(block, Bullets) else (block.line,):
            yield from line


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What travels with a comment so that it is known as ours: ``owner`` is ``installation/workspace``."""

    owner: str
    hash: str
    version: int = 1
