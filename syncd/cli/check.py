"""`syncd check` and `syncd facts`: what was configured, and what a rule can ask, without a network."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.doubts import doubts_of, unread_files
from syncd.cli.options import ConfigOption, JsonOption, read_configuration
from syncd.cli.problems import Format, printed, problem_of
from syncd.cli.text import counted
from syncd.complaints import did_you_mean
from syncd.model.errors import ConfigError

_FEW = 8
"""So many values of a fact stand in the list of all facts."""

if TYPE_CHECKING:
    from rules.facts.fact import Fact
    from syncd.configuration import Configuration, WorkspaceFiles


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(check)
    app.command()(facts)


def check(
    config: ConfigOption = None,
    form: Annotated[
        str, typer.Option("--format", help="text, github (annotations of a pull request), sarif, or json.")
    ] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 where there is a warning.")] = False,
) -> None:
    """Validate every file of a configuration, without a network.

    Ends with 2 where something is wrong. A warning is no error: something that can be read, and is dead or doubtful.
    """
    from syncd.model.errors import ConfigErrors

    wanted = _format_of(form)
    try:
        configuration = read_configuration(config)
        _check_cases(configuration)
    except (ConfigError, ConfigErrors) as error:
        if wanted is Format.TEXT:
            raise
        _print([error] if isinstance(error, ConfigError) else error.errors, "error", wanted, config)
        raise typer.Exit(2) from None
    warnings = unread_files(configuration)
    warnings += [warning for workspace in configuration.workspaces for warning in doubts_of(workspace)]
    _print(warnings, "warning", wanted, config)
    if wanted in (Format.TEXT, Format.GITHUB):
        ending = f"{counted(len(warnings), 'warning')}." if warnings else "All is well."
        for workspace in configuration.workspaces:
            typer.echo(f"{workspace.name}: {_contents(workspace)}. {ending}")
    if strict and warnings:
        raise typer.Exit(1)


def _check_cases(configuration: "Configuration") -> None:
    """Read the cases of all workspaces; raises ConfigErrors."""
    from syncd.cli.test import cases_of, ground_of
    from syncd.model.errors import ConfigErrors

    errors: list[ConfigError] = []
    for files in configuration.workspaces:
        try:
            cases_of(files, ground_of(files, configuration))
        except ConfigErrors as found:
            errors += found.errors
    if errors:
        raise ConfigErrors(errors)


def _format_of(text: str) -> Format:
    if text not in [each.value for each in Format]:
        near = did_you_mean(text, [each.value for each in Format])
        raise ConfigError(f"read '{text}'; --format is text, github, sarif or json.{near}")
    return Format(text)


def _print(found: Sequence[ConfigError], severity: str, wanted: Format, config: Path | None) -> None:
    from syncd import __version__

    if wanted is Format.TEXT:
        for each in found:
            typer.echo(f"{severity}: {each}")
        return
    folder = _folder(config)
    text = printed([problem_of(each, severity, folder) for each in found], wanted, __version__)
    if text:
        typer.echo(text)


def _folder(config: Path | None) -> Path | None:
    """Return the folder of the configuration; None where it is not there, which no file's error tells of."""
    import os

    from syncd.configuration import config_folder

    try:
        return config_folder(config, os.environ)
    except ConfigError:
        return None


def _contents(workspace: "WorkspaceFiles") -> str:
    trackers = [f"{setup.name} ({counted(len(setup.places), 'place')})" for setup in workspace.trackers.trackers]
    parts = [
        " and ".join(trackers) or "no tracker",
        counted(len(workspace.roadmap.outcomes), "outcome"),
        counted(len(workspace.rules.rules), "rule"),
        f"stage {workspace.trackers.stage.name.lower()}",
    ]
    return ", ".join(parts)


def facts(
    name: str = typer.Argument("", help="A fact, or the beginning of its name such as `trace.`."),
    as_json: JsonOption = False,
) -> None:
    """List what a rule can ask: each fact with its type, what it is about, and its meaning."""
    from rules.facts.vocabulary import all_facts

    known = all_facts()
    chosen = [fact for fact in known if fact.name.startswith(name)]
    if not chosen:
        near = did_you_mean(name, [fact.name for fact in known])
        raise ConfigError(f"no fact '{name}'.{near or ' `syncd facts` lists them all.'}")
    if as_json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode([_row(fact) for fact in chosen])).decode())
        return
    width = max(len(fact.name) for fact in chosen)
    for fact in chosen:
        _print_fact(fact, width, is_alone=len(chosen) == 1)


def _print_fact(fact: "Fact", width: int, *, is_alone: bool) -> None:
    values = "" if is_alone else _values(fact)
    typer.echo(f"{fact.name:{width}}  {fact.type.value:8}  {fact.meaning}{values}")
    if not is_alone:
        return
    for label, words in (("about", _abouts(fact)), ("values", list(fact.values)), ("fields", _fields(fact))):
        if words:
            typer.echo(f"  {label}: {', '.join(words)}")
    if fact.unknown_when:
        typer.echo(f"  unknown when {fact.unknown_when}")


def _values(fact: "Fact") -> str:
    """Return a closed set of values for a line, where it is short and the meaning does not say them all."""
    is_told = all(value in fact.meaning for value in fact.values)
    return "" if is_told or len(fact.values) > _FEW else f" One of: {', '.join(fact.values)}."


def _row(fact: "Fact") -> dict[str, object]:
    return {
        "name": fact.name,
        "type": fact.type.value,
        "meaning": fact.meaning,
        "about": _abouts(fact),
        "values": list(fact.values),
        "fields": _fields(fact),
        "unknown_when": fact.unknown_when,
    }


def _abouts(fact: "Fact") -> list[str]:
    return [about.value for about in fact.about]


def _fields(fact: "Fact") -> list[str]:
    from rules.language.values import fields_of

    return sorted(fields_of(fact.record)) if fact.record else []
