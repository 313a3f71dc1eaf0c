"""Real work for the benchmark of suggestions: issues of public projects, and what in them can stand for outcomes."""

import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item

DATA = Path(os.environ.get("SYNCD_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
_THEN = datetime(2026, 1, 1, tzinfo=UTC)
_JIRA = ("jira-tidev.jsonl.gz", "jira-devlake-changelog.jsonl.gz")
_GITHUB = ("github-bitcoin-core-gui.jsonl.gz",)
Row = dict[str, Any]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Items and what each belongs to: names of ``kind`` that stand for outcomes, with their titles."""

    kind: str
    source: str
    items: tuple[Item, ...]
    names: tuple[frozenset[str], ...]
    titles: dict[str, str]


def cases(folder: Path = DATA) -> Iterator[Case]:
    """Yield every kind of stand-in of every project that has it; nothing where the data is not there."""
    for file in _JIRA:
        rows = list(_rows(folder / file))
        source = file.removesuffix(".jsonl.gz").removesuffix("-changelog")
        if rows:
            yield from _of_jira(source, rows)
    for file in _GITHUB:
        rows = list(_rows(folder / file))
        source = file.removesuffix(".jsonl.gz")
        if rows:
            yield from _of_github(source, rows)


def _rows(path: Path) -> Iterator[Row]:
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _of_jira(source: str, rows: list[Row]) -> Iterator[Case]:
    keys = {row["key"]: row["fields"]["summary"] for row in rows}

    def epic(fields: Row) -> dict[str, str]:
        found = fields.get("epic") or {}
        return {found["key"]: found.get("name") or keys.get(found["key"], "")} if found.get("key") else {}

    def parent(fields: Row) -> dict[str, str]:
        key = (fields.get("parent") or {}).get("key", "")
        return {key: keys.get(key, "")} if key else {}

    def version(fields: Row) -> dict[str, str]:
        return {each["name"]: each["name"] for each in fields.get("fixVersions") or ()}

    def label(fields: Row) -> dict[str, str]:
        return {each.casefold(): each for each in fields.get("labels") or ()}

    kinds: dict[str, Callable[[Row], dict[str, str]]] = {
        "epic": lambda fields: epic(fields) or parent(fields),
        "fix version": version,
        "label": label,
    }
    for kind, read in kinds.items():
        found = [read(row["fields"]) for row in rows]
        items = [_jira_item(row, with_labels=kind != "label") for row in rows]
        yield from _case(kind, source, items, found)


def _jira_item(row: Row, *, with_labels: bool) -> Item:
    fields = row["fields"]
    description = fields.get("description")
    return Item(
        id=ItemId("jira", str(row["id"])),
        key=row["key"],
        place=PlaceId("jira", row["key"].rpartition("-")[0]),
        url="",
        title=fields.get("summary") or "",
        body=description if isinstance(description, str) else _plain(description),
        labels=tuple(fields.get("labels") or ()) if with_labels else (),
        components=tuple(each["name"] for each in fields.get("components") or ()),
        created_at=_moment(fields.get("created")),
        updated_at=_THEN,
    )


def _plain(document: object) -> str:
    """Return the text of a rich text document."""
    if isinstance(document, dict):
        return str(document.get("text", "")) + "\n".join(map(_plain, document.get("content") or ()))
    return ""


def _of_github(source: str, rows: list[Row]) -> Iterator[Case]:
    def milestone(row: Row) -> dict[str, str]:
        found = row.get("milestone")
        return {found["title"]: found["title"]} if found else {}

    def label(row: Row) -> dict[str, str]:
        return {each["name"].casefold(): each["name"] for each in row["labels"]}

    for kind, read, only_issues in (("milestone", milestone, False), ("label", label, True)):
        wanted = [row for row in rows if not (only_issues and row.get("pull_request"))]
        items = [_github_item(row, with_labels=kind != "label") for row in wanted]
        yield from _case(kind, source, items, [read(row) for row in wanted])


def _github_item(row: Row, *, with_labels: bool) -> Item:
    return Item(
        id=ItemId("github", str(row["id"])),
        key=f"bitcoin-core/gui#{row['number']}",
        place=PlaceId("github", "bitcoin-core/gui"),
        url="",
        title=row["title"],
        body=row.get("body") or "",
        labels=tuple(each["name"] for each in row["labels"]) if with_labels else (),
        created_at=_moment(row.get("created_at")),
        updated_at=_THEN,
    )


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text) if text else _THEN


def _case(kind: str, source: str, items: list[Item], found: list[dict[str, str]]) -> Iterator[Case]:
    """Yield the case of what at least two items share."""
    counts = Counter(name for each in found for name in each)
    titles = {name: title for each in found for name, title in each.items() if counts[name] > 1}
    names = tuple(frozenset(each) & titles.keys() for each in found)
    if len(titles) > 1:
        yield Case(kind=kind, source=source, items=tuple(items), names=names, titles=titles)
