"""What was measured, as a picture: steps a second of each tool, on a scale of powers of ten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.measuring import Measurement

OURS, THEIRS = "#1f5f8b", "#b8b8b8"
BAR_CM = 0.75


def draw(found: list[Measurement], path: Path) -> None:
    """Draw one row of bars for each workload; the file is the same for the same figures."""
    workloads = list(dict.fromkeys(one.workload for one in found))
    rows = len(found) + 2 * len(workloads)
    with mpl.rc_context({"svg.hashsalt": "bcsim", "svg.fonttype": "none"}):
        figure = Figure(figsize=(9, max(3.0, rows * BAR_CM / 2.54)), layout="constrained")
        heights = [sum(one.workload == name for one in found) + 1 for name in workloads]
        axes = figure.subplots(len(workloads), 1, squeeze=False, sharex=True, height_ratios=heights)
        for place, name in zip(axes[:, 0], workloads, strict=True):
            shown = [one for one in found if one.workload == name][::-1]
            labels = [f"{one.tool}, {one.orders:,} orders" for one in shown]
            speeds = [one.steps / one.best_s for one in shown]
            colours = [OURS if "fast" in one.tool else THEIRS for one in shown]
            bars = place.barh(range(len(shown)), speeds, color=colours)
            place.bar_label(bars, [f"{speed:,.0f}" for speed in speeds], padding=3, fontsize=8)
            place.set_yticks(range(len(shown)), labels, fontsize=8)
            place.set_xscale("log")
            place.set_title(name, loc="left", fontsize=10)
            place.spines[["top", "right"]].set_visible(False)
        speeds = [one.steps / one.best_s for one in found]
        axes[-1, 0].set_xlim(min(speeds) / 3, max(speeds) * 6)
        axes[-1, 0].set_xlabel("order-steps per second, one core")
        figure.savefig(path, metadata={"Date": None})
