"""Loads exported issues into the simulated trackers: JSON lines, plain or gzipped, one issue each.

A line that can't be understood is skipped and told, and spoils nothing else.
"""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from syncd.simulator.bot import admit_to_github, admit_to_jira
from syncd.simulator.github import GitHubState
from syncd.simulator.github_export import GitHubExport
from syncd.simulator.jira import JiraState
from syncd.simulator.jira_export import JiraExport

_TOLD = 3
_MAGIC = b"\x1f\x8b"


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file: how many issues were loaded, and why which lines were not."""

    name: str
    item_count: int
    skipped: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The whole in a sentence or two, with the first lines that were skipped."""
        told = f"{self.name}: {self.item_count} issues"
        if not self.skipped:
            return told
        return f"{told}; {len(self.skipped)} lines skipped: {'; '.join(self.skipped[:_TOLD])}"


def load_github(state: GitHubState, path: Path) -> Loaded:
    """Load issues in the form of GitHub's REST API, with comments in ``x_comments``, events in ``x_timeline``.

    Repositories come as found.

    Raises:
        OSError: the file can't be read.
    """
    export = GitHubExport(state)
    with state.lock:
        loaded = _load(path, export.add)
        export.finish()
        admit_to_github(state)
    return loaded


def load_jira(state: JiraState, path: Path) -> Loaded:
    """Load issues in the form of Jira Server or Jira Cloud; projects come as found, what is only linked to, by name.

    Raises:
        OSError: the file can't be read.
    """
    export = JiraExport(state)
    with state.lock:
        loaded = _load(path, export.add)
        export.finish()
        admit_to_jira(state)
        state.reindex()
    return loaded


def _load(path: Path, add: Callable[[dict[str, Any]], None]) -> Loaded:
    count, skipped = 0, []
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            add(msgspec.json.decode(line, type=dict[str, Any]))
            count += 1
        except (msgspec.MsgspecError, LookupError, TypeError, ValueError, AttributeError) as error:
            skipped.append(f"line {number}: {type(error).__name__}: {error}")
    return Loaded(name=path.name, item_count=count, skipped=tuple(skipped))


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as raw:
        is_packed = raw.read(2) == _MAGIC
        raw.seek(0)
        yield from gzip.GzipFile(fileobj=raw) if is_packed else raw
