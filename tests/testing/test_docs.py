"""docs/testing-rules.md: its example does what it shows."""

import re
import shutil
from pathlib import Path

from syncd.testing.expectations import STATES
from syncd.testing.texts import CaseText, ItemText
from tests.cli.running import syncd

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/testing-rules.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_its_example_prints_what_it_shows(tmp_path, monkeypatch):
    monkeypatch.delenv("SYNCD_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "config", tmp_path / "config")
    for block in blocks("yaml")[:2]:
        first, _, rest = block.partition("\n")
        (tmp_path / first.removeprefix("# ")).write_text(rest)
    (shown,) = blocks("console")
    command, _, output = shown.partition("\n")

    ended = syncd(*command.removeprefix("$ syncd ").split())

    assert ended.out == output
    assert ended.code == 1


def test_it_names_every_key_and_every_word():
    named = set(re.findall(r"`([a-z_]+)[`:]", TEXT))

    assert set(CaseText.model_fields) <= named
    assert set(ItemText.model_fields) - named <= {
        "title",
        "resolution",
        "rank",
        "components",
        "reporter",
        "closed",
        "history",
    }
    assert set(STATES) <= named
