"""Goal: decimal numbers keep every digit. Method: texts through DuckDB; Decimal is the witness."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.history.logs import decimals
from bcsim.history.logs.mapping import TableForm


def read(text, scale, form=None):
    """Digits needed, and the number in minor units."""
    plain = decimals.plain("t", form or TableForm())
    query = (
        f"select {decimals.digits('p')}, {decimals.scaled('p', scale)}"
        f" from (select {plain} as p from (select ?::varchar as t))"
    )
    with duckdb.connect() as connection:
        found: tuple[int | None, int | None] = connection.execute(query, [text]).fetchall()[0]
    return found


@pytest.mark.parametrize(
    ("text", "scale", "expected"),
    [
        ("100", 0, (0, 100)),
        ("10.50", 1, (1, 105)),
        ("10.50", 3, (1, 10_500)),
        ("-0.05", 2, (2, -5)),
        ("+.5", 1, (1, 5)),
        ("5.", 0, (0, 5)),
        ("007", 0, (0, 7)),
        ("1e3", 0, (0, 1000)),
        ("1.5E-7", 8, (8, 15)),
        ("9223372036854775807", 0, (0, 2**63 - 1)),
        ("9223372036854775808", 0, (0, None)),
        ("10.505", 2, (3, None)),
        ("1e400", 0, (None, None)),
        ("1,000", 0, (None, None)),
        ("0x10", 0, (None, None)),
        ("NaN", 0, (None, None)),
        ("inf", 0, (None, None)),
        ("--1", 0, (None, None)),
        ("๑๐", 0, (None, None)),
    ],
)
def test_numbers(text, scale, expected):
    """Goal: exact, or nothing. Method: literal numbers and what is none."""
    assert read(text, scale) == expected


def test_signs_of_other_countries():
    """Goal: signs that the mapping names are understood. Method: 1.234,5 and 1'234.5."""
    assert read("1.234,5", 1, TableForm(decimal=",", thousands=".")) == (1, 12_345)
    assert read("1'234.5", 1, TableForm(thousands="'")) == (1, 12_345)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.integers(6, 9))
def test_every_digit_is_kept(number, scale):
    """Goal: no float in between. Method: draw decimals; compare with exact scaling."""
    assert read(f"{number:f}", scale)[1] == int(Decimal(number).scaleb(scale))
