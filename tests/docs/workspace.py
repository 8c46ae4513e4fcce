"""A place for examples: a temporary folder with scenarios/ and the logs of the how-to pages."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.repository import ROOT

_KEPT = "_bcsim_workspace"

SOURCES = {
    "scenarios": "scenarios",
    "logs": "docs/how-to/judge-logs",
    "drill": "tests/logs/fix-drill",
}
"""Folder of a workspace -> folder of the repository that it is a copy of."""


def make_workspace(folder: Path) -> None:
    """Fill a folder with what an example may rely on."""
    for name, source in SOURCES.items():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, folder / name)


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
