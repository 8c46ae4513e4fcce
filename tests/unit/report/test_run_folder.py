"""Goal: a report is made of what the run wrote, or not at all.

Method: read a recorded run; then spoil its folder in each way that can happen.
"""

from __future__ import annotations

import json
import shutil

import pytest

from bcsim.errors import InputError
from bcsim.report.run_folder import read_run
from tests.recorded_run import firm_data, scenario


@pytest.fixture
def spoilt(folder, tmp_path):
    """A copy of the run that a test may spoil."""
    return shutil.copytree(folder, tmp_path / "copy")


def problems_of(folder):
    with pytest.raises(InputError) as caught:
        read_run(folder)
    assert caught.value.exit_code == 2
    return [(p.message, p.file.removeprefix(str(folder))) for p in caught.value.problems]


def test_everything_is_read(folder):
    """Goal: model, scenario, history, verdicts, timeline and measures belong together.

    Method: compare each with what the run was made from, and with each other.
    """
    run = read_run(folder)
    document = json.loads((folder / "measures.json").read_text(encoding="utf-8"))
    timeline = json.loads((folder / "timeline.json").read_text(encoding="utf-8"))
    assert run.scenario == scenario()
    assert run.model.name.th == firm_data()["name"]["th"]
    assert len(run.verdicts) == run.measures.orders["intended"] == document["orders"]["intended"]
    assert run.history.root == run.measures.provenance.history_root
    assert run.timeline.to_document() == timeline
    assert [finding.name for finding in run.measures.findings] == [
        finding["class"] for finding in document["findings"]
    ]


def test_another_folder_is_refused(tmp_path):
    """Goal: a wrong path is told. Method: an empty folder, and none."""
    assert problems_of(tmp_path) == [("this is not a run folder", "")]
    assert problems_of(tmp_path / "absent") == [("this is not a run folder", "")]


def test_a_newer_format_is_refused(spoilt):
    """Goal: nothing is guessed. Method: a manifest of a later version."""
    manifest = json.loads((spoilt / "manifest.json").read_text(encoding="utf-8"))
    manifest["format"] = "bcsim-run/2"
    (spoilt / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    message = "the run folder is of a version that this bcsim does not know"
    assert problems_of(spoilt) == [(message, "/manifest.json")]


def test_every_altered_or_missing_file_is_named(spoilt):
    """Goal: no report of altered files. Method: alter one, remove another."""
    (spoilt / "measures.json").write_text("{}", encoding="utf-8")
    (spoilt / "verdicts.parquet").unlink()
    assert problems_of(spoilt) == [
        ("the file is not the one that the run wrote", "/measures.json"),
        ("the run folder lacks a file", "/verdicts.parquet"),
    ]


def test_a_broken_manifest_is_refused(spoilt):
    """Goal: unreadable JSON is the operator's problem, not a crash. Method: half a file."""
    (spoilt / "manifest.json").write_text('{"format": "bcsim', encoding="utf-8")
    ((message, place),) = problems_of(spoilt)
    assert message.startswith("the file does not hold what a run writes: ")
    assert place == "/manifest.json"
