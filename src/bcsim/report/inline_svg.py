"""Figures as SVG inside a page: scalable, spoken for, and with ids of their own."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from bcsim.report.figures.style import styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ID: Final = re.compile(r'( id="|xlink:href="#|href="#|url\(#)')
_LONG_NUMBER: Final = re.compile(r"(\.\d\d)\d+")
_PATH: Final = re.compile(r' d="[^"]*"')
_SIZE: Final = re.compile(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>')


def inline_svg(figure: Figure, name: str, alt: str) -> Markup:
    """Write a figure as one SVG element.

    Parameters
    ----------
    figure
        Made under the style.
    name
        Put before every id, since ids are those of the whole page.
    alt
        What the picture says, for those who do not see it.
    """
    stream = io.StringIO()
    with styled():
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    text = text[text.index("<svg ") :].strip()
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = _ID.sub(rf"\g<1>{name}-", text)
    # A hundredth of a point is finer than any printer; it saves a third of the file.
    text = _PATH.sub(lambda path: _LONG_NUMBER.sub(r"\1", path[0]), text)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="{_XLINK}" role="img"'
    label = escape(alt)
    return Markup(_SIZE.sub(rf'{head} \g<1> aria-label="@">', text, count=1)).replace(  # noqa: S704
        '"@"', Markup('"') + label + Markup('"'), 1
    )


_XLINK: Final = "http://www.w3.org/1999/xlink"
