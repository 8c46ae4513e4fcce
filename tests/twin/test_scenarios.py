"""Goal: what ships comes out the same with either engine. Method: whole simulations, both ways.

Every shipped scenario runs in a short part of its window with the disruption inside, at full
intensity; with ``-m long``, and BCSIM_TWIN_WINDOWS set, in the window that it ships with.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bcsim.engine.simulate import simulate
from bcsim.engine.sizing import Sizing
from bcsim.history.schema import Trace
from bcsim.history.writer import MemoryRecorder
from bcsim.model.loading import load_model
from bcsim.scenario.loading import load_scenario
from bcsim.units import parse_clock
from tests.repository import ROOT
from tests.twin.comparison import ENGINES, difference_of

SCENARIOS = ROOT / "scenarios"
BROKER = SCENARIOS / "broker" / "broker.model.yaml"
MINIMAL = SCENARIOS / "templates" / "minimal" / "firm.model.yaml"
TRADERX = SCENARIOS / "traderx"

FIRMS = ("bank-payments", "fund-distributor")
"""Firms whose folder and model have one name."""

WINDOWS = {
    "bank-payments/answers-of-the-switch-lost": ("10:04", "10:06"),
    "bank-payments/clearing-window-missed": ("12:50", "12:52"),
    "bank-payments/fraud-control-hangs": ("12:04", "12:06"),
    "bank-payments/fraud-desk-missing": ("10:00", "10:02"),
    "bank-payments/hub-failover-old-copy": ("10:05", "10:07"),
    "bank-payments/normal-day": ("10:00", "10:02"),
    "bank-payments/payroll-sent-twice": ("12:50", "13:06"),
    "bank-payments/ransomware": ("09:20", "09:22"),
    "bank-payments/rumour": ("12:04:45", "12:05:15"),
    "broker/client-data-leak": ("10:33:50", "10:34:10"),
    "broker/cloud-failure": ("10:32:40", "10:33:10"),
    "broker/dc-loss": ("10:04:20", "10:05:15"),
    "broker/exchange-halt": ("10:32:40", "10:33:10"),
    "broker/failback-standby-running": ("15:20", "15:20:30"),
    "broker/failover-fails": ("10:01:40", "10:02:20"),
    "broker/gateway-flaps": ("10:32:40", "10:33:30"),
    "broker/head-office-flood": ("10:00", "10:00:30"),
    "broker/insider": ("10:30", "10:30:30"),
    "broker/normal-day": ("10:00", "10:00:30"),
    "broker/oms-failover-lag": ("10:01:30", "10:02:30"),
    "broker/one-way-partition": ("10:32:30", "10:33:30"),
    "broker/pandemic-absence": ("10:00", "10:00:30"),
    "broker/power-outage": ("10:37:40", "10:38:15"),
    "broker/ransomware": ("10:00", "10:00:30"),
    "broker/surge": ("10:39:55", "10:40:15"),
    "fund-distributor/branch-lines-down": ("14:20", "14:24"),
    "fund-distributor/file-sent-twice": ("15:26", "15:41"),
    "fund-distributor/market-fall": ("14:45", "14:46"),
    "fund-distributor/normal-day": ("14:30", "14:34"),
    "fund-distributor/order-system-failover": ("15:08", "15:12"),
    "fund-distributor/pandemic-absence": ("13:00", "13:04"),
    "fund-distributor/ransomware": ("13:20", "13:24"),
    "fund-distributor/registrar-file-late": ("15:27", "16:35"),
    **dict.fromkeys(
        [
            "nine-systems/sound",
            "nine-systems/1-board",
            "nine-systems/2-products",
            "nine-systems/3-remuneration",
            "nine-systems/4-sales",
            "nine-systems/5-communication",
            "nine-systems/6-privacy",
            "nine-systems/7-complaints",
            "nine-systems/8-defence",
            "nine-systems/9-operation",
        ],
        ("10:18", "10:26"),
    ),
    "templates/minimal/server-crash": ("10:18", "10:24"),
    "traderx/processor-hangs": ("10:01:30", "10:03"),
    "traderx/traderx-2024-12-durable-bus/bus-dies": ("10:02", "10:06"),
    "traderx/traderx-2024-12-durable-bus/normal-day": ("10:00", "10:02"),
    "traderx/traderx-2024-12-volatile-bus/bus-dies": ("10:02", "10:06"),
    "traderx/traderx-2024-12-volatile-bus/normal-day": ("10:00", "10:02"),
    "traderx/trading-system-durable-bus/bus-dies": ("10:02", "10:06"),
    "traderx/trading-system-durable-bus/normal-day": ("10:00", "10:02"),
    "traderx/trading-system-volatile-bus/bus-dies": ("10:02", "10:06"),
    "traderx/trading-system-volatile-bus/normal-day": ("10:00", "10:02"),
}
"""A part of each scenario's window in which something goes wrong, or has."""


