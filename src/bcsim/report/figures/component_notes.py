"""Beside the component graph: the key to its marks, and a list of what matters in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from bcsim.report.figures import style
from bcsim.report.figures.component_layout import SIDE, Box
from bcsim.report.figures.component_lines import (
    ANY_OF,
    CALL,
    FLOW,
    NEED,
    STANDBY,
    End,
    curve,
    draw_path,
)
from bcsim.report.figures.component_marks import SMALL_BADGE, draw_badge, draw_box
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

_GAP: Final = 0.18
"""Between the key and the list."""


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


_KEY: Final = (("flow", FLOW), ("call", CALL), ("need", NEED), ("any-of", ANY_OF))
_BADGES: Final[tuple[BadgeKind, ...]] = ("down", "degraded", "standby")
_ROWS_WISHED: Final = 8
"""Rows of the list for which the picture is made higher; more use what room there is."""


def notes_height(shown: Shown) -> float:
    """Height that the key and a short list need."""
    badges = 1 if shown.states is None else len(_BADGES)
    listed = max(1, min(len(_listed(shown)), _ROWS_WISHED))
    return 2 * HEAD + (len(_KEY) + 2 + badges + listed) * ROW + _GAP


def draw_notes(axes: Axes, area: Band, shown: Shown) -> None:
    """Fill an area with the key and, below it, with the list."""
    y = _write_head(axes, area, area.top, say("key", shown.lang))
    for word, look in (*_KEY, ("standby-line", STANDBY)):
        left = area.left + SIDE
        draw_path(axes, curve(End(left, y, "right"), End(left + SAMPLE, y, "left")), look)
        _write(axes, left + SAMPLE + 0.15, y, say(word, shown.lang), area.right)
        y -= ROW
    sample = Box(area.left + SIDE + SAMPLE / 2, y)
    draw_box(axes, sample, "", "round", style.STATES["idle"], (SAMPLE, 0.6 * ROW))
    _write(axes, area.left + SIDE + SAMPLE + 0.15, y, say("waiting", shown.lang), area.right)
    y -= ROW
    for kind in _BADGES if shown.states is not None else ("single",):
        centre = (area.left + SIDE + SAMPLE / 2, y)
        draw_badge(axes, centre, kind, "n" if kind == "single" else "", r=SMALL_BADGE)
        _write(axes, area.left + SIDE + SAMPLE + 0.15, y, say(kind, shown.lang), area.right)
        y -= ROW
    _draw_list(axes, area, y + ROW / 2 - _GAP, shown)


class _Row(NamedTuple):
    """A node in the list, its badge, what is in the badge, and what is said."""

    node: str
    badge: BadgeKind
    text: str
    note: str


def _listed(shown: Shown) -> list[_Row]:
    """What matters most, in order."""
    if shown.states is None:
        ranked = sorted(shown.singles.items(), key=lambda item: -item[1])
        of = len(shown.firm.journeys)
        return [
            _Row(node, "single", str(n), say("stops", shown.lang, n=n, of=of)) for node, n in ranked
        ]
    return [
        _Row(node, state, "", say(state, shown.lang))
        for node, state in shown.states.items()
        if state != "ok"
    ]


def _draw_list(axes: Axes, area: Band, top: float, shown: Shown) -> None:
    """What matters most, as many lines as there is room for."""
    head, none = ("singles", "no singles") if shown.states is None else ("impaired", "all well")
    rows = _listed(shown)
    y = _write_head(axes, area, top, say(head, shown.lang))
    if not rows:
        _write(axes, area.left + SIDE, y, say(none, shown.lang), area.right)
    room = max(1, int((y - area.bottom) / ROW + 0.5 + 1e-6))
    for row in rows if len(rows) <= room else rows[: room - 1]:
        draw_badge(axes, (area.left + SIDE + 0.12, y), row.badge, row.text, r=SMALL_BADGE)
        name = name_of(shown.firm, row.node, shown.lang)
        _write(axes, area.left + SIDE + 0.38, y, f"{name} – {row.note}", area.right)
        y -= ROW
    if len(rows) > room:
        text = say("more", shown.lang, n=len(rows) - room + 1)
        _write(axes, area.left + SIDE + 0.38, y, text, area.right)


def _write_head(axes: Axes, area: Band, top: float, text: str) -> float:
    """Write a heading; the height of the first line below it."""
    axes.text(area.left + SIDE, top - HEAD / 2, text, size=13, weight="bold", va="center")
    return top - HEAD - ROW / 2


def _write(axes: Axes, left: float, y: float, text: str, right: float) -> None:
    label = fit(text, right - left - SIDE, (11.5, 11.0, 10.5, 10.0, 9.5), 1)
    axes.text(left, y, label.lines[0], size=label.size, color=style.INK, va="center_baseline")
