"""The locks pin and hash what pyproject.toml asks for, and the code imports nothing else."""

import ast
import re
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.project import PACKAGES, ROOT, pyproject

LOCKS = ("runtime", "build", "dev")


@cache
def pins(lock: str) -> dict[str, tuple[str, int]]:
    """Return name → (version, number of hashes)."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    entries = re.findall(r"^([a-z0-9-]+)==(\S+)((?: \\\n +--hash=sha256:[0-9a-f]{64})*)", text, re.MULTILINE)
    return {name: (version, hashes.count("--hash")) for name, version, hashes in entries}


def requirements(listed: list[str]) -> list[Requirement]:
    return [Requirement(text) for text in listed]


def imported_names() -> set[str]:
    names: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    names |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_hashes_every_line_and_names_no_index(lock: str):
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    assert len(pins(lock)) == len(re.findall(r"^[a-zA-Z]", text, re.MULTILINE))
    assert all(hash_count > 0 for _, hash_count in pins(lock).values())
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("lock", "listed"),
    [
        pytest.param("runtime", pyproject()["project"]["dependencies"], id="runtime"),
        pytest.param("build", pyproject()["build-system"]["requires"], id="build"),
        pytest.param("dev", pyproject()["project"]["optional-dependencies"]["dev"], id="dev"),
    ],
)
def test_a_lock_satisfies_what_pyproject_asks_for(lock: str, listed: list[str]):
    for requirement in requirements(listed):
        version, _ = pins(lock)[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}: run make lock"


def test_the_development_lock_pins_the_same_versions_as_the_others():
    assert (pins("runtime") | pins("build")).items() <= pins("dev").items()


READ_BY_PYTHON = {"tzdata"}
"""Data that the standard library finds by itself."""


def test_the_code_imports_what_it_declares_and_declares_what_it_imports():
    distributions = packages_distributions()
    third_party = {name for name in imported_names() if name in distributions} - set(PACKAGES)
    imported = {canonicalize_name(distribution) for name in third_party for distribution in distributions[name]}
    declared = {canonicalize_name(one.name) for one in requirements(pyproject()["project"]["dependencies"])}
    assert imported == declared - READ_BY_PYTHON
