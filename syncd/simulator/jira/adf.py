"""Whether a JSON value is a document that Jira would take: node types, what they may hold, marks, texts."""

from typing import Any

_INLINE = frozenset({"text", "hardBreak", "mention", "emoji", "inlineCard", "date", "status"})
_FLOW = frozenset({"paragraph", "heading", "bulletList", "orderedList", "codeBlock", "rule", "panel", "blockquote"})
_BLOCKS = _FLOW | {"table", "expand", "taskList", "mediaSingle", "mediaGroup", "decisionList"}
_LISTS = frozenset({"paragraph", "bulletList", "orderedList", "codeBlock", "mediaSingle"})
_CELL = (_BLOCKS | {"nestedExpand"}) - {"table", "expand"}

_HOLDS: dict[str, frozenset[str]] = {
    "doc": _BLOCKS,
    "paragraph": _INLINE,
    "heading": _INLINE,
    "bulletList": frozenset({"listItem"}),
    "orderedList": frozenset({"listItem"}),
    "listItem": _LISTS,
    "codeBlock": frozenset({"text"}),
    "blockquote": _LISTS,
    "panel": _FLOW - {"panel", "blockquote"},
    "expand": (_BLOCKS | {"nestedExpand"}) - {"expand"},
    "nestedExpand": _FLOW | {"mediaSingle", "mediaGroup", "taskList"},
    "table": frozenset({"tableRow"}),
    "tableRow": frozenset({"tableCell", "tableHeader"}),
    "tableCell": _CELL,
    "tableHeader": _CELL,
    "taskList": frozenset({"taskItem", "taskList"}),
    "taskItem": _INLINE,
    "decisionList": frozenset({"decisionItem"}),
    "decisionItem": _INLINE,
    "mediaSingle": frozenset({"media"}),
    "mediaGroup": frozenset({"media"}),
}
_MAY_BE_EMPTY = frozenset({"doc", "paragraph", "heading", "codeBlock", "taskItem", "decisionItem"})
_LEAVES = (_INLINE | {"rule", "media"}) - {"text"}
_REQUIRED_ATTRS = {
    "heading": "level",
    "panel": "panelType",
    "mention": "id",
    "emoji": "shortName",
    "date": "timestamp",
    "status": "text",
}
_MARKS = frozenset({"strong", "em", "code", "strike", "underline", "link", "textColor", "subsup", "backgroundColor"})
_WITH_CODE = frozenset({"code", "link"})
_KEYS = {"text": {"type", "text", "marks"}, "doc": {"type", "version", "content"}}


def fault(document: Any) -> str | None:
    """Return why Jira would refuse ``document`` as ADF, with the place of the fault, or None."""
    if not isinstance(document, dict) or document.get("type") != "doc":
        return "not a document: an object of type doc is needed"
    if document.get("version") != 1:
        return "doc: version must be 1"
    if not isinstance(document.get("content"), list):
        return "doc: content must be an array"
    return _node_fault(document, "doc")


def _node_fault(node: dict[str, Any], where: str) -> str | None:
    kind = node["type"]
    allowed = _KEYS.get(kind, {"type", "attrs", "content", "marks"})
    if odd := sorted(set(node) - allowed):
        return f"{where}: unknown key {odd[0]!r}"
    if kind == "text":
        return _text_fault(node, where)
    attrs = node.get("attrs", {})
    if not isinstance(attrs, dict) or ((needed := _REQUIRED_ATTRS.get(kind)) and needed not in attrs):
        return f"{where}: attrs are missing or incomplete"
    if kind == "heading" and attrs["level"] not in range(1, 7):
        return f"{where}: level must be 1 to 6"
    if kind in _LEAVES:
        return f"{where}: holds no content" if node.get("content") else None
    return _content_fault(node.get("content", []), kind, where)


def _content_fault(content: Any, kind: str, where: str) -> str | None:
    if not isinstance(content, list) or (not content and kind not in _MAY_BE_EMPTY):
        return f"{where}: content must be a filled array"
    for number, child in enumerate(content):
        place = f"{where}.content[{number}]"
        if not isinstance(child, dict) or not isinstance(child.get("type"), str):
            return f"{place}: not a node"
        if child["type"] not in _HOLDS[kind]:
            return f"{place}: {child['type']!r} is not allowed in {kind}"
        if kind == "codeBlock" and child.get("marks"):
            return f"{place}: no marks in a code block"
        if found := _node_fault(child, f"{place}({child['type']})"):
            return found
    return None


def _text_fault(node: dict[str, Any], where: str) -> str | None:
    if not isinstance(node.get("text"), str) or not node["text"]:
        return f"{where}: text must not be empty"
    marks = node.get("marks", [])
    if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
        return f"{where}: marks must be an array of objects"
    kinds = [mark.get("type") for mark in marks]
    for mark in marks:
        if mark.get("type") not in _MARKS:
            return f"{where}: unknown mark {mark.get('type')!r}"
        if mark["type"] == "link" and not isinstance((mark.get("attrs") or {}).get("href"), str):
            return f"{where}: a link needs href"
    if "code" in kinds and not _WITH_CODE.issuperset(kinds):
        return f"{where}: code goes only with link"
    return f"{where}: a mark comes twice" if len(set(kinds)) != len(kinds) else None
