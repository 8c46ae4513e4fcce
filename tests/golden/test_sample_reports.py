"""Goal: the sample reports show what the program writes today.

Method: make each again by the command that reports/README.md gives, and compare the texts of the
two pages; pictures are compared by the tests of the figures.
"""

from __future__ import annotations

from bcsim.cli.app import main
from tests.golden.test_report import Text
from tests.repository import ROOT

MINIMAL = ROOT / "scenarios" / "templates" / "minimal"


def test_the_minimal_report_is_up_to_date(tmp_path):
    """Goal and method: see the module."""
    folder, page = tmp_path / "minimal", tmp_path / "minimal.html"
    files = (str(MINIMAL / "firm.model.yaml"), str(MINIMAL / "server-crash.scenario.yaml"))
    main(["run", *files, "--seed", "7", "--out", str(folder), "--quiet"])
    assert main(["report", str(folder), "--out", str(page)]) == 0
    shipped = (ROOT / "reports" / "minimal.html").read_text(encoding="utf-8")
    assert Text(shipped).lines == Text(page.read_text(encoding="utf-8")).lines
