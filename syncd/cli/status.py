"""`syncd status`: how each tracker was read last, what is open, what waits, what was set aside."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from syncd.cli.options import ConfigOption, JsonOption, WorkspaceOption, read_configuration
from syncd.cli.text import counted, minute, plain

if TYPE_CHECKING:
    from datetime import datetime

    from syncd.configuration import WorkspaceFiles
    from syncd.model.items import Item
    from syncd.store import WorkspaceStore

SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(status)


def status(config: ConfigOption = None, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show what the store knows, without a network: reads, findings, annotations, what waits, what was set aside."""
    from syncd.clock import SystemClock
    from syncd.store import open_store

    now = SystemClock().now()
    configuration = read_configuration(config)
    chosen = [configuration.workspace(workspace)] if workspace else configuration.workspaces
    store = open_store(configuration.settings.store)
    try:
        parts = {files.name: _Status(files, store.workspace(files.name), now) for files in chosen}
        if as_json:
            import msgspec

            document = {name: part.document() for name, part in parts.items()}
            typer.echo(msgspec.json.format(msgspec.json.encode(document)).decode())
            return
        for part in parts.values():
            for line in part.lines():
                typer.echo(line)
    finally:
        store.close()


class _Status:
    """One workspace as its store knows it."""

    def __init__(self, files: "WorkspaceFiles", store: "WorkspaceStore", now: "datetime") -> None:
        from syncd.cli.histories import history_document, history_lines
        from syncd.model.findings import FindingState

        names = [setup.name for setup in files.trackers.trackers]
        places = {each.name: [place.id for place in each.places] for each in files.trackers.trackers}
        self._histories = {name: history_document(store, name, now, places[name]) for name in names}
        self._history_lines = {name: tuple(history_lines(store, name, now, places[name])) for name in names}
        self._files = files
        configured = {place for each in places.values() for place in each}  # what was once read is kept, and no news
        self._states = {key: state for key, state in store.place_states().items() if key in configured}
        self._items: Sequence[Item] = [item for item in store.items().values() if item.place in configured]
        findings = store.findings().values()
        told = (FindingState.OPEN, FindingState.CLEARING)
        self._open = Counter(finding.rule_id for finding in findings if finding.state in told)
        self._pending = sum(finding.state is FindingState.PENDING for finding in findings)
        closed = [each for each in findings if each.state is FindingState.CLOSED]
        self._quietly = sum(finding.opened_at is None for finding in closed)
        self._resolved = len(closed) - self._quietly
        owned = store.ownership().values()
        self._labelled = sum(bool(each.labels) for each in owned)
        self._commented = sum(each.comment is not None for each in owned)
        self._removed = sum(len(each.removed) for each in owned)
        self._problems = store.problems()
        self._waiting = Counter(reason for _, reason in store.waiting())
        self._in_flight = sum(len(store.open_intents(name)) for name in names)

    def document(self) -> dict[str, object]:
        """Return everything for a machine to read."""
        return {
            "stage": self._files.trackers.stage.name.lower(),
            "places": {str(key): state for key, state in sorted(self._states.items())},
            "items": len(self._items),
            "findings": dict(self._open),
            "pending": self._pending,
            "resolved": self._resolved,
            "resolved_before_told": self._quietly,
            "annotated": {"labels": self._labelled, "comments": self._commented, "removed_by_people": self._removed},
            "set_aside": {problem.handle.key: problem.error for problem in self._problems},
            "waiting": dict(self._waiting),
            "in_flight": self._in_flight,
            "histories": self._histories,
        }

    def lines(self) -> Iterator[str]:
        """Yield everything for a person to read."""
        yield f"{self._files.name}: stage {self._files.trackers.stage.name.lower()}"
        for setup in self._files.trackers.trackers:
            yield from self._tracker_lines(setup.name)
        told = ", ".join(f"{rule} {count:,}" for rule, count in self._open.most_common()) or "none"
        yield f"  findings   {told}; {self._pending:,} not yet for long enough"
        yield f"  resolved   {self._resolved:,} after they were told, {self._quietly:,} before"
        yield f"  annotated  {counted(self._labelled, 'item')} with labels, {counted(self._commented, 'comment')}"
        if self._removed:
            yield f"  silenced   {counted(self._removed, 'annotation')} taken away by people, not written again"
        for reason, count in sorted(self._waiting.items()):
            yield f"  waiting    {counted(count, 'change')}: {reason}"
        if self._in_flight:
            yield f"  in flight  {counted(self._in_flight, 'write')} whose answer is not known yet"
        for problem in self._problems[:SHOWN]:
            yield f"  set aside  {problem.handle.key}: {plain(problem.error, 120)}"
        if len(self._problems) > SHOWN:
            yield f"  set aside  … and {len(self._problems) - SHOWN:,} more; --json lists them all"

    def _tracker_lines(self, name: str) -> Iterator[str]:
        states = [state for key, state in sorted(self._states.items()) if key.tracker == name]
        if not states:
            yield f"  {name}  never read"
            return
        count = sum(item.id.tracker == name for item in self._items)
        read_at = max((state.read_at for state in states if state.read_at), default=None)
        yield f"  {name}  {counted(count, 'item')} in {counted(len(states), 'place')}, read {minute(read_at)}"
        yield from (f"    {line}" for line in self._history_lines[name])
        for state in states:
            if state.error:
                yield f"    {state.id.key}: {plain(state.error, 120)}"
            elif state.imported_at is None:
                yield f"    {state.id.key}: not read whole yet; nothing is judged there"