def model_of(name):
    """The model that a scenario belongs to."""
    if name.startswith("broker/"):
        return BROKER
    if name.startswith("templates/"):
        return MINIMAL
    if name.startswith("nine-systems/"):
        return SCENARIOS / f"{name}.model.yaml"
    if name.startswith(FIRMS):
        firm = Path(name).parent.name
        return SCENARIOS / firm / f"{firm}.model.yaml"
    folder = TRADERX / Path(name).relative_to("traderx").parent
    beside = sorted(folder.glob("*.model.yaml"))
    durable = "traderx-2024-12-durable-bus/traderx-2024-12.model.yaml"
    return beside[0] if beside else TRADERX / durable


def simulated(monkeypatch, engine, name, window):
    """A scenario's simulation with one engine, and never with the other one in its stead."""
    monkeypatch.setattr("bcsim.engine.simulate.order_engine", lambda *_: ENGINES[engine])
    firm = load_model(model_of(name))
    scenario = load_scenario(SCENARIOS / f"{name}.scenario.yaml", firm)
    times = None if window is None else (parse_clock(window[0]), parse_clock(window[1]))

    def memory(profile):
        return MemoryRecorder(profile, trace=Trace(scenario.trace))

    return simulate(firm, scenario, memory, sizing=Sizing(window=times))


def assert_equal_simulations(monkeypatch, name, window):
    """Same rows, same root, and as many passes."""
    slow, quick = (simulated(monkeypatch, engine, name, window) for engine in ENGINES)
    histories = [simulation.recorder.history() for simulation in (slow, quick)]
    difference = difference_of(*histories)
    assert not difference, difference
    assert histories[1].root == histories[0].root
    assert (quick.passes, quick.timeline) == (slow.passes, slow.timeline)
    assert len(histories[0]) > 0


def test_every_shipped_scenario_is_listed():
    """Goal: no scenario is left out. Method: the files against the table."""
    found = {
        path.relative_to(SCENARIOS).as_posix().removesuffix(".scenario.yaml")
        for path in SCENARIOS.rglob("*.scenario.yaml")
    }
    assert found == WINDOWS.keys()


@pytest.mark.parametrize("name", WINDOWS)
def test_shipped_scenarios_come_out_the_same(monkeypatch, name):
    """Goal: equal roots. Method: simulate a part of the window with each engine."""
    assert_equal_simulations(monkeypatch, name, WINDOWS[name])


@pytest.mark.long
@pytest.mark.skipif("BCSIM_TWIN_WINDOWS" not in os.environ, reason="takes a quarter of an hour")
@pytest.mark.parametrize("name", WINDOWS)
def test_shipped_scenarios_come_out_the_same_in_full(monkeypatch, name):
    """Goal: equal roots. Method: simulate the whole window with each engine."""
    assert_equal_simulations(monkeypatch, name, None)
