"""Files with a few random mistakes: never a traceback, always a place."""

import os
import re
import shutil
from pathlib import Path

import pytest

from syncd.cli.doubts import doubts_of
from syncd.cli.test import ground_of
from syncd.configuration import load_configuration, packaged_config
from syncd.documents import parse_leniently
from syncd.model.errors import ConfigErrors
from syncd.testing import Case, judge_case, load_cases
from tests.bad_input.mutations import mutated, write

MUTATIONS = int(os.environ.get("SYNCD_MUTATIONS", "1500"))
SHIPPED = sorted(str(path.relative_to(packaged_config())) for path in packaged_config().rglob("*.yaml"))
FILES = len(SHIPPED) + 2
PLACE = re.compile(r"[\w/.-]+\.yaml(:[1-9]\d*:[1-9]\d*)?: \S")
EVERYTHING = Path(__file__).with_name("everything")
LONGEST = 700
NOT_A_FILE = re.compile(r"no workspace in ")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        *((name, packaged_config() / name) for name in SHIPPED if "/tests/" not in name),
        ("default/rules/everything.yaml", EVERYTHING / "rules.yaml"),
        ("default/roadmap.yaml", EVERYTHING / "roadmap.yaml"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.parent.name,
)
def test_a_file_with_mistakes_is_told_in_lines_with_their_places(name, source, tmp_path):
    folder = tmp_path / "config"
    shutil.copytree(packaged_config(), folder)
    text = source.read_text()
    write(folder / name, text)
    assert load_configuration(folder, {}), "without a mistake it is good"
    changed = 0
    for seed in range(1 + MUTATIONS // FILES):
        write(folder / name, mutated(text, seed))
        told = lines_of(folder)
        changed += bool(told)
        assert wrong(told) == [], f"seed {seed}"

    assert changed > MUTATIONS // FILES // 3, "so few were noticed: are these mistakes?"


@pytest.mark.parametrize("name", [name for name in SHIPPED if "/tests/" in name])
def test_a_file_of_cases_with_mistakes_is_told_in_lines_with_their_places(name):
    configuration = load_configuration(packaged_config(), {})
    ground = ground_of(configuration.workspaces[0], configuration)
    text = (packaged_config() / name).read_text()
    for seed in range(1 + MUTATIONS // FILES):
        document = parse_leniently(mutated(text, seed), name)
        told: list[str] = []
        cases: tuple[Case, ...] = ()
        try:
            cases = load_cases([document], ground)
        except ConfigErrors as errors:
            told = [str(error) for error in errors.errors]
        assert wrong(told) == [], f"seed {seed}"
        assert all(judge_case(case) for case in cases[seed % 7 :: 7]), f"seed {seed}"


def wrong(told: list[str]) -> list[str]:
    """Return the lines that are none, or have no place."""
    return [
        line
        for line in told
        if not (PLACE.match(line) or NOT_A_FILE.match(line)) or len(line) > LONGEST or not line.isprintable()
    ]


def lines_of(folder: Path) -> list[str]:
    """Return all that `syncd check` would tell of the files; an exception fails the test."""
    try:
        configuration = load_configuration(folder, {})
    except ConfigErrors as errors:
        return [str(error) for error in errors.errors]
    return [str(each) for workspace in configuration.workspaces for each in doubts_of(workspace)]
