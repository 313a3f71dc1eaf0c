"""`syncd rollover PERIOD`: what the next planning period means, and the edits of the roadmap that begin it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from syncd.cli.options import ConfigOption, JsonOption, Session, StageOption, WorkspaceOption, open_offline, stage_of
from syncd.cli.text import counted, plain
from syncd.model.errors import ConfigError, ConfigErrors

if TYPE_CHECKING:
    from datetime import date

    from rules.roadmap.loader import Roadmap
    from rules.world import World
    from syncd.cli.rollovers import Effects
    from syncd.document_edits import Edit, Source
    from syncd.model.items import Stage

PromoteOption = Annotated[
    list[str] | None,
    typer.Option("--promote", help="An outcome of next or later that comes into now; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(rollover)


def rollover(
    period: str = typer.Argument(help="The new period: 2027-Q1, 2027-H1, 2027-03, 2027, or another name with days."),
    begin: str = typer.Option("", "--from", help="Its first day, where the name does not say it."),
    end: str = typer.Option("", "--to", help="Its last day, where the name does not say it."),
    promote: PromoteOption = None,
    yes: bool = typer.Option(False, "--yes", help="Edit the roadmap's files; without it, nothing is written."),
    stage: StageOption = None,
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a new planning period carries over, lets go and would cause; with --yes, begin it."""
    from syncd.cli.rollovers import RolloverText
    from syncd.document_edits import read_sources
    from syncd.rollover import edits_of, open_work, period_named, roll_over

    after = period_named(period, _day("--from", begin), _day("--to", end))
    with open_offline(config, workspace) as session:
        roadmap, world = session.files.roadmap, _world(session)
        merged = world.roadmap if world is not None else roadmap
        rolled = roll_over(merged, after, promote or ())
        sources = read_sources(session.files.folder)
        edits = edits_of(rolled, merged, [source.document for source in sources])
        changed = _edited(sources, edits)
        planned = _loaded(session, changed, sources)
        work = open_work(world, session.clock.now(), session.workspace.charter.calendar) if world is not None else {}
        effects = _effects(session, planned, stage_of(stage)) if world is not None else None
        told = RolloverText(rolled, work, effects, edits)
        if as_json:
            typer.echo(msgspec.json.format(msgspec.json.encode({**told.document(), "written": yes})).decode())
        else:
            for line in told.lines():
                typer.echo(line)
        if yes:
            _write(session, sources, changed, planned)
        if not as_json:
            typer.echo("\n" + _ending(changed, edits, is_written=yes))


def _ending(changed: "Sequence[Source]", edits: "Sequence[Edit]", *, is_written: bool) -> str:
    if not is_written:
        return "Nothing was written; --yes makes these edits."
    names = ", ".join(source.document.name for source in changed)
    return f"{counted(len(edits), 'edit')} made in {names}; read again and found as meant."


def _day(option: str, text: str) -> "date | None":
    from datetime import date

    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option}: read '{plain(text, 40)}'; expected a day such as 2027-01-01") from None


def _world(session: Session) -> "World | None":
    """Return the World of the store; None where nothing was read yet."""
    from syncd.daemon.reconcile import world_of

    world = world_of(session.workspace.charter, session.workspace.store)
    return world if world.rows else None


def _edited(sources: "Sequence[Source]", edits: "Sequence[Edit]") -> "list[Source]":
    """Return the files that change, changed; raises ConfigErrors for all that can't be changed."""
    from syncd.document_edits import edited

    changed, errors = [], []
    for source in sources:
        mine = [edit for edit in edits if edit.file == source.document.name]
        try:
            changed += [edited(source, mine)] if mine else []
        except ConfigError as error:
            errors.append(error)
    if errors:
        raise ConfigErrors(errors)
    return changed


def _loaded(session: Session, changed: "Sequence[Source]", sources: "Sequence[Source]") -> "Roadmap":
    """Return the roadmap that the files would hold; readings stay as they are."""
    from rules.roadmap.loader import load_roadmap

    files = session.files
    new = {source.document.name: source.document for source in changed}
    documents = [new.get(source.document.name, source.document) for source in sources]
    names = {setup.name for setup in files.trackers.trackers}
    loaded = load_roadmap(documents, names, is_open=files.trackers.hold_outcomes)
    measures = {outcome.id: outcome.measures for outcome in files.roadmap.outcomes}
    outcomes = [msgspec.structs.replace(each, measures=measures[each.id]) for each in loaded.outcomes]
    return msgspec.structs.replace(loaded, outcomes=tuple(outcomes))


def _effects(session: Session, planned: "Roadmap", stage: "Stage | None") -> "Effects":
    """Judge what was read last under the old and under the new roadmap; writes nothing."""
    from syncd.cli.rollovers import Effects
    from syncd.daemon.reconcile import judge

    charter, store, now = session.workspace.charter, session.workspace.store, session.clock.now()
    before = judge(charter, store, now, stage).reconciled
    after = judge(msgspec.structs.replace(charter, roadmap=planned), store, now, stage).reconciled
    return Effects(before, after)


def _write(session: Session, sources: "Sequence[Source]", changed: "Sequence[Source]", planned: "Roadmap") -> None:
    """Write the files, read the whole configuration again, and put the old ones back where it is not as meant."""
    from syncd.configuration import load_configuration
    from syncd.document_edits import write

    write(changed)
    try:
        again = load_configuration(session.configuration.folder).workspace(session.files.name).roadmap
        is_meant = (again.period, again.outcomes) == (planned.period, planned.outcomes)
    except ConfigErrors:
        is_meant = False
    if not is_meant:
        names = {source.document.name for source in changed}
        write([source for source in sources if source.document.name in names])
        raise ConfigError("what was written did not read as it was meant; the files are as they were")
