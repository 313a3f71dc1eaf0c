"""`make check` goes red on what is too long."""

from pathlib import Path

import pytest

from tests.packaging.project import load_check

lengths = load_check("lengths")

SETTINGS = """
[tool.lengths]
folders = ["syncd"]
file_lines = 12
function_lines = 4
[tool.lengths.exceptions]
"""


def function_of(line_count: int, name: str = "work", indent: str = "") -> str:
    return "\n".join([f"{indent}def {name}():", *[f"{indent}    pass"] * (line_count - 1)]) + "\n"


def check(root: Path, source: str, exceptions: str = "") -> int:
    (root / "pyproject.toml").write_text(SETTINGS + exceptions)
    (root / "syncd").mkdir()
    (root / "syncd" / "long.py").write_text(source)
    result: int = lengths.main(root)
    return result


def test_a_function_and_a_file_at_the_limit_pass(tmp_path: Path):
    assert check(tmp_path, function_of(4) * 3) == 0


def test_a_function_over_the_limit_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert check(tmp_path, function_of(5)) == 1
    assert "syncd/long.py::work: 5 lines, the limit is 4" in capsys.readouterr().err


def test_a_method_and_a_nested_function_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    source = "class Desk:\n    async " + function_of(5, indent="    ").lstrip()
    assert check(tmp_path, source) == 1
    assert "syncd/long.py::Desk.work: 5 lines" in capsys.readouterr().err


def test_a_function_below_a_condition_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert check(tmp_path, "if True:\n" + function_of(5, indent="    ")) == 1
    assert "syncd/long.py::work: 5 lines" in capsys.readouterr().err


def test_a_file_over_the_limit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert check(tmp_path, "a = 1\n" * 13) == 1
    assert "syncd/long.py: 13 lines, the limit is 12" in capsys.readouterr().err


def test_an_exception_with_a_reason_excuses(tmp_path: Path):
    assert check(tmp_path, function_of(5), '"syncd/long.py::work" = "a table reads better whole"') == 0


def test_an_exception_without_a_reason_does_not_excuse(tmp_path: Path):
    assert check(tmp_path, function_of(5), '"syncd/long.py::work" = ""') == 1


def test_an_exception_that_excuses_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert check(tmp_path, function_of(2), '"syncd/long.py::work" = "was long once"') == 1
    assert "excuses nothing" in capsys.readouterr().err


def test_a_file_that_is_not_python_ends_in_one_line(tmp_path: Path):
    with pytest.raises(SystemExit, match=r"^syncd/long.py:1: "):
        check(tmp_path, "def work(:\n")
