"""A run to report on: the small broker of tests/brokerage.py loses a data centre for a while.

``record`` writes the run folder; ``told`` reads it and changes what a test is about.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bcsim.experiment.run import run
from bcsim.report.account import Account, account_of
from bcsim.report.run_folder import read_run
from bcsim.scenario.scenario import Scenario
from tests.brokerage import broker, brokerage, step

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 1_000_000_000
MINUTES = 60 * SECONDS

HOSTILE = "<script>alert('x')</script> & \"quotes\""
"""A name that would do harm in a page that does not escape it."""


def scenario(**more: Any) -> Scenario:
    """Ten minutes of orders; the first data centre is down from 10:02 to 10:06."""
    crash = {"id": "crash", "kind": "crash", "at": "10:02", "targets": ["dc1"], "lasts": "4 min"}
    data = {
        "format": "bcsim-scenario/1",
        "name": {"en": "A data centre fails", "th": "ศูนย์ข้อมูลหยุดทำงาน"},
        "family": "technology",
        "tag": "within-plan",
        "start": "2026-11-23T09:00:00",
        "window": {"start": "10:00", "end": "10:10"},
        "drain": {"limit": "1 h"},
        "disruptions": [crash],
        "expect": {"outcome": "fail", "orders": {"lost": {"at_most": 0}}},
    } | more
    return Scenario.model_validate_json(json.dumps(data))


def firm_data() -> dict[str, Any]:
    """The small broker with an hour's orders in ten minutes, a regulator, and an assumption."""
    data = brokerage()
    data["profiles"]["day"]["points"] = [
        {"at": "10:00", "intensity": 1.0}, {"at": "10:30", "intensity": 0.0}
    ]  # fmt: skip
    for journey in data["journeys"].values():
        journey["steps"].append(step("confirm", "ledger", role="confirm"))
    product = data["products"]["equity"]
    product |= {"acknowledge_within": "30 s", "execute_within": "60 s", "confirm_within": "5 min"}
    data["authorities"]["crisis-leader"]["decision"] = "30 s"
    data["plan"]["declare_on"].append("order-db")
    data["plan"]["actions"]["switch-gateway"]["duration"] = "1 min"
    data["regulators"] = [{"name": "An authority", "regimes": [{"name": "eu-dora"}]}]
    data["assumptions"] = ["Prices walk at random."]
    data["sites"]["dc1"]["source"] = "assumption"
    data["sites"]["dc2"]["source"] = "contract of 2026-01-02"
    return data


def record(folder: Path, data: dict[str, Any] | None = None, **scenario_changes: Any) -> Path:
    """Run the scenario on the firm and write its folder."""
    run(broker(data or firm_data()), scenario(**scenario_changes), seed=3, out=folder)
    return folder


def told(folder: Path, **measures: Any) -> Account:
    """The account of a run, with some of its measures replaced."""
    account = account_of(read_run(folder))
    changed = account.run.measures.model_copy(update=measures)
    return replace(account, run=replace(account.run, measures=changed))
