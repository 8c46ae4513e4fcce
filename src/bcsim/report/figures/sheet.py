"""A sheet: panels one below the other on one time axis, laid out in inches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure

from bcsim.report.figures.style import FAINT, GROUND, INK, QUIET, VERMILLION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bcsim.report.figures.clock_axis import ClockAxis
    from bcsim.report.wording import Words

SIZE: Final = 11.0
"""Points; on a page of A4 a picture is shown at seven tenths of its size."""

SMALL: Final = 10.0

WIDTH_IN: Final = 10.0
LEFT_IN: Final = 0.85
RIGHT_IN: Final = 0.15
GAP_IN: Final = 0.12

_TICKS_MAX: Final = 10
_FOOT_IN: Final = 0.4

DISRUPTED: Final = "#FBEDE4"
"""Background of the time in which something is disrupted: a tint of vermillion."""


def panels(
    heights_in: Sequence[float], *, left_in: float = LEFT_IN, gap_in: float = GAP_IN
) -> tuple[Figure, list[Axes]]:
    """A figure with panels of given heights from top to bottom, room for times below.

    Every panel's horizontal coordinate goes from 0 to 1.
    """
    total_in = sum(heights_in) + gap_in * (len(heights_in) - 1) + _FOOT_IN + 0.08
    figure = Figure(figsize=(WIDTH_IN, total_in))
    width = (WIDTH_IN - left_in - RIGHT_IN) / WIDTH_IN
    found = []
    top_in = total_in - 0.08
    for height_in in heights_in:
        box = (
            left_in / WIDTH_IN,
            (top_in - height_in) / total_in,
            width,
            height_in / total_in,
        )
        axes = figure.add_axes(box)
        axes.set_xlim(0, 1)
        found.append(axes)
        top_in -= height_in + gap_in
    return figure, found


def plot_width_in(left_in: float = LEFT_IN) -> float:
    """Width of a panel."""
    return WIDTH_IN - left_in - RIGHT_IN


def write_times(axes: Axes, axis: ClockAxis, words: Words, *, is_labelled: bool = True) -> None:
    """Write times below a panel, or only draw their lines."""
    ticks = axis.ticks(_TICKS_MAX)
    axes.set_xticks([axis.x(time_ns) for time_ns in ticks])
    axes.set_xticklabels([words.clock(time_ns) for time_ns in ticks] if is_labelled else [])
    axes.tick_params(axis="x", length=4 if is_labelled else 0, labelsize=SMALL, labelcolor=INK)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=INK, length=0)
    axes.grid(visible=True, axis="x", color=FAINT, linewidth=0.5)


def bare(axes: Axes) -> None:
    """Leave nothing of a panel but what is drawn into it."""
    axes.patch.set_visible(False)
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def shade_disrupted(axes: Axes, axis: ClockAxis, from_ns: int, to_ns: int) -> None:
    """Tint the time of a disruption, with a line at its beginning."""
    if to_ns <= axis.from_ns or from_ns >= axis.to_ns:
        return
    axes.axvspan(axis.x(from_ns), axis.x(to_ns), color=DISRUPTED, linewidth=0, zorder=0)
    if from_ns >= axis.from_ns:
        axes.axvline(axis.x(from_ns), color=VERMILLION, linewidth=1.2, zorder=1)


def shade_drain(axes: Axes, axis: ClockAxis, from_ns: int, label: str) -> None:
    """Mark the time after the last order."""
    left = axis.x(from_ns)
    axes.axvspan(left, 1, facecolor=GROUND, edgecolor=FAINT, hatch="////", linewidth=0, zorder=0.5)
    if label:
        middle = (left + 1) / 2
        axes.text(
            middle, 0.5, label, transform=axes.get_xaxis_transform(), rotation=90,
            ha="center", va="center", size=SMALL, color=QUIET,
        )  # fmt: skip
