"""The lines of a component graph: which there are, where they end, which way they take.

Lines leave and meet boxes at right angles. One that would run behind another box takes a detour
through the gap between rows. All geometry is in inches.
"""

from __future__ import annotations

from math import copysign
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path

from bcsim.report.figures import style
from bcsim.report.figures.component_layout import BOX_HEIGHT, BOX_WIDTH, GROUND, ROW, Box, Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from bcsim.report.figures.component_layout import Layout

Side: TypeAlias = Literal["left", "right", "top", "bottom"]
Point: TypeAlias = tuple[float, float]

_BEND: Final = 0.34
_DETOUR: Final = 0.2
_LANE: Final = 0.045
"""Distance of detours that run side by side."""

_LANES_MAX: Final = 3
"""Detours that have room side by side in one gap."""

_SAMPLES: Final = 40
_ACROSS: Final[frozenset[Side]] = frozenset({"top", "bottom"})
"""Sides along which lines stand side by side and not one above the other."""


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


class _Line(NamedTuple):
    """A line between two boxes, before it is known where on their sides it ends."""

    start: Key
    start_side: Side
    end: Key
    end_side: Side
    look: LineLook


def draw_lines(axes: Axes, picture: Layout) -> None:
    """Draw all lines of a picture."""
    lines = [*_flow_lines(picture), *_need_lines(picture), *_standby_lines(picture)]
    ends = _ends(picture, lines)
    taken: dict[float, int] = {}
    for number, line in enumerate(lines):
        start, end = ends[number, line.start], ends[number, line.end]
        if _is_hidden(picture, line, start, end) or _leaves_for_ground(picture, start, end):
            row = picture.boxes[line.start].y
            gap = row + ROW / 2 if end.y > start.y + BOX_HEIGHT else row - ROW / 2
            lane = taken[gap] = taken.get(gap, -1) + 1
            draw_path(axes, detour(start, end, gap, lane % _LANES_MAX), line.look)
        else:
            draw_path(axes, curve(start, end), line.look)


# -- which lines there are -------------------------------------------------------------------


def _flow_lines(picture: Layout) -> Iterator[_Line]:
    """One line for each pair between which orders go, with a head at each end they go to."""
    handed = {(edge.source, edge.target) for edge in picture.flows if edge.kind == "flow"}
    drawn: set[frozenset[str]] = set()
    for edge in sorted(picture.flows, key=lambda edge: edge.kind != "flow"):
        start, end, pair = Key(edge.source), Key(edge.target), frozenset({edge.source, edge.target})
        if pair in drawn or start not in picture.boxes or end not in picture.boxes:
            continue
        drawn.add(pair)
        look = CALL if edge.kind == "call" else FLOW
        if edge.kind == "flow" and (edge.target, edge.source) in handed:
            look = BOTH_WAYS
        yield _line(picture, start, end, look, "right")


def _need_lines(picture: Layout) -> Iterator[_Line]:
    """Needs between boxes; sites and hosts are bands."""
    for edge in dict.fromkeys(picture.needs):
        start, end = Key(edge.source, edge.of_standby), Key(edge.target)
        if start in picture.boxes and end in picture.boxes:
            look = ANY_OF if edge.kind in ("any-of", "degrading") else NEED
            yield _line(picture, start, end, look, "left")


def _standby_lines(picture: Layout) -> Iterator[_Line]:
    for key in picture.boxes:
        if key.is_standby and Key(key.node) in picture.boxes:
            yield _line(picture, Key(key.node), key, STANDBY, "left")


def _line(picture: Layout, start: Key, end: Key, look: LineLook, beside: Side) -> _Line:
    """Leave and meet boxes where they face each other; within a column, beside or between."""
    one, other = picture.boxes[start], picture.boxes[end]
    if one.x < other.x:
        return _Line(start, "right", end, "left", look)
    if one.x > other.x:
        return _Line(start, "left", end, "right", look)
    if abs(one.y - other.y) < 1.2 * ROW:
        sides: tuple[Side, Side] = ("bottom", "top") if one.y > other.y else ("top", "bottom")
        return _Line(start, sides[0], end, sides[1], look)
    return _Line(start, beside, end, beside, look)


# -- where they end --------------------------------------------------------------------------


