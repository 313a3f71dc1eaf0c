"""What stands in for outcomes in the benchmark of forecasts: finished epics, versions, milestones, and next items."""

import gzip
import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from rules.flow.pace import Life

DATA = Path(os.environ.get("SYNCD_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
LEAST = 10
"""Items of the smallest stand-in."""
Json = dict[str, Any]


class StandIn(msgspec.Struct, frozen=True, kw_only=True):
    """Items that were all finished; ``next_count``: it is not their end that is asked for, but that of so many."""

    name: str
    lives: tuple[Life, ...]
    next_count: int = 0


def real() -> Iterator[tuple[str, list[StandIn]]]:
    """Yield the stand-ins of each file of real issues; nothing where the folder has none."""
    for name in ("jira-tidev.jsonl.gz", "jira-devlake-changelog.jsonl.gz"):
        if (DATA / name).exists():
            issues = [_of_jira(row) for row in _rows(DATA / name)]
            yield f"{name}: epics, versions", _whole(issues)
            yield f"{name}: the next 20 of a project", _next(issues)
    name = "github-bitcoin-core-gui.jsonl.gz"
    if (DATA / name).exists():
        issues = [_of_github(row) for row in _rows(DATA / name)]
        yield f"{name}: milestones", _whole(issues)
        yield f"{name}: the next 20 issues", _next([each for each in issues if not each[2]])


Issue = tuple[Life, tuple[str, ...], bool, str]
"""Its life, what it belongs to, whether it is a change, its project."""


def _rows(path: Path) -> list[Json]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _of_jira(row: Json) -> Issue:
    fields = row["fields"]
    held = [f"version {each['name']}" for each in fields.get("fixVersions") or ()]
    above = (fields.get("epic") or fields.get("parent") or {}).get("key")
    life = Life(created_at=_at(fields["created"]), finished_at=_at_or_none(fields.get("resolutiondate")))
    return life, (*held, *([f"epic {above}"] if above else [])), False, fields["project"]["key"]


def _of_github(row: Json) -> Issue:
    held = (f"milestone {row['milestone']['title']}",) if row.get("milestone") else ()
    # Here pull requests are counted, too: most of what these milestones hold are such.
    life = Life(created_at=_at(row["created_at"]), finished_at=_at_or_none(row.get("closed_at")))
    return life, held, "pull_request" in row, "gui"


def _whole(issues: Iterable[Issue]) -> list[StandIn]:
    """Return what held so many items and was finished whole."""
    found: dict[str, list[Life]] = {}
    for life, held, _, project in issues:
        for each in held:
            found.setdefault(f"{project} {each}", []).append(life)
    return [
        StandIn(name=name, lives=tuple(lives))
        for name, lives in sorted(found.items())
        if len(lives) >= LEAST and all(life.finished_at for life in lives)
    ]


def _next(issues: Iterable[Issue]) -> list[StandIn]:
    found: dict[str, list[Life]] = {}
    for life, _, _, project in issues:
        found.setdefault(project, []).append(life)
    return [StandIn(name=name, lives=tuple(lives), next_count=20) for name, lives in sorted(found.items())]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _at_or_none(text: str | None) -> datetime | None:
    return _at(text) if text else None
