"""Writes the JSON Schemas of what an admin edits: ``python -m syncd.cli.schemas [--check]``."""

import json
import sys
from pathlib import Path
from typing import Any

import typer

from adapters.registry import trackers_schema
from rules.schema import DIALECT, schemas
from syncd.settings import Settings
from syncd.testing import case_schema

FOLDER = Path(__file__).parents[2] / "config" / "schema"


def all_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each kind of file, by the name of the file that holds it."""
    return {
        "syncd.schema.json": {"$schema": DIALECT, **Settings.model_json_schema()},
        "trackers.schema.json": trackers_schema(),
        **schemas(),
        "tests.schema.json": case_schema(),
    }


def written(schema: dict[str, Any]) -> str:
    """Return a schema as its file holds it."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def stale_schemas(folder: Path) -> list[str]:
    """Return the names of the files that are missing or not as the declarations are now."""
    stale = []
    for name, schema in all_schemas().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != written(schema):
            stale.append(name)
    return stale


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """Write what is stale; with ``--check`` only say it, and return 1."""
    stale = stale_schemas(folder)
    if "--check" in arguments:
        for name in stale:
            typer.echo(f"{folder / name} is not current: run `python -m syncd.cli.schemas`")
        return 1 if stale else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (folder / name).write_text(written(all_schemas()[name]), encoding="utf-8")
        typer.echo(f"wrote {folder / name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