def _ends(picture: Layout, lines: Sequence[_Line]) -> dict[tuple[int, Key], End]:
    """Where each line meets its two boxes: beside the middle if it comes from the same column.

    Lines that meet one side are in the order of their other ends, so that they do not cross.
    """
    meeting: dict[tuple[Key, Side, int], list[tuple[float, int]]] = {}
    for number, line in enumerate(lines):
        for key, side, other in (
            (line.start, line.start_side, line.end),
            (line.end, line.end_side, line.start),
        ):
            here, far = picture.boxes[key], picture.boxes[other]
            along = far.x - here.x if side in _ACROSS else here.y - far.y
            zone = int(copysign(1, along)) if line.start_side == line.end_side else 0
            meeting.setdefault((key, side, zone), []).append((along, number))
    ends: dict[tuple[int, Key], End] = {}
    for (key, side, zone), several in meeting.items():
        length = BOX_WIDTH if side in _ACROSS else BOX_HEIGHT
        shifts = _spread(len(several), (0.2 if zone else 0.6) * length)
        for (_, number), shift in zip(sorted(several), shifts, strict=True):
            middle = shift - zone * 0.34 * length
            ends[number, key] = edge_of(picture.boxes[key], side, middle)
    return ends


def _spread(count: int, room: float) -> Sequence[float]:
    """Shifts that keep the ends of several lines apart on one side of a box."""
    step = min(0.11, room / count)
    return [((count - 1) / 2 - place) * step for place in range(count)]


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


# -- which way they take ---------------------------------------------------------------------


def curve(start: End, end: End) -> Path:
    """A line that bends once or twice between its ends."""
    return Path(_control_points(start, end), [Path.MOVETO, *3 * [Path.CURVE4]])


def _control_points(start: End, end: End) -> tuple[Point, Point, Point, Point]:
    """The Bézier points of a curve between two ends."""
    bend = max(_BEND, 0.42 * abs(end.x - start.x))
    if start.side == end.side:
        bend = 0.6 * _BEND + 0.012 * abs(end.y - start.y)
    if {start.side, end.side} <= _ACROSS:
        bend = 0.4 * abs(end.y - start.y)
    return (start.x, start.y), _beyond(start, bend), _beyond(end, bend), (end.x, end.y)


def _beyond(end: End, bend: float) -> Point:
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


def detour(start: End, end: End, gap: float, lane: int) -> Path:
    """A line that runs along a gap between rows; ``lane`` keeps several of them apart."""
    ahead = 1 if end.x > start.x else -1
    room = _DETOUR + lane * _LANE
    first, last, level = start.x + ahead * room, end.x - ahead * room, gap - lane * _LANE
    corners = [(first, start.y), (first, level), (last, level), (last, end.y)]
    stops = [(start.x, start.y), *corners, (end.x, end.y)]
    points, codes = [stops[0]], [Path.MOVETO]
    for before, corner, after in zip(stops, corners, stops[2:], strict=False):
        points += [_towards(corner, before), corner, _towards(corner, after)]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*points, stops[-1]], [*codes, Path.LINETO])


def _towards(corner: Point, other: Point) -> Point:
    """The point at which a line begins to turn before a corner, or has turned after it."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = max(abs(dx), abs(dy))
    share = min(0.5, _DETOUR / 2 / length) if length else 0.0
    return corner[0] + share * dx, corner[1] + share * dy


def _is_hidden(picture: Layout, line: _Line, start: End, end: End) -> bool:
    """Whether a line's curve would run behind a box that is not one of its ends."""
    points = _control_points(start, end)
    others = [box for key, box in picture.boxes.items() if key not in {line.start, line.end}]
    for step in range(1, _SAMPLES):
        t = step / _SAMPLES
        u = 1 - t
        weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        x = sum(w * p[0] for w, p in zip(weights, points, strict=True))
        y = sum(w * p[1] for w, p in zip(weights, points, strict=True))
        if any(abs(x - o.x) < BOX_WIDTH / 2 and abs(y - o.y) < BOX_HEIGHT / 2 for o in others):
            return True
    return False


def _leaves_for_ground(picture: Layout, start: End, end: End) -> bool:
    """Whether a line runs from the firm's systems to what they stand on."""
    ground = next((band.left for band in picture.bands if band.node == GROUND), picture.width)
    return start.x < ground < end.x


def draw_path(axes: Axes, path: Path, look: LineLook) -> None:
    """Draw one line."""
    head = f"{look.head},head_length={4 + look.width},head_width={1 + look.width}"
    axes.add_patch(
        FancyArrowPatch(
            path=path,
            arrowstyle=look.head if look.head == "-" else head,
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
