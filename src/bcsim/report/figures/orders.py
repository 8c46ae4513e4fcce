"""Orders over time by what became of them, with disruptions and actions as bands above."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bcsim.report.figures.bands import LANE_IN, bands_of, draw_bands
from bcsim.report.figures.clock_axis import ClockAxis, midnight_of
from bcsim.report.figures.lettering import SIZE, SMALL
from bcsim.report.figures.sheet import panels, shade_disrupted, shade_drain, write_times
from bcsim.report.figures.style import (
    BLACK,
    BLUE,
    FAINT,
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
_TAIL: Final = 0.06
"""Share of the window that is shown behind it, for the drain."""


class _Fill(NamedTuple):
    color: str
    hatch: str = ""


FILLS: Final[Mapping[str, _Fill]] = MappingProxyType(
    {
        "ok": _Fill("#D3D9DF"),
        "ended": _Fill("#A3ADB8"),
        "recovered": _Fill(SKY),
        "late": _Fill(ORANGE),
        "refused": _Fill(PURPLE),
        "indeterminate": _Fill(WHITE, "xxxx"),
        "stranded": _Fill(BLUE),
        "unconfirmed": _Fill(GREEN),
        "partial": _Fill(YELLOW),
        "lost": _Fill(VERMILLION),
        "corrupted": _Fill(BLACK, "\\\\\\\\"),
        "duplicated": _Fill(BLACK),
        "phantom": _Fill(BLACK, "...."),
    }
)
"""Fills of the fates from the bottom of a bar to its top; the quiet ones below."""

_ENDED: Final = ("rejected", "cancelled", "expired")


def draw_orders(account: Account, words: Words) -> Figure:
    """Stacked bars of orders by the time of the wish."""
    axis = time_axis(account)
    with styled():
        bands = bands_of(account, names_of(account, words), axis)
        series = _series(account)
        rows = _legend_rows(series, words)
        heights = [LANE_IN * len(bands), _CHART_IN, _LEGEND_IN + _ROW_IN * rows]
        figure, (above, chart, legend) = panels(heights if bands else [0.01, *heights[1:]])
        draw_bands(above, bands, axis)
        _draw_bars(chart, account, axis, series)
        _finish(chart, account, axis, words)
        _draw_legend(legend, series, words, rows)
    return figure
