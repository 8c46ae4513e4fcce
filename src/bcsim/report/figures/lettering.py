"""Letters in pictures: how wide a text is, and how it is cut where there is no room.

Matplotlib wraps at spaces only, which Thai does not have between words; texts are measured and
cut instead, never inside a letter with its marks.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from matplotlib.backends.backend_agg import FigureCanvasAgg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE: Final = 11.0
"""Points; on a page of A4 a picture is shown at seven tenths of its size."""

SMALL: Final = 10.0

_ELLIPSIS: Final = "…"
_LEADING_VOWELS: Final = frozenset("เแโใไ")


def width_of(figure: Figure, text: str, size: float = SIZE, weight: str = "normal") -> float:
    """Width of a text in inches."""
    canvas = figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        canvas = FigureCanvasAgg(figure)
    mark = figure.text(0, 0, text, size=size, weight=weight)
    extent = mark.get_window_extent(canvas.get_renderer())
    mark.remove()
    return float(extent.width) / figure.dpi


def fitted(figure: Figure, text: str, inches: float, size: float = SIZE) -> str:
    """The text, or as much of its beginning as is at most ``inches`` wide, with an ellipsis."""
    if width_of(figure, text, size) <= inches:
        return text
    clusters = _clusters(text)
    low, high = 0, len(clusters)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(figure, _cut(clusters, middle), size) <= inches:
            low = middle
        else:
            high = middle - 1
    return _cut(clusters, low)


def _clusters(text: str) -> list[str]:
    """Letters with the marks above and below them."""
    clusters: list[str] = []
    for letter in text:
        if clusters and (unicodedata.category(letter) == "Mn" or letter == "ำ"):
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters


def _cut(clusters: list[str], count: int) -> str:
    """The first clusters with an ellipsis; a Thai vowel does not stand before nothing."""
    kept = clusters[:count]
    while kept and (kept[-1] in _LEADING_VOWELS or kept[-1].isspace()):
        kept.pop()
    return "".join(kept) + _ELLIPSIS
