"""Beside the component graph: the key to its marks, and a list of what matters in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.report.figures import style
from bcsim.report.figures.component_layout import BOX_WIDTH, SIDE, Box
from bcsim.report.figures.component_marks import (
    ANY_OF,
    CALL,
    FLOW,
    NEED,
    STANDBY,
    draw_badge,
    draw_box,
    draw_line,
    edge_of,
)
from bcsim.report.figures.component_words import name_of, say
from bcsim.report.figures.label import fit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from bcsim.model.firm import Firm
    from bcsim.report.figures.component_layout import Band
    from bcsim.report.figures.component_marks import BadgeKind, State
    from bcsim.units import Lang

ROW: Final = 0.28
HEAD: Final = 0.32
SAMPLE: Final = 0.62
"""Width of the samples in the key."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a picture shows: states, or else single points and how many journeys each stops."""

    firm: Firm
    states: Mapping[str, State] | None
    singles: Mapping[str, int]
    lang: Lang

    def state(self, node: str) -> State:
        """State of a component or site."""
        return (self.states or {}).get(node, "ok")


def draw_notes(axes: Axes, area: Band, shown: Shown) -> None:
    """Fill an area with the key and, below it, with the list."""
    y = _write_head(axes, area, area.top, say("key", shown.lang))
    lines = (("flow", FLOW), ("call", CALL), ("need", NEED), ("any-of", ANY_OF))
    for word, look in (*lines, ("standby-line", STANDBY)):
        left = area.left + SIDE
        draw_line(
            axes,
            edge_of(Box(left - BOX_WIDTH / 2, y), "right"),
            edge_of(Box(left + SAMPLE + BOX_WIDTH / 2, y), "left"),
            look,
        )
        _write(axes, left + SAMPLE + 0.15, y, say(word, shown.lang), area.right)
        y -= ROW
    sample = Box(area.left + SIDE + SAMPLE / 2, y)
    draw_box(axes, sample, "", "round", style.STATES["idle"], (SAMPLE, 0.6 * ROW))
    _write(axes, area.left + SIDE + SAMPLE + 0.15, y, say("waiting", shown.lang), area.right)
    y -= ROW
    badges: tuple[BadgeKind, ...] = ("down", "degraded", "standby")
    for kind in badges if shown.states is not None else ("single",):
        draw_badge(axes, area.left + SIDE + SAMPLE / 2, y, kind, "n" if kind == "single" else "")
        _write(axes, area.left + SIDE + SAMPLE + 0.15, y, say(kind, shown.lang), area.right)
        y -= ROW
    _draw_list(axes, area, y - 0.12, shown)


def _draw_list(axes: Axes, area: Band, top: float, shown: Shown) -> None:
    """What matters most, as many lines as there is room for."""
    lang = shown.lang
    if shown.states is None:
        head, none = "singles", "no singles"
        rows: list[tuple[str, BadgeKind, str, str]] = [
            (node, "single", str(count), say("stops", lang, n=count, of=len(shown.firm.journeys)))
            for node, count in sorted(shown.singles.items(), key=lambda item: -item[1])
        ]
    else:
        head, none = "impaired", "all well"
        rows = [
            (node, state, "", say(state, lang))
            for node, state in shown.states.items()
            if state != "ok"
        ]
    y = _write_head(axes, area, top, say(head, lang))
    if not rows:
        _write(axes, area.left + SIDE, y, say(none, lang), area.right)
    room = max(1, int((y - area.bottom) / ROW))
    for node, kind, text, note in rows if len(rows) <= room else rows[: room - 1]:
        draw_badge(axes, area.left + SIDE + 0.12, y, kind, text)
        name = name_of(shown.firm, node, lang)
        _write(axes, area.left + SIDE + 0.38, y, f"{name} – {note}", area.right)
        y -= ROW
    if len(rows) > room:
        _write(
            axes, area.left + SIDE + 0.38, y, say("more", lang, n=len(rows) - room + 1), area.right
        )


def _write_head(axes: Axes, area: Band, top: float, text: str) -> float:
    """Write a heading; the height of the first line below it."""
    axes.text(area.left + SIDE, top - HEAD / 2, text, size=13, weight="bold", va="center")
    return top - HEAD - ROW / 2


def _write(axes: Axes, left: float, y: float, text: str, right: float) -> None:
    label = fit(text, right - left - SIDE, (11.5, 11.0, 10.5, 10.0, 9.5), 1)
    axes.text(left, y, label.lines[0], size=label.size, color=style.INK, va="center_baseline")
