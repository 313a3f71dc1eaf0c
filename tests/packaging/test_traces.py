"""`make check` goes red on a tracked file that tells whose machine it was written on."""

import subprocess
from pathlib import Path

import pytest

from tests.packaging.project import load_check

check = load_check("traces")


def repository(root: Path, text: str) -> Path:
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    (root / "notes.txt").write_text(f"first line\n{text}\n")
    subprocess.run(["git", "add", "notes.txt"], cwd=root, check=True)
    return root


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("see " + "/" + "home/ann/syncd", id="home"),
        pytest.param('"/' + 'Users/ann"', id="mac"),
        pytest.param("--extra-" + "index-url https://pypi.example/simple", id="index"),
        pytest.param("--find" + "-links wheels", id="links"),
    ],
)
def test_a_trace_is_refused_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str):
    assert check.main(repository(tmp_path, text)) == 1
    assert capsys.readouterr().err.startswith("notes.txt:2: ")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("../home/board and docs/home/index", id="relative"),
        pytest.param("https://jira.example/" + "home/board", id="url"),
        pytest.param("--no-emit-" + "index-url", id="other option"),
    ],
)
def test_an_ordinary_line_passes(tmp_path: Path, text: str):
    assert check.main(repository(tmp_path, text)) == 0


def test_an_untracked_file_is_nobodys_business(tmp_path: Path):
    root = repository(tmp_path, "fine")
    (root / "scratch.txt").write_text("/" + "home/ann\n")
    assert check.main(root) == 0
