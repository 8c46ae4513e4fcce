"""How every picture of bcsim looks: fonts, colours, sizes, and how it is written.

Thai and Latin share one typeface, Sarabun (SIL Open Font License, in ``report/fonts``), which
Matplotlib shapes correctly from 3.11 on. Letters become paths in SVG: live text loses tone
marks or the font in most viewers. The same figure gives the same bytes: element ids come from
a fixed salt, and files carry no date and no version.

Figures are made and saved under the style, without ``pyplot`` and its global state::

    with styled():
        figure = Figure(figsize=(12, 6.75))
        ...
    save(figure, folder / "service-level")

Colours are those of Okabe and Ito, *Color Universal Design* (2008), which people with any
colour vision tell apart. Nothing is said by colour alone.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from matplotlib import font_manager, style
from matplotlib.rcsetup import cycler

from bcsim.report.typeface import FONT_FAMILY, FONTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from matplotlib.figure import Figure

FALLBACK_FAMILY: Final = "DejaVu Sans"
"""Matplotlib's own typeface, for the letters and signs that Sarabun lacks: Greek, Cyrillic, ✓."""

BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"

INK: Final = "#1F2933"
"""Text and outlines."""

QUIET: Final = "#5B6670"
"""Text and lines that support others; 5.9 : 1 on white."""

FAINT: Final = "#C5CCD3"
"""Grid lines and outlines of the background."""

GROUND: Final = "#F1F4F7"
"""Shaded areas behind a picture's content."""

DOWN_GROUND: Final = "#FBEAE0"
"""Shaded areas that do not work."""

WHITE: Final = "#FFFFFF"

SERIES: Final = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, BLACK)
"""Colours of lines in one chart, in the order in which they are used."""


class Look(NamedTuple):
    """How a state is shown; where it matters a badge of another shape says the same."""

    fill: str
    outline: str
    text: str
    weight: float = 1.2
    is_dashed: bool = False


STATES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "ok": Look(WHITE, INK, INK),
        "down": Look("#F8D5BF", VERMILLION, INK),
        "degraded": Look("#FCE9BC", ORANGE, INK),
        "standby": Look("#CFE8F9", BLUE, INK),
        "idle": Look(WHITE, QUIET, QUIET, is_dashed=True),
    }
)
"""Looks of states; ``idle`` is a standby that waits, or a first instance that was replaced."""

DPI: Final = 160
"""Resolution of PNG files: a figure of 12 inches fills a full-HD projector."""

_RC: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "font.family": [FONT_FAMILY, FALLBACK_FAMILY],
        "font.size": 11.0,
        "text.color": INK,
        "axes.titlesize": 14.0,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelcolor": INK,
        "axes.edgecolor": QUIET,
        "axes.linewidth": 0.8,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": cycler(color=list(SERIES)),
        "axes.unicode_minus": False,
        "grid.color": FAINT,
        "grid.linewidth": 0.6,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "lines.linewidth": 2.0,
        "legend.frameon": False,
        "figure.facecolor": WHITE,
        "savefig.facecolor": WHITE,
        "savefig.dpi": DPI,
        "svg.fonttype": "path",
        "svg.hashsalt": "bcsim",
        "path.simplify": False,
    }
)


@cache
def _register_fonts() -> None:
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


@cache
def font_files(*, bold: bool) -> tuple[Path, Path]:
    """Files of the upright typeface and of its fallback, for whoever measures text."""
    fallback = font_manager.FontProperties(
        family=FALLBACK_FAMILY, weight="bold" if bold else "normal"
    )
    found = font_manager.findfont(fallback, fallback_to_default=False)
    return FONTS / f"{FONT_FAMILY}-{'Bold' if bold else 'Regular'}.ttf", Path(found)


def styled() -> AbstractContextManager[None]:
    """Everything that is drawn inside looks like bcsim, whatever the user's own settings."""
    _register_fonts()
    return style.context(dict(_RC), after_reset=True)


def save(figure: Figure, stem: Path) -> tuple[Path, Path]:
    """Write a figure as ``STEM.svg`` and ``STEM.png``.

    Parameters
    ----------
    figure
        A figure that was made under :func:`styled`.
    stem
        Path without a suffix; its folder exists.

    Returns
    -------
    tuple of Path
        The two files. Equal figures give equal bytes.
    """
    svg, png = stem.with_name(f"{stem.name}.svg"), stem.with_name(f"{stem.name}.png")
    with styled():
        for path, metadata in ((svg, {"Date": None, "Creator": None}), (png, {"Software": None})):
            part = path.with_name(f".{path.name}.part")
            figure.savefig(part, format=path.suffix[1:], metadata=metadata)
            part.replace(path)
    return svg, png
