"""Goal: ``bcsim validate`` shows everything wrong with all files, once, and nothing runs.

Method: the shipped minimal firm, copied and spoilt; the whole output and the exit code.
"""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest

from bcsim.cli import app
from bcsim.cli.templates import scenarios_folder

MODEL = "firm.model.yaml"
SCENARIO = "server-crash.scenario.yaml"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the minimal firm in the current folder; it validates without a remark."""
    shutil.copytree(scenarios_folder() / "templates" / "minimal", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def append(path, text):
    """Add lines to a file; the number of the first of them."""
    before = path.read_text(encoding="utf-8")
    path.write_text(before + text, encoding="utf-8")
    return before.count("\n") + 1


@pytest.mark.usefixtures("folder")
def test_valid_files(capsys):
    """Goal: what is valid is counted. Method: a model and a scenario; the summary's last lines."""
    assert app.main(["validate", MODEL, SCENARIO]) == app.EXIT_PASS
    out, err = capsys.readouterr()
    model, scenario, total = out.splitlines()
    assert model.startswith(f"{MODEL}: model: ")
    assert "sites 2, components 2, links 2, channels 1" in model
    assert scenario == f"{SCENARIO}: scenario: disruptions 1"
    assert total == "2 files are valid"
    assert err == ""


@pytest.mark.usefixtures("folder")
def test_one_valid_file_in_silence(capsys):
    """Goal: --quiet is quiet, one file is one file. Method: both."""
    assert app.main(["validate", "--quiet", MODEL]) == app.EXIT_PASS
    assert capsys.readouterr() == ("", "")
    assert app.main(["validate", MODEL]) == app.EXIT_PASS
    assert capsys.readouterr().out.endswith("\n1 file is valid\n")


def test_every_problem_of_every_file(folder, capsys):
    """Goal: one run tells all, with excerpts. Method: a spoilt model, a spoilt scenario, a gap."""
    line = append(folder / MODEL, "curency: THB\nassumptions: [5]\n")
    number = append(folder / SCENARIO, "trace: ful\n")
    assert app.main(["validate", MODEL, SCENARIO, "none.model.yaml"]) == app.EXIT_BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        f"{MODEL}:{line}:1: error: unknown key 'curency' — did you mean 'currency'?\n"
        f"{line:>6} | curency: THB\n"
        "       | ^\n"
        f"{MODEL}:{line + 1}:15: error: not a text (got 5); expected a text\n"
        f"{line + 1:>6} | assumptions: [5]\n"
        "       |               ^\n"
        f"{SCENARIO}:{number}:8: error: unknown value (got 'ful');"
        " expected one of outcomes, business, full — did you mean 'full'?\n"
        f"{number:>6} | trace: ful\n"
        "       |        ^\n"
        "none.model.yaml: error: no such file"
        " — check the path, from the folder that you are in\n"
        "4 errors\n"
    )


def test_a_scenario_is_held_against_its_model(folder, capsys):
    """Goal: dangling references are found in the scenario. Method: a target that is not there."""
    scenario = folder / SCENARIO
    text = scenario.read_text(encoding="utf-8").replace("[order-server]", "[order-servr]")
    scenario.write_text(text, encoding="utf-8")
    assert app.main(["validate", SCENARIO]) == app.EXIT_BAD_INPUT
    err = capsys.readouterr().err
    assert "(got 'order-servr')" in err
    assert "did you mean 'order-server'?" in err


def test_a_broken_model_is_told_once(folder, capsys):
    """Goal: two scenarios of one broken model repeat nothing. Method: count the errors."""
    append(folder / MODEL, "curency: THB\n")
    shutil.copy(folder / SCENARIO, folder / "again.scenario.yaml")
    code = app.main(["validate", SCENARIO, "again.scenario.yaml", MODEL])
    assert code == app.EXIT_BAD_INPUT
    assert capsys.readouterr().err.endswith("\n1 error\n")


def test_json(folder, capsys):
    """Goal: machines read the same. Method: the whole document, valid and spoilt."""
    digest = hashlib.sha256((folder / SCENARIO).read_bytes()).hexdigest()
    assert app.main(["validate", "--json", SCENARIO]) == app.EXIT_PASS
    out, err = capsys.readouterr()
    assert (json.loads(out), err) == (
        {
            "bcsim": 1,
            "valid": True,
            "files": [
                {
                    "file": SCENARIO,
                    "kind": "scenario",
                    "sha256": digest,
                    "counts": {"disruptions": 1},
                }
            ],
            "problems": [],
        },
        "",
    )
    line = append(folder / SCENARIO, "trace: ก\n")
    assert app.main(["validate", "--json", SCENARIO]) == app.EXIT_BAD_INPUT
    out, err = capsys.readouterr()
    assert (json.loads(out), err) == (
        {
            "bcsim": 1,
            "valid": False,
            "files": [],
            "problems": [
                {
                    "file": SCENARIO,
                    "line": line,
                    "column": 8,
                    "severity": "error",
                    "message": "unknown value",
                    "value": "'ก'",
                    "expected": "one of outcomes, business, full",
                    "hint": "",
                }
            ],
        },
        "",
    )


def test_thai(folder, capsys):
    """Goal: the operator's language. Method: --lang th, one problem."""
    append(folder / MODEL, "curency: THB\n")
    assert app.main(["validate", "--lang", "th", MODEL]) == app.EXIT_BAD_INPUT
    assert "ไม่รู้จักคีย์ 'curency' — หมายถึง 'currency' หรือไม่" in capsys.readouterr().err


def test_warnings_alone_pass(folder, capsys):
    """Goal: a remark is shown and stops nothing. Method: a scenario within the plan that fails."""
    scenario = folder / SCENARIO
    text = scenario.read_text(encoding="utf-8").replace("outcome: late only", "outcome: fail")
    scenario.write_text(text, encoding="utf-8")
    assert app.main(["validate", SCENARIO]) == app.EXIT_PASS
    out, err = capsys.readouterr()
    assert err.endswith("\n1 warning\n")
    assert out.endswith("\n1 file is valid\n")


def test_other_names_are_told_apart_by_format(folder, capsys):
    """Goal: names are free. Method: renamed files; a part of a model; a text that is neither."""
    (folder / MODEL).rename(folder / "firm.yml")
    (folder / "part.yaml").write_text("sites: {}\n", encoding="utf-8")
    (folder / "other.yaml").write_text("format: bcsim/1\n", encoding="utf-8")
    assert app.main(["validate", "firm.yml"]) == app.EXIT_PASS
    capsys.readouterr()
    assert app.main(["validate", "part.yaml", "other.yaml"]) == app.EXIT_BAD_INPUT
    advice = (
        "expected format: bcsim-model/1 or format: bcsim-scenario/1"
        " — validate a part of a model through the file that includes it"
    )
    assert capsys.readouterr().err == (
        f"part.yaml:1:1: error: neither a model nor a scenario; {advice}\n"
        "     1 | sites: {}\n"
        "       | ^\n"
        "other.yaml:1:9: error: neither a model nor a scenario (got 'bcsim/1');"
        f" {advice}\n"
        "     1 | format: bcsim/1\n"
        "       |         ^\n"
        "2 errors\n"
    )


def test_no_files_is_bad_usage(capsys):
    """Goal: at least one file. Method: none."""
    assert app.main(["validate"]) == app.EXIT_BAD_INPUT
    assert "Missing argument 'FILE…'" in capsys.readouterr().err
