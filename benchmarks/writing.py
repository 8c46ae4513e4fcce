"""What it costs to write a history: its root and its Parquet file, beside simulating it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bcsim.history import parquet
from bcsim.history.root import RootHasher
from bcsim.history.schema import Trace
from bcsim.history.writer import HistoryWriter, MemoryRecorder
from bcsim.limits import CHUNK_ROWS
from benchmarks.broker_day import WARM_UP_ORDERS, WINDOW, Day, run, simulated
from benchmarks.measuring import Share, Watch, peak_mb, unpin
from benchmarks.tandem_bcsim import kernel_timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.history.columns import HistoryColumns
    from bcsim.history.profile import Profile

ROOT = "root"
PARQUET = "Parquet file"
BOTH = "root and Parquet file"
OVERLAPPED = "root and Parquet file, meanwhile"


def measure(day: Day, tool: str, runs: int) -> Share:
    """Simulate a day and write its history.

    ``root``, ``Parquet file`` and both are of a history that is there, on one core. What
    ``meanwhile`` costs is how much longer a simulation takes that writes as it goes, in a thread
    on another core, than one that keeps its rows in memory.
    """
    run(Day(WARM_UP_ORDERS, window=WINDOW), Trace.BUSINESS, [])
    if tool == OVERLAPPED:
        return _meanwhile(day, runs)
    kernel, simulation = Watch(), Watch()
    recorders: list[MemoryRecorder] = []
    with kernel_timed(kernel), simulation.running():
        intents = len(run(day, Trace.BUSINESS, recorders).blueprint.intents)
        history = recorders[-1].history()
    found = Share(tool, day.name, intents, len(history), [], [kernel.total_s])
    found.events, found.simulation_s = len(history), simulation.total_s
    found.base_mb = peak_mb()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            watch = Watch()
            with watch.running():
                _write(history.columns, tool, history.profile, Path(folder, "history"))
            found.run_s.append(watch.total_s)
    return found


def _write(columns: HistoryColumns, tool: str, profile: Profile, path: Path) -> None:
    """Compute the root, write the file, or both, in portions of one chunk."""
    if tool == BOTH:
        with HistoryWriter(path, profile) as writer:
            writer.write_columns(columns)
    elif tool == ROOT:
        hasher = RootHasher()
        for portion in _portions(columns):
            hasher.add(portion)
        hasher.root(profile)
    else:
        with parquet.connect(threads=1) as connection:
            options = f"compression zstd, row_group_size {CHUNK_ROWS}"
            parquet.write_portions(connection, _portions(columns), path, options)


def _portions(columns: HistoryColumns) -> Iterator[HistoryColumns]:
    return columns.portions(CHUNK_ROWS)


def _meanwhile(day: Day, runs: int) -> Share:
    """How much longer it takes to write while simulating, the best runs of each compared."""
    unpin()
    found = Share(OVERLAPPED, day.name, 0, 0, [], note="on a second core")
    kept, written = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            kernel, watch = Watch(), Watch()
            recorders: list[MemoryRecorder] = []
            with kernel_timed(kernel), watch.running():
                found.orders = len(run(day, Trace.BUSINESS, recorders).blueprint.intents)
            kept.append(watch.total_s)
            found.kernel_s.append(kernel.total_s)
            found.events = found.steps = recorders[-1].columns().row_count
            watch = Watch()
            with watch.running():
                _simulate_to_file(day, Path(folder, "history"))
            written.append(watch.total_s)
    found.run_s, found.simulation_s = [min(written) - min(kept)], min(kept)
    return found


def _simulate_to_file(day: Day, path: Path) -> None:
    simulation = simulated(day, Trace.BUSINESS, lambda profile: HistoryWriter(path, profile))
    assert isinstance(simulation.recorder, HistoryWriter), "as it was opened"
    simulation.recorder.close()
