"""Labels that fit: text broken into lines and set as large as a box allows.

Thai is written without blanks between words. Lines break, in order of preference, at blanks and
zero-width spaces, before words that begin a compound, and before a vowel that is written ahead
of its syllable; never between a letter and its marks.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from matplotlib.font_manager import get_font
from matplotlib.ft2font import LoadFlags

from bcsim.report.figures.style import font_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PT_PER_IN: Final = 72
_FONT_UNITS_PER_PT: Final = 64
_MEASURED_PT: Final = 100
_ZERO_WIDTH_SPACE: Final = "\u200b"
_LEADING_VOWELS: Final = "เแโใไ"
_THAI: Final = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]")

_COMPOUND_BEGINS: Final = (
    "ระบบ ศูนย์ ข้อมูล สำรอง หลัก ตรวจสอบ ความ ก่อน คำสั่ง ซื้อขาย ลูกค้า ผู้ ฝ่าย บัญชี บริษัท "
    "เครือข่าย ปฏิบัติการ หน่วยลงทุน กองทุน สถาบัน สาธารณะ ตลาด เชื่อม โต๊ะ สายสัญญาณ เกตเวย์ "
    "สำนักงาน บริหาร จัดการ ให้บริการ โทรคมนาคม โทรศัพท์ อินเทอร์เน็ต มือถือ คลาวด์ แห่ง เทคโนโลยี "
    "ทางโทรศัพท์"
).split()
"""Words before which a Thai line may break; common in the names of systems and places."""

_AT_BLANK: Final = 0.0
_AT_WORD: Final = 0.6
_AT_SYLLABLE: Final = 2.5
_PER_LINE: Final = 0.4
_PER_POINT: Final = 1.2
"""Costs of a break, of a further line, and of a point of size less than asked for."""

_BREAKS_MAX: Final = 12
"""Breaks that are tried in one label; more would take seconds."""


class Label(NamedTuple):
    """Lines of text and the size at which they fit, in points."""

    lines: tuple[str, ...]
    size: float


def width_in(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text in inches, shaped as it will be drawn, without hinting."""
    return _width_of_1_pt(text, bold=bold) * size


@cache
def _width_of_1_pt(text: str, *, bold: bool) -> float:
    font = get_font(font_files(bold=bold))
    font.set_size(_MEASURED_PT, _PT_PER_IN)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    width, _ = font.get_width_height()
    return width / _FONT_UNITS_PER_PT / _MEASURED_PT / _PT_PER_IN


@cache
def fit(text: str, width: float, sizes: tuple[float, ...], lines_max: int = 2) -> Label:
    """Break a text so that it fits a width, at the best of some sizes.

    Parameters
    ----------
    text
        What to write; blanks at its ends do not count.
    width
        Inches.
    sizes
        Sizes to try, in points, the one that is wished for first.
    lines_max
        Lines that the box has room for.

    Returns
    -------
    Label
        If the text fits at no size, its beginning with an ellipsis.
    """
    found: list[tuple[float, Label]] = []
    for size in sizes:
        for cost, lines in _ways_to_break(text.strip(), lines_max):
            widest = max(width_in(line, size) for line in lines)
            if widest <= width:
                price = cost + _PER_POINT * (sizes[0] - size) + 0.3 * widest / width
                found.append((price, Label(lines, size)))
    if found:
        return min(found)[1]
    return _shortened(text.strip(), width, sizes[-1])


def _shortened(text: str, width: float, size: float) -> Label:
    """The longest beginning of a text that fits one line with an ellipsis."""
    ends = [
        end for end in range(1, len(text)) if _THAI.match(text, end) is None or _base(text[end])
    ]
    for end in reversed(ends):
        line = text[:end].rstrip() + "…"
        if width_in(line, size) <= width:
            return Label((line,), size)
    return Label(("…",), size)


def _base(letter: str) -> bool:
    """Whether a Thai letter stands on the line, and not above or below another."""
    return letter not in "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a" and not (
        "\u0e47" <= letter <= "\u0e4e"
    )


def _ways_to_break(text: str, lines_max: int) -> Iterator[tuple[float, tuple[str, ...]]]:
    """All ways to break a text into lines, with their costs."""
    breaks = sorted(_breaks(text).items(), key=lambda item: item[1])[:_BREAKS_MAX]
    for count in range(lines_max):
        for chosen in combinations(sorted(breaks), count):
            cost = sum(price for _, price in chosen) + _PER_LINE * count
            yield cost, _lines(text, [place for place, _ in chosen])


def _lines(text: str, places: Sequence[int]) -> tuple[str, ...]:
    ends = [0, *places, len(text)]
    parts = (text[start:end] for start, end in pairwise(ends))
    return tuple(part.strip().replace(_ZERO_WIDTH_SPACE, "") for part in parts)


def _breaks(text: str) -> dict[int, float]:
    """Places at which a text may be broken, and what each costs."""
    found: dict[int, float] = {}
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        if before in " /-" + _ZERO_WIDTH_SPACE:
            found[place] = _AT_BLANK
        elif _THAI.match(before) and before not in _LEADING_VOWELS:
            if text.startswith(tuple(_COMPOUND_BEGINS), place):
                found[place] = _AT_WORD
            elif after in _LEADING_VOWELS:
                found[place] = _AT_SYLLABLE
    return found
