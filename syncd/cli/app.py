"""The command `syncd`: every command, what each may end with, and errors as one line each."""

import sys

import typer

from syncd.cli import (
    backtest,
    baseline,
    check,
    demo,
    doctor,
    explain,
    history,
    init,
    measure,
    passes,
    report,
    rollover,
    service,
    status,
    test,
    workspace_schema,
)
from syncd.model.errors import ConfigError, ConfigErrors, SyncdError

FINE, FOUND, WRONG, FAILED = 0, 1, 2, 3
"""Exit codes: fine; findings or refused, where asked for; wrong usage or files; a tracker or the store failed."""

app = typer.Typer(
    name="syncd",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Keeps the work in Jira and GitHub traceable to the roadmap, and says so where the team already looks.",
)


def _version(asked: bool) -> None:
    if asked:
        from syncd import __version__

        typer.echo(f"syncd {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Read by typer before any command."""


for module in (
    demo,
    init,
    check,
    workspace_schema,
    test,
    backtest,
    doctor,
    passes,
    service,
    explain,
    baseline,
    history,
    measure,
    report,
    rollover,
    status,
):
    module.register(app)


def main() -> None:
    """Run the command line; an error of ours is told in one line each, and never as a traceback."""
    try:
        app()
    except (ConfigError, ConfigErrors) as error:
        _tell(str(error))
        sys.exit(WRONG)
    except SyncdError as error:
        _tell(str(error))
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FINE)


def _tell(lines: str) -> None:
    for line in lines.splitlines():
        typer.echo(line, err=True)
