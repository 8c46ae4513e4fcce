"""The picture of a firm's components: what orders flow through, and what that stands on."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure

from bcsim.model.component import ComponentKind
from bcsim.model.graph import single_points_of_failure
from bcsim.report.figures import style
from bcsim.report.figures.component_layout import (
    BAND_HEAD,
    BOX_HEIGHT,
    BOX_WIDTH,
    OUTSIDE,
    SIDE,
    Box,
    Key,
    layout,
)
from bcsim.report.figures.component_lines import draw_lines
from bcsim.report.figures.component_marks import (
    draw_badge,
    draw_band,
    draw_box,
)
from bcsim.report.figures.component_notes import Shown, draw_notes, notes_height
from bcsim.report.figures.component_words import name_of, say
from bcsim.report.figures.label import fit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from bcsim.model.firm import Firm
    from bcsim.report.figures.component_layout import Band, Layout
    from bcsim.report.figures.component_marks import BoxShape, State
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
    shown = Shown(firm, states, _singles(firm) if states is None else {}, lang)
    picture = layout(firm, notes_height(shown))
    width, height = picture.width + 2 * MARGIN, picture.height + 2 * MARGIN + HEAD
    with style.styled():
        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(-MARGIN, width - MARGIN)
        axes.set_ylim(-MARGIN, height - MARGIN)
        axes.set_axis_off()
        _draw_heads(axes, picture, shown)
        for band in picture.bands:
            _draw_band(axes, band, shown)
        draw_lines(axes, picture)
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
        draw_badge(axes, (x, y), "single", str(shown.singles[node]))
    elif state != "ok":
        draw_badge(axes, (x, y), state)


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
