"""The picture of a firm's components: what orders flow through, and what that stands on."""

from __future__ import annotations

from math import copysign
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from matplotlib.figure import Figure

from bcsim.model.component import ComponentKind
from bcsim.model.graph import single_points_of_failure
from bcsim.report.figures import style
from bcsim.report.figures.component_layout import (
    BAND_HEAD,
    BOX_HEIGHT,
    BOX_WIDTH,
    GROUND,
    OUTSIDE,
    ROW,
    SIDE,
    Box,
    Key,
    layout,
)
from bcsim.report.figures.component_marks import (
    ANY_OF,
    BOTH_WAYS,
    CALL,
    FLOW,
    NEED,
    STANDBY,
    draw_badge,
    draw_band,
    draw_box,
    draw_detour,
    draw_line,
    edge_of,
    spread,
)
from bcsim.report.figures.component_notes import Shown, draw_notes
from bcsim.report.figures.component_words import name_of, say
from bcsim.report.figures.label import fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.axes import Axes

    from bcsim.model.firm import Firm
    from bcsim.report.figures.component_layout import Band, Layout
    from bcsim.report.figures.component_marks import BoxShape, End, LineLook, Side, State
    from bcsim.units import Lang

MARGIN: Final = 0.25
HEAD: Final = 0.72

_SHAPES: Final[Mapping[ComponentKind, BoxShape]] = MappingProxyType(
    {
        ComponentKind.TEAM: "pill",
        ComponentKind.THIRD_PARTY: "square",
        ComponentKind.UTILITY: "square",
        ComponentKind.NETWORK: "square",
        ComponentKind.FACILITY: "square",
    }
)
"""Shapes of boxes; systems have rounded corners."""


def draw_component_graph(firm: Firm, states: Mapping[str, State] | None, *, lang: Lang) -> Figure:
    """Draw what orders flow through and what that stands on.

    Parameters
    ----------
    firm
        A firm that has passed its checks.
    states
        For components and sites ``ok``, ``down``, ``degraded`` or ``standby`` (works at its
        standby); what is left out is ok. With ``None`` the picture shows single points of
        failure instead.
    lang
        Language of names and words.

    Returns
    -------
    Figure
        Made under :func:`bcsim.report.figures.style.styled`; save it with ``style.save``.
    """
    picture = layout(firm)
    width, height = picture.width + 2 * MARGIN, picture.height + 2 * MARGIN + HEAD
    with style.styled():
        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(-MARGIN, width - MARGIN)
        axes.set_ylim(-MARGIN, height - MARGIN)
        axes.set_axis_off()
        shown = Shown(firm, states, _singles(firm) if states is None else {}, lang)
        _draw_heads(axes, picture, shown)
        for band in picture.bands:
            _draw_band(axes, band, shown)
        _draw_lines(axes, picture)
        for key, box in picture.boxes.items():
            _draw_node(axes, key, box, shown)
        draw_notes(axes, picture.notes, shown)
    return figure


def _singles(firm: Firm) -> dict[str, int]:
    """Single points of failure, and how many journeys each stops altogether."""
    counts: dict[str, int] = {}
    for points in single_points_of_failure(firm).values():
        for point in points:
            if point.is_total:
                counts[point.node] = counts.get(point.node, 0) + 1
    return counts


def _draw_heads(axes: Axes, picture: Layout, shown: Shown) -> None:
    """Write the title, and what the unshaded columns are."""
    title = say("title", shown.lang, firm=shown.firm.name.in_(shown.lang))
    label = fit(title, picture.width, (17.0, 15.0, 13.0), 1)
    axes.text(0, picture.height + HEAD, label.lines[0], size=label.size, weight="bold", va="top")
    columns = {"channels": shown.firm.channels, OUTSIDE: _outside(shown.firm, picture)}
    for word, names in columns.items():
        x = picture.boxes[Key(next(iter(names)))].x if names else 0.0
        if names:
            text = say(word, shown.lang)
            axes.text(x, picture.height + 0.1, text, size=11, color=style.QUIET, ha="center")


def _outside(firm: Firm, picture: Layout) -> list[str]:
    """Third parties that stand in no band."""
    return [
        name
        for name, component in firm.components.items()
        if component.kind == ComponentKind.THIRD_PARTY
        and Key(name) in picture.boxes
        and not any(b.left < picture.boxes[Key(name)].x < b.right for b in picture.bands)
    ]


def _draw_band(axes: Axes, band: Band, shown: Shown) -> None:
    firm, lang = shown.firm, shown.lang
    site = firm.sites.get(band.node)
    note = ""
    if site is not None and site.utilities:
        names = ", ".join(name_of(firm, utility, lang) for utility in site.utilities)
        note = say("on", lang, names=names)
    is_down = shown.state(band.node) == "down"
    draw_band(axes, band, name_of(firm, band.node, lang), note, is_down=is_down)
    _draw_badge(axes, band.left + SIDE + 0.02, band.top - BAND_HEAD / 2 - 0.02, band.node, shown)


def _draw_badge(axes: Axes, x: float, y: float, node: str, shown: Shown) -> None:
    state = shown.state(node)
    if node in shown.singles:
        draw_badge(axes, x, y, "single", str(shown.singles[node]))
    elif state != "ok":
        draw_badge(axes, x, y, state)


def _draw_node(axes: Axes, key: Key, box: Box, shown: Shown) -> None:
    """Draw a box, its label and what is the matter with it."""
    component = shown.firm.components.get(key.node)
    shape: BoxShape = "pill" if component is None else _SHAPES.get(component.kind, "round")
    state = shown.state(key.node)
    runs_elsewhere = state == "standby"
    look = style.STATES["idle"]
    if key.is_standby == runs_elsewhere:
        look = style.STATES[state]
    if key.node in shown.singles and not key.is_standby:
        look = look._replace(outline=style.VERMILLION, weight=2.0)
    draw_box(axes, box, name_of(shown.firm, key.node, shown.lang), shape, look)
    if key.is_standby == runs_elsewhere:
        _draw_badge(
            axes, box.x - BOX_WIDTH / 2 + 0.03, box.y + BOX_HEIGHT / 2 - 0.02, key.node, shown
        )


_ACROSS: Final[frozenset[Side]] = frozenset({"top", "bottom"})
"""Sides along which lines stand side by side and not one above the other."""


class _Line(NamedTuple):
    """A line between two boxes, before it is known where on their sides it ends."""

    start: Key
    start_side: Side
    end: Key
    end_side: Side
    look: LineLook


def _draw_lines(axes: Axes, picture: Layout) -> None:
    lines = [*_flow_lines(picture), *_need_lines(picture), *_standby_lines(picture)]
    ends = _ends(picture, lines)
    ground = next((band.left for band in picture.bands if band.node == GROUND), picture.width)
    for number, line in enumerate(lines):
        start, end = ends[number, line.start], ends[number, line.end]
        if start.x < ground < end.x:
            floor = picture.boxes[line.start].y - ROW / 2
            draw_detour(axes, start, end, floor, line.look)
        else:
            draw_line(axes, start, end, line.look)


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
        shifts = spread(len(several), (0.2 if zone else 0.6) * length)
        for (_, number), shift in zip(sorted(several), shifts, strict=True):
            middle = shift - zone * 0.34 * length
            ends[number, key] = edge_of(picture.boxes[key], side, middle)
    return ends


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
