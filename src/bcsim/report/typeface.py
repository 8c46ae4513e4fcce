"""The typeface of everything that bcsim shows, Thai and English, inside each page."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from markupsafe import Markup

FONTS: Final = Path(__file__).resolve().parent / "fonts"
"""Folder of the typeface's four files and its licence."""

FONT_FAMILY: Final = "Sarabun"

_WEIGHTS: Final = (("Regular", 400), ("Bold", 700))


def font_faces() -> Markup:
    """Write the typeface as CSS: a machine without Thai fonts shows Thai too."""
    return Markup("\n").join(
        Markup(
            "@font-face {{ font-family: {family}; font-weight: {weight}; "
            "src: url(data:font/ttf;base64,{data}) format('truetype'); }}"
        ).format(
            family=FONT_FAMILY,
            weight=weight,
            data=base64.b64encode((FONTS / f"{FONT_FAMILY}-{name}.ttf").read_bytes()).decode(),
        )
        for name, weight in _WEIGHTS
    )
