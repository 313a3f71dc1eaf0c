"""`syncd check` and `syncd facts`: what was configured, and what a rule can ask, without a network."""

from typing import TYPE_CHECKING

import typer

from syncd.cli.options import ConfigOption, JsonOption, read_configuration
from syncd.cli.text import counted

if TYPE_CHECKING:
    from rules.facts.fact import Fact
    from syncd.bootstrap import WorkspaceFiles


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(check)
    app.command()(facts)


def check(config: ConfigOption = None) -> None:
    """Validate every file of a configuration, without a network."""
    configuration = read_configuration(config)
    for workspace in configuration.workspaces:
        for warning in workspace.warnings:
            typer.echo(f"warning: {warning}")
    for workspace in configuration.workspaces:
        typer.echo(f"{workspace.name}: {_contents(workspace)}. All is well.")


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
    from syncd.complaints import did_you_mean
    from syncd.model.errors import ConfigError

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
    typer.echo(f"{fact.name:{width}}  {fact.type.value:8}  {fact.meaning}")
    if not is_alone:
        return
    for label, words in (("about", _abouts(fact)), ("values", list(fact.values)), ("fields", _fields(fact))):
        if words:
            typer.echo(f"  {label}: {', '.join(words)}")
    if fact.unknown_when:
        typer.echo(f"  unknown when {fact.unknown_when}")


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
