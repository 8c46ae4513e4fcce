"""Goal: a page carries its typeface. Method: the CSS, and the fonts in it, byte for byte."""

from __future__ import annotations

import base64
import re

from bcsim.report.typeface import FONT_FAMILY, FONTS, font_faces


def test_both_weights_are_inside():
    """Goal: regular and bold need no file beside the page. Method: decode both fonts."""
    found = re.findall(
        r"font-weight: (\d+); src: url\(data:font/ttf;base64,([^)]+)\)", font_faces()
    )
    fonts = {weight: base64.b64decode(data) for weight, data in found}
    names = {"400": "Regular", "700": "Bold"}
    assert fonts == {
        weight: (FONTS / f"{FONT_FAMILY}-{name}.ttf").read_bytes() for weight, name in names.items()
    }
