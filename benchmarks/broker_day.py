"""The broker day: the shipped broker model at any number of orders, its servers scaled along."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bcsim.engine.choice import FAST
from bcsim.engine.simulate import simulate
from bcsim.engine.sizing import Sizing
from bcsim.history.schema import Trace
from bcsim.history.writer import MemoryRecorder
from bcsim.model.loading import load_model
from bcsim.scenario.loading import load_scenario
from bcsim.units import NS_PER_MIN
from benchmarks.measuring import Measurement, Watch, peak_mb
from benchmarks.tandem_bcsim import Dropper, kernel_timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.engine.simulate import Simulation
    from bcsim.history.profile import Profile
    from bcsim.history.recorder import Recorder

BROKER = Path(__file__).parents[1] / "scenarios" / "broker"
DAY = (8 * 60 * NS_PER_MIN, 24 * 60 * NS_PER_MIN)
WINDOW = (600 * NS_PER_MIN, 610 * NS_PER_MIN)
"""Ten minutes that the reference engine does too; the data centre is lost in their middle."""

WARM_UP_ORDERS = 20_000


@dataclass(frozen=True)
class Day:
    """One run of the broker.

    Parameters
    ----------
    orders
        Orders of the whole day; a window of it has fewer.
    scenario
        Name of a shipped scenario.
    keeps_rows
        Otherwise columns are made and dropped, for days whose history does not fit in memory.
    """

    orders: int
    scenario: str = "dc-loss"
    engine: str = FAST
    window: tuple[int, int] = DAY
    keeps_rows: bool = True
    seed: int = 1

    @property
    def name(self) -> str:
        """Name of the workload."""
        return f"broker {self.scenario}" + ("" if self.window == DAY else ", ten minutes")


def run(day: Day, trace: Trace, recorders: list[MemoryRecorder]) -> Simulation:
    """Simulate; every pass's recorder is put into the list."""
    kind = MemoryRecorder if day.keeps_rows else Dropper

    def open_recorder(profile: Profile) -> MemoryRecorder:
        recorders.append(kind(profile, trace))
        return recorders[-1]

    return simulated(day, trace, open_recorder)


def simulated(day: Day, trace: Trace, open_recorder: Callable[[Profile], Recorder]) -> Simulation:
    """Simulate into any recorder."""
    firm = load_model(BROKER / "broker.model.yaml")
    scenario = load_scenario(BROKER / f"{day.scenario}.scenario.yaml", firm)
    scenario = scenario.replace(trace=trace)
    sizing = Sizing(orders=day.orders, window=day.window)
    return simulate(firm, scenario, open_recorder, seed=day.seed, sizing=sizing, engine=day.engine)


def counted(day: Day) -> Measurement:
    """Orders of a day and the services that all its passes do for them, from the full trace."""
    recorders: list[MemoryRecorder] = []
    found = Measurement("count", day.name, 0, 0, [0.0])
    dropping = Day(day.orders, day.scenario, day.engine, day.window, keeps_rows=False)
    found.orders = len(run(dropping, Trace.FULL, recorders).blueprint.intents)
    found.steps = sum(one.finished for one in recorders if isinstance(one, Dropper))
    return found


def measure(day: Day, steps_per_order: float, runs: int) -> Measurement:
    """Run a day some times with one seed after the other.

    ``steps_per_order`` counts the services of all passes, which a history of the business trace
    does not show.
    """
    run(Day(WARM_UP_ORDERS, window=WINDOW, engine=day.engine), Trace.BUSINESS, [])
    found = Measurement(f"bcsim {day.engine}", day.name, 0, 0, [], base_mb=peak_mb())
    if not day.keeps_rows:
        found.note = "columns made and dropped"
    for seed in range(1, runs + 1):
        kernel, whole = Watch(), Watch()
        recorders: list[MemoryRecorder] = []
        seeded = Day(day.orders, day.scenario, day.engine, day.window, day.keeps_rows, seed)
        with kernel_timed(kernel), whole.running():
            simulation = run(seeded, Trace.BUSINESS, recorders)
            if day.keeps_rows:
                recorders[-1].columns()
        found.run_s.append(whole.total_s)
        found.kernel_s.append(kernel.total_s)
        found.orders = len(simulation.blueprint.intents)
    found.steps = round(found.orders * steps_per_order)
    return found


def root_of(day: Day) -> str:
    """Root of a day's history; equal for both engines if they did the same work."""
    recorders: list[MemoryRecorder] = []
    run(day, Trace.BUSINESS, recorders)
    return recorders[-1].history().root
