"""Progress of long work: a line that moves on a terminal, nothing in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from syncd.daemon.poll import Progress


@contextmanager
def progress_of(doing: str, what: str) -> Iterator[Progress]:
    """Show how many were done on each tracker so far: "reading jira: 300 items"."""
    if not sys.stderr.isatty():
        yield lambda tracker, count: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(tracker: str, count: int) -> None:
            if tracker not in tasks:
                tasks[tracker] = bar.add_task(f"{doing} {tracker}")
            bar.update(tasks[tracker], description=f"{doing} {tracker}: {count:,} {what}")

        yield show
