"""What GitHub would do with a comment: its Markdown rendered, then links, pings and emoji looked for in the text."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PATTERNS = {
    "mention": r"(?<![A-Za-z0-9`])@[A-Za-z0-9]",
    "e-mail": r"[\w.+-]+@[\w-]+",
    "issue": r"(?<![A-Za-z0-9&])#\d|[\w.-]+/[\w.-]+#\d",
    "GH-": r"\bgh-\d",
    "own prefix": r"\b[A-Za-z]+-\d",
    "address": r"(?:https?|ftp|mailto|xmpp):[^\s\u200b]|\bwww\.",
    "commit": r"\b[0-9a-f]{7,40}\b",
    "emoji": r":[a-z0-9_+-]+:",
    "math": r"(?:^|\s)\$[^\s\u200b]|\$\$",
}


def parsed(body: str) -> list[Token]:
    """Return the flat tokens of a body, without our first line."""
    below = body.partition("\n")[2] if body.startswith("<!-- syncd:") else body
    return list(_flat(MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(below)))


def texts(body: str) -> str:
    """Return what a reader sees outside code, line by line."""
    lines: list[str] = []
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(body):
        if token.type == "inline":
            lines.append("".join(child.content for child in token.children or () if child.type == "text"))
    return "\n".join(lines)


def harms(body: str) -> list[str]:
    """Return what a body would ping, link, embed or forge."""
    found = [f"a mark in line {number}" for number, line in enumerate(body.split("\n")) if number and "<!--" in line]
    inside_link = 0
    for token in parsed(body):
        if token.type in ("link_open", "image"):
            target = str(token.attrs.get("href") or token.attrs.get("src"))
            if token.type == "image" or not target.startswith(
                ("https://redirect.github.com/", "https://jira.example/")
            ):
                found.append(f"{token.type} {target}")
            inside_link += token.type == "link_open"
        elif token.type == "link_close":
            inside_link -= 1
        elif token.type in ("html_inline", "html_block") and not _is_fold(token.content):
            found.append(f"html {token.content}")
        elif token.type == "text" and not inside_link:
            found += [
                f"{name}: {token.content}" for name, each in _PATTERNS.items() if re.search(each, token.content, re.I)
            ]
    return found


def _is_fold(content: str) -> bool:
    return re.fullmatch(r"</?details>(<summary>[^<>]*</summary>)?\n*", content) is not None


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.children:
            merged = ""
            for child in token.children:
                # GitHub looks at the text of the rendered page, whatever pieces Markdown made of it.
                if child.type in ("text", "text_special"):
                    merged += child.content
                    continue
                if merged:
                    yield Token("text", "", 0, content=merged)
                    merged = ""
                yield child
            if merged:
                yield Token("text", "", 0, content=merged)
        else:
            yield token
