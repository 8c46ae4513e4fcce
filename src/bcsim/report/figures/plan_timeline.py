"""The plan's timeline: disruptions, reactions, actions, and how long clients went without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from matplotlib.patches import Rectangle

from bcsim.report.figures.clock_axis import Break, ClockAxis, axis_with_breaks
from bcsim.report.figures.label import fit, width_in
from bcsim.report.figures.sheet import SIZE, SMALL, panels, plot_width_in, write_times
from bcsim.report.figures.style import (
    BLUE,
    FAINT,
    GROUND,
    INK,
    QUIET,
    VERMILLION,
    WHITE,
    styled,
)
from bcsim.report.figures.timeline_rows import rows_of, times_of
from bcsim.report.naming import names_of
from bcsim.units import NS_PER_H, NS_PER_MIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bcsim.report.account import Account
    from bcsim.report.figures.timeline_rows import Bar, Row
    from bcsim.report.wording import Words

_ROW_IN: Final = 0.3
_LABEL_IN_MAX: Final = 3.6
_BAR: Final = 0.62
_NARROWEST: Final = 0.004
_AWAY: Final = 0.01
_HOURS_FROM: Final = 90
"""Minutes from which on a time that is left out is written in hours."""

_PAPER: Final = {"facecolor": WHITE, "edgecolor": "none", "pad": 1.0}

Span: TypeAlias = tuple[float, float]
"""From where to where something lies, as shares of the panel."""

_FILLS: Final = {
    "disruption": ("#F4C9AE", VERMILLION, ""),
    "done": (BLUE, BLUE, ""),
    "failed": (WHITE, VERMILLION, "////"),
    "running": ("#CFE8F9", BLUE, ""),
    "outage": ("#F4C9AE", "#E4A582", "////"),
}


def draw_plan(account: Account, words: Words) -> Figure | None:
    """Draw the timeline; nothing if there is nothing to be drawn."""
    rows = list(rows_of(account, names_of(account, words)))
    events_ns = [time_ns for row in rows for time_ns in times_of(row)]
    if not events_ns:
        return None
    axis = axis_with_breaks(events_ns, account.run.scenario.start)
    with styled():
        widest = max(width_in(row.label, SIZE, bold=row.is_heading) for row in rows)
        left_in = min(widest, _LABEL_IN_MAX) + 0.35
        figure, (axes,) = panels([_ROW_IN * len(rows)], left_in=left_in)
        _prepare(axes, rows, axis, words, left_in)
        for number, row in enumerate(rows):
            _draw_row(axes, row, number, axis, left_in)
    return figure


# -- drawing ---------------------------------------------------------------------------------


def _prepare(axes: Axes, rows: list[Row], axis: ClockAxis, words: Words, left_in: float) -> None:
    """Lines between rows, times below, and what is left out."""
    axes.set_ylim(len(rows), 0)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    write_times(axes, axis, words)
    edge = _label_edge(left_in)
    for number, row in enumerate(rows):
        if row.is_heading:
            axes.add_patch(
                Rectangle(
                    (edge, number),
                    1 - edge,
                    1,
                    facecolor=GROUND,
                    linewidth=0,
                    clip_on=False,
                    zorder=0.4,
                )
            )
        else:
            axes.axhline(number + 1, color=FAINT, linewidth=0.5, zorder=0.5)
    for gap in axis.breaks:
        left, right = axis.x(gap.from_ns), axis.x(gap.to_ns)
        axes.axvspan(
            left, right, facecolor=WHITE, edgecolor=FAINT, hatch="....", linewidth=0, zorder=3
        )
        axes.text(
            (left + right) / 2, 0.5, _skipped(gap, words), size=SMALL, color=QUIET,
            ha="center", va="center", zorder=6, bbox={**_PAPER, "facecolor": GROUND},
        )  # fmt: skip


def _skipped(gap: Break, words: Words) -> str:
    """How long a time is that was left out, in a few letters."""
    skipped_ns = gap.to_ns - gap.from_ns
    if skipped_ns < _HOURS_FROM * NS_PER_MIN:
        return words.say("plan.skipped_min", count=max(1, round(skipped_ns / NS_PER_MIN)))
    return words.say("plan.skipped_h", hours=f"{skipped_ns / NS_PER_H:.1f}")


def _label_edge(left_in: float) -> float:
    """Coordinate at which the labels of the rows begin."""
    return -(left_in - 0.1) / plot_width_in(left_in)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row while it is drawn: where it lies, and which parts of it are taken."""

    axes: Axes
    axis: ClockAxis
    number: int
    left_in: float
    taken: list[Span]

    @property
    def y(self) -> float:
        """Height of the row's middle; texts look best a little below it."""
        return self.number + 0.52

    def breadth(self, text: str, *, bold: bool = False) -> float:
        """Width of a text as a share of the panel's."""
        return width_in(text, SMALL, bold=bold) / plot_width_in(self.left_in)


