"""The marks of a component graph: boxes, bands, badges and lines, each drawn one way only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Polygon, Rectangle
from matplotlib.path import Path

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
Side: TypeAlias = Literal["left", "right", "top", "bottom"]

LABEL_SIZES: Final = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0)
TITLE_SIZES: Final = (13.0, 12.0, 11.0)
NOTE_SIZES: Final = (10.5, 10.0, 9.5, 9.0)
LINE_SPACING: Final = 1.08

_ROUNDING: Final = {"round": 0.09, "pill": 0.22, "square": 0.0}
_PAD: Final = 0.07
_BADGE: Final = 0.125
_BEND: Final = 0.34
_DETOUR: Final = 0.2


class LineLook(NamedTuple):
    """How a kind of line is drawn."""

    colour: str
    width: float
    dashes: tuple[float, ...] = ()
    head: str = "-"
    layer: float = 2.0


FLOW: Final = LineLook(style.INK, 1.5, (), "-|>")
BOTH_WAYS: Final = LineLook(style.INK, 1.5, (), "<|-|>")
CALL: Final = LineLook(style.QUIET, 1.3, (), "<|-|>")
NEED: Final = LineLook(style.QUIET, 0.9, (), "-|>", 1.5)
ANY_OF: Final = LineLook(style.QUIET, 0.9, (5, 2, 1, 2), "-|>", 1.5)
STANDBY: Final = LineLook(style.BLUE, 1.1, (4, 3), "-", 1.0)


class End(NamedTuple):
    """Where a line meets a box: a point and the side that it lies on."""

    x: float
    y: float
    side: Side


def edge_of(box: Box, side: Side, shift: float = 0.0) -> End:
    """A point on one side of a box, ``shift`` inches from its middle."""
    match side:
        case "left":
            return End(box.x - BOX_WIDTH / 2, box.y + shift, side)
        case "right":
            return End(box.x + BOX_WIDTH / 2, box.y + shift, side)
        case "top":
            return End(box.x + shift, box.y + BOX_HEIGHT / 2, side)
        case "bottom":
            return End(box.x + shift, box.y - BOX_HEIGHT / 2, side)


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
    left, y = band.left + SIDE + 2.4 * _BADGE, band.top - BAND_HEAD / 2 - 0.02
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


def draw_badge(axes: Axes, x: float, y: float, kind: BadgeKind, text: str = "") -> None:
    """Draw a badge: a diamond, a crossed disc, a triangle or a square, each with one colour."""
    r = _BADGE
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
            size=9.5,
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


def draw_line(axes: Axes, start: End, end: End, look: LineLook) -> None:
    """Draw a line that leaves and meets boxes at right angles to their sides."""
    bend = max(_BEND, 0.42 * abs(end.x - start.x))
    if start.side == end.side:
        bend = 0.6 * _BEND + 0.012 * abs(end.y - start.y)
    if {start.side, end.side} <= {"top", "bottom"}:
        bend = 0.4 * abs(end.y - start.y)
    points = [(start.x, start.y), _beyond(start, bend), _beyond(end, bend), (end.x, end.y)]
    _draw_path(axes, Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]), look)


def draw_detour(axes: Axes, start: End, end: End, floor: float, look: LineLook) -> None:
    """Draw a line that runs below its own row to the right, then up or down, then to its end."""
    out, lane = start.x + _DETOUR, end.x - _DETOUR
    corners = [(out, start.y), (out, floor), (lane, floor), (lane, end.y)]
    points: list[tuple[float, float]] = [(start.x, start.y)]
    codes = [Path.MOVETO]
    stops = [(start.x, start.y), *corners, (end.x, end.y)]
    for before, corner, after in zip(stops, corners, stops[2:], strict=False):
        points += [_towards(corner, before), corner, _towards(corner, after)]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    points.append((end.x, end.y))
    _draw_path(axes, Path(points, [*codes, Path.LINETO]), look)


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The point at which a line begins to turn before a corner, or has turned after it."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = max(abs(dx), abs(dy))
    share = min(0.5, _DETOUR / 2 / length) if length else 0.0
    return corner[0] + share * dx, corner[1] + share * dy


def _draw_path(axes: Axes, path: Path, look: LineLook) -> None:
    axes.add_patch(
        FancyArrowPatch(
            path=path,
            arrowstyle=look.head
            if look.head == "-"
            else f"{look.head},head_length={4 + look.width},head_width={1 + look.width}",
            color=look.colour,
            linewidth=look.width,
            linestyle=(0, look.dashes) if look.dashes else "solid",
            shrinkA=0,
            shrinkB=0,
            mutation_scale=1,
            joinstyle="miter",
            capstyle="butt",
            zorder=look.layer,
        )
    )


def _beyond(end: End, bend: float) -> tuple[float, float]:
    """The control point of a curve: away from the box, at a right angle."""
    match end.side:
        case "left":
            return end.x - bend, end.y
        case "right":
            return end.x + bend, end.y
        case "top":
            return end.x, end.y + bend
        case "bottom":
            return end.x, end.y - bend


def spread(count: int, room: float) -> Sequence[float]:
    """Shifts that keep the ends of several lines apart on one side of a box."""
    step = min(0.11, room / count)
    return [((count - 1) / 2 - place) * step for place in range(count)]
