"""ADF documents as plain text whose lines, quotes and code stay recognisable."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Node = Mapping[str, Any]

_DEEPEST = 60
"""Jira nests a handful of levels; what lies deeper is left out."""
_FENCE = "```"
_INDENTED = re.compile(r"^[ \t]", re.MULTILINE)


def plain_text(document: object) -> str:
    """Return an ADF document as text: blocks apart by an empty line, ``>`` before quotes, fences around code.

    A plain string (as older fields have it) is returned as it is; anything else is no text.
    """
    if isinstance(document, str):
        return document
    return "\n\n".join(_blocks(document.get("content"), 0)) if isinstance(document, dict) else ""


def _blocks(content: object, depth: int) -> Iterable[str]:
    for node in _nodes(content, depth):
        text = _block(node, depth + 1)
        if text:
            yield text


def _block(node: Node, depth: int) -> str:
    kind, content = node.get("type"), node.get("content")
    if kind == "paragraph":
        # Space before a word is only space here; in Markdown four of them would make code.
        text = _inline(content, depth)
        return "\n".join(line.lstrip(" \t") for line in text.split("\n")) if _INDENTED.search(text) else text
    if kind == "heading":
        return f"{'#' * _level(node)} {_inline(content, depth)}"
    if kind == "codeBlock":
        # A fence inside the code must not end it.
        return f"{_FENCE}\n{_inline(content, depth).replace(_FENCE, chr(39) * 3)}\n{_FENCE}"
    if kind == "blockquote":
        return _prefixed("\n\n".join(_blocks(content, depth)), "> ", "> ")
    if kind in ("bulletList", "orderedList", "taskList", "decisionList"):
        return "\n".join(_items(str(kind), content, depth))
    if kind in ("expand", "nestedExpand"):
        return "\n\n".join(filter(None, [str(_attrs(node).get("title") or ""), *_blocks(content, depth)]))
    if kind == "tableRow":
        return " | ".join(" ".join(_blocks([cell], depth)).replace("\n", " ") for cell in _nodes(content, depth))
    if kind == "table":
        return "\n".join(_blocks(content, depth))
    if isinstance(content, list):
        return "\n\n".join(_blocks(content, depth))
    return _inline([node], depth)


def _items(kind: str, content: object, depth: int) -> Iterable[str]:
    for number, node in enumerate(_nodes(content, depth), start=1):
        if node.get("type") in ("taskList", "decisionList"):
            yield _prefixed(_block(node, depth + 1), "  ", "  ")
            continue
        marker = f"{number}. " if kind == "orderedList" else "- "
        if node.get("type") == "taskItem":
            marker = "- [x] " if _attrs(node).get("state") == "DONE" else "- [ ] "
        inner = "\n".join(_blocks(node.get("content"), depth + 1)) if node.get("type") == "listItem" else ""
        yield _prefixed(inner or _inline(node.get("content"), depth + 1), marker, "  ")


def _inline(content: object, depth: int) -> str:
    words = []
    for node in _nodes(content, depth):
        is_plain = node.get("type") == "text" and "marks" not in node  # nearly all there is
        words.append(str(node.get("text") or "") if is_plain else _word(node, depth + 1))
    return "".join(words)


def _word(node: Node, depth: int) -> str:
    kind = node.get("type")
    if kind == "hardBreak":
        return "\n"
    if kind == "text":
        return _marked(str(node.get("text") or ""), node.get("marks"))
    attrs = _attrs(node)
    if kind in ("mention", "emoji", "status"):
        return str(attrs.get("text") or attrs.get("shortName") or "")
    if kind in ("inlineCard", "blockCard", "embedCard"):
        return str(attrs.get("url") or "")
    return _inline(node.get("content"), depth)


def _marked(text: str, marks: object) -> str:
    """Return text with what matters of its marks: code, and the address of a link whose words don't show it."""
    for mark in marks if isinstance(marks, list) else ():
        kind = mark.get("type") if isinstance(mark, dict) else None
        if kind == "code":
            return f"`{text}`"
        if kind == "link" and (address := str(_attrs(mark).get("href") or "")) and text.strip() not in address:
            return f"[{text}]({address})"
    return text


def _level(node: Node) -> int:
    level = _attrs(node).get("level")
    return min(6, max(1, level)) if isinstance(level, int) else 1


def _attrs(node: Node) -> Node:
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, dict) else {}


def _nodes(content: object, depth: int) -> Sequence[Node]:
    if not isinstance(content, list) or depth > _DEEPEST:
        return ()
    return [node for node in content if isinstance(node, dict)]


def _prefixed(text: str, first: str, rest: str) -> str:
    head, *lines = text.split("\n")
    return "\n".join([first + head, *(rest + line for line in lines)])
