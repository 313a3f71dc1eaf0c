"""`syncd schema`: JSON Schemas that know a workspace's own names, for the editor of who writes its files."""

from typing import TYPE_CHECKING

import typer

from syncd.cli.options import ConfigOption, WorkspaceOption, read_configuration

if TYPE_CHECKING:
    from syncd.configuration import WorkspaceFiles

_FOLDER = "schema"
_NAMED_IN = {"rules.schema.json": "rules/*.yaml", "roadmap.schema.json": "roadmap.yaml"}


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(schema)


def schema(config: ConfigOption = None, workspace: WorkspaceOption = None) -> None:
    """Write schemas with a workspace's own names beside its files: sets, params, outcomes, teams, kinds, places.

    An editor that speaks the YAML language server then completes them. Names that are newer than the schema are fine.
    """
    from rules.schema import schemas
    from syncd.cli.schemas import written
    from syncd.configuration import packaged_config
    from syncd.model.errors import ConfigError

    configuration = read_configuration(config)
    if configuration.folder == packaged_config():
        raise ConfigError("no configuration of yours is here; `syncd init` writes one")
    files = configuration.workspace(workspace)
    folder = files.folder / _FOLDER
    folder.mkdir(exist_ok=True)
    for name, content in schemas(words_of(files)).items():
        (folder / name).write_text(written(content), encoding="utf-8")
        steps = "../" * _NAMED_IN[name].count("/")
        typer.echo(f"wrote {folder / name}; first line of {_NAMED_IN[name]}:")
        typer.echo(f"  # yaml-language-server: $schema={steps}{_FOLDER}/{name}")


def words_of(workspace: "WorkspaceFiles") -> dict[str, tuple[str, ...]]:
    """Return what an editor suggests in a workspace's files, by what it stands for."""
    from rules.normalise import CHANGE, OTHER
    from rules.schema import OUTCOME_IDS

    places = [place for setup in workspace.trackers.trackers for place in setup.places]
    params = [document.data.get("params") for document in workspace.rule_documents]
    kinds = dict.fromkeys(kind for place in places for kind, _ in place.words.kinds)
    teams = tuple(sorted({place.team for place in places if place.team}))
    outcomes = tuple(outcome.id for outcome in workspace.roadmap.outcomes)
    return {
        "set": tuple(sorted(workspace.rules.sets)),
        "param": tuple(sorted(name for each in params if isinstance(each, dict) for name in each)),
        "kind": (*kinds, CHANGE, OTHER),
        "team": teams,
        "teams": teams,
        "team.id": teams,
        "place": tuple(str(place.id) for place in places),
        "tracker": tuple(setup.name for setup in workspace.trackers.trackers),
        **dict.fromkeys(OUTCOME_IDS, outcomes),
    }
