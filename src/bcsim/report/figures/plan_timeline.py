"""The plan's timeline: disruptions, reactions, actions, and how long clients went without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

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
from bcsim.report.naming import names_of
from bcsim.units import NS_PER_H, NS_PER_MIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bcsim.report.account import Account, Mark
    from bcsim.report.naming import Names
    from bcsim.report.wording import Words

_ROW_IN: Final = 0.3
_LABEL_IN_MAX: Final = 3.6
_BAR: Final = 0.62
_AWAY: Final = 0.01
_HOURS_FROM: Final = 90
"""Minutes from which on a time that is left out is written in hours."""

_PAPER: Final = {"facecolor": WHITE, "edgecolor": "none", "pad": 1.0}

_Look = Literal["disruption", "done", "failed", "running", "outage"]

_FILLS: Final = {
    "disruption": ("#F4C9AE", VERMILLION, ""),
    "done": (BLUE, BLUE, ""),
    "failed": (WHITE, VERMILLION, "////"),
    "running": ("#CFE8F9", BLUE, ""),
    "outage": ("#F4C9AE", "#E4A582", "////"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """What lasts; work on it is awaited from ``from_ns`` until ``started_ns``."""

    from_ns: int
    to_ns: int
    look: _Look
    text: str = ""
    started_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the timeline: a heading, or a label with bars, points and limits."""

    label: str
    is_heading: bool = False
    bars: tuple[Bar, ...] = ()
    points_ns: tuple[int, ...] = ()
    text: str = ""
    limits: tuple[tuple[str, int], ...] = ()


def draw_plan(account: Account, words: Words) -> Figure | None:
    """Draw the timeline; nothing if there is nothing to be drawn."""
    rows = list(_rows(account, names_of(account, words)))
    events_ns = [time_ns for row in rows for time_ns in _times(row)]
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


# -- rows ------------------------------------------------------------------------------------


def _rows(account: Account, names: Names) -> Iterator[Row]:
    """Headings and lines, group by group; a group without lines is left out."""
    for key, rows in (
        ("plan.disruptions", _disruptions(account, names)),
        ("plan.reactions", _reactions(account, names)),
        ("plan.actions", _actions(account, names)),
        ("plan.services", _services(account, names)),
    ):
        lines = list(rows)
        if lines:
            yield Row(names.words.say(key), is_heading=True)
            yield from lines


def _disruptions(account: Account, names: Names) -> Iterator[Row]:
    for disruption in account.disruptions:
        to_ns = account.window_ns[1] if disruption.to_ns is None else disruption.to_ns
        to_ns = max(to_ns, disruption.from_ns)
        bar = Bar(disruption.from_ns, to_ns, "disruption")
        yield Row(names.disruption(disruption), bars=(bar,))


def _reactions(account: Account, names: Names) -> Iterator[Row]:
    for key, marks in (
        ("plan.detected", account.detections),
        ("plan.switched", account.takeovers),
        ("plan.declared", account.declarations),
    ):
        if marks:
            times = tuple(mark.time_ns for mark in marks)
            text = _who(marks, names)
            yield Row(names.words.say(key), points_ns=times, text=text)


def _who(marks: tuple[Mark, ...], names: Names) -> str:
    """The first person or component, and how many more."""
    first = marks[0]
    if first.actor in names.firm.people:
        shown = names.person(first.actor or "")
    else:
        shown = names.component(first.component) if first.component else ""
    if len(marks) == 1:
        return shown
    return names.words.say("plan.and_more", first=shown, count=len(marks) - 1)


def _actions(account: Account, names: Names) -> Iterator[Row]:
    """A line for each action, with a bar for each time that it was done."""
    by_action: dict[str, list[Bar]] = {}
    for deed in account.deeds:
        to_ns = account.window_ns[1] if deed.to_ns is None else deed.to_ns
        lasted_ns = max(to_ns, deed.from_ns) - (deed.started_ns or deed.from_ns)
        bar = Bar(
            deed.from_ns, max(to_ns, deed.from_ns), deed.state,
            names.words.say(f"plan.{deed.state}", duration=names.words.duration(lasted_ns)),
            deed.started_ns,
        )  # fmt: skip
        by_action.setdefault(deed.action, []).append(bar)
    for action, bars in by_action.items():
        yield Row(names.action(action), bars=tuple(bars))


def _services(account: Account, names: Names) -> Iterator[Row]:
    """A line for each service that was out, with its outages and the limits of the longest."""
    for name, measure in account.services.items():
        if not measure.outages:
            continue
        began_ns = max(measure.outages, key=lambda outage: outage.duration_ns).from_ns
        targets = (("rto", measure.tolerance.rto_ns), ("mtpd", measure.tolerance.mtpd_ns))
        bars = []
        for outage in measure.outages:
            text = names.words.say(
                "plan.outage", outage=names.words.duration(outage.duration_ns)
            )
            bars.append(Bar(outage.from_ns, outage.to_ns, "outage", text))
        limits = tuple(
            (_limit(names.words, key, began_ns + target_ns), began_ns + target_ns)
            for key, target_ns in targets
            if target_ns is not None
        )
        yield Row(names.service(name), bars=tuple(bars), limits=limits)


