"""Goal: one run joins engine, checkers and measures, and its folder tells the same.

Method: a quarter of an hour of the smallest shipped firm, in memory and in a folder.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import pytest

import bcsim
from bcsim.checkers.judge import check
from bcsim.history.reader import read_history
from bcsim.history.verdict_file import read_verdicts
from tests.repository import ROOT

MINIMAL = ROOT / "scenarios/templates/minimal"
WINDOW = (36_900_000_000_000, 37_800_000_000_000)
"""10:15 to 10:30, around the crash at 10:20."""

SCRIPT = f"""
import bcsim
firm = bcsim.load_model({str(MINIMAL / "firm.model.yaml")!r})
scenario = bcsim.load_scenario({str(MINIMAL / "server-crash.scenario.yaml")!r}, firm)
print(bcsim.run(firm, scenario, seed=5, window={WINDOW}).history.root)
"""


@pytest.fixture(scope="module")
def inputs():
    firm = bcsim.load_model(MINIMAL / "firm.model.yaml")
    return firm, bcsim.load_scenario(MINIMAL / "server-crash.scenario.yaml", firm)


@pytest.fixture(scope="module")
def in_memory(inputs):
    return bcsim.run(*inputs, seed=5, window=WINDOW)


def test_a_folder_holds_the_same_run(inputs, in_memory, tmp_path):
    """Goal: the streamed history is the one in memory, and every file is in the manifest."""
    folder = tmp_path / "run"
    result = bcsim.run(*inputs, seed=5, window=WINDOW, out=folder)
    assert result.history.root == in_memory.history.root
    assert result.document == in_memory.document
    rows = "select kind, time_ns, intent_id from events order by seq"
    assert result.history.sql(rows) == in_memory.history.sql(rows)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    written = {path.name for path in folder.iterdir()} - {"manifest.json"}
    assert set(manifest["files"]) == written
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    stored = read_history(folder / "history.parquet", verify=True)
    assert check(stored).verdicts.as_map() == in_memory.judgement.verdicts.as_map()
    verdicts = read_verdicts(folder / "verdicts.parquet")
    assert verdicts.as_map() == in_memory.judgement.verdicts.as_map()


def test_the_folder_can_be_run_again(inputs, in_memory, tmp_path):
    """Goal: the stored model and scenario give the same root. Method: load them and run."""
    folder = tmp_path / "run"
    bcsim.run(*inputs, seed=5, window=WINDOW, out=folder)
    firm = type(inputs[0]).model_validate_json((folder / "model.json").read_bytes())
    scenario = type(inputs[1]).model_validate_json((folder / "scenario.json").read_bytes())
    assert bcsim.run(firm, scenario, seed=5, window=WINDOW).history.root == in_memory.history.root


def test_two_processes_with_other_hash_seeds_agree(in_memory):
    """Goal: the same bytes, whatever Python's hash seed. Method: two fresh processes."""
    roots = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert roots == {in_memory.history.root}


def test_another_seed_is_another_history(inputs, in_memory):
    """Goal: the seed matters."""
    assert bcsim.run(*inputs, seed=6, window=WINDOW).history.root != in_memory.history.root


def test_orders_and_servers_scale_together(inputs):
    """Goal: ``orders`` scales arrivals and servers, ``load`` arrivals alone."""
    daily = sum(d.orders_per_day for d in inputs[0].demand.values())
    scaled = bcsim.run(*inputs, seed=5, window=WINDOW, orders=int(daily * 3))
    loaded = bcsim.run(*inputs, seed=5, window=WINDOW, load=3.0)
    assert scaled.orders.intended == loaded.orders.intended
    assert scaled.history.root != loaded.history.root
    assert scaled.orders.late <= loaded.orders.late


def test_the_document_says_where_it_comes_from(in_memory):
    """Goal: provenance is complete. Method: its keys, and the root."""
    found = in_memory.document["provenance"]
    assert set(found) == {
        "version",
        "engine",
        "seed",
        "replication",
        "orders",
        "load",
        "window_ns",
        "passes",
        "model",
        "scenario",
        "model_sha256",
        "scenario_sha256",
        "history_root",
        "history_rows",
    }
    assert found["history_root"] == in_memory.history.root
    assert in_memory.document["expectation"] in {"met", "not_met"}
