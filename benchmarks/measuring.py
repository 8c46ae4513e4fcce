"""One measurement, in a process of its own, and what it found."""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KIB = 1024


@dataclass
class Measurement:
    """What one tool needed for one workload."""

    tool: str
    workload: str
    orders: int
    steps: int
    """Order-visits of a tandem; services of orders of a firm."""
    run_s: list[float]
    """Of each run, without start-up and compilation."""
    kernel_s: list[float] = field(default_factory=list)
    """Part of it within the compiled kernel."""
    prepare_s: float = 0.0
    """Making the table of arrivals, which the peers do while they run; not in ``run_s``."""
    mean_wait: float | None = None
    expected_wait: float | None = None
    is_same_work: bool | None = None
    base_mb: float = 0.0
    """Largest memory before the runs: interpreter, libraries, compiled code."""
    peak_mb: float = 0.0
    load_average: float = 0.0
    """Of the machine when the measurement ended; 1 is this process alone."""
    note: str = ""

    @property
    def best_s(self) -> float:
        """Shortest run: what the machine does when others leave it alone."""
        return min(self.run_s)

    def to_document(self) -> dict[str, Any]:
        """The measurement for a JSON file."""
        return asdict(self) | {"steps_per_s": round(self.steps / self.best_s)}


def peak_mb() -> float:
    """Largest resident memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB / 1e6


@dataclass
class Share(Measurement):
    """What something costs that goes with a simulation; ``run_s`` is what it takes alone."""

    events: int = 0
    simulation_s: float = 0.0
    """The simulation in the same run, with its columns in memory."""

    @property
    def of_simulation(self) -> float:
        """Ratio to the simulation's time."""
        return self.best_s / self.simulation_s

    @property
    def of_kernel(self) -> float:
        """Ratio to the time within the compiled kernel."""
        return self.best_s / min(self.kernel_s)


class Watch:
    """Adds up wall time."""

    def __init__(self) -> None:
        self.total_s = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Add the time of a block."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.total_s += time.perf_counter() - start


def pin(core: int) -> None:
    """Keep this process on one core, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[core % len(cores)]})


def unpin() -> None:
    """Let this process use every core again."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def apart(measure: Callable[..., Measurement], *args: object) -> Measurement:
    """Make a measurement in a new process on one core, so that none sees another's memory."""
    with _processes(1) as pool:
        pool.submit(pin, 0).result()
        found = pool.submit(measure, *args).result()
        found.peak_mb = pool.submit(peak_mb).result()
    found.load_average = round(os.getloadavg()[0], 2)
    return found


def at_once(measures: int, run: Callable[..., float], *args: object) -> list[float]:
    """Seconds that some processes need that do the same at the same time, each on its core.

    ``run`` gives the seconds of its run without start-up; it is called twice, the first time to
    warm up.
    """
    with multiprocessing.get_context("spawn").Manager() as manager:
        barrier = manager.Barrier(measures)
        with _processes(measures) as pool:
            jobs = [pool.submit(_together, core, barrier, run, args) for core in range(measures)]
            return [job.result() for job in jobs]


def _together(
    core: int,
    barrier: Any,  # noqa: ANN401 - a manager's proxy has no type
    run: Callable[..., float],
    args: tuple[object, ...],
) -> float:
    pin(core)
    run(*args)
    barrier.wait()
    return run(*args)


def _processes(count: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
