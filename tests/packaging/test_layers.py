"""The layers that import-linter holds name the whole house."""

import re

from tests.packaging.project import ROOT, pyproject


def test_every_module_of_syncd_stands_in_a_layer():
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = set(re.findall(r"[\w.]+", " ".join(layers)))
    modules = {
        path.stem for path in (ROOT / "syncd").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert {f"syncd.{module}" for module in modules - {"__init__"}} <= named
