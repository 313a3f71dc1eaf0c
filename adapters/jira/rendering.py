"""Our Comment tree as an ADF document: text is text in it, so nothing that is quoted can format, ping or link."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from syncd.model.comments import Block, Bullets, Comment, Day, Fold, Heading, Leaf, Line, Paragraph, Quote, Reference

Node = dict[str, Any]

LONGEST = 32_767
"""Characters that Jira takes in a comment; counted over the JSON, which is never less than what Jira counts."""
_LONGEST_LEAF = 2_000
_HEADING_LEVEL = 4
_CUT = "The rest is left out: it is longer than Jira takes in a comment. `syncd explain` shows all of it."
_BREAK = "\u200b"
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def document_of(comment: Comment) -> Node:
    """Return the ADF of a comment; where it is too long, what comes last is cut, and it says so."""
    nodes = _nodes(comment.blocks, depth=0) or [_paragraph(())]
    return {"type": "doc", "version": 1, "content": _fitted(nodes)}


def _nodes(blocks: Iterable[Block], depth: int) -> list[Node]:
    return [node for block in blocks for node in _block(block, depth)]


def _block(block: Block, depth: int) -> Iterable[Node]:
    if isinstance(block, Paragraph):
        yield _paragraph(block.line)
    elif isinstance(block, Heading):
        yield {"type": "heading", "attrs": {"level": _HEADING_LEVEL}, "content": _line(block.line)}
    elif isinstance(block, Bullets):
        if block.lines:
            items = [{"type": "listItem", "content": [_paragraph(line)]} for line in block.lines]
            yield {"type": "bulletList", "content": items}
    else:
        yield from _fold(block, depth)


def _fold(fold: Fold, depth: int) -> Iterable[Node]:
    """Yield a fold: ADF nests two of them; what is folded deeper stands open under its title."""
    title = _clean(fold.title)
    inner = _nodes(fold.blocks, depth + 1) or [_paragraph(())]
    if depth < 2:
        yield {"type": "nestedExpand" if depth else "expand", "attrs": {"title": title}, "content": inner}
    else:
        yield {"type": "paragraph", "content": _text(title, {"type": "strong"})}
        yield from inner


def _paragraph(line: Line) -> Node:
    return {"type": "paragraph", "content": _line(line)}


def _line(line: Line) -> list[Node]:
    return [node for leaf in line for node in _leaf(leaf)]


def _leaf(leaf: Leaf) -> list[Node]:
    if isinstance(leaf, Quote):
        return _text("…" if leaf.restricted else neutral(leaf.text))
    if isinstance(leaf, Reference):
        is_address = leaf.url.startswith(("https://", "http://")) and not leaf.restricted
        return _text(neutral(leaf.key), *([{"type": "link", "attrs": {"href": leaf.url}}] if is_address else []))
    if isinstance(leaf, Day):
        return _text(leaf.on.isoformat())
    if leaf.code:
        return _text(_clean(leaf.text), {"type": "code"})
    return _text(_clean(leaf.text), *([{"type": "strong"}] if leaf.strong else []))


def _text(text: str, *marks: Node) -> list[Node]:
    if not text:
        return []  # ADF has no empty text
    shown = text if len(text) <= _LONGEST_LEAF else text[: _LONGEST_LEAF - 1] + "…"
    return [{"type": "text", "text": shown, "marks": list(marks)} if marks else {"type": "text", "text": shown}]


def neutral(text: str) -> str:
    """Return somebody's words so that no later reader of the text, such as a mail program, makes more of them.

    Addresses are broken after their scheme, names after the @; signs that hide or turn text are taken out.
    """
    clean = _clean(text)
    for sign in ("://", "@", "[~", "{"):
        clean = clean.replace(sign, sign[0] + _BREAK + sign[1:])
    return clean.replace("www.", f"www{_BREAK}.")


def _clean(text: str) -> str:
    """Return text on one line, without control signs and without those that hide or turn what is read."""
    flat = "".join(" " if sign in "\n\r\t\u2028\u2029\u0085" else sign for sign in text)
    return "".join(sign for sign in flat if unicodedata.category(sign) not in _HIDDEN)


def _fitted(nodes: Sequence[Node]) -> list[Node]:
    """Return as many nodes as fit; a fold at the end, which says how to answer, is kept before what precedes it."""
    if _size(nodes) <= LONGEST:
        return list(nodes)
    notice = {"type": "paragraph", "content": _text(_CUT)}
    tail = [notice, *([nodes[-1]] if nodes[-1]["type"] == "expand" and _size([nodes[-1]]) < LONGEST // 4 else [])]
    room = LONGEST - _size(tail)
    kept: list[Node] = []
    for node in nodes[: len(nodes) - len(tail) + 1]:
        part = _part(node, room - _size(kept))
        if part is not None:
            kept.append(part)
        if part is not node:
            break
    return [*kept, *tail]


def _part(node: Node, room: int) -> Node | None:
    """Return a node, or so many entries of a list or a fold as fit, or nothing."""
    if _size([node]) <= room:
        return node
    content = node.get("content", [])
    if node["type"] not in ("bulletList", "expand"):
        return None
    while content and _size([{**node, "content": content}]) > room:
        content = content[: len(content) // 2]
    return {**node, "content": content} if content else None


def _size(nodes: Sequence[Node]) -> int:
    """Return the length of the JSON in characters, and a little for the document around it."""
    return len(msgspec.json.encode(nodes).decode()) + 50
