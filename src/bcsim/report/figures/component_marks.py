"""The marks of a component graph: boxes, bands and badges, each drawn one way only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle

from bcsim.report.figures import style
from bcsim.report.figures.component_layout import BAND_HEAD, BOX_HEIGHT, BOX_WIDTH, SIDE, Box
from bcsim.report.figures.label import fit, width_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bcsim.report.figures.component_layout import Band

BoxShape: TypeAlias = Literal["round", "pill", "square"]
State: TypeAlias = Literal["ok", "down", "degraded", "standby"]
"""How a component or site fares; ``standby``: works at its standby."""

BadgeKind: TypeAlias = Literal["single", "down", "degraded", "standby"]

LABEL_SIZES: Final = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0)
TITLE_SIZES: Final = (13.0, 12.0, 11.0)
NOTE_SIZES: Final = (10.5, 10.0, 9.5, 9.0)
LINE_SPACING: Final = 1.08

_ROUNDING: Final = {"round": 0.09, "pill": 0.22, "square": 0.0}
_PAD: Final = 0.07
BADGE: Final = 0.125
"""Radius of a badge on a box."""

SMALL_BADGE: Final = 0.1
"""Radius of a badge in a list."""


def draw_box(
    axes: Axes,
    box: Box,
    text: str,
    shape: BoxShape,
    look: style.Look,
    size: tuple[float, float] = (BOX_WIDTH, BOX_HEIGHT),
) -> None:
    """Draw a box with its label; a standby that waits has a dashed outline."""
    width, height = size
    rounding = _ROUNDING[shape]
    axes.add_patch(
        FancyBboxPatch(
            (box.x - width / 2, box.y - height / 2),
            width,
            height,
            boxstyle=f"round,pad=0,rounding_size={rounding}" if rounding else "square,pad=0",
            facecolor=look.fill,
            edgecolor=look.outline,
            linewidth=look.weight,
            linestyle=(0, (3, 2)) if look.is_dashed else "solid",
            zorder=4,
        )
    )
    label = fit(text, width - 2 * _PAD, LABEL_SIZES)
    written = axes.text(box.x, box.y, "\n".join(label.lines), size=label.size, color=look.text)
    written.set(ha="center", va="center", linespacing=LINE_SPACING, zorder=5)


def draw_band(axes: Axes, band: Band, title: str, note: str, *, is_down: bool) -> None:
    """Draw a shaded band with its name, and right of it what it stands on."""
    axes.add_patch(
        Rectangle(
            (band.left, band.bottom),
            band.right - band.left,
            band.top - band.bottom,
            facecolor=_ground_of(is_down=is_down),
            edgecolor=style.VERMILLION if is_down else style.FAINT,
            linewidth=1.5 if is_down else 0.8,
            zorder=0,
        )
    )
    left, y = band.left + SIDE + 2.4 * BADGE, band.top - BAND_HEAD / 2 - 0.02
    right = band.right - SIDE
    head = fit(title, (right - left) * (0.62 if note else 1.0), TITLE_SIZES, 1)
    # Lines that run behind a heading stop short of its letters.
    ground = {"facecolor": _ground_of(is_down=is_down), "edgecolor": "none", "pad": 1.5}
    first = axes.text(left, y, head.lines[0], size=head.size, weight="bold", va="center")
    first.set(bbox=ground, zorder=3)
    if note:
        room = right - left - width_in(head.lines[0], head.size, bold=True) - 0.25
        tail = fit(note, room, NOTE_SIZES, 1)
        last = axes.text(right, y, tail.lines[0], size=tail.size, color=style.QUIET, va="center")
        last.set(bbox=ground, zorder=3, horizontalalignment="right")


def _ground_of(*, is_down: bool) -> str:
    return style.DOWN_GROUND if is_down else style.GROUND


def draw_badge(
    axes: Axes, centre: tuple[float, float], kind: BadgeKind, text: str = "", *, r: float = BADGE
) -> None:
    """Draw a badge of radius ``r``: a diamond, a stop sign, a triangle or a square."""
    x, y = centre
    x_to, y_to = x + r, y + r
    match kind:
        case "single":
            s = 1.3 * r
            _fill(axes, [(x - s, y), (x, y + s), (x + s, y), (x, y - s)], style.VERMILLION)
        case "down":
            _fill(axes, _octagon(x, y, r), style.VERMILLION)
            arm = 0.42 * r
            for sign in (1, -1):
                axes.plot(
                    [x - arm, x + arm],
                    [y - sign * arm, y + sign * arm],
                    color=style.WHITE,
                    linewidth=1.8,
                    zorder=7,
                )
        case "degraded":
            _fill(
                axes,
                [(x - 1.2 * r, y - 0.9 * r), (x + 1.2 * r, y - 0.9 * r), (x, y + 1.2 * r)],
                style.ORANGE,
            )
            text, y = "!", y - 0.15 * r
        case "standby":
            _fill(axes, [(x - r, y - r), (x_to, y - r), (x_to, y_to), (x - r, y_to)], style.BLUE)
            text = "S"
    if text:
        axes.text(
            x,
            y,
            text,
            size=9.5 * r / BADGE,
            weight="bold",
            color=style.INK if kind == "degraded" else style.WHITE,
            ha="center",
            va="center",
            zorder=7,
        )


def _fill(axes: Axes, corners: Sequence[tuple[float, float]], colour: str) -> None:
    axes.add_patch(
        Polygon(corners, facecolor=colour, edgecolor=style.WHITE, linewidth=1.0, zorder=6)
    )


def _octagon(x: float, y: float, r: float) -> list[tuple[float, float]]:
    """The corners of a stop sign."""
    near = 0.43 * r
    right = [(r, -near), (r, near), (near, r)]
    left = [(-near, r), (-r, near), (-r, -near)]
    bottom = [(-near, -r), (near, -r)]
    return [(x + dx, y + dy) for dx, dy in (*right, *left, *bottom)]
