"""`syncd explain KEY`: everything that is known and judged of one item, and why it was told or not."""

import typer

from syncd.cli.options import ConfigOption, JsonOption, WorkspaceOption, open_session


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(explain)


def explain(
    key: str = typer.Argument(help="An item: PAY-88, acme/checkout#12, or its address."),
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how an item reaches outcomes, every rule for it, and what was written when; reads the store only."""
    raise typer.Exit(2)
