"""How a comment of ours is known: by the property it carries, and its author; its body by a hash."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.jira.values import Json, MalformedError, instant_in, objects_in, text_in
from syncd.model.changes import ObservedComment
from syncd.model.comments import Mark

KEY = "syncd"
# Customers of a service desk never read what we say; elsewhere Jira makes nothing of this property.
_INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}


def properties_of(mark: Mark) -> list[dict[str, Any]]:
    """Return the properties that a comment with this mark is written with."""
    return [
        {"key": KEY, "value": {"version": mark.version, "owner": mark.owner, "hash": mark.hash}},
        _INTERNAL,
    ]


def mark_of(comment: Json) -> Mark | None:
    """Return the mark of a comment that was read with its properties; None where it has none, or a broken one."""
    for row in objects_in(comment, "properties"):
        value = row.get("value")
        if row.get("key") == KEY and isinstance(value, Mapping):
            owner, found, version = value.get("owner"), value.get("hash"), value.get("version")
            if isinstance(owner, str) and isinstance(found, str) and isinstance(version, int):
                return Mark(owner=owner, hash=found, version=version)
    return None


def last_codes(comment: Json) -> list[str]:
    """Return what is set as code in the fold that ends a comment; nothing where none does."""
    body = comment.get("body")
    content = body.get("content") if isinstance(body, Mapping) else None
    last = content[-1] if isinstance(content, list) and content else None
    return _codes(last) if isinstance(last, Mapping) and last.get("type") == "expand" else []


def _codes(node: object) -> list[str]:
    if not isinstance(node, Mapping):
        return []
    marks, inner, text = node.get("marks"), node.get("content"), node.get("text")
    is_code = isinstance(marks, list) and {"type": "code"} in marks
    found = [text] if is_code and isinstance(text, str) else []
    return found + [code for each in (inner if isinstance(inner, list) else []) for code in _codes(each)]


def author_of(comment: Json) -> str:
    """Return the account that wrote a comment, empty where it is deleted."""
    author = comment.get("author")
    return text_in(author, "accountId") if isinstance(author, Mapping) else ""


def observed_comment(comment: Json, mark: Mark, at: datetime) -> ObservedComment:
    """Return a comment of ours as it is now; where it says no times, it is as old as the answer, ``at``.

    Raises:
        MalformedError: it has no id.
    """
    if not (comment_id := text_in(comment, "id")):
        raise MalformedError("a comment has no id")
    return ObservedComment(
        comment_id=comment_id,
        mark=mark,
        body_hash=body_hash(comment.get("body")),
        created_at=instant_in(comment, "created") or at,
        updated_at=instant_in(comment, "updated") or at,
    )


def body_hash(body: object) -> str:
    """Return a digest of an ADF body that stays the same however its JSON is written."""
    return hashlib.sha256(json.dumps(_canonical(body), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _canonical(value: object) -> object:
    """Return ADF without what means nothing: ids that editors add, nulls, empty parts, the order of marks."""
    if isinstance(value, list):
        return [_canonical(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    parts = {name: _canonical(each) for name, each in value.items() if name != "localId"}
    if isinstance(marks := parts.get("marks"), list):
        parts["marks"] = sorted(marks, key=lambda mark: json.dumps(mark, sort_keys=True))
    return {name: each for name, each in parts.items() if each not in (None, [], {})}
