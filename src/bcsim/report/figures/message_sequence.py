"""A message sequence diagram as SVG: one order's events at vantage points, read on a phone.

Times and words stand above each arrow and not beside it, so that the picture is as narrow as a
phone and its text stays as large as the page's. Text is text: browsers shape Thai, and readers
can search and copy it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 360
"""Units across, about the pixels of a phone between its margins."""

_HEAD: Final = 40
_STEP: Final = 38
_FOOT: Final = 14
_LETTER: Final = 6.2
"""Mean width of a letter of a head, units."""

_BOLD_LETTER: Final = 6.6
"""Mean width of a letter of a marked event, units."""


@dataclass(frozen=True, slots=True)
class Message:
    """One event, or a remark between events.

    Parameters
    ----------
    time
        When, as text; empty for a remark.
    label
        What happened.
    at
        Number of the lifeline that saw it; -1 for a remark.
    origin
        Number of the lifeline that saw the same event before; -1 if none did.
    is_marked
        Whether it is one of the events that the proof names.
    """

    time: str
    label: str
    at: int = -1
    origin: int = -1
    is_marked: bool = False


def draw_sequence(
    name: str, lifelines: Sequence[str], messages: Sequence[Message], alt: str
) -> Markup:
    """Draw one order.

    Parameters
    ----------
    name
        Id of the picture in its page.
    lifelines
        Names of the vantage points from left to right.
    messages
        Events in order of time.
    alt
        What the picture says, for those who do not see it.
    """
    height = _HEAD + _STEP * len(messages) + _FOOT
    places = _places(len(lifelines))
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="sequence" role="img" id="{name}" '
            'viewBox="0 0 {width} {height}" aria-label="{alt}">'
        ).format(name=name, width=WIDTH, height=height, alt=alt),
        Markup(
            '<defs><marker id="{name}-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            'markerHeight="7" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker></defs>'
        ).format(name=name),
    ]
    room = WIDTH / max(len(lifelines), 1)
    for x, lifeline in zip(places, lifelines, strict=True):
        parts.append(_lifeline(x, lifeline, height, room))
    for i, message in enumerate(messages):
        parts.append(_message(name, message, places, _HEAD + _STEP * i))
    return Markup("\n").join([*parts, Markup("</svg>")])


def _places(count: int) -> list[float]:
    """Lifelines across the width, half a space from the edges."""
    return [round(WIDTH * (i + 0.5) / count, 1) for i in range(count)]


def _lifeline(x: float, text: str, height: float, room: float) -> Markup:
    shown = _fitting(text, int(room / _LETTER))
    return Markup(
        '<g class="lifeline"><path d="M{x} {top}V{bottom}"/>'
        '<text x="{x}" y="16" text-anchor="middle">{shown}<title>{text}</title></text></g>'
    ).format(x=x, top=24, bottom=height - 4, shown=shown, text=text)


def _fitting(text: str, letters: int) -> str:
    """A text cut to a number of letters; marks above and below a letter of Thai take no room."""
    wide = [i for i, sign in enumerate(text) if unicodedata.category(sign) != "Mn"]
    return text if len(wide) <= letters else text[: wide[max(letters - 1, 1)]] + "…"


def _message(name: str, message: Message, places: Sequence[float], top: float) -> Markup:
    kind = "marked" if message.is_marked else "seen" if message.at >= 0 else "remark"
    label, gap = message.label, " " if message.time else ""
    shown = _fitting(label, int(WIDTH / _BOLD_LETTER) - len(message.time) - len(gap))
    words = Markup(
        '<text x="6" y="{y}"><tspan class="time">{time}</tspan>{gap}{shown}{title}</text>'
    ).format(
        y=top + 12,
        time=message.time,
        gap=gap,
        shown=shown,
        title=Markup("<title>{}</title>").format(label) if shown != label else "",
    )
    y = top + 23
    if message.at < 0:
        drawn = Markup("")
    elif message.origin < 0:
        drawn = Markup('<circle cx="{x}" cy="{y}" r="4.5"/>').format(x=places[message.at], y=y)
    else:
        begin, end = places[message.origin], places[message.at]
        drawn = Markup(
            '<path class="arrow" d="M{begin} {y}H{end}" marker-end="url(#{name}-tip)"/>'
        ).format(begin=begin, end=end, y=y, name=name)
    return Markup('<g class="{kind}">{words}{drawn}</g>').format(
        kind=kind, words=words, drawn=drawn
    )
