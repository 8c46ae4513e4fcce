"""Goal: pictures have the shipped typeface, safe colours, and the same bytes each time.

Method: small figures, saved twice; the relative luminance of texts on their ground.
"""

from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure

from bcsim.report.figures import style
from bcsim.report.typeface import FONT_FAMILY, FONTS


def drawn():
    with style.styled():
        figure = Figure(figsize=(3, 1))
        figure.text(0.1, 0.5, "น้ำ ปู่ ซื้อ → order", weight="bold")
    return figure


def test_the_same_bytes(tmp_path):
    """Goal: equal figures, equal files. Method: draw and save twice."""
    first = style.save(drawn(), tmp_path / "a.1")
    second = style.save(drawn(), tmp_path / "b.1")
    assert [path.name for path in first] == ["a.1.svg", "a.1.png"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in (*first, *second)}


def test_no_text_and_no_date_in_svg(tmp_path):
    """Goal: letters are paths, nothing tells when. Method: look into the file."""
    svg, _ = style.save(drawn(), tmp_path / "a")
    text = svg.read_text(encoding="utf-8")
    assert "<text" not in text
    assert "<dc:date" not in text
    assert "<path" in text


def test_user_settings_have_no_effect(tmp_path):
    """Goal: one look everywhere. Method: other settings around; nothing stays behind."""
    plain, _ = style.save(drawn(), tmp_path / "plain")
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "none", "text.color": "red"}):
        other, _ = style.save(drawn(), tmp_path / "other")
        assert mpl.rcParams["font.size"] == 30
    assert plain.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("slant", ["normal", "italic"])
def test_typeface_is_shipped(weight, slant):
    """Goal: no other font steps in. Method: ask for each of the four; its licence is there."""
    style.styled()
    wanted = font_manager.FontProperties(family=FONT_FAMILY, weight=weight, style=slant)
    found = font_manager.findfont(wanted, fallback_to_default=False)
    assert FONTS.samefile(str(found).rsplit("/", 1)[0])
    assert "SIL Open Font License" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_letters_that_the_typeface_lacks_are_drawn_all_the_same(tmp_path, weight):
    """Goal: no boxes. Method: Matplotlib warns of a missing glyph, and the tests stop at it.

    A letter of neither typeface shows that the method can fail.
    """

    def draw(text):
        with style.styled():
            figure = Figure(figsize=(3, 1))
            figure.text(0.1, 0.5, text, weight=weight)
        style.save(figure, tmp_path / "letters")

    draw("น้ำ ✓ αβ ж ●")
    with pytest.raises(UserWarning, match="missing from font"):
        draw("中")


def luminance(colour):
    """Relative luminance (Web Content Accessibility Guidelines 2.1)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_texts_can_be_read():
    """Goal: 4.5 : 1, level AA. Method: every text colour on every ground that it is used on."""
    pairs = [(look.text, look.fill) for look in style.STATES.values()]
    grounds = (style.WHITE, style.GROUND, style.DOWN_GROUND)
    pairs += [(text, ground) for text in (style.INK, style.QUIET) for ground in grounds]
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < 4.5} == {}


def test_palette():
    """Goal: the colours of Okabe and Ito, all eight. Method: compare with the publication."""
    published = "#000000 #E69F00 #56B4E9 #009E73 #F0E442 #0072B2 #D55E00 #CC79A7".split()
    named = "BLACK ORANGE SKY GREEN YELLOW BLUE VERMILLION PURPLE".split()
    assert [getattr(style, name) for name in named] == published
    assert set(style.SERIES) <= set(published)
