"""`syncd doctor`: tokens, permissions, what the map of words covers, and which rule is blind where."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from syncd.cli.options import ConfigOption, Session, WorkspaceOption, open_session
from syncd.cli.text import counted, plain

if TYPE_CHECKING:
    from rules.coverage import Coverage
    from syncd.model.items import Audience
    from syncd.model.reading import Capabilities

SHOWN = 8


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(doctor)


def doctor(config: ConfigOption = None, workspace: WorkspaceOption = None) -> None:
    """Ask every tracker who we are there and what we may do; read it, and say what the map of its words covers."""
    from syncd.cli.passes import read_trackers
    from syncd.model.errors import TrackerError

    with open_session(config, workspace) as session:
        is_well = True
        for name, tracker in sorted(session.workspace.trackers.items()):
            try:
                found = tracker.probe()
            except TrackerError as error:
                typer.echo(f"{name}: {error.message}")
                is_well = False
                continue
            session.workspace.store.save_probe(name, found)
            for line in _account_lines(name, found):
                typer.echo(line)
            is_well &= not found.problems and not any(place.problem for place in found.places)
        is_well &= read_trackers(session)
        for coverage in _coverages(session):
            for line in _coverage_lines(coverage):
                typer.echo(line)
        if not is_well:
            raise typer.Exit(3)


def _account_lines(name: str, found: "Capabilities") -> Iterator[str]:
    yield f"{name}: signed in as {plain(found.account.name)}"
    for place in found.places:
        rights = (("read", place.can_read), ("label", place.can_label), ("comment", place.can_comment))
        may = [word for word, is_granted in rights if is_granted]
        readers = f", read by: {_readers(place.audience)}" if place.audience else ""
        yield f"  {place.id.key}: may {', '.join(may) or 'nothing'}{readers}"
        if place.problem:
            yield f"    {place.problem}"
    for problem in found.problems:
        yield f"  {plain(problem)}"


def _readers(audience: "Audience") -> str:
    return audience.group or audience.kind.value


def _coverages(session: Session) -> "Iterator[Coverage]":
    from rules.coverage import coverage_of
    from rules.language.calendar import Calendar
    from syncd.daemon.reconcile import world_of

    world = world_of(session.workspace.charter, session.workspace.store)
    for name in sorted(session.workspace.trackers):
        yield coverage_of(name, world, session.files.rules, session.clock.now(), Calendar())


def _coverage_lines(coverage: "Coverage") -> Iterator[str]:
    yield ""
    yield f"{coverage.tracker}: {counted(coverage.item_count, 'open item')}"
    if not coverage.item_count:
        return
    for share in coverage.shares:
        yield f"  {share.name:20} {100 * share.known_count / share.total:5.1f} %  {share.known_count:,}"
    for what, words in (
        ("types", coverage.unmapped_types),
        ("labels of items without a kind", coverage.unmapped_labels),
        ("statuses without a category", coverage.unmapped_statuses),
        ("links", coverage.unmapped_links),
    ):
        if words:
            yield f"  nobody mapped {what}: {_listed(words)}"
    for blind in coverage.blind:
        yield f"  blind: {blind.rule_id}, {blind.fact}: {plain(blind.reason, 120)}"


def _listed(words: Sequence[tuple[str, int]]) -> str:
    shown = ", ".join(f"{plain(word, 40)} ({count:,})" for word, count in words[:SHOWN])
    return shown + (f", … {len(words) - SHOWN:,} more" if len(words) > SHOWN else "")
