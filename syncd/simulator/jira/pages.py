"""ADF documents as safe HTML, for pages that show people what stands in an issue."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

_TAGS = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "panel": "aside",
    "table": "table",
    "tableRow": "tr",
    "tableCell": "td",
    "tableHeader": "th",
    "taskList": "ul",
    "taskItem": "li",
    "decisionList": "ul",
    "decisionItem": "li",
}
_MARKS = {"strong": "strong", "em": "em", "code": "code", "strike": "s", "underline": "u"}
_SCHEMES = ("https://", "http://", "mailto:")


def adf_html(doc: Mapping[str, Any]) -> str:
    """Return an ADF document as HTML: every text escaped, links only to web and mail, unknown nodes by their content.

    An ``expand`` becomes a closed ``details``.
    """
    return _node(doc)


def _node(node: Mapping[str, Any]) -> str:
    kind, attrs = node.get("type"), node.get("attrs") or {}
    if kind == "text":
        return _marked(str(node.get("text", "")), node.get("marks") or ())
    if kind == "hardBreak":
        return "<br>"
    if kind == "rule":
        return "<hr>"
    inner = "".join(_node(child) for child in node.get("content") or ())
    if kind == "heading":
        level = min(6, max(1, int(attrs.get("level", 1))))
        return f"<h{level}>{inner}</h{level}>"
    if kind == "codeBlock":
        return f"<pre><code>{inner}</code></pre>"
    if kind in ("expand", "nestedExpand"):
        return f"<details><summary>{escape(str(attrs.get('title', '')))}</summary>{inner}</details>"
    if kind == "inlineCard":
        return _link(str(attrs.get("url", "")), escape(str(attrs.get("url", ""))))
    if kind in ("mention", "emoji", "status", "date"):
        return escape(str(attrs.get("text") or attrs.get("shortName") or attrs.get("timestamp") or ""))
    tag = _TAGS.get(str(kind))
    return f"<{tag}>{inner}</{tag}>" if tag else inner


def _marked(text: str, marks: Iterable[Mapping[str, Any]]) -> str:
    html = escape(text)
    for mark in marks:
        if mark.get("type") == "link":
            html = _link(str((mark.get("attrs") or {}).get("href", "")), html)
        elif tag := _MARKS.get(str(mark.get("type"))):
            html = f"<{tag}>{html}</{tag}>"
    return html


def _link(address: str, html: str) -> str:
    if not address.lower().startswith(_SCHEMES):
        return html
    return f'<a href="{escape(address)}" rel="nofollow noopener">{html}</a>'
