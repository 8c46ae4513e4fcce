"""Orders over time by what became of them, with disruptions and actions as bands above."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bcsim.report.figures.bands import LANE_IN, bands_of, draw_bands
from bcsim.report.figures.clock_axis import ClockAxis, midnight_of
from bcsim.report.figures.label import width_in
from bcsim.report.figures.sheet import (
    LEFT_IN,
    SIZE,
    bare,
    panels,
    plot_width_in,
    shade_disrupted,
    shade_drain,
    write_times,
)
from bcsim.report.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    QUIET,
    SKY,
    VERMILLION,
    WHITE,
    YELLOW,
    styled,
)
from bcsim.report.naming import names_of
from bcsim.units import NS_PER_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from bcsim.report.account import Account
    from bcsim.report.wording import Words

_CHART_IN: Final = 3.0
_ROW_IN: Final = 0.26
_LEGEND_IN: Final = 0.1
_SWATCH_IN: Final = 0.2
_BELOW_TIMES_IN: Final = 0.25
_TAIL: Final = 0.06
"""Share of the window that is shown behind it, for the drain."""


class Fill(NamedTuple):
    """Colour and hatch of a part of a bar."""

    color: str
    hatch: str = ""


FILLS: Final[Mapping[str, Fill]] = MappingProxyType(
    {
        "ok": Fill("#D3D9DF"),
        "ended": Fill("#A3ADB8"),
        "recovered": Fill(SKY, "..."),
        "late": Fill(ORANGE),
        "refused": Fill(PURPLE, "\\\\\\"),
        "indeterminate": Fill(WHITE, "xxxx"),
        "stranded": Fill(BLUE),
        "unconfirmed": Fill(GREEN),
        "partial": Fill(YELLOW),
        "lost": Fill(VERMILLION),
        "corrupted": Fill(BLACK, "\\\\\\\\"),
        "duplicated": Fill(BLACK),
        "phantom": Fill(BLACK, "...."),
    }
)
"""Fills of the fates from the bottom of a bar to its top; the quiet ones below.

In grey, too, each differs from its neighbours, by its lightness or by its hatch.
"""

_ENDED: Final = ("rejected", "cancelled", "expired")


def draw_orders(account: Account, words: Words) -> Figure:
    """Stacked bars of orders by the time of the wish."""
    axis = time_axis(account)
    with styled():
        bands = bands_of(account, names_of(account, words), axis)
        series = _series(account)
        entries = _legend_rows(series, words)
        legend_in = _LEGEND_IN + _ROW_IN * len(entries)
        figure, axes = panels([LANE_IN * len(bands) or 0.01, _CHART_IN, legend_in])
        draw_bands(axes[0], bands, axis)
        _draw_bars(axes[1], account, axis, series)
        _finish(axes[1], account, axis, words)
        _draw_legend(axes[2], entries, legend_in)
    return figure


def time_axis(account: Account) -> ClockAxis:
    """The window of arrivals, and a little of the drain behind it."""
    from_ns, to_ns = account.window_ns
    tail_ns = int(_TAIL * (to_ns - from_ns))
    return ClockAxis(from_ns, to_ns + tail_ns, midnight_of(account.run.scenario.start))


def mark_background(axes: Axes, account: Account, axis: ClockAxis, drain_label: str = "") -> None:
    """Tint disruptions, and mark the drain."""
    for disruption in account.disruptions:
        if disruption.is_latent:
            continue
        to_ns = account.end_ns if disruption.to_ns is None else disruption.to_ns
        shade_disrupted(axes, axis, disruption.from_ns, min(to_ns, account.window_ns[1]))
    shade_drain(axes, axis, account.window_ns[1], drain_label)


def _series(account: Account) -> dict[str, NDArray[np.int64]]:
    """Counts by fill, those that occur, from the bottom up."""
    counts = account.fates.counts
    empty = np.zeros(len(account.fates.from_ns), dtype=np.int64)
    joined = sum((counts.get(fate, empty) for fate in _ENDED), start=empty)
    every = {**counts, "ended": joined}
    return {fate: every[fate] for fate in FILLS if fate in every and every[fate].any()}


def _draw_bars(
    axes: Axes, account: Account, axis: ClockAxis, series: Mapping[str, NDArray[np.int64]]
) -> None:
    fates = account.fates
    begins = [axis.x(time_ns) for time_ns in fates.from_ns.tolist()]
    ends = [axis.x(time_ns + fates.bucket_ns) for time_ns in fates.from_ns.tolist()]
    breadths = [0.9 * (end - begin) for begin, end in zip(begins, ends, strict=True)]
    bottom = np.zeros(len(begins), dtype=np.int64)
    for fate, counts in series.items():
        fill = FILLS[fate]
        axes.bar(
            begins, counts, breadths, bottom=bottom, align="edge", zorder=2,
            facecolor=fill.color, hatch=fill.hatch, edgecolor=_hatch_color(fill), linewidth=0,
        )  # fmt: skip
        bottom += counts


def _hatch_color(fill: Fill) -> str:
    return QUIET if fill.color == WHITE else WHITE


def _finish(axes: Axes, account: Account, axis: ClockAxis, words: Words) -> None:
    """Axes, grid and background."""
    mark_background(axes, account, axis, words.say("orders.drain"))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(round(value))))
    highest = int(account.fates.heights.max(initial=0))
    axes.set_ylim(0, max(1.0, 1.08 * highest))
    axes.grid(visible=True, axis="y")
    write_times(axes, axis, words)
    bucket_ns = account.fates.bucket_ns
    label = words.say("orders.axis")
    if bucket_ns != NS_PER_MIN:
        label = words.say("orders.axis_bucket", bucket=words.duration(bucket_ns))
    axes.set_ylabel(label, size=SIZE)
    axes.yaxis.set_label_coords(-(LEFT_IN - 0.28) / plot_width_in(), 0.5)


class _Entry(NamedTuple):
    """One fill of the legend: where its text begins, inches from the left."""

    text: str
    fill: Fill
    left_in: float


def _legend_rows(series: Mapping[str, NDArray[np.int64]], words: Words) -> list[list[_Entry]]:
    """Entries of the legend, the gravest first, as many to a row as there is room for."""
    rows: list[list[_Entry]] = [[]]
    left_in = 0.0
    for fate in reversed(list(series)):
        text = f"{words.say(f'fate.{fate}')} {words.number(int(series[fate].sum()))}"
        breadth_in = _SWATCH_IN + 0.08 + width_in(text, SIZE) + 0.28
        if rows[-1] and left_in + breadth_in > plot_width_in():
            rows.append([])
            left_in = 0.0
        rows[-1].append(_Entry(text, FILLS[fate], left_in))
        left_in += breadth_in
    return rows if rows[0] else []


def _draw_legend(axes: Axes, rows: list[list[_Entry]], height_in: float) -> None:
    """Write the legend below the times of the chart."""
    bare(axes)
    axes.set_xlim(0, plot_width_in())
    axes.set_ylim(-height_in, 0)
    for number, row in enumerate(rows):
        y = -_LEGEND_IN - _ROW_IN * (number + 0.5) - _BELOW_TIMES_IN
        for entry in row:
            swatch = Rectangle(
                (entry.left_in, y - 0.07), _SWATCH_IN, 0.14, facecolor=entry.fill.color,
                hatch=entry.fill.hatch, edgecolor=_hatch_color(entry.fill), linewidth=0.6,
                clip_on=False,
            )  # fmt: skip
            axes.add_patch(swatch)
            axes.text(
                entry.left_in + _SWATCH_IN + 0.08, y, entry.text, size=SIZE, color=INK, va="center"
            )
