"""Bands: disruptions and actions of the plan as strips above a chart, each with its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from matplotlib.patches import Rectangle

from bcsim.report.figures.label import fit, width_in
from bcsim.report.figures.sheet import SMALL, bare, plot_width_in
from bcsim.report.figures.style import BLUE, INK, QUIET, VERMILLION, WHITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from bcsim.report.account import Account
    from bcsim.report.figures.clock_axis import ClockAxis
    from bcsim.report.naming import Names

LANE_IN: Final = 0.24
"""Height of one strip."""

_LANES_MAX: Final = 9
_BAR: Final = 0.78
_PAD: Final = 0.006
_NARROWEST: Final = 0.004


class _Look(NamedTuple):
    fill: str
    edge: str
    hatch: str


_LOOKS: Final = {
    "disruption": _Look("#F4C9AE", VERMILLION, ""),
    "done": _Look("#CFE8F9", BLUE, ""),
    "failed": _Look(WHITE, VERMILLION, "////"),
    "running": _Look("#E9F4FB", BLUE, ""),
}


@dataclass(frozen=True, slots=True)
class Band:
    """A strip from a time to a time, with a name; ``look`` is a key of the looks."""

    label: str
    from_ns: int
    to_ns: int
    look: Literal["disruption", "done", "failed", "running"]


def bands_of(account: Account, names: Names, axis: ClockAxis) -> list[Band]:
    """Disruptions, then actions, that touch the time shown, in order of their beginnings."""
    touching = [
        band
        for band in _all_bands(account, names)
        if band.from_ns < axis.to_ns and band.to_ns > axis.from_ns
    ]
    if len(touching) <= _LANES_MAX:
        return touching
    kept = touching[: _LANES_MAX - 1]
    rest = touching[_LANES_MAX - 1 :]
    label = names.words.say("band.more", count=len(rest))
    return [*kept, Band(label, rest[0].from_ns, rest[0].from_ns, rest[0].look)]


def _all_bands(account: Account, names: Names) -> Iterator[Band]:
    for disruption in account.disruptions:
        to_ns = account.end_ns if disruption.to_ns is None else disruption.to_ns
        yield Band(names.disruption(disruption.name), disruption.from_ns, to_ns, "disruption")
    for deed in account.deeds:
        to_ns = account.end_ns if deed.to_ns is None else deed.to_ns
        yield Band(names.action(deed.action), deed.from_ns, to_ns, deed.state)


def draw_bands(axes: Axes, bands: list[Band], axis: ClockAxis) -> None:
    """Draw each band in a lane of its own, its name inside or beside it."""
    bare(axes)
    axes.set_ylim(max(1, len(bands)), 0)
    for lane, band in enumerate(bands):
        look = _LOOKS[band.look]
        left, right = axis.x(band.from_ns), axis.x(band.to_ns)
        if band.to_ns > band.from_ns:
            right = max(right, left + _NARROWEST)
            axes.add_patch(
                Rectangle(
                    (left, lane + (1 - _BAR) / 2),
                    right - left,
                    _BAR,
                    facecolor=look.fill,
                    edgecolor=look.edge,
                    linewidth=1.0,
                    hatch=look.hatch,
                )
            )
        _write(axes, band, lane, left, right)


def _write(axes: Axes, band: Band, lane: int, left: float, right: float) -> None:
    """Write a band's name inside it, else behind it, else before it, else from the edge on."""
    text = fit(band.label, plot_width_in(), (SMALL,), 1).lines[0]
    breadth = width_in(text, SMALL) / plot_width_in() + 2 * _PAD
    if breadth <= right - left:
        start = left
    elif right + breadth <= 1:
        start = right
    elif left - breadth - _PAD >= 0:
        start = left - breadth - _PAD
    else:
        start = max(0.0, min(left, 1 - breadth))
    paper = {"facecolor": WHITE, "edgecolor": "none", "pad": 1.0}
    axes.text(
        start + _PAD, lane + 0.52, text, size=SMALL, va="center", ha="left",
        color=INK if band.to_ns > band.from_ns else QUIET,
        bbox=paper if band.look == "failed" else None,
    )  # fmt: skip
