"""What was measured, as tables to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.measuring import Share
from benchmarks.workload import OUTAGE_NAME, STEADY, Tandem

if TYPE_CHECKING:
    from benchmarks.measuring import Measurement

HEAD = (
    "workload",
    "tool",
    "orders",
    "run s",
    "kernel s",
    "steps/s",
    "kernel steps/s",
    "bcsim is faster by",
    "mean wait",
    "expected",
    "memory MB",
    "load",
)

SHARE_HEAD = (
    "workload",
    "what",
    "orders",
    "events",
    "s",
    "simulation s",
    "kernel s",
    "of the simulation",
    "of the kernel",
    "memory before MB",
    "memory MB",
    "load",
)


def judged(one: Measurement) -> Measurement:
    """The measurement, with what theory expects of a tandem and whether it came out."""
    if one.mean_wait is not None and one.workload in (STEADY, OUTAGE_NAME):
        tandem = Tandem(one.orders, one.workload == OUTAGE_NAME)
        one.expected_wait = tandem.expected_wait()
        deviation = abs(one.mean_wait / one.expected_wait - 1)
        one.is_same_work = deviation < tandem.tolerance()
    return one


def text_of(found: list[Measurement], facts: dict[str, Any]) -> str:
    """Everything as Markdown."""
    lines = [f"# Benchmarks, {facts['size']}", ""]
    lines += [f"- {name}: {value}" for name, value in facts["machine"].items()]
    for name in ("memory", "two_processes", "left_out", "roots_agree"):
        if name in facts:
            lines.append(f"- {name.replace('_', ' ')}: {facts[name]}")
    shares = [one for one in found if isinstance(one, Share)]
    others = [one for one in found if not isinstance(one, Share)]
    if others:
        lines += _table(HEAD, [_cells(one, others) for one in others])
    if shares:
        lines += ["", "## Judging and writing"]
        lines += _table(SHARE_HEAD, [_share_cells(one) for one in shares])
    if others:
        lines += ["", "## Time per order", ""]
        lines += [f"- {line}" for line in _growth(others)]
    return "\n".join(lines) + "\n"


def _table(head: tuple[str, ...], rows: list[list[str]]) -> list[str]:
    return [
        "",
        *("| " + " | ".join(cells) + " |" for cells in (head, ("---",) * len(head), *rows)),
    ]


def _share_cells(one: Share) -> list[str]:
    return [
        one.workload,
        one.tool + (f" ({one.note})" if one.note else ""),
        f"{one.orders:,}",
        f"{one.events:,}",
        f"{one.best_s:.3f}",
        f"{one.simulation_s:.3f}",
        f"{min(one.kernel_s):.3f}",
        f"{one.of_simulation:.2f}",
        f"{one.of_kernel:.2f}",
        f"{one.base_mb:,.0f}",
        f"{one.peak_mb:,.0f}",
        f"{one.load_average}",
    ]


def _cells(one: Measurement, found: list[Measurement]) -> list[str]:
    kernel_s = min(one.kernel_s, default=0.0)
    wait = "" if one.mean_wait is None else f"{one.mean_wait:.4g}"
    if one.is_same_work is False:
        wait += " (differs)"
    return [
        one.workload,
        one.tool + (f" ({one.note})" if one.note else ""),
        f"{one.orders:,}",
        f"{one.best_s:.3f}",
        f"{kernel_s:.3f}" if kernel_s else "",
        f"{one.steps / one.best_s:,.0f}",
        f"{one.steps / kernel_s:,.0f}" if kernel_s else "",
        _ratio(one, found),
        wait,
        "" if one.expected_wait is None else f"{one.expected_wait:.4g}",
        f"{one.peak_mb:,.0f}",
        f"{one.load_average}",
    ]


def _ratio(one: Measurement, found: list[Measurement]) -> str:
    """How much sooner bcsim's fast engine was done with the same work in the same run."""
    best = min((other.best_s for other in found if _is_ours(other, one)), default=None)
    if best is None or one.tool.startswith("bcsim fast"):
        return ""
    return f"{one.best_s / best:,.1f}"


def _is_ours(other: Measurement, one: Measurement) -> bool:
    """Whether a measurement is of bcsim at the same workload and about as many orders."""
    same = other.workload == one.workload and abs(other.orders / one.orders - 1) < 0.1  # noqa: PLR2004
    return same and other.tool in ("bcsim fast, business trace", "bcsim fast")


def _growth(found: list[Measurement]) -> list[str]:
    """Time per order of bcsim at each size, and with the outage against without."""
    ours = {
        (one.workload, round(one.orders, -3)): one
        for one in found
        if one.tool in ("bcsim fast, business trace", "bcsim fast")
    }
    lines = []
    for (workload, orders), one in sorted(ours.items()):
        line = f"{workload}, {orders:,} orders: {one.best_s / one.orders * 1e6:.2f} µs an order"
        calm = ours.get((workload.replace("-outage", "").replace("dc-loss", "normal-day"), orders))
        if calm is not None and calm is not one:
            ratio = one.best_s / one.orders / (calm.best_s / calm.orders)
            line += f", {ratio:.2f} × the time without the outage"
        lines.append(line)
    return lines
