"""Comments, lines and dates as plain text for a terminal; what others wrote can't move the cursor or colour it."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime

from syncd.model.comments import Block, Bullets, Comment, Day, Fold, Heading, Leaf, Line, Paragraph, Quote, Reference

_SHOWN = 300


def plain(text: str, shown: int = _SHOWN) -> str:
    """Return text in one line, without control characters, cut at ``shown`` characters."""
    visible = "".join(" " if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp") else each for each in text)
    line = " ".join(visible.split())
    return line if len(line) <= shown else line[: shown - 1] + "…"


def line_text(line: Line) -> str:
    """Return a line of leaves as text."""
    return "".join(_leaf(leaf) for leaf in line)


def comment_lines(comment: Comment, indent: str = "") -> Iterator[str]:
    """Yield a comment line by line; folds are opened."""
    for block in comment.blocks:
        yield from (indent + line for line in _block(block))


def day(at: datetime | None) -> str:
    """Return a day, or a dash."""
    return at.date().isoformat() if at else "-"


def minute(at: datetime | None) -> str:
    """Return an instant to the minute, in UTC, or "never"."""
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else "never"


def counted(count: int, one: str, many: str = "") -> str:
    """Return "1 item" or "2 items"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _leaf(leaf: Leaf) -> str:
    if isinstance(leaf, Quote):
        return plain(leaf.text)
    if isinstance(leaf, Reference):
        return plain(leaf.key)
    if isinstance(leaf, Day):
        return leaf.on.isoformat()
    return leaf.text


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading | Paragraph):
        yield line_text(block.line)
    elif isinstance(block, Bullets):
        yield from (f"- {line_text(line)}" for line in block.lines)
    elif isinstance(block, Fold):
        yield f"[{block.title}]"
        for inner in block.blocks:
            yield from ("  " + line for line in _block(inner))
