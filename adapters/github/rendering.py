"""The Comment tree as GitHub Markdown, below the hidden line that makes it ours."""

import re
from collections.abc import Iterator, Sequence

from adapters.github import mark, neutral
from syncd.model.comments import (
    Block,
    Bullets,
    Comment,
    Day,
    Fold,
    Heading,
    Leaf,
    Line,
    Mark,
    Paragraph,
    Quote,
    Reference,
    Text,
)

BODY_LIMIT = 65_536
"""Characters that GitHub takes for a comment."""
QUOTE_LIMIT = 400
TEXT_LIMIT = 4_000
_CUT = "This comment is cut: {count} more lines do not fit."
_URL = re.compile(r"https?://[^\s<>\x60\"]*[^\s<>\x60\".,;:!?)'\]]")


def body(comment: Comment, marked: Mark, web_host: str) -> str:
    """Return the whole body of our comment.

    ``web_host`` is the tracker's own: references to it would write backlinks into other issues, so they are not links.
    What does not fit is cut at the end of a line, and the comment says so.
    """
    room = BODY_LIMIT - len(mark.line(marked)) - 2
    text = markdown(comment.blocks, web_host)
    if len(text) > room:
        text = _cut(comment.blocks, room, web_host)
    return f"{mark.line(marked)}\n{text}\n"


def markdown(blocks: Sequence[Block], web_host: str) -> str:
    """Return blocks as Markdown, an empty line between them."""
    return "\n\n".join(text for block in blocks if (text := _block(block, web_host)))


def _block(block: Block, web_host: str) -> str:
    if isinstance(block, Paragraph):
        return _line(block.line, web_host)
    if isinstance(block, Heading):
        line = _line(block.line, web_host)
        return f"### {line}" if line else ""
    if isinstance(block, Bullets):
        return "\n".join(f"- {text}" for line in block.lines if (text := _line(line, web_host)))
    inner = markdown(block.blocks, web_host)
    title = neutral.html_text(block.title).strip()
    return f"<details><summary>{title}</summary>\n\n{inner}\n\n</details>" if inner else ""


def _line(line: Line, web_host: str) -> str:
    return neutral.line_start(neutral.apart([_leaf(leaf, web_host) for leaf in line]))


def _leaf(leaf: Leaf, web_host: str) -> str:
    if isinstance(leaf, Quote):
        return "…" if leaf.restricted else neutral.markdown_text(_short(leaf.text.strip(), QUOTE_LIMIT))
    if isinstance(leaf, Reference):
        return neutral.link(_short(leaf.key, QUOTE_LIMIT), "" if leaf.restricted else leaf.url, web_host)
    if isinstance(leaf, Day):
        return leaf.on.isoformat()
    return _text(leaf, web_host)


def _text(leaf: Text, web_host: str) -> str:
    """Return our own words; an address that an admin wrote into a rule is a link."""
    words = _short(leaf.text, TEXT_LIMIT)
    if leaf.code:
        return neutral.code(words)
    parts, last = [], 0
    for found in _URL.finditer(words):
        target = neutral.address(found[0], web_host)
        parts += [
            neutral.markdown_text(words[last : found.start()]),
            f"<{target}>" if target else neutral.code(found[0]),
        ]
        last = found.end()
    text = "".join([*parts, neutral.markdown_text(words[last:])])
    inner = text.strip()
    return text.replace(inner, f"**{inner}**", 1) if leaf.strong and inner else text


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _cut(blocks: Sequence[Block], room: int, web_host: str) -> str:
    """Return as many lines as fit, and how many do not."""
    total = _count(blocks)
    low, high = 0, total
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(_first(blocks, middle, web_host)) <= room else (low, middle - 1)
    return _first(blocks, low, web_host)


def _first(blocks: Sequence[Block], count: int, web_host: str) -> str:
    note = Paragraph((Text(_CUT.format(count=_count(blocks) - count)),))
    return markdown((*_take(blocks, count), note), web_host)


def _count(blocks: Sequence[Block]) -> int:
    return sum(_size(block) for block in blocks)


def _size(block: Block) -> int:
    if isinstance(block, Bullets):
        return len(block.lines)
    return _count(block.blocks) if isinstance(block, Fold) else 1


def _take(blocks: Sequence[Block], count: int) -> Iterator[Block]:
    for block in blocks:
        if count <= 0:
            return
        if isinstance(block, Bullets):
            yield Bullets(block.lines[:count])
        elif isinstance(block, Fold):
            yield Fold(block.title, tuple(_take(block.blocks, count)))
        else:
            yield block
        count -= _size(block)
