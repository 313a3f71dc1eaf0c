"""Text of issues and comments as Atlassian Document Format (ADF), made from wiki markup or plain text when needed."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

_BLOCK = re.compile(r"\{(code|noformat|quote)(?::[^}\n]*)?\}(.*?)\{\1\}", re.DOTALL)
_HEADING = re.compile(r"h([1-6])\.\s+(.+)")
_LIST_LINE = re.compile(r"\s*([*#-]+)\s+(.+)")

Node = dict[str, Any]


class Prose:
    """A text that is held as it came and served as ADF; wiki markup is turned into ADF at the first reading."""

    def __init__(self, *, adf: Node | None = None, wiki: str = "") -> None:
        self._given = adf
        self._wiki = wiki

    @cached_property
    def adf(self) -> Node:
        """The text as an ADF document."""
        return self._given if self._given is not None else document_from_wiki(self._wiki)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prose) and self.adf == other.adf

    def __hash__(self) -> int:
        return hash(self._wiki)


def prose(text: "str | Node | Prose | None") -> Prose | None:
    """Return ``text`` (wiki markup or plain, or ADF) as Prose; nothing stays nothing."""
    if text is None or isinstance(text, Prose):
        return text
    return Prose(wiki=text) if isinstance(text, str) else Prose(adf=text)


def document_from_wiki(text: str) -> Node:
    """Return wiki markup as an ADF document: headings, lists, quotes and code as blocks, the rest word by word."""
    return {"type": "doc", "version": 1, "content": list(_blocks(text.replace("\r\n", "\n")))}


def _blocks(text: str) -> Iterator[Node]:
    start = 0
    for found in _BLOCK.finditer(text):
        yield from _lines(text[start : found.start()])
        yield _quote(found[2]) if found[1] == "quote" else _code(found[2])
        start = found.end()
    yield from _lines(text[start:])


def _code(text: str) -> Node:
    inner = text.strip("\n")
    return {"type": "codeBlock", "content": [_text(inner)]} if inner else {"type": "codeBlock"}


def _quote(text: str) -> Node:
    paragraphs = [_paragraph(part.splitlines()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    return {"type": "blockquote", "content": paragraphs or [{"type": "paragraph"}]}


def _lines(text: str) -> Iterator[Node]:
    """Yield the blocks of text without fences: runs of equal lines become one list or one paragraph."""
    run: list[str] = []
    kind = ""
    for line in text.split("\n"):
        line_kind = _kind(line)
        if run and line_kind != kind:
            yield _run(kind, run)
            run = []
        kind = line_kind
        if kind == "heading":
            yield _heading(line.strip())
        elif kind:
            run.append(line)
    if run:
        yield _run(kind, run)


def _kind(line: str) -> str:
    stripped = line.strip()
    if not stripped:
        return ""
    if _HEADING.fullmatch(stripped):
        return "heading"
    if stripped.startswith("bq. "):
        return "quote"
    if marker := _LIST_LINE.fullmatch(line):
        return "orderedList" if marker[1].startswith("#") else "bulletList"
    return "paragraph"


def _run(kind: str, lines: list[str]) -> Node:
    if kind == "quote":
        return _quote("\n".join(line.strip().removeprefix("bq. ") for line in lines))
    if kind == "paragraph":
        return _paragraph(lines)
    texts = [found[2] for line in lines if (found := _LIST_LINE.fullmatch(line))]
    return {"type": kind, "content": [{"type": "listItem", "content": [_paragraph([text])]} for text in texts]}


def _heading(line: str) -> Node:
    found = _HEADING.fullmatch(line)
    assert found is not None
    return {"type": "heading", "attrs": {"level": int(found[1])}, "content": [_text(found[2])]}


def _paragraph(lines: list[str]) -> Node:
    content: list[Node] = []
    for line in lines:
        if content:
            content.append({"type": "hardBreak"})
        if line:
            content.append(_text(line))
    return {"type": "paragraph", "content": content}


def _text(text: str) -> Node:
    return {"type": "text", "text": text}
