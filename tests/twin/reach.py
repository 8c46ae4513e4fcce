"""How much of the kernel the default twin tests reach: ``python -m tests.twin.reach``.

The kernel's plain Python form is run on all their cases under coverage.py. Printed are the
statements and branches that are not reached, and the shares of those that are; the exit code is 0
if both are at least 98 %, and no case comes out differently. It takes some minutes.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import coverage

from tests.twin.gathering import gather, run_again_plainly
from tests.twin.narrow import narrow_kernel

GOAL = 98.0
"""Percent of the statements, and of the branches."""


def reached(measured: coverage.Coverage) -> tuple[float, float]:
    """Percent of the kernel's statements and branches that were reached."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reached.json"
        measured.json_report(outfile=str(path))
        totals = json.loads(path.read_text(encoding="utf-8"))["totals"]
    print(
        f"{totals['covered_lines']} of {totals['num_statements']} statements,"
        f" {totals['covered_branches']} of {totals['num_branches']} branches"
    )
    return (
        100 * totals["covered_lines"] / totals["num_statements"],
        100 * totals["covered_branches"] / totals["num_branches"],
    )


def main() -> int:
    """Run all cases, and report."""
    done = run_again_plainly("tests.twin.reach", sys.argv[1:])
    if done is not None:
        return done
    measured = coverage.Coverage.current()
    assert measured is not None, "run_again_plainly measures"
    measured.stop()
    cases = gather()
    measured.start()
    with narrow_kernel():
        differences = [(case.origin, case.difference()) for case in cases]
    measured.stop()
    different = [(origin, told) for origin, told in differences if told]
    for origin, told in different:
        print(f"{origin} comes out differently: {told}")
    measured.report(show_missing=True, skip_covered=True)
    statements, branches = reached(measured)
    print(f"{len(cases)} cases reach {statements:.2f} % of the statements, {branches:.2f} % of")
    print(f"the branches; {len(different)} of them come out differently")
    return 0 if min(statements, branches) >= GOAL and not different else 1


if __name__ == "__main__":
    sys.exit(main())
