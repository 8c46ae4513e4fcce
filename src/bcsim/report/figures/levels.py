"""Service levels over time, a panel for each service, with its minimum and its outages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import FuncFormatter

from bcsim.report.figures.bands import LANE_IN, bands_of, draw_bands
from bcsim.report.figures.label import fit, width_in
from bcsim.report.figures.orders import mark_background, time_axis
from bcsim.report.figures.sheet import SIZE, SMALL, panels, plot_width_in, write_times
from bcsim.report.figures.style import BLUE, INK, QUIET, VERMILLION, WHITE, styled
from bcsim.report.naming import names_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bcsim.checkers.continuity import ServiceMeasure
    from bcsim.report.account import Account
    from bcsim.report.figures.clock_axis import ClockAxis
    from bcsim.report.wording import Words

_PANEL_IN: Final = 1.25
_HEAD_IN: Final = 0.32
_OUTAGE: Final = "#F4C9AE"
_HATCH: Final = "#E4A582"
_SAMPLE_IN: Final = 0.3
_DASHES: Final = (0, (5, 3))

_PAPER: Final = {"facecolor": WHITE, "edgecolor": "none", "pad": 1.2, "alpha": 0.85}


def draw_levels(account: Account, words: Words) -> Figure:
    """Draw every service's level below the bands of disruptions and actions."""
    axis = time_axis(account)
    names = names_of(account, words)
    with styled():
        bands = bands_of(account, names, axis)
        heights = [LANE_IN * len(bands) or 0.01]
        figure, axes = panels([*heights, *(_PANEL_IN for _ in account.services)], gap_in=_HEAD_IN)
        draw_bands(axes[0], bands, axis)
        last = len(account.services) - 1
        for number, (name, measure) in enumerate(account.services.items()):
            panel = axes[number + 1]
            mark_background(panel, account, axis)
            _draw_level(panel, measure, axis, account.window_ns[1])
            behind = _draw_title(panel, names.service(name))
            _mark_minimum(panel, measure, words, behind)
            _mark_outages(panel, measure, axis, words)
            _mark_targets(panel, measure, axis, words)
            _finish(panel, measure, words)
            write_times(panel, axis, words, is_labelled=number == last)
    return figure


def _draw_level(axes: Axes, measure: ServiceMeasure, axis: ClockAxis, last_ns: int) -> None:
    """A step for each interval; where nobody entered an order there is none."""
    found, bucket_ns = measure.levels, measure.tolerance.bucket_ns
    if not measure.is_exercised:
        return
    xs: list[float] = []
    ys: list[float] = []
    before_ns = None
    shares = (100 * found.served / found.entered).tolist()
    for from_ns, share in zip(found.from_ns.tolist(), shares, strict=True):
        if before_ns is not None and from_ns != before_ns:
            xs.append(axis.x(before_ns))
            ys.append(np.nan)
        before_ns = from_ns + bucket_ns
        xs += [axis.x(from_ns), axis.x(min(before_ns, last_ns))]
        ys += [share, share]
    axes.plot(xs, ys, color=BLUE, linewidth=2.2, zorder=4, solid_joinstyle="miter")


def _mark_minimum(axes: Axes, measure: ServiceMeasure, words: Words, left: float) -> None:
    """Draw the minimum, and behind the panel's title what the line means."""
    least = measure.tolerance.mbco
    if least is None:
        return
    axes.axhline(100 * least, color=INK, linewidth=1.2, linestyle=_DASHES, zorder=3)
    sample = [left, left + _SAMPLE_IN / plot_width_in()]
    (line,) = axes.plot(sample, [1.13] * 2, color=INK, linewidth=1.2, linestyle=_DASHES)
    line.set(transform=axes.transAxes, clip_on=False)
    text = words.say("levels.minimum", share=words.percent(least))
    _write_above(axes, sample[1] + 0.008, text, ha="left")


def _write_above(axes: Axes, x: float, text: str, ha: str) -> None:
    axes.text(x, 1.04, text, transform=axes.transAxes, size=SMALL, color=QUIET, ha=ha, va="bottom")


def _mark_outages(axes: Axes, measure: ServiceMeasure, axis: ClockAxis, words: Words) -> None:
    """Shade every outage, and write how long the longest were, as far as there is room."""
    written: list[tuple[float, float]] = []
    for outage in sorted(measure.outages, key=lambda outage: -outage.duration_ns):
        left, right = axis.x(outage.from_ns), axis.x(outage.to_ns)
        shade = axes.axvspan(left, right, facecolor=_OUTAGE, edgecolor=_HATCH, zorder=1.5)
        shade.set(hatch="////", linewidth=0)
        key = "levels.out" if outage.has_ended else "levels.out_open"
        text = words.say(key, outage=words.duration(outage.duration_ns))
        half = width_in(text, SMALL, bold=True) / plot_width_in() / 2 + 0.008
        middle = min(max((left + right) / 2, half), 1 - half)
        if any(middle - half < other[1] and middle + half > other[0] for other in written):
            continue
        written.append((middle - half, middle + half))
        axes.text(
            middle, 74, text, size=SMALL, weight="bold", color=INK, ha="center", va="center",
            zorder=6, bbox=_PAPER,
        )  # fmt: skip


def _mark_targets(axes: Axes, measure: ServiceMeasure, axis: ClockAxis, words: Words) -> None:
    """Mark when the longest outage uses up rto and mtpd, or say that this lies further on."""
    if not measure.outages:
        return
    began_ns = max(measure.outages, key=lambda outage: outage.duration_ns).from_ns
    beyond = []
    for name, target_ns in (("rto", measure.tolerance.rto_ns), ("mtpd", measure.tolerance.mtpd_ns)):
        if target_ns is None:
            continue
        if began_ns + target_ns < axis.to_ns:
            _mark_target(axes, name, axis.x(began_ns + target_ns))
        else:
            time = words.clock(began_ns + target_ns)
            beyond.append(words.say("levels.mark_beyond", mark=name, time=time))
    if beyond:
        _write_above(axes, 1, "   ".join(beyond), ha="right")


def _mark_target(axes: Axes, name: str, x: float) -> None:
    """Draw a target's line, its name before it or, at the edge, behind it."""
    axes.axvline(x, color=VERMILLION, linewidth=1.6, linestyle=(0, (2, 2)), zorder=3.5)
    has_room = width_in(name, SMALL, bold=True) / plot_width_in() + 0.01 < x
    axes.text(
        x - 0.005 if has_room else x + 0.005, 40, name, size=SMALL, weight="bold",
        color=VERMILLION, ha="right" if has_room else "left", va="center", zorder=6, bbox=_PAPER,
    )  # fmt: skip


def _finish(axes: Axes, measure: ServiceMeasure, words: Words) -> None:
    axes.set_ylim(0, 104)
    axes.set_yticks([0, 50, 100])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f} %"))
    axes.grid(visible=True, axis="y")
    if not measure.is_exercised:
        axes.text(
            0.5, 0.5, words.say("levels.none"), transform=axes.transAxes, size=SIZE, color=QUIET,
            ha="center", va="center", bbox=_PAPER,
        )  # fmt: skip


def _draw_title(axes: Axes, service: str) -> float:
    """Write the service's name above its panel; returns where further text may begin."""
    title = fit(service, 0.45 * plot_width_in(), (SIZE,), 1).lines[0]
    axes.text(
        0, 1.04, title, transform=axes.transAxes, size=SIZE, weight="bold", color=INK, va="bottom"
    )
    return (width_in(title, SIZE, bold=True) + 0.2) / plot_width_in()
