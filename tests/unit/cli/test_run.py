"""Goal: ``bcsim run`` as its user sees it: exit codes, JSON, folder, report.

Method: the smallest shipped scenario in a short window, through the command line.
"""

from __future__ import annotations

import json

import pytest

from bcsim.cli.app import main
from tests.repository import ROOT

MINIMAL = ROOT / "scenarios/templates/minimal"
FILES = (str(MINIMAL / "firm.model.yaml"), str(MINIMAL / "server-crash.scenario.yaml"))
SHORT = ("--window", "10:00", "10:05", "--quiet")


def test_json_is_one_document_on_standard_output(tmp_path, capsys):
    """Goal: other tools can read it. Method: parse all of standard output."""
    code = main(["run", *FILES, *SHORT, "--json", "--no-report", "--out", str(tmp_path / "run")])
    document = json.loads(capsys.readouterr().out)
    assert (code, document["outcome"], document["kind"]) == (0, "pass", "simulation")
    assert document["orders"]["intended"] == document["orders"]["ok"] > 0


def test_expect_turns_the_exit_code_into_the_expectation(tmp_path, capsys):
    """Goal: a scenario file is a test. Method: a window without its crash cannot meet it."""
    code = main(["run", *FILES, *SHORT, "--expect", "--no-report", "--out", str(tmp_path / "run")])
    assert code == 1
    assert "expectation was not met" in capsys.readouterr().out


def test_a_report_lies_in_the_folder(tmp_path, capsys):
    """Goal: the report is where the last line says."""
    code = main(["run", *FILES, *SHORT, "--out", str(tmp_path / "run")])
    report = tmp_path / "run" / "report" / "index.html"
    assert code == 0
    assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert capsys.readouterr().out.rstrip().endswith(str(report))


@pytest.mark.parametrize(
    "arguments",
    [
        ("missing.yaml", FILES[1]),
        (FILES[0], "missing.yaml"),
        (FILES[1], FILES[0]),
    ],
)
def test_bad_input_writes_nothing(tmp_path, monkeypatch, arguments):
    """Goal: exit 2 and no folder. Method: a missing model, a missing scenario, both swapped."""
    monkeypatch.chdir(tmp_path)
    assert main(["run", *arguments, "--out", "run"]) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_somebody_else_is_refused_before_anything_runs(tmp_path):
    """Goal: no minutes are wasted, and nothing is replaced."""
    letter = tmp_path / "letter.txt"
    letter.write_text("dear", encoding="utf-8")
    assert main(["run", *FILES, *SHORT, "--out", str(tmp_path)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
