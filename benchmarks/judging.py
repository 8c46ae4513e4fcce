"""What judging a history costs, beside simulating it: in memory, and from its file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bcsim.checkers.judge import check
from bcsim.history.reader import read_history
from bcsim.history.schema import Trace
from bcsim.history.writer import MemoryRecorder, write_history
from benchmarks.broker_day import WARM_UP_ORDERS, WINDOW, Day, run
from benchmarks.measuring import Share, Watch, peak_mb
from benchmarks.tandem_bcsim import kernel_timed

IN_MEMORY = "checkers, history in memory"
FROM_FILE = "checkers, history read from its file"


def measure(day: Day, tool: str, trace: Trace, runs: int) -> Share:
    """Simulate a day once, judge its history some times.

    ``base_mb`` is the memory before the first judgement, so what judging adds is the difference;
    from a file it includes the columns, and the simulation's are given back first.
    """
    run(Day(WARM_UP_ORDERS, window=WINDOW), Trace.BUSINESS, [])
    kernel, simulation = Watch(), Watch()
    recorders: list[MemoryRecorder] = []
    with kernel_timed(kernel), simulation.running():
        intents = len(run(day, trace, recorders).blueprint.intents)
        history = recorders[-1].history()
    found = Share(tool, day.name, intents, len(history), [], [kernel.total_s])
    found.events, found.simulation_s = len(history), simulation.total_s
    found.note = f"{trace} trace"
    found.base_mb = peak_mb()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "history.parquet")
        if tool == FROM_FILE:
            write_history(history, path)
        for _ in range(runs):
            watch = Watch()
            with watch.running():
                check(read_history(path) if tool == FROM_FILE else history).to_document()
            found.run_s.append(watch.total_s)
    return found
