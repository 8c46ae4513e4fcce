"""The marks of a component graph: boxes, bands, badges and lines, each drawn one way only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Polygon, Rectangle
from matplotlib.path import Path

from bcsim.report.figures import style
from bcsim.report.figures.component_layout import BAND_HEAD, BOX_HEIGHT, BOX_WIDTH, SIDE, Box
from bcsim.report.figures.label import fit, width_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bcsim.report.figures.component_layout import Band

BoxShape: TypeAlias = Literal["round", "pill", "square"]
BadgeKind: TypeAlias = Literal["single", "down", "degraded", "standby"]
Side: TypeAlias = Literal["left", "right", "top", "bottom"]

LABEL_SIZES: Final = (10.5, 10.0, 9.5, 9.0, 8.5)
TITLE_SIZES: Final = (12.0, 11.0, 10.0)
NOTE_SIZES: Final = (9.5, 9.0, 8.5, 8.0)
LINE_SPACING: Final = 1.08

_ROUNDING: Final = {"round": 0.09, "pill": 0.22, "square": 0.0}
_PAD: Final = 0.07
_BADGE: Final = 0.115
_BEND: Final = 0.34


class LineLook(NamedTuple):
    """How a kind of line is drawn."""

    colour: str
    width: float
    dashes: tuple[float, ...] = ()
    head: str = "-"


FLOW: Final = LineLook(style.INK, 1.5, (), "-|>")
BOTH_WAYS: Final = LineLook(style.INK, 1.5, (), "<|-|>")
CALL: Final = LineLook(style.INK, 1.1, (), "<|-|>")
NEED: Final = LineLook(style.QUIET, 1.0, (), "-|>")
ANY_OF: Final = LineLook(style.QUIET, 1.0, (5, 2, 1, 2), "-|>")
STANDBY: Final = LineLook(style.BLUE, 1.1, (4, 3), "-")
CUT: Final = LineLook(style.VERMILLION, 1.5, (1, 2), "-")


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
    axes: Axes, box: Box, text: str, shape: BoxShape, look: style.Look, width: float
) -> None:
    """Draw a box with its label; a waiting standby has a dashed outline."""
    corner = (box.x - BOX_WIDTH / 2, box.y - BOX_HEIGHT / 2)
    rounding = _ROUNDING[shape]
    boxstyle = f"round,pad=0,rounding_size={rounding}" if rounding else "square,pad=0"
    axes.add_patch(
        FancyBboxPatch(
            corner,
            BOX_WIDTH,
            BOX_HEIGHT,
            boxstyle=boxstyle,
            facecolor=look.fill,
            edgecolor=look.outline,
            linewidth=width,
            linestyle=(0, (3, 2)) if look is style.STATES["idle"] else "solid",
            zorder=4,
        )
    )
    label = fit(text, BOX_WIDTH - 2 * _PAD, LABEL_SIZES)
    axes.text(
        box.x,
        box.y,
        "\n".join(label.lines),
        size=label.size,
        color=look.text,
        ha="center",
        va="center",
        linespacing=LINE_SPACING,
        zorder=5,
    )


def draw_band(axes: Axes, band: Band, title: str, note: str, *, is_down: bool) -> None:
    """Draw a shaded band with its name, and right of it what it stands on."""
    axes.add_patch(
        Rectangle(
            (band.left, band.bottom),
            band.right - band.left,
            band.top - band.bottom,
            facecolor=style.DOWN_GROUND if is_down else style.GROUND,
            edgecolor=style.VERMILLION if is_down else style.FAINT,
            linewidth=1.5 if is_down else 0.8,
            zorder=0,
        )
    )
    left, y = band.left + SIDE + 2.4 * _BADGE, band.top - BAND_HEAD / 2 - 0.02
    right = band.right - SIDE
    head = fit(title, (right - left) * (0.62 if note else 1.0), TITLE_SIZES, 1)
    axes.text(
        left, y, head.lines[0], size=head.size, weight="bold", ha="left", va="center", zorder=3
    )
    if note:
        room = right - left - width_in(head.lines[0], head.size, bold=True) - 0.25
        tail = fit(note, room, NOTE_SIZES, 1)
        axes.text(
            right,
            y,
            tail.lines[0],
            size=tail.size,
            color=style.QUIET,
            ha="right",
            va="center",
            zorder=3,
        )


def draw_badge(axes: Axes, x: float, y: float, kind: BadgeKind, text: str = "") -> None:
    """Draw a badge: a diamond, a crossed disc, a triangle or a square, each with one colour."""
    r = _BADGE
    fill = {
        "single": style.VERMILLION,
        "down": style.VERMILLION,
        "degraded": style.ORANGE,
        "standby": style.BLUE,
    }[kind]
    outline = {"facecolor": fill, "edgecolor": style.WHITE, "linewidth": 1.0, "zorder": 6}
    match kind:
        case "single":
            s = 1.3 * r
            corners = [(x - s, y), (x, y + s), (x + s, y), (x, y - s)]
            axes.add_patch(Polygon(corners, **outline))
        case "down":
            axes.add_patch(Circle((x, y), r, **outline))
            arm = 0.48 * r
            for sign in (1, -1):
                axes.plot(
                    [x - arm, x + arm],
                    [y - sign * arm, y + sign * arm],
                    color=style.WHITE,
                    linewidth=1.8,
                    zorder=7,
                )
        case "degraded":
            corners = [(x - 1.15 * r, y - 0.9 * r), (x + 1.15 * r, y - 0.9 * r), (x, y + 1.2 * r)]
            axes.add_patch(Polygon(corners, **outline))
            text, y = "!", y - 0.1 * r
        case "standby":
            axes.add_patch(Rectangle((x - r, y - r), 2 * r, 2 * r, **outline))
            text = "S"
    if text:
        axes.text(
            x,
            y - 0.005,
            text,
            size=8.5,
            weight="bold",
            color=style.INK if kind == "degraded" else style.WHITE,
            ha="center",
            va="center_baseline",
            zorder=7,
        )


def draw_line(axes: Axes, start: End, end: End, look: LineLook) -> None:
    """Draw a line that leaves and meets boxes at right angles to their sides."""
    bend = max(_BEND, 0.42 * abs(end.x - start.x))
    if start.side == end.side:
        bend = _BEND + 0.035 * abs(end.y - start.y)
    if {start.side, end.side} <= {"top", "bottom"}:
        bend = 0.4 * abs(end.y - start.y)
    points = [(start.x, start.y), _beyond(start, bend), _beyond(end, bend), (end.x, end.y)]
    axes.add_patch(
        FancyArrowPatch(
            path=Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]),
            arrowstyle=look.head
            if look.head == "-"
            else f"{look.head},head_length=5,head_width=2.4",
            color=look.colour,
            linewidth=look.width,
            linestyle=(0, look.dashes) if look.dashes else "solid",
            shrinkA=0,
            shrinkB=0,
            mutation_scale=1,
            joinstyle="miter",
            capstyle="butt",
            zorder=2,
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
