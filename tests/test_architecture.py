"""Goal: light things stay light: a checker needs no simulator, help needs nothing heavy.

Method: import-linter proves what source files import (pyproject.toml); it cannot see what
``bcsim/__init__.py`` brings along. So a fresh process imports, and we look at ``sys.modules``.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.repository import ROOT

SIMULATOR = {"simpy", "numba", "matplotlib", "networkx", "pydantic", "bcsim.model", "bcsim.engine"}
HEAVY = SIMULATOR | {"numpy", "duckdb", "jinja2", "yaml", "rich"}

ALL_OF = """
import importlib, pkgutil
for package in ("bcsim.checkers", "bcsim.history"):
    folder = importlib.import_module(package)
    for module in pkgutil.walk_packages(folder.__path__, package + "."):
        importlib.import_module(module.name)
"""
HELP = """
from bcsim.cli.app import main
assert main(["--help"]) == 0
"""


def modules_after(code: str) -> set[str]:
    """Names of the modules that a fresh Python holds after running some code."""
    report = "\nimport json, sys\nprint(json.dumps(list(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code + report],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("code", "forbidden"),
    [
        pytest.param("import bcsim", HEAVY, id="import bcsim"),
        pytest.param(ALL_OF, SIMULATOR, id="all of checkers and history"),
        pytest.param("import bcsim.cli.app", HEAVY, id="import bcsim.cli.app"),
        pytest.param(HELP, HEAVY, id="bcsim --help"),
    ],
)
def test_import_stays_light(code, forbidden):
    """Goal: none of the forbidden modules is loaded. Method: fresh process, sys.modules."""
    assert modules_after(code) & forbidden == set()


def test_the_method_sees_a_heavy_import():
    """Goal: the test above can fail. Method: load a forbidden module on purpose."""
    assert "numpy" in modules_after("import numpy") & HEAVY
