"""Goal: `bcsim import calm` writes a whole folder or nothing, and its exit code says what it found.

Method: the command line on small architectures; what is written is loaded.
"""

from __future__ import annotations

import json

import pytest

from bcsim.cli.app import main
from bcsim.model.loading import load_model
from bcsim.scenario.loading import load_scenario
from tests.unit.model.importers.architectures import TRADERX, bus_system, shop, write


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_is_written_that_loads(tmp_path, capsys):
    """Goal: model and scenarios hold together. Method: import, then load everything."""
    path, out = write(tmp_path, bus_system()), tmp_path / "out"
    assert main(["import", "calm", str(path), "--out", str(out)]) == 0
    assert files(out) == [
        "architecture.model.yaml",
        "bus-dies.scenario.yaml",
        "findings.json",
        "findings.txt",
        "normal-day.scenario.yaml",
    ]
    firm = load_model(out / "architecture.model.yaml")
    assert list(firm.components) == ["page", "desk", "rules", "bus", "worker", "ledger"]
    for name in ("bus-dies", "normal-day"):
        load_scenario(out / f"{name}.scenario.yaml")
    printed = capsys.readouterr().out
    assert printed.startswith((out / "findings.txt").read_text(encoding="utf-8"))
    assert f"bcsim run {out}/architecture.model.yaml {out}/bus-dies.scenario.yaml" in printed


def test_a_safe_design_gets_a_normal_day_only(tmp_path):
    """Goal: no scenario without a question. Method: a shop that stores before it answers."""
    path, out = write(tmp_path, shop()), tmp_path / "out"
    assert main(["import", "calm", str(path), "--out", str(out), "--name", "shop", "-q"]) == 0
    assert files(out) == [
        "findings.json",
        "findings.txt",
        "normal-day.scenario.yaml",
        "shop.model.yaml",
    ]


def test_nothing_is_replaced_unasked(tmp_path, capsys):
    """Goal: edited files are safe. Method: import twice, then with --overwrite."""
    path, out = write(tmp_path, shop()), tmp_path / "out"
    command = ["import", "calm", str(path), "--out", str(out), "-q"]
    assert main(command) == 0
    (out / "findings.txt").write_text("mine", encoding="utf-8")
    assert main(command) == 2
    assert "already has" in capsys.readouterr().err
    assert (out / "findings.txt").read_text(encoding="utf-8") == "mine"
    assert main([*command, "--overwrite"]) == 0
    assert (out / "findings.txt").read_text(encoding="utf-8") != "mine"
    assert not [name for name in files(out) if name.endswith(".part")]


def test_without_out_nothing_is_written(tmp_path, capsys):
    """Goal: looking costs nothing. Method: the folder before and after, and the last line."""
    path = write(tmp_path, bus_system())
    assert main(["import", "calm", str(path)]) == 0
    assert files(tmp_path) == ["architecture.json"]
    assert capsys.readouterr().out.endswith("--out DIR writes the model and its scenarios.\n")


def test_json_is_one_document(tmp_path, capsys):
    """Goal: a pipeline reads one document. Method: parse it; compare it with the file written."""
    path, out = write(tmp_path, bus_system()), tmp_path / "out"
    assert main(["import", "calm", str(path), "--out", str(out), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {name.rpartition("/")[2] for name in document.pop("written")} == set(files(out))
    assert document.pop("warnings") != []  # nobody has approved the tolerance
    assert document == json.loads((out / "findings.json").read_text(encoding="utf-8"))


def test_exit_codes(tmp_path, capsys):
    """Goal: 0 imported, 1 contradicts itself if asked, 2 bad input. Method: one of each."""
    sound, empty = write(tmp_path, bus_system()), write(tmp_path, {}, "empty.json")
    command = ["import", "calm", "-q"]
    assert main([*command, str(TRADERX)]) == 0
    assert main([*command, str(TRADERX), "--fail-on-findings"]) == 1
    assert main([*command, str(sound), "--fail-on-findings"]) == 0
    assert main([*command, str(TRADERX), "--strict"]) == 2
    assert main([*command, str(sound), "--strict"]) == 0
    assert main([*command, str(empty)]) == 2
    assert main([*command, str(sound), "--flow", "none"]) == 2
    assert main([*command, str(tmp_path / "none.json")]) == 2
    capsys.readouterr()


@pytest.mark.parametrize("name", ["cyclic", "self"])
def test_odd_graphs_are_no_bugs(tmp_path, name):
    """Goal: any graph imports or is refused, never crashes. Method: loops in the relationships."""
    data = bus_system()
    ends = {"cyclic": ("ledger", "page"), "self": ("bus", "bus")}[name]
    source, target = ({"node": end} for end in ends)
    detail = {"connects": {"source": source, "destination": target}}
    data["relationships"].append({"unique-id": "loop", "relationship-type": detail})
    data["flows"][1]["transitions"].insert(
        2, {"relationship-unique-id": "loop", "sequence-number": 2, "description": "Loop"}
    )
    assert main(["import", "calm", str(write(tmp_path, data)), "-q"]) == 0
