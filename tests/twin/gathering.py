"""Gather the cases of the twin tests, and run them through the plain kernel one by one.

The programs of this folder (``reach.py``, ``faults.py``) need the cases themselves: those that the
default tests draw, those of the corners, and the stories of the reference engine. Each is run
through the reference engine once; what it makes of them is the measure of all that follows.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from bcsim.kernels.compiled import IS_PLAIN
from tests.repository import ROOT
from tests.twin import comparison
from tests.twin.comparison import ENGINES, difference_of, run

if TYPE_CHECKING:
    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.continuity.signal import SignalTime
    from bcsim.engine.timeline import Timeline

TESTS = (
    "tests/unit/engine/reference",
    "tests/twin/test_corners.py",
    "tests/twin/test_corners_of_repairs.py",
)
DRAWN = "tests/twin/test_engines_agree.py"


@dataclass(frozen=True)
class Given:
    """A case, and the root and end of what the reference engine makes of it."""

    origin: str
    blueprint: Blueprint
    timeline: Timeline
    expected: tuple[str, SignalTime | None, int]

    def difference(self) -> str:
        """How the fast engine departs from the reference engine; empty if it does not."""
        found = run("fast", self.blueprint, self.timeline)
        if (found.history.root, found.crossing, found.complete_to_ns) == self.expected:
            return ""
        expected = run("reference", self.blueprint, self.timeline)
        rows = difference_of(expected.history, found.history)
        return rows or f"{found.crossing} instead of {expected.crossing}, or another root"


def _given(origin: str, blueprint: Blueprint, timeline: Timeline) -> Given:
    outcome = run("reference", blueprint, timeline)
    expected = (outcome.history.root, outcome.crossing, outcome.complete_to_ns)
    return Given(origin, blueprint, timeline, expected)


class _Origin:
    """Tells which test runs; a plugin of pytest."""

    name = ""

    def pytest_runtest_setup(self, item):
        self.name = item.nodeid.removeprefix("tests/").removesuffix("[reference]")


def gather() -> list[Given]:
    """All cases of the default twin tests, the directed ones first."""
    found: list[tuple[str, Blueprint, Timeline]] = []
    origin, reference = _Origin(), ENGINES["reference"]

    def noting(blueprint, timeline, *rest):
        found.append((origin.name, blueprint, timeline))
        return reference(blueprint, timeline, *rest)

    def note(blueprint, timeline):
        return run("reference", blueprint, timeline).history

    with (
        mock.patch.object(comparison, "assert_twins", note),
        mock.patch.dict(ENGINES, reference=noting),
    ):
        options = ["-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist"]
        code = pytest.main([*options, "-k", "not fast", *TESTS, DRAWN], plugins=[origin])
    assert code == 0, "the reference engine does not do what its tests say"
    return [_given(*noted) for noted in found]


def run_again_plainly(module: str, arguments: list[str]) -> int | None:
    """Run a program of this folder once more, under coverage.py and with the kernel not compiled.

    ``None`` if it is run so already.
    """
    if IS_PLAIN and "BCSIM_TWIN_PROGRAM" in os.environ:
        return None
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "BCSIM_TWIN_PROGRAM": module,
            "COVERAGE_FILE": str(Path(folder) / "reached"),
            "NUMBA_DISABLE_JIT": "1",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }
        command = [sys.executable, "-m", "coverage", "run", "-m", module, *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