def _draw_row(axes: Axes, row: Row, number: int, axis: ClockAxis, left_in: float) -> None:
    """Draw a row from its label to its limits; texts stand where there is room."""
    line = _Line(axes, axis, number, left_in, [])
    label = fit(row.label, left_in - 0.3, (SIZE, SMALL, 0.9 * SMALL), 1)
    edge = _label_edge(left_in) + 0.008
    weight = "bold" if row.is_heading else "normal"
    axes.text(edge, line.y, label.lines[0], size=label.size, color=INK, va="center", weight=weight)
    bars = [_draw_bar(line, bar) for bar in row.bars]
    points = [_draw_points(line, row.points_ns)] if row.points_ns else []
    limits = [_draw_limit(line, time_ns) for _, time_ns in row.limits]
    line.taken.extend([*bars, *points, *limits])
    for (name, _), span in zip(row.limits, limits, strict=True):
        _write_limit(line, name, span)
    papers = {"outage": _FILLS["outage"][0]}
    for bar, span in zip(row.bars, bars, strict=True):
        _write(line, bar.text, span, papers.get(bar.look, WHITE))
    for span in points:
        _write(line, row.text, span, WHITE)


def _draw_bar(line: _Line, bar: Bar) -> Span:
    """Draw a bar, and before it the wait for its beginning; what it takes up."""
    fill, edge, hatch = _FILLS[bar.look]
    axis, begun_ns = line.axis, bar.from_ns if bar.started_ns is None else bar.started_ns
    waited, left = axis.x(bar.from_ns), axis.x(begun_ns)
    right = max(axis.x(bar.to_ns), left + _NARROWEST)
    if begun_ns > bar.from_ns:
        line.axes.plot([waited, left], [line.y] * 2, ":", color=BLUE, linewidth=1.6, zorder=4)
    box = Rectangle((left, line.y - _BAR / 2), right - left, _BAR, facecolor=fill, hatch=hatch)
    box.set(edgecolor=edge, linewidth=1.0, zorder=4)
    line.axes.add_patch(box)
    return waited, right


def _draw_points(line: _Line, points_ns: Sequence[int]) -> Span:
    xs = [line.axis.x(time_ns) for time_ns in points_ns]
    ys = [line.y] * len(xs)
    line.axes.plot(xs, ys, "D", color=INK, markersize=5.5, markeredgecolor=WHITE, zorder=5)
    return xs[0] - 0.006, xs[-1] + 0.006


def _draw_limit(line: _Line, time_ns: int) -> Span:
    x = line.axis.x(time_ns)
    ys = [line.number + 0.08, line.number + 0.92]
    line.axes.plot([x, x], ys, color=VERMILLION, linewidth=2.4, zorder=5)
    return x - 0.002, x + 0.002


def _write_limit(line: _Line, text: str, about: Span) -> None:
    """Write a limit's name before it, or behind it."""
    breadth = line.breadth(text, bold=True)
    places = [(about[0] - _AWAY - breadth, about[0] - _AWAY), _behind(about, breadth)]
    left = _free(line, places)
    if left is not None:
        line.axes.text(
            left, line.y, text, size=SMALL, color=VERMILLION, va="center", weight="bold",
            zorder=6, bbox=_PAPER,
        )  # fmt: skip


def _write(line: _Line, text: str, about: Span, ground: str) -> None:
    """Write a text behind what it is about, else before it, else on it, else not at all."""
    if not text:
        return
    breadth = line.breadth(text)
    left = _free(line, [_behind(about, breadth), (about[0] - _AWAY - breadth, about[0] - _AWAY)])
    paper = _PAPER
    if left is None and breadth + 2 * _AWAY <= about[1] - about[0]:
        left = (about[0] + about[1] - breadth) / 2
        paper = {**_PAPER, "facecolor": ground}
    if left is not None:
        line.axes.text(left, line.y, text, size=SMALL, color=INK, va="center", zorder=6, bbox=paper)


def _behind(about: Span, breadth: float) -> Span:
    return about[1] + _AWAY, about[1] + _AWAY + breadth


def _free(line: _Line, places: Sequence[Span]) -> float | None:
    """Left end of the first place that is free, and from now on taken."""
    for left, right in places:
        is_free = all(right < other[0] or left > other[1] for other in line.taken)
        if is_free and left >= 0 and right <= 1:
            line.taken.append((left, right))
            return left
    return None
