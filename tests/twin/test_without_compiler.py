"""Goal: compiled or not, the kernel means the same. Method: the same cases in another process.

With ``NUMBA_DISABLE_JIT=1`` the kernel is plain Python: indices are checked, integers have no
bounds, and nothing is left to a compiler's liberties.
"""

from __future__ import annotations

import os
import subprocess
import sys

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.repository import ROOT
from tests.twin.cases import cases
from tests.twin.comparison import run
from tests.twin.firms import Emphasis
from tests.twin.narrow import narrow_kernel

CASES = 12


def roots(case_count):
    """Roots of the fast engine's histories of some cases, and how many rows they have."""
    found = []

    @seed(1)
    @settings(
        max_examples=case_count,
        derandomize=False,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases(Emphasis(troubles=4, wishes=6)))
    def draw(case):
        history = run("fast", case.blueprint, case.faults).history
        found.append(f"{history.root} {len(history)}")

    with narrow_kernel():
        draw()
    return found


A_RUN = "from tests.twin.test_without_compiler import *; print('\\n'.join(roots(CASES)))"


def test_the_kernel_without_its_compiler():
    """Goal: equal roots. Method: 12 cases compiled here, and not compiled in a process."""
    environment = os.environ | {
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH")])
        ),
    }
    done = subprocess.run(
        [sys.executable, "-c", A_RUN],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env=environment,
        text=True,
    )
    compiled = roots(CASES)
    assert done.stdout.split("\n")[:-1] == compiled
    assert len(set(compiled)) > CASES // 2
