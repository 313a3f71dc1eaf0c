"""The store that the benchmark of size reads: written as polls and backfills write it."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.scale_company import NOW, PLACES, containers, places, roadmap
from benchmarks.scale_data import Told, items
from benchmarks.scale_rules import thirty_rules
from syncd.daemon.reconcile import Charter
from syncd.model.items import Stage
from syncd.model.reading import HistoryPage, Page
from syncd.planner.limits import Limits
from syncd.store import WorkspaceStore, open_store

WORKSPACE = "default"
_PAGE = 2000


def write(path: Path, count: int) -> int:
    """Write about so many items with their histories; return how many there are."""
    store = open_store(f"sqlite:///{path}")
    workspace = store.workspace(WORKSPACE)
    written = 0
    for tracker in ("jira", "github"):
        held = tuple(each for each in containers() if each.id.tracker == tracker)
        read = tuple(place for place in PLACES if place.tracker == tracker)
        page = Page(observed_at=NOW, containers=held, read_places=read, imported_places=read)
        workspace.save_page(tracker, page)
    for some in _parts(items(count)):
        for tracker in sorted({each.item.id.tracker for each in some}):
            own = [each for each in some if each.item.id.tracker == tracker]
            _save(workspace, tracker, own)
            written += len(own)
    store.close()
    return written


def _save(workspace: WorkspaceStore, tracker: str, some: list[Told]) -> None:
    workspace.save_page(tracker, Page(observed_at=NOW, items=tuple(each.item for each in some)))
    histories = {each.item.id: each.history for each in some}
    workspace.save_histories(tracker, HistoryPage(observed_at=NOW, histories=histories))


def _parts(given: Iterable[Told]) -> Iterator[list[Told]]:
    rest = iter(given)
    while some := list(islice(rest, _PAGE)):
        yield some


def charter() -> Charter:
    """Return what the company's configuration says."""
    return Charter(
        places=places(),
        roadmap=roadmap(),
        rules=thirty_rules(),
        owner="bench/default",
        prefix="syncd:",
        stage=Stage.REPORT,
        limits=Limits(changes=500, share=0.2, removals=100, new_comments=100),
    )
