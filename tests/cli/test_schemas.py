"""The schemas beside the configuration are made from the declarations, and are current."""

from pathlib import Path

import jsonschema
import pytest

from syncd.cli.schemas import FOLDER, all_schemas, main, stale_schemas
from syncd.documents import read_document

SCHEMAS = all_schemas()
CONFIG = Path(__file__).parents[2] / "config"
SCHEMA_OF = {
    "*.yaml": "syncd",
    "default/trackers.yaml": "trackers",
    "default/roadmap.yaml": "roadmap",
    "default/rules/*.yaml": "rules",
    "default/rules/tests/*.yaml": "tests",
}
FILES = {str(path.relative_to(CONFIG)): name for pattern, name in SCHEMA_OF.items() for path in CONFIG.glob(pattern)}


def test_the_committed_schemas_are_current():
    assert stale_schemas(FOLDER) == [], "run `python -m syncd.cli.schemas`"


def test_writing_and_checking(tmp_path, capsys):
    assert main(["--check"], tmp_path) == 1
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    (tmp_path / "rules.schema.json").write_text("{}")

    capsys.readouterr()
    assert main(["--check"], tmp_path) == 1
    assert capsys.readouterr().out.count("is not current") == 1


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema(name):
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_default_file_names_its_schema_and_is_valid(name):
    path = CONFIG / name
    first = path.read_text().splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")

    schema = f"{FILES[name]}.schema.json"
    assert (path.parent / named).resolve() == FOLDER / schema
    jsonschema.Draft202012Validator(SCHEMAS[schema]).validate(read_document(path, name).data)


def test_no_default_file_is_without_a_test():
    assert {str(path.relative_to(CONFIG)) for path in CONFIG.rglob("*.yaml")} == set(FILES)
