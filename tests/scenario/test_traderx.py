"""Goal: FINOS's own architectures, imported, show what the design does when its bus dies.

Method: import both files with each assumption about the bus, and run the scenarios that the
import writes, as a user would; the shipped folders must be what the import makes.
"""

from __future__ import annotations

import pytest

from bcsim.cli.app import main
from bcsim.experiment.run import run
from bcsim.model.loading import load_model
from bcsim.scenario.loading import load_scenario
from tests.repository import ROOT

FOLDER = ROOT / "scenarios" / "traderx"
FILES = {
    "trading-system": "architecture/calm-trading-system-1.2.json",
    "traderx-2024-12": "architecture/traderx-calm-2024-12/traderx.json",
}
BUSES = ("volatile", "durable")


@pytest.fixture(
    scope="module", params=[(name, bus) for name in FILES for bus in BUSES], ids="-".join
)
def imported(request, tmp_path_factory):
    """Folder of an import, with the architecture's name and the bus's kind."""
    name, bus = request.param
    out = tmp_path_factory.mktemp("imported") / f"{name}-{bus}-bus"
    decorators = (f"{name}.decorator.json", f"{bus}-bus.decorator.json")
    given = [word for d in decorators for word in ("--decorator", str(FOLDER / d))]
    command = ["import", "calm", str(FOLDER / FILES[name]), *given, "--name", name, "-q"]
    assert main([*command, "--out", str(out)]) == 0
    return out, name, bus


def result_of(folder, name, scenario):
    firm = load_model(folder / f"{name}.model.yaml")
    return run(firm, load_scenario(folder / f"{scenario}.scenario.yaml", firm))


def test_shipped_folders_are_what_the_import_makes(imported):
    """Goal: scenarios/traderx does not drift. Method: compare every file."""
    out, name, bus = imported
    shipped = FOLDER / f"{name}-{bus}-bus"
    made = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    assert made == {path.name: path.read_text(encoding="utf-8") for path in shipped.iterdir()}


def test_a_normal_day_passes(imported):
    """Goal: the imported model is sound. Method: a run without disruption."""
    out, name, _ = imported
    result = result_of(out, name, "normal-day")
    assert (result.outcome, result.unmet) == ("pass", ())
    assert result.orders.ok > 400


def test_the_bus_dies_after_an_acknowledgement(imported):
    """Goal: a volatile bus loses the acknowledged order that it held, a durable one none.

    Method: the crash comes one nanosecond after an acknowledgement; orders per verdict class.
    """
    out, name, bus = imported
    result = result_of(out, name, "bus-dies")
    assert result.unmet == ()
    assert result.orders.duplicated == 0
    if bus == "volatile":
        assert (result.outcome, result.orders.lost) == ("fail", 1)
    else:
        assert (result.outcome, result.orders.lost) == ("late only", 0)


def test_exactly_once_is_not_kept():
    """Goal: the contradiction of the 2024-12 file is real. Method: the processor pauses."""
    name = "traderx-2024-12"
    firm = load_model(FOLDER / f"{name}-durable-bus" / f"{name}.model.yaml")
    result = run(firm, load_scenario(FOLDER / "processor-hangs.scenario.yaml", firm))
    assert (result.outcome, result.unmet) == ("fail", ())
    assert result.orders.duplicated > 0
    assert result.orders.lost == 0
