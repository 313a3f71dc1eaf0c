"""`syncd baseline`: what was agreed of an outcome, an item with children or a container, and what became of it."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.options import ConfigOption, JsonOption, Session, WorkspaceOption, open_offline
from syncd.cli.text import plain
from syncd.model.errors import ConfigError

if TYPE_CHECKING:
    from datetime import datetime

    from rules.facts.fact import FactContext
    from rules.world import World
    from syncd.model.baselines import Baseline
    from syncd.model.findings import Subject

SubjectWords = Annotated[
    list[str],
    typer.Argument(help="An outcome's id, an item's key, or `milestone NAME`, `version NAME`, `sprint NAME`."),
]
MaybeWords = Annotated[
    list[str] | None,
    typer.Argument(help="The same; without it, everything that has a baseline.", show_default=False),
]

commands = typer.Typer(
    name="baseline", no_args_is_help=True, help="What was agreed, and what became of it: take, show, diff."
)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(commands)


@commands.command()
def take(
    subject: SubjectWords,
    because: str = typer.Option(..., "--because", help="Why: who agreed to what."),
    by: str = typer.Option("", "--by", help="Who says so; else the user of this machine."),
    on: str = typer.Option("", "--on", help="What it held at the end of a day, such as 2026-11-20; now without it."),
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that what it holds now is agreed; it supersedes what was agreed before, which is kept."""
    from rules.scope.taking import stated_baseline
    from syncd.cli.baseline_texts import as_json_text, taken_line
    from syncd.model.truth import Unknown

    if not because.strip():
        raise typer.BadParameter("say why, in a few words", param_hint="--because")
    with open_offline(config, workspace) as session:
        context = _context(session)
        at = _end_of(session, on)
        taken: list[Baseline] = []
        for each in subjects_named(context.world, subject):
            _refuse_older(context, each, at, subject)
            said_by = by or os.environ.get("USER", "")
            found = stated_baseline(context, each, at, by=said_by, reason=because.strip())
            if isinstance(found, Unknown):
                raise ConfigError(f"{_named(subject)} can't be read whole now, so nothing was taken: {found.reason}")
            if found is None or not found.members:
                when = f" on {on}" if on else ""
                raise ConfigError(f"{_named(subject)} held nothing{when}, so there is nothing to agree on")
            taken.append(found)
        lines = [taken_line(context, each) for each in taken]
        session.workspace.store.add_baselines(taken)
        typer.echo(as_json_text(taken) if as_json else "\n".join(lines))


@commands.command()
def show(
    subject: MaybeWords = None,
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what was agreed, when and how that is known; of one subject all baselines and their items."""
    from rules.scope.holding import baselines_of
    from syncd.cli.baseline_texts import as_json_text, listed_lines, whole_lines

    with open_offline(config, workspace) as session:
        context = _context(session)
        if subject:
            subjects: Sequence[Subject] = subjects_named(context.world, subject)
            found = [each for named in subjects for each in baselines_of(context.world, named)]
            lines = [*whole_lines(context, found), *_without(context, subjects)]
        else:
            found = [each for taken in context.world.given.baselines.values() for each in taken[-1:]]
            lines = list(listed_lines(context, found)) or ["Nothing has a baseline yet; `syncd run` takes them."]
        typer.echo(as_json_text(found) if as_json else "\n".join(lines))


@commands.command()
def diff(
    subject: SubjectWords,
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what was added since it was agreed, why and by whom, what went, and what became larger or other words."""
    from syncd.cli.baseline_diff import diff_of
    from syncd.cli.baseline_texts import as_json_text, diff_lines

    with open_offline(config, workspace) as session:
        context = _context(session)
        subjects = subjects_named(context.world, subject)
        found = [each for named in subjects if (each := diff_of(context, named)) is not None]
        if as_json:
            typer.echo(as_json_text(found))
            return
        for line in (*(line for each in found for line in diff_lines(each)), *_without(context, subjects)):
            typer.echo(line)


def subjects_named(world: "World", words: Sequence[str]) -> "Sequence[Subject]":
    """Return what a person means: `milestone NAME`, an item's key or address, or an outcome's id."""
    from rules.subjects import NAMED, item_subject, named, names_of
    from syncd.complaints import did_you_mean
    from syncd.model.identity import Ref

    name = " ".join(words).strip()
    kind, rest = _kind_and_name(name, [each for each in NAMED if each != "team"])
    if kind:
        found = named(kind, rest, world)
        if not found:
            raise ConfigError(f"no {kind} '{plain(rest, 60)}' here.{did_you_mean(rest, names_of(kind, world))}")
        return found
    outcomes = named("outcome", name, world)
    if outcomes:
        return outcomes
    item_id = world.resolve(Ref(url=name) if "://" in name else Ref(key=name), None)
    if item_id is not None and world.item(item_id) is not None:
        return [item_subject(item_id)]
    near = did_you_mean(name, [*names_of("outcome", world), *(each.key for each in world.rows)])
    kinds = "an outcome's id, an item's key, or `milestone NAME`, `version NAME`, `sprint NAME`"
    raise ConfigError(f"nothing here is called '{plain(name, 60)}'.{near or f' It is {kinds}.'}")


def _kind_and_name(name: str, kinds: Sequence[str]) -> tuple[str, str]:
    """Return the kind that a name begins with, and the rest: `sprint Week 47`, `sprint:Week 47`."""
    for kind in kinds:
        for sign in (" ", ":"):
            if name.casefold().startswith(kind + sign) and "://" not in name:
                return kind, name[len(kind) + 1 :].strip()
    return "", name


def _context(session: Session) -> "FactContext":
    from rules.facts.table import context_at
    from syncd.daemon.reconcile import world_of

    charter = session.workspace.charter
    return context_at(world_of(charter, session.workspace.store), session.clock.now(), charter.calendar)


def _end_of(session: Session, on: str) -> "datetime":
    """Return the last instant of a day that a person named, and now for today or none."""
    from datetime import date, timedelta

    now, calendar = session.clock.now(), session.workspace.charter.calendar
    if not on:
        return now
    try:
        day = date.fromisoformat(on) if len(on) == len("2026-11-20") else None
    except ValueError:
        day = None
    today = calendar.day(now)
    if day is None:
        raise ConfigError(f"--on: read '{plain(on, 40)}'; expected a day such as {today}")
    if day > today:
        raise ConfigError(f"--on: {day} is in the future; today is {today}")
    return min(calendar.end(day) - timedelta.resolution, now)


def _refuse_older(context: "FactContext", subject: "Subject", at: "datetime", words: Sequence[str]) -> None:
    """Refuse a baseline from before the newest one: what was agreed later counts, and nothing would change."""
    from rules.scope.holding import baselines_of

    newest = max((each.at for each in baselines_of(context.world, subject)), default=None)
    if newest is not None and newest >= at:
        day = context.calendar.day(newest)
        raise ConfigError(f"{_named(words)} has a baseline of {day}, which is newer and counts; name a later day")


def _without(context: "FactContext", subjects: "Sequence[Subject]") -> "Iterator[str]":
    """Yield, for what has no baseline, why."""
    from rules.scope.holding import baseline_of
    from syncd.cli.baseline_texts import lacking_line

    for each in subjects:
        if baseline_of(context.world, each, context.now) is None:
            yield lacking_line(context, each)


def _named(words: Sequence[str]) -> str:
    return plain(" ".join(words), 60)