def _limit(words: Words, name: str, time_ns: int) -> str:
    return words.say("plan.limit", name=name, time=words.clock(time_ns))


def _times(row: Row) -> Iterator[int]:
    for bar in row.bars:
        yield from (bar.from_ns, bar.to_ns)
    yield from row.points_ns
    yield from (time_ns for _, time_ns in row.limits)


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
                    (edge, number), 1 - edge, 1, facecolor=GROUND, linewidth=0, clip_on=False,
                    zorder=0.4,
                )  # fmt: skip
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


def _draw_row(axes: Axes, row: Row, number: int, axis: ClockAxis, left_in: float) -> None:
    """Draw a row from its label to its limits; texts stand where there is room."""
    y = number + 0.52
    label = fit(row.label, left_in - 0.3, (SIZE,), 1).lines[0]
    axes.text(
        _label_edge(left_in) + 0.008, y, label, size=SIZE, color=INK, va="center", ha="left",
        weight="bold" if row.is_heading else "normal",
    )  # fmt: skip
    taken: list[tuple[float, float]] = []
    for bar in row.bars:
        taken.append(_draw_bar(axes, bar, number, axis))
    if row.points_ns:
        xs = [axis.x(time_ns) for time_ns in row.points_ns]
        axes.plot(xs, [y] * len(xs), "D", color=INK, markersize=5.5, markeredgecolor=WHITE, zorder=5)
        taken.append((xs[0] - 0.006, xs[-1] + 0.006))
    for _, time_ns in row.limits:
        x = axis.x(time_ns)
        axes.plot([x, x], [number + 0.08, number + 0.92], color=VERMILLION, linewidth=2.4, zorder=5)
        taken.append((x - 0.002, x + 0.002))
    texts = [
        *((name, (axis.x(t), axis.x(t)), "limit") for name, t in row.limits),
        *(
            (bar.text, span, "bar")
            for bar, span in zip(row.bars, taken[: len(row.bars)], strict=True)
            if bar.text
        ),
        *((row.text, taken[0], "bar") for _ in row.points_ns[:1] if row.text),
    ]
    for text, about, kind in texts:
        _write(axes, text, y, about, taken, left_in=left_in, is_limit=kind == "limit")


def _draw_bar(axes: Axes, bar: Bar, number: int, axis: ClockAxis) -> tuple[float, float]:
    """Draw a bar, and before it the wait for its beginning; what it takes up."""
    fill, edge, hatch = _FILLS[bar.look]
    begun_ns = bar.from_ns if bar.started_ns is None else bar.started_ns
    left, right = axis.x(begun_ns), max(axis.x(bar.to_ns), axis.x(begun_ns) + 0.004)
    waited = axis.x(bar.from_ns)
    if begun_ns > bar.from_ns:
        axes.plot([waited, left], [number + 0.52] * 2, ":", color=BLUE, linewidth=1.6, zorder=4)
    axes.add_patch(
        Rectangle(
            (left, number + 0.52 - _BAR / 2), right - left, _BAR, facecolor=fill,
            edgecolor=edge, hatch=hatch, linewidth=1.0, zorder=4,
        )  # fmt: skip
    )
    return waited, right


def _write(
    axes: Axes,
    text: str,
    y: float,
    about: tuple[float, float],
    taken: list[tuple[float, float]],
    *,
    left_in: float,
    is_limit: bool,
) -> None:
    """Write a text beside what it is about, on the side that is free; else not at all."""
    breadth = width_in(text, SMALL, bold=is_limit) / plot_width_in(left_in)
    behind = (about[1] + _AWAY, about[1] + _AWAY + breadth)
    before = (about[0] - _AWAY - breadth, about[0] - _AWAY)
    middle = (about[0] + about[1]) / 2
    inside = (middle - breadth / 2, middle + breadth / 2)
    places = [before, behind] if is_limit else [behind, before]
    if breadth + 2 * _AWAY <= about[1] - about[0]:
        places.append(inside)
    for left, right in places:
        others = [other for other in taken if other != about or (left, right) != inside]
        is_free = all(right < other[0] or left > other[1] for other in others)
        if is_free and left >= 0 and right <= 1:
            taken.append((left, right))
            axes.text(
                left, y, text, size=SMALL, color=VERMILLION if is_limit else INK, va="center",
                ha="left", zorder=6, bbox=_PAPER, weight="bold" if is_limit else "normal",
            )  # fmt: skip
            return
