"""`syncd plan` and `syncd apply`: one dry pass, one pass."""

from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.options import ConfigOption, JsonOption, Session, StageOption, WorkspaceOption, open_session, stage_of
from syncd.cli.text import counted, plain

RulesOption = Annotated[
    list[str] | None, typer.Option("--rule", help="Tell of this rule only; may be repeated.", show_default=False)
]
PlacesOption = Annotated[
    list[str] | None,
    typer.Option("--place", help="Write in this project or repository only; may be repeated.", show_default=False),
]
TeamsOption = Annotated[
    list[str] | None,
    typer.Option("--team", help="Write on the items of this team only; may be repeated.", show_default=False),
]

if TYPE_CHECKING:
    from syncd.daemon.passes import Workspace
    from syncd.daemon.poll import Polled


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(plan)
    app.command()(apply)


def plan(
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    stage: StageOption = None,
    rule: RulesOption = None,
    place: PlacesOption = None,
    team: TeamsOption = None,
    as_json: JsonOption = False,
    exit_code: bool = typer.Option(False, "--exit-code", help="End with 1 if there is something to write."),
) -> None:
    """Read the trackers, judge, and show what would be written; writes nothing."""
    from syncd.cli.plans import json_of_plan, plan_lines
    from syncd.daemon.passes import plan_pass

    tried = stage_of(stage)
    with open_session(config, workspace) as session:
        read = read_trackers(session, is_quiet=as_json)
        ready = narrow(session.workspace, rule, place, team)
        judged = plan_pass(ready, session.clock, tried)
        if as_json:
            typer.echo(json_of_plan(judged.reconciled))
        else:
            for line in plan_lines(judged, ready.charter, ready.stage(tried), session.clock.now()):
                typer.echo(line)
            if judged.reconciled.plan.changes:
                typer.echo("Nothing was written. `syncd apply` writes it.")
        if not read:
            raise typer.Exit(3)
        if exit_code and judged.reconciled.plan.changes:
            raise typer.Exit(1)


def apply(
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    stage: StageOption = None,
    rule: RulesOption = None,
    place: PlacesOption = None,
    team: TeamsOption = None,
) -> None:
    """Read the trackers, judge, and write what the plan says."""
    from syncd.cli.plans import applied_lines, plan_lines
    from syncd.cli.progress import progress_of
    from syncd.daemon.passes import apply_pass, plan_pass, settle_lost_writes
    from syncd.model.changes import Fate

    tried = stage_of(stage)
    with open_session(config, workspace) as session, session.store.sole_writer():
        if lost := session.workspace.open_intent_count():
            typer.echo(f"Looking for {counted(lost, 'write')} whose answer was lost; this can take a minute.")
            settle_lost_writes(session.workspace, session.clock)
        read = read_trackers(session)
        ready = narrow(session.workspace, rule, place, team)
        judged = plan_pass(ready, session.clock, tried)
        for line in plan_lines(judged, ready.charter, ready.stage(tried), session.clock.now()):
            typer.echo(line)
        with progress_of("writing", "changes") as progress:
            applied = apply_pass(ready, judged, session.clock, progress)
        for line in applied_lines(applied):
            typer.echo(line)
        if applied.counts[Fate.REFUSED]:
            raise typer.Exit(1)
        if not read or applied.counts[Fate.UNKNOWN] or applied.counts[Fate.DEFERRED]:
            raise typer.Exit(3)


def narrow(
    workspace: "Workspace", rules: list[str] | None, places: list[str] | None, teams: list[str] | None
) -> "Workspace":
    """Return the workspace so that only these may be told; raises ConfigError for one that there is not."""
    from msgspec.structs import replace

    from syncd.daemon.narrow import narrowed

    charter = narrowed(workspace.charter, workspace.store, rules=rules or (), places=places or (), teams=teams or ())
    return replace(workspace, charter=charter)


def read_trackers(session: Session, *, is_quiet: bool = False) -> bool:
    """Poll every tracker and tell what was read and what could not be; False where a tracker or a place could not."""
    from syncd.cli.progress import progress_of
    from syncd.daemon.passes import poll_all

    with progress_of("reading", "items") as progress:
        every = session.configuration.settings.poll.census
        polled = poll_all(session.workspace, session.clock, progress, census_every=every)
    if not is_quiet:
        _tell_read(session, polled)
    _tell_unread(polled)
    return not any(each.error or each.failures for each in polled)


def _tell_read(session: Session, polled: "list[Polled]") -> None:
    counts: dict[str, int] = {}
    for item_id in session.workspace.store.items():
        counts[item_id.tracker] = counts.get(item_id.tracker, 0) + 1
    read = [
        f"{each.tracker} ({counted(counts.get(each.tracker, 0), 'item')}, {len(each.changed):,} new or changed)"
        for each in polled
        if not each.error
    ]
    if read:
        typer.echo(f"Read {' and '.join(read)}.")


def _tell_unread(polled: "list[Polled]") -> None:
    for each in polled:
        if each.error:
            typer.echo(f"{each.error}; its items stay as they were read before", err=True)
        else:
            for failure in each.failures:
                typer.echo(f"{failure.place}: {failure.error}", err=True)
            for warning in each.warnings:
                typer.echo(plain(warning), err=True)
        if each.problem_count:
            was = "was" if each.problem_count == 1 else "were"
            told = f"{counted(each.problem_count, 'item')} {was} set aside, see `syncd status`"
            typer.echo(f"{each.tracker}: {told}", err=True)
