"""What the packaging tests know: where the repository is, what pyproject.toml says, and its checks as modules."""

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("syncd", "adapters", "rules")


def pyproject() -> dict[str, Any]:
    """Return pyproject.toml as read."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def load_check(name: str) -> ModuleType:
    """Import a check from the folder ``.ci``, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
