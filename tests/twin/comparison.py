"""Run one case through both order engines, and say where their histories part.

``assert_twins`` is the one question of this folder: same blueprint, same timeline, same watches –
the same rows, column by column, the same root, the same crossing, the same end?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bcsim.engine.description import describe
from bcsim.engine.fast import flow as fast
from bcsim.engine.reference import flow as reference
from bcsim.engine.watch import make_watches
from bcsim.history.schema import COLUMN_NAMES, INTEGER_NAMES, Trace
from bcsim.history.writer import MemoryRecorder

if TYPE_CHECKING:
    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.continuity.signal import SignalTime
    from bcsim.engine.timeline import Timeline
    from bcsim.history.history import History

ENGINES = {"reference": reference.run_orders, "fast": fast.run_orders}
ROWS_BEFORE = 3
"""Rows that are printed before the first one that differs."""


@dataclass(frozen=True)
class Outcome:
    """What one engine made of a case."""

    history: History
    crossing: SignalTime | None
    complete_to_ns: int


def run(engine: str, blueprint: Blueprint, timeline: Timeline) -> Outcome:
    """One pass of one engine."""
    scenario = blueprint.scenario
    recorder = MemoryRecorder(describe(blueprint, is_settled=True), trace=Trace(scenario.trace))
    watches = make_watches(blueprint.firm, scenario, ())
    complete_to_ns = ENGINES[engine](blueprint, timeline, recorder, watches)
    return Outcome(recorder.history(), watches.crossing, complete_to_ns)


def assert_twins(blueprint: Blueprint, timeline: Timeline) -> History:
    """Assert that both engines agree in everything; the history that they agree on."""
    slow, quick = (run(engine, blueprint, timeline) for engine in ("reference", "fast"))
    difference = difference_of(slow.history, quick.history)
    assert not difference, difference
    assert quick.crossing == slow.crossing
    assert quick.complete_to_ns == slow.complete_to_ns
    assert quick.history.root == slow.history.root
    return slow.history


def difference_of(one: History, other: History) -> str:
    """The first row in which two histories differ, with the rows before it; empty if none."""
    count = min(len(one), len(other))
    row = _first_difference(one, other, count)
    if row == count and len(one) == len(other):
        return ""
    lines = [f"row {row} of {len(one)} (reference) and {len(other)} (fast) differs"]
    for name, history in (("reference", one), ("fast", other)):
        lines.append(f"{name}:")
        shown = range(max(0, row - ROWS_BEFORE), min(row + 1, len(history)))
        lines += [f"  {'>' if n == row else ' '} {_told(history.row(n))}" for n in shown]
        lines += ["  > (ends)"] if row == len(history) else []
    if row < count:
        rows = one.row(row), other.row(row)
        lines.append(f"columns: {[c for c in COLUMN_NAMES if rows[0][c] != rows[1][c]]}")
    return "\n".join(lines)


def _first_difference(one: History, other: History, count: int) -> int:
    """Number of the first of ``count`` rows in which any column differs, else ``count``."""
    first = count
    for name in COLUMN_NAMES:
        pair = [
            history.columns.integer(name)[:count]
            if name in INTEGER_NAMES
            else history.columns.text(name).to_objects()[:count]
            for history in (one, other)
        ]
        different = np.flatnonzero(pair[0] != pair[1])
        if len(different):
            first = min(first, int(different[0]))
    return first


def _told(row: dict[str, Any]) -> str:
    """A row in one line, without its empty columns."""
    return " ".join(f"{name}={value}" for name, value in row.items() if value is not None)
