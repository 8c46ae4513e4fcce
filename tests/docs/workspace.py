"""A place for examples: a temporary folder with a copy of scenarios/ as the working directory."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.repository import ROOT

_KEPT = "_bcsim_workspace"


def make_workspace(folder: Path) -> None:
    """Fill a folder with what an example may rely on."""
    scenarios = ROOT / "scenarios"
    if scenarios.is_dir():
        shutil.copytree(scenarios, folder / "scenarios")


def enter_workspace(namespace: dict[str, Any]) -> None:
    """Sybil's setup: the examples of one document run in a workspace of their own."""
    folder = tempfile.TemporaryDirectory(prefix="bcsim-docs-")
    make_workspace(Path(folder.name))
    namespace[_KEPT] = (folder, Path.cwd())
    os.chdir(folder.name)


def leave_workspace(namespace: dict[str, Any]) -> None:
    """Sybil's teardown: go back, and leave nothing behind."""
    folder, before = namespace.pop(_KEPT)
    os.chdir(before)
    folder.cleanup()
