"""Goal: labels fit their boxes and break where a reader would.

Method: names of systems in both languages; widths measured again on the result.
"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.report.figures.label import Label, fit, width_in

SIZES = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Ledger", ("Ledger",)),
        ("Order management system", ("Order management", "system")),
        ("Investment consultants' desk", ("Investment", "consultants' desk")),
        ("ระบบบริหารคำสั่งซื้อขาย (OMS)", ("ระบบบริหารคำสั่งซื้อขาย", "(OMS)")),
        ("ตลาดหลักทรัพย์แห่งประเทศไทย", ("ตลาดหลักทรัพย์", "แห่งประเทศไทย")),
        ("เกตเวย์เชื่อมต่อตลาดหลักทรัพย์", ("เกตเวย์เชื่อมต่อ", "ตลาดหลักทรัพย์")),
        ("one\u200bword that breaks\u200bhere", ("oneword that", "breakshere")),
        ("back-office-system-of-the-firm", ("back-office-", "system-of-the-firm")),
    ],
)
def test_breaks(text, lines):
    """Goal: break at blanks, at Thai compounds, at zero-width spaces. Method: known names."""
    assert fit(text, 1.72, SIZES).lines == lines


def test_one_line_is_not_broken_without_need():
    """Goal: what fits stays whole. Method: a short text, and one with room for one line."""
    assert fit("Main data centre", 5.0, SIZES, 1) == Label(("Main data centre",), 11.5)


def test_what_never_fits_ends_in_an_ellipsis():
    """Goal: nothing is clipped. Method: a text without a place to break, a tiny box."""
    label = fit("x" * 80, 1.0, SIZES)
    assert label.size == 9.0
    [line] = label.lines
    assert line.rstrip("…") == "x" * (len(line) - 1)
    assert fit("Ledger", 0.01, SIZES) == Label(("…",), 9.0)


def test_thai_marks_stay_with_their_letters():
    """Goal: no mark begins a line or follows an ellipsis. Method: narrower and narrower boxes."""
    text = "ระบบปฏิบัติการหลังการซื้อขายและบัญชีลูกค้าที่อยู่ในต่างประเทศ"
    ends = set()
    for tenths in range(2, 40):
        for line in fit(text, tenths / 10, SIZES).lines:
            assert unicodedata.category(line[0]) != "Mn"
            ends.add(line[-1])
    assert "…" in ends


@given(st.text(st.sampled_from("abc de-กขเแำี่ /"), min_size=1), st.floats(0.3, 3.0))
def test_always_fits(text, width):
    """Goal: every line is within the width. Method: drawn texts and widths, measured again."""
    label = fit(text, width, SIZES)
    assert 1 <= len(label.lines) <= 2
    assert max(width_in(line, label.size) for line in label.lines) <= width


def test_width_is_shaped():
    """Goal: Thai marks take no width of their own. Method: with and without them."""
    assert width_in("กำ", 10) > width_in("ก", 10)
    assert width_in("ที่", 10) == pytest.approx(width_in("ท", 10), rel=0.02)
    assert width_in("ab", 20) == pytest.approx(2 * width_in("ab", 10))
    assert width_in("order", 10, bold=True) > width_in("order", 10)
