"""The wheel holds all that an installation needs, and nothing of the workshop."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.project import PACKAGES, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("syncd-*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def metadata(wheel: zipfile.ZipFile, name: str) -> str:
    (path,) = (path for path in wheel.namelist() if path.endswith(f".dist-info/{name}"))
    return wheel.read(path).decode()


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def test_every_file_of_the_configuration_is_in_the_wheel(wheel: zipfile.ZipFile):
    config = ROOT / "config"
    expected = {f"syncd/_config/{path.relative_to(config).as_posix()}" for path in files_below(config)}
    assert expected <= set(wheel.namelist())
    assert "syncd/_config/syncd.yaml" in expected
    assert any(name.startswith("syncd/_config/schema/") and name.endswith(".json") for name in expected)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_is_in_the_wheel(wheel: zipfile.ZipFile, package: str):
    expected = {path.relative_to(ROOT).as_posix() for path in files_below(ROOT / package)}
    assert expected <= set(wheel.namelist())
    assert f"{package}/py.typed" in expected


def test_nothing_but_the_packages_is_in_the_wheel(wheel: zipfile.ZipFile):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_wheel_installs_the_command_and_the_licence(wheel: zipfile.ZipFile):
    assert "syncd = syncd.cli:main" in metadata(wheel, "entry_points.txt")
    assert "License-Expression: MIT" in metadata(wheel, "METADATA")
    assert "Permission is hereby granted" in metadata(wheel, "licenses/LICENSE")
